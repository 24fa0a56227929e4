import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import v8 from "node:v8";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { makeTestFolder, removeTestFolder } from "../server/test/folders";
import { bundle } from "./bundle.js";
import { root } from "./run";

const folder = makeTestFolder();
afterAll(() => removeTestFolder(folder));
const outdir = join(folder, "out");

beforeAll(async () => {
  writeFileSync(
    join(folder, "entry.js"),
    `// Комментарий
    export const words = /^(реклам|рассылк)[а-яё]+$/iu;
    export const smiles = /^[😀-😎]$/u;
    export const quoted = /^\\«[^\\\\»]+\\»\\\\ё$/;
    export const year = String.raw\`\\d{4}\\s?\${"г"}\`;
    export const said = (name) => \`Здравствуйте, \${name} 😀\`;
    export const seldom = () => import("./seldom.js");
    export const compiler = () => import(${JSON.stringify(prisma("query_compiler_fast_bg.postgresql.wasm-base64.mjs"))});`,
  );
  writeFileSync(join(folder, "seldom.js"), 'export const answer = "seldom asked";');
  await bundle({ entryPoints: [join(folder, "entry.js")], outdir });
});

const prisma = (name: string) => join(root, "node_modules/@prisma/client/runtime", name);
const bundled = () => import(pathToFileURL(join(outdir, "entry.js")).href);

test("a bundle is plain ASCII, so that V8 keeps it in one byte for each letter, and means the same", async () => {
  const files = readdirSync(outdir).filter((name) => name.endsWith(".js"));
  for (const name of files) expect(readFileSync(join(outdir, name), "utf8")).toMatch(/^[\0-\x7f]+$/);
  const { words, smiles, quoted, year, said } = await bundled();
  expect(["Реклама", "рассылкой", "весна"].map((word) => words.test(word))).toEqual([true, true, false]);
  expect(["😀", "😊", "😱", "\ud83d"].map((letter) => smiles.test(letter))).toEqual([true, true, false, false]);
  expect(["«дом»\\ё", "«дом»ё", "дом\\ё"].map((text) => quoted.test(text))).toEqual([true, false, false]);
  expect(year).toBe("\\d{4}\\s?г");
  expect(said("Ольга")).toBe("Здравствуйте, Ольга 😀");
});

test.each([
  ["a tag that reads the raw text", "String.raw`\\s?г`"],
  ["a tag of one's own, around a nested plain template", "((parts) => parts.raw[0])`${`ж`}ё`"],
])(
  "a letter beyond ASCII in a tagged template fails the build instead of becoming another text: %s",
  async (_, source) => {
    const entry = join(folder, "tagged.js");
    writeFileSync(entry, `export const text = ${source};`);
    await expect(bundle({ entryPoints: [entry], outdir: join(folder, "tagged") })).rejects.toThrow(
      /tagged\.js holds "[гё]"/,
    );
  },
);

test("what is imported when it is needed is a file of its own", async () => {
  expect(readFileSync(join(outdir, "entry.js"), "utf8")).not.toContain("seldom asked");
  expect((await (await bundled()).seldom()).answer).toBe("seldom asked");
});

test("Prisma's query compiler is kept as a file of bytes, and Prisma gets the same ones", async () => {
  const { wasm } = await (await bundled()).compiler();
  const { wasm: base64 } = await import(prisma("query_compiler_fast_bg.postgresql.wasm-base64.mjs"));
  expect(Buffer.from(wasm, "base64").equals(Buffer.from(base64, "base64"))).toBe(true);
  const texts = readdirSync(outdir).filter((name) => name.endsWith(".js"));
  expect(readdirSync(outdir).filter((name) => name.endsWith(".wasm"))).toHaveLength(1);
  expect(texts.some((name) => readFileSync(join(outdir, name), "utf8").includes(base64.slice(0, 1_000)))).toBe(false);
});

test("a process in which V8 optimizes patterns no more bundles all the same", async () => {
  // V8 decides so for itself where a process has compiled more than a megabyte of them, as a long build or a run of tests.
  v8.setFlagsFromString("--no-regexp-optimization");
  onTestFinished(() => v8.setFlagsFromString("--regexp-optimization"));
  await bundle({ entryPoints: [join(folder, "entry.js")], outdir: join(folder, "unoptimized") });
  expect(readdirSync(join(folder, "unoptimized"))).toEqual(readdirSync(outdir));
});

/** Everything that is loaded when the file is, from the sources; packages by their names. */
async function loadedBy(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    packages: "external",
    external: ["virtual:*"],
    alias: { "~server": join(root, "server"), "~": join(root, "app") },
    outdir,
    write: false,
    metafile: true,
    logLevel: "error",
    absWorkingDir: root,
  });
  const loaded = new Set<string>();
  const load = (path: string) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    const imports = metafile.inputs[path]?.imports ?? [];
    for (const each of imports) if (each.kind !== "dynamic-import") load(each.path);
  };
  load(entry);
  return [...loaded];
}

test("a worker loads neither pages nor what serves them, and nobody loads what exports traces without being told", async () => {
  const worker = await loadedBy("server/index.ts");
  expect(worker).toContain("server/worker/worker.ts");
  const forPages = /^(app\/|virtual:|react|@remix-run\/|express|helmet|compression|isbot|server\/http\/)/;
  expect(worker.filter((path) => forPages.test(path))).toEqual([]);
  const site = await loadedBy("server/http/site.ts");
  expect(site).toContain("express");
  for (const path of [...worker, ...site]) expect(path).not.toContain("@opentelemetry");
});
