import type { Plugin } from "vite";

/** What every page of the site runs on: it changes with its releases only, so browsers keep it across ours. */
const framework = /\/node_modules\/(react|react-dom|scheduler|react-router|react-router-dom|turbo-stream|@remix-run)\//;

interface Graph {
  getModuleIds(): Iterable<string>;
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/**
 * Pages for guests, beside the registration's, whose small parts are kept out of the chunk `parts`. A further page that needs
 * no session is added if it would otherwise load that chunk, which holds what the administration's pages are made of.
 */
const guestPages = ["login", "login_.code", "confirm.$token", "reset.$token", "erased"];

/** All modules that these need before they can run, they themselves excluded. */
function neededBy(entries: string[], { getModuleInfo }: Graph): Set<string> {
  const needed = new Set<string>();
  const queue = [...entries];
  for (let id = queue.pop(); id !== undefined; id = queue.pop())
    for (const imported of getModuleInfo(id)?.importedIds ?? [])
      if (!needed.has(imported)) {
        needed.add(imported);
        queue.push(imported);
      }
  for (const id of entries) needed.delete(id);
  return needed;
}

/** The modules of this file or folder: those of a route stay chunks of their own. */
function modulesOf(file: string, { getModuleIds }: Graph): string[] {
  const found = [...getModuleIds()].filter((id) => id.includes(`/app/${file}`));
  if (found.length === 0) throw new Error(`The browser's build has no module app/${file}.`);
  return found;
}

/**
 * Puts what the public pages share into three chunks, what the pages of the administration share into one more, what both
 * share into another, and the small parts that many pages are made of into the last. Left to itself, Rollup writes a chunk
 * for each set of pages that a module is needed by: some twenty for the sign-up page, compressed one by one, and named in the
 * manifest at every route.
 */
export function publicChunks(): Plugin {
  let chunks: Map<string, string> | undefined;
  const chunkOf = (graph: Graph): Map<string, string> => {
    const needs = (file: string) => neededBy(modulesOf(file, graph), graph);
    const signIn = needs("routes/login.tsx");
    const found = new Map<string, string>();
    // The menu's route is around every page of the administration: what it needs is loaded with any of them. What pages for
    // guests need as well has a chunk of its own: left without one, it would go into that of a module that needs it, and
    // bring all of the administration's to them.
    for (const id of needs("routes/admin.tsx")) found.set(id, signIn.has(id) ? "pages" : "administration");
    // The frame of the administration shows toasts, so most of what they need is there already.
    for (const id of modulesOf("features/toasts/", graph)) found.set(id, "administration");
    for (const id of needs("routes/register.tsx")) found.set(id, signIn.has(id) ? "site" : "sign-up");
    for (const id of needs("root.tsx")) found.set(id, "site");
    // Small parts that many pages share, each in another set of them. Guests load those of their own pages alone.
    const guests = new Set(guestPages.flatMap((page) => [...needs(`routes/${page}.tsx`)]));
    for (const folder of ["components/", "hooks/", "i18n/"])
      for (const id of modulesOf(folder, graph)) if (!found.has(id)) found.set(id, guests.has(id) ? "pages" : "parts");
    const frameworkModules = [...graph.getModuleIds()].filter((id) => framework.test(id));
    // With what these need, such as the helpers for CommonJS: two chunks that need each other would not start.
    for (const id of [...frameworkModules, ...neededBy(frameworkModules, graph)]) found.set(id, "framework");
    return found;
  };
  return {
    name: "public-chunks",
    buildStart() {
      chunks = undefined;
    },
    config: (_config, { command, isSsrBuild }) =>
      command === "build" && !isSsrBuild
        ? {
            build: {
              rollupOptions: {
                output: {
                  manualChunks(id, graph) {
                    chunks ??= chunkOf(graph);
                    return chunks.get(id);
                  },
                },
              },
            },
          }
        : undefined,
  };
}

/** What Remix sets for its router, which has flags of its own, once the flags of remix.config.js are set. */
const routerFlags: Record<string, string> = {
  v7_fetcherPersist: "v3_fetcherPersist",
  v7_relativeSplatPath: "v3_relativeSplatPath",
  v7_skipActionErrorRevalidation: "v3_singleFetch",
};
const fixedRouterFlags = ["v7_normalizeFormMethod", "v7_partialHydration", "v7_prependBasename"];

/**
 * Writes the flags of remix.config.js into the browser code of Remix and its router, which read them at run time: what they
 * rule out, such as lazy route discovery and the data format before `v3_singleFetch`, is then left out of the build.
 */
export function settledFlags(future: object = {}): Plugin {
  const flags = new Map<string, unknown>(Object.entries(future));
  for (const [flag, ours] of Object.entries(routerFlags)) flags.set(flag, flags.get(ours) === true);
  for (const flag of fixedRouterFlags) flags.set(flag, true);
  return {
    name: "settled-flags",
    apply: "build",
    transform(code, id, { ssr } = {}) {
      if (ssr || !/\/node_modules\/@remix-run\/(react|router)\//.test(id)) return;
      const settled = code
        .replace(/(?<![\w$.])(?:[\w$]+\.)*future\.(v[37]_\w+)/g, (read, flag: string) =>
          flags.has(flag) ? String(flags.get(flag)) : read,
        )
        // With the flag, each of a route's handlers is called with the function that fetches its data.
        .replace('typeof singleFetch === "function"', (read) => (flags.get("v3_singleFetch") === true ? "true" : read));
      return settled === code ? undefined : { code: settled, map: null };
    },
  };
}
