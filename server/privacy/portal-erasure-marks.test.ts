import { afterEach, beforeEach, expect, test } from "vitest";
import { systemActor } from "../audit/actor";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { erasePerson } from "./erase";

let crm: CrmHarness;
beforeEach(async () => {
  crm = await createCrmHarness({ env: { ERASE_IN_CRM: "delete" } });
});
afterEach(() => crm.close());

const person = { firstName: "Пелагея", email: "pelageya@vyrubova.example", phone: "+79167654321" };

const erase = (userId: number) => erasePerson(crm.services, { actor: systemActor, userId, cause: "self" });
const erasureOf = (userId: number) => crm.services.db.erasure.findUniqueOrThrow({ where: { userId } });
const isDone = (userId: number) => expect.poll(async () => (await erasureOf(userId)).state).toBe("done");

async function arrived(): Promise<number> {
  const userId = await crm.register(person);
  await expect.poll(() => crm.services.db.user.count({ where: { id: userId, crmState: "SYNCED" } })).toBe(1);
  return userId;
}

test("what fits the person and bears the old mark, but was made here by no word of the log, is left", async () => {
  const userId = await crm.register(person);
  const mark = { originatorId: crm.services.env.BITRIX24_ORIGINATOR_ID, originId: `user-${userId}` };
  const contact = crm.portal.staff.addContact({ name: "Пелагея", ...mark }, { emails: [person.email] });
  const deal = crm.portal.staff.addDeal({ title: "Заявка", contactId: contact.id, ...mark });
  await crm.services.db.user.update({
    where: { id: userId },
    data: { crmState: "SYNCED", bitrix24ContactId: contact.id, crmContactBy: "made", bitrix24DealId: deal.id },
  });
  const before = structuredClone([contact, deal]);
  await erase(userId);
  crm.newWorker().start();
  await isDone(userId);
  expect([crm.portal.contacts.get(contact.id), crm.portal.deals.get(deal.id)]).toEqual(before);
  expect((await erasureOf(userId)).counts).toEqual({ deleted: 0, anonymised: 0, left: 2 });
});

test("what the log says was made under the old mark goes, although the log goes with the person", async () => {
  crm.newWorker().start();
  const userId = await arrived();
  const old = { originatorId: crm.services.env.BITRIX24_ORIGINATOR_ID };
  for (const record of [...crm.portal.contacts.values(), ...crm.portal.deals.values()]) Object.assign(record, old);
  await erase(userId);
  expect(await crm.services.db.crmLog.count({ where: { userId } })).toBe(0);
  await isDone(userId);
  expect([crm.portal.contacts.size, crm.portal.deals.size]).toEqual([0, 0]);
});

test.each([
  ["deal", 2],
  ["contact", 3],
])(
  "a %s that a request has deleted whose answer was lost counts as deleted, and nothing as left",
  async (_kind, type) => {
    crm.newWorker().start();
    const userId = await arrived();
    const isIts = ({ params }: { params: Record<string, unknown> }) => Number(params.entityTypeId) === type;
    crm.portal.fail({ kind: "dropAfter", times: 1, method: "crm.item.delete", match: isIts });
    await erase(userId);
    await isDone(userId);
    expect([crm.portal.contacts.size, crm.portal.deals.size]).toEqual([0, 0]);
    expect((await erasureOf(userId)).counts).toEqual({ deleted: 2, anonymised: 0, left: 0 });
  },
);

test("an erasing waits while it is open whether the records are another installation's", async () => {
  crm.newWorker().start();
  const userId = await arrived();
  const { marks } = await crm.services.db.installation.findUniqueOrThrow({ where: { id: 1 } });
  await crm.services.db.installation.update({ where: { id: 1 }, data: { part: "abcdefghjkm2", heldMarks: marks } });
  await erase(userId);
  await expect.poll(async () => (await erasureOf(userId)).error).toBe("RESTORE_UNCONFIRMED");
  expect([crm.portal.contacts.size, crm.portal.deals.size]).toEqual([1, 1]);
  await crm.services.db.installation.update({ where: { id: 1 }, data: { heldMarks: [] } });
  await isDone(userId);
  expect([crm.portal.contacts.size, crm.portal.deals.size]).toEqual([0, 0]);
});

