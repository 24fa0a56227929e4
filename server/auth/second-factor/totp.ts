import { Secret, TOTP } from "otpauth";
import { westernDigits } from "../../platform/western-digits";

/** RFC 6238 as every authenticator implements it: SHA-1, six digits, thirty seconds. */
const shape = { algorithm: "SHA1", digits: 6, period: 30 };

/** Accepted difference between the two clocks, in time steps. */
const drift = 1;

/** 160 bits, as RFC 4226 recommends. */
export const newSecret = (): string => new Secret({ size: 20 }).base32;

const totp = (secret: string, names: { issuer?: string; label?: string } = {}) =>
  new TOTP({ ...shape, ...names, secret: Secret.fromBase32(secret) });

/** The content of the QR code: the secret, and the names under which the authenticator shows it. */
export const enrolmentUri = (secret: string, names: { issuer: string; label: string }): string =>
  totp(secret, names).toString();

/** The time step that the code belongs to; null if it belongs to no step within `drift` of now. */
export function stepOfCode(secret: string, code: string, now = Date.now()): number | null {
  const authenticator = totp(secret);
  const delta = authenticator.validate({ token: code, timestamp: now, window: drift });
  return delta === null ? null : authenticator.counter({ timestamp: now }) + delta;
}

/** The code as typed in the digits of any script, without blanks, which authenticators show; null unless it has six digits. */
export function readCode(typed: string): string | null {
  const code = westernDigits(typed.normalize("NFKC")).replace(/[\s-]/g, "");
  return /^\d{6}$/.test(code) ? code : null;
}
