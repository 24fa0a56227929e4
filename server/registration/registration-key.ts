import { createHmac } from "node:crypto";
import { type Actor, actorKey } from "../audit/actor";
import { hashText, verifyPassword, verifyText } from "../auth/password";
import type { Tx } from "../database/db";
import type { OldRows } from "../database/old-rows";
import type { Env } from "../platform/env";
import { AppError } from "../platform/errors";
import { dayMs } from "../platform/time-zone";
import type { Services } from "../services";
import { keyDays } from "./key-days";

/** A request under a key of its sender. */
export interface KeyedRequest {
  /** The key's hashes: by the secret that signs now, and by those that signed before. */
  hashes: [string, ...string[]];
  /** What would be stored of the body, in a form that does not depend on spaces or on the order of its fields. */
  body: string;
  /** The body as it was sent, likewise. */
  sent: string;
}

/** The person of an earlier request has been erased: the same request must not bring the person back. */
export class ErasedRegistrationError extends AppError<"CONFLICT"> {
  constructor() {
    super("CONFLICT");
  }
}

/** Keys of different senders never meet. A key that a program made of an e-mail address cannot be guessed from its hash. */
export function keyedRequest(
  { SESSION_SECRET: secrets }: Pick<Env, "SESSION_SECRET">,
  { actor, key, body, sent }: { actor: Actor; key: string | null | undefined; body: unknown; sent: unknown },
): KeyedRequest {
  const text = key?.trim() ?? "";
  const [, quoted, plain] = /^(?:"([\x21\x23-\x7e]{1,255})"|([\x21\x23-\x7e]{1,255}))$/.exec(text) ?? [];
  const name = quoted ?? plain;
  if (name === undefined) {
    const code = text === "" ? "required" : "invalid";
    throw new AppError("INVALID", { details: { issues: [{ path: ["Idempotency-Key"], code, params: {} }] } });
  }
  const hash = (secret: string) =>
    createHmac("sha256", secret)
      .update(`registration:${actorKey(actor)}:${name}`)
      .digest("base64url");
  const [present = "", ...earlier] = secrets;
  return { hashes: [hash(present), ...earlier.map(hash)], body: canonical(body), sent: canonical(sent) };
}

/**
 * The person whom this request has registered before; null if its key is new. Throws KEY_REUSED if the key came with
 * another body, and ErasedRegistrationError.
 */
export async function findKeyed(db: Services["db"] | Tx, request: KeyedRequest): Promise<number | null> {
  const row = await db.registrationKey.findFirst({ where: { hash: { in: request.hashes } } });
  if (!row) return null;
  if (row.bodyHash === null) throw new ErasedRegistrationError();
  // Earlier releases hashed the body as a password is hashed.
  const isSame = row.isExact ? verifyText(row.bodyHash, request.body) : verifyPassword(row.bodyHash, request.sent);
  if (!(await isSame)) throw new AppError("KEY_REUSED");
  return row.userId;
}

/**
 * Lets one request of a key at a time into its transaction; the others wait and then find what it has registered. By each of the
 * secrets: while they are changed, another process may have the same ones in another order.
 */
export async function lockKey(tx: Tx, { hashes }: KeyedRequest): Promise<void> {
  for (const hash of [...hashes].sort())
    await tx.$queryRaw`select pg_advisory_xact_lock(hashtextextended(${hash}, 0))::text`;
}

/** The body's hash is as hard to reverse as a password's, since the body may have one. */
export const hashBody = async ({ body }: KeyedRequest) => ({ bodyHash: await hashText(body), isExact: true });

/** Forgets the bodies of an erased person's requests; that the keys were used is kept until their time is over. */
export async function clearKeysOf(tx: Tx, userId: number): Promise<void> {
  await tx.registrationKey.updateMany({ where: { userId }, data: { bodyHash: null } });
}

export const oldKeys = (): OldRows => ({
  table: "RegistrationKey",
  column: "at",
  before: new Date(Date.now() - keyDays * dayMs),
});

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
