import { afterAll, beforeAll, expect, test } from "vitest";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { makeAdmin, makeUser } from "../test/factories";
import { whileHeldUp } from "../test/held-up";
import { askIdentity } from "../test/identity";
import { answerIdentity } from "./answer";

let crm: CrmHarness;
beforeAll(async () => {
  crm = await createCrmHarness();
});
afterAll(() => crm.close());

test("on another portal nothing of an erased person is looked for: no record, no message, no visit whose id never came", async () => {
  const { db } = crm.services;
  const actor = await makeAdmin(db);
  const common = { actorKind: "SYSTEM", cause: "admin", mode: "delete", salt: "" } as const;
  const records = { contactId: 1, dealId: 2, toldAt: new Date(), made: { contacts: [1], deals: [2] } };
  const visits = [{ traceOpen: true }, { traceId: 3 }];
  const userIds: number[] = [];
  for (const visit of visits) {
    const { id: userId } = await makeUser(db, { erasedAt: new Date() });
    await db.erasure.create({ data: { ...common, ...records, ...visit, userId, state: "pending" } });
    userIds.push(userId);
  }
  await askIdentity(db, "portal");

  await answerIdentity(crm.services, { actor, answer: "other" });

  const left = await db.erasure.findMany({
    where: { userId: { in: userIds } },
    select: { contactId: true, dealId: true, traceId: true, traceOpen: true, toldAt: true, made: true },
  });
  const nothing = { contactId: null, dealId: null, traceId: null, traceOpen: false, toldAt: null };
  expect(left).toEqual(visits.map(() => ({ ...nothing, made: { contacts: [], deals: [] } })));
});

test("on another portal no conflict of the earlier one stands, neither an open nor a dismissed one", async () => {
  const { db } = crm.services;
  const actor = await makeAdmin(db);
  const resolved = (resolution: string) => ({ resolvedAt: new Date(), resolution });
  const ends = [{}, resolved("dismiss"), resolved("recreate")];
  for (const [place, end] of ends.entries()) {
    const { id: userId } = await makeUser(db);
    await db.conflict.create({ data: { kind: "DEAL_DELETED", userId, portalId: 40 + place, ...end } });
  }
  await askIdentity(db, "portal");

  await answerIdentity(crm.services, { actor, answer: "other" });

  const left = await db.conflict.findMany({ select: { resolution: true }, orderBy: { portalId: "asc" } });
  expect(left.map(({ resolution }) => resolution)).toEqual(["gone", "gone", "recreate"]);
});

test("a copy leaves its earlier registrations to the original, and sends whom a list has brought since the question", async () => {
  const { db } = crm.services;
  const actor = await makeAdmin(db);
  const hour = 3_600_000;
  const registered = { createdAt: new Date(Date.now() - 10 * hour) };
  const earlier = await makeUser(db, { ...registered, insertedAt: registered.createdAt });
  const unknown = await makeUser(db, { ...registered, insertedAt: null });
  const imported = await makeUser(db, registered);
  await askIdentity(db, "database", { at: new Date(Date.now() - hour) });

  await answerIdentity(crm.services, { actor, answer: "copy" });

  const states = await db.user.findMany({
    where: { id: { in: [earlier.id, unknown.id, imported.id] } },
    select: { crmState: true },
    orderBy: { id: "asc" },
  });
  expect(states.map(({ crmState }) => crmState)).toEqual(["SYNCED", "SYNCED", "PENDING"]);
});

test("a copy tells neither programs nor people that the registrations arrived that it leaves to the original", async () => {
  const { db } = crm.services;
  const actor = await makeAdmin(db);
  await db.noticeKind.create({ data: { kind: "welcome" } });
  const webhook = { url: "https://receiver.example/", events: ["registration.synced"], sealedSecret: "sealed" };
  await db.webhook.create({ data: { ...webhook, createdById: actor.id ?? 0 } });
  const left = [
    {},
    { crmState: "FAILED" },
    { crmState: "SYNCED", crmError: "DEAL_REMOVED", bitrix24DealId: 71 },
  ] as const;
  const ids: number[] = [];
  for (const state of left) {
    const consents = { create: { kind: "registration", version: "1", locale: "ru" } };
    const { id } = await makeUser(db, { ...state, consents, insertedAt: null, createdAt: new Date(0) });
    ids.push(id);
  }
  await askIdentity(db, "database");

  await answerIdentity(crm.services, { actor, answer: "copy" });

  const complete = { id: { in: ids }, crmState: "SYNCED", crmError: null, bitrix24DealId: null } as const;
  expect(await db.user.count({ where: complete })).toBe(left.length);
  const told = { where: { userId: { in: ids } } };
  expect(await db.personNotice.findMany(told)).toEqual([]);
  expect(await db.webhookDelivery.findMany(told)).toEqual([]);
});

test.each([
  { answer: "other", kind: "portal" },
  { answer: "copy", kind: "database" },
] as const)(
  "a person who is held keeps no record of the former portal after “$answer”, and stays held",
  async ({ answer, kind }) => {
    const { db } = crm.services;
    const actor = await makeAdmin(db);
    const records = {
      bitrix24ContactId: 61,
      crmContactBy: "email",
      bitrix24DealId: 62,
      crmSale: { dealId: 62, currency: "USD", amount: 149, rows: [] },
      crmProduct: { id: 1777, name: "Course", priceUsd: 149 },
      crmTraceId: 63,
      crmTracedAt: new Date(),
      crmInFlightUntil: new Date(),
    };
    const { id } = await makeUser(db, { ...records, crmState: "HELD", holds: ["consent"] });
    await askIdentity(db, kind);

    await answerIdentity(crm.services, { actor, answer });

    const nothing = Object.fromEntries(Object.keys(records).map((column) => [column, null]));
    expect(await db.user.findUnique({ where: { id } })).toMatchObject({
      ...nothing,
      crmState: "HELD",
      holds: ["consent"],
    });
    expect(await db.earlierRecord.findFirst({ where: { userId: id } })).toMatchObject({ contactId: 61, dealId: 62 });
  },
);

test("the answer is carried out for very many people, however long that takes", async () => {
  const { db, pool } = crm.services;
  const actor = await makeAdmin(db);
  const { id } = await makeUser(db, { bitrix24DealId: 41, crmState: "SYNCED" });
  await askIdentity(db, "portal");
  await whileHeldUp({ pool }, { table: "EarlierRecord" }, (impatient) =>
    answerIdentity({ ...crm.services, db: impatient }, { actor, answer: "other" }),
  );
  expect(await db.user.findUnique({ where: { id } })).toMatchObject({ crmState: "PENDING", bitrix24DealId: null });
});
