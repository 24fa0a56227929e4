import type { Response } from "express";

/**
 * Resolves when the connection can take more, or is gone. Remix writes a stream as fast as it comes, so whoever makes
 * a long one has to ask; the answer must not be compressed, or its buffer would stand in between.
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
