import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { Env } from "./env";

type SealEnv = Pick<Env, "SESSION_SECRET">;

const algorithm = "aes-256-gcm";
const ivLength = 12;
const tagLength = 16;

const keyOf = (secret: string) => Buffer.from(hkdfSync("sha256", secret, "", "second-factor", 32));

/**
 * Encrypts with a key derived from the first session secret. Opening requires the same `purpose`, so that the sealed
 * text of one row or form is of no use in another.
 */
export function seal({ SESSION_SECRET: [secret = ""] }: SealEnv, purpose: string, text: string): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv(algorithm, keyOf(secret), iv).setAAD(Buffer.from(purpose));
  const encrypted = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), encrypted]).toString("base64url");
}

/**
 * The text, and whether the first secret has sealed it; null if no secret opens it, or it was sealed for another
 * purpose.
 */
export function unseal(
  { SESSION_SECRET: secrets }: SealEnv,
  purpose: string,
  sealed: string,
): { text: string; isCurrent: boolean } | null {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length <= ivLength + tagLength) return null;
  for (const [index, secret] of secrets.entries()) {
    const decipher = createDecipheriv(algorithm, keyOf(secret), bytes.subarray(0, ivLength), {
      authTagLength: tagLength,
    });
    decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]);
      return { text: text.toString("utf8"), isCurrent: index === 0 };
    } catch {
      // Sealed by another secret, or changed.
    }
  }
  return null;
}
