import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readCookies, writeCookie } from "../platform/cookies";
import type { Env } from "../platform/env";
import { tokenHash } from "../platform/token-hash";

/**
 * The session cookie: 32 random bytes and a signature. The signature rejects guesses before they reach the database.
 * Several secrets are accepted, so that an operator can change the secret without signing all users out.
 */

type CookieEnv = Pick<Env, "APP_URL" | "SESSION_SECRET">;

/**
 * The database decides how long a session lives; the cookie only has to outlive it. 400 days is the most browsers
 * allow.
 */
const maxAgeSeconds = 400 * 24 * 60 * 60;

export const isSecure = (env: Pick<Env, "APP_URL">) => env.APP_URL.startsWith("https:");

/**
 * With the `__Host-` prefix browsers accept the cookie only from this host over TLS, so a sibling domain cannot plant
 * one.
 */
export const cookieName = (env: Pick<Env, "APP_URL">) => (isSecure(env) ? "__Host-session" : "session");

const sign = (secret: string, token: string) => createHmac("sha256", secret).update(`session:${token}`).digest();

/** A new session's id and the Set-Cookie that carries it. */
export function newSessionCookie(env: CookieEnv): { sessionId: string; setCookie: string } {
  const token = randomBytes(32).toString("base64url");
  const signature = sign(env.SESSION_SECRET[0] ?? "", token).toString("base64url");
  const setCookie = writeCookie(cookieName(env), `${token}.${signature}`, { maxAgeSeconds, secure: isSecure(env) });
  return { sessionId: tokenHash(token), setCookie };
}

/** The id of the request's session; null if the cookie is missing or not signed by us. */
export function sessionIdOf(env: CookieEnv, cookieHeader: string | null | undefined): string | null {
  const [token = "", signature = ""] = (readCookies(cookieHeader).get(cookieName(env)) ?? "").split(".");
  const given = Buffer.from(signature, "base64url");
  const known = env.SESSION_SECRET.some((secret) => {
    const expected = sign(secret, token);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return known ? tokenHash(token) : null;
}

export const clearedSessionCookie = (env: CookieEnv): string =>
  writeCookie(cookieName(env), "", { maxAgeSeconds: 0, secure: isSecure(env) });
