import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import remixConfig from "../remix.config.js";
import { settledFlags } from "./client-bundle";
import { root } from "./run";

const folder = join(root, "node_modules/@remix-run/react/dist/esm");

/** The file as the browser's build gets it. */
function settled(name: string): string {
  const id = join(folder, name);
  const code = readFileSync(id, "utf8");
  const transform = settledFlags(remixConfig.future).transform as (
    code: string,
    id: string,
  ) => { code: string } | undefined;
  return transform.call({}, code, id)?.code ?? code;
}

test("no flag of remix.config.js is left for the browser to read", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
  const reads = files.filter((name) => /future\.v3_/.test(readFileSync(join(folder, name), "utf8")));
  expect(reads).toContain("browser.js");
  for (const name of reads) expect(settled(name), name).not.toMatch(/future\.v3_|\.(true|false)\b/);
});

test("a page's data are fetched in the one format that the server sends", () => {
  expect(readFileSync(join(folder, "routes.js"), "utf8")).toContain('typeof singleFetch === "function"');
  expect(settled("routes.js")).not.toContain("typeof singleFetch");
});

test("another package's code is left alone", () => {
  const transform = settledFlags(remixConfig.future).transform as (code: string, id: string) => unknown;
  expect(transform.call({}, "future.v3_singleFetch", "/site/app/root.tsx")).toBeUndefined();
});
