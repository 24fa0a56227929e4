import { expect, test } from "vitest";
import type { FaultRule } from "../../e2e/portal/faults";
import { readCommands } from "../../e2e/portal/protocol/batch";
import { endAlerts } from "../notices/alert-ends";
import { setPaid } from "../payments/payments";
import { after, change } from "../test/corrections";
import { type CrmHarness, noJobsLeft, startCrm, syncAll } from "../test/crm";
import { admin, userOf } from "../test/factories";
import { type Asked, type Garble, garbled, oddContact, reads, scans, unlisted } from "../test/garbled-answers";
import { requestReconcile } from "./reconcile-runs";
import { syncDeals } from "./sync-deals";

/** Whether a command reads one of these deals, alone or among others. */
const readsDeals =
  (ids: number[]) =>
  (command: Asked): boolean => {
    const { method, params } = command;
    const named = Object.values(((params.filter ?? {}) as Record<string, object>)["@id"] ?? {});
    const isNamed =
      method === "crm.item.list" && Number(params.entityTypeId) === 2 && named.some((id) => ids.includes(Number(id)));
    return isNamed || reads(2, ids)(command) || scans(2, ids)(command);
  };

/** What the call log holds of a deal that could not be read. */
const unread = { method: "lookup", outcome: { not: "OK" } } as const;

interface Oddity {
  /** What the portal answers in place of the deal that was asked for alone; lists leave that deal out. */
  told?: unknown;
  fault?: FaultRule;
}

const oddities: [name: string, oddity: Oddity][] = [
  ["is told as an empty list", { told: { item: [] } }],
  ["is told as null", { told: { item: null } }],
  ["is answered with ERROR_CORE", { told: null, fault: { kind: "command", method: "crm.item.get" } }],
  ["is answered with a server error", { told: null, fault: { kind: "500", method: "crm.item.get" } }],
  ["breaks every list that has it", { fault: { kind: "command" } }],
  ["ends every request in which it is asked for", { fault: { kind: "500html" } }],
];

/** Four people with deals, of which the second one's cannot be read from then on. No worker runs. */
async function start({ told, fault }: Oddity, garbleAll?: Garble, count = 4) {
  let odd = 0;
  const garble: Garble = ({ method, params }, result) => {
    if (odd === 0 || told === undefined || Number(params.entityTypeId) !== 2) return undefined;
    if (method === "crm.item.get" && told !== null && Number(params.id) === odd) return told;
    const { items } = (result ?? {}) as { items?: Record<string, unknown>[] };
    return method === "crm.item.list" && items ? { items: items.filter(({ id }) => Number(id) !== odd) } : undefined;
  };
  const crm = await startCrm({
    env: { BITRIX24_PAID_STAGE_ID: "WON" },
    gateway: garbled(garbleAll ?? garble),
  });
  const { db } = crm.services;
  const ids = await crm.registerMany(count);
  await syncAll(crm);
  const rows = await db.user.findMany({ orderBy: { id: "asc" } });
  const deals = rows.map(({ bitrix24DealId }) => bitrix24DealId as number);
  odd = deals[1] as number;
  if (fault) crm.portal.fail({ ...fault, match: readsDeals([odd]) });
  const mend = () => {
    odd = 0;
    crm.portal.clearFaults();
  };
  return { crm, ids, deals, mend, stages: () => deals.map((id) => crm.portal.deals.get(id)?.stageId) };
}

const payAll = async ({ services }: CrmHarness, ids: number[]) => {
  for (const userId of ids) await setPaid(services, { actor: admin, userId, isPaid: true, origin: "page" });
};

test.each(oddities)(
  "a deal that %s holds up no other payment, nor what comes after payments",
  async (_name, oddity) => {
    const { crm, ids, mend, stages } = await start(oddity);
    const { db } = crm.services;
    await payAll(crm, ids);
    await change(crm, ids[3] as number, after);
    crm.newWorker().start();
    await expect.poll(stages).toEqual(["WON", "NEW", "WON", "WON"]);
    await expect.poll(() => db.crmCorrection.count({ where: { state: "pending" } })).toBe(0);
    await expect.poll(() => db.crmLog.count({ where: { ...unread, userId: ids[1] as number } })).toBeGreaterThan(0);
    expect(await db.conflict.count()).toBe(0);
    const alerts = () => db.alert.findMany({ where: { kind: "unread" } });
    await expect.poll(alerts).toMatchObject([{ facts: { userId: ids[1] }, overAt: null }]);
    mend();
    await expect.poll(stages).toEqual(["WON", "WON", "WON", "WON"]);
    await endAlerts(crm.services);
    expect((await alerts()).filter(({ overAt }) => overAt === null)).toEqual([]);
  },
);

