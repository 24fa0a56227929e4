import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";

/** Ann's deal of one course at 149 dollars, as a program leaves it. */
function portalWithDeal(): Portal {
  const products = [
    { id: 1777, name: "Course", price: 149, currency: "USD", active: true },
    { id: 1800, name: "Book", price: 900, currency: "RUB", active: true },
  ];
  const portal = createPortal({ products });
  const mark = { originatorId: "svc", originId: "user-1" };
  portal.staff.addContact({ name: "Ann", ...mark }, { phones: ["+79990000001"], emails: ["ann@example.com"] });
  portal.staff.addDeal({ title: "T", currencyId: "USD", contactIds: [3001], ...mark });
  portal.staff.setRows(7001, [{ productId: 1777, price: 149, quantity: 1 }]);
  return portal;
}

test("a change of currency converts prices and amount by the portal's rate, and keeps the rows", () => {
  const portal = portalWithDeal();
  const [before] = portal.rows.get(7001) ?? [];
  portal.staff.changeCurrency(7001, "RUB");
  expect(portal.deals.get(7001)).toMatchObject({ currencyId: "RUB", opportunity: 13_410 });
  expect(portal.rows.get(7001)).toMatchObject([
    { id: before?.id, productId: 1777, price: 13_410, priceAccount: 13_410 },
  ]);
  expect(() => portal.staff.changeCurrency(7001, "GBP")).toThrow("no currency GBP");
  expect(portal.rows.get(7001)).toMatchObject([{ price: 13_410 }]);
});

test("a replaced product is sold at its own price, in the deal's currency, or at the manager's", () => {
  const portal = portalWithDeal();
  portal.staff.replaceProduct(7001, 1777, 1800);
  expect(portal.rows.get(7001)).toMatchObject([{ productId: 1800, productName: "Book", price: 10 }]);
  expect(portal.deals.get(7001)?.opportunity).toBe(10);
  portal.staff.replaceProduct(7001, 1800, 1777, 99);
  expect(portal.rows.get(7001)).toMatchObject([{ productId: 1777, price: 99 }]);
  expect(() => portal.staff.replaceProduct(7001, 5, 6)).toThrow("no product 5");
});

test("another contact can be made the deal's main one, or added behind it", () => {
  const portal = portalWithDeal();
  const boss = portal.staff.addContact({ name: "Boss" });
  const aide = portal.staff.addContact({ name: "Aide" });
  portal.staff.makeMain(7001, boss.id);
  expect(portal.deals.get(7001)).toMatchObject({ contactId: boss.id, contactIds: [boss.id, 3001] });
  portal.staff.addContactToDeal(7001, aide.id);
  portal.staff.makeMain(7001, 3001);
  expect(portal.deals.get(7001)?.contactIds).toEqual([3001, boss.id, aide.id]);
  expect(() => portal.staff.makeMain(7001, 999)).toThrow("no contact 999");
});

test("a deal is moved within its funnel and into another one", () => {
  const portal = portalWithDeal();
  portal.staff.moveDeal(7001, "FINAL_INVOICE");
  expect(portal.deals.get(7001)).toMatchObject({ categoryId: 0, stageId: "FINAL_INVOICE" });
  portal.staff.moveDeal(7001, "C1:WON");
  expect(portal.deals.get(7001)).toMatchObject({ categoryId: 1, stageId: "C1:WON", closed: "Y" });
});

test("a manager settles what contradicts, and chooses which one stays", () => {
  const portal = portalWithDeal();
  const bob = portal.staff.addContact({ name: "Bob" }, { phones: ["+79990000002"] });
  expect(() => portal.staff.mergeContacts([3001, bob.id])).toThrow("contradict");
  portal.staff.mergeContacts([3001, bob.id], { into: bob.id, settled: true });
  expect([...portal.contacts.keys()]).toEqual([bob.id]);
  expect(portal.contacts.get(bob.id)).toMatchObject({ name: "Bob", originId: "" });
  expect(portal.contacts.get(bob.id)?.fm).toHaveLength(3);
  expect(portal.deals.get(7001)).toMatchObject({ contactId: bob.id });
});

test("a deal merged into another leaves its contacts, rows and comments there, and its mark if that is set", async () => {
  for (const mergedMarks of ["own", "filled"] as const) {
    const portal = portalWithDeal();
    portal.configure({ switches: { mergedMarks } });
    await callPortal(portal, "crm.timeline.comment.add", {
      fields: { ENTITY_TYPE: "deal", ENTITY_ID: 7001, COMMENT: "paid" },
    });
    const theirs = portal.staff.addDeal({ title: "By hand", currencyId: "USD", stageId: "EXECUTING" });
    portal.staff.mergeDeals([7001, theirs.id], { into: theirs.id, settled: true });
    expect([...portal.deals.keys()]).toEqual([theirs.id]);
    expect(portal.deals.get(theirs.id)).toMatchObject({
      stageId: "EXECUTING",
      contactIds: [3001],
      opportunity: 149,
      originId: mergedMarks === "own" ? "" : "user-1",
    });
    expect(portal.rows.get(theirs.id)).toMatchObject([{ productId: 1777, ownerId: theirs.id }]);
    expect([...portal.comments.values()]).toMatchObject([{ entityId: theirs.id, text: "paid" }]);
  }
});

