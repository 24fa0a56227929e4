import type { Request, RequestHandler } from "express";
import type { Env } from "../platform/env";
import { siteOf } from "../registration/own-hosts";
import { touchCookies } from "../registration/utmUtils";
import { isEmbedPage } from "./embed-headers";
import { secretPage } from "./secret-paths";

/** API calls and static files. */
const noPage = /^\/(api|assets)(\/|$)|\.data$/i;

const isPageVisit = (req: Request): boolean =>
  req.method === "GET" &&
  !noPage.test(req.path) &&
  !secretPage(req.path) &&
  // Its visitor is on another site's page, which hands its own tags over.
  !isEmbedPage(req.path) &&
  ["document", undefined].includes(req.get("sec-fetch-dest"));

/** Records where a visitor came from on every page, not only on the form: few visitors arrive there directly. */
export function rememberTouch({
  env,
  secure,
}: {
  env: Pick<Env, "APP_URL" | "OWN_HOSTS">;
  secure: boolean;
}): RequestHandler {
  // The configured public host counts as well: a proxy may send another Host header.
  const ownSite = siteOf(new URL(env.APP_URL).hostname);
  return (req, res, next) => {
    if (isPageVisit(req)) {
      const cookies = touchCookies({
        url: new URL(`${req.protocol}://${req.get("host")}${req.originalUrl}`),
        referrer: req.get("referer"),
        cookieHeader: req.headers.cookie,
        // Read for each visit: administrators change them while the process runs.
        ownHosts: [ownSite, ...env.OWN_HOSTS],
        secure,
      });
      for (const cookie of cookies) res.append("Set-Cookie", cookie);
    }
    next();
  };
}
