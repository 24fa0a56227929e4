import type { ServerBuild } from "@remix-run/node";
import * as entry from "~/entry.server";
import * as root from "~/root";
import { remixBuild } from "~server/test/remix-build";

/** A Remix build of some pages as they are, rendered in full; only the browser's files are missing. */
export function pageBuild(pages: Record<string, object>): ServerBuild {
  const routes: Record<string, { id: string; path: string; parentId?: string; module: object }> = {
    root: { id: "root", path: "", module: root },
    ...Object.fromEntries(
      Object.entries(pages).map(([path, module]) => [path, { id: path, path, parentId: "root", module }]),
    ),
  };
  const inBrowser = Object.fromEntries(
    Object.entries(routes).map(([id, { module: _, ...route }]) => [
      id,
      { ...route, module: `/assets/${id}.js`, hasLoader: true, hasAction: id !== "root" },
    ]),
  );
  return remixBuild({
    routes,
    entry: { module: entry },
    assets: { routes: inBrowser, entry: { module: "/assets/entry.js", imports: [] }, url: "", version: "" },
  });
}
