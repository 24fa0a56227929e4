import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { apiActor } from "~/api/api-actor.server";
import { bodyText } from "~/api/body-text.server";
import { sendsJson } from "~/api/sends-json.server";
import { isConfirmed } from "~server/auth/confirm-password";
import { maxBatchCalls } from "~server/http/token-limit";
import { AppError, isAppError, retryAfterOf } from "~server/platform/errors";
import { rpcErrorShape } from "~server/platform/rpc-error";
import { appErrorOf, toTrpcError } from "~server/trpc/errors";
import { appRouter } from "~server/trpc/router";

const handle = async (args: LoaderFunctionArgs | ActionFunctionArgs) => {
  const { request, context } = args;
  const { services, requestId } = context;
  // tRPC would take files and other forms of bodies for input, and any charset for UTF-8.
  if (request.method === "POST" && !sendsJson(request)) return refused(new AppError("UNSUPPORTED_MEDIA_TYPE"));
  const answer = await fetchRequestHandler({
    endpoint: "/api/trpc",
    // It would put U+FFFD for what is not UTF-8, and that would be stored.
    req: Object.assign(request, { text: () => bodyText(request) }),
    router: appRouter,
    maxBatchSize: maxBatchCalls,
    // Queries may come by POST: a large batch of them makes an address that some proxies refuse.
    allowMethodOverride: true,
    createContext: async ({ info }) => ({
      services,
      actor: await apiActor(args).catch((error: unknown) => {
        throw isAppError(error) ? toTrpcError(error) : error;
      }),
      requestId,
      origin: "trpc" as const,
      idempotencyKey: request.headers.get("idempotency-key"),
      isKeyShared: info.calls.filter(({ path }) => path === "createRegistration").length > 1,
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

const refused = (error: AppError): Response =>
  Response.json({ error: rpcErrorShape(error) }, { status: error.status, headers: { "Cache-Control": "no-store" } });

export const loader = handle;
export const action = handle;
