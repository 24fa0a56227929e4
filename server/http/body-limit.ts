import type { RequestHandler } from "express";
import { maxImportBytes } from "../import/import-limits";
import { refuse } from "./reply";

/** Larger than any form or call of ours. */
const maxBytes = 64 * 1024;
/** The one upload, as a form and as Remix's own call; its route asks who sends it before it reads. */
const uploadPaths = new Set(["/admin/import", "/admin/import.data"]);

const limitFor = (path: string) => (uploadPaths.has(path) ? maxImportBytes + maxBytes : maxBytes);

/** Remix reads a body of any size into memory, so its size is asked for before. Without one in advance there is no reading. */
export const limitBody: RequestHandler = (req, res, next) => {
  const length = req.get("content-length");
  if (length === undefined && req.get("transfer-encoding") !== undefined) return refuse(req, res, 411);
  if (Number(length ?? 0) > limitFor(req.path)) return refuse(req, res, 413);
  next();
};