test("a second deal goes as well if it has another main contact or none; a stranger's and an older one stay", async () => {
  crm.newWorker().start();
  const userId = await arrived();
  const { db } = crm.services;
  const { bitrix24ContactId } = await db.user.findUniqueOrThrow({ where: { id: userId } });
  const mark = await crm.mark(userId);
  const { staff } = crm.portal;
  const accountant = staff.addContact({ name: "Бухгалтерия" }, { emails: ["office@example.com"] });
  const add = (contactIds: number[]) => staff.addDeal({ title: person.firstName, contactIds, ...mark }).id;
  const logged = add([accountant.id]);
  await db.crmLog.create({
    data: { userId, method: "crm.item.add", outcome: "OK", durationMs: 1, attempt: 1, dealId: logged },
  });
  add([accountant.id, bitrix24ContactId ?? 0]);
  add([]);
  const stranger = add([accountant.id]);
  crm.portal.advance(-30 * 86_400_000);
  const older = add([]);
  crm.portal.advance(30 * 86_400_000);
  await erase(userId);
  await isDone(userId);
  expect([...crm.portal.deals.keys()]).toEqual([stranger, older]);
  expect([...crm.portal.contacts.keys()]).toEqual([accountant.id]);
  expect((await erasureOf(userId)).counts).toEqual({ deleted: 5, anonymised: 0, left: 2 });
});

test("sales that come every month from the person's deal are the managers' own, and stay", async () => {
  crm.newWorker().start();
  const userId = await arrived();
  const { bitrix24DealId } = await crm.services.db.user.findUniqueOrThrow({ where: { id: userId } });
  crm.portal.advance(30 * 86_400_000);
  const { template, made } = crm.portal.staff.makeRecurring(bitrix24DealId ?? 0);
  await erase(userId);
  await isDone(userId);
  expect([...crm.portal.deals.keys()]).toEqual([template.id, made.id]);
  expect((await erasureOf(userId)).counts).toEqual({ deleted: 2, anonymised: 0, left: 2 });
});

test("a double of the deal that a request without an answer has left goes with the person, although the log is gone", async () => {
  crm.newWorker().start();
  const userId = await arrived();
  const { bitrix24ContactId } = await crm.services.db.user.findUniqueOrThrow({ where: { id: userId } });
  const at = new Date(Date.now() - 3_600_000);
  await crm.services.db.crmLog.create({
    data: { userId, method: "crm.item.add", outcome: "UNKNOWN", durationMs: 1, attempt: 1, at },
  });
  crm.portal.advance(-3_600_000);
  const fields = { title: person.firstName, contactIds: [bitrix24ContactId ?? 0], ...(await crm.mark(userId)) };
  crm.portal.staff.addDeal(fields);
  crm.portal.advance(-3_600_000);
  const copy = crm.portal.staff.addDeal(fields);
  crm.portal.advance(2 * 3_600_000);
  await erase(userId);
  await isDone(userId);
  expect([...crm.portal.deals.keys()]).toEqual([copy.id]);
});

test("an erasing begun by a release that saved no times takes a double as well, but no template", async () => {
  const worker = crm.newWorker();
  worker.start();
  const userId = await arrived();
  await worker.stop();
  const { db } = crm.services;
  const { bitrix24ContactId, bitrix24DealId } = await db.user.findUniqueOrThrow({ where: { id: userId } });
  crm.portal.advance(3_600_000);
  const { template } = crm.portal.staff.makeRecurring(bitrix24DealId ?? 0);
  const fields = { title: person.firstName, contactIds: [bitrix24ContactId ?? 0], ...(await crm.mark(userId)) };
  crm.portal.staff.addDeal(fields);
  await erase(userId);
  await db.$executeRaw`update "Erasure" set made = made - 'sent' where "userId" = ${userId}`;
  crm.newWorker().start();
  await isDone(userId);
  expect([...crm.portal.deals.keys()]).toEqual([template.id]);
});
