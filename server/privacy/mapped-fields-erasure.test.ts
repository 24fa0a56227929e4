import { expect, test } from "vitest";
import type { UserField } from "../../e2e/portal/administration";
import { systemActor } from "../audit/actor";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { startServices } from "../start";
import { arrived } from "../test/corrections";
import { type CrmHarness, startCrm } from "../test/crm";
import { erased, person } from "../test/erasures";
import { userOf } from "../test/factories";
import { hits, searchDatabase } from "../test/search-everywhere";
import { everybody } from "../users/filter";
import { listUsers } from "../users/list";
import { copyPerson } from "./own-data";

/** What the settings have sent to the portal's own fields has to go as well, whatever the fields hold and the portal demands. */

/** What was sent to the field, and what of it stands there after an erasure if the portal demands the field. */
const kinds = [
  { source: "firstName", type: "string", instead: "Удалено / Erased" },
  { source: "lastName", type: "string", multiple: true, instead: ["Удалено / Erased"] },
  { source: "user_link", type: "url", instead: "https://erased.invalid" },
  { source: "user_link", type: "url", multiple: true, instead: ["https://erased.invalid"] },
  { source: "registered_at", type: "date", instead: "1970-01-01" },
  { source: "user_id", type: "integer", instead: 0 },
  { source: "user_id", type: "double", instead: 0 },
  { source: "language", type: "enumeration", instead: 7 },
] as const;

const items = [
  { id: 7, value: "Не указан" },
  { id: 8, value: "en" },
  { id: 9, value: "ru" },
];

const fields = kinds.map(({ type, source, ...kind }, number) => ({
  upper: `UF_CRM_MAP${"ABCDEFGH"[number]}`,
  name: `ufCrmMap${"abcdefgh"[number]}`,
  source,
  type,
  multiple: "multiple" in kind,
  instead: kind.instead,
}));

/** A portal with a field of each kind on contacts and deals, and settings that fill them. */
const startMapped = (required: boolean) => {
  const own: UserField[] = fields.map(({ upper, type, multiple }) => ({
    name: upper,
    type,
    title: upper,
    multiple,
    required,
    ...(type === "enumeration" ? { items } : {}),
  }));
  const map = (entity: string) => fields.map(({ source, upper }) => `${source}=${entity}.${upper}`);
  return startCrm({
    env: { BITRIX24_MARK_FIELDS: [...map("contact"), ...map("deal")].join(", ") },
    portal: { userFields: { contact: own, deal: own } },
  });
};

const records = ({ portal }: CrmHarness) =>
  [...portal.contacts.values(), ...portal.deals.values()] as unknown as Record<string, unknown>[];
const mappedOf = (record: Record<string, unknown>) => fields.map(({ name }) => record[name]);
const isBlank = (value: unknown) => value === "" || value === null || (Array.isArray(value) && value.length === 0);

/** The portal refuses every change that would empty one of these: the stand-in looks at them only on new records. */
function demand(crm: CrmHarness, isEmptied: (changes: Record<string, unknown>) => boolean): void {
  crm.portal.fail({
    kind: "command",
    method: "crm.item.update",
    code: "CRM_FIELD_ERROR_REQUIRED",
    match: ({ params }) => isEmptied((params.fields ?? {}) as Record<string, unknown>),
  });
}
const emptiesMapped = (changes: Record<string, unknown>) =>
  fields.some(({ name }) => name in changes && isBlank(changes[name]));

test("a portal that demands a phone keeps nothing in fields of any kind, nor in those of several values", async () => {
  const crm = await startMapped(false);
  crm.newWorker().start();
  const userId = await arrived(crm, person);
  for (const record of records(crm)) expect(mappedOf(record).filter(isBlank)).toEqual([]);
  demand(crm, (changes) => "comments" in changes && changes.comments === "");
  await erased(crm, userId);
  for (const record of records(crm))
    expect(mappedOf(record)).toEqual(
      fields.map(({ type, instead }) => (type === "string" ? instead : expect.toSatisfy(isBlank))),
    );
  expect(hits(JSON.stringify(records(crm)), ["пелагея", "вырубова", `/admin/users/${userId}`])).toEqual([]);
});

test("fields of any kind that the portal demands get values that are nobody's", async () => {
  const crm = await startMapped(true);
  crm.newWorker().start();
  const userId = await arrived(crm, person);
  for (const record of records(crm)) expect(mappedOf(record).filter(isBlank)).toEqual([]);
  demand(crm, emptiesMapped);
  await erased(crm, userId);
  for (const record of records(crm)) expect(mappedOf(record)).toEqual(fields.map(({ instead }) => instead));
});

test("each of several deals of a person loses its values, and the contact that is not the person's", async () => {
  const crm = await startMapped(false);
  const customer = crm.portal.staff.addContact({ name: "Старый клиент" }, { phones: [person.phone] });
  crm.newWorker().start();
  const userId = await arrived(crm, person);
  const values = { ufCrmMapb: ["Вырубова"], ufCrmMapd: ["https://example.com/vyrubova"] };
  crm.portal.staff.addDeal({ title: "Двойник", contactId: customer.id, ...(await crm.mark(userId)), ...values });
  const deals = () => [...crm.portal.deals.values()] as unknown as Record<string, unknown>[];
  expect(deals().map(({ contactIds }) => contactIds)).toEqual([[customer.id], [customer.id]]);
  for (const deal of deals()) expect([deal.ufCrmMapb, deal.ufCrmMapd].filter(isBlank)).toEqual([]);
  await erased(crm, userId);
  expect(deals().map(({ contactIds }) => contactIds)).toEqual([[], []]);
  for (const deal of deals()) expect(mappedOf(deal).filter((value) => !isBlank(value ?? ""))).toEqual([]);
});

