import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";

const addDeal = (portal: Portal, fields: object = {}) =>
  callPortal(portal, "crm.item.add", { entityTypeId: 2, fields });
const addContact = (portal: Portal, fields: object = {}) =>
  callPortal(portal, "crm.item.add", { entityTypeId: 3, fields: { name: "Ann", ...fields } });

async function fieldsOf(portal: Portal, entityTypeId: number) {
  const { body } = await callPortal(portal, "crm.item.fields", { entityTypeId });
  return (body.result as { fields: Record<string, Record<string, unknown>> }).fields;
}

test("a mandatory field that is left out is refused by its title, in the portal's language", async () => {
  const portal = createPortal({ required: { deal: ["COMPANY_ID"], contact: ["sourceDescription"] } });
  expect(await addDeal(portal)).toMatchObject({
    status: 400,
    body: { error: "CRM_FIELD_ERROR_REQUIRED", error_description: 'The field "Company" is required.' },
  });
  portal.configure({ language: "ru" });
  expect((await addContact(portal)).body.error_description).toBe(
    'Поле "Дополнительно об источнике" обязательно для заполнения',
  );
  expect([portal.deals.size, portal.contacts.size]).toEqual([0, 0]);
  expect((await addDeal(portal, { companyId: 5 })).status).toBe(200);
  expect((await addContact(portal, { sourceDescription: "site" })).status).toBe(200);
});

test("a mandatory user field is refused by the title that people read, and told among the fields", async () => {
  const own = { name: "UF_CRM_INN", type: "string" as const, title: "Tax number", required: true };
  const portal = createPortal({ userFields: { deal: [own], contact: [] } });
  expect((await addDeal(portal)).body.error_description).toBe('The field "Tax number" is required.');
  expect((await addDeal(portal, { ufCrmInn: "7700" })).status).toBe(200);
  expect((await fieldsOf(portal, 2)).ufCrmInn).toMatchObject({
    type: "string",
    isRequired: true,
    isDynamic: true,
    title: "Tax number",
    upperName: "UF_CRM_INN",
  });
});

test("a portal may tell that a user field is mandatory and not demand it of programs", async () => {
  const own = { name: "UF_CRM_INN", type: "string" as const, title: "Tax number", required: true };
  const portal = createPortal({ userFields: { deal: [own], contact: [] }, switches: { ownRequired: "ignored" } });
  expect((await fieldsOf(portal, 2)).ufCrmInn).toMatchObject({ isRequired: true });
  expect((await addDeal(portal)).status).toBe(200);
});

test("what the portal fills in by itself is never missing, and nought is a value", async () => {
  const required = { deal: ["title", "currencyId", "stageId", "opened", "sourceId", "opportunity"], contact: [] };
  expect((await addDeal(createPortal({ required }))).status).toBe(200);
});

test("a phone or an e-mail can be mandatory", async () => {
  const portal = createPortal({ required: { contact: ["EMAIL"], deal: [] } });
  const phone = { typeId: "PHONE", valueType: "WORK", value: "+79990000000" };
  const email = { typeId: "EMAIL", valueType: "WORK", value: "ann@example.com" };
  expect((await addContact(portal, { fm: [phone] })).body.error_description).toBe('The field "E-mail" is required.');
  expect((await addContact(portal, { fm: [phone, email] })).status).toBe(200);
  expect((await fieldsOf(portal, 3)).fm).toMatchObject({ type: "crm_multifield", isRequired: true });
});

