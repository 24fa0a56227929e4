import { createServer, type RequestListener, type Server } from "node:http";

/** A batch of as many calls as a token has in a minute is one address; Node's default holds a third of that. */
const maxHeaderSize = 64 * 1024;

export function createHttpServer(listener?: RequestListener): Server {
  const server = listener ? createServer({ maxHeaderSize }, listener) : createServer({ maxHeaderSize });
  server.requestTimeout = 30_000;
  // Longer than the usual proxy keeps a connection, so that it never sends into one that we are closing.
  server.keepAliveTimeout = 65_000;
  return server;
}
