import { expect, onTestFinished, test, vi } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { setPaid } from "../payments/payments";
import { pauseQueue, resumeQueue } from "../queue/pause";
import { startComparedPerson } from "../test/compared-person";
import { type CrmHarness, lateEffect, shortTimeout, startCrm } from "../test/crm";
import { admin, userOf } from "../test/factories";
import type { GatewayHooks } from "../test/gateway";

const paidStage = { BITRIX24_PAID_STAGE_ID: "WON" };

/** One person with a deal on the portal, and the worker that keeps both in sync. */
async function start(env: Record<string, string> = paidStage, gateway: GatewayHooks = {}) {
  const { crm, userId, dealId, quiet } = await startComparedPerson({ env, gateway });
  const pay = (isPaid: boolean) => setPaid(crm.services, { actor: admin, userId, isPaid, origin: "page" });
  const stage = () => crm.portal.deals.get(dealId)?.stageId;
  /** Enqueues a comparison, as an event does, whether anything changed or not. */
  const remind = () => crm.services.db.$transaction((tx) => crm.services.queue.enqueue(tx, "crm-payment", userId, {}));
  return { crm, userId, dealId, pay, stage, remind, quiet };
}

const openConflicts = ({ services }: CrmHarness) =>
  services.db.conflict.findMany({ where: { resolvedAt: null } }).then((rows) => rows.map((row) => row.kind));

test("paid here moves the deal there, and unpaid moves it back to where it was", async () => {
  const { crm, pay, stage, remind, quiet, dealId } = await start();
  crm.portal.staff.moveDeal(dealId, "EXECUTING");
  await remind();
  await quiet();
  await pay(true);
  await expect.poll(stage).toBe("WON");
  await pay(false);
  await expect.poll(stage).toBe("EXECUTING");
  await quiet();
  expect([...crm.portal.comments.values()].map((comment) => comment.text)).toEqual([
    "Оплачено / Paid — admin #1",
    "Не оплачено / Not paid — admin #1",
  ]);
  expect(crm.portal.idleWrites).toBe(0);
});

test.each([
  ["was deleted", "UC_GONE"],
  ["belongs to another funnel", "C1:PREPARATION"],
])("unpaid moves a deal whose earlier stage %s to the first one", async (_name, openStageId) => {
  const { crm, userId, pay, stage, quiet } = await start();
  await pay(true);
  await expect.poll(stage).toBe("WON");
  await quiet();
  await crm.services.db.dealSnapshot.update({ where: { userId }, data: { openStageId } });
  await pay(false);
  await expect.poll(stage).toBe("NEW");
  await quiet();
  expect(await openConflicts(crm)).toEqual([]);
});

test("won there is paid here, with the portal as the actor and no write back", async () => {
  const { crm, userId, dealId, remind, quiet } = await start();
  const writes = crm.portal.executed.get("crm.item.update") ?? 0;
  crm.portal.staff.moveDeal(dealId, "WON");
  await remind();
  await expect.poll(async () => (await userOf(crm, userId)).isPaid).toBe(true);
  await quiet();
  expect(await crm.services.db.paymentChange.findMany({ where: { userId } })).toMatchObject([
    { isPaid: true, actorKind: "BITRIX24", origin: "portal" },
  ]);
  expect(crm.portal.executed.get("crm.item.update") ?? 0).toBe(writes);
  expect(crm.portal.comments.size).toBe(0);
});

test("only the newest of several changes travels", async () => {
  const { crm, pay, stage, quiet } = await start({ ...paidStage, ...shortTimeout });
  crm.portal.fail({ kind: "hang" });
  await pay(true);
  await pay(false);
  await pay(true);
  crm.portal.clearFaults();
  await expect.poll(stage).toBe("WON");
  await quiet();
  expect(crm.portal.executed.get("crm.item.update")).toBe(1);
});

test("a deal that managers lost is not dragged back: it is a conflict", async () => {
  const { crm, dealId, pay, stage, quiet } = await start();
  crm.portal.staff.moveDeal(dealId, "LOSE");
  await pay(true);
  await expect.poll(() => openConflicts(crm)).toEqual(["DEAL_LOST"]);
  await quiet();
  expect(stage()).toBe("LOSE");
  await pay(false);
  await expect.poll(() => openConflicts(crm)).toEqual([]);
});

test("a deleted deal is noticed, and a lost answer to a move changes nothing twice", async () => {
  const { crm, dealId, pay, stage, remind, quiet } = await start();
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.update", times: 1 });
  await pay(true);
  await expect.poll(stage).toBe("WON");
  await quiet();
  expect(crm.portal.executed.get("crm.item.update")).toBe(1);
  crm.portal.staff.deleteDeal(dealId);
  await remind();
  await expect.poll(() => openConflicts(crm)).toEqual(["DEAL_DELETED"]);
});

