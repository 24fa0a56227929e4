import type { Request, RequestHandler } from "express";
import { maxImportBytes } from "../import/import-limits";
import { AppError } from "../platform/errors";
import { maxPictureUpload } from "../platform/picture-limits";
import { refuse, tooLarge } from "./reply";

/** Larger than any form or call of ours. */
export const maxBodyBytes = 64 * 1024;
/** The uploads, as a form and as Remix's data request; their routes authenticate before they read the body. */
const uploads = new Map(
  [
    { path: "/admin/import", most: maxImportBytes },
    { path: "/admin/settings/logo", most: maxPictureUpload },
  ].flatMap(({ path, most }) => [path, `${path}.data`].map((each) => [each, most + maxBodyBytes] as const)),
);

const limitFor = (path: string) => uploads.get(path) ?? maxBodyBytes;

/**
 * Remix reads a body of any size into memory, so Content-Length is checked before; if it is missing, as with streams of
 * .NET, Java and Go, the bytes are counted while they are read.
 */
export const limitBody: RequestHandler = (req, res, next) => {
  const limit = limitFor(req.path);
  // Bytes that arrived while static files were looked up wait in the stream.
  const size = Math.max(Number(req.get("content-length") ?? 0), req.readableLength);
  if (size > limit) return refuse(req, res, 413, tooLarge(limit));
  if (req.get("transfer-encoding") !== undefined)
    countBody(req, limit, () => {
      if (!res.headersSent) refuse(req, res, 413, tooLarge(limit));
    });
  next();
};

/**
 * Passes on the bytes up to the limit and drops the rest. The reader gets an error: it would take a truncated body for
 * a complete one. Implemented by overriding `push`, since a listener would start the stream too early.
 */
function countBody(req: Request, limit: number, onTooLarge: () => void): void {
  const push = req.push.bind(req);
  let size = req.readableLength;
  // A body that is not read yet has no error listener.
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

/** For handlers that read the body: the request may have been answered while an earlier handler waited. */
export const unlessAnswered: RequestHandler = (_req, res, next) => {
  if (!res.headersSent) next();
};
