import { expect, test } from "vitest";
import { callPortal, idOf } from "./call-portal";
import { createPortal, type Portal } from "./portal";

const values = (portal: Portal, id = 3001) => portal.contacts.get(id)?.fm.map(({ value }) => value);

async function contactWithPhone(portal: Portal): Promise<number> {
  const fields = { NAME: "Ann", PHONE: [{ VALUE: "+79990000000", VALUE_TYPE: "MOBILE" }] };
  await callPortal(portal, "crm.contact.add", { fields });
  return portal.contacts.get(3001)?.fm[0]?.id ?? 0;
}

test("a value without an id is appended, so sending it again doubles it", async () => {
  const portal = createPortal();
  await contactWithPhone(portal);
  await callPortal(portal, "crm.contact.update", { id: 3001, fields: { PHONE: [{ VALUE: "+79990000000" }] } });
  expect(values(portal)).toEqual(["+79990000000", "+79990000000"]);
});

test("a value with an id is replaced or removed, and what is not mentioned stays", async () => {
  const portal = createPortal();
  const id = await contactWithPhone(portal);
  const update = (fields: object) => callPortal(portal, "crm.contact.update", { id: 3001, fields });
  await update({ EMAIL: [{ VALUE: "a@x.example" }] });
  await update({ PHONE: [{ ID: id, VALUE: "+78880000000", VALUE_TYPE: "HOME" }] });
  expect(portal.contacts.get(3001)?.fm[0]).toEqual({ id, typeId: "PHONE", valueType: "HOME", value: "+78880000000" });
  await update({ PHONE: [{ ID: id, DELETE: "Y" }] });
  expect(values(portal)).toEqual(["a@x.example"]);
  expect(portal.contacts.get(3001)).toMatchObject({ hasPhone: "N", hasEmail: "Y" });
});

test("the wrong shape is accepted and yields nothing", async () => {
  const portal = createPortal();
  for (const PHONE of ["+79990000000", { VALUE: "+79990000000", VALUE_TYPE: "WORK" }, ["+79990000000"]]) {
    const answer = await callPortal(portal, "crm.contact.add", { fields: { NAME: "Ann", PHONE } });
    expect(answer.status).toBe(200);
    expect(values(portal, idOf(answer))).toEqual([]);
  }
});

test("an unknown value type becomes the first one", async () => {
  const portal = createPortal();
  const fields = { NAME: "Ann", PHONE: [{ VALUE: "1", VALUE_TYPE: "SATELLITE" }] };
  await callPortal(portal, "crm.contact.add", { fields });
  expect(portal.contacts.get(3001)?.fm[0]?.valueType).toBe("WORK");
});

test("phones are absent from a list unless they are named", async () => {
  const portal = createPortal();
  await contactWithPhone(portal);
  const list = async (select: string[]) => (await callPortal(portal, "crm.contact.list", { select })).body.result;
  expect((await list(["*"])) as object[]).not.toEqual([expect.objectContaining({ PHONE: expect.anything() })]);
  expect(await list(["NAME", "PHONE"])).toEqual([
    {
      ID: "3001",
      NAME: "Ann",
      PHONE: [{ ID: expect.any(String), VALUE_TYPE: "MOBILE", VALUE: "+79990000000", TYPE_ID: "PHONE" }],
    },
  ]);
});

test("crm.item.add takes a list, and answers with the list and flat names", async () => {
  const portal = createPortal();
  const fm = [
    { typeId: "PHONE", valueType: "MOBILE", value: "+79990000000" },
    { typeId: "EMAIL", valueType: "WORK", value: "a@x.example" },
  ];
  const { body } = await callPortal(portal, "crm.item.add", { entityTypeId: 3, fields: { name: "Ann", fm } });
  expect(body.result).toMatchObject({
    item: { fm: fm.map((field) => expect.objectContaining(field)), phone: "+79990000000", phoneMobile: "+79990000000" },
  });
  expect(body.result).toMatchObject({ item: { email: "a@x.example", emailWork: "a@x.example", hasPhone: "Y" } });
});

test("crm.item.update takes a map: n0 appends, an id replaces, an id with an empty value removes", async () => {
  const portal = createPortal();
  const id = await contactWithPhone(portal);
  const update = (fm: object) => callPortal(portal, "crm.item.update", { entityTypeId: 3, id: 3001, fields: { fm } });
  await update({ n0: { typeId: "EMAIL", valueType: "WORK", value: "a@x.example" } });
  expect(values(portal)).toEqual(["+79990000000", "a@x.example"]);
  await update({ [id]: { typeId: "PHONE", valueType: "WORK", value: "+78880000000" } });
  expect(values(portal)).toEqual(["+78880000000", "a@x.example"]);
  await update({ [id]: { typeId: "PHONE", value: "" } });
  expect(values(portal)).toEqual(["a@x.example"]);
});