test("a move that takes effect late does not overrule a newer payment", async () => {
  const { crm, userId, pay, stage, quiet } = await start({ ...paidStage, ...lateEffect.env });
  const match = vi.fn(() => true);
  crm.portal.fail({ kind: "late", method: "crm.item.update", afterMs: lateEffect.afterMs, times: 1, match });
  await pay(true);
  await expect.poll(() => match.mock.calls.length).toBeGreaterThan(0);
  await pay(false);
  await quiet();
  await expect.poll(stage).not.toBe("WON");
  expect((await userOf(crm, userId)).isPaid).toBe(false);
});

test("a deal that managers win after a move that was not carried out stays won", async () => {
  // After the refusal the worker rests: another attempt under way would carry the move out behind the managers' back.
  const rest = { BITRIX24_RETRY_BASE_MS: "8000", BITRIX24_RETRY_MAX_MS: "8000" };
  const { crm, userId, dealId, pay, stage, remind, quiet } = await start({ ...paidStage, ...rest });
  const remove = crm.portal.fail({ kind: "limit", match: "WON" });
  await pay(true);
  await expect
    .poll(() => crm.services.db.crmLog.count({ where: { userId, method: "crm.item.update", outcome: "NO" } }))
    .toBeGreaterThan(0);
  const { db } = crm.services;
  // Nothing is compared while a request may still take effect, as nothing is while the queue is paused.
  await db.user.update({ where: { id: userId }, data: { crmInFlightUntil: new Date(Date.now() + 1_500) } });
  remove();
  await pay(false);
  crm.portal.staff.moveDeal(dealId, "WON");
  await remind();
  await expect.poll(async () => (await userOf(crm, userId)).isPaid).toBe(true);
  await quiet();
  expect(stage()).toBe("WON");
});

test("a phone that is offered to the contact does not end the wait for a move whose answer was lost", async () => {
  // The move takes effect long after its answer was given up, and within the wait for it. The phone's answer is in time.
  const env = { ...paidStage, BITRIX24_TIMEOUT_MS: "1500", BITRIX24_SETTLE_MS: "4000" };
  const { crm, userId, pay, stage, quiet } = await start(env);
  await quiet();
  await pauseQueue(crm.services, { actor: admin });
  const { bitrix24ContactId } = await userOf(crm, userId);
  const data = { crmContactBy: "email", emailConfirmedAt: new Date() };
  const { phone } = await crm.services.db.user.update({ where: { id: userId }, data });
  crm.portal.staff.removeCommunication(bitrix24ContactId ?? 0, phone);
  crm.portal.fail({ kind: "late", method: "crm.item.update", match: "WON", afterMs: 3_000, times: 1 });
  await pay(true);
  // In one comparison, the move and the phone.
  await resumeQueue(crm.services, { actor: admin });
  await expect.poll(stage).toBe("WON");
  await quiet();
  const sent = await crm.services.db.crmLog.findMany({ where: { userId, method: "crm.item.update" } });
  // The move and the phone: the deal was not moved a second time while the first move was under way.
  expect(sent.map(({ outcome }) => outcome).sort()).toEqual(["OK", "UNKNOWN"]);
});

test("without a paid stage the payment is told to the timeline only", async () => {
  const { crm, pay, stage, quiet } = await start({});
  const before = stage();
  await pay(true);
  await expect.poll(() => crm.portal.comments.size).toBe(1);
  await quiet();
  expect(stage()).toBe(before);
});

test("a payment of which the timeline could not be told for a limit is told later, and holds up no registration", async () => {
  const { crm, userId, pay, quiet } = await start({});
  await pay(true);
  // With its first comment the portal tells when the method's execution time begins anew: in ten minutes.
  await expect.poll(() => crm.portal.comments.size).toBe(1);
  await quiet();
  crm.portal.fail({ kind: "operating", method: "crm.timeline.comment.add", times: 1 });
  await pay(false);
  const announced = () => crm.services.db.dealSnapshot.findMany({ where: { userId }, select: { announcedPaid: true } });
  const waiting = () =>
    crm.services.pool.query<{ later: boolean }>(
      "select start_after > now() as later from pgboss.job where name = 'crm-payment' and state = 'created'",
    );
  await expect.poll(async () => (await waiting()).rows).toEqual([{ later: true }]);
  expect(await announced()).toEqual([{ announcedPaid: true }]);
  expect(crm.portal.comments.size).toBe(1);
  const meanwhile = await crm.register();
  await expect.poll(async () => (await userOf(crm, meanwhile)).crmState).toBe("SYNCED");
  expect((await waiting()).rows).toEqual([{ later: true }]);

  // The limit is over for the rate limiter and for the job.
  const now = Date.now.bind(Date);
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now() + 700_000);
  onTestFinished(() => clock.mockRestore());
  await crm.services.pool.query("update pgboss.job set start_after = now() where name = 'crm-payment'");
  await expect.poll(announced).toEqual([{ announcedPaid: false }]);
  await quiet();
  expect([...crm.portal.comments.values()].map(({ text }) => text)).toEqual([
    "Оплачено / Paid — admin #1",
    "Не оплачено / Not paid — admin #1",
  ]);
});