test("a deal that cannot be read for changing reasons is told of once, until it is deleted", async () => {
  const { crm, ids, deals, mend } = await start({ told: { item: [] } });
  const { db, pool } = crm.services;
  const alerts = async () => (await db.alert.findMany({ where: { kind: "unread" } })).map(({ count }) => count);
  await db.crmLog.createMany({
    data: [1, 2, 3].map(() => ({
      userId: ids[1] as number,
      method: "lookup",
      outcome: "NO",
      code: "OTHER",
      attempt: 1,
      durationMs: 0,
    })),
  });
  await payAll(crm, [ids[1] as number]);
  crm.newWorker().start();
  await expect.poll(alerts).toEqual([1]);
  await endAlerts(crm.services);
  expect(await alerts()).toEqual([1]);
  crm.portal.staff.deleteDeal(deals[1] as number);
  mend();
  await pool.query("update pgboss.job set start_after = now() where state < 'completed'");
  await expect.poll(() => db.conflict.count({ where: { kind: "DEAL_DELETED" } })).toBe(1);
  await endAlerts(crm.services);
  expect(await alerts()).toEqual([]);
});

test("a contact that cannot be read for the offer of a phone keeps nobody's payment waiting", async () => {
  let odd = 0;
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" }, gateway: garbled(oddContact(() => odd)) });
  const { db } = crm.services;
  const { id: contactId } = crm.portal.staff.addContact({ name: "Анна" }, { emails: ["anna@example.com"] });
  const id = await crm.register({ email: "anna@example.com" });
  await syncAll(crm);
  await db.user.update({ where: { id }, data: { emailConfirmedAt: new Date(), crmContactBy: "email" } });
  expect((await userOf(crm, id)).bitrix24ContactId).toBe(contactId);
  odd = contactId;
  await payAll(crm, [id]);
  crm.newWorker().start();
  await expect.poll(() => [...crm.portal.deals.values()].map(({ stageId }) => stageId)).toEqual(["WON"]);
  await noJobsLeft(db);
  expect(crm.lines.filter(({ msg }) => String(msg).includes("no phone is added"))).toHaveLength(1);
  odd = 0;
  await requestReconcile(crm.services, { actor: admin });
  const { phone } = await userOf(crm, id);
  await expect.poll(() => JSON.stringify(crm.portal.contacts.get(contactId))).toContain(phone);
});

test.each(oddities)("a deal that %s ends no reconciliation, and is not taken for a lost one", async (_name, oddity) => {
  const { crm, ids, deals } = await start(oddity);
  const { db } = crm.services;
  for (const place of [0, 2, 3]) crm.portal.staff.moveDeal(deals[place] as number, "WON");
  await requestReconcile(crm.services, { actor: admin });
  crm.newWorker().start();
  await expect.poll(() => db.reconcileRun.count({ where: { finishedAt: null } })).toBe(0);
  expect((await db.reconcileRun.findFirstOrThrow()).counts).toMatchObject({ unread: 1 });
  const paid = await db.user.findMany({ where: { isPaid: true }, select: { id: true }, orderBy: { id: "asc" } });
  expect(paid.map(({ id }) => id)).toEqual([ids[0], ids[2], ids[3]]);
  expect(await db.conflict.count()).toBe(0);
});

test("a main contact that is told as no contact is, holds up neither payments nor the reconciliation", async () => {
  let accountant = 0;
  const crm = await startCrm({
    env: { BITRIX24_PAID_STAGE_ID: "WON" },
    gateway: garbled(oddContact(() => accountant)),
  });
  const { db } = crm.services;
  const ids = await crm.registerMany(3);
  await syncAll(crm);
  const { bitrix24DealId, bitrix24ContactId } = await userOf(crm, ids[1] as number);
  accountant = crm.portal.staff.addContact({ name: "Accountant" }).id;
  const deals = [...crm.portal.deals.keys()];
  crm.portal.staff.linkContacts(bitrix24DealId ?? 0, [accountant, bitrix24ContactId ?? 0]);
  // A deal that none of our rows names has it as well.
  const orphan = crm.portal.staff.addDeal({ ...(await crm.mark(ids[0])), title: "Сделка" });
  crm.portal.staff.linkContacts(orphan.id, [accountant]);
  await payAll(crm, ids);
  await requestReconcile(crm.services, { actor: admin });
  crm.newWorker().start();
  const stages = () => deals.map((id) => crm.portal.deals.get(id)?.stageId);
  await expect.poll(stages).toEqual(["WON", "WON", "WON"]);
  await expect.poll(() => db.reconcileRun.count({ where: { finishedAt: null } })).toBe(0);
  expect(await db.conflict.count()).toBe(0);
});

