import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";

function portalWithDeal(): Portal {
  const portal = createPortal();
  for (const name of ["Ann", "Bea"]) portal.staff.addContact({ name });
  portal.staff.addDeal({ title: "T" });
  return portal;
}

test("links of a deal can be read, added, replaced and cleared", async () => {
  const portal = portalWithDeal();
  const call = async (verb: string, params: object = {}) =>
    (await callPortal(portal, `crm.deal.contact.${verb}`, { id: 7001, ...params })).body.result;
  expect(await call("add", { fields: { CONTACT_ID: 3001 } })).toBe(true);
  expect(await call("add", { fields: { CONTACT_ID: 3001 } })).toBe(false);
  expect(await call("add", { fields: { CONTACT_ID: 3002, IS_PRIMARY: "Y" } })).toBe(true);
  expect(await call("items.get")).toEqual([
    { CONTACT_ID: 3002, SORT: 10, ROLE_ID: 0, IS_PRIMARY: "Y" },
    { CONTACT_ID: 3001, SORT: 20, ROLE_ID: 0, IS_PRIMARY: "N" },
  ]);
  await call("items.set", { items: [{ CONTACT_ID: 3001 }] });
  expect(portal.deals.get(7001)?.contactIds).toEqual([3001]);
  await call("items.delete");
  expect(portal.deals.get(7001)).toMatchObject({ contactId: null, contactIds: [] });
});

test.each([{}, { items: "3001" }, { items: 3001 }])(
  "contacts are not unlinked by %j, which has no list",
  async (sent) => {
    const portal = portalWithDeal();
    portal.staff.linkContacts(7001, [3001, 3002]);
    const answer = await callPortal(portal, "crm.deal.contact.items.set", { id: 7001, ...sent });
    const body = { error: "", error_description: "The parameter items must be array." };
    expect(answer).toMatchObject({ status: 400, body });
    expect(portal.deals.get(7001)?.contactIds).toEqual([3001, 3002]);
    await callPortal(portal, "crm.deal.contact.items.set", { id: 7001, items: [] });
    expect(portal.deals.get(7001)?.contactIds).toEqual([]);
  },
);

test("taking away a link that is not there does nothing, and says so without an error", async () => {
  const portal = portalWithDeal();
  portal.staff.linkContacts(7001, [3001]);
  for (const CONTACT_ID of [3002, 9]) {
    const { status, body } = await callPortal(portal, "crm.deal.contact.delete", { id: 7001, fields: { CONTACT_ID } });
    expect([status, body.result]).toEqual([200, false]);
  }
  const { body } = await callPortal(portal, "crm.deal.contact.delete", { id: 7001, fields: { CONTACT_ID: 3001 } });
  expect(body.result).toBe(true);
  expect(portal.deals.get(7001)?.contactIds).toEqual([]);
});

test.each([
  [{ id: 7001, fields: {} }, "The parameter 'fields' is not valid."],
  [{ id: 7001, fields: { CONTACT_ID: -3 } }, "The parameter 'fields' is not valid."],
  [{ id: 7001 }, "The parameter 'fields' must be array."],
  [{ fields: { CONTACT_ID: 3001 } }, "The parameter 'ownerEntityID' is invalid or not defined."],
  [{ id: 9, fields: { CONTACT_ID: 3001 } }, "Not found"],
])("a link is neither made nor taken away by %j", async (params, error_description) => {
  const portal = portalWithDeal();
  for (const verb of ["add", "delete"]) {
    const answer = await callPortal(portal, `crm.deal.contact.${verb}`, params);
    expect(answer).toMatchObject({ status: 400, body: { error: "", error_description } });
  }
});

test("a link that the portal refuses is an answer like any other", async () => {
  const portal = portalWithDeal();
  portal.configure({ unknown: { contact: "refused" } });
  const items = [{ CONTACT_ID: 9 }];
  const { status, body } = await callPortal(portal, "crm.deal.contact.items.set", { id: 7001, items });
  expect([status, body.error]).toEqual([400, ""]);
});
