import { expect, test } from "vitest";
import { callPortal, idOf } from "./call-portal";
import { createPortal, type Portal } from "./portal";
import type { PortalOptions } from "./settings";

const refusalOf = async (portal: Portal, method: string, params: object = {}) => {
  const { status, body } = await callPortal(portal, method, params);
  return [status, body.error, body.error_description];
};

const ann = {
  TITLE: "Ann asks",
  NAME: "Ann",
  LAST_NAME: "Kim",
  STATUS_ID: "IN_PROCESS",
  OPPORTUNITY: 12500,
  CURRENCY_ID: "USD",
  ADDRESS_CITY: "Riga",
  PHONE: [{ VALUE: "+7 999 111-22-33", VALUE_TYPE: "MOBILE" }],
  EMAIL: [{ VALUE: "ann@example.com" }],
};

async function withAnn(options: PortalOptions = {}): Promise<Portal> {
  const portal = createPortal(options);
  expect(idOf(await callPortal(portal, "crm.lead.add", { fields: ann }))).toBe(5001);
  return portal;
}

test("a lead is made, read, changed and deleted by the older methods, with their shapes", async () => {
  const portal = await withAnn();
  const { body } = await callPortal(portal, "crm.lead.get", { id: 5001 });
  expect(body.result).toMatchObject({
    ID: "5001",
    TITLE: "Ann asks",
    NAME: "Ann",
    SECOND_NAME: null,
    STATUS_ID: "IN_PROCESS",
    STATUS_SEMANTIC_ID: "P",
    OPPORTUNITY: "12500.00",
    ADDRESS_CITY: "Riga",
    BIRTHDATE: "",
    DATE_CLOSED: "",
    IS_RETURN_CUSTOMER: "N",
    HAS_PHONE: "Y",
    CONTACT_ID: null,
    PHONE: [{ VALUE: "+7 999 111-22-33", VALUE_TYPE: "MOBILE", TYPE_ID: "PHONE" }],
  });
  for (const foreign of ["TYPE_ID", "LEAD_ID", "STAGE_ID", "CATEGORY_ID"])
    expect(body.result).not.toHaveProperty(foreign);
  const changed = await callPortal(portal, "crm.lead.update", { id: 5001, fields: { STATUS_ID: "CONVERTED" } });
  expect(changed.body.result).toBe(true);
  expect(portal.leads.get(5001)).toMatchObject({ stageSemanticId: "S", dateClosed: expect.any(Number) });
  const filter = { "=STATUS_SEMANTIC_ID": "S", PHONE: "+7 999 111-22-33" };
  const list = await callPortal(portal, "crm.lead.list", { filter, select: ["ID", "STATUS_ID", "EMAIL"] });
  expect(list.body).toMatchObject({
    total: 1,
    result: [{ ID: "5001", STATUS_ID: "CONVERTED", EMAIL: [{ VALUE: "ann@example.com" }] }],
  });
  expect((await callPortal(portal, "crm.lead.delete", { id: 5001 })).body.result).toBe(true);
  expect(portal.leads.size).toBe(0);
});

test("a lead of which nothing is said has a name by its number, the first stage and the portal's currency", async () => {
  const portal = createPortal({ language: "ru" });
  const id = idOf(await callPortal(portal, "crm.lead.add", { fields: {} }));
  expect(portal.leads.get(id)).toMatchObject({
    title: `Лид #${id}`,
    stageId: "NEW",
    currencyId: "RUB",
    assignedById: 1,
  });
});

test("the newer methods know leads as number 1, by the names of all items", async () => {
  const portal = createPortal();
  const fm = [{ typeId: "EMAIL", valueType: "WORK", value: "bea@example.com" }];
  const fields = { title: "Bea asks", name: "Bea", stageId: "PROCESSED", companyTitle: "Bea & Co", fm };
  const id = idOf(await callPortal(portal, "crm.item.add", { entityTypeId: 1, fields }));
  const read = await callPortal(portal, "crm.item.get", { entityTypeId: 1, id });
  expect(read.body.result).toMatchObject({
    item: {
      id,
      entityTypeId: 1,
      stageId: "PROCESSED",
      companyTitle: "Bea & Co",
      contactId: 0,
      contactIds: [],
      email: "bea@example.com",
    },
  });
  const { item } = read.body.result as { item: object };
  expect(item).toMatchObject({ dateClosed: null, address: null });
  expect(item).not.toHaveProperty("addressCity");
  await callPortal(portal, "crm.item.update", { entityTypeId: 1, id, fields: { stageId: "JUNK" } });
  const list = await callPortal(portal, "crm.item.list", { entityTypeId: 1, filter: { stageSemanticId: "F" } });
  expect(list.body).toMatchObject({ total: 1, result: { items: [{ id, stageId: "JUNK" }] } });
  expect((await callPortal(portal, "crm.item.delete", { entityTypeId: 1, id })).body.result).toEqual([]);
  expect(portal.leads.size).toBe(0);
});

