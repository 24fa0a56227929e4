import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { readCookies, writeCookie } from "../platform/cookies";
import type { Env } from "../platform/env";
import { dayMs } from "../platform/time-zone";
import { isSecure } from "./session-cookie";
import type { Verified } from "./verified";

/**
 * The cookie that recognises a browser that has signed in before, so that strangers' guesses do not block its owner. It
 * opens nothing: it holds a random number and, for each account that has signed in with the browser, a signature; and one
 * that says that any account has. An account's signature is made together with the hash of the password and the time at
 * which the second factor was set up: what a stranger has collected with the old password ends with it.
 */

type DeviceEnv = Pick<Env, "APP_URL" | "SESSION_SECRET">;

interface AccountSignature {
  /** The day on which it was made, counted from 1970. */
  day: number;
  signature: string;
}

/** The longest lifetime that browsers allow; who has copied the cookie keeps it no longer either. */
const lifeDays = 400;
/** Enough for a tablet that a family shares; the account that was used longest ago is dropped first. */
const maxAccounts = 5;
/** In place of an account, for the browser itself. No account has its number. */
const anyAccount: Verified = { id: 0, passwordHash: "", secondFactor: null };

const nameOf = (env: DeviceEnv) => (isSecure(env) ? "__Host-device" : "device");

const sign = (secret: string, deviceId: string, day: number, { id, passwordHash, secondFactor }: Verified) =>
  createHmac("sha256", secret)
    .update(`device:${deviceId}:${day}:${id}:${passwordHash ?? ""}:${secondFactor?.enabledAt.getTime() ?? ""}`)
    .digest("base64url");

const today = () => Math.floor(Date.now() / dayMs);

function read(
  env: DeviceEnv,
  cookieHeader: string | null,
): { deviceId: string; signatures: AccountSignature[] } | null {
  const [deviceId = "", ...texts] = (readCookies(cookieHeader).get(nameOf(env)) ?? "").split(".");
  if (!/^[\w-]{22}$/.test(deviceId)) return null;
  const signatures = texts.flatMap((text) => {
    const [, day, signature] = /^(\d{5})([\w-]{43})$/.exec(text) ?? [];
    return day && signature ? [{ day: Number(day), signature }] : [];
  });
  return { deviceId, signatures: signatures.filter(({ day }) => today() - day < lifeDays).slice(0, maxAccounts + 1) };
}

const isOf = (
  { SESSION_SECRET }: DeviceEnv,
  deviceId: string,
  { day, signature }: AccountSignature,
  account: Verified,
): boolean =>
  SESSION_SECRET.some((secret) =>
    timingSafeEqual(Buffer.from(sign(secret, deviceId, day, account)), Buffer.from(signature)),
  );

/** Whether an account, whichever it is, has signed in with the browser. It cannot be made up. */
export const hasSignedInBefore = (env: DeviceEnv, cookieHeader: string | null): boolean =>
  knownDevice(env, cookieHeader, anyAccount) !== null;

/**
 * The device's number if this account has signed in with the browser before, with its present password and second
 * factor; else null.
 */
export function knownDevice(env: DeviceEnv, cookieHeader: string | null, account: Verified): string | null {
  const device = read(env, cookieHeader);
  if (!device || account.passwordHash === null) return null;
  return device.signatures.some((one) => isOf(env, device.deviceId, one, account)) ? device.deviceId : null;
}

/** The Set-Cookie that adds this account to those that have signed in with the browser. */
export function rememberDevice(env: DeviceEnv, cookieHeader: string | null, account: Verified): string {
  const { deviceId, signatures } = read(env, cookieHeader) ?? {
    deviceId: randomBytes(16).toString("base64url"),
    signatures: [],
  };
  const made = (of: Verified) => `${today()}${sign(env.SESSION_SECRET[0] ?? "", deviceId, today(), of)}`;
  const others = signatures
    .filter((one) => ![account, anyAccount].some((known) => isOf(env, deviceId, one, known)))
    .map(({ day, signature }) => `${day}${signature}`);
  const value = [deviceId, made(account), ...others.slice(0, maxAccounts - 1), made(anyAccount)].join(".");
  return writeCookie(nameOf(env), value, { maxAgeSeconds: lifeDays * 24 * 60 * 60, secure: isSecure(env) });
}
