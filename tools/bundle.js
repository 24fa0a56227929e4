import { build } from "esbuild";

/** Native addons. Everything else goes into the bundle. */
export const external = ["@node-rs/argon2"];

/**
 * Folds entries and their dependencies into files that Node runs without node_modules.
 * @param {Pick<import("esbuild").BuildOptions, "entryPoints" | "outfile" | "outdir" | "splitting" | "allowOverwrite">} options
 */
export const bundle = (options) =>
  build({
    ...options,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    external,
    define: { "process.env.NODE_ENV": '"production"' },
    minifySyntax: true,
    legalComments: "none",
    logLevel: "warning",
    logOverride: { "direct-eval": "silent" },
    banner: {
      js: 'import { createRequire as createRequire_ } from "node:module"; const require = createRequire_(import.meta.url);',
    },
  });
