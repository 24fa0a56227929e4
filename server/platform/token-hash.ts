import { createHash } from "node:crypto";

/**
 * What the database stores of a token that a mail, a cookie or a program carries: a leaked table opens nothing. Without
 * salt: the random bytes of a token cannot be guessed, and the hash must be found by index.
 */
export const tokenHash = (token: string): string => createHash("sha256").update(token).digest("hex");
