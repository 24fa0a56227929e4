import type { RequestHandler } from "express";
import { requestDuration } from "../platform/counters";

const knownMethods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** A visitor may send any word as the method. */
export const knownMethod = (method: string): string => (knownMethods.has(method) ? method : "_OTHER");

/** Times each request until its answer is sent; a request whose connection broke before counts as status 499. */
export const requestMetrics: RequestHandler = (req, res, next) => {
  const end = requestDuration.startTimer({ http_request_method: knownMethod(req.method) });
  res.once("close", () => void end({ http_response_status_code: res.writableFinished ? res.statusCode : 499 }));
  next();
};
