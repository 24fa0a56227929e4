import { createHmac, timingSafeEqual } from "node:crypto";
import { isSecure } from "../auth/session-cookie";
import { readCookies, writeCookie } from "../platform/cookies";
import type { Env } from "../platform/env";

/**
 * A cookie with the address that its browser has just proved to own, so that a registration that follows need not
 * confirm the address again.
 */

type CookieEnv = Pick<Env, "APP_URL" | "SESSION_SECRET">;

const maxAgeSeconds = 60 * 60;
const nameOf = (env: CookieEnv) => (isSecure(env) ? "__Host-address" : "address");
const sign = (secret: string, value: string) => createHmac("sha256", secret).update(`address:${value}`).digest();

export function provenAddressCookie(env: CookieEnv, email: string): string {
  const value = `${Buffer.from(email).toString("base64url")}.${(Date.now() + maxAgeSeconds * 1_000).toString(36)}`;
  const signature = sign(env.SESSION_SECRET[0] ?? "", value).toString("base64url");
  return writeCookie(nameOf(env), `${value}.${signature}`, { maxAgeSeconds, secure: isSecure(env) });
}

export const clearedAddressCookie = (env: CookieEnv): string =>
  writeCookie(nameOf(env), "", { maxAgeSeconds: 0, secure: isSecure(env) });

/** The address; null if the browser has proved none recently. */
export function provenAddress(env: CookieEnv, cookieHeader: string | null): string | null {
  const [email = "", expiry = "", signature = ""] = (readCookies(cookieHeader).get(nameOf(env)) ?? "").split(".");
  const given = Buffer.from(signature, "base64url");
  const isOurs = env.SESSION_SECRET.some((secret) => {
    const expected = sign(secret, `${email}.${expiry}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isOurs && Number.parseInt(expiry, 36) > Date.now() ? Buffer.from(email, "base64url").toString() : null;
}
