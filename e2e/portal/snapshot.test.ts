import { expect, test } from "vitest";
import { callPortal, idOf } from "./call-portal";
import { createPortal, type Portal } from "./portal";
import { type PortalSnapshot, readSnapshot } from "./snapshot";

/** A portal with one of everything, and gaps where things were deleted. */
async function portalWithData(): Promise<Portal> {
  const portal = createPortal({ userFields: { contact: [{ name: "UF_CRM_AGE", type: "integer" }], deal: [] } });
  const { staff } = portal;
  staff.addContact({ name: "Ann", originId: "user-1", UF_CRM_AGE: 33 }, { phones: ["+7 999 000-00-01"] });
  staff.addContact({ name: "Bob", originId: "user-2" }, { emails: ["Bob@x.example"] });
  staff.addContact({ name: "Gone" }, { emails: ["gone@x.example"] });
  for (const contactId of [3001, 3002, 3003])
    staff.addDeal({ title: "T", originId: `user-${contactId - 3000}`, contactIds: [contactId], currencyId: "USD" });
  staff.setRows(7001, [
    { productId: 1777, price: 49 },
    { productName: "Extra", price: 1 },
  ]);
  staff.setRows(7002, [{ productId: 1777, price: 49 }]);
  staff.moveDeal(7002, "WON");
  staff.deleteDeal(7003);
  staff.deleteContact(3003);
  staff.addLead({ title: "Lead", originId: "user-4" }, { phones: ["+7 999 000-00-01"] });
  const comment = { ENTITY_ID: 7001, ENTITY_TYPE: "deal", COMMENT: "Called" };
  await callPortal(portal, "crm.timeline.comment.add", { fields: comment });
  await callPortal(portal, "crm.item.payment.add", { entityTypeId: 2, entityId: 7001 });
  await callPortal(portal, "crm.item.payment.pay", { id: 601 });
  return portal;
}

/** As it comes back from a file. */
const throughJson = (portal: Portal) => readSnapshot(JSON.parse(JSON.stringify(portal.snapshot())));

function restored(snapshot: PortalSnapshot): Portal {
  const portal = createPortal({ userFields: { contact: [{ name: "UF_CRM_AGE", type: "integer" }], deal: [] } });
  portal.restore(snapshot);
  return portal;
}

const reads: [method: string, params: object][] = [
  ["crm.contact.get", { id: 3001 }],
  ["crm.contact.list", { order: { ID: "DESC" } }],
  ["crm.lead.get", { id: 5001 }],
  ["crm.deal.get", { id: 7002 }],
  ["crm.deal.get", { id: 7003 }],
  ["crm.item.list", { entityTypeId: 2, filter: { "@originId": ["user-1", "user-2", "user-3"] } }],
  ["crm.item.list", { entityTypeId: 2, filter: { ">id": 7001 }, order: { id: "ASC" }, start: -1 }],
  ["crm.duplicate.findbycomm", { type: "PHONE", values: ["89990000001"] }],
  ["crm.duplicate.findbycomm", { type: "EMAIL", values: ["bob@x.example", "gone@x.example"] }],
  ["crm.item.productrow.list", { filter: { "=ownerType": "D", "=ownerId": 7001 } }],
  ["crm.deal.productrows.get", { id: 7002 }],
  ["crm.item.payment.list", { entityTypeId: 2, entityId: 7001 }],
];

test.each(reads)("a restored portal answers %s %j as before", async (method, params) => {
  const portal = await portalWithData();
  const [before, after] = await Promise.all(
    [portal, restored(throughJson(portal))].map((one) => callPortal(one, method, params)),
  );
  expect(after?.status).toBe(before?.status);
  expect(after?.body.result).toEqual(before?.body.result);
  expect([after?.body.total, after?.body.error]).toEqual([before?.body.total, before?.body.error]);
});

