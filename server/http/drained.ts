import type { Response } from "express";

/**
 * Resolves when the connection can take more, or is gone. Remix writes a stream as fast as it comes, so a loader that makes
 * a long one has to ask; the answer must not be compressed, or the compressor's buffer would hide the connection's state.
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
