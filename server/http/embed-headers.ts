import type { Request, RequestHandler } from "express";
import type { Env } from "../platform/env";

type EmbedEnv = Pick<Env, "EMBED_ORIGINS">;

/** The registration form for other sites' pages. In any other spelling of its address it cannot be framed. */
export const isEmbedPage = (path: string): boolean => /^\/embed(?:\/[\w-]+)?\/?$/i.test(path);

/**
 * Which pages may frame this one: for the form the allowed sites, and our own for its preview; for all other pages none.
 * Read for each request: administrators change the list while the process runs.
 */
export const frameAncestors = (path: string, env: EmbedEnv): string =>
  isEmbedPage(path) ? ["'self'", ...env.EMBED_ORIGINS].join(" ") : "'none'";

/** What other sites need of us: the script that shows the form, and a form whose older header does not forbid it. */
export const embedHeaders =
  (env: EmbedEnv): RequestHandler =>
  (req: Request, res, next) => {
    if (req.path === "/embed.js") res.set("Cross-Origin-Resource-Policy", "cross-origin");
    // X-Frame-Options cannot name several sites, and browsers that support frame-ancestors do not read it.
    if (isEmbedPage(req.path) && env.EMBED_ORIGINS.length > 0) res.removeHeader("X-Frame-Options");
    else if (isEmbedPage(req.path)) res.set("X-Frame-Options", "SAMEORIGIN");
    next();
  };
