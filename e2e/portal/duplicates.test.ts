import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";

async function find(portal: Portal, type: string, values: unknown): Promise<unknown> {
  return (await callPortal(portal, "crm.duplicate.findbycomm", { type, values, entity_type: "CONTACT" })).body.result;
}

test.each([
  ["+7 999 000-00-00", "89990000000"],
  ["8 (999) 000 00 00", "+79990000000"],
  ["0079990000000", "79990000000"],
  ["01179990000000", "79990000000"],
  ["+79990000000;12", "+7 999 0000000"],
  ["+79990000000,12", "+7 999 0000000"],
  ["+86 139 0000 0000", "+8613900000000"],
])("the stored phone %s is found by %s", async (stored, asked) => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" }, { phones: [stored] });
  expect(await find(portal, "PHONE", [asked])).toEqual({ CONTACT: [3001] });
});

test("a foreign number that begins with 8 is read as Russian once its plus is lost", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" }, { phones: ["+86 139 0000 0000"] });
  expect(await find(portal, "PHONE", ["8613900000000"])).toEqual([]);
});

test("ten digits without a country never match a number with one", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" }, { phones: ["+79990000000"] });
  expect(await find(portal, "PHONE", ["9990000000"])).toEqual([]);
});

test("e-mails are compared without case and surrounding space", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" }, { emails: ["Ann@Example.com"] });
  expect(await find(portal, "EMAIL", [" ann@EXAMPLE.com "])).toEqual({ CONTACT: [3001] });
});

test("ids come as numbers, oldest first, each once", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" }, { phones: ["+79990000000"], emails: ["a@x.example"] });
  portal.staff.addContact({ name: "Bea" }, { phones: ["89990000000"] });
  expect(await find(portal, "PHONE", ["+79990000000", "89990000000"])).toEqual({ CONTACT: [3001, 3002] });
});

test("nothing found is an empty list, not an empty map", async () => {
  expect(await find(createPortal(), "PHONE", ["+79990000000"])).toEqual([]);
});

test("a number of JSON is skipped, and so is empty text", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" }, { phones: ["79990000000"] });
  expect(await find(portal, "PHONE", [79990000000, ""])).toEqual([]);
});

test("values after the twentieth are ignored", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" }, { phones: ["+79990000000"] });
  const others = Array.from({ length: 20 }, (_, index) => `+7888000${index}`);
  expect(await find(portal, "PHONE", [...others, "+79990000000"])).toEqual([]);
  expect(await find(portal, "PHONE", [...others.slice(1), "+79990000000"])).toEqual({ CONTACT: [3001] });
});

test("no more than twenty contacts are told", async () => {
  const portal = createPortal();
  for (let index = 0; index < 25; index++) portal.staff.addContact({ name: "Ann" }, { phones: ["+79990000000"] });
  const found = (await find(portal, "PHONE", ["+79990000000"])) as { CONTACT: number[] };
  expect(found.CONTACT).toHaveLength(20);
});

test("wrong parameters are refused with an empty code", async () => {
  const portal = createPortal();
  const refusals = [
    [{ values: ["1"] }, "Communication type is not defined."],
    [{ type: "FAX", values: ["1"] }, "Communication type 'FAX' is not supported in current context."],
    [{ type: "PHONE" }, "Communication values is not defined."],
  ] as const;
  for (const [params, error_description] of refusals) {
    const answer = await callPortal(portal, "crm.duplicate.findbycomm", params);
    expect(answer).toMatchObject({ status: 400, body: { error: "", error_description } });
  }
  portal.configure({ switches: { duplicateErrors: "textAsCode" } });
  const { body } = await callPortal(portal, "crm.duplicate.findbycomm", { values: ["1"] });
  expect(body.error).toBe("Communication type is not defined.");
});

test("a contact is found at once, and no more after its phone was removed or the contact deleted", async () => {
  const portal = createPortal();
  const { body } = await callPortal(portal, "crm.contact.add", {
    fields: { NAME: "A", PHONE: [{ VALUE: "+79990000000" }] },
  });
  expect(await find(portal, "PHONE", ["+79990000000"])).toEqual({ CONTACT: [body.result] });
  const [phone] = portal.contacts.get(Number(body.result))?.fm ?? [];
  const removal = { id: body.result, fields: { PHONE: [{ ID: phone?.id, DELETE: "Y" }] } };
  await callPortal(portal, "crm.contact.update", removal);
  expect(await find(portal, "PHONE", ["+79990000000"])).toEqual([]);
});

