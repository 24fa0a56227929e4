import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readCookies, writeCookie } from "../platform/cookies";
import type { Env } from "../platform/env";
import { isSecure } from "./session-cookie";

/**
 * The cookie that recognises a browser that has signed in before, so that strangers' guesses do not block its owner. It
 * opens nothing: it holds a random number and, for each account that has signed in with the browser, a signature over
 * both; and one that says that any account has.
 */

type DeviceEnv = Pick<Env, "APP_URL" | "SESSION_SECRET">;

/** The longest lifetime that browsers allow. */
const maxAgeSeconds = 400 * 24 * 60 * 60;
/** Enough for a tablet that a family shares; the account that was used longest ago is dropped first. */
const maxAccounts = 5;
/** In place of an account's number, for the browser itself. No account has it. */
const anyAccount = 0;

const nameOf = (env: DeviceEnv) => (isSecure(env) ? "__Host-device" : "device");

const sign = (secret: string, deviceId: string, userId: number) =>
  createHmac("sha256", secret).update(`device:${deviceId}:${userId}`).digest("base64url");

function read(env: DeviceEnv, cookieHeader: string | null): { deviceId: string; signatures: string[] } | null {
  const [deviceId = "", ...signatures] = (readCookies(cookieHeader).get(nameOf(env)) ?? "").split(".");
  if (!/^[\w-]{22}$/.test(deviceId)) return null;
  return { deviceId, signatures: signatures.filter((text) => /^[\w-]{43}$/.test(text)).slice(0, maxAccounts + 1) };
}

/** Whether an account, whichever it is, has signed in with the browser. It cannot be made up. */
export const hasSignedInBefore = (env: DeviceEnv, cookieHeader: string | null): boolean =>
  knownDevice(env, cookieHeader, anyAccount) !== null;

/** The device's number if this account has signed in with the browser before; else null. */
export function knownDevice(env: DeviceEnv, cookieHeader: string | null, userId: number): string | null {
  const device = read(env, cookieHeader);
  if (!device) return null;
  const expected = env.SESSION_SECRET.map((secret) => Buffer.from(sign(secret, device.deviceId, userId)));
  const isKnown = device.signatures.some((given) => expected.some((own) => timingSafeEqual(own, Buffer.from(given))));
  return isKnown ? device.deviceId : null;
}

/** The Set-Cookie that adds this account to those that have signed in with the browser. */
export function rememberDevice(env: DeviceEnv, cookieHeader: string | null, userId: number): string {
  const { deviceId, signatures } = read(env, cookieHeader) ?? {
    deviceId: randomBytes(16).toString("base64url"),
    signatures: [],
  };
  const signed = (account: number) => env.SESSION_SECRET.map((secret) => sign(secret, deviceId, account));
  const [own, ofBrowser] = [signed(userId), signed(anyAccount)];
  const others = signatures.filter((signature) => !own.includes(signature) && !ofBrowser.includes(signature));
  const value = [deviceId, own[0], ...others.slice(0, maxAccounts - 1), ofBrowser[0]].join(".");
  return writeCookie(nameOf(env), value, { maxAgeSeconds, secure: isSecure(env) });
}
