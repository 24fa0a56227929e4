import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { build } from "esbuild";
import { parseAst } from "vite";

/** Native addons. Everything else goes into the bundle. */
export const external = ["@node-rs/argon2"];

/**
 * Folds entries and their dependencies into files that Node runs without node_modules.
 * @param {Pick<import("esbuild").BuildOptions, "entryPoints" | "outdir" | "allowOverwrite">} options
 */
export async function bundle(options) {
  const { outputFiles } = await build({
    ...options,
    bundle: true,
    // What is imported when it is needed becomes a file of its own, which is not read before.
    splitting: true,
    platform: "node",
    target: "node20",
    format: "esm",
    external,
    define: { "process.env.NODE_ENV": '"production"' },
    minifySyntax: true,
    // Node keeps the text of every file it has loaded, comments and indentation included. Names stay, and lines stay
    // short, so that a stack trace tells something.
    minifyWhitespace: true,
    lineLimit: 160,
    legalComments: "none",
    logLevel: "warning",
    banner: {
      js: 'import { createRequire as createRequire_ } from "node:module"; const require = createRequire_(import.meta.url);',
    },
    // Vite repeats the imports of its parts without a name, for their side effects.
    logOverride: { "direct-eval": "silent", "ignored-bare-import": "silent" },
    plugins: [leanPrisma],
    write: false,
  });
  for (const { path, contents, text } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, path.endsWith(".js") ? inAscii(text, path) : contents);
  }
}

/**
 * V8 keeps a file that holds a single letter beyond Latin-1 in two bytes for each letter. esbuild escapes such letters in
 * strings, plain templates and names. It leaves them in regular expressions, where the escaped pair of an emoji is one letter
 * as well, and in tagged templates, whose raw text an escape would change: there the build fails, and the template has to
 * take the letter from a string.
 * @param {string} text
 * @param {string} path
 */
function inAscii(text, path) {
  if (!beyondAscii.test(text)) return text;
  let ascii = "";
  let end = 0;
  for (const pattern of patternsIn(parseAst(text)).sort((one, next) => one.start - next.start)) {
    ascii += text.slice(end, pattern.start) + escaped(text.slice(pattern.start, pattern.end));
    end = pattern.end;
  }
  ascii += text.slice(end);
  const left = beyondAscii.exec(ascii);
  if (left)
    throw new Error(
      `${path} holds "${left[0]}" where an escape would change what it means, as in a tagged template: ${ascii.slice(Math.max(0, left.index - 80), left.index + 20)}`,
    );
  return ascii;
}

const beyondAscii = /[^\0-\x7f]/;

/**
 * A backslash before such a letter means nothing, and before its escape would mean itself.
 * @param {string} pattern
 */
const escaped = (pattern) =>
  pattern.replace(
    /(\\[\0-\x7f])|\\?([^\0-\x7f])/g,
    (_, plain, unit) => plain ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/**
 * Where the regular expressions of a file stand, in no order.
 * @param {unknown} node
 * @returns {{ start: number; end: number }[]}
 */
function patternsIn(node) {
  if (typeof node !== "object" || node === null) return [];
  if ("regex" in node && "start" in node && "end" in node)
    return [{ start: Number(node.start), end: Number(node.end) }];
  return Object.values(node).flatMap(patternsIn);
}

/**
 * What Prisma keeps in memory for good, made smaller. A version of Prisma in which the places are not found fails the build.
 * @type {import("esbuild").Plugin}
 */
const leanPrisma = {
  name: "lean-prisma",
  setup({ onLoad, onResolve }) {
    // The query compiler comes as a text in base64. It becomes the bytes it stands for, in a file that is read when the
    // compiler is made: Prisma hands `wasm` to Buffer.from, which takes what `valueOf` gives.
    onLoad({ filter: /\.wasm-base64\.m?js$/, namespace: "file" }, ({ path }) => ({
      contents: `
        import { readFileSync } from "node:fs";
        import file from ${JSON.stringify(`wasm-file:${path}`)};
        export const wasm = { valueOf: () => readFileSync(new URL(file, import.meta.url)) };`,
    }));
    onResolve({ filter: /^wasm-file:/ }, ({ path: source }) => ({
      // The file's name in the build comes from this.
      path: source.slice("wasm-file:".length).replace(/\.wasm-base64\.m?js$/, ".wasm"),
      namespace: "wasm-file",
      pluginData: source.slice("wasm-file:".length),
    }));
    onLoad({ filter: /.*/, namespace: "wasm-file" }, async ({ pluginData: source }) => {
      // No pattern: in a process that has compiled many of them V8 optimizes no more, keeps each letter of a long match on
      // a stack, and runs out of it.
      const [, after] = (await readFile(source, "utf8")).split('const wasm = "', 2);
      const [text = ""] = found(after ?? null, source).split('"', 1);
      return { contents: Buffer.from(text, "base64"), loader: "file" };
    });

    // The graph of what a query may hold: 2,400 objects with a few numbers out of a thousand for keys. V8 keeps each as a
    // list as long as its greatest key, 12 MB together, unless a key is so great that no list could hold it.
    onLoad({ filter: /@prisma[\\/]client[\\/]runtime[\\/]client\.m?js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const { index, 0: empty } = found(/\{\}(?=;for\(let [^{]*\{let [^{}]*=\{flags:)/.exec(text), path);
      return {
        contents: `${text.slice(0, index)}{4294967294:void 0}${text.slice(index + empty.length)}`,
        loader: "js",
      };
    });
  },
};

/**
 * @template T
 * @param {T | null} place
 * @param {string} path
 */
function found(place, path) {
  if (!place) throw new Error(`${path} has another form than the one that tools/bundle.js knows.`);
  return place;
}