test("a contact that two people share passes to the other one although the portal demands what is cleared", async () => {
  const crm = await startMapped(true);
  crm.newWorker().start();
  const first = await arrived(crm, person);
  const heir = { firstName: "Мария", lastName: "Ларина", email: "maria@example.com", phone: person.phone };
  const second = await arrived(crm, heir);
  const contactId = (await userOf(crm, first)).bitrix24ContactId ?? 0;
  expect((await userOf(crm, second)).bitrix24ContactId).toBe(contactId);
  const contact = crm.portal.contacts.get(contactId) as unknown as Record<string, unknown> & {
    fm: { typeId: string; value: string }[];
  };
  // The portal demands an e-mail as well, and of the contact's e-mails all were the erased person's.
  contact.fm = contact.fm.filter(({ value }) => value !== heir.email);
  demand(
    crm,
    (changes) =>
      emptiesMapped(changes) ||
      Object.values((changes.fm ?? {}) as Record<string, { value: string }>).some(({ value }) => value === ""),
  );
  await erased(crm, first);
  expect(contact).toMatchObject({ name: "Мария", originId: `user-${second}` });
  expect(contact.fm.filter(({ typeId }) => typeId === "EMAIL").map(({ value }) => value)).toEqual([heir.email]);
  expect(mappedOf(contact)).toEqual(fields.map(({ instead }) => instead));
  expect(hits(JSON.stringify(records(crm)), ["пелагея", "вырубова", "pelageya"])).toEqual([]);
});

test("a field that only the environment of an earlier start named loses its value", async () => {
  const text: UserField = { name: "UF_CRM_OLD_MAIL", type: "string", title: "Mail" };
  const map = { BITRIX24_MARK_FIELDS: "email=contact.UF_CRM_OLD_MAIL" };
  const crm = await startCrm({ env: map, portal: { userFields: { contact: [text], deal: [] } } });
  const { database } = crm;
  for (const given of [map, {}]) {
    const env = parseEnv({ NODE_ENV: "test", ROLE: "web", DATABASE_URL: database.url, ...given });
    await (await startServices(env, createLog("silent"))).stop();
  }
  const earlier = crm.newWorker();
  earlier.start();
  const userId = await arrived(crm, person);
  await earlier.stop();
  const mails = () =>
    [...crm.portal.contacts.values()].map((contact) => (contact as { ufCrmOldMail?: unknown }).ufCrmOldMail);
  expect(mails()).toEqual([person.email]);

  const now = await startCrm({ server: crm, database });
  now.newWorker().start();
  await erased(now, userId);
  expect(mails()).toEqual([""]);
});

test("answers go from the row, the search, the own copy, the queues and the portal's fields, also of a map that was changed since", async () => {
  const secret = "Тайноответов";
  const ask = (key: string, kind: string, options: object[] = []) => ({
    question: { key, kind, label: { en: key, ru: "" }, options },
  });
  const place = (name: string, type: UserField["type"]): UserField => ({
    name,
    type,
    title: name,
    ...(type === "enumeration" ? { items } : {}),
  });
  const own = [place("UF_CRM_WHY", "string"), place("UF_CRM_LANG", "enumeration"), place("UF_CRM_AGE", "integer")];
  const crm = await startCrm({
    env: { BITRIX24_MARK_FIELDS: "answer.why=contact.UF_CRM_WHY" },
    portal: { userFields: { contact: own, deal: own } },
  });
  const { db, pool, forms } = crm.services;
  const asked = [
    ask("why", "text"),
    ask("lang", "choice", [{ value: "ru", label: { en: "Russian" } }]),
    ask("age", "number"),
  ];
  const settings = { fields: "answer.lang=deal.UF_CRM_LANG, answer.age=deal.UF_CRM_AGE" };
  await db.form.update({ where: { id: 1 }, data: { definition: { items: asked, settings } } });
  await forms.reload();
  const userId = await crm.register(person);
  await db.user.update({
    where: { id: userId },
    data: { answers: { why: secret, lang: "ru", age: "71727374", note: secret } },
  });
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, userId)).crmState).toBe("SYNCED");
  const told = () => JSON.stringify(records(crm));
  expect(hits(told(), [secret, "71727374"])).toEqual([secret, "71727374"]);
  expect(records(crm).some((record) => record.ufCrmLang === 9)).toBe(true);
  expect(await searchDatabase(pool, [secret])).not.toEqual([]);

  const copy = () => copyPerson(crm.services, { actor: systemActor, userId, forAdministrator: true });
  expect(hits(JSON.stringify(await copy()), [secret, "71727374"])).toEqual([secret, "71727374"]);

  // A map of before is known from the history of the form.
  const after = { ...settings, fields: "" };
  await db.formChange.create({
    data: {
      formId: 1,
      actorKind: "SYSTEM",
      before: { definition: { settings } },
      after: { definition: { settings: after } },
    },
  });
  await db.form.update({ where: { id: 1 }, data: { definition: { items: asked, settings: after } } });
  await forms.reload();
  await erased(crm, userId);

  expect((await userOf(crm, userId)).answers).toEqual({});
  expect(await searchDatabase(pool, [secret, "71727374"])).toEqual([]);
  expect((await listUsers(crm.services, { filter: { ...everybody, q: secret }, cursor: null })).users).toEqual([]);
  await expect(copy()).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(hits(told(), [secret, "71727374"])).toEqual([]);
  for (const record of records(crm)) expect(record.ufCrmLang ?? "").toSatisfy(isBlank);
  expect(hits(JSON.stringify(crm.lines), [secret, "71727374"])).toEqual([]);
});
