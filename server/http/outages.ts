import { data, type ServerBuild } from "@remix-run/node";
import { isDatabaseAway } from "../database/unavailable";
import { AppError } from "../platform/errors";

type Handler = (args: never) => Promise<unknown>;

/**
 * Makes every loader and action answer 503 instead of 500 while the database is away. Implemented once for all routes:
 * a route that forgot it would show an error page where waiting suffices.
 */
export function withOutages(build: ServerBuild): ServerBuild {
  const routes = Object.fromEntries(
    Object.entries(build.routes).map(([id, route]) => {
      if (!route) return [id, route];
      const { loader, action } = route.module as { loader?: Handler; action?: Handler };
      const module = {
        ...route.module,
        ...(loader ? { loader: guarded(loader) } : {}),
        ...(action ? { action: guarded(action) } : {}),
      };
      return [id, { ...route, module }];
    }),
  );
  return { ...build, routes } as ServerBuild;
}

function guarded(handler: Handler): Handler {
  return async (args) => {
    try {
      return await handler(args);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      const { context, request } = args as unknown as OutageArgs;
      // A warning per request, not an error: the pool has logged the outage itself.
      context.services.log.warn({ requestId: context.requestId, method: request.method }, "answered 503: no database");
      const sent = request.method !== "GET" && request.method !== "HEAD";
      throw data({ sent }, { status: new AppError("BUSY").status });
    }
  };
}

interface OutageArgs {
  request: Request;
  context: { requestId: string; services: { log: { warn(fields: object, message: string): void } } };
}
