import type { Response } from "express";

/**
 * Resolves when the connection can take more, or is closed. Remix writes a stream without backpressure, so a loader
 * with a long answer has to wait for this. The answer must not be compressed: the compressor's buffer would hide the
 * connection's state.
 */
export function drained(res: Response): Promise<void> {
  if (!res.writableNeedDrain || res.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      res.off("drain", finish);
      res.off("close", finish);
      resolve();
    };
    res.on("drain", finish);
    res.on("close", finish);
  });
}
