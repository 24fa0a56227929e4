import { expect, test } from "vitest";
import { callPortal, idOf } from "./call-portal";
import { createPortal, type Portal } from "./portal";
import type { PortalOptions } from "./settings";

const refusalOf = async (portal: Portal, method: string, params: object = {}) => {
  const { status, body } = await callPortal(portal, method, params);
  return [status, body.error, body.error_description];
};

const titov = {
  TITLE: "Titov Ltd",
  COMPANY_TYPE: "PARTNER",
  INDUSTRY: "MANUFACTURING",
  EMPLOYEES: "EMPLOYEES_2",
  CURRENCY_ID: "RUB",
  REVENUE: 3000000,
  BANKING_DETAILS: "7736050003",
  REG_ADDRESS_2: "Office 3",
  PHONE: [{ VALUE: "+7 999 111-22-33", VALUE_TYPE: "WORK" }],
  EMAIL: [{ VALUE: "office@titov.example" }],
};

async function withTitov(options: PortalOptions = {}): Promise<Portal> {
  const portal = createPortal(options);
  expect(idOf(await callPortal(portal, "crm.company.add", { fields: titov }))).toBe(4001);
  return portal;
}

test("a company is made, read, changed and deleted by the older methods, with their shapes", async () => {
  const portal = await withTitov();
  const { body } = await callPortal(portal, "crm.company.get", { id: 4001 });
  expect(body.result).toMatchObject({
    ID: "4001",
    TITLE: "Titov Ltd",
    COMPANY_TYPE: "PARTNER",
    INDUSTRY: "MANUFACTURING",
    EMPLOYEES: "EMPLOYEES_2",
    REVENUE: "3000000",
    BANKING_DETAILS: "7736050003",
    ADDRESS: null,
    REG_ADDRESS_2: "Office 3",
    LEAD_ID: null,
    IS_MY_COMPANY: "N",
    HAS_PHONE: "Y",
    HAS_EMAIL: "Y",
    PHONE: [{ VALUE: "+7 999 111-22-33", VALUE_TYPE: "WORK", TYPE_ID: "PHONE" }],
  });
  for (const foreign of ["TYPE_ID", "SOURCE_ID", "COMPANY_ID", "CATEGORY_ID", "STAGE_ID"])
    expect(body.result).not.toHaveProperty(foreign);
  const changed = await callPortal(portal, "crm.company.update", { id: 4001, fields: { REVENUE: 500000 } });
  expect(changed.body.result).toBe(true);
  const filter = { "=COMPANY_TYPE": "PARTNER", EMAIL: "office@titov.example" };
  const list = await callPortal(portal, "crm.company.list", { filter, select: ["ID", "REVENUE", "PHONE"] });
  expect(list.body).toMatchObject({
    total: 1,
    result: [{ ID: "4001", REVENUE: "500000", PHONE: [{ VALUE: "+7 999 111-22-33" }] }],
  });
  expect((await callPortal(portal, "crm.company.delete", { id: 4001 })).body.result).toBe(true);
  expect(portal.companies.size).toBe(0);
});

test("a company of which nothing is said has a name by its number, the first of each list and the portal's currency", async () => {
  const portal = createPortal({ language: "ru" });
  const id = idOf(await callPortal(portal, "crm.company.add", { fields: {} }));
  expect(portal.companies.get(id)).toMatchObject({
    title: `Компания #${id}`,
    typeId: "CUSTOMER",
    employees: "EMPLOYEES_1",
    currencyId: "RUB",
    assignedById: 1,
  });
});

test("the newer methods know companies as number 4, by the names of all items", async () => {
  const portal = createPortal();
  const fm = [{ typeId: "EMAIL", valueType: "WORK", value: "bea@example.com" }];
  const fields = { title: "Bea & Co", typeId: "SUPPLIER", revenue: 12.5, isMyCompany: "Y", fm };
  const id = idOf(await callPortal(portal, "crm.item.add", { entityTypeId: 4, fields }));
  const { body } = await callPortal(portal, "crm.item.get", { entityTypeId: 4, id });
  const { item } = body.result as { item: object };
  expect(item).toMatchObject({
    id,
    entityTypeId: 4,
    title: "Bea & Co",
    typeId: "SUPPLIER",
    revenue: 12.5,
    isMyCompany: "Y",
    email: "bea@example.com",
    addressLegal: null,
  });
  for (const older of ["addressCity", "regAddress", "sourceId"]) expect(item).not.toHaveProperty(older);
  await callPortal(portal, "crm.item.update", { entityTypeId: 4, id, fields: { title: "Bea" } });
  const list = await callPortal(portal, "crm.item.list", { entityTypeId: 4, filter: { title: "Bea" } });
  expect(list.body).toMatchObject({ total: 1, result: { items: [{ id, title: "Bea" }] } });
  expect((await callPortal(portal, "crm.item.delete", { entityTypeId: 4, id })).body.result).toEqual([]);
  expect(portal.companies.size).toBe(0);
});

