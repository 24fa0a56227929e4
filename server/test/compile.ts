import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { makeTestFolder } from "./folders";

/**
 * Programs for child processes, as plain JavaScript that is made once for each worker: a child that translates its
 * sources itself costs three times as much of the processor.
 */
const compiled = new Map<string, Promise<string>>();
let folder: string | undefined;

/** Answers a file that Node runs as it would run this TypeScript file of the project. */
export const compileFile = (path: string): Promise<string> => compileOnce(path, { entryPoints: [path] });

/** The same for a program that is no file; its imports are relative to that folder. */
export const compileScript = (script: string, from: string): Promise<string> =>
  compileOnce(script, { stdin: { contents: script, resolveDir: from, loader: "ts" } });

function compileOnce(key: string, entry: Pick<BuildOptions, "entryPoints" | "stdin">): Promise<string> {
  let file = compiled.get(key);
  if (!file) {
    file = compile(createHash("sha256").update(key).digest("hex").slice(0, 12), entry);
    compiled.set(key, file);
  }
  return file;
}

async function compile(name: string, entry: Pick<BuildOptions, "entryPoints" | "stdin">): Promise<string> {
  folder ??= makeTestFolder();
  const outdir = join(folder, name);
  await build({
    ...entry,
    outdir,
    entryNames: "program",
    bundle: true,
    // What is imported when it is needed is read when it is needed, as in the sources.
    splitting: true,
    platform: "node",
    target: "node20",
    format: "esm",
    outExtension: { ".js": ".mjs" },
    conditions: [],
    logLevel: "error",
    plugins: [packagesStay, foldersStay],
  });
  return join(outdir, "program.mjs");
}

/** Packages are not folded in: they are imported from where they lie, since the program lies elsewhere. */
const packagesStay: Plugin = {
  name: "packages-stay",
  setup({ onResolve, resolve }) {
    const asked = Symbol("asked");
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === asked) return undefined;
      if (isBuiltin(path)) return { path, external: true };
      const found = await resolve(path, { importer, kind, resolveDir, pluginData: asked });
      if (!found.path.includes("node_modules")) return found;
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

/** What the product looks for beside its own files is beside its sources. */
const foldersStay: Plugin = {
  name: "folders-stay",
  setup({ onLoad }) {
    onLoad({ filter: /\.tsx?$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll("import.meta.dirname", JSON.stringify(dirname(path))),
      loader: path.endsWith("x") ? "tsx" : "ts",
    }));
  },
};
