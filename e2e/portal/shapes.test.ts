import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { userFieldName } from "./crm/fields";
import { createPortal } from "./portal";

test("the older family writes every scalar as text, and nothing as null", async () => {
  const portal = createPortal();
  const contact = portal.staff.addContact({ name: "Ann", utmSource: "google" }, { phones: ["+79990000000"] });
  portal.staff.addDeal({ title: "T", contactIds: [contact.id], opportunity: 1_000_000 });
  const { body } = await callPortal(portal, "crm.contact.get", { id: contact.id });
  expect(body.result).toMatchObject({
    ID: "3001",
    NAME: "Ann",
    LAST_NAME: null,
    ASSIGNED_BY_ID: "2",
    COMPANY_ID: null,
    BIRTHDATE: "",
    HAS_PHONE: "Y",
    HAS_EMAIL: "N",
    ORIGIN_ID: null,
    UTM_SOURCE: "google",
    PHONE: [{ ID: expect.stringMatching(/^\d+$/), VALUE_TYPE: "WORK", VALUE: "+79990000000", TYPE_ID: "PHONE" }],
  });
  expect(body.result).not.toHaveProperty("EMAIL");
  const deal = await callPortal(portal, "crm.deal.get", { id: 7001 });
  expect(deal.body.result).toMatchObject({
    ID: "7001",
    CATEGORY_ID: "0",
    CONTACT_ID: "3001",
    OPPORTUNITY: "1000000.00",
  });
  expect(deal.body.result).not.toHaveProperty("CONTACT_IDS");
});

test("the newer family writes numbers as numbers, flags as letters, an absent reference as 0", async () => {
  const portal = createPortal();
  portal.staff.addDeal({ title: "T", opportunity: 999.99 });
  const { body } = await callPortal(portal, "crm.item.get", { entityTypeId: 2, id: "7001" });
  expect(body.result).toMatchObject({
    item: {
      id: 7001,
      categoryId: 0,
      opportunity: 999.99,
      isManualOpportunity: "N",
      contactId: 0,
      companyId: 0,
      contactIds: [],
      utmSource: null,
      entityTypeId: 2,
    },
  });
});

test("deleting answers with an empty list in the newer family and with true in the older", async () => {
  const portal = createPortal();
  portal.staff.addDeal({ title: "A" });
  portal.staff.addDeal({ title: "B" });
  expect((await callPortal(portal, "crm.item.delete", { entityTypeId: 2, id: 7001 })).body.result).toEqual([]);
  expect((await callPortal(portal, "crm.deal.delete", { id: 7002 })).body.result).toBe(true);
});

test.each([
  ["crm.deal.get", {}, "", "ID is not defined or invalid."],
  ["crm.deal.get", { id: 999 }, "", "Not found"],
  ["crm.deal.update", { id: 999, fields: {} }, "", "Not found"],
  ["crm.deal.add", {}, "", "Parameter 'fields' must be array."],
  ["crm.contact.get", { id: 999 }, "", "Not found"],
  ["crm.contact.update", { id: 999, fields: {} }, "", "Contact is not found"],
  ["crm.contact.delete", { id: 999 }, "ERROR_CORE", "Element not found"],
  ["crm.contact.add", { fields: { POST: "x" } }, "", "The first or last name is required"],
  ["crm.item.get", { entityTypeId: 2, id: 999 }, "NOT_FOUND", "Element not found"],
  ["crm.item.get", { entityTypeId: 9999, id: 1 }, "NOT_FOUND", "Smart process not found"],
  ["crm.item.add", { entityTypeId: 2 }, 100, "Could not find value for parameter {fields}"],
  ["crm.item.add", { fields: {} }, 100, "Could not find value for parameter {entityTypeId}"],
  ["crm.item.add", { entityTypeId: 3, fields: {} }, "CRM_FIELD_ERROR_REQUIRED", 'The field "First name" is required.'],
  ["crm.product.get", { id: 5 }, "", "Not found"],
  ["catalog.product.get", { id: 5 }, 0, "Product does not exist"],
  [
    "crm.timeline.comment.add",
    { fields: { ENTITY_TYPE: "deal", ENTITY_ID: 1, COMMENT: "x" } },
    "OWNER_NOT_FOUND",
    "Owner was not found",
  ],
])("%s with %j is refused with code %j", async (method, params, error, error_description) => {
  const answer = await callPortal(createPortal(), method, params);
  expect(answer).toMatchObject({ status: 400, body: { error, error_description } });
});

