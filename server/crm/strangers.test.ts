import { expect, test } from "vitest";
import { markConfirmed } from "../confirmation/confirm";
import { type CrmHarness, noJobsLeft, startCrm } from "../test/crm";
import { userOf } from "../test/factories";

const allSynced = ({ services }: CrmHarness) =>
  expect.poll(() => services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
const dealOf = async (crm: CrmHarness, id: number) => crm.portal.deals.get((await userOf(crm, id)).bitrix24DealId ?? 0);

test("an existing contact is linked by e-mail, then by phone, and nothing in it is changed", async () => {
  const crm = await startCrm();
  const { staff } = crm.portal;
  const byPhone = staff.addContact({ name: "Другой" }, { phones: ["8 (999) 777-00-11"] });
  const byEmail = staff.addContact({ name: "Анна Старая" }, { emails: ["Anna@Example.com"] });
  const before = structuredClone([...crm.portal.contacts.values()]);
  const id = await crm.register({
    email: "anna@example.com",
    phone: "+79997770011",
    firstName: "Новое",
    lastName: "Каренина",
  });
  const other = await crm.register({ email: "other@example.com", phone: "+79997770011", firstName: "Пётр" });
  crm.newWorker().start();
  await allSynced(crm);
  expect([...crm.portal.contacts.values()]).toEqual(before);
  expect(await userOf(crm, id)).toMatchObject({ bitrix24ContactId: byEmail.id, crmContactBy: "email" });
  expect(await userOf(crm, other)).toMatchObject({ bitrix24ContactId: byPhone.id, crmContactBy: "phone" });
});

test.each([
  ["found by its confirmed e-mail and without a phone is given the phone", true, "email", [], true],
  ["that has another phone keeps it", true, "email", ["+79990000000"], false],
  ["whose e-mail nobody has confirmed is given nothing", false, "email", [], false],
  ["found by phone is given nothing", true, "phone", ["+79997770011"], false],
] as const)("a contact %s", async (_name, confirmed, by, phones, given) => {
  const crm = await startCrm();
  const emails = by === "email" ? ["anna@example.com"] : ["elsewhere@example.com"];
  const { id: contactId } = crm.portal.staff.addContact({ name: "", lastName: "" }, { emails, phones: [...phones] });
  const before = structuredClone(crm.portal.contacts.get(contactId));
  const id = await crm.register({ email: "anna@example.com", phone: "+79997770011", lastName: "Каренина" });
  if (confirmed) await crm.services.db.user.update({ where: { id }, data: { emailConfirmedAt: new Date() } });
  crm.newWorker().start();
  await allSynced(crm);
  const crmContactBy = confirmed && by === "email" ? "confirmed" : by;
  expect(await userOf(crm, id)).toMatchObject({ bitrix24ContactId: contactId, crmContactBy });
  const { fm: kept, ...fields } = crm.portal.contacts.get(contactId) ?? { fm: [] };
  const values = (fm: unknown) => (fm as { value: string }[]).map(({ value }) => value);
  expect(values(kept)).toEqual([...values(before?.fm), ...(given ? ["+79997770011"] : [])]);
  expect(fields).toMatchObject({ name: "", lastName: "", originId: "" });
});

test("an e-mail that is confirmed after the link gives the contact its missing phone, once", async () => {
  const crm = await startCrm();
  const { id: contactId } = crm.portal.staff.addContact({ name: "Анна" }, { emails: ["anna@example.com"] });
  const phones = () => JSON.stringify(crm.portal.contacts.get(contactId)).match(/\+79997770011/g) ?? [];
  const id = await crm.register({ email: "anna@example.com", phone: "+79997770011" });
  crm.newWorker().start();
  await allSynced(crm);
  expect(phones()).toEqual([]);
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.update", times: 1 });
  const { db, queue } = crm.services;
  for (let times = 0; times < 2; times++) {
    await db.$transaction((tx) => markConfirmed(tx, queue, id));
    await noJobsLeft(db);
    expect((await userOf(crm, id)).crmContactBy).toBe("confirmed");
  }
  expect(phones()).toHaveLength(1);
});

test("an address that was changed before it was confirmed gives a contact that was found by the old one nothing", async () => {
  const crm = await startCrm();
  const { id: contactId } = crm.portal.staff.addContact({ name: "Анна" }, { emails: ["anna@example.com"] });
  const before = structuredClone(crm.portal.contacts.get(contactId));
  const id = await crm.register({ email: "anna@example.com" });
  const other = await crm.register();
  crm.newWorker().start();
  await allSynced(crm);
  const { db, queue } = crm.services;
  await db.user.update({ where: { id }, data: { email: "other@example.com" } });
  await db.$transaction((tx) => markConfirmed(tx, queue, id));
  await noJobsLeft(db);
  expect(crm.portal.contacts.get(contactId)).toEqual(before);
  expect((await userOf(crm, other)).crmState).toBe("SYNCED");
});

test("a visitor who types a customer's phone sixteen times changes nothing in the customer's contact", async () => {
  const crm = await startCrm();
  const { id: contactId } = crm.portal.staff.addContact(
    { name: "Клиент", lastName: "Постоянный" },
    { phones: ["+79997770011"], emails: ["customer@example.com"] },
  );
  const before = structuredClone(crm.portal.contacts.get(contactId));
  for (let made = 0; made < 16; made++) await crm.register({ phone: "+79997770011" });
  crm.newWorker().start();
  await allSynced(crm);
  expect(crm.portal.contacts.get(contactId)).toEqual(before);
  expect(crm.portal.contacts.size).toBe(1);
  expect(crm.portal.executed.get("crm.item.update")).toBeUndefined();
});

test("a supplier of inventory management who has the person's phone and e-mail is not linked: the person gets a contact", async () => {
  const crm = await startCrm();
  const { id: supplier } = crm.portal.staff.addContact(
    { name: "Поставщик", categoryId: 1 },
    { phones: ["+79997770011"], emails: ["anna@example.com"] },
  );
  const before = structuredClone(crm.portal.contacts.get(supplier));
  const userId = await crm.register({ phone: "+79997770011", email: "anna@example.com" });
  crm.newWorker().start();
  await allSynced(crm);
  expect(crm.portal.contacts.get(supplier)).toEqual(before);
  const { bitrix24ContactId } = await crm.services.db.user.findUniqueOrThrow({ where: { id: userId } });
  expect([...crm.portal.contacts.keys()]).toEqual([supplier, bitrix24ContactId]);
  expect((await dealOf(crm, userId))?.contactIds).toEqual([bitrix24ContactId]);
});

test("what a person gave otherwise than the contact says stands in the deal's comment, as plain text", async () => {
  const crm = await startCrm();
  const { staff } = crm.portal;
  staff.addContact({ name: "Анна", lastName: "Старая" }, { emails: ["anna@example.com"], phones: ["+79990000001"] });
  staff.addContact(
    { name: " ИВАН ", lastName: "иванов" },
    { emails: ["Ivan@Example.com"], phones: ["8 999 000-00-02"] },
  );
  staff.addContact({ name: "Petr" }, { phones: ["+79990000003"] });
  const anna = await crm.register({
    email: "anna@example.com",
    phone: "+79991112233",
    firstName: "[url=https://spam.example]Анна[/url]",
    lastName: null,
  });
  const ivan = await crm.register({
    email: "ivan@example.com",
    phone: "+79990000002",
    firstName: "Иван",
    lastName: "Иванов",
  });
  const petr = await crm.register({ email: "p@example.com", phone: "+79990000003", firstName: "Petr", lastName: "B" });
  await crm.services.db.user.update({ where: { id: petr }, data: { locale: "en", company: "Acme" } });
  const fresh = await crm.register();
  crm.newWorker().start();
  await allSynced(crm);
  expect((await dealOf(crm, anna))?.comments).toBe(
    [
      "Привязано к существующему контакту с этой почтой; сам контакт не изменён.",
      "Указано в форме:",
      "Имя: (url=https://spam.example)Анна(/url)",
      "Телефон: +79991112233",
    ].join("\n"),
  );
  expect((await dealOf(crm, ivan))?.comments).toBe("");
  expect((await dealOf(crm, petr))?.comments).toBe(
    [
      "Company: Acme",
      "Linked to an existing contact with this phone; the contact was not changed.",
      "Given in the form:",
      "Name: Petr B",
      "E-mail: p@example.com",
    ].join("\n"),
  );
  expect((await dealOf(crm, fresh))?.comments).toBe("");
});

test("what differs is told as well where the deal was made at a later attempt than the link", async () => {
  const crm = await startCrm();
  crm.portal.staff.addContact({ name: "Анна" }, { emails: ["anna@example.com"] });
  crm.portal.fail({ kind: "command", method: "crm.item.add", code: "INTERNAL_SERVER_ERROR", times: 2 });
  const id = await crm.register({ email: "anna@example.com", firstName: "Анна", lastName: null });
  crm.newWorker().start();
  await allSynced(crm);
  expect((await dealOf(crm, id))?.comments).toContain(`Телефон: ${(await userOf(crm, id)).phone}`);
});

test("the owner of a known contact gets the deal, and the turn is for new contacts", async () => {
  const crm = await startCrm({ env: { BITRIX24_ASSIGNED_BY_IDS: "3,2" } });
  const contact = (assignedById: number, email: string) =>
    crm.portal.staff.addContact({ name: "Клиент", assignedById }, { emails: [email] });
  contact(2, "known@example.com");
  contact(4, "dismissed@example.com");
  const known = await crm.register({ email: "known@example.com" });
  crm.newWorker().start();
  await allSynced(crm);
  const first = await crm.register();
  await allSynced(crm);
  const dismissed = await crm.register({ email: "dismissed@example.com" });
  await allSynced(crm);
  const third = await crm.register();
  await allSynced(crm);
  const responsible = await Promise.all(
    [known, first, dismissed, third].map(async (id) => (await dealOf(crm, id))?.assignedById),
  );
  expect(responsible).toEqual([2, 3, 2, 3]);
});

test.each([
  ["switched off", { env: { BITRIX24_KEEP_OWNER: "off" } }, 1],
  ["left to a portal that does not tell who works there", { portal: { webhooks: [webhook(["crm", "catalog"])] } }, 4],
])("keeping the owner, %s", async (_name, options, expected) => {
  const crm = await startCrm(options);
  crm.portal.staff.addContact({ name: "Клиент", assignedById: 4 }, { emails: ["known@example.com"] });
  const id = await crm.register({ email: "known@example.com" });
  crm.newWorker().start();
  await allSynced(crm);
  expect((await dealOf(crm, id))?.assignedById).toBe(expected);
});

function webhook(scopes: string[]) {
  return { userId: 1, secret: "standinportalkey", scopes };
}
