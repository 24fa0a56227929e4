import { flatRoutes } from "@remix-run/fs-routes";
import type { RouteConfig } from "@remix-run/route-config";

/** Pages for developers: no build has them, nor do its pages load their names. */
// biome-ignore lint/style/noProcessEnv: decided while building, where there is no environment of the site's.
const inDevelopmentOnly = process.env.NODE_ENV === "production" ? ["**/design.tsx"] : [];

// A test beside its route is no route. With v3_routeConfig the option of remix.config.js is not read, so it is set here.
export default flatRoutes({ ignoredRouteFiles: ["**/*.test.*", ...inDevelopmentOnly] }) satisfies RouteConfig;
