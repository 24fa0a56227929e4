import type { RequestHandler } from "express";
import { refuse } from "./reply";

/** More than any address here has. */
const mostSlashes = 100;

/**
 * Rejects a path with more slashes. Remix, where it looks for slashes at the end of a path, begins again at each of
 * them: a path of some ten thousand would keep every other visitor waiting for seconds. A backslash counts as one, since the
 * URL that Remix builds has a slash in its place.
 */
export const checkPath: RequestHandler = (req, res, next) => {
  const [path = ""] = req.originalUrl.split(/[?#]/, 1);
  if (path.split(/[/\\]/).length - 1 > mostSlashes) return refuse(req, res, 400);
  next();
};
