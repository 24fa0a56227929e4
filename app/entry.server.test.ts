import { type AppLoadContext, createRequestHandler, data, redirect, type ServerBuild } from "@remix-run/node";
import { expect, test } from "vitest";
import * as entry from "./entry.server";

const route = (path: string, loader: () => unknown) => ({
  [path]: { id: path, path, parentId: "root", module: { loader } },
});
const handle = createRequestHandler(
  {
    routes: {
      root: { id: "root", path: "", module: { default: () => null } },
      ...route("person", () => data({ email: "anna@example.com" })),
      ...route("guest", () => redirect("/login")),
    },
    entry: { module: entry },
    assets: { routes: {}, entry: {}, url: "", version: "" },
    future: { v3_singleFetch: true },
    publicPath: "/",
    assetsBuildDirectory: "",
    isSpaMode: false,
    mode: "test",
  } as unknown as ServerBuild,
  "production",
);

for (const path of ["/person.data", "/guest.data"]) {
  test(`what a script loads from ${path} is kept in no cache, like the page itself`, async () => {
    const answer = await handle(new Request(`http://site.example${path}`), {} as AppLoadContext);
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });
}
