import { type AppLoadContext, createRequestHandler, data, redirect } from "@remix-run/node";
import { expect, test } from "vitest";
import { remixBuild } from "~server/test/remix-build";
import * as entry from "./entry.server";

const route = (path: string, loader: () => unknown) => ({
  [path]: { id: path, path, parentId: "root", module: { loader } },
});
const handle = createRequestHandler(
  remixBuild({
    routes: {
      root: { id: "root", path: "", module: { default: () => null } },
      ...route("person", () => data({ email: "anna@example.com" })),
      ...route("guest", () => redirect("/login")),
    },
    entry: { module: entry },
  }),
  "production",
);

for (const path of ["/person.data", "/guest.data"]) {
  test(`what a script loads from ${path} is kept in no cache, like the page itself`, async () => {
    const answer = await handle(new Request(`http://site.example${path}`), {} as AppLoadContext);
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });
}
