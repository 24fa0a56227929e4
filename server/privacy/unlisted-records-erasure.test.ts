import { expect, test } from "vitest";
import type { Rights } from "../../e2e/portal/rights";
import { alertMails } from "../test/alerts";
import { arrived } from "../test/corrections";
import { type CrmHarness, startCrm } from "../test/crm";
import { erase, erased, erasureOf, isDone, person, portalText, words } from "../test/erasures";
import { userOf } from "../test/factories";
import { hits } from "../test/search-everywhere";

/** Records of an erased person that the portal's list by external id leaves out. */

/** A person who has arrived, and the webhook's owner is an employee with these rights. */
async function start(rights: Rights, mode: "delete" | "anonymise" = "anonymise") {
  const crm = await startCrm({ env: { ERASE_IN_CRM: mode } });
  crm.newWorker().start();
  const userId = await arrived(crm, person);
  const { bitrix24ContactId, bitrix24DealId } = await userOf(crm, userId);
  employ(crm, rights);
  return { crm, userId, contactId: bitrix24ContactId ?? 0, dealId: bitrix24DealId ?? 0 };
}

function employ({ portal }: CrmHarness, rights: Rights): void {
  portal.configure({ users: portal.settings.users.map((user) => ({ ...user, admin: false, rights })) });
}

const closures: [name: string, rights: Rights, close: (crm: CrmHarness, dealId: number) => void][] = [
  [
    "moved to a funnel that the webhook's owner does not see",
    { hiddenFunnels: [1] },
    ({ portal }, dealId) => portal.staff.moveDeal(dealId, "C1:NEW"),
  ],
  [
    "given to an employee whose deals the webhook's owner does not see",
    { deal: { read: "own" } },
    ({ portal }, dealId) => portal.staff.assignDeal(dealId, 2),
  ],
];

for (const mode of ["delete", "anonymise"] as const)
  test.each(closures)(
    `a deal that was %s holds its erasure open until it is seen again, and all else is erased at once (${mode})`,
    async (...closure) => {
      const [, rights, close] = closure;
      const { crm, userId, dealId, contactId } = await start(rights, mode);
      close(crm, dealId);
      await erase(crm, userId);
      await expect
        .poll(async () => (await alertMails(crm)).filter(({ text }) => text.includes(`/admin/rights/${userId}`)))
        .toHaveLength(1);
      expect(await erasureOf(crm, userId)).toMatchObject({ state: "pending", error: "ACCESS_DENIED", counts: {} });
      expect(hits(JSON.stringify(crm.portal.deals.get(dealId)), words)).not.toEqual([]);
      expect(hits(JSON.stringify(crm.portal.contacts.get(contactId)), words)).toEqual([]);
      employ(crm, {});
      await isDone(crm, userId);
      expect(hits(portalText(crm), words)).toEqual([]);
      const done = mode === "delete" ? { deleted: 2, anonymised: 0 } : { deleted: 0, anonymised: 2 };
      expect((await erasureOf(crm, userId)).counts).toEqual({ ...done, left: 0 });
    },
  );

/** Waits until an attempt to erase has found the closed deal and done all else. */
async function isHeldOpen(crm: CrmHarness, userId: number): Promise<void> {
  await expect.poll(async () => (await erasureOf(crm, userId)).attempts).toBeGreaterThan(0);
}

test("what managers write on a contact that was made anonymous stands while its erasure waits for a closed deal", async () => {
  const { crm, userId, contactId, dealId } = await start({ hiddenFunnels: [1] });
  const { portal } = crm;
  portal.staff.moveDeal(dealId, "C1:NEW");
  await erase(crm, userId);
  await isHeldOpen(crm, userId);
  portal.staff.updateContact(contactId, { comments: "Refund by 12 May" });
  const { attempts } = await erasureOf(crm, userId);
  await expect.poll(async () => (await erasureOf(crm, userId)).attempts).toBeGreaterThan(attempts + 1);
  employ(crm, {});
  await isDone(crm, userId);
  expect(portal.contacts.get(contactId)?.comments).toBe("Refund by 12 May");
  expect((await erasureOf(crm, userId)).counts).toEqual({ deleted: 0, anonymised: 2, left: 0 });
});

