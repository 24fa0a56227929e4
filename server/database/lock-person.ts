import type { Tx } from "./db";

/**
 * Locks a person until the transaction ends. It comes first in everything that makes or ends mailed links and ends sessions: in
 * another order two of them could wait for each other, or a link that is being made outlive the end of all links. Writing a
 * new link locks its person in any case, so the former link must not be deleted before. What the transaction rests on is
 * to be read after the lock.
 */
export async function lockPerson(tx: Tx, userId: number): Promise<void> {
  await tx.$executeRaw`select 1 from "User" where id = ${userId} for no key update`;
}