test("find and then add is a race: both find nothing and both create", async () => {
  const portal = createPortal();
  const register = async () => {
    expect(await find(portal, "PHONE", ["+79990000000"])).toEqual([]);
    await callPortal(portal, "crm.contact.add", { fields: { NAME: "A", PHONE: [{ VALUE: "+79990000000" }] } });
  };
  await Promise.all([register(), register()]);
  expect(portal.contacts.size).toBe(2);
});

test("merging keeps the contact that is named first, its links and every phone", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" }, { phones: ["+79990000000"] });
  portal.staff.addContact({ name: "Ann", lastName: "Lee" }, { phones: ["89990000000", "+78880000000"] });
  const deal = portal.staff.addDeal({ title: "T", contactIds: [3002] });
  const params = { entityTypeId: 3, entityIds: [3001, 3002] };
  const { body } = await callPortal(portal, "crm.entity.mergeBatch", { params });
  expect(body.result).toEqual({ STATUS: "SUCCESS", ENTITY_IDS: [3002] });
  expect(portal.contacts.get(3001)).toMatchObject({ lastName: "Lee" });
  expect(portal.contacts.get(3001)?.fm.map(({ value }) => value)).toEqual(["+79990000000", "+78880000000"]);
  expect(portal.deals.get(deal.id)?.contactIds).toEqual([3001]);
  portal.staff.addContact({ name: "Ann", lastName: "Lee" });
  await callPortal(portal, "crm.entity.mergeBatch", { params: { entityTypeId: 3, entityIds: [3003, 3001] } });
  expect([...portal.contacts.keys()]).toEqual([3003]);
});

test("merging brings a phone that several others share once", async () => {
  const portal = createPortal();
  for (const phones of [[], ["+79990000000"], ["89990000000"]]) portal.staff.addContact({ name: "Ann" }, { phones });
  portal.staff.mergeContacts([3001, 3002, 3003]);
  expect(portal.contacts.get(3001)?.fm.map(({ value }) => value)).toEqual(["+79990000000"]);
});

test("merged contacts keep the companies of all, beginning with those of the one that stays", async () => {
  const portal = createPortal();
  for (const title of ["Titov", "Orlov"]) portal.staff.addCompany({ title });
  for (const companyIds of [[4001], [4002, 4001], []]) portal.staff.addContact({ name: "Ann", companyIds });
  portal.staff.mergeContacts([3001, 3002]);
  expect(portal.contacts.get(3001)).toMatchObject({ companyId: 4001, companyIds: [4001, 4002] });
  portal.staff.mergeContacts([3001, 3003], { into: 3003 });
  expect(portal.contacts.get(3003)).toMatchObject({ companyId: 4001, companyIds: [4001, 4002] });
});

test("a deal that others are merged into takes over observers and people of a user field if it has none", async () => {
  const portal = createPortal({ userFields: { deal: [{ name: "UF_CRM_TEAM", type: "employee", multiple: true }] } });
  for (const team of [{}, { observers: [2], ufCrmTeam: [2, 3] }]) portal.staff.addDeal({ title: "T", ...team });
  portal.staff.mergeDeals([7001, 7002]);
  expect(portal.deals.get(7001)).toMatchObject({ observers: [2], ufCrmTeam: [2, 3] });
});

test.each([
  [1, "lead"],
  [2, "deal"],
  [3, "contact"],
  [4, "company"],
])(
  "a merging of kind %d leaves out what the portal refuses by now, and is carried through",
  async (entityTypeId, kind) => {
    const list = { name: "UF_CRM_FORM", type: "enumeration" as const, items: [{ id: 79, value: "Online" }] };
    const userFields = { lead: [list], deal: [list], contact: [list], company: [list] };
    const portal = createPortal({ userFields, unknown: { enumeration: "stored" } });
    const add = (fields: object) =>
      callPortal(portal, "crm.item.add", { entityTypeId, fields: { title: "T", name: "Ann", ...fields } });
    await add({ sourceId: "" });
    await add({ sourceId: "BILLBOARD", companyId: 999, ufCrmForm: 5, comments: "Called" });
    const records = { lead: portal.leads, deal: portal.deals, contact: portal.contacts, company: portal.companies }[
      kind
    ];
    const [first, second] = [...(records?.keys() ?? [])];
    const comment = { ENTITY_TYPE: kind, ENTITY_ID: second, COMMENT: "Paid" };
    await callPortal(portal, "crm.timeline.comment.add", { fields: comment });
    const unknown = { company: "refused", source: "refused", enumeration: "refused" } as const;
    portal.configure({ unknown });
    const params = { entityTypeId, entityIds: [first, second] };
    const { body } = await callPortal(portal, "crm.entity.mergeBatch", { params });
    expect(body.result).toEqual({ STATUS: "SUCCESS", ENTITY_IDS: [second] });
    const merged = records?.get(first ?? 0);
    expect([merged?.comments, merged?.ufCrmForm, merged?.companyId ?? null, merged?.sourceId || ""]).toEqual([
      ...["Called", undefined, null, ""],
    ]);
    expect([...(records?.keys() ?? [])]).toEqual([first]);
    expect([...portal.comments.values()]).toMatchObject([{ entityId: first, text: "Paid" }]);
    expect(portal.settings.unknown).toMatchObject(unknown);
  },
);