test("the fields of a company are described under the names of each family, with the lists that they take", async () => {
  const portal = createPortal({ required: { company: ["PHONE", "bankingDetails"] } });
  const older = await callPortal(portal, "crm.company.fields");
  expect(older.body.result).toMatchObject({
    TITLE: { type: "string", title: "Company name" },
    COMPANY_TYPE: { type: "crm_status", statusType: "COMPANY_TYPE", title: "Company type" },
    INDUSTRY: { type: "crm_status", statusType: "INDUSTRY" },
    EMPLOYEES: { type: "crm_status", statusType: "EMPLOYEES" },
    REVENUE: { type: "double" },
    LEAD_ID: { type: "crm_lead", isReadOnly: true },
    IS_MY_COMPANY: { type: "char", isReadOnly: false },
    BANKING_DETAILS: { isRequired: true },
    PHONE: { type: "crm_multifield", isRequired: true },
  });
  const newer = await callPortal(portal, "crm.item.fields", { entityTypeId: 4 });
  expect(newer.body.result).toMatchObject({ fields: { typeId: { upperName: "COMPANY_TYPE" }, fm: {} } });
  for (const ENTITY_ID of ["COMPANY_TYPE", "INDUSTRY", "EMPLOYEES"]) {
    const { body } = await callPortal(portal, "crm.status.list", { filter: { ENTITY_ID } });
    expect(body.total, ENTITY_ID).toBeGreaterThan(2);
  }
  const fields = { title: "Bare" };
  const missing = await refusalOf(portal, "crm.item.add", { entityTypeId: 4, fields });
  expect(missing).toEqual([400, "CRM_FIELD_ERROR_REQUIRED", 'The field "Bank details" is required.']);
});

test.each([
  ["crm.company.get", { id: 9 }, [400, "", "Not found"]],
  ["crm.company.update", { id: 9, fields: {} }, [400, "", "Company is not found"]],
  ["crm.company.delete", { id: 9 }, [400, "", "Company is not found"]],
  ["crm.company.add", { fields: "text" }, [400, "", "Parameter 'fields' must be array."]],
  ["crm.company.add", { fields: { EMAIL: [{ VALUE: "none" }] } }, [400, "ERROR_CORE", "The e-mail address is invalid"]],
  ["crm.item.get", { entityTypeId: 4, id: 9 }, [400, "NOT_FOUND", "Element not found"]],
])("%s %j is refused in the words of its family", async (method, params, refusal) => {
  expect(await refusalOf(createPortal(), method, params)).toEqual(refusal);
});

test("a portal that minds which company is named takes those it has, and forgets the links when one is deleted", async () => {
  const portal = await withTitov({ unknown: { company: "refused" } });
  portal.configure({ companies: [{ id: 17, title: "Old customer" }] });
  const add = (companyId: number) =>
    callPortal(portal, "crm.item.add", { entityTypeId: 2, fields: { title: "T", companyId } });
  expect((await add(4009)).body.error).toBe("CRM_FIELD_ERROR_VALUE_NOT_VALID");
  expect((await callPortal(portal, "crm.company.get", { id: 17 })).body.result).toMatchObject({
    TITLE: "Old customer",
  });
  const dealId = idOf(await add(17));
  const contact = portal.staff.addContact({ name: "Ann", companyId: 4001 });
  const lead = portal.staff.addLead({ name: "Ann", companyId: 4001 });
  expect([...portal.companies.keys()]).toEqual([4001, 17]);
  const ids = await callPortal(portal, "crm.company.list", { order: { ID: "ASC" }, select: ["ID"] });
  expect(ids.body.result).toEqual([{ ID: "17" }, { ID: "4001" }]);
  portal.staff.deleteCompany(4001);
  portal.staff.deleteCompany(17);
  expect([portal.contacts.get(contact.id)?.companyId, portal.leads.get(lead.id)?.companyId]).toEqual([null, null]);
  expect(portal.deals.get(dealId)?.companyId).toBe(null);
});

test("the duplicate search looks through companies last", async () => {
  const portal = await withTitov();
  portal.staff.addContact({ name: "Ann" }, { emails: ["office@titov.example"] });
  const search = { type: "EMAIL", values: ["OFFICE@titov.example"] };
  const { body } = await callPortal(portal, "crm.duplicate.findbycomm", search);
  expect(Object.entries(body.result as object)).toEqual([
    ["CONTACT", [3001]],
    ["COMPANY", [4001]],
  ]);
  const named = await callPortal(portal, "crm.duplicate.findbycomm", { ...search, entity_type: "COMPANY" });
  expect(named.body.result).toEqual({ COMPANY: [4001] });
});

