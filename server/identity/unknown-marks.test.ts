import { afterEach, beforeEach, expect, test } from "vitest";
import { addCustomers, addInstallation } from "../../e2e/portal/installations";
import { systemActor } from "../audit/actor";
import { erasePerson } from "../privacy/erase";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { findUnknownMarks, markQuestions } from "./unknown-marks";

let crm: CrmHarness;
beforeEach(async () => {
  crm = await createCrmHarness();
});
afterEach(() => crm.close());

const synced = () => expect.poll(() => crm.services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);

async function unknownMarks() {
  const { bitrix24 } = crm.services;
  return findUnknownMarks(crm.services, await bitrix24.client.batch(markQuestions(await bitrix24.marks())));
}

async function arrive(count: number): Promise<number[]> {
  const ids = await crm.registerMany(count);
  crm.newWorker().start();
  await synced();
  return ids;
}

test("what this installation has made, and what is nobody's or another program's, is not unknown", async () => {
  const [first] = await arrive(3);
  addCustomers(crm.portal, 2);
  crm.portal.staff.addDeal({ title: "1C", originatorId: "1c", originId: "user-1" });
  crm.portal.staff.addDeal({ title: "Магазин", originatorId: "registration-desk", originId: "user-2" });
  await erasePerson(crm.services, {
    actor: systemActor,
    userId: first ?? 0,
    cause: "self",
  });
  expect(await unknownMarks()).toEqual({ elsewhere: [], lost: [] });
});

test("another installation's marks are unknown, with a part of their own or of before there were parts", async () => {
  await arrive(1);
  const [old] = addInstallation(crm.portal, { count: 1 });
  const [other] = addInstallation(crm.portal, { count: 1, originatorId: "registration-abcdefghjkm2" });
  const { elsewhere, lost } = await unknownMarks();
  expect(lost).toEqual([]);
  expect(elsewhere.filter(({ isDeal }) => isDeal).map(({ id }) => id)).toEqual([old?.dealId, other?.dealId]);
  expect(elsewhere.filter(({ isDeal }) => !isDeal).map(({ id }) => id)).toEqual([old?.contactId, other?.contactId]);
});

test("marks of people whom this database has lost are told from those of others", async () => {
  const [kept, lostId] = await arrive(2);
  const { bitrix24DealId, bitrix24ContactId } = await crm.services.db.user.findUniqueOrThrow({
    where: { id: lostId ?? 0 },
  });
  await crm.services.db.user.delete({ where: { id: lostId ?? 0 } });
  const { elsewhere, lost } = await unknownMarks();
  expect(elsewhere).toEqual([]);
  expect(lost.map(({ isDeal, id }) => [isDeal, id])).toEqual([
    [true, bitrix24DealId],
    [false, bitrix24ContactId],
  ]);
  expect(kept).toBeDefined();
});

test("a duplicate of a known user is left to the reconciliation", async () => {
  const [id] = await arrive(1);
  crm.portal.staff.addDeal({ title: "Дубль", ...(await crm.mark(id)) });
  expect(await unknownMarks()).toEqual({ elsewhere: [], lost: [] });
});
