import type { RequestHandler } from "express";
import { refuse } from "./reply";

const hostPattern = /^(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

const isHost = (host: string | undefined): boolean =>
  host !== undefined && hostPattern.test(host) && URL.canParse(`http://${host}`);

/** Express gives what a trusted proxy has forwarded, as it is: a proxy may leave in what a visitor has sent. */
const isWeb = (protocol: string): boolean => /^https?$/i.test(protocol);

/**
 * Remix builds the request's URL from these headers, trusts X-Forwarded-Host from any client, and fails with a 500 on a
 * protocol or host that is invalid, and on a host that contains a path.
 */
export const checkHost: RequestHandler = (req, res, next) => {
  // Each proxy in a chain appends its own.
  const forwarded = req.app.get("trust proxy") ? req.get("x-forwarded-host")?.split(",")[0]?.trim() : undefined;
  if (forwarded === undefined) delete req.headers["x-forwarded-host"];
  else req.headers["x-forwarded-host"] = forwarded;
  // RFC 9112 allows exactly one Host header; with two, a proxy in front may have used the other one.
  const hosts = req.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  const isReadable =
    hosts.length <= 1 &&
    req.url.startsWith("/") &&
    isWeb(req.protocol) &&
    isHost(req.headers.host) &&
    (forwarded === undefined || isHost(forwarded));
  if (!isReadable) return refuse(req, res, 400);
  next();
};

/**
 * Rejects changes that another site's page submits in a visitor's name. Browsers send an Origin with each POST; a
 * request without one comes from a program and has no visitor's cookie (a program with a token, the portal with its
 * events).
 */
export function checkOrigin(appOrigin: string): RequestHandler {
  return (req, res, next) => {
    if (["GET", "HEAD", "OPTIONS"].includes(req.method)) return next();
    const site = req.get("sec-fetch-site");
    if (site !== undefined && site !== "same-origin" && site !== "none") return refuse(req, res, 403);
    const origin = req.get("origin");
    if (origin === undefined) return next();
    const host = req.get("x-forwarded-host") ?? req.get("host");
    if (origin !== appOrigin && origin !== `http://${host}` && origin !== `https://${host}`)
      return refuse(req, res, 403);
    // Remix compares the hosts again: behind a proxy that rewrites the host it must be told the public one.
    if (new URL(origin).host !== host) req.headers["x-forwarded-host"] = new URL(origin).host;
    next();
  };
}
