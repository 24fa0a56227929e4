import { once } from "node:events";
import type { Server, ServerResponse } from "node:http";

/** A request that has not ended by then will not end. */
const longestMs = 10_000;

const open = new WeakMap<Server, Set<ServerResponse>>();

/** Remembers which requests of a server are in flight, for closeServer(). */
export function trackRequests(server: Server): Server {
  const inFlight = new Set<ServerResponse>();
  open.set(server, inFlight);
  return server.prependListener("request", (_req, res) => {
    inFlight.add(res);
    res.once("close", () => inFlight.delete(res));
  });
}

/**
 * Ends a server without losing a request: no new connection is accepted, each request on an open connection is answered,
 * and its answer closes the connection. Otherwise a proxy or a browser that keeps its connection would send one request
 * after another to a process that is about to end, and lose the last one.
 */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  for (const res of open.get(server) ?? []) endConnection(res);
  server.prependListener("request", (_req, res) => endConnection(res));
  server.close();
  server.closeIdleConnections();
  // An answer whose headers were sent before keeps its connection, which is idle afterwards.
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  const late = setTimeout(() => server.closeAllConnections(), longestMs);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}

function endConnection(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader("Connection", "close");
}