test("records are handed over, phones taken away, and it is seen who did so", () => {
  const portal = portalWithDeal();
  const nina = portal.staffAs(3);
  nina.assignDeal(7001, 3);
  nina.assignContact(3001, 3);
  nina.removeCommunication(3001, "+79990000001");
  expect(portal.deals.get(7001)).toMatchObject({ assignedById: 3, updatedBy: 3 });
  expect(portal.contacts.get(3001)).toMatchObject({ assignedById: 3, hasPhone: "N", fm: [{ typeId: "EMAIL" }] });
});

test("a deal out of the recycle bin is another record with the same fields, rows and links", () => {
  const portal = portalWithDeal();
  const { id: _, ...before } = structuredClone(portal.deals.get(7001) ?? { id: 0 });
  portal.staff.deleteDeal(7001);
  portal.advance(86_400_000);
  const { id } = portal.staff.restoreDeal(7001);
  expect(id).toBe(7002);
  expect([...portal.deals.keys()]).toEqual([id]);
  expect(portal.deals.get(id)).toEqual({ ...before, id });
  expect(portal.rows.get(id)).toMatchObject([{ productId: 1777, price: 149, ownerId: id }]);
  expect(() => portal.staff.restoreDeal(7001)).toThrow("no record 7001");
});

test("a contact out of the recycle bin is another record on the deals that it was on, and is found again", async () => {
  const portal = portalWithDeal();
  const { id: _, ...before } = structuredClone(portal.contacts.get(3001) ?? { id: 0 });
  portal.staff.deleteContact(3001);
  const { id } = portal.staff.restoreContact(3001);
  expect(portal.contacts.get(id)).toEqual({ ...before, id });
  expect(portal.deals.get(7001)).toMatchObject({ contactId: id, contactIds: [id] });
  const found = { type: "EMAIL", values: ["ann@example.com"], entity_type: "CONTACT" };
  expect(await callPortal(portal, "crm.duplicate.findbycomm", found)).toMatchObject({
    body: { result: { CONTACT: [id] } },
  });
});

test("a contact that comes back goes behind the deal's new main one", () => {
  const portal = portalWithDeal();
  const boss = portal.staff.addContact({ name: "Boss" });
  portal.staff.deleteContact(3001);
  portal.staff.makeMain(7001, boss.id);
  const { id } = portal.staff.restoreContact(3001);
  expect(portal.deals.get(7001)).toMatchObject({ contactId: boss.id, contactIds: [boss.id, id] });
});

test("a deal and its contact find each other again, in whatever order they come out of the recycle bin", () => {
  type Act = (portal: Portal) => unknown;
  const both: [Act, Act] = [({ staff }) => staff.deleteDeal(7001), ({ staff }) => staff.deleteContact(3001)];
  const back: [Act, Act] = [({ staff }) => staff.restoreDeal(7001), ({ staff }) => staff.restoreContact(3001)];
  for (const deleted of [both, both.toReversed()])
    for (const restored of [back, back.toReversed()]) {
      const portal = portalWithDeal();
      for (const each of [...deleted, ...restored]) each(portal);
      expect(portal.deals.get(7002)).toMatchObject({ contactId: 3002, contactIds: [3002] });
    }
});

test("a recurring deal is a template and a sale of its own, both copies with the mark, the contact and the rows", () => {
  const portal = portalWithDeal();
  portal.staff.moveDeal(7001, "WON");
  const before = structuredClone(portal.deals.get(7001));
  portal.advance(86_400_000);
  const { template, made } = portal.staff.makeRecurring(7001);
  expect(portal.deals.get(7001)).toEqual(before);
  const copied = { originId: "user-1", contactIds: [3001], title: "T", opportunity: 149, stageId: "NEW" };
  expect(portal.deals.get(template.id)).toMatchObject({ ...copied, isRecurring: "Y" });
  expect(portal.deals.get(made.id)).toMatchObject({ ...copied, isRecurring: "N" });
  expect(made.createdTime).toBeGreaterThan(before?.createdTime ?? Number.POSITIVE_INFINITY);
  expect(portal.rows.get(made.id)).toMatchObject([{ productId: 1777, price: 149, ownerId: made.id }]);
});
