import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { pinoHttp } from "pino-http";
import type { Logger } from "../platform/log";
import { inRequest } from "../platform/request-trace";
import { startSpan } from "../platform/tracing";
import { knownMethod } from "./request-metrics";
import { secretPage } from "./secret-paths";

/** The path without its query, which may hold a search for a person, and without the token of a mailed link. */
function loggedPath(url: string | undefined): string {
  const path = (url ?? "").split("?")[0] ?? "";
  const page = secretPage(path);
  return page ? `/${page}/…` : path;
}

/** One line per request: method, path, status, duration. No address and nothing that a visitor typed. */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (req, res) => {
      const given = req.headers["x-request-id"];
      const id = typeof given === "string" && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
      res.setHeader("X-Request-Id", id);
      return id;
    },
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? "error" : "info"),
    serializers: {
      req: (req: { id: string; method: string; url?: string }) => ({
        id: req.id,
        method: req.method,
        path: loggedPath(req.url),
      }),
      res: (res: { statusCode: number }) => ({ statusCode: res.statusCode }),
    },
  });
}

/** An id in a path: a number, or what programs make of random bits. */
const idInPath = /^(\d+|[0-9a-f-]{16,}|[\w-]{32,})$/i;

/** The path with its ids left out. None of an address that does not exist: a visitor may have typed anything. */
function routeOf(url: string, status: number): string | undefined {
  if (status === 404 || status === 405) return undefined;
  const segments = loggedPath(url).split("/");
  return segments.map((segment) => (idInPath.test(segment) ? ":id" : segment)).join("/");
}

/** What the request does bears its id, in the log and in the jobs that it makes, and belongs to its trace. */
export const traceRequest: RequestHandler = (req, res, next) => {
  const requestId = String(req.id);
  const method = knownMethod(req.method);
  const span = startSpan(method, { kind: "server", facts: { "http.request.method": method, "request.id": requestId } });
  const { originalUrl } = req;
  res.once("close", () => {
    const status = res.writableFinished ? res.statusCode : 499;
    const route = routeOf(originalUrl, status);
    if (route !== undefined) span.rename(`${method} ${route}`);
    span.note({ "http.response.status_code": status, ...(route !== undefined && { "http.route": route }) });
    if (status >= 500) span.fail(String(status));
    span.end();
  });
  inRequest({ requestId, traceparent: span.traceparent }, next);
};