test("the fields of a lead are described under the names of each family", async () => {
  const portal = createPortal({ required: { lead: ["PHONE", "post"] } });
  const older = await callPortal(portal, "crm.lead.fields");
  expect(older.body.result).toMatchObject({
    TITLE: { type: "string", title: "Lead name" },
    STATUS_ID: { type: "crm_status", statusType: "STATUS", title: "Stage", isReadOnly: false },
    STATUS_SEMANTIC_ID: { isReadOnly: true },
    IS_RETURN_CUSTOMER: { type: "char", isReadOnly: true },
    ADDRESS_2: { type: "string" },
    POST: { isRequired: true },
    PHONE: { type: "crm_multifield", isRequired: true },
  });
  const newer = await callPortal(portal, "crm.item.fields", { entityTypeId: 1 });
  expect(newer.body.result).toMatchObject({
    fields: { stageId: { upperName: "STATUS_ID" }, fm: { isRequired: true } },
  });
});

test.each([
  ["crm.lead.get", { id: 9 }, [400, "", "Not found"]],
  ["crm.lead.update", { id: 9, fields: {} }, [400, "", "Not found"]],
  ["crm.lead.delete", { id: 9 }, [400, "", "Not found"]],
  ["crm.lead.get", {}, [400, "", "ID is not defined or invalid."]],
  ["crm.lead.add", { fields: "text" }, [400, "", "Parameter 'fields' must be array."]],
  ["crm.lead.add", { fields: { EMAIL: [{ VALUE: "none" }] } }, [400, "ERROR_CORE", "The e-mail address is invalid"]],
  ["crm.item.get", { entityTypeId: 1, id: 9 }, [400, "NOT_FOUND", "Element not found"]],
])("%s %j is refused in the words of its family", async (method, params, refusal) => {
  expect(await refusalOf(createPortal(), method, params)).toEqual(refusal);
});

test("an unknown stage is ignored by the older methods and refused by the newer, and sources and the like as of deals", async () => {
  const portal = await withAnn({ unknown: { source: "refused" } });
  await callPortal(portal, "crm.lead.update", { id: 5001, fields: { STATUS_ID: "NOWHERE" } });
  expect(portal.leads.get(5001)).toMatchObject({ stageId: "IN_PROCESS" });
  const elsewhere = { entityTypeId: 1, id: 5001, fields: { stageId: "WON" } };
  const invalid = "CRM_FIELD_ERROR_VALUE_NOT_VALID";
  expect(await refusalOf(portal, "crm.item.update", elsewhere)).toEqual([
    400,
    invalid,
    'Invalid value for the "Stage" field',
  ]);
  const unknown = { fields: { SOURCE_ID: "NOBODY" } };
  expect(await refusalOf(portal, "crm.lead.add", unknown)).toEqual([400, "", 'Invalid value for the "Source" field']);
});

test("mandatory fields of leads are asked for, and those of deals at a stage of the same name are not", async () => {
  const options = { required: { lead: ["EMAIL"] }, requiredAtStage: { NEW: ["companyId"] } };
  const portal = createPortal({ ...options, switches: { legacyRequired: "refused" } });
  const missing = await refusalOf(portal, "crm.item.add", { entityTypeId: 1, fields: { title: "T" } });
  expect(missing).toEqual([400, "CRM_FIELD_ERROR_REQUIRED", 'The field "E-mail" is required.']);
  expect((await refusalOf(portal, "crm.lead.add", { fields: { TITLE: "T" } }))[2]).toContain("E-mail");
  const fm = [{ typeId: "EMAIL", valueType: "WORK", value: "a@example.com" }];
  const id = idOf(await callPortal(portal, "crm.item.add", { entityTypeId: 1, fields: { fm } }));
  const moved = await callPortal(portal, "crm.item.update", { entityTypeId: 1, id, fields: { stageId: "PROCESSED" } });
  expect(moved.body.error).toBeUndefined();
});

test("a lead of a customer that the portal has is a repeated one, until the contact is gone", async () => {
  const portal = await withAnn();
  const contact = portal.staff.addContact({ name: "Ann" });
  await callPortal(portal, "crm.lead.update", {
    id: 5001,
    fields: { CONTACT_ID: contact.id, IS_RETURN_CUSTOMER: "N" },
  });
  expect(portal.leads.get(5001)).toMatchObject({ contactIds: [contact.id], isReturnCustomer: "Y" });
  portal.staff.deleteContact(contact.id);
  expect(portal.leads.get(5001)).toMatchObject({ contactIds: [], contactId: null });
});