test("crm.item.update makes a new value where the id is not there, and does nothing with one that does not say its kind", async () => {
  const portal = createPortal();
  const id = await contactWithPhone(portal);
  const update = (fm: object) => callPortal(portal, "crm.item.update", { entityTypeId: 3, id: 3001, fields: { fm } });
  const { body } = await update({ 999: { typeId: "EMAIL", valueType: "HOME", value: "a@x.example" } });
  expect(body.result).toMatchObject({
    item: { fm: [{ id }, { id: id + 1, valueType: "HOME", value: "a@x.example" }] },
  });
  await update({ 998: { typeId: "EMAIL", value: "" } });
  expect((await update({ [id]: { value: "" }, [id + 1]: { value: "b@x.example" } })).status).toBe(200);
  expect(values(portal)).toEqual(["+79990000000", "a@x.example"]);
  await update([{ typeId: "PHONE", value: "+78880000000" }]);
  expect(values(portal)).toEqual(["+79990000000", "a@x.example", "+78880000000"]);
});

test("messengers and sites keep the kind that they were given, and three messengers have a name of their own", async () => {
  const portal = createPortal();
  const messengers = [
    "TELEGRAM",
    "VK",
    "SKYPE",
    "VIBER",
    "BITRIX24",
    "ICQ",
    "MSN",
    "JABBER",
    "OPENLINE",
    "IMOL",
    "OTHER",
  ];
  const entries = (types: string[]) => types.map((type) => ({ VALUE: type.toLowerCase(), VALUE_TYPE: type }));
  const sites = ["WORK", "HOME", "VK", "LIVEJOURNAL", "TWITTER", "OTHER"];
  const fields = { NAME: "Ann", IM: entries(messengers), WEB: entries(sites) };
  const id = idOf(await callPortal(portal, "crm.contact.add", { fields }));
  const typesOf = (kind: string) =>
    portal.contacts.get(id)?.fm.flatMap((one) => (one.typeId === kind ? one.valueType : []));
  expect(typesOf("IM")).toEqual(messengers);
  expect(typesOf("WEB")).toEqual(sites);
  const { body } = await callPortal(portal, "crm.item.get", { entityTypeId: 3, id });
  expect(body.result).toMatchObject({ item: { skype: "skype", icq: "icq", imol: "imol" } });
  expect((body.result as { item: object }).item).not.toHaveProperty("im");
});

test.each([
  ["TELEGRAM", "N"],
  ["OPENLINE", "Y"],
  ["IMOL", "Y"],
])("a messenger of the kind %s makes HAS_IMOL %s", async (type, flag) => {
  const portal = createPortal();
  const fields = { NAME: "Ann", IM: [{ VALUE: "imol|livechat|1|67|21", VALUE_TYPE: type }] };
  await callPortal(portal, "crm.contact.add", { fields });
  const { body } = await callPortal(portal, "crm.contact.get", { id: 3001 });
  expect(body.result).toMatchObject({ HAS_IMOL: flag });
});

test("a portal may ignore the ids in crm.item.update and only add; the older method removes and changes", async () => {
  const portal = createPortal({ switches: { universalMultiFields: "added" } });
  const id = await contactWithPhone(portal);
  const update = (fm: object) => callPortal(portal, "crm.item.update", { entityTypeId: 3, id: 3001, fields: { fm } });
  await update({ [id]: { typeId: "PHONE", value: "" } });
  expect(values(portal)).toEqual(["+79990000000"]);
  const { body } = await update({ [id]: { typeId: "PHONE", valueType: "WORK", value: "+78880000000" } });
  expect(values(portal)).toEqual(["+79990000000", "+78880000000"]);
  expect(body.result).toMatchObject({ item: { fm: [{ id, value: "+79990000000" }, { value: "+78880000000" }] } });
  await callPortal(portal, "crm.contact.update", { id: 3001, fields: { PHONE: [{ ID: id, DELETE: "Y" }] } });
  expect(values(portal)).toEqual(["+78880000000"]);
});

test("fm cannot be selected by name in crm.item.list, only with everything", async () => {
  const portal = createPortal();
  await contactWithPhone(portal);
  const list = async (select: string[]) =>
    (await callPortal(portal, "crm.item.list", { entityTypeId: 3, select })).body.result;
  expect(await list(["id", "fm"])).toEqual({ items: [{ id: 3001 }] });
  expect(await list(["*"])).toMatchObject({ items: [{ id: 3001, fm: [{ value: "+79990000000" }] }] });
});

test("an e-mail that is none is refused by the older family", async () => {
  const fields = { NAME: "Ann", EMAIL: [{ VALUE: "nobody" }] };
  const answer = await callPortal(createPortal(), "crm.contact.add", { fields });
  expect(answer).toMatchObject({ status: 400, body: { error: "ERROR_CORE" } });
});
