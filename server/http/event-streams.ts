import type { RequestHandler, Response } from "express";

/**
 * Cuts the event streams at shutdown. One that ends of itself tells tRPC's client not to come back; one that is cut
 * makes it reconnect, to whichever process then answers. Without it the server would also wait for streams that never end.
 */
export function cutEventStreams(shutdown: AbortSignal): RequestHandler {
  const streams = new Set<Response>();
  shutdown.addEventListener("abort", () => streams.forEach((res) => void res.destroy()), { once: true });
  return (req, res, next) => {
    if (req.get("accept")?.includes("text/event-stream")) {
      streams.add(res);
      res.once("close", () => streams.delete(res));
    }
    next();
  };
}
