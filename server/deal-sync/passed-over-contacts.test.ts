import { expect, test } from "vitest";
import type { FaultRule } from "../../e2e/portal/faults";

import { type CrmHarness, noJobsLeft, startCrm } from "../test/crm";
import { admin, userOf } from "../test/factories";
import { reads, scans } from "../test/garbled-answers";
import { reconcileStep } from "./reconcile";
import { requestReconcile } from "./reconcile-runs";

/** Four people with deals; between the contacts of the second and the third one lies a copy of the first one's. */
async function start() {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const { db } = crm.services;
  const worker = crm.newWorker();
  worker.start();
  const arrive = async (count: number) => {
    const ids = await crm.registerMany(count);
    await expect.poll(() => db.user.count({ where: { crmState: "PENDING" } })).toBe(0);
    return ids;
  };
  const ids = await arrive(2);
  const first = await userOf(crm, ids[0] as number);
  const mark = await crm.mark(first.id);
  const copy = crm.portal.staff.addContact({ name: "Копия", ...mark }, { emails: [first.email] });
  ids.push(...(await arrive(2)));
  await noJobsLeft(db);
  await worker.stop();
  return { crm, copy, first };
}

async function finish({ services }: CrmHarness) {
  while (await reconcileStep(services));
}

async function reconcile(crm: CrmHarness) {
  expect(await requestReconcile(crm.services, { actor: admin })).toEqual({ started: true });
  await finish(crm);
}

const duplicates = ({ services }: CrmHarness) =>
  services.db.conflict.findMany({
    where: { kind: "DUPLICATE_CONTACT" },
    select: { portalId: true },
    orderBy: { portalId: "asc" },
  });

test.each(["command", "500", "500html"] as const)(
  "contacts that one reconciliation passed over because of %s are looked at by the next one",
  async (kind) => {
    const { crm, copy } = await start();
    crm.portal.fail({ kind, match: scans(3, [copy.id]) });
    await reconcile(crm);
    const { counts } = await crm.services.db.reconcileRun.findFirstOrThrow();
    expect(counts).toMatchObject({ unread: 1 });
    expect(await duplicates(crm)).toEqual([]);
    crm.portal.clearFaults();
    await reconcile(crm);
    expect(await duplicates(crm)).toEqual([{ portalId: copy.id }]);
  },
);

test("a contact is no duplicate while the portal does not return the person's deal, and is looked at again", async () => {
  const { crm, copy, first } = await start();
  const dealId = first.bitrix24DealId ?? 0;
  crm.portal.staff.addContactToDeal(dealId, copy.id);
  crm.portal.fail({ kind: "command", match: reads(2, [dealId]) });
  await reconcile(crm);
  expect(await duplicates(crm)).toEqual([]);
  crm.portal.clearFaults();
  crm.portal.staff.updateDeal(dealId, { contactIds: [first.bitrix24ContactId ?? 0] });
  await reconcile(crm);
  expect(await duplicates(crm)).toEqual([{ portalId: copy.id }]);
});

test.each([
  ["deal", 2],
  ["contact", 3],
])("a %s is no duplicate while the portal does not tell whether the person's own one stands", async (_name, type) => {
  const { crm, copy, first } = await start();
  const { bitrix24DealId: dealId, bitrix24ContactId: contactId } = first;
  const deal = crm.portal.staff.addDeal({ title: "Копия", contactId, ...(await crm.mark(first.id)) });
  crm.portal.fail({ kind: "command", match: reads(type, [(type === 2 ? dealId : contactId) ?? 0]) });
  const listed = async () =>
    (await crm.services.db.conflict.findMany({ orderBy: { kind: "asc" } })).map(({ portalId }) => portalId);
  await reconcile(crm);
  expect(await listed()).toEqual(type === 2 ? [] : [deal.id]);
  crm.portal.clearFaults();
  await reconcile(crm);
  expect(await listed()).toEqual([copy.id, deal.id]);
});

test("three neighbours whose own contacts are unread hide no duplicate behind them", async () => {
  const { crm, copy, first } = await start();
  const [, ...others] = await crm.services.db.user.findMany({ orderBy: { id: "asc" } });
  for (const { id } of others) crm.portal.staff.addContact({ name: "Копия", ...(await crm.mark(id)) });
  const last = crm.portal.staff.addContact({ name: "Копия", ...(await crm.mark(first.id)) }, { emails: [first.email] });
  crm.portal.fail({
    kind: "500html",
    match: reads(
      3,
      others.map(({ bitrix24ContactId }) => bitrix24ContactId ?? 0),
    ),
  });
  await reconcile(crm);
  expect((await duplicates(crm)).map(({ portalId }) => portalId)).toEqual([copy.id, last.id]);
  expect(crm.lines.filter(({ msg }) => String(msg).includes("is not adopted"))).toHaveLength(3);
});

