import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { removeMadeRecords } from "../crm/made-records";
import { recogniseRecords } from "../crm/recognise";
import type { Tx } from "../database/db";
import { elapsedMs } from "../platform/elapsed";
import { AppError, isAppError } from "../platform/errors";
import { priorities } from "../queue/queue";
import type { Services } from "../services";

/** Reserved by RFC 2606: no mail is ever delivered there. Statistics exclude test registrations by it. */
const domain = "example.invalid";
/** Ten thousand numbers that France reserves for fiction: no phone will ring. */
const fictionalPhone = () => `+3363998${String(randomInt(10_000)).padStart(4, "0")}`;

const patienceMs = 5_000;
const pollMs = 200;

export interface TestRegistrationView {
  id: number;
  createdAt: string;
  crmState: "PENDING" | "SYNCED" | "FAILED";
}

/**
 * Registers a fictitious person, marked as a test; the worker sends them like any registration, but ahead of other
 * jobs. The name comes from the dictionaries, since managers see it on the portal. `seen` is the newest test
 * registration that the administrator has seen: a newer one of theirs was started by a duplicate submission of the same
 * form and is returned instead.
 */
export async function startTestRegistration(
  { db, queue }: Pick<Services, "db" | "queue">,
  {
    actor,
    name,
    locale,
    seen,
  }: { actor: Actor; name: { firstName: string; lastName: string }; locale: string; seen?: number | undefined },
): Promise<{ id: number }> {
  return db.$transaction(async (tx) => {
    const started = seen === undefined ? null : await startedSince(tx, actor, seen);
    if (started) return started;
    const user = await makeTestPerson(tx, { name, locale, touch: { utm_source: "bitrix24-test" } });
    await queue.enqueue(tx, "crm-registration", user.id, { priority: priorities.resend });
    await audit(tx, { actor, action: "test.start", targetId: user.id });
    return user;
  });
}

/** A fictitious person, with the UTM tags of a visit. */
export async function makeTestPerson(
  tx: Tx,
  {
    name,
    locale,
    touch,
    crmState = "PENDING",
  }: {
    name: { firstName: string; lastName: string };
    locale: string;
    touch: Record<string, string>;
    crmState?: "PENDING" | "FAILED";
  },
): Promise<{ id: number }> {
  return tx.user.create({
    data: {
      ...name,
      email: `test+${Date.now()}-${randomBytes(3).toString("hex")}@${domain}`,
      phone: await freePhone(tx),
      locale,
      crmState,
      attribution: { create: { first: touch, last: touch } },
    },
    select: { id: true },
  });
}

async function startedSince(tx: Tx, actor: Actor, seen: number): Promise<{ id: number } | null> {
  if (actor.kind !== "USER") return null;
  // Serialises forms that arrive at the same moment.
  await tx.$queryRaw`select "id" from "User" where "id" = ${actor.id} for update`;
  const entry = await tx.auditEntry.findFirst({
    where: { action: "test.start", actorKind: actor.kind, actorId: actor.id, targetId: { gt: seen } },
    select: { targetId: true },
    orderBy: { targetId: "desc" },
  });
  return entry?.targetId ? tx.user.findFirst({ where: testUser(entry.targetId), select: { id: true } }) : null;
}

/**
 * An unused number: people with one phone share a contact on the portal, so the test would not show a fresh
 * registration.
 */
async function freePhone(tx: Tx): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const phone = fictionalPhone();
    if (!(await tx.user.findFirst({ where: { phone }, select: { id: true } }))) return phone;
  }
  throw new AppError("BUSY");
}

/** The test registrations that are not removed yet, newest first. */
export async function listTestRegistrations({ db }: Pick<Services, "db">): Promise<TestRegistrationView[]> {
  const rows = await db.$queryRaw<{ id: number; createdAt: Date; crmState: TestRegistrationView["crmState"] }[]>`
    select "id", "createdAt", "crmState" from "User"
    where "searchText" like ${`%@${domain}%`} and "email" like ${`test+%@${domain}`} order by "id" desc limit 20`;
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

/**
 * Removes a test registration: first the records created for it on the portal, then its row. A contact that was only
 * linked stays. Safe to repeat. Throws NOT_FOUND if it is no test registration, CONFLICT while the worker processes it
 * or a request in flight may still create something, and Bitrix24Error if the portal rejects the removal.
 */
export async function removeTestRegistration(
  services: Pick<Services, "db" | "queue" | "bitrix24" | "env">,
  { actor, userId }: { actor: Actor; userId: number },
): Promise<{ deals: number; contacts: number }> {
  const { db } = services;
  // Marked as failed first: the worker then skips it and cannot recreate what is being removed.
  await db.$transaction(async (tx) => {
    const { count } = await tx.user.updateMany({
      where: { ...testUser(userId), crmState: "PENDING" },
      data: { crmState: "FAILED", crmNextAttemptAt: null },
    });
    if (count > 0) await audit(tx, { actor, action: "test.stop", targetId: userId });
  });
  await whenAtRest(services, userId, async () => {});
  await recogniseRecords(services, userId);
  const removed = await removeMadeRecords(services, userId);
  await whenAtRest(services, userId, async (tx) => {
    await tx.user.delete({ where: { id: userId }, select: { id: true } });
    await audit(tx, { actor, action: "test.remove", targetId: userId, details: removed });
  });
  return removed;
}

/** Whether this person is a test registration. */
export const isTestUser = ({ email }: { email: string }): boolean =>
  email.startsWith("test+") && email.endsWith(`@${domain}`);

const testUser = (id: number) => ({ id, email: { startsWith: "test+", endsWith: `@${domain}` } });

/**
 * Waits until the worker has finished with the registration. An administrator may press the button just before that,
 * and the portal's events about our own removal make the worker fetch it again.
 */
async function whenAtRest(
  { db, queue }: Pick<Services, "db" | "queue">,
  userId: number,
  act: (tx: Tx) => Promise<void>,
): Promise<void> {
  const deadline = elapsedMs() + patienceMs;
  for (;;) {
    try {
      return await db.$transaction(async (tx) => {
        await assertAtRest(tx, queue, userId);
        await act(tx);
      });
    } catch (error) {
      if (!isAppError(error, "CONFLICT") || elapsedMs() > deadline) throw error;
    }
    await sleep(pollMs);
  }
}

/** Locks the row, and throws unless it is a test registration that no worker is processing. */
async function assertAtRest(tx: Tx, queue: Services["queue"], userId: number): Promise<void> {
  if (!(await tx.user.findFirst({ where: testUser(userId), select: { id: true } }))) throw new AppError("NOT_FOUND");
  const [row] = await tx.$queryRaw<{ busy: boolean }[]>`
    select "crmState" = 'PENDING' or coalesce("crmInFlightUntil" > clock_timestamp(), false)
        or exists (select 1 from ${queue.jobs} j where j.singleton_key = u.id::text and j.state = 'active') as busy
    from "User" u where u.id = ${userId} for update`;
  if (row?.busy !== false) throw new AppError("CONFLICT");
}