test("the duplicate search looks through leads, then contacts, and stops where one kind has twenty", async () => {
  const portal = await withAnn();
  portal.staff.addContact({ name: "Ann" }, { phones: ["89991112233"] });
  const find = async (entity_type?: string) =>
    (await callPortal(portal, "crm.duplicate.findbycomm", { type: "PHONE", values: ["+79991112233"], entity_type }))
      .body.result;
  expect(await find()).toEqual({ LEAD: [5001], CONTACT: [3001] });
  expect(await find("CONTACT")).toEqual({ CONTACT: [3001] });
  expect(await find("LEAD")).toEqual({ LEAD: [5001] });
  expect(await find("COMPANY")).toEqual([]);
  for (let count = 0; count < 19; count++) portal.staff.addLead({}, { phones: ["+7 (999) 111 22 33"] });
  expect(Object.keys((await find()) as object)).toEqual(["LEAD"]);
});

test("leads have rights of their own", async () => {
  const portal = await withAnn();
  const [owner, ...others] = portal.settings.users;
  if (!owner) throw new Error("The portal has no users");
  const rights = { lead: { read: "own", update: "none", delete: "none" } } as const;
  portal.configure({ users: [{ ...owner, admin: false, rights }, ...others] });
  portal.staff.addLead({ title: "Another's" }, { emails: ["ann@example.com"] });
  expect((await callPortal(portal, "crm.lead.list")).body).toMatchObject({ total: 1, result: [{ ID: "5001" }] });
  expect(await refusalOf(portal, "crm.lead.get", { id: 5002 })).toEqual([400, "", "Access denied."]);
  expect(await refusalOf(portal, "crm.lead.delete", { id: 5001 })).toEqual([400, "", "Access denied."]);
  const update = { entityTypeId: 1, id: 5001, fields: { title: "T" } };
  expect(await refusalOf(portal, "crm.item.update", update)).toEqual([400, "ACCESS_DENIED", "Access denied."]);
  portal.configure({ users: [{ ...owner, admin: false, rights: { lead: { read: "none" } } }, ...others] });
  const search = { type: "EMAIL", values: ["ann@example.com"] };
  expect((await refusalOf(portal, "crm.duplicate.findbycomm", { ...search, entity_type: "LEAD" }))[0]).toBe(403);
  expect((await callPortal(portal, "crm.duplicate.findbycomm", search)).body.result).toEqual([]);
});

test("a comment stands on a lead's timeline and goes with it; visits may be linked with it", async () => {
  const portal = await withAnn();
  const comment = { ENTITY_TYPE: "lead", ENTITY_ID: 5001, COMMENT: "Called" };
  await callPortal(portal, "crm.timeline.comment.add", { fields: comment });
  expect([...portal.comments.values()]).toMatchObject([{ entityType: "lead", entityId: 5001, text: "Called" }]);
  const entities = [{ TYPE: "LEAD", ID: 5001 }];
  expect((await callPortal(portal, "crm.tracking.trace.add", { TRACE: "{}", ENTITIES: entities })).body.result).toBe(
    301,
  );
  portal.staff.deleteLead(5001);
  expect(portal.comments.size).toBe(0);
});

test("robots, managers and a snapshot treat leads as they treat deals", async () => {
  const robot = { on: "lead", set: { stageId: "IN_PROCESS", assignedById: 2 } } as const;
  const portal = createPortal({ robots: [robot] });
  const { id } = portal.staff.addLead({ name: "Ann" }, { phones: ["+79991112233"] });
  expect(portal.leads.get(id)).toMatchObject({ stageId: "IN_PROCESS", assignedById: 2 });
  portal.staff.moveLead(id, "PROCESSED");
  portal.staff.updateLead(id, { comments: "Wants two" }, { emails: ["ann@example.com"] });
  const restored = createPortal();
  restored.restore(portal.snapshot());
  expect(restored.leads.get(id)).toEqual(portal.leads.get(id));
  const search = { type: "EMAIL", values: ["ann@example.com"] };
  expect((await callPortal(restored, "crm.duplicate.findbycomm", search)).body.result).toEqual({ LEAD: [id] });
  expect(restored.staff.addLead({}).id).toBe(id + 1);
  expect(() => portal.staff.moveLead(9, "NEW")).toThrow("no lead 9");
});

test("a program that asks for the mode of the CRM learns that leads stay leads", async () => {
  expect((await callPortal(createPortal(), "crm.settings.mode.get")).body.result).toBe(1);
});

test("a portal has the stages of leads that it was given, and lists them", async () => {
  const portal = createPortal({ leadStages: [{ id: "FRESH", name: "Fresh", semantics: "P" }] });
  expect(portal.staff.addLead({})).toMatchObject({ stageId: "FRESH" });
  const statuses = await callPortal(portal, "crm.status.list", { filter: { ENTITY_ID: "STATUS" } });
  expect(statuses.body.result).toMatchObject([{ STATUS_ID: "FRESH", NAME: "Fresh", CATEGORY_ID: null }]);
});
