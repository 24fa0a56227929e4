import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { Tx } from "../database/db";
import { isRegistrationSql } from "../person/registered";
import { chunks } from "../platform/chunks";
import { elapsedMs } from "../platform/elapsed";
import { AppError } from "../platform/errors";
import type { Services } from "../services";
import { priorities } from "./queue";

/**
 * The actions of administrators on the queue. The worker does the work; these functions enqueue jobs and watch the row.
 */

const patienceMs = 10_000;
const pollMs = 100;
const chunkSize = 100;
const pageSize = 1_000;

export type DealResult =
  | { userId: number; bitrix24ContactId: number; bitrix24DealId: number; created: boolean }
  | { userId: number; crmState: "pending" };

/** A registration that the portal does not accept as it is; `crmError` tells the reason. */
export class FailedPermanentlyError extends AppError<"CONFLICT"> {
  declare readonly details: { crmState: "failed"; crmError: string | null };

  constructor(details: FailedPermanentlyError["details"]) {
    super("CONFLICT", { details });
  }
}

/** An account that the operator made: it has registered nowhere, so there is nothing to send. */
export class NotRegisteredError extends AppError<"CONFLICT"> {
  declare readonly details: { isRegistered: false };

  constructor() {
    super("CONFLICT", { details: { isRegistered: false } });
  }
}

/**
 * Enqueues a registration and waits for its completion, up to 10 s or until `signal` aborts. Returns at once if it is
 * complete already, or held: then nothing is sent. Throws NOT_FOUND, also for an erased person, NotRegisteredError for an
 * administrator without a registration, and FailedPermanentlyError if the registration fails permanently during the wait, or
 * its deals were removed.
 */
export async function createDealForUser(
  services: Pick<Services, "db" | "queue">,
  { actor, userId, signal }: { actor: Actor; userId: number; signal?: AbortSignal | undefined },
): Promise<DealResult> {
  const present = deal(await crmRow(services, userId), false);
  if (present) return present;
  if ((await resend(services, { actor, userIds: [userId], priority: priorities.resend })) === 0) {
    const row = await crmRow(services, userId);
    if (row.crmState === "SYNCED" && !deal(row, true)) throw new NotRegisteredError();
  }

  const deadline = elapsedMs() + patienceMs;
  while (elapsedMs() < deadline && !signal?.aborted) {
    const row = await crmRow(services, userId);
    const arrived = deal(row, true);
    if (arrived) return arrived;
    if (row.crmState === "FAILED") throw new FailedPermanentlyError({ crmState: "failed", crmError: row.crmError });
    // It is sent once the person or an administrator has acted, which may take days.
    if (row.crmState === "HELD") break;
    // An abort ends only the wait; the registration continues.
    await sleep(pollMs, undefined, signal ? { signal } : {}).catch(() => {});
  }
  return { userId, crmState: "pending" };
}

/**
 * Resends incomplete registrations: one, many, or all that failed permanently. Returns their number. Held registrations
 * are not sent.
 */
export async function resendMany(
  services: Pick<Services, "db" | "queue">,
  { actor, userIds }: { actor: Actor; userIds: Iterable<number> | AsyncIterable<number> | "allFailed" },
): Promise<{ resent: number }> {
  let resent = 0;
  // Behind new registrations: resent people have waited for hours, while people who register now watch the page.
  const priority = priorities.import;
  for await (const chunk of chunks(userIds === "allFailed" ? failedIds(services) : userIds, chunkSize))
    resent += await resend(services, { actor, userIds: chunk, priority });
  return { resent };
}

/**
 * Resets permanently failed registrations and makes all jobs due. The portal ids and the in-flight marker stay: without
 * them a resend could create a second contact or deal.
 */
function resend(
  { db, queue }: Pick<Services, "db" | "queue">,
  { actor, userIds, priority }: { actor: Actor; userIds: number[]; priority: number },
): Promise<number> {
  return db.$transaction(async (tx) => {
    const rows = await lockUnfinished(tx, userIds);
    await tx.user.updateMany({
      where: { id: { in: rows.filter((row) => row.crmState !== "PENDING").map((row) => row.id) } },
      data: { crmState: "PENDING", crmAttempts: 0, crmError: null },
    });
    const ids = rows.map((row) => row.id);
    await tx.user.updateMany({ where: { id: { in: ids } }, data: { crmNextAttemptAt: null } });
    await audit(tx, ...ids.map((targetId) => ({ actor, action: "crm.resend" as const, targetId })));
    await queue.enqueueMany(tx, "crm-registration", ids, { priority });
    return ids.length;
  });
}

/**
 * Of a complete registration only one is sent again whose records are not known here, as after a change of the portal. An
 * erased person, and an administrator whom the operator made, have none either, and must not become a deal. Locked in id
 * order, so that overlapping resends wait for each other instead of deadlocking.
 */
function lockUnfinished(tx: Tx, userIds: number[]): Promise<{ id: number; crmState: string }[]> {
  return tx.$queryRaw`
    select "id", "crmState" from "User"
    where "id" = any(${userIds}) and "crmState" <> 'HELD' and "erasedAt" is null
      and ("crmState" <> 'SYNCED' or "bitrix24ContactId" is null or "bitrix24DealId" is null)
      and ${isRegistrationSql('"User"')}
    order by "id" for no key update`;
}

/** In id order, so that a registration that fails permanently again during the run is not taken twice. */
async function* failedIds({ db }: Pick<Services, "db">): AsyncGenerator<number> {
  let last = 0;
  for (;;) {
    const rows = await db.user.findMany({
      where: { crmState: "FAILED", id: { gt: last } },
      select: { id: true },
      orderBy: { id: "asc" },
      take: pageSize,
    });
    for (const { id } of rows) yield id;
    if (rows.length < pageSize) return;
    last = rows.at(-1)?.id ?? last;
  }
}

type CrmRow = Awaited<ReturnType<typeof crmRow>>;

async function crmRow({ db }: Pick<Services, "db">, id: number) {
  const row = await db.user.findUnique({
    where: { id, erasedAt: null },
    select: { id: true, crmState: true, crmError: true, bitrix24ContactId: true, bitrix24DealId: true },
  });
  if (!row) throw new AppError("NOT_FOUND");
  return row;
}

/** Throws FailedPermanentlyError where the portal removed the deal again and again: then an administrator has to decide. */
function deal(row: CrmRow, created: boolean): Extract<DealResult, { created: boolean }> | null {
  const { id: userId, crmError, bitrix24ContactId, bitrix24DealId } = row;
  if (row.crmState !== "SYNCED") return null;
  if (crmError !== null) throw new FailedPermanentlyError({ crmState: "failed", crmError });
  if (bitrix24ContactId === null || bitrix24DealId === null) return null;
  return { userId, bitrix24ContactId, bitrix24DealId, created };
}