test("a restored portal holds the same and goes on counting ids, those of what was deleted last included", async () => {
  const before = await portalWithData();
  const portal = restored(throughJson(before));
  expect(portal.snapshot()).toEqual(before.snapshot());

  for (const one of [before, portal]) {
    const add = (entityTypeId: number) => callPortal(one, "crm.item.add", { entityTypeId, fields: { name: "New" } });
    expect([idOf(await add(3)), idOf(await add(2))]).toEqual([3004, 7004]);
    one.staff.setRows(7004, [{ productId: 1777, price: 49 }]);
    one.staff.updateContact(3004, {}, { phones: ["+79990000004"] });
  }
  expect(portal.rows.get(7004)?.[0]?.id).toBe(before.rows.get(7004)?.[0]?.id);
  expect(portal.contacts.get(3004)?.fm[0]?.id).toBe(before.contacts.get(3004)?.fm[0]?.id);
});

test("what is restored changes like anything else, and leaves the snapshot as it was", async () => {
  const snapshot = (await portalWithData()).snapshot();
  const untouched = structuredClone(snapshot);
  const portal = restored(snapshot);
  portal.staff.updateContact(3001, { originId: "user-9" });
  portal.staff.deleteContact(3002);
  const found = await callPortal(portal, "crm.item.list", { entityTypeId: 3, filter: { originId: "user-9" } });
  expect(found.body.result).toMatchObject({ items: [{ id: 3001 }] });
  expect(portal.deals.get(7002)?.contactIds).toEqual([]);
  expect(snapshot).toEqual(untouched);
});

test("faults, settings and limits are no part of a snapshot", async () => {
  const broken = await portalWithData();
  broken.fail({ kind: "500" });
  broken.configure({ language: "ru", limits: { bucket: 1 } });
  const portal = restored(throughJson(broken));
  expect(portal.faults).toEqual([]);
  expect(portal.settings).toMatchObject({ language: "en", limits: { bucket: 50 } });
});

test("the version never comes back to where it was, by a reset or a restoration", async () => {
  const portal = await portalWithData();
  const snapshot = portal.snapshot();
  const { version } = portal;
  portal.restore(snapshot);
  expect(portal.version).toBeGreaterThan(version);
  portal.reset();
  expect(portal.version).toBeGreaterThan(version + 1);
  expect(portal.deals.size).toBe(0);
});

test("columns that are newer than the snapshot are blank", async () => {
  const snapshot = (await portalWithData()).snapshot();
  for (const deal of snapshot.deals) Reflect.deleteProperty(deal, "utmTerm");
  expect(restored(snapshot).deals.get(7001)?.utmTerm).toBe("");
});

test("a file of a portal that knew no leads, companies, visits and notifications is one of a portal without them", async () => {
  const { leads: _leads, companies: _companies, ...known } = (await portalWithData()).snapshot();
  const { traces: _traces, notifications: _notes, ...snapshot } = known;
  const { lead: _lead, company: _company, trace: _trace, notification: _notification, ...nextIds } = snapshot.nextIds;
  const portal = restored(readSnapshot(JSON.parse(JSON.stringify({ ...snapshot, nextIds }))));
  expect([portal.leads.size, portal.traces.size, portal.deals.size]).toEqual([0, 0, 2]);
  expect(portal.staff.addLead({}).id).toBe(5001);
  expect(portal.staff.addCompany({}).id).toBe(4001);
  const { body } = await callPortal(portal, "crm.tracking.trace.add", { TRACE: "{}" });
  expect(body.result).toBe(301);
});

test.each([null, [], {}, "text"])("%j is no snapshot", (json) => {
  expect(() => readSnapshot(json)).toThrow("This is no snapshot of a portal");
});

test.each([
  { deals: [{ id: 7001, originId: "", originatorId: "", stageId: "NEW" }] },
  { nextIds: { deal: 7002 } },
  { rows: [{ id: 11 }] },
])("a snapshot with %j is none", async (damage) => {
  const snapshot = (await portalWithData()).snapshot();
  expect(readSnapshot(snapshot)).toEqual(snapshot);
  expect(() => readSnapshot({ ...snapshot, ...damage })).toThrow("This is no snapshot of a portal");
});
