import { expect, test } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { requestReconcile } from "../deal-sync/reconcile-runs";
import { readPortalState } from "../queue/circuit-breaker";
import { resumeQueue } from "../queue/pause";
import { createDealForUser, FailedPermanentlyError } from "../queue/resend";
import { alertMails } from "../test/alerts";
import { type CrmHarness, findFaults, noJobsLeft, startCrm } from "../test/crm";
import { admin } from "../test/factories";

/** A portal that removes each new deal before it gets its product, as a rule against spam does. */
async function startRemoving(isMeant: (dealId: number) => boolean = () => true) {
  const crm = await startCrm();
  const { portal } = crm;
  portal.fail({
    kind: "command",
    method: "crm.item.productrow.set",
    match: () => {
      for (const dealId of [...portal.deals.keys()].filter(isMeant)) portal.staff.deleteDeal(dealId);
      return false;
    },
  });
  return crm;
}

/** How many deals were made for each person. */
async function dealsMade({ services: { db } }: CrmHarness): Promise<number[]> {
  const rows = await db.crmLog.groupBy({
    by: ["userId"],
    where: { method: "crm.item.add", dealId: { not: null } },
    orderBy: { userId: "asc" },
    _count: { _all: true },
  });
  return rows.map(({ _count }) => _count._all);
}

const openConflicts = ({ services: { db } }: CrmHarness) => db.conflict.findMany({ where: { resolvedAt: null } });

async function start() {
  const crm = await startRemoving();
  const { db } = crm.services;
  const id = await crm.register();
  crm.newWorker().start();
  const person = () => db.user.findUniqueOrThrow({ where: { id } });
  const open = () => openConflicts(crm);
  return {
    crm,
    person,
    open,
    /** How many deals were made so far, once nothing more is to be done. */
    async made() {
      await expect.poll(async () => (await open()).map(({ kind }) => kind)).toEqual(["DEAL_DELETED"]);
      await noJobsLeft(db);
      return (await dealsMade(crm))[0];
    },
    recreate: async () =>
      resolveConflict(crm.services, { actor: admin, conflictId: (await open())[0]?.id ?? 0, action: "recreate" }),
  };
}