test("a field can be mandatory from one stage on", async () => {
  const portal = createPortal({ requiredAtStage: { WON: ["ADDITIONAL_INFO"] } });
  await addDeal(portal);
  const win = (fields: object) =>
    callPortal(portal, "crm.item.update", { entityTypeId: 2, id: 7001, fields: { stageId: "WON", ...fields } });
  expect((await win({})).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
  expect((await addDeal(portal, { stageId: "WON" })).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
  expect((await win({ additionalInfo: "paid" })).status).toBe(200);
});

test("a field that is mandatory from a stage on is so in every later stage up to success", async () => {
  const portal = createPortal({ requiredAtStage: { PREPARATION: ["additionalInfo"] } });
  await addDeal(portal);
  const move = (fields: object) => callPortal(portal, "crm.item.update", { entityTypeId: 2, id: 7001, fields });
  for (const stageId of ["PREPARATION", "EXECUTING", "WON"]) {
    expect((await move({ stageId })).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
    expect((await addDeal(portal, { stageId })).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
  }
  expect((await move({ stageId: "EXECUTING", additionalInfo: "paid" })).status).toBe(200);
  expect((await addDeal(portal, { stageId: "LOSE" })).status).toBe(200);
});

test("what a failure stage demands no other stage does", async () => {
  const portal = createPortal({ requiredAtStage: { LOSE: ["additionalInfo"] } });
  expect((await addDeal(portal, { stageId: "LOSE" })).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
  for (const stageId of ["APOLOGY", "WON"]) expect((await addDeal(portal, { stageId })).status).toBe(200);
});

test("a new deal without a stage needs what its funnel's first stage demands", async () => {
  const portal = createPortal({ requiredAtStage: { "C1:NEW": ["additionalInfo"] } });
  expect((await addDeal(portal)).status).toBe(200);
  expect((await addDeal(portal, { categoryId: 1 })).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
  expect((await addDeal(portal, { categoryId: 1, additionalInfo: "site" })).status).toBe(200);
});

test("a stage's fields are demanded also where the move names the deal's own funnel", async () => {
  const portal = createPortal({ requiredAtStage: { WON: ["additionalInfo"] } });
  await addDeal(portal);
  const fields = { stageId: "WON", categoryId: 0 };
  const { body } = await callPortal(portal, "crm.item.update", { entityTypeId: 2, id: 7001, fields });
  expect(body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
});

test("a portal may hide from programs which fields it wants filled", async () => {
  const required = { deal: ["companyId"], contact: [] };
  const portal = createPortal({ required, switches: { requiredFlag: "hidden" } });
  expect((await fieldsOf(portal, 2)).companyId).toMatchObject({ isRequired: false });
  expect((await addDeal(portal)).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
});

test("the older methods check mandatory fields only where the portal's settings say so", async () => {
  const portal = createPortal({ required: { deal: ["companyId"], contact: ["post"] } });
  const add = (kind: string) => callPortal(portal, `crm.${kind}.add`, { fields: { NAME: "Ann", TITLE: "T" } });
  expect([(await add("deal")).status, (await add("contact")).status]).toEqual([200, 200]);
  portal.configure({ switches: { legacyRequired: "refused" } });
  expect((await add("deal")).body).toMatchObject({
    error: "",
    error_description: "The required field 'Company' is missing.<br />",
  });
  expect((await add("contact")).status).toBe(400);
});

test("fields are described with type, list and choices, each family in its own words", async () => {
  const choice = {
    name: "UF_CRM_FORM",
    type: "enumeration" as const,
    title: "Form of study",
    items: [{ id: 79, value: "Online" }],
  };
  const portal = createPortal({ userFields: { deal: [choice], contact: [] } });
  const fields = await fieldsOf(portal, 2);
  expect(fields.opened).toMatchObject({ type: "boolean", isRequired: true });
  expect(fields.sourceId).toMatchObject({ type: "crm_status", statusType: "SOURCE", upperName: "SOURCE_ID" });
  expect(fields.sourceDescription).toMatchObject({ type: "text", title: "Source information" });
  expect(fields.ufCrmForm).toMatchObject({ type: "enumeration", items: [{ ID: "79", VALUE: "Online" }] });
  const { body } = await callPortal(portal, "crm.deal.fields");
  expect(body.result).toMatchObject({
    OPENED: { type: "char" },
    UF_CRM_FORM: { title: "UF_CRM_FORM", listLabel: "Form of study" },
  });
});

test("user fields of every type keep what they are given", async () => {
  const of = (type: "boolean" | "date" | "enumeration" | "money" | "double" | "integer", multiple = false) => ({
    name: `UF_CRM_${type.toUpperCase()}${multiple ? "_LIST" : ""}`,
    type,
    multiple,
    items: [
      { id: 79, value: "a" },
      { id: 80, value: "b" },
    ],
  });
  const types = [of("boolean"), of("date"), of("enumeration"), of("money"), of("double"), of("integer")];
  const deal = [...types, of("enumeration", true)];
  const portal = createPortal({ userFields: { deal, contact: [] } });
  const values = {
    ufCrmBoolean: "Y",
    ufCrmEnumeration: 80,
    ufCrmMoney: "300|RUB",
    ufCrmDouble: 9.5,
    ufCrmInteger: 0,
    ufCrmEnumerationList: [79, 80],
  };
  const { body } = await addDeal(portal, { ...values, ufCrmDate: "2026-11-26" });
  expect(body.result).toMatchObject({ item: { ...values, ufCrmDate: expect.stringMatching(/^2026-11-26T/) } });
  const older = await callPortal(portal, "crm.deal.get", { id: 7001 });
  expect(older.body.result).toMatchObject({
    UF_CRM_BOOLEAN: "1",
    UF_CRM_ENUMERATION: "80",
    UF_CRM_ENUMERATION_LIST: [79, 80],
  });
});

test("a contact without any name is refused or given one, and never loses its last name again", async () => {
  const portal = createPortal();
  expect((await addContact(portal, { name: "" })).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
  portal.configure({ switches: { namelessContact: "named" } });
  expect((await addContact(portal, { name: "" })).body.result).toMatchObject({ item: { name: "Contact #3001" } });
  const update = (fields: object) =>
    callPortal(portal, "crm.item.update", { entityTypeId: 3, id: 3001, fields: { lastName: "", ...fields } });
  expect((await update({ name: "" })).body.error).toBe("CRM_FIELD_ERROR_REQUIRED");
  expect((await update({ name: "Ann" })).status).toBe(200);
});
