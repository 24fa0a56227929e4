import type { RequestHandler } from "express";
import { refuse } from "./reply";

const hostPattern = /^(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

const isHost = (host: string | undefined): boolean =>
  host !== undefined && hostPattern.test(host) && URL.canParse(`http://${host}`);

/**
 * Remix builds its address from these headers and the request's, believes the forwarded one from anybody, and fails with
 * a 500 on what cannot be a host or names another one before the path.
 */
export const checkHost: RequestHandler = (req, res, next) => {
  // Each proxy of a chain adds its own to the list.
  const forwarded = req.app.get("trust proxy") ? req.get("x-forwarded-host")?.split(",")[0]?.trim() : undefined;
  if (forwarded === undefined) delete req.headers["x-forwarded-host"];
  else req.headers["x-forwarded-host"] = forwarded;
  // RFC 9112 wants exactly one; of two, a proxy in front may have gone by the other.
  const hosts = req.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  const isReadable =
    hosts.length <= 1 &&
    req.url.startsWith("/") &&
    isHost(req.headers.host) &&
    (forwarded === undefined || isHost(forwarded));
  if (!isReadable) return refuse(req, res, 400);
  next();
};

/**
 * Refuses changes that another site's page asks for in a visitor's name. Browsers say where a post comes from; what
 * says nothing is no browser and brings no cookie of a visitor (programs with a token, the portal with its events).
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
    // Remix compares the hosts once more: behind a proxy that rewrites ours it must be told the public one.
    if (new URL(origin).host !== host) req.headers["x-forwarded-host"] = new URL(origin).host;
    next();
  };
}