/** Ten people register while the portal removes everybody's deals: all wait, after two deals each. */
async function startCrowd() {
  const crm = await startRemoving();
  await crm.registerMany(10);
  crm.newWorker().start();
  const pauseCode = async () => (await readPortalState(crm.services)).pauseCode;
  await expect.poll(pauseCode).toBe("DEAL_REMOVED");
  /** What is true once the queue was tried often enough; it is tried ever more rarely. */
  const inTheEnd = <T>(find: () => Promise<T>) =>
    expect.poll(async () => {
      await crm.services.db.crmPortal.update({ where: { id: 1 }, data: { probeAt: null } });
      return find();
    });
  await inTheEnd(() => dealsMade(crm)).toEqual(Array(10).fill(2));
  const states = await crm.services.db.user.groupBy({ by: ["crmState"], _count: true });
  expect(states).toEqual([{ crmState: "PENDING", _count: 10 }]);
  const arrived = () => expect.poll(() => crm.services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(10);
  return { crm, pauseCode, arrived, inTheEnd };
}

test("a deal that the portal removes twice is not made a third time, until an administrator wants it", async () => {
  const { crm, person, open, made, recreate } = await start();
  expect(await made()).toBe(2);
  expect(await person()).toMatchObject({ crmState: "SYNCED", crmError: "DEAL_REMOVED", crmSyncedAt: null });
  await recreate();
  expect(await made()).toBe(4);
  crm.portal.clearFaults();
  await recreate();
  await expect.poll(async () => (await person()).crmState).toBe("SYNCED");
  await noJobsLeft(crm.services.db);
  expect(await person()).toMatchObject({ crmError: null, crmSyncedAt: expect.any(Date) });
  expect(await findFaults(crm)).toEqual([]);
  expect(await open()).toEqual([]);
});

test("a deal that is removed twice is told to administrators, to programs as no deal, and to the person not at all", async () => {
  const { crm, person, made, recreate } = await start();
  const { db } = crm.services;
  const { id } = await person();
  await db.noticeKind.create({ data: { kind: "welcome" } });
  await db.consent.create({ data: { userId: id, kind: "registration", version: "1", locale: "ru" } });
  await made();
  const failures = async () => (await alertMails(crm)).filter(({ subject }) => subject.includes("DEAL_REMOVED"));
  await expect.poll(async () => (await failures()).length).toBe(1);
  expect((await failures())[0]?.text).toContain("/admin/conflicts");
  const asked = createDealForUser(crm.services, { actor: admin, userId: id });
  await expect(asked).rejects.toThrow(FailedPermanentlyError);
  await expect(asked).rejects.toMatchObject({ details: { crmError: "DEAL_REMOVED" } });
  expect(await db.personNotice.count()).toBe(0);
  crm.portal.clearFaults();
  await recreate();
  await expect.poll(person).toMatchObject({ crmState: "SYNCED", crmError: null });
  expect(await createDealForUser(crm.services, { actor: admin, userId: id })).toMatchObject({ created: false });
  expect(await db.personNotice.count()).toBe(1);
  await expect.poll(async () => (await failures()).at(-1)?.subject).toContain("no failed registrations are left");
});

test("where everybody's deals are removed all wait, and follow once an administrator lets the queue go on", async () => {
  const { crm, pauseCode, arrived, inTheEnd } = await startCrowd();
  const refusals = () => crm.services.db.crmRefusal.count({ where: { code: "DEAL_REMOVED" } });
  await inTheEnd(refusals).toBe(10);
  expect(await pauseCode()).toBe("DEAL_REMOVED");
  expect((await alertMails(crm)).filter(({ subject }) => subject.includes("paused"))).toHaveLength(1);
  expect(await openConflicts(crm)).toEqual([]);
  crm.portal.clearFaults();
  await resumeQueue(crm.services, { actor: admin });
  await arrived();
  expect(await findFaults(crm)).toEqual([]);
  expect(await dealsMade(crm)).toEqual(Array(10).fill(3));
});

test("where everybody's deals are removed a trial once an hour finds out that they stay again", async () => {
  const { crm, pauseCode, arrived } = await startCrowd();
  const anHourLater = async () => {
    await crm.services.db.$executeRaw`update "CrmLog" set at = at - interval '61 minutes'`;
    await crm.services.db.crmPortal.update({ where: { id: 1 }, data: { probeAt: null } });
  };
  await anHourLater();
  await expect.poll(async () => (await dealsMade(crm)).reduce((a, b) => a + b)).toBe(21);
  expect(await pauseCode()).toBe("DEAL_REMOVED");
  crm.portal.clearFaults();
  await anHourLater();
  await arrived();
  expect(await findFaults(crm)).toEqual([]);
});

test("a person whose deals alone are removed is ended, while others go through", async () => {
  let other = 0;
  const { portal, ...crm } = await startRemoving((dealId) => portal.deals.get(dealId)?.originId !== `user-${other}`);
  const removed = await crm.register();
  other = await crm.register();
  crm.newWorker().start();
  const { db } = crm.services;
  await expect.poll(() => db.user.count({ where: { crmState: "SYNCED" } })).toBe(2);
  expect((await db.user.findUniqueOrThrow({ where: { id: removed } })).crmError).toBe("DEAL_REMOVED");
  expect((await db.user.findUniqueOrThrow({ where: { id: other } })).crmError).toBeNull();
  expect((await readPortalState(crm.services)).pausedBy).toBeNull();
});

test("a person who was ended alone waits again with the others once it shows to be everybody's cause", async () => {
  const crm = await startRemoving();
  const { db } = crm.services;
  const first = await crm.register();
  crm.newWorker().start();
  const stateOf = async (id: number) => (await db.user.findUniqueOrThrow({ where: { id } })).crmState;
  await expect.poll(() => stateOf(first)).toBe("SYNCED");
  await crm.register();
  await expect.poll(async () => (await readPortalState(crm.services)).pauseCode).toBe("DEAL_REMOVED");
  await expect.poll(() => stateOf(first)).toBe("PENDING");
  crm.portal.clearFaults();
  // A person for whom no deal was removed shows that deals stay.
  await crm.register();
  await expect.poll(() => db.user.count({ where: { crmState: "SYNCED", crmError: null } })).toBe(3);
  expect(await findFaults(crm)).toEqual([]);
  await expect.poll(() => openConflicts(crm)).toEqual([]);
});

test("a person who is refused for their own data keeps nobody from the trial that finds out that deals stay again", async () => {
  const { crm, pauseCode, arrived } = await startCrowd();
  const { db } = crm.services;
  const refuse = () =>
    crm.portal.fail({ kind: "command", method: "crm.item.add", code: "INVALID_ARG_VALUE", match: "refused-person" });
  refuse();
  const id = await crm.register({ email: "refused-person@example.com" });
  const person = () => db.user.findUniqueOrThrow({ where: { id } });
  const probeNow = () => db.crmPortal.update({ where: { id: 1 }, data: { probeAt: null } });
  await probeNow();
  await expect.poll(async () => (await person()).crmError).toBe("INVALID_ARG_VALUE");
  expect(await pauseCode()).toBe("DEAL_REMOVED");

  crm.portal.clearFaults();
  refuse();
  await db.$executeRaw`update "CrmLog" set at = at - interval '61 minutes'`;
  await probeNow();
  await arrived();
  expect((await person()).crmState).toBe("PENDING");
});

test("where the deals of one form alone are removed its people wait, and the others arrive", async () => {
  const marks: string[] = [];
  let deals: CrmHarness["portal"]["deals"] = new Map();
  const crm = await startRemoving((id) => marks.includes(deals.get(id)?.originId ?? ""));
  deals = crm.portal.deals;
  const { db, forms } = crm.services;
  const form = await db.form.create({
    data: { slug: "two", name: "Two", definition: { settings: { source: "CALL" } } },
  });
  await forms.reload();
  const held = [await crm.register({ formId: form.id }), await crm.register({ formId: form.id })];
  marks.push(...held.map((id) => `user-${id}`));
  const other = await crm.register();
  crm.newWorker().start();
  await expect.poll(() => db.formHold.findMany()).toMatchObject([{ formId: form.id, code: "DEAL_REMOVED" }]);
  const waiting = { id: { in: held }, crmState: "PENDING" } as const;
  await expect.poll(() => db.user.count({ where: waiting })).toBe(2);
  await expect.poll(async () => (await db.user.findUniqueOrThrow({ where: { id: other } })).crmState).toBe("SYNCED");
  expect((await readPortalState(crm.services)).pausedBy).toBeNull();
  crm.portal.clearFaults();
  await db.$executeRaw`update "CrmLog" set at = at - interval '61 minutes'`;
  await expect.poll(() => db.user.count({ where: { crmState: "SYNCED", crmError: null } })).toBe(3);
  expect(await findFaults(crm)).toEqual([]);
});

test("a removed deal that managers restore gets its product", async () => {
  const { crm, person, open, made } = await start();
  await made();
  crm.portal.clearFaults();
  const restored = crm.portal.staff.restoreDeal((await person()).bitrix24DealId ?? 0);
  await requestReconcile(crm.services, { actor: admin });
  await expect.poll(async () => (await person()).bitrix24DealId).toBe(restored.id);
  await noJobsLeft(crm.services.db);
  expect(await findFaults(crm)).toEqual([]);
  expect(await open()).toEqual([]);
});