test("companies have rights, user fields, events, comments and visits of their own", async () => {
  const portal = await withTitov({
    userFields: { company: [{ name: "UF_CRM_INN", type: "string", title: "Tax number" }] },
  });
  await callPortal(portal, "crm.company.update", { id: 4001, fields: { UF_CRM_INN: "77" } });
  expect(portal.companies.get(4001)).toMatchObject({ ufCrmInn: "77" });
  const { body } = await callPortal(portal, "crm.company.userfield.list");
  expect(body.result).toMatchObject([{ ID: "4001", ENTITY_ID: "CRM_COMPANY", FIELD_NAME: "UF_CRM_INN" }]);
  const comment = { ENTITY_TYPE: "company", ENTITY_ID: 4001, COMMENT: "Called" };
  await callPortal(portal, "crm.timeline.comment.add", { fields: comment });
  expect([...portal.comments.values()]).toMatchObject([{ entityType: "company", entityId: 4001 }]);
  const visit = { TRACE: "{}", ENTITIES: [{ TYPE: "COMPANY", ID: 4001 }] };
  expect((await callPortal(portal, "crm.tracking.trace.add", visit)).body.result).toBe(301);
  const [owner, ...others] = portal.settings.users;
  if (!owner) throw new Error("The portal has no users");
  const rights = { company: { read: "own", delete: "none" } } as const;
  portal.configure({ users: [{ ...owner, admin: false, rights }, ...others] });
  portal.staff.addCompany({ title: "Another's" });
  expect((await callPortal(portal, "crm.company.list")).body).toMatchObject({ total: 1, result: [{ ID: "4001" }] });
  expect(await refusalOf(portal, "crm.company.get", { id: 4002 })).toEqual([400, "", "Access denied."]);
  expect(await refusalOf(portal, "crm.company.delete", { id: 4001 })).toEqual([400, "", "Access denied."]);
  portal.staff.deleteCompany(4001);
  expect(portal.comments.size).toBe(0);
});

test("robots, managers and a snapshot treat companies as they treat contacts", async () => {
  const portal = createPortal({ robots: [{ on: "company", set: { assignedById: 2 } }] });
  const { id } = portal.staff.addCompany({ title: "Titov" }, { phones: ["+79991112233"] });
  expect(portal.companies.get(id)).toMatchObject({ assignedById: 2 });
  portal.staff.updateCompany(id, { comments: "Wants two" }, { emails: ["office@titov.example"] });
  const restored = createPortal({ companies: [{ id, title: "In its place" }] });
  restored.restore(portal.snapshot());
  expect([...restored.companies.values()]).toEqual([...portal.companies.values()]);
  const search = { type: "PHONE", values: ["89991112233"] };
  expect((await callPortal(restored, "crm.duplicate.findbycomm", search)).body.result).toEqual({ COMPANY: [id] });
  expect(restored.staff.addCompany({}).id).toBe(id + 1);
  expect(() => portal.staff.deleteCompany(9)).toThrow("no company 9");
});

test("a company of the settings that was deleted does not come back with other settings, nor from a snapshot", () => {
  const options = { companies: [{ id: 17, title: "Old customer" }] };
  const portal = createPortal(options);
  portal.staff.deleteCompany(17);
  portal.configure({ language: "ru" });
  portal.applyPreset("ordinary");
  expect(portal.companies.size).toBe(0);
  const restored = createPortal(options);
  restored.restore(portal.snapshot());
  expect(restored.companies.size).toBe(0);
});

test("a company that the settings name by now stands on a portal whose data was kept, and a deleted one stays away", () => {
  const [old, late] = [
    { id: 17, title: "Old customer" },
    { id: 18, title: "New customer" },
  ];
  const portal = createPortal({ companies: [old] });
  portal.staff.addCompany({ title: "Titov" });
  portal.staff.deleteCompany(17);
  const kept = createPortal({ companies: [old, late] });
  kept.restore(portal.snapshot());
  expect([...kept.companies.values()].map(({ title }) => title).sort()).toEqual(["New customer", "Titov"]);
  kept.staff.deleteCompany(18);
  const again = createPortal({ companies: [] });
  again.restore(kept.snapshot());
  again.configure({ companies: [old, late] });
  expect([...again.companies.values()].map(({ title }) => title)).toEqual(["Titov"]);
});

test("a new company never gets the number of one that the settings name", () => {
  const portal = createPortal({ companies: [{ id: 4001, title: "First" }] });
  portal.configure({
    companies: [
      { id: 4001, title: "First" },
      { id: 4002, title: "Second" },
    ],
  });
  expect(portal.staff.addCompany({ title: "Third" }).id).toBe(4003);
  expect([...portal.companies.values()].map(({ title }) => title)).toEqual(["First", "Second", "Third"]);
});
