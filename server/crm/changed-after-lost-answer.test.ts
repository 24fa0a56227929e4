import { expect, test } from "vitest";
import { type CrmHarness, startCrm } from "../test/crm";
import { userOf } from "../test/factories";
import { reconcileAll } from "../test/reconcile";
import { loggedRecords } from "./made-records";

/** What managers do to a deal between a request whose answer was lost and the next attempt. */

const day = 86_400_000;
const anna = { email: "anna@example.com", phone: "+79990001122" };
const dealIds = ({ portal }: CrmHarness) => [...portal.deals.keys()];
const isDeal = ({ params }: { params: Record<string, unknown> }) => String(params.entityTypeId) === "2";

/** A person whose deal was made, but whose answer did not arrive; `act` is what a manager does meanwhile. */
async function loseAnswer(
  crm: CrmHarness,
  act: (made: { dealId: number; contactId: number }) => void,
): Promise<{ userId: number; dealId: number; arrived: Awaited<ReturnType<typeof userOf>> }> {
  const before = dealIds(crm);
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.add", match: isDeal, times: 1 });
  const userId = await crm.register(anna);
  const worker = crm.newWorker();
  worker.start();
  await expect.poll(() => dealIds(crm).length).toBe(before.length + 1);
  await worker.stop();
  const dealId = dealIds(crm).find((id) => !before.includes(id)) ?? 0;
  act({ dealId, contactId: crm.portal.deals.get(dealId)?.contactId ?? 0 });
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, userId)).crmState).toBe("SYNCED");
  return { userId, dealId, arrived: await userOf(crm, userId) };
}

/** The worker is stopped and started while the request may still take effect. */
const start = () => startCrm({ env: { BITRIX24_SETTLE_MS: "3000" }, portal: { switches: { mergedMarks: "filled" } } });

const conflicts = async (crm: CrmHarness) => {
  await reconcileAll(crm);
  const open = await crm.services.db.conflict.findMany({ where: { resolvedAt: null }, orderBy: { id: "asc" } });
  return open.map(({ kind, portalId }) => [kind, portalId]);
};

test("a deal whose main contact a manager has changed is still the person's, and no second one is made", async () => {
  const crm = await start();
  const { staff } = crm.portal;
  const accountant = staff.addContact({ name: "Бухгалтерия" }, { emails: ["office@example.com"] });
  const { userId, dealId, arrived } = await loseAnswer(crm, (made) => staff.makeMain(made.dealId, accountant.id));
  expect(dealIds(crm)).toEqual([dealId]);
  expect(arrived.bitrix24DealId).toBe(dealId);
  expect(arrived.bitrix24ContactId).not.toBe(accountant.id);
  expect(crm.portal.deals.get(dealId)?.contactIds).toEqual([accountant.id, arrived.bitrix24ContactId]);
  expect((await loggedRecords(crm.services.db, userId)).deals).toEqual([dealId]);
});

test("a deal whose contact a manager has deleted is still the person's, and gets the new contact", async () => {
  const crm = await start();
  const { userId, dealId, arrived } = await loseAnswer(crm, (made) => crm.portal.staff.deleteContact(made.contactId));
  expect(dealIds(crm)).toEqual([dealId]);
  expect(arrived.bitrix24DealId).toBe(dealId);
  expect([...crm.portal.contacts.keys()]).toEqual([arrived.bitrix24ContactId]);
  expect(crm.portal.deals.get(dealId)?.contactIds).toEqual([arrived.bitrix24ContactId]);
  expect((await loggedRecords(crm.services.db, userId)).deals).toEqual([dealId]);
});

test.each([
  ["a quarter of an hour", 15 * 60_000],
  ["half a day", day / 2],
])(
  "on a portal whose clock is %s behind, a lost answer about the contact or the deal makes no double",
  async (_name, ms) => {
    const crm = await start();
    crm.portal.advance(-ms);
    crm.portal.fail({ kind: "dropAfter", method: "crm.item.add", match: (request) => !isDeal(request), times: 1 });
    const { userId, dealId, arrived } = await loseAnswer(crm, () => {});
    expect(dealIds(crm)).toEqual([dealId]);
    expect(arrived).toMatchObject({ bitrix24DealId: dealId, crmContactBy: "made" });
    expect(crm.portal.contacts.size).toBe(1);
    const made = { contacts: [arrived.bitrix24ContactId], deals: [dealId] };
    expect(await loggedRecords(crm.services.db, userId)).toEqual(made);
  },
);

