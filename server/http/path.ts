import type { RequestHandler } from "express";
import { refuse } from "./reply";

/** More than any address here has. */
const mostSlashes = 100;

/**
 * Rejects a path with so many slashes. Remix, where it looks for slashes at the end of a path, begins again at each of
 * them: a path of some ten thousand would keep every other visitor waiting for seconds.
 */
export const checkPath: RequestHandler = (req, res, next) => {
  if (req.path.split("/").length > mostSlashes) return refuse(req, res, 400);
  next();
};
