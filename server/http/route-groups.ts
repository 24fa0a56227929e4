import { createRequestHandler, type RequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";

export type RemixOptions = Omit<Parameters<typeof createRequestHandler>[0], "build">;
type RouteId = string;
type RouteGroup = ReadonlySet<RouteId>;

/**
 * Remix compares each request with every route of the site, ranked anew and several times for each request: with some
 * seventy routes that costs more than the rest of its work for a form. So a request meets only the routes that spell its path
 * out in full, which Remix ranks before all others. Where none does, it meets those whose first segment is its own, and those
 * without a fixed first segment, among them the page for what is not found. An address in an unusual spelling meets all.
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

/** As routes name it, without the ending of Remix's data requests; null if the path must be looked at by Remix itself. */
const plainly = (path: string): string | null =>
  plainPath.test(path)
    ? path
        .slice(1)
        .replace(/\/$/, "")
        .replace(/\.data$/, "")
        .toLowerCase()
    : null;

const firstSegment = (path: string): string => path.split("/", 1)[0] ?? "";

/** Tells which routes a path is compared with; undefined: with all of them. */
export function routeGroups(routes: ServerBuild["routes"]): (path: string) => RouteGroup | undefined {
  const lineOf = (id: RouteId): RouteId[] => {
    const parent = routes[id]?.parentId;
    return parent === undefined ? [id] : [...lineOf(parent), id];
  };
  const lines = Object.keys(routes).map((id) => {
    const line = lineOf(id);
    const segments = line.flatMap((each) => routes[each]?.path?.split("/") ?? []).filter(Boolean);
    const path = segments.join("/").toLowerCase();
    const first = firstSegment(path);
    return { line, path: isFixed(path) ? path : "", first: isFixed(first) ? first : "" };
  });
  const ofAll = lines.filter(({ first }) => first === "").flatMap(({ line }) => line);
  const groupBy = (part: "path" | "first", others: RouteId[]) => {
    const names = new Set(lines.map((each) => each[part]).filter(Boolean));
    return new Map<string, RouteGroup>(
      [...names].map((name) => [
        name,
        new Set([...others, ...lines.filter((each) => each[part] === name).flatMap(({ line }) => line)]),
      ]),
    );
  };
  const [byPath, byFirst] = [groupBy("path", []), groupBy("first", ofAll)];
  return (given) => {
    const path = plainly(given);
    return path === null ? undefined : (byPath.get(path) ?? byFirst.get(firstSegment(path)));
  };
}

/** Without a parameter, a segment that may be left out, or any path at all. */
const isFixed = (path: string): boolean => !/[:?*]/.test(path);

/** The browser gets the list of all routes all the same, by a file of its own. */
function withRoutes(build: ServerBuild, ids: RouteGroup): ServerBuild {
  const pick = <Value>(all: Record<RouteId, Value>): Record<RouteId, Value> =>
    Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id)));
  return { ...build, routes: pick(build.routes), assets: { ...build.assets, routes: pick(build.assets.routes) } };
}
