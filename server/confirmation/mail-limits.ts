import { keyedHash } from "../attempts/keyed-hash";
import type { Db } from "../database/db";
import type { Env } from "../platform/env";

/** More mails of a kind within the hour would only be a way to pester an address. */
export const mailsPerHour = 3;
const windowMs = 60 * 60 * 1_000;

/** `account`: to an account's owner, about its password or second factor. */
export type MailKind = "confirm" | "change" | "reset" | "account";

/**
 * Counts a mail to the address and tells whether it may be sent: three of a kind within an hour. An address that
 * is not registered is counted alike, so that the answer does not tell which are.
 */
export async function takeMailTurn(
  db: Db,
  env: Pick<Env, "SESSION_SECRET">,
  { kind, email }: { kind: MailKind; email: string },
): Promise<boolean> {
  // The table must not become a list of addresses, those of people who never registered among them.
  const addressHash = keyedHash(env, `mail:${email}`);
  return db.$transaction(async (tx) => {
    // Two requests at the same moment would both count two others.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`${kind}:${addressHash}`}, 0))`;
    const since = new Date(Date.now() - windowMs);
    if ((await tx.mailRequest.count({ where: { addressHash, kind, at: { gt: since } } })) >= mailsPerHour) return false;
    await tx.mailRequest.create({ data: { addressHash, kind } });
    return true;
  });
}

/** Counts a mail, or an answer, about a change of the person's address: whatever the address is, three within an hour. */
export const takeChangeTurn = (db: Db, env: Pick<Env, "SESSION_SECRET">, userId: number): Promise<boolean> =>
  takeMailTurn(db, env, { kind: "change", email: `of user ${userId}` });

/** Drops what is too old to count. */
export async function purgeMailRequests(db: Db): Promise<number> {
  const { count } = await db.mailRequest.deleteMany({ where: { at: { lt: new Date(Date.now() - windowMs) } } });
  return count;
}
