import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import remixConfig from "../remix.config.js";
import { publicChunks, settledFlags } from "./client-bundle";
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

test("the router's flags are those that Remix sets for it", () => {
  const browser = readFileSync(join(folder, "browser.js"), "utf8");
  const set = [...new Set(browser.match(/v7_\w+(?=:)/g))].filter((flag) => flag !== "v7_startTransition");
  const router = join(root, "node_modules/@remix-run/router/dist/router.js");
  const transform = settledFlags(remixConfig.future).transform as (code: string, id: string) => { code: string };
  const { code } = transform.call({}, readFileSync(router, "utf8"), router);
  expect(set.length).toBeGreaterThan(5);
  for (const flag of set) expect(code, flag).not.toContain(`future.${flag}`);
});

/** The chunk of each module, where a module is followed by what it imports. */
function chunksOf(imports: Record<string, string[]>): Record<string, string | undefined> {
  const idOf = (name: string) => (name.startsWith("react") ? `/site/node_modules/${name}.js` : `/site/app/${name}.tsx`);
  const modules = new Map(Object.entries(imports).map(([name, needed]) => [idOf(name), needed.map(idOf)]));
  const graph = {
    getModuleIds: () => modules.keys(),
    getModuleInfo: (id: string) => ({ importedIds: modules.get(id) ?? [] }),
  };
  const { config } = publicChunks() as unknown as {
    config: (
      own: object,
      env: object,
    ) => {
      build: { rollupOptions: { output: { manualChunks: (id: string, of: typeof graph) => string | undefined } } };
    };
  };
  const { manualChunks } = config({}, { command: "build", isSsrBuild: false }).build.rollupOptions.output;
  return Object.fromEntries(Object.keys(imports).map((name) => [name, manualChunks(idOf(name), graph)]));
}

test("what the administration shares with pages for guests is no part of its own chunk, which guests would load", () => {
  const chunks = chunksOf({
    root: ["header"],
    "routes/register": ["form", "field", "password"],
    "routes/login": ["arrival", "field", "words"],
    "routes/login_.code": ["i18n/duration"],
    "routes/confirm.$token": [],
    "routes/reset.$token": [],
    "routes/erased": [],
    "routes/admin.users": ["components/pager", "hooks/use-poll", "i18n/duration"],
    "routes/admin": ["arrival", "menu"],
    arrival: ["say"],
    menu: ["counts", "field", "features/toasts/store", "react/index"],
    "features/toasts/store": ["plural"],
    "features/toasts/alert": ["field"],
    words: ["plural"],
    form: ["react/index"],
    ...Object.fromEntries(
      [
        ...["header", "field", "password", "say", "counts", "plural", "react/index"],
        ...["components/pager", "hooks/use-poll", "i18n/duration"],
      ].map((id) => [id, []]),
    ),
  });
  expect(chunks).toMatchObject({
    header: "site",
    field: "site",
    form: "sign-up",
    password: "sign-up",
    menu: "administration",
    counts: "administration",
    "features/toasts/store": "administration",
    "features/toasts/alert": "administration",
    arrival: "pages",
    say: "pages",
    plural: "pages",
    "i18n/duration": "pages",
    "components/pager": "parts",
    "hooks/use-poll": "parts",
    "react/index": "framework",
  });
  expect(chunks.words).toBeUndefined();
});

test("another package's code is left alone", () => {
  const transform = settledFlags(remixConfig.future).transform as (code: string, id: string) => unknown;
  expect(transform.call({}, "future.v3_singleFetch", "/site/app/root.tsx")).toBeUndefined();
});