test("a customer's older deal into which managers have merged the new one is not taken for it", async () => {
  const crm = await start();
  const { staff } = crm.portal;
  crm.portal.advance(-30 * day);
  const contact = staff.addContact({ name: "Анна" }, { emails: [anna.email] });
  const older = staff.addDeal({ title: "Прошлая продажа", contactId: contact.id });
  crm.portal.advance(30 * day);
  const { userId, arrived } = await loseAnswer(crm, ({ dealId }) =>
    staff.mergeDeals([older.id, dealId], { into: older.id, settled: true }),
  );
  expect(crm.portal.deals.get(older.id)).toMatchObject(await crm.mark(userId));
  expect(arrived.bitrix24DealId).not.toBe(older.id);
  expect((await loggedRecords(crm.services.db, userId)).deals).toEqual([arrived.bitrix24DealId]);
});

test("a customer's older contact into which managers have merged the new one is linked, and not taken for it", async () => {
  const crm = await start();
  const { staff } = crm.portal;
  crm.portal.advance(-30 * day);
  const card = staff.addContact({ name: "Анна" }, { emails: ["office@example.com"] });
  crm.portal.advance(30 * day);
  const { userId, arrived } = await loseAnswer(crm, ({ contactId }) =>
    staff.mergeContacts([card.id, contactId], { into: card.id, settled: true }),
  );
  expect(crm.portal.contacts.get(card.id)).toMatchObject(await crm.mark(userId));
  expect(arrived).toMatchObject({ bitrix24ContactId: card.id, crmContactBy: "email" });
  expect((await loggedRecords(crm.services.db, userId)).contacts).not.toContain(card.id);
});

test("a customer's older contact is not taken for the new one either where the answer about the new one was lost", async () => {
  const crm = await start();
  const { staff } = crm.portal;
  crm.portal.advance(-30 * day);
  const card = staff.addContact({ name: "Анна" }, { emails: ["office@example.com"] });
  crm.portal.advance(30 * day);
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.add", times: 1 });
  const userId = await crm.register(anna);
  const worker = crm.newWorker();
  worker.start();
  await expect.poll(() => crm.portal.contacts.size).toBe(2);
  await worker.stop();
  staff.mergeContacts([...crm.portal.contacts.keys()], { into: card.id, settled: true });
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, userId)).crmState).toBe("SYNCED");
  expect(await userOf(crm, userId)).toMatchObject({ bitrix24ContactId: card.id, crmContactBy: "email" });
  expect((await loggedRecords(crm.services.db, userId)).contacts).toEqual([]);
});

test("doubles of a deal are listed, also without a contact or with another main one; a customer's older deal is not", async () => {
  const crm = await start();
  const { staff } = crm.portal;
  const userId = await crm.register(anna);
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, userId)).crmState).toBe("SYNCED");
  const { bitrix24ContactId } = await userOf(crm, userId);
  const mark = await crm.mark(userId);
  const accountant = staff.addContact({ name: "Бухгалтерия" }, { emails: ["office@example.com"] });
  const bare = staff.addDeal({ title: "Без контакта", ...mark });
  const paid = staff.addDeal({ title: "Счёт", contactIds: [accountant.id, bitrix24ContactId ?? 0], ...mark });
  staff.addDeal({ title: "Чужая", contactIds: [accountant.id], ...mark });
  crm.portal.advance(-30 * day);
  staff.addDeal({ title: "Прошлая", ...mark });
  crm.portal.advance(30 * day);
  const open = (await conflicts(crm)).filter(([kind]) => kind === "DUPLICATE_DEAL");
  expect(open).toEqual([
    ["DUPLICATE_DEAL", bare.id],
    ["DUPLICATE_DEAL", paid.id],
  ]);
});
