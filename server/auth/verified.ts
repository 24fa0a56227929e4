import type { Tx } from "../database/db";
import { AppError } from "../platform/errors";

/** What a person's password, and the code if one is required, were checked against. */
export interface Verified {
  id: number;
  passwordHash: string | null;
  secondFactor: { enabledAt: Date } | null;
}

/** The columns to read before a check. */
export const verifiedColumns = { id: true, passwordHash: true, secondFactor: { select: { enabledAt: true } } } as const;

/**
 * Locks a person whose password was verified until the transaction ends; false if it was changed meanwhile, such as by
 * a reset while the check took its time. Read a second factor after it, by another statement: a statement that waited
 * for the lock sees the person's committed row, but the other tables as they were before the wait.
 */
export async function lockUnchanged(
  tx: Tx,
  { id, passwordHash }: Pick<Verified, "id" | "passwordHash">,
): Promise<boolean> {
  const found = await tx.$queryRaw<unknown[]>`
    select 1 from "User" where id = ${id} and "passwordHash" is not distinct from ${passwordHash} for share`;
  return found.length > 0;
}

/**
 * Locks a person who changes the password or the second factor, given the earlier ones: of two changes that rest on the
 * same password the later one is refused. Throws UNAUTHORIZED.
 */
export async function lockForChange(tx: Tx, { id, passwordHash, secondFactor }: Verified): Promise<void> {
  const found = await tx.$queryRaw<unknown[]>`
    select 1 from "User" where id = ${id} and "passwordHash" is not distinct from ${passwordHash} for update`;
  const factor = await tx.secondFactor.findUnique({ where: { userId: id }, select: { enabledAt: true } });
  if (found.length === 0 || factor?.enabledAt.getTime() !== secondFactor?.enabledAt.getTime())
    throw new AppError("UNAUTHORIZED", { details: { field: "password" } });
}
