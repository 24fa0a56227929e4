import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import type { Tx } from "../database/db";
import { inLongTransaction } from "../database/time-limits";
import { AppError } from "../platform/errors";
import { running } from "../queue/circuit-breaker";
import { priorities, wakeWorker } from "../queue/queue";
import type { Services } from "../services";
import { newPart } from "./marks";
import { type IdentityQuestion, readQuestion } from "./question";

/** The possible answers for each kind of question. */
export const identityAnswers = {
  portal: ["renamed", "restored", "other"],
  database: ["restored", "copy"],
} as const satisfies Record<IdentityQuestion["kind"], readonly string[]>;
export type IdentityAnswer = (typeof identityAnswers)[IdentityQuestion["kind"]][number];

export const isIdentityAnswer = (value: unknown): value is IdentityAnswer =>
  Object.values(identityAnswers).some((answers) => (answers as readonly unknown[]).includes(value));

const chunkSize = 1_000;

type Deps = Pick<Services, "db" | "queue">;

/**
 * Acts on an administrator's answer and lets the queue continue.
 * - renamed: the same portal at another address; only what is stored about the portal changes
 * - restored: the portal, or this database, was restored from a backup; the records created since the backup are looked
 *   for at once
 * - other: another portal; every registration is sent there again, and the records on the earlier portal are left alone
 * - copy: this database is a copy; the records created before stay with the installation that it was copied from
 *
 * Throws CONFLICT if no question is open, and INVALID for an answer that the question does not have.
 */
export async function answerIdentity(
  deps: Deps,
  { actor, answer }: { actor: Actor; answer: IdentityAnswer },
): Promise<void> {
  const { db } = deps;
  const isNew = await inLongTransaction(db, async (tx) => {
    await tx.$executeRaw`select 1 from "Installation" where id = 1 for update`;
    const row = await tx.installation.findUnique({ where: { id: 1 } });
    const question = readQuestion(row?.question ?? null);
    if (!row || !question) throw new AppError("CONFLICT");
    if (!(identityAnswers[question.kind] as readonly string[]).includes(answer)) throw new AppError("INVALID");
    await tx.$executeRaw`update "Installation" set question = null, "questionAt" = null where id = 1`;
    await audit(tx, {
      actor,
      action: "portal.answer",
      details: { kind: question.kind, change: question.change, answer },
    });
    await carryOut(tx, { answer, question, askedAt: row.questionAt ?? new Date(), hosts: row.portalHosts, actor });
    await resume(tx);
    return answer === "other";
  });
  if (isNew) await sendAnew(deps);
}

interface Case {
  answer: IdentityAnswer;
  question: IdentityQuestion;
  askedAt: Date;
  hosts: string[];
  actor: Actor;
}

/** Accepted at the next check without comparison: the administrator knows what the portal cannot tell. */
const vouched = { vouched: true };

async function carryOut(tx: Tx, { answer, question, askedAt, hosts, actor }: Case): Promise<void> {
  const write = (data: Parameters<Tx["installation"]["update"]>[0]["data"]) =>
    tx.installation.update({ where: { id: 1 }, data, select: { id: true } });
  const sameAt = { portalHosts: [...new Set([...hosts, question.host])].filter(Boolean), portalFacts: vouched };
  const portal = hosts.at(-1) ?? "";
  switch (answer) {
    case "renamed":
      await write(sameAt);
      return;
    case "restored": {
      const isPortal = question.kind === "portal";
      if (isPortal) await letPaymentsWin(tx);
      const compareFirst = await compareAnew(tx, actor);
      await write({ heldMarks: [], compareFirst, ...(isPortal ? { ...sameAt, part: newPart() } : {}) });
      return;
    }
    case "other":
      await write({ portalHosts: [question.host], portalFacts: vouched, portalSince: new Date(), part: newPart() });
      // The same number is another product there.
      await tx.portalProduct.deleteMany();
      await forget(tx, { anew: true, before: askedAt, portal });
      return;
    case "copy":
      await write({ marks: [], heldMarks: [], portalSince: new Date() });
      await forget(tx, { anew: false, before: askedAt, portal });
  }
}

/**
 * The snapshots are newer than a portal that was restored from a backup, so a difference is none that managers made: until
 * both sides agree it counts as ours, also where a payment was taken back here since the backup. Which stage a deal was last
 * seen in tells no move of it, and what was said in its timeline may be gone.
 *
 * A payment to which no deal has agreed is sent all the same, but `pushedPaid` does not name it: a payment that counts as sent
 * would also explain why the deal is in another funnel, and that question would count as answered.
 */