for (const mode of ["delete", "anonymise"] as const)
  test(`a contact is handed over once while its erasure waits for a closed deal (${mode})`, async () => {
    const { crm, userId, contactId, dealId } = await start({ hiddenFunnels: [1] }, mode);
    const { portal } = crm;
    const heirId = await arrived(crm, { firstName: "Иван", email: "ivan@example.com", phone: person.phone });
    expect((await userOf(crm, heirId)).bitrix24ContactId).toBe(contactId);
    portal.staff.moveDeal(dealId, "C1:NEW");
    await erase(crm, userId);
    await isHeldOpen(crm, userId);
    expect(portal.contacts.get(contactId)).toMatchObject({ name: "Иван", originId: `user-${heirId}` });
    portal.staff.updateContact(contactId, { name: "Иван Петрович" });
    employ(crm, {});
    await isDone(crm, userId);
    expect(portal.contacts.get(contactId)?.name).toBe("Иван Петрович");
    expect(hits(portalText(crm), ["пелагея", "вырубова", "pelageya"])).toEqual([]);
    const done = mode === "delete" ? { deleted: 1, anonymised: 0 } : { deleted: 0, anonymised: 1 };
    expect((await erasureOf(crm, userId)).counts).toEqual({ ...done, left: 1 });
  });

test("a deal stays linked to the person's contact while that contact is closed", async () => {
  const { crm, userId, contactId, dealId } = await start({ contact: { read: "own" } });
  crm.portal.staff.assignContact(contactId, 2);
  await erase(crm, userId);
  await isHeldOpen(crm, userId);
  expect(hits(JSON.stringify(crm.portal.deals.get(dealId)), words)).toEqual([]);
  crm.portal.staff.updateDeal(dealId, { title: "Refund by 12 May" });
  const { attempts } = await erasureOf(crm, userId);
  await expect.poll(async () => (await erasureOf(crm, userId)).attempts).toBeGreaterThan(attempts + 1);
  employ(crm, {});
  await isDone(crm, userId);
  expect(hits(portalText(crm), words)).toEqual([]);
  expect(crm.portal.deals.get(dealId)).toMatchObject({ title: "Refund by 12 May", contactIds: [contactId] });
});

test("a deal is taken from a customer's own contact that was closed when it was made anonymous", async () => {
  const crm = await startCrm({ env: { ERASE_IN_CRM: "anonymise" } });
  const own = crm.portal.staff.addContact({ name: person.firstName }, { emails: [person.email] });
  crm.newWorker().start();
  const userId = await arrived(crm, person);
  const { bitrix24ContactId, bitrix24DealId } = await userOf(crm, userId);
  expect(bitrix24ContactId).toBe(own.id);
  employ(crm, { contact: { read: "own" } });
  crm.portal.staff.assignContact(own.id, 2);
  await erase(crm, userId);
  await isHeldOpen(crm, userId);
  const deal = () => crm.portal.deals.get(bitrix24DealId ?? 0);
  expect(deal()?.contactIds).toEqual([own.id]);
  employ(crm, {});
  await isDone(crm, userId);
  expect(deal()?.contactIds).toEqual([]);
});

test("a contact that was made anonymous and is closed later keeps its deal, and is counted once", async () => {
  const { crm, userId, contactId, dealId } = await start({ hiddenFunnels: [1], contact: { read: "own" } });
  const { portal } = crm;
  portal.staff.moveDeal(dealId, "C1:NEW");
  await erase(crm, userId);
  await isHeldOpen(crm, userId);
  portal.staff.assignContact(contactId, 2);
  portal.staff.moveDeal(dealId, "NEW");
  await isDone(crm, userId);
  expect(portal.deals.get(dealId)?.contactIds).toEqual([contactId]);
  expect((await erasureOf(crm, userId)).counts).toEqual({ deleted: 0, anonymised: 2, left: 0 });
});

for (const mode of ["delete", "anonymise"] as const)
  test(`a deal that may be read and not changed keeps the person's contact from nothing (${mode})`, async () => {
    const { crm, userId, contactId, dealId } = await start({ deal: { update: "own", delete: "own" } }, mode);
    crm.portal.staff.assignDeal(dealId, 2);
    await erase(crm, userId);
    await isHeldOpen(crm, userId);
    expect(await erasureOf(crm, userId)).toMatchObject({ state: "pending", error: "ACCESS_DENIED", counts: {} });
    expect(hits(JSON.stringify(crm.portal.contacts.get(contactId)), words)).toEqual([]);
    employ(crm, {});
    await isDone(crm, userId);
    expect(hits(portalText(crm), words)).toEqual([]);
    const done = mode === "delete" ? { deleted: 2, anonymised: 0 } : { deleted: 0, anonymised: 2 };
    expect((await erasureOf(crm, userId)).counts).toEqual({ ...done, left: 0 });
  });

