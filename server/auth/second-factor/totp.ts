import { Secret, TOTP } from "otpauth";

/** RFC 6238 as every authenticator knows it: SHA-1, six digits, thirty seconds. */
const shape = { algorithm: "SHA1", digits: 6, period: 30 };

/** How many steps the two clocks may be apart. */
const drift = 1;

/** 160 bits, as RFC 4226 recommends. */
export const newSecret = (): string => new Secret({ size: 20 }).base32;

const totp = (secret: string, names: { issuer?: string; label?: string } = {}) =>
  new TOTP({ ...shape, ...names, secret: Secret.fromBase32(secret) });

/** What the authenticator reads from the picture: the secret, and under which name it is to show it. */
export const enrolmentUri = (secret: string, names: { issuer: string; label: string }): string =>
  totp(secret, names).toString();

/** The time step that the code belongs to; null if it is none of the steps around now. */
export function stepOfCode(secret: string, code: string, now = Date.now()): number | null {
  const authenticator = totp(secret);
  const delta = authenticator.validate({ token: code, timestamp: now, window: drift });
  return delta === null ? null : authenticator.counter({ timestamp: now }) + delta;
}

/** The code as it was typed, without the blanks that authenticators show; null for what has not six digits. */
export function readCode(typed: string): string | null {
  const code = typed.normalize("NFKC").replace(/[\s-]/g, "");
  return /^\d{6}$/.test(code) ? code : null;
}
