import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { apiActor } from "~/api/api-actor.server";
import { isConfirmed } from "~server/auth/confirm-password";
import { maxBatchCalls } from "~server/http/token-limit";
import { isAppError, retryAfterOf } from "~server/platform/errors";
import { appErrorOf, toTrpcError } from "~server/trpc/errors";
import { appRouter } from "~server/trpc/router";

const handle = async (args: LoaderFunctionArgs | ActionFunctionArgs) => {
  const { request, context } = args;
  const { services, requestId } = context;
  const answer = await fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    maxBatchSize: maxBatchCalls,
    // Queries may come by POST: a large batch of them makes an address that some proxies refuse.
    allowMethodOverride: true,
    createContext: async () => ({
      services,
      actor: await apiActor(args).catch((error: unknown) => {
        throw isAppError(error) ? toTrpcError(error) : error;
      }),
      requestId,
      origin: "trpc" as const,
      idempotencyKey: request.headers.get("idempotency-key"),
      isConfirmed: () => isConfirmed(services, request.headers.get("cookie")),
    }),
    responseMeta({ errors }) {
      const headers = new Headers({ "Cache-Control": "no-store" });
      const [wait] = errors.flatMap((error) => retryAfterOf(appErrorOf(error)) ?? []);
      if (wait !== undefined) headers.set("Retry-After", String(wait));
      return { headers };
    },
    onError({ error, path }) {
      // A procedure has converted and logged its own failure; a failure before it is not logged yet.
      if (!isAppError(error.cause) && appErrorOf(error).status >= 500)
        services.log.error({ err: error.cause ?? error, requestId, procedure: path }, "call failed");
    },
  });
  // A request that it could not read at all is refused with a type, and with none of the headers above.
  if (answer.headers.get("Content-Type")?.startsWith("text/plain")) {
    answer.headers.set("Content-Type", "application/json");
    answer.headers.set("Cache-Control", "no-store");
  }
  return answer;
};

export const loader = handle;
export const action = handle;