async function letPaymentsWin(tx: Tx): Promise<void> {
  await tx.$executeRaw`
    update "DealSnapshot" s set
      "pushedPaid" = case when u."isPaid" and (s."agreedPaid" is distinct from true or exists (
          select 1 from "Conflict" c where c."userId" = u.id and c.kind = 'DEAL_OTHER_FUNNEL'
            and (c."resolvedAt" is null or c.resolution = 'dismiss')))
        then null else u."isPaid" end,
      "announcedPaid" = false, "dealId" = null, "updatedTime" = ''
    from "User" u where u.id = s."userId"`;
}

/** Starts a full comparison. One that is already running may have passed the records that matter. */
async function compareAnew(tx: Tx, actor: Actor): Promise<number> {
  await endRuns(tx);
  const { id } = await tx.reconcileRun.create({ data: { actorId: actor.id }, select: { id: true } });
  return id;
}

/** Ends the running reconciliations and makes the next one begin with the lowest contact id again. */
async function endRuns(tx: Tx): Promise<void> {
  await tx.reconcileRun.updateMany({ data: { cursor: {} } });
  await tx.reconcileRun.updateMany({ where: { finishedAt: null }, data: { finishedAt: new Date() } });
}

/**
 * Clears the ids of records that no longer belong to this installation, and the data derived from them. After a
 * change to another portal (`anew`) every registration is sent again. In a copy of a database, earlier registrations are
 * not sent: the original installation sends them. Who is held stays held, without the ids: once released, the person is
 * sent as one who is known nowhere.
 */
async function forget(
  tx: Tx,
  { anew, before, portal }: { anew: boolean; before: Date; portal: string },
): Promise<void> {
  // Dismissed ones as well: they would keep the same of this portal's record with that number from being listed.
  await tx.conflict.updateMany({
    where: { OR: [{ resolvedAt: null }, { resolution: "dismiss" }] },
    data: { resolvedAt: new Date(), resolution: "gone" },
  });
  await tx.dealSnapshot.deleteMany();
  await tx.crmRefusal.deleteMany();
  // A registration that is sent again has the present data already, so earlier corrections are obsolete.
  await tx.crmCorrection.deleteMany();
  await endRuns(tx);
  await tx.$executeRaw`
    insert into "EarlierRecord" ("userId", "portal", "contactId", "contactBy", "dealId")
    select id, ${portal}, "bitrix24ContactId", "crmContactBy", "bitrix24DealId" from "User"
    where "erasedAt" is null and ("bitrix24ContactId" is not null or "bitrix24DealId" is not null)`;
  // These ids name other people's records on this portal.
  await tx.erasure.updateMany({
    where: { state: "pending" },
    data: {
      contactId: null,
      dealId: null,
      traceId: null,
      traceOpen: false,
      toldAt: null,
      counts: {},
      made: { contacts: [], deals: [] },
    },
  });
  await tx.$executeRaw`
    update "User" set
      "crmState" = case when "crmState" = 'HELD' then "crmState"
                        when ${anew} then 'PENDING'::"CrmState"
                        when "crmState" <> 'SYNCED' and coalesce("insertedAt", "createdAt") < ${before} then 'SYNCED'::"CrmState"
                        else "crmState" end,
      "bitrix24ContactId" = null, "crmContactBy" = null, "bitrix24DealId" = null, "crmAssignedById" = null, "crmResponsibleId" = null,
      "crmAttempts" = 0, "crmUncertain" = 0, "crmError" = null, "crmErrorField" = null, "crmSale" = null, "crmProduct" = null,
      "crmTracedAt" = null, "crmTraceId" = null,
      "crmNextAttemptAt" = null, "crmInFlightUntil" = null, "crmRowUncertain" = false
    where "erasedAt" is null
      and ("bitrix24ContactId" is not null or "bitrix24DealId" is not null or "crmState" <> 'SYNCED')`;
}

/** Ends the pause that the question caused and wakes the worker. A pause by an administrator stays. */
async function resume(tx: Tx): Promise<void> {
  await tx.crmPortal.updateMany({
    where: { id: 1, pausedBy: "breaker", pauseCode: "PORTAL_CHANGED" },
    data: running,
  });
  await tx.crmPortal.updateMany({
    where: { id: 1, alertedCode: "PORTAL_CHANGED" },
    data: { alertedCode: null, alertedStep: null, alertedField: null, alertedAt: null },
  });
  await wakeWorker(tx);
}

/** Enqueued behind new registrations. A registration that a crash leaves without a job is found by the sweep. */
async function sendAnew({ db, queue }: Deps): Promise<void> {
  for (let last = 0; ; ) {
    const rows = await db.user.findMany({
      where: { crmState: "PENDING", id: { gt: last } },
      select: { id: true },
      orderBy: { id: "asc" },
      take: chunkSize,
    });
    const ids = rows.map(({ id }) => id);
    await queue.ensure("crm-registration", ids, priorities.import);
    if (ids.length < chunkSize) return;
    last = ids.at(-1) ?? last;
  }
}
