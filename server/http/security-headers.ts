import { randomBytes } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import helmet from "helmet";
import type { Env } from "../platform/env";
import { frameAncestors } from "./embed-headers";

/** Gives each request the nonce that its scripts must carry. */
export const cspNonce: RequestHandler = (_req, res, next) => {
  res.locals.cspNonce = randomBytes(16).toString("base64");
  next();
};

/** Browser features that no page of ours uses, disabled so that an injected script cannot use them. */
const unusedFeatures = [
  "accelerometer",
  "browsing-topics",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "usb",
];

/** The Permissions-Policy header, which Helmet does not support. */
export const permissionsPolicy: RequestHandler = (_req, res, next) => {
  res.set("Permissions-Policy", unusedFeatures.map((feature) => `${feature}=()`).join(", "));
  next();
};

/** For answers that are no pages and are sent before all other handlers. */
export const plainHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  });
  next();
};

/**
 * Helmet with a strict policy: scripts by nonce, styles only from our own files, nothing from other hosts. Headers that
 * make a browser insist on TLS are left out if the site is served without TLS.
 */
export function securityHeaders({
  production,
  secure,
  env,
}: {
  production: boolean;
  secure: boolean;
  env: Pick<Env, "EMBED_ORIGINS">;
}): RequestHandler {
  const nonce = (_req: unknown, res: unknown) => `'nonce-${(res as Response).locals.cspNonce}'`;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: [(req) => frameAncestors((req as Request).path, env)],
        formAction: ["'self'"],
        imgSrc: ["'self'", "data:"],
        scriptSrc: production ? ["'self'", "'strict-dynamic'", nonce] : ["'self'", nonce],
        // In development Vite injects <style> elements and uses a WebSocket; production does neither.
        styleSrc: production ? ["'self'"] : ["'self'", "'unsafe-inline'"],
        connectSrc: production ? ["'self'"] : ["'self'", "ws:"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure,
    // The same as frame-ancestors, for browsers that do not support it.
    xFrameOptions: { action: "deny" },
    crossOriginEmbedderPolicy: false,
    // With helmet's no-referrer a form sent without JavaScript has `Origin: null`, which checkOrigin cannot use.
    referrerPolicy: { policy: "strict-origin-when-cross-origin" },
  });
}
