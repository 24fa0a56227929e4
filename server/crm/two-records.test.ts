import { expect, test } from "vitest";
import { startCrm } from "../test/crm";
import { reconcileAll } from "../test/reconcile";

/** Nothing of the person's is known here, as after requests that took effect although their answers were lost. */
async function start() {
  const crm = await startCrm();
  const { staff } = crm.portal;
  const userId = await crm.register({ email: "anna@example.com", phone: "+79990001122" });
  const mark = await crm.mark(userId);
  const stranger = staff.addContact({ name: "Чужая" }, { emails: ["stranger@example.com"] });
  const contacts = ["anna@example.com", "anna@example.com"].map(
    (email) => staff.addContact({ name: "Анна", ...mark }, { emails: [email] }).id,
  );
  const arrive = async () => {
    crm.newWorker().start();
    await expect.poll(() => crm.services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
    return crm.services.db.user.findUniqueOrThrow({ where: { id: userId } });
  };
  return { crm, userId, staff, mark, stranger: stranger.id, contacts, arrive };
}

test("of two contacts and two deals with a person's mark the oldest are the person's, and the others are listed", async () => {
  const { crm, userId, staff, mark, contacts, arrive } = await start();
  const sale = { currencyId: "USD", opportunity: 49, isManualOpportunity: "Y" };
  const deals = contacts.map((contactId) => staff.addDeal({ title: "Анна", contactId, ...sale, ...mark }).id);
  // Both were made by requests without an answer.
  await crm.services.db.crmLog.create({
    data: { userId, method: "crm.item.add", outcome: "UNKNOWN", code: "TIMEOUT", durationMs: 30_000, attempt: 1 },
  });
  const user = await arrive();
  expect([user.bitrix24ContactId, user.bitrix24DealId]).toEqual([contacts[0], deals[0]]);
  expect([crm.portal.contacts.size, crm.portal.deals.size]).toEqual([3, 2]);
  await reconcileAll(crm);
  const open = await crm.services.db.conflict.findMany({ where: { resolvedAt: null }, orderBy: { id: "asc" } });
  expect(open.map(({ kind, portalId }) => [kind, portalId])).toEqual([
    ["DUPLICATE_DEAL", deals[1]],
    ["DUPLICATE_CONTACT", contacts[1]],
  ]);
});

test("of two deals with a person's mark the one that fits is taken, however old the other is", async () => {
  const { crm, staff, mark, stranger, contacts, arrive } = await start();
  const strangers = staff.addDeal({ title: "Чужая", contactId: stranger, ...mark });
  const before = structuredClone(crm.portal.deals.get(strangers.id));
  const own = staff.addDeal({ title: "Анна", contactId: contacts[0] ?? 0, ...mark });
  expect((await arrive()).bitrix24DealId).toBe(own.id);
  expect(crm.portal.deals.size).toBe(2);
  expect(crm.portal.deals.get(strangers.id)).toEqual(before);
});
