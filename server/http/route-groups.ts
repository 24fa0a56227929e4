import { createRequestHandler, type RequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";

export type RemixOptions = Omit<Parameters<typeof createRequestHandler>[0], "build">;
type RouteId = string;
type RouteGroup = ReadonlySet<RouteId>;

/**
 * Remix compares each request with every route of the site, ranked anew and several times for each request: with some
 * seventy routes that costs more than the rest of its work for a form. So a request meets only the routes whose first
 * segment is its own, and those without a fixed first segment, among them the page for what is not found. An address in an
 * unusual spelling meets all of them.
 */
export function createGroupedHandler(build: ServerBuild, options: RemixOptions): RequestHandler {
  const groupFor = routeGroups(build.routes);
  const handlers = new Map<RouteGroup, RequestHandler>();
  const all = createRequestHandler({ build, ...options });
  const handlerFor = (group: RouteGroup): RequestHandler => {
    const handler = handlers.get(group) ?? createRequestHandler({ build: withRoutes(build, group), ...options });
    handlers.set(group, handler);
    return handler;
  };
  return (req, res, next) => {
    const group = groupFor(req.path);
    return (group ? handlerFor(group) : all)(req, res, next);
  };
}

/** Neither encoded nor with dots or slashes that a URL's normal form would not have. */
const plainPath = /^(?:\/[\w-][\w.,-]*)+\/?$/;

/** As routes name it; null if the path must be looked at by Remix itself. */
function firstSegment(path: string): string | null {
  if (!plainPath.test(path)) return null;
  const [, first = ""] = path.split("/", 2);
  // Remix's data requests, of which only the last segment bears the ending.
  return first.replace(/\.data$/, "").toLowerCase();
}

/** Tells which routes can match a path; undefined: any of them may. */
export function routeGroups(routes: ServerBuild["routes"]): (path: string) => RouteGroup | undefined {
  const lineOf = (id: RouteId): RouteId[] => {
    const parent = routes[id]?.parentId;
    return parent === undefined ? [id] : [...lineOf(parent), id];
  };
  const lines = Object.keys(routes).map((id) => {
    const line = lineOf(id);
    const path = line.flatMap((each) => routes[each]?.path ?? []).join("/");
    const [first = ""] = path.split("/").filter(Boolean);
    // A parameter, a segment that may be left out, or any path at all.
    return { line, first: /[:?*]/.test(first) ? "" : first.toLowerCase() };
  });
  const ofAll = lines.filter(({ first }) => first === "").flatMap(({ line }) => line);
  const names = new Set(lines.map(({ first }) => first).filter(Boolean));
  const groups = new Map<string, RouteGroup>(
    [...names].map((name) => [
      name,
      new Set([...ofAll, ...lines.filter(({ first }) => first === name).flatMap(({ line }) => line)]),
    ]),
  );
  return (path) => {
    const name = firstSegment(path);
    return name === null ? undefined : groups.get(name);
  };
}

/** The browser gets the list of all routes all the same, by a file of its own. */
function withRoutes(build: ServerBuild, ids: RouteGroup): ServerBuild {
  const pick = <Value>(all: Record<RouteId, Value>): Record<RouteId, Value> =>
    Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id)));
  return { ...build, routes: pick(build.routes), assets: { ...build.assets, routes: pick(build.assets.routes) } };
}