const few = "The parameter entityIds must contains at least two elements.";
const invalid = "The parameter entityIds does not contains valid elements.";

test.each([
  [{ entityTypeId: 3, entityIds: [3001, 3001] }, few],
  [{ entityTypeId: 3, entityIds: [3001] }, few],
  [{ entityTypeId: 3 }, invalid],
  [{ entityTypeId: 3, entityIds: ["none", 0] }, invalid],
  [{ entityTypeId: 3, entityIds: [998, 999] }, invalid],
  [{ entityTypeId: 3, entityIds: [3001, 999] }, "Owner was not found"],
  [{ entityIds: [3001, 3002] }, "The parameter entityTypeId is required."],
  [{ entityTypeId: 7, entityIds: [3001, 3002] }, "Entity type QUOTE is not supported"],
])("merging %j is refused with the number 0 for a code, and changes nothing", async (params, sentence) => {
  const portal = createPortal();
  for (const name of ["Ann", "Ann"]) portal.staff.addContact({ name });
  const { status, body } = await callPortal(portal, "crm.entity.mergeBatch", { params });
  expect([status, body.error, body.error_description]).toEqual([400, 0, sentence]);
  expect([...portal.contacts.keys()]).toEqual([3001, 3002]);
});

test("leads are merged with their contacts, phones, comments and what the first one lacks", async () => {
  const portal = createPortal();
  const [bea, cid] = ["Bea", "Cid"].map((name) => portal.staff.addContact({ name }).id);
  const first = portal.staff.addLead({ name: "Ann", contactIds: [bea ?? 0] }, { phones: ["+79990000000"] });
  const second = portal.staff.addLead(
    { name: "Ann", lastName: "Lee", comments: "twice", originId: "user-1", contactIds: [cid ?? 0] },
    { phones: ["89990000000"], emails: ["a@x.example"] },
  );
  await callPortal(portal, "crm.timeline.comment.add", {
    fields: { ENTITY_TYPE: "lead", ENTITY_ID: second.id, COMMENT: "called" },
  });
  const params = { entityTypeId: 1, entityIds: [first.id, second.id] };
  const { body } = await callPortal(portal, "crm.entity.mergeBatch", { params });
  expect(body.result).toEqual({ STATUS: "SUCCESS", ENTITY_IDS: [second.id] });
  expect([...portal.leads.keys()]).toEqual([first.id]);
  expect(portal.leads.get(first.id)).toMatchObject({
    lastName: "Lee",
    comments: "twice",
    originId: "",
    contactIds: [bea, cid],
    fm: [{ value: "+79990000000" }, { value: "a@x.example" }],
  });
  expect([...portal.comments.values()]).toMatchObject([{ entityId: first.id }]);
});

test("companies are merged with everybody who belongs to them, unless their names differ", async () => {
  const portal = createPortal();
  const [first, second, other] = ["Titov", "Titov", "Popov"].map((title) => portal.staff.addCompany({ title }).id);
  const ann = portal.staff.addContact({ name: "Ann", companyId: second ?? 0 });
  const deal = portal.staff.addDeal({ title: "T", companyId: second ?? 0 });
  const merge = async (entityIds: unknown[]) =>
    (await callPortal(portal, "crm.entity.mergeBatch", { params: { entityTypeId: 4, entityIds } })).body.result;
  expect(await merge([first, other])).toEqual({ STATUS: "CONFLICT", ENTITY_IDS: [] });
  expect(await merge([first, second])).toEqual({ STATUS: "SUCCESS", ENTITY_IDS: [second] });
  expect([...portal.companies.keys()]).toEqual([first, other]);
  expect(portal.contacts.get(ann.id)?.companyId).toBe(first);
  expect(portal.deals.get(deal.id)?.companyId).toBe(first);
});

test("contacts that contradict each other are not merged", async () => {
  const portal = createPortal();
  portal.staff.addContact({ name: "Ann" });
  portal.staff.addContact({ name: "Bob" });
  const params = { entityTypeId: 3, entityIds: [3001, 3002] };
  const { body } = await callPortal(portal, "crm.entity.mergeBatch", { params });
  expect(body.result).toEqual({ STATUS: "CONFLICT", ENTITY_IDS: [] });
  expect(portal.contacts.size).toBe(2);
});
