import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { pinoHttp } from "pino-http";
import type { Logger } from "../platform/log";
import { inRequest } from "../platform/request-trace";
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

/** What the request does bears its id, in the log and in the jobs that it makes. */
export const carryRequestId: RequestHandler = (req, _res, next) => inRequest({ requestId: String(req.id) }, next);
