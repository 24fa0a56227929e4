import { type PaymentChange, Prisma } from "../../prisma/generated/client";
import type { Actor, ActorRef } from "../audit/actor";
import { audit } from "../audit/audit";
import type { AuditAction } from "../audit/audit-actions";
import type { Tx } from "../database/db";
import { chunks } from "../platform/chunks";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { getUser, type UserView } from "../users/users";

/** The source of a change. */
export type PaymentOrigin = "page" | "api" | "trpc" | "bulk" | "undo" | "portal" | "import";

/** The state that a page showed: the flag and the id of the change that set it, null before the first one. */
export interface PaymentSeen {
  isPaid: boolean;
  changeId: number | null;
}

export interface PaymentChangeView {
  id: number;
  isPaid: boolean;
  actor: ActorRef;
  origin: string;
  createdAt: string;
}

/** The details of a rejected change: the present payment, since when and by whom. */
export interface PaymentConflict {
  isPaid: boolean;
  changedAt: string | null;
  changedBy: ActorRef | null;
}

export class PaymentConflictError extends AppError<"CONFLICT"> {
  declare readonly details: PaymentConflict;

  constructor(details: PaymentConflict) {
    super("CONFLICT", { details });
  }
}

interface ManyWish {
  actor: Actor;
  userIds: Iterable<number> | AsyncIterable<number>;
  isPaid: boolean;
  /** The newest change that was known when this was asked for: a later one is kept. */
  seen?: number | undefined;
}

interface Payment {
  isPaid: boolean;
  paidAt: Date | null;
  last: PaymentChange | null;
}

interface PaymentWish {
  actor: Actor;
  userId: number;
  isPaid: boolean;
  origin: PaymentOrigin;
  expected?: PaymentSeen | undefined;
}

/** A person whose payment changes, with the day of payment before. */
interface Changed {
  userId: number;
  paidAt: Date | null;
}

/** Users in one transaction: few enough that no request waits long for a lock. */
const chunkSize = 100;

/**
 * Marks a user paid or unpaid: row, history, audit entry and the job for the portal, in one transaction. Writes nothing
 * if nothing changes. Throws NOT_FOUND, and PaymentConflictError if `expected` is given and the payment was changed
 * since.
 */
export async function setPaid(services: Pick<Services, "db" | "queue">, change: PaymentWish): Promise<UserView> {
  await changePayment(services, change);
  return existing(services, change.userId);
}

/** As setPaid, for a page that offers to undo it: returns the change's id, or null if nothing changed. */
export async function changePayment(
  services: Pick<Services, "db" | "queue">,
  { actor, userId, isPaid, origin, expected }: PaymentWish,
): Promise<number | null> {
  return services.db.$transaction(async (tx) => {
    const payment = await lockPayment(tx, userId);
    if (expected && (expected.isPaid !== payment.isPaid || expected.changeId !== (payment.last?.id ?? null)))
      throw conflict(payment);
    if (payment.isPaid === isPaid) return null;
    const at = new Date();
    await tx.user.update({ where: { id: userId }, data: { isPaid, paidAt: isPaid ? at : null } });
    const changed = [{ userId, paidAt: payment.paidAt }];
    const [id] = await record(services, tx, { actor, at, changed, isPaid, origin, action: "payment.set" });
    return id ?? null;
  });
}

/**
 * Reverts the newest change. Throws NOT_FOUND, and PaymentConflictError if there is a newer change, unless that is the
 * actor's own undoing of this one: the answer to that was lost, and it is sent again.
 */
export async function undoPayment(
  services: Pick<Services, "db" | "queue">,
  { actor, changeId }: { actor: Actor; changeId: number },
): Promise<UserView> {
  const { db } = services;
  const change = await db.paymentChange.findUnique({ where: { id: changeId }, select: { userId: true, isPaid: true } });
  if (!change) throw new AppError("NOT_FOUND");
  const { userId } = change;
  const isPaid = !change.isPaid;
  await db.$transaction(async (tx) => {
    const payment = await lockPayment(tx, userId);
    if (payment.last?.id !== changeId) {
      if (await isUndoneBy({ db: tx }, { actor, changeId })) return;
      throw conflict(payment);
    }
    const at = new Date();
    const paidAt = isPaid ? (payment.last.paidAtBefore ?? (await lastPaidAt(tx, userId)) ?? at) : null;
    await tx.user.update({ where: { id: userId }, data: { isPaid, paidAt } });
    const changed = [{ userId, paidAt: payment.paidAt }];
    await record(services, tx, { actor, at, changed, isPaid, origin: "undo", action: "payment.undo" });
  });
  return existing(services, userId);
}

/** Whether the actor's undoing of this change is the newest change of its person. */
export async function isUndoneBy(
  { db }: { db: Tx },
  { actor, changeId }: { actor: Actor; changeId: number },
): Promise<boolean> {
  const change = await db.paymentChange.findUnique({ where: { id: changeId }, select: { userId: true } });
  if (!change) return false;
  const [newest, further] = await db.paymentChange.findMany({
    where: { userId: change.userId, id: { gt: changeId } },
    orderBy: { id: "desc" },
    take: 2,
  });
  return !further && newest?.origin === "undo" && newest.actorKind === actor.kind && newest.actorId === actor.id;
}

