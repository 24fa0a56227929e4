import type { ServerBuild } from "@remix-run/node";

/** What the bundler would put around routes and the server's entry; `assets`: the browser's files, if a page names them. */
export const remixBuild = (parts: { routes: object; entry: { module: object }; assets?: object }): ServerBuild =>
  ({
    assets: { routes: {}, entry: {}, url: "", version: "" },
    future: { v3_singleFetch: true },
    publicPath: "/",
    assetsBuildDirectory: "",
    isSpaMode: false,
    mode: "test",
    ...parts,
  }) as unknown as ServerBuild;
