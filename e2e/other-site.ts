import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Another site of the owner, or of a stranger, whose pages show the registration form. */
export interface OtherSite {
  /** Where visitors see it: another site than 127.0.0.1 for browsers. */
  origin: string;
  /** The same pages where browsers take them for the desk's own site, so that its cookies are sent to a frame. */
  neighbour: string;
  /** What each page holds from now on, and its policy. */
  show(body: string, policy?: string): void;
  close(): Promise<void>;
}

export async function startOtherSite(): Promise<OtherSite> {
  let page = "";
  let csp: string | undefined;
  const server = createServer((_req, res) => {
    res.setHeader("Content-Type", "text/html; charset=utf-8");
    if (csp) res.setHeader("Content-Security-Policy", csp);
    res.end(
      `<!doctype html><html lang="en"><title>Shop</title><main><h1>Our shop</h1>${page}<p>Below the form</p></main></html>`,
    );
  }).listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    neighbour: `http://127.0.0.1:${port}`,
    show: (body, policy) => {
      page = body;
      csp = policy;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
