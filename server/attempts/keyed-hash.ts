import { createHmac } from "node:crypto";
import type { Env } from "../platform/env";

/** What a counter knows an address or a person by: the same in every process, and nothing to read in a leaked table. */
export const keyedHash = ({ SESSION_SECRET: [secret = ""] }: Pick<Env, "SESSION_SECRET">, value: string): string =>
  createHmac("sha256", secret).update(`count:${value}`).digest("base64url");
