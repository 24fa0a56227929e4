import type { RequestHandler } from "express";
import { refuse } from "./reply";

const known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** A method that fetch forbids, such as TRACE, is a 500 in Remix. The known ones it refuses itself where they do not fit. */
export const checkMethod: RequestHandler = (req, res, next) => {
  if (known.includes(req.method)) return next();
  res.set("Allow", known.join(", "));
  refuse(req, res, 405);
};
