import type { RequestHandler } from "express";
import { isApi } from "./api-paths";
import { refuse } from "./reply";

const known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const forPages = ["GET", "HEAD", "POST"];

/** Whether it is the framework's request for a page's data. */
export const isData = (path: string) => /\.data$/i.test(path);
/** Without the framework's data requests for such a path. */
const isCall = (path: string) => isApi(path) && !isData(path);

/**
 * Rejects what Remix would answer with a 500: a method that fetch forbids, such as TRACE, and OPTIONS (a browser's
 * question before a foreign request), which Remix treats as a change. The program interface rejects methods itself.
 * HEAD of a page's data is answered as GET without a body: Remix would run the page's action.
 */
export const checkMethod: RequestHandler = (req, res, next) => {
  const allowed = isCall(req.path) ? known : forPages;
  if (!allowed.includes(req.method)) {
    res.set("Allow", allowed.join(", "));
    return refuse(req, res, 405);
  }
  if (req.method === "HEAD") {
    // Remix checks the Origin of a HEAD, though it changes nothing.
    delete req.headers.origin;
    if (isData(req.path)) req.method = "GET";
  }
  next();
};

/** Rejects data URLs of older Remix versions: they would fail and be logged as our error. */
export const refuseOldData: RequestHandler = (req, res, next) => {
  const query = req.url.split("?").slice(1).join("?");
  if (new URLSearchParams(query).has("_data")) return refuse(req, res, 400);
  next();
};
