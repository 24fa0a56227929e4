import type { Request, RequestHandler, Response } from "express";
import type { Services } from "../services";
import { findPicture } from "../settings/logo";

import { refuse } from "./reply";
import { plainHeaders } from "./security-headers";

/**
 * A picture of the owner's, at the address of its digest. Not by Remix, which would add its policy to that of pages: a
 * file from outside may do nothing, even when it is opened by itself.
 */
export const logoPicture =
  (services: Pick<Services, "db">): RequestHandler =>
  (req, res, next) => {
    if (res.headersSent) return;
    send(services, req, res).catch(next);
  };

async function send(services: Pick<Services, "db">, req: Request, res: Response): Promise<void> {
  if (req.method !== "GET" && req.method !== "HEAD") {
    res.set("Allow", "GET, HEAD");
    return refuse(req, res, 405);
  }
  plainHeaders(req, res, () => {});
  const digest = req.params.digest ?? "";
  const picture = /^[0-9a-f]{64}$/.test(digest) ? await findPicture(services, digest) : null;
  if (!picture) return void res.sendStatus(404);
  res.set({ "Content-Type": picture.type, "Cache-Control": "public, max-age=31536000, immutable" });
  res.send(Buffer.from(picture.bytes));
}
