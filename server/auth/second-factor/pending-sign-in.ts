import { createHmac, timingSafeEqual } from "node:crypto";
import { readCookies, writeCookie } from "../../platform/cookies";
import type { Env } from "../../platform/env";
import { parseId } from "../../platform/ids";
import { isSecure } from "../session-cookie";
import type { Verified } from "../verified";

/**
 * The browser's cookie between the right password and the code: user and expiry, signed together with the hash of the
 * password and the time at which the second factor was set up, so that a change of either ends it. It opens nothing:
 * only the code page reads it.
 */

type PendingEnv = Pick<Env, "APP_URL" | "SESSION_SECRET">;

const lifeSeconds = 10 * 60;

const nameOf = (env: PendingEnv) => (isSecure(env) ? "__Host-sign-in" : "sign-in");

const sign = (secret: string, claim: string, { passwordHash, secondFactor }: Omit<Verified, "id">) =>
  createHmac("sha256", secret)
    .update(`sign-in:${claim}:${passwordHash ?? ""}:${secondFactor?.enabledAt.getTime() ?? ""}`)
    .digest();

/** The Set-Cookie after a right password. */
export function pendingSignIn(env: PendingEnv, { id, ...seen }: Verified): string {
  const claim = `${id}.${Math.floor(Date.now() / 1_000) + lifeSeconds}`;
  const signature = sign(env.SESSION_SECRET[0] ?? "", claim, seen).toString("base64url");
  return writeCookie(nameOf(env), `${claim}.${signature}`, { maxAgeSeconds: lifeSeconds, secure: isSecure(env) });
}

export const clearedPendingSignIn = (env: PendingEnv): string =>
  writeCookie(nameOf(env), "", { maxAgeSeconds: 0, secure: isSecure(env) });

/** The user whom the cookie claims; null if there is no cookie or it has expired. */
export function pendingUserId(env: PendingEnv, cookieHeader: string | null): number | null {
  return read(env, cookieHeader)?.userId ?? null;
}

/** Whether the cookie was signed by us, for this password and second factor. */
export function isPending(env: PendingEnv, cookieHeader: string | null, seen: Omit<Verified, "id">): boolean {
  const pending = read(env, cookieHeader);
  if (!pending || seen.passwordHash === null) return false;
  return env.SESSION_SECRET.some((secret) => {
    const expected = sign(secret, pending.claim, seen);
    return pending.signature.length === expected.length && timingSafeEqual(pending.signature, expected);
  });
}

function read(env: PendingEnv, cookieHeader: string | null) {
  const [, userId, until, signature] =
    /^(\d+)\.(\d{1,12})\.([\w-]{43})$/.exec(readCookies(cookieHeader).get(nameOf(env)) ?? "") ?? [];
  const id = parseId(userId);
  if (id === null || !until || !signature || Number(until) * 1_000 <= Date.now()) return null;
  return { userId: id, claim: `${id}.${until}`, signature: Buffer.from(signature, "base64url") };
}
