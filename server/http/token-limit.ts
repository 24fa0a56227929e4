import type { Request, RequestHandler } from "express";
import { rateLimit } from "express-rate-limit";
import { bearerHash } from "../auth/api-tokens";
import { refuse } from "./reply";

export const requestsPerTokenAndMinute = 600;

const keyOf = (req: Request) => bearerHash(req.get("authorization"));

/**
 * So many requests for each API token and minute, counted in this process before the database is asked who it is.
 * By token and not by address, since the programs of one company share an address and a program may have many.
 */
export function limitTokens(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    skip: (req) => keyOf(req) === null,
    keyGenerator: (req) => keyOf(req) ?? "",
    handler: (req, res) => refuse(req, res, 429),
  });
}
