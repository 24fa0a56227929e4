import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { control } from "./control";
import { ConnectionLost } from "./disruptions";
import { page } from "./page/page";
import { createPortal, type Portal } from "./portal";
import type { FirstOptions } from "./settings";

export interface PortalServer {
  portal: Portal;
  /** The portal's page; REST methods lie below `webhookUrl`. */
  url: string;
  /** Of the settings' first webhook, with its secret, as a portal's administrator would hand it out. */
  webhookUrl: string;
  close(): Promise<void>;
}

/** In PEM. Many clients of Bitrix24 take nothing but https. */
interface Tls {
  cert: string;
  key: string;
}

/**
 * Serves a portal over real sockets; a port of 0, the default, takes a free one. It answers to loopback names, to `host`
 * and to `names` only: else a page of another site could have its own name point here and steer the portal.
 */
export async function startPortal(
  options: FirstOptions & { port?: number; host?: string; names?: string[]; tls?: Tls } = {},
): Promise<PortalServer> {
  const { port = 0, host = "127.0.0.1", names = [], tls, ...portalOptions } = options;
  const portal = createPortal(portalOptions);
  const everywhere = host === "0.0.0.0" || host === "::";
  const allowed = new Set(everywhere ? names : [...names, host]);
  const listen: RequestListener = (incoming, outgoing) => void serve(portal, allowed, incoming, outgoing);
  const server = tls ? createSecureServer(tls, listen) : createServer(listen);
  server.listen(port, host);
  await once(server, "listening");
  const url = `${tls ? "https" : "http"}://${everywhere ? "127.0.0.1" : host}:${(server.address() as AddressInfo).port}`;
  const [webhook] = portal.settings.webhooks;
  return {
    portal,
    url,
    webhookUrl: `${url}/rest/${webhook?.userId}/${webhook?.secret}/`,
    close() {
      portal.cancelEvents();
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

async function serve(
  portal: Portal,
  names: ReadonlySet<string>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    if (!isKnownName(incoming.headers.host ?? "", names)) {
      outgoing.writeHead(421, { "content-type": "text/plain" }).end("This server is not known by that name\n");
      return;
    }
    const request = await toRequest(incoming, outgoing);
    await send(await route(portal, request, incoming.socket.remoteAddress ?? ""), outgoing);
  } catch (error) {
    // A planned loss of the connection and a client that went away are no news; anything else is a fault of the stand-in.
    if (!(error instanceof ConnectionLost) && !outgoing.destroyed) console.error(error);
    outgoing.destroy();
  }
}

/** Whatever the port: a proxy or a container may show another one. */
function isKnownName(hostHeader: string, names: ReadonlySet<string>): boolean {
  const { hostname } = URL.canParse(`http://${hostHeader}`) ? new URL(`http://${hostHeader}`) : { hostname: "" };
  return isLoopback(hostname) || names.has(hostname);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

function route(portal: Portal, request: Request, address: string): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.startsWith("/rest/")) return portal.handle(request, address);
  if (pathname.startsWith("/control/")) return control(portal, request);
  return page(portal, request);
}

async function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request> {
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one);
  }
  const { method = "GET" } = incoming;
  const body = method === "GET" || method === "HEAD" ? null : Buffer.concat(chunks);
  const scheme = "encrypted" in incoming.socket ? "https" : "http";
  return new Request(`${scheme}://${incoming.headers.host}${incoming.url}`, {
    method,
    headers,
    body,
    signal: gone.signal,
  });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    const { value } = part;
    // What was sent before a cut has to be on its way before the socket is torn down.
    await new Promise<void>((resolve) => outgoing.write(value, () => resolve()));
  }
  outgoing.end();
}