test("a deal that lists leave out as well waits for that, and not for the batch that another one breaks", async () => {
  const hidden: number[] = [];
  const { crm, ids, deals } = await start(
    {},
    unlisted("deal", () => hidden),
  );
  const { db, queue } = crm.services;
  hidden.push(deals[1] as number, deals[2] as number);
  const isOdd = reads(2, [deals[1] as number]);
  crm.portal.fail({ kind: "command", match: isOdd });
  crm.portal.fail({ kind: "command", method: "batch", match: ({ params }) => readCommands(params).some(isOdd) });
  await payAll(crm, ids);
  await syncDeals(crm.services, await queue.fetch("crm-payment", 100));
  const logged = await db.crmLog.findMany({ where: unread, orderBy: { userId: "asc" } });
  expect(logged.map(({ userId, code }) => [userId, code])).toEqual([
    [ids[1], "ERROR_CORE"],
    [ids[2], "BAD_ANSWER"],
  ]);
});

test.each([
  ["is away", { kind: "502" }],
  ["breaks down over every list of deals", { kind: "500", method: "crm.item.list" }],
  ["refuses every list of deals", { kind: "command", method: "crm.item.list" }],
] as [string, FaultRule][])("a portal that %s stops the round, and is no fault of any deal", async (_name, fault) => {
  const { crm, ids } = await start({});
  const { db, queue } = crm.services;
  await payAll(crm, ids);
  crm.portal.fail(fault);
  const jobs = await queue.fetch("crm-payment", 100);
  expect(jobs).toHaveLength(4);
  expect(await syncDeals(crm.services, jobs)).toMatchObject({ synced: 0, outage: true });
  expect(await db.crmLog.count({ where: unread })).toBe(0);
});

test.each(["command", "500html"] as const)(
  "a portal that answers each request for a deal with %s, but lists none, stops the round, and is no fault of any deal",
  async (kind) => {
    const { crm, ids, deals } = await start({});
    const { db, queue } = crm.services;
    await payAll(crm, ids);
    crm.portal.fail({ kind, match: readsDeals(deals) });
    expect(await syncDeals(crm.services, await queue.fetch("crm-payment", 100))).toMatchObject({
      synced: 0,
      outage: true,
    });
    expect(await db.crmLog.count({ where: unread })).toBe(0);
  },
);

test("four payments whose deals the portal does not return, though it returns others, wait by themselves", async () => {
  const { crm, ids, deals } = await start({}, undefined, 7);
  const { queue } = crm.services;
  await payAll(crm, ids.slice(0, 4));
  crm.portal.fail({ kind: "500html", match: readsDeals(deals.slice(0, 4)) });
  const jobs = await queue.fetch("crm-payment", 100);
  expect(jobs).toHaveLength(4);
  expect(await syncDeals(crm.services, jobs)).toMatchObject({ outage: false });
  expect(await crm.services.db.crmLog.count({ where: unread })).toBe(4);
});

test("a deal that is gone does not prove that the portal returns others", async () => {
  const { crm, ids, deals } = await start({}, undefined, 8);
  const { queue } = crm.services;
  await payAll(crm, ids.slice(0, 4));
  crm.portal.staff.deleteDeal(deals[4] as number);
  const standing = deals.toSpliced(4, 1);
  crm.portal.fail({ kind: "500html", match: readsDeals(standing) });
  expect(await syncDeals(crm.services, await queue.fetch("crm-payment", 100))).toMatchObject({ outage: true });
  expect(await crm.services.db.crmLog.count({ where: unread })).toBe(0);
});

test("stages that the portal does not tell are no fault of any deal, though it returns other deals", async () => {
  const { crm, ids } = await start({}, undefined, 7);
  const { queue } = crm.services;
  await payAll(crm, ids.slice(0, 4));
  crm.portal.fail({ kind: "500", method: "crm.status.list" });
  expect(await syncDeals(crm.services, await queue.fetch("crm-payment", 100))).toMatchObject({ outage: true });
  expect(await crm.services.db.crmLog.count({ where: unread })).toBe(0);
});

test("a portal that refuses the question which portal it is stops the round, also for one payment alone", async () => {
  const { crm, ids } = await start({}, undefined, 1);
  await payAll(crm, ids);
  // A process that has yet to ask.
  const { services } = await startCrm({ server: crm, database: crm.database });
  crm.portal.fail({ kind: "command", method: "batch" });
  expect(await syncDeals(services, await services.queue.fetch("crm-payment", 100))).toMatchObject({ outage: true });
  expect(await services.db.crmLog.count({ where: unread })).toBe(0);
});
