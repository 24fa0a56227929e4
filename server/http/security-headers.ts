import { randomBytes } from "node:crypto";
import type { RequestHandler, Response } from "express";
import helmet from "helmet";

/** Gives each request the nonce that its scripts must carry. */
export const cspNonce: RequestHandler = (_req, res, next) => {
  res.locals.cspNonce = randomBytes(16).toString("base64");
  next();
};

/** Browser features that no page of ours uses, so that nothing which slips into one can. */
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

/** What a browser may not use here. Helmet has no words for it. */
export const permissionsPolicy: RequestHandler = (_req, res, next) => {
  res.set("Permissions-Policy", unusedFeatures.map((feature) => `${feature}=()`).join(", "));
  next();
};

/** For answers that are no pages and come before all the rest. */
export const plainHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
  });
  next();
};

/**
 * Helmet with a strict policy: scripts by nonce, styles from our own files only, nothing from a foreign host.
 * What tells a browser to insist on TLS is left out where the site is served without it.
 */
export function securityHeaders({ production, secure }: { production: boolean; secure: boolean }): RequestHandler {
  const nonce = (_req: unknown, res: unknown) => `'nonce-${(res as Response).locals.cspNonce}'`;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
        imgSrc: ["'self'", "data:"],
        scriptSrc: production ? ["'self'", "'strict-dynamic'", nonce] : ["'self'", nonce],
        // Vite injects <style> elements and talks to the browser over a WebSocket; production does neither.
        styleSrc: production ? ["'self'"] : ["'self'", "'unsafe-inline'"],
        connectSrc: production ? ["'self'"] : ["'self'", "ws:"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure,
    // As frame-ancestors says, for browsers that do not know it.
    xFrameOptions: { action: "deny" },
    crossOriginEmbedderPolicy: false,
    // With helmet's no-referrer a form sent without JavaScript carries `Origin: null`, which tells nothing.
    referrerPolicy: { policy: "strict-origin-when-cross-origin" },
  });
}
