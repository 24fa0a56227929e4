import type { Request, RequestHandler } from "express";
import { touchCookies } from "../registration/utmUtils";
import { secretPage } from "./secret-paths";

/** Calls and files. */
const noPage = /^\/(api|assets)(\/|$)|\.data$/i;

const isPageVisit = (req: Request): boolean =>
  req.method === "GET" &&
  !noPage.test(req.path) &&
  !secretPage(req.path) &&
  ["document", undefined].includes(req.get("sec-fetch-dest"));

/** Remembers where a visitor came from on every page, not only on the form: few arrive there directly. */
export function rememberTouch({ appOrigin, secure }: { appOrigin: string; secure: boolean }): RequestHandler {
  const ownHosts = [new URL(appOrigin).host];
  return (req, res, next) => {
    if (isPageVisit(req)) {
      const cookies = touchCookies({
        url: new URL(`${req.protocol}://${req.get("host")}${req.originalUrl}`),
        referrer: req.get("referer"),
        cookieHeader: req.headers.cookie,
        ownHosts,
        secure,
      });
      for (const cookie of cookies) res.append("Set-Cookie", cookie);
    }
    next();
  };
}
