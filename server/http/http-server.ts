import { createServer, type RequestListener, type Server } from "node:http";
import { trackRequests } from "./close-server";

/** A batch with a token's whole limit per minute is one URL; Node's default has room for a third of that. */
const maxHeaderSize = 64 * 1024;

export function createHttpServer(listener?: RequestListener): Server {
  const server = listener ? createServer({ maxHeaderSize }, listener) : createServer({ maxHeaderSize });
  server.requestTimeout = 30_000;
  // Longer than the keep-alive of usual proxies, so that a proxy never sends into a connection that we are closing.
  server.keepAliveTimeout = 65_000;
  return trackRequests(server);
}