test.each([
  ["contactIds", "5", "string"],
  ["ufCrmTags", "a", "string"],
  ["ufCrmTeam", 2, "number"],
])("a field of several values must come as a list: %s %j", async (name, value, type) => {
  const portal = createPortal({
    userFields: {
      deal: [
        { name: "UF_CRM_TAGS", type: "string", multiple: true },
        { name: "UF_CRM_TEAM", type: "employee", multiple: true },
      ],
    },
  });
  portal.staff.addDeal({ title: "T", ufCrmTags: ["a", "b"], ufCrmTeam: [2, 3] });
  const words = `Expected iterable value for multiple field, but got ${type} instead`;
  const refused = { status: 400, body: { error: 100, error_description: words } };
  const send = (verb: string) =>
    callPortal(portal, `crm.item.${verb}`, { entityTypeId: 2, id: 7001, fields: { [name]: value } });
  expect(await send("add")).toMatchObject(refused);
  expect(await send("update")).toMatchObject(refused);
  expect(portal.deals.get(7001)).toMatchObject({ ufCrmTags: ["a", "b"], ufCrmTeam: [2, 3] });
});

test.each([
  ["UF_CRM_1747309879", "ufCrm_1747309879"],
  ["UF_CRM_3_DIGIT", "ufCrm3Digit"],
  ["UF_CRM_3_1747309727", "ufCrm3_1747309727"],
  ["UF_CRM_3_DIGIT10", "ufCrm_3_DIGIT10"],
])("the user field %s is called %s in the newer family", (upper, name) => {
  expect(userFieldName(upper)).toBe(name);
});

test("fields describe themselves in both families", async () => {
  const portal = createPortal();
  const { body } = await callPortal(portal, "crm.item.fields", { entityTypeId: 2 });
  expect(body.result).toMatchObject({
    fields: { originId: { type: "string", upperName: "ORIGIN_ID", isReadOnly: false }, id: { isReadOnly: true } },
  });
  const older = await callPortal(portal, "crm.contact.fields");
  expect(older.body.result).toMatchObject({ PHONE: { type: "crm_multifield" }, NAME: { type: "string" } });
});

test("stages come in the order asked for, by their sort values as numbers", async () => {
  const portal = createPortal({ funnels: [0, 1, 2].map((id) => ({ id, name: `Funnel ${id}` })) });
  const list = async (order: object, filter = {}) => {
    const { body } = await callPortal(portal, "crm.status.list", { order, filter });
    return (body.result as { SORT: string }[]).map(({ SORT }) => Number(SORT));
  };
  const down = [80, 70, 60, 50, 40, 30, 20, 10];
  expect(await list({ SORT: "DESC" }, { ENTITY_ID: "DEAL_STAGE" })).toEqual(down);
  expect(await list({ SORT: "ASC" })).toEqual((await list({})).sort((left, right) => left - right));
});

test("stages, funnels, currencies and people are there to be checked against", async () => {
  const portal = createPortal();
  const stages = await callPortal(portal, "crm.status.list", { filter: { ENTITY_ID: "DEAL_STAGE_1" } });
  expect(stages.body.result).toHaveLength(8);
  expect(stages.body.result).toContainEqual(expect.objectContaining({ STATUS_ID: "C1:WON", SEMANTICS: "S" }));
  const funnels = await callPortal(portal, "crm.category.list", { entityTypeId: 2 });
  expect(funnels.body.result).toMatchObject({ categories: [{ id: 0, isDefault: "Y" }, { id: 1 }] });
  const currencies = await callPortal(portal, "crm.currency.list");
  expect(currencies.body).toMatchObject({
    total: 0,
    result: expect.arrayContaining([expect.objectContaining({ CURRENCY: "USD" })]),
  });
  const users = await callPortal(portal, "user.get", { ID: [2, 4, 99] });
  expect(users.body.result).toMatchObject([
    { ID: "2", ACTIVE: true },
    { ID: "4", ACTIVE: false },
  ]);
});