test("of one person's two contacts the older is taken again, whatever is unread beside them", async () => {
  const { crm, copy, first } = await start();
  const { db } = crm.services;
  const [, ...others] = await db.user.findMany({ orderBy: { id: "asc" } });
  for (const { id } of others) crm.portal.staff.addContact({ name: "Копия", ...(await crm.mark(id)) });
  await db.user.update({ where: { id: first.id }, data: { bitrix24ContactId: null } });
  crm.portal.fail({
    kind: "500html",
    match: reads(
      3,
      others.map(({ bitrix24ContactId }) => bitrix24ContactId ?? 0),
    ),
  });
  await reconcile(crm);
  expect((await userOf(crm, first.id)).bitrix24ContactId).toBe(first.bitrix24ContactId);
  expect((await duplicates(crm)).map(({ portalId }) => portalId)).toEqual([copy.id]);
});

test.each([false, true])(
  "one unread duplicate keeps no other from being settled, also if the end is passed over (%s)",
  async (isEndUnread) => {
    const { crm, copy, first } = await start();
    const { db } = crm.services;
    const [, second, third] = await db.user.findMany({ orderBy: { id: "asc" } });
    const copyOf = async ({ id, email }: typeof first) =>
      crm.portal.staff.addContact({ name: "Копия", ...(await crm.mark(id)) }, { emails: [email] }).id;
    const odd = await copyOf(second as typeof first);
    const remaining = await copyOf(third as typeof first);
    await reconcile(crm);
    const listed = async () =>
      (
        await db.conflict.findMany({ where: { kind: "DUPLICATE_CONTACT", resolvedAt: null }, orderBy: { id: "asc" } })
      ).map(({ portalId }) => portalId);
    expect(await listed()).toEqual([copy.id, odd, remaining]);
    crm.portal.staff.deleteContact(copy.id);
    crm.portal.staff.deleteContact(third?.bitrix24ContactId ?? 0);
    crm.portal.fail({ kind: "500html", match: reads(3, [odd, second?.bitrix24ContactId ?? 0]) });
    if (isEndUnread) crm.portal.fail({ kind: "500html", match: scans(3, [await copyOf(first)]) });
    await reconcile(crm);
    expect((await userOf(crm, third?.id ?? 0)).bitrix24ContactId).toBe(remaining);
    expect(await listed()).toEqual([odd]);
  },
);

test.each([
  ["deals", 2, { kind: "command" }],
  ["deals", 2, { kind: "500html" }],
  ["contacts", 3, { kind: "command" }],
  ["contacts", 3, { kind: "500html" }],
] as [string, number, FaultRule][])(
  "a reconciliation passes over no %s while the portal returns none of them (entity %i, %j)",
  async (_name, entityTypeId, fault) => {
    const { crm } = await start();
    const { db } = crm.services;
    const known = entityTypeId === 2 ? crm.portal.deals : crm.portal.contacts;
    crm.portal.fail({ ...fault, match: scans(entityTypeId, [...known.keys()]) });
    expect(await requestReconcile(crm.services, { actor: admin })).toEqual({ started: true });
    await expect(finish(crm)).rejects.toMatchObject({ kind: "refused" });
    await expect(finish(crm)).rejects.toMatchObject({ kind: "refused" });
    await noJobsLeft(db);
    crm.portal.clearFaults();
    await finish(crm);
    const { finishedAt, counts } = await db.reconcileRun.findFirstOrThrow();
    expect({ finishedAt, counts }).toMatchObject({
      finishedAt: expect.any(Date),
      counts: { compared: 4, unread: 0 },
    });
    expect(await duplicates(crm)).toHaveLength(1);
  },
);

test("three neighbours that the portal does not return end no reconciliation", async () => {
  const { crm } = await start();
  const contacts = await crm.services.db.user.findMany({ orderBy: { id: "asc" }, take: 3 });
  const odd = contacts.map(({ bitrix24DealId }) => bitrix24DealId ?? 0);
  crm.portal.fail({ kind: "500html", match: scans(2, odd) });
  await reconcile(crm);
  const { counts } = await crm.services.db.reconcileRun.findFirstOrThrow();
  expect(counts).toMatchObject({ compared: 1, unread: 3 });
});
