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

/** As it was typed or pasted: with other hyphens, blanks or capitals. Null for what cannot be one. */
export function readRecoveryCode(typed: string): string | null {
  const code = typed
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
  return code.length === groups * groupLength && [...code].every((letter) => alphabet.includes(letter)) ? code : null;
}

const plain = (code: string) => code.replaceAll("-", "");

export interface RecoveryCodes {
  /** To be shown, once. */
  codes: string[];
  /** 59 bits each: too few for a plain hash, so they are kept as passwords are. */
  hashes: string[];
}

export async function makeRecoveryCodes(): Promise<RecoveryCodes> {
  const codes = Array.from({ length: codesAtOnce }, newCode);
  return { codes, hashes: await Promise.all(codes.map((code) => hashPassword(plain(code)))) };
}

/** Puts new codes in the place of the old ones. */
export async function storeRecoveryCodes(tx: Tx, userId: number, { hashes }: RecoveryCodes): Promise<void> {
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({ data: hashes.map((hash) => ({ userId, hash })) });
}

/** The unused code's id; null if it is none. */
export async function findRecoveryCode(db: Tx, userId: number, code: string): Promise<number | null> {
  const unused = await db.recoveryCode.findMany({ where: { userId, usedAt: null }, orderBy: { id: "asc" } });
  for (const { id, hash } of unused) if (await verifyPassword(hash, code)) return id;
  return null;
}

/** Spends it. Of two uses at the same moment one finds it spent. */
export async function spendRecoveryCode(tx: Tx, id: number): Promise<boolean> {
  const { count } = await tx.recoveryCode.updateMany({ where: { id, usedAt: null }, data: { usedAt: new Date() } });
  return count > 0;
}
