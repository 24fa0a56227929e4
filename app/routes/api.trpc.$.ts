import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { authenticate } from "~server/auth/auth";
import { isAppError } from "~server/platform/errors";
import { appErrorOf } from "~server/trpc/errors";
import { appRouter } from "~server/trpc/router";

/** More than any page of ours asks for at once. */
const maxBatchSize = 10;

const handle = ({ request, context: { services, requestId } }: LoaderFunctionArgs | ActionFunctionArgs) =>
  fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    maxBatchSize,
    createContext: async () => ({
      services,
      actor: await authenticate(services, request),
      requestId,
      origin: "trpc" as const,
    }),
    responseMeta: () => ({ headers: new Headers({ "Cache-Control": "no-store" }) }),
    onError({ error, path }) {
      // A procedure has converted and logged its own failure; what failed before it has not been seen by anybody.
      if (!isAppError(error.cause) && appErrorOf(error).status >= 500)
        services.log.error({ err: error.cause ?? error, requestId, procedure: path }, "call failed");
    },
  });

export const loader = handle;
export const action = handle;