test("the product has its price in a record of its own", async () => {
  const portal = createPortal({ products: [{ id: 1777, name: "Course", price: 75, currency: "EUR", active: true }] });
  const product = await callPortal(portal, "catalog.product.get", { id: 1777 });
  expect(product.body.result).toMatchObject({ product: { id: 1777, name: "Course", active: "Y" } });
  expect(JSON.stringify(product.body.result)).not.toContain("75");
  const price = await callPortal(portal, "catalog.price.list", { filter: { productId: 1777 } });
  expect(price.body.result).toMatchObject({ prices: [{ productId: 1777, price: 75, currency: "EUR" }] });
  const older = await callPortal(portal, "crm.product.get", { id: 1777 });
  expect(older.body.result).toMatchObject({ ID: "1777", PRICE: "75.00", CURRENCY_ID: "EUR" });
});

test("a comment stands on the timeline of its owner", async () => {
  const portal = createPortal();
  portal.staff.addDeal({ title: "T" });
  const fields = { ENTITY_TYPE: "deal", ENTITY_ID: 7001, COMMENT: "paid" };
  const { body } = await callPortal(portal, "crm.timeline.comment.add", { fields });
  expect(portal.comments.get(Number(body.result))).toMatchObject({ entityType: "deal", entityId: 7001, text: "paid" });
  const upper = await callPortal(portal, "crm.timeline.comment.add", { FIELDS: fields });
  expect(upper.body.error).toBe(100);
});

test("an import answers for each item in order, and takes twenty at most", async () => {
  const portal = createPortal();
  const { body } = await callPortal(portal, "crm.item.batchImport", { entityTypeId: 3, data: [{ name: "Ann" }, {}] });
  expect(body.result).toMatchObject({ items: [{ item: { id: 3001 } }, { error: "CRM_FIELD_ERROR_REQUIRED" }] });
  const data = Array.from({ length: 21 }, () => ({ name: "Ann" }));
  const tooMany = await callPortal(portal, "crm.item.batchImport", { entityTypeId: 3, data });
  expect(tooMany.body.error).toBe("MAX_IMPORT_BATCH_SIZE_EXCEEDED");
});

test("who asks for it reads and writes user fields of the newer family by the names they were made with", async () => {
  const portal = createPortal({ userFields: { deal: [{ name: "UF_CRM_INN", type: "string" }] } });
  const item = async (verb: string, params: object) =>
    (await callPortal(portal, `crm.item.${verb}`, { entityTypeId: 2, useOriginalUfNames: "Y", ...params })).body;
  const added = await item("add", { fields: { title: "T", UF_CRM_INN: "7700" } });
  expect(added.result).toMatchObject({ item: { id: 7001, title: "T", UF_CRM_INN: "7700" } });
  expect((added.result as { item: object }).item).not.toHaveProperty("ufCrmInn");
  const updated = await item("update", { id: 7001, fields: { UF_CRM_INN: "7701", ufCrmInn: "7702" } });
  expect(updated.result).toMatchObject({ item: { UF_CRM_INN: "7701" } });
  expect((await item("get", { id: 7001 })).result).toMatchObject({ item: { UF_CRM_INN: "7701" } });
  const list = { filter: { "=UF_CRM_INN": "7701" }, order: { UF_CRM_INN: "ASC" }, select: ["UF_CRM_INN"] };
  expect((await item("list", list)).result).toEqual({ items: [{ id: 7001, UF_CRM_INN: "7701" }] });
  expect((await item("list", { filter: { ufCrmInn: "7701" } })).error).toBe("INVALID_ARG_VALUE");
  expect((await item("fields", {})).result).toMatchObject({ fields: { UF_CRM_INN: { upperName: "UF_CRM_INN" } } });
  await item("batchImport", { data: [{ title: "U", UF_CRM_INN: "7703" }] });
  expect(portal.deals.get(7002)).toMatchObject({ ufCrmInn: "7703" });
  const usual = await item("get", { id: 7001, useOriginalUfNames: "N" });
  expect(usual.result).toMatchObject({ item: { ufCrmInn: "7701" } });
});