/**
 * Marks many users, in chunks of one transaction each, and returns how many changed. Unknown ids are ignored. After a
 * failure it can simply be run again: users that were changed already do not change again.
 */
export async function setPaidMany(
  services: Pick<Services, "db" | "queue">,
  { actor, userIds, isPaid, seen }: ManyWish,
): Promise<{ changed: number }> {
  let changed = 0;
  for await (const chunk of chunks(userIds, chunkSize)) {
    changed += await services.db.$transaction(async (tx) => {
      const at = new Date();
      // Locked in id order: overlapping bulk changes wait for each other instead of deadlocking. Where later changes are
      // kept it is a statement of its own: the one after it sees what was waited for.
      if (seen !== undefined)
        await tx.$queryRaw`select 1 from "User" where "id" = any(${chunk}) order by "id" for no key update`;
      const rows = await tx.$queryRaw<Changed[]>`
        update "User" u set "isPaid" = ${isPaid}, "paidAt" = ${isPaid ? at : null}
        from (
          select "id", "paidAt" from "User"
          where "id" = any(${chunk}) and "isPaid" <> ${isPaid} and "erasedAt" is null
            ${seen === undefined ? Prisma.empty : Prisma.sql`and not ${changedAfter(seen)}`}
          order by "id" for no key update
        ) before
        where u."id" = before."id"
        returning u."id" as "userId", before."paidAt"`;
      // The rows return in any order, but jobs must be inserted in id order, like those of portal events, to avoid
      // deadlocks.
      const changed = rows.sort((a, b) => a.userId - b.userId);
      await record(services, tx, { actor, at, changed, isPaid, origin: "bulk", action: "payment.bulk" });
      return rows.length;
    });
  }
  return { changed };
}

/** Changes of one user, newest first; `before` is the id of the last one already shown. */
export async function paymentHistory(
  { db }: { db: Tx },
  userId: number,
  { before, limit = 50 }: { before?: number | undefined; limit?: number | undefined } = {},
): Promise<PaymentChangeView[]> {
  const rows = await db.paymentChange.findMany({
    where: { userId, ...(before === undefined ? {} : { id: { lt: before } }) },
    orderBy: { id: "desc" },
    take: limit,
  });
  return rows.map((row) => ({
    id: row.id,
    isPaid: row.isPaid,
    actor: { kind: row.actorKind, id: row.actorId },
    origin: row.origin,
    createdAt: row.createdAt.toISOString(),
  }));
}

/** Whether a row of "User" has a change of payment with a later id than this. */
export const changedAfter = (seen: number): Prisma.Sql =>
  Prisma.sql`exists (select 1 from "PaymentChange" n where n."userId" = "User"."id" and n."id" > ${seen})`;

/** The lock serialises the changes of one user, so the newest id is the newest change. */
async function lockPayment(tx: Tx, userId: number): Promise<Payment> {
  // `no key` is the lock that an update takes. The plain lock would also block the worker's log entries for this user.
  const [row] = await tx.$queryRaw<Omit<Payment, "last">[]>`
    select "isPaid", "paidAt" from "User" where "id" = ${userId} and "erasedAt" is null for no key update`;
  if (!row) throw new AppError("NOT_FOUND");
  const last = await tx.paymentChange.findFirst({ where: { userId }, orderBy: { id: "desc" } });
  return { ...row, last };
}

/** Writes history, audit entries and jobs; returns the ids of the changes. */
async function record(
  { queue }: Pick<Services, "queue">,
  tx: Tx,
  change: {
    actor: Actor;
    at: Date;
    changed: Changed[];
    isPaid: boolean;
    origin: PaymentOrigin;
    action: AuditAction;
  },
): Promise<number[]> {
  const { actor, at, changed, isPaid, origin, action } = change;
  const userIds = changed.map(({ userId }) => userId);
  const rows = await tx.paymentChange.createManyAndReturn({
    select: { id: true },
    data: changed.map(({ userId, paidAt }) => ({
      userId,
      paidAtBefore: paidAt,
      isPaid,
      actorKind: actor.kind,
      actorId: actor.id,
      origin,
      createdAt: at,
    })),
  });
  await audit(tx, ...userIds.map((targetId) => ({ actor, action, targetId, details: { isPaid, origin } })));
  // Always, even if payment moves no deal: the job then writes a comment, and only the job knows the portal's settings.
  await queue.enqueueMany(tx, "crm-payment", userIds);
  return rows.map(({ id }) => id);
}

/**
 * The payment day that a mistaken "unpaid" removed, where its change does not say: one of a release that did not keep the day.
 * It is the day of the last change to paid that was not itself an undo.
 */
async function lastPaidAt(tx: Tx, userId: number): Promise<Date | undefined> {
  const paid = await tx.paymentChange.findFirst({
    where: { userId, isPaid: true, origin: { not: "undo" } },
    orderBy: { id: "desc" },
    select: { createdAt: true },
  });
  return paid?.createdAt;
}

const conflict = ({ isPaid, last }: Payment): PaymentConflictError =>
  new PaymentConflictError({
    isPaid,
    changedAt: last?.createdAt.toISOString() ?? null,
    changedBy: last && { kind: last.actorKind, id: last.actorId },
  });

async function existing(services: Pick<Services, "db">, userId: number): Promise<UserView> {
  const user = await getUser(services, userId);
  if (!user) throw new AppError("NOT_FOUND");
  return user;
}
