import type { RequestHandler } from "express";
import { refuse } from "./reply";

/** Larger than any form or call of ours. */
const maxBytes = 64 * 1024;

/** Remix reads a body of any size into memory, so its size is asked for before. Without one in advance there is no reading. */
export const limitBody: RequestHandler = (req, res, next) => {
  const length = req.get("content-length");
  if (length === undefined && req.get("transfer-encoding") !== undefined) return refuse(req, res, 411);
  if (Number(length ?? 0) > maxBytes) return refuse(req, res, 413);
  next();
};