test("a stage that the portal does not take is told once and not tried again and again", async () => {
  const { crm, pay, remind, quiet } = await start({ BITRIX24_PAID_STAGE_ID: "NO_SUCH_STAGE" });
  await pay(true);
  await expect.poll(() => openConflicts(crm)).toEqual(["STAGE_REFUSED"]);
  const tries = crm.portal.executed.get("crm.item.update");
  await remind();
  await quiet();
  expect(crm.portal.executed.get("crm.item.update")).toBe(tries);
});

test("who paid before the deal existed finds it moved once it does", async () => {
  const crm = await startCrm({ env: paidStage });
  const userId = await crm.register();
  await setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" });
  // The registration waits for a request in flight, so the payment's job comes first.
  await crm.services.db.user.update({
    where: { id: userId },
    data: { crmInFlightUntil: new Date(Date.now() + 1_500) },
  });
  crm.newWorker().start();
  await expect.poll(() => [...crm.portal.deals.values()].map((deal) => deal.stageId)).toEqual(["WON"]);
  expect((await userOf(crm, userId)).isPaid).toBe(true);
});

test("a payment that is taken back while the registration resumes moves the deal back afterwards", async () => {
  const { crm, userId, pay, stage, quiet } = await start();
  await pay(true);
  await expect.poll(stage).toBe("WON");
  await quiet();
  // As after an administrator had the contact created again. A request is in flight, so the payment's job comes first.
  await crm.services.db.user.update({
    where: { id: userId },
    data: { crmState: "PENDING", crmInFlightUntil: new Date(Date.now() + 1_500) },
  });
  await crm.services.db.$transaction((tx) => crm.services.queue.enqueue(tx, "crm-registration", userId));
  await pay(false);
  await expect.poll(stage).toBe("NEW");
});

test("a deal over which the portal breaks down does not hold up those who register", async () => {
  const slow = { BITRIX24_RETRY_BASE_MS: "600000", BITRIX24_RETRY_MAX_MS: "600000" };
  const { crm, pay, dealId, stage } = await start({ ...paidStage, ...slow });
  crm.portal.fail({ kind: "500", method: "crm.item.update" });
  await pay(true);
  await expect.poll(() => crm.services.db.crmLog.count({ where: { dealId, outcome: "UNKNOWN" } })).toBeGreaterThan(0);
  const other = await crm.register();
  await expect.poll(async () => (await userOf(crm, other)).crmState).toBe("SYNCED");
  expect(stage()).toBe("NEW");
});

test("a deal over which the portal breaks down again and again is tried ever more rarely", async () => {
  const slow = { BITRIX24_RETRY_BASE_MS: "300000", BITRIX24_RETRY_MAX_MS: "3600000" };
  const { crm, pay, dealId } = await start({ ...paidStage, ...slow });
  const { db } = crm.services;
  crm.portal.fail({ kind: "500", method: "crm.item.update" });
  await pay(true);
  await expect.poll(() => db.crmLog.count({ where: { dealId, outcome: "UNKNOWN" } })).toBe(2);
  const dueInSeconds = async () => {
    const [job] = await db.$queryRaw<{ seconds: number }[]>`
      select extract(epoch from start_after - now())::float8 as seconds from pgboss.job
      where name = 'crm-payment' and state = 'created'`;
    return job?.seconds;
  };
  await expect.poll(dueInSeconds).toBeGreaterThan(500);
});

test("a deal over whose move the portal breaks down each time is listed, and moves by itself once it can", async () => {
  const { crm, pay, stage } = await start();
  const { db } = crm.services;
  crm.portal.fail({ kind: "500", method: "crm.item.update" });
  await pay(true);
  await expect.poll(() => openConflicts(crm)).toEqual(["STAGE_REFUSED"]);
  const failed = () => db.crmLog.count({ where: { method: "crm.item.update", outcome: "UNKNOWN" } });
  const before = await failed();
  expect(before).toBeGreaterThanOrEqual(5);
  const { code } = await db.crmLog.findFirstOrThrow({ where: { outcome: "UNKNOWN" } });
  expect(await db.conflict.findFirst()).toMatchObject({ details: { stageId: "WON", isPaid: true, code } });
  await expect.poll(failed).toBeGreaterThan(before);
  crm.portal.clearFaults();
  await expect.poll(stage).toBe("WON");
  await expect.poll(() => openConflicts(crm)).toEqual([]);
});

test("a move over which the portal breaks down is no longer tried once it was left as it is", async () => {
  const { crm, pay, remind, stage, quiet } = await start();
  crm.portal.fail({ kind: "500", method: "crm.item.update" });
  await pay(true);
  await expect.poll(() => openConflicts(crm)).toEqual(["STAGE_REFUSED"]);
  const { id: conflictId } = await crm.services.db.conflict.findFirstOrThrow();
  await resolveConflict(crm.services, { actor: admin, conflictId, action: "dismiss" });
  await quiet();
  crm.portal.clearFaults();
  await remind();
  await quiet();
  expect(stage()).toBe("NEW");
});
