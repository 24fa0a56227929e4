import { randomInt } from "node:crypto";
import type { Tx } from "../../database/db";
import { hashPassword, verifyPassword } from "../password";

/** Without letters and digits that look alike on paper. */
const alphabet = "23456789abcdefghjkmnpqrstuvwxyz";
const groups = 3;
const groupLength = 4;
const codesAtOnce = 10;

const letters = (count: number) => Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join("");

const newCode = (): string => Array.from({ length: groups }, () => letters(groupLength)).join("-");

/** The code as typed or pasted, with different hyphens, blanks or capitals. Null for text that cannot be a code. */
export function readRecoveryCode(typed: string): string | null {
  const code = typed
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
  return code.length === groups * groupLength && [...code].every((letter) => alphabet.includes(letter)) ? code : null;
}

const plain = (code: string) => code.replaceAll("-", "");

export interface RecoveryCodes {
  /** Shown once. */
  codes: string[];
  /** 59 bits each: too few for a plain hash, so they are hashed as passwords are. */
  hashes: string[];
}

export async function makeRecoveryCodes(): Promise<RecoveryCodes> {
  const codes = Array.from({ length: codesAtOnce }, newCode);
  return { codes, hashes: await Promise.all(codes.map((code) => hashPassword(plain(code)))) };
}

/** Replaces the old codes by new ones. */
export async function storeRecoveryCodes(tx: Tx, userId: number, { hashes }: RecoveryCodes): Promise<void> {
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({ data: hashes.map((hash) => ({ userId, hash })) });
}

/** The id of the matching unused code; null if there is none. */
export async function findRecoveryCode(db: Tx, userId: number, code: string): Promise<number | null> {
  const unused = await db.recoveryCode.findMany({ where: { userId, usedAt: null }, orderBy: { id: "asc" } });
  for (const { id, hash } of unused) if (await verifyPassword(hash, code)) return id;
  return null;
}

/** Marks the code as used. False if a simultaneous request has used it first. */
export async function spendRecoveryCode(tx: Tx, id: number): Promise<boolean> {
  const { count } = await tx.recoveryCode.updateMany({ where: { id, usedAt: null }, data: { usedAt: new Date() } });
  return count > 0;
}
