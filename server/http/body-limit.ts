import type { Request, RequestHandler } from "express";
import { maxImportBytes } from "../import/import-limits";
import { AppError } from "../platform/errors";
import { refuse, tooLarge } from "./reply";

/** Larger than any form or call of ours. */
export const maxBodyBytes = 64 * 1024;
/** The one upload, as a form and as Remix's own call; its route asks who sends it before it reads. */
const uploadPaths = new Set(["/admin/import", "/admin/import.data"]);

const limitFor = (path: string) => (uploadPaths.has(path) ? maxImportBytes + maxBodyBytes : maxBodyBytes);

/**
 * Remix reads a body of any size into memory, so its size is asked for before; where it is not told, as with streams of
 * .NET, Java and Go, it is counted on the way.
 */
export const limitBody: RequestHandler = (req, res, next) => {
  const limit = limitFor(req.path);
  // What has arrived while files were looked for waits in the stream.
  const size = Math.max(Number(req.get("content-length") ?? 0), req.readableLength);
  if (size > limit) return refuse(req, res, 413, tooLarge(limit));
  if (req.get("transfer-encoding") !== undefined)
    countBody(req, limit, () => {
      if (!res.headersSent) refuse(req, res, 413, tooLarge(limit));
    });
  next();
};

/**
 * Passes on so many bytes and drops the rest. Who reads the body meets an error: a body that was merely cut would be taken
 * for a whole one. By `push`, since a listener would begin to read too early.
 */
function countBody(req: Request, limit: number, onTooLarge: () => void): void {
  const push = req.push.bind(req);
  let size = req.readableLength;
  // A body that is not read yet has no listeners.
  req.on("error", () => {});
  req.push = (chunk: Uint8Array | null, encoding) => {
    const wasOver = size > limit;
    size += chunk?.length ?? 0;
    if (size <= limit) return push(chunk, encoding);
    if (!wasOver) {
      onTooLarge();
      req.emit("error", new AppError("TOO_LARGE"));
    }
    return true;
  };
}

/** Before what reads: the answer may have been given while something else was asked. */
export const unlessAnswered: RequestHandler = (_req, res, next) => {
  if (!res.headersSent) next();
};
