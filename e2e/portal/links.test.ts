import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";
import { readSnapshot } from "./snapshot";

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

function portalWithCompanies(): Portal {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" });
  for (const title of ["Titov", "Orlov", "Belov"]) portal.staff.addCompany({ title });
  return portal;
}

const companiesOf = (portal: Portal, id = 3001) => {
  const { companyId, companyIds } = portal.contacts.get(id) ?? {};
  return [companyId, companyIds];
};

test("companies of a contact can be read, added, taken away, replaced and cleared", async () => {
  const portal = portalWithCompanies();
  const call = async (verb: string, params: object = {}) =>
    (await callPortal(portal, `crm.contact.company.${verb}`, { id: 3001, ...params })).body.result;
  const one = (COMPANY_ID: number, more: object = {}) => ({ fields: { COMPANY_ID, ...more } });
  expect(await call("items.get")).toEqual([]);
  expect([await call("add", one(4001)), await call("add", one(4001))]).toEqual([true, false]);
  expect(await call("add", one(4002, { SORT: 1000 }))).toBe(true);
  expect(await call("add", one(4003, { IS_PRIMARY: "Y" }))).toBe(true);
  expect(await call("items.get")).toEqual([
    { COMPANY_ID: 4003, SORT: 10, ROLE_ID: 0, IS_PRIMARY: "Y" },
    { COMPANY_ID: 4001, SORT: 20, ROLE_ID: 0, IS_PRIMARY: "N" },
    { COMPANY_ID: 4002, SORT: 30, ROLE_ID: 0, IS_PRIMARY: "N" },
  ]);
  expect(companiesOf(portal)).toEqual([4003, [4003, 4001, 4002]]);
  expect([await call("delete", one(4003)), await call("delete", one(4003))]).toEqual([true, false]);
  expect(companiesOf(portal)).toEqual([4001, [4001, 4002]]);
  const items = [
    { COMPANY_ID: 4001, SORT: 200 },
    { COMPANY_ID: 4002, SORT: 300, IS_PRIMARY: "Y" },
    { COMPANY_ID: 4003, SORT: 100 },
  ];
  expect(await call("items.set", { items })).toBe(true);
  expect(companiesOf(portal)).toEqual([4002, [4002, 4003, 4001]]);
  expect(await call("items.delete")).toBe(true);
  expect(companiesOf(portal)).toEqual([null, []]);
  expect(Object.keys((await call("fields")) as object)).toEqual(["COMPANY_ID", "SORT", "IS_PRIMARY"]);
});

test.each([
  ["add", { id: 3001, fields: { COMPANY_ID: 0 } }, "The parameter 'fields' is not valid."],
  ["delete", { id: 3001 }, "The parameter 'fields' must be array."],
  ["items.set", { id: 3001 }, "The parameter items must be array."],
  ["items.get", {}, "The parameter 'ownerEntityID' is invalid or not defined."],
  ["items.set", { id: 9, items: [] }, "Not found"],
])("crm.contact.company.%s refuses %j", async (verb, params, error_description) => {
  const answer = await callPortal(portalWithCompanies(), `crm.contact.company.${verb}`, params);
  expect(answer).toMatchObject({ status: 400, body: { error: "", error_description } });
});

test("a contact is made and changed with all its companies by both families, and told with them by the newer", async () => {
  const portal = portalWithCompanies();
  const add = (fields: object) =>
    callPortal(portal, "crm.item.add", { entityTypeId: 3, fields: { name: "Bea", ...fields } });
  expect((await add({ companyIds: [4002, 4001] })).body.result).toMatchObject({
    item: { companyId: 4002, companyIds: [4002, 4001] },
  });
  const fields = { NAME: "Cid", COMPANY_ID: 4003, COMPANY_IDS: [4001, 4002, 4003] };
  await callPortal(portal, "crm.contact.add", { fields });
  expect(companiesOf(portal, 3003)).toEqual([4003, [4003, 4001, 4002]]);
  const update = async (changes: object) => {
    await callPortal(portal, "crm.item.update", { entityTypeId: 3, id: 3003, fields: changes });
    return companiesOf(portal, 3003);
  };
  expect(await update({ companyId: 4002 })).toEqual([4002, [4002, 4003, 4001]]);
  expect(await update({ companyIds: [4001] })).toEqual([4001, [4001]]);
  expect(await update({ companyId: 4003 })).toEqual([4003, [4003]]);
  expect(await update({ companyId: null })).toEqual([null, []]);
  const list = { entityTypeId: 3, select: ["id", "companyIds"], filter: { companyIds: 4001 } };
  const { body } = await callPortal(portal, "crm.item.list", list);
  expect(body.result).toEqual({ items: [{ id: 3002, companyIds: [4002, 4001] }] });
  const described = await callPortal(portal, "crm.item.fields", { entityTypeId: 3 });
  expect(described.body.result).toMatchObject({
    fields: { companyIds: { type: "crm_company", isMultiple: true, upperName: "COMPANY_IDS" } },
  });
});

test("a company that goes leaves the contacts their other companies, and gives its place to the one it is merged into", async () => {
  const portal = portalWithCompanies();
  const set = (ids: number[]) =>
    callPortal(portal, "crm.contact.company.items.set", { id: 3001, items: ids.map((COMPANY_ID) => ({ COMPANY_ID })) });
  await set([4001, 4002]);
  portal.staff.deleteCompany(4001);
  expect(companiesOf(portal)).toEqual([4002, [4002]]);
  await set([4002, 4003]);
  portal.configure({ unknown: { company: "ignored" } });
  portal.staff.updateCompany(4003, { title: "Orlov" });
  await callPortal(portal, "crm.entity.mergebatch", { params: { entityTypeId: 4, entityIds: [4003, 4002] } });
  expect(companiesOf(portal)).toEqual([4003, [4003]]);
  portal.staff.updateContact(3001, { companyId: 999 });
  expect(companiesOf(portal)).toEqual([4003, [4003]]);
});

test("a contact that was kept before it could have several companies has the one it had", () => {
  const portal = portalWithCompanies();
  portal.staff.updateContact(3001, { companyId: 4002 });
  const snapshot = portal.snapshot();
  const contacts = snapshot.contacts.map(({ companyIds: _several, ...contact }) => contact);
  const restored = createPortal();
  restored.restore(readSnapshot(JSON.parse(JSON.stringify({ ...snapshot, contacts }))));
  expect(companiesOf(restored)).toEqual([4002, [4002]]);
});