test("a deal that was made anonymous and is closed later holds nothing open, and keeps what managers wrote", async () => {
  const { crm, userId, dealId } = await start({ hiddenFunnels: [1] });
  const { portal } = crm;
  const further = portal.staff.addDeal({ title: person.firstName, ...(await crm.mark(userId)) });
  const { db } = crm.services;
  await db.crmLog.create({
    data: { userId, method: "crm.item.add", outcome: "OK", durationMs: 1, attempt: 1, dealId: further.id },
  });
  portal.staff.moveDeal(further.id, "C1:NEW");
  await erase(crm, userId);
  await isHeldOpen(crm, userId);
  portal.staff.updateDeal(dealId, { title: "Refund by 12 May" });
  portal.staff.moveDeal(dealId, "C1:NEW");
  const { attempts } = await erasureOf(crm, userId);
  await expect.poll(async () => (await erasureOf(crm, userId)).attempts).toBeGreaterThan(attempts + 1);
  portal.staff.moveDeal(further.id, "NEW");
  await isDone(crm, userId);
  expect(portal.deals.get(dealId)?.title).toBe("Refund by 12 May");
  expect(hits(JSON.stringify(portal.deals.get(further.id)), words)).toEqual([]);
  expect((await erasureOf(crm, userId)).counts).toEqual({ deleted: 0, anonymised: 3, left: 0 });
});

test("a further contact that was made for the person and is hidden now holds the erasure open as well", async () => {
  const { crm, userId, contactId, dealId } = await start({});
  const { db } = crm.services;
  const further = crm.portal.staff.addContact({ name: person.firstName, ...(await crm.mark(userId)) });
  await db.crmLog.create({
    data: { userId, method: "crm.item.add", outcome: "OK", durationMs: 1, attempt: 1, contactId: further.id },
  });
  for (const id of [contactId, dealId]) expect(id).not.toBe(further.id);
  crm.portal.staff.assignContact(further.id, 2);
  employ(crm, { contact: { read: "own" } });
  await erase(crm, userId);
  await expect.poll(async () => (await erasureOf(crm, userId)).error).toBe("ACCESS_DENIED");
  employ(crm, {});
  await isDone(crm, userId);
  expect(hits(portalText(crm), words)).toEqual([]);
  expect((await erasureOf(crm, userId)).counts).toEqual({ deleted: 0, anonymised: 3, left: 0 });
});

test.each([
  ["has lost its mark", { originatorId: "", originId: "" }],
  ["bears another program's mark", { originatorId: "shop", originId: "order-5" }],
])("a deal that %s is left, and the erasure says so", async (_name, mark) => {
  const { crm, userId, dealId } = await start({});
  crm.portal.staff.updateDeal(dealId, mark);
  const before = structuredClone(crm.portal.deals.get(dealId));
  await erased(crm, userId);
  expect(crm.portal.deals.get(dealId)).toEqual(before);
  expect((await erasureOf(crm, userId)).counts).toEqual({ deleted: 0, anonymised: 1, left: 1 });
});

test("a deal that managers have deleted is gone, and one out of the recycle bin is erased", async () => {
  const { crm, userId, dealId } = await start({});
  crm.portal.staff.deleteDeal(dealId);
  const other = await arrived(crm, { firstName: "Иван", email: "ivan@example.com", phone: "+79160000001" });
  const { bitrix24DealId } = await userOf(crm, other);
  crm.portal.staff.deleteDeal(bitrix24DealId ?? 0);
  const restored = crm.portal.staff.restoreDeal(bitrix24DealId ?? 0);
  await erased(crm, userId);
  expect((await erasureOf(crm, userId)).counts).toEqual({ deleted: 0, anonymised: 1, left: 0 });
  await erased(crm, other);
  expect((await erasureOf(crm, other)).counts).toEqual({ deleted: 0, anonymised: 2, left: 0 });
  expect(hits(JSON.stringify(restored), ["иван", "ivan", "9160000001"])).toEqual([]);
});
