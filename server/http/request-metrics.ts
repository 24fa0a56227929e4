import type { RequestHandler } from "express";
import { requestDuration } from "../platform/counters";

const knownMethods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Times each request until its answer is sent; a request whose connection broke before counts as status 499. */
export const requestMetrics: RequestHandler = (req, res, next) => {
  const end = requestDuration.startTimer({
    http_request_method: knownMethods.has(req.method) ? req.method : "_OTHER",
  });
  res.once("close", () => void end({ http_response_status_code: res.writableFinished ? res.statusCode : 499 }));
  next();
};
