import { afterAll, beforeAll, expect, test } from "vitest";
import { type Actor, systemActor } from "../audit/actor";
import { openForms } from "../forms/forms";
import { siteQuestions } from "../forms/questions";
import { namedForms } from "../import/form-names";
import { bytesSource, suggested, surveyFile } from "../import/import-file";
import { importPeople } from "../import/import-people";
import { beginImport, getImport } from "../import/import-runs";
import { readRows } from "../import/rows";
import type { Locale } from "../platform/locales";
import { createLog } from "../platform/log";
import type { Services } from "../services";
import { makeAdmin, makeUser } from "../test/factories";
import { createTestQueue, type TestQueue } from "../test/queue";
import { exportUsers } from "./export";
import { everybody } from "./filter";

let database: TestQueue & Pick<Services, "forms">;
let actor: Actor;

beforeAll(async () => {
  const made = await createTestQueue();
  await made.db.form.update({ where: { id: 1 }, data: { definition } });
  database = { ...made, forms: await openForms({ db: made.db, log: createLog("silent") }, { follow: false }) };
  actor = await makeAdmin(made.db);
});

afterAll(() => database.drop());

const option = (value: string, en: string, ru = "") => ({ value, label: { en, ru } });
const ask = (key: string, kind: string, en: string, options: ReturnType<typeof option>[] = []) => ({
  question: { key, kind, label: { en, ru: "" }, required: kind === "text", options },
});
const definition = {
  items: [
    ask("size", "choice", "Size (EU)", [
      option("a", "Large", "Большой"),
      option("large", "Huge"),
      option("c", "Same"),
      option("d", "Same"),
      option("e", "Two words"),
      option("f", "Two  words"),
    ]),
    ask("days", "choices", "Days?", [option("m", "Monday"), option("both", "Morning; evening"), option("x", "=1+1")]),
    ask("company_2", "text", "Company"),
    ask("phone_2", "text", "Work phone"),
    ask("why", "long", "Why"),
    ask("age", "number", "Age"),
    ask("born", "date", "Born"),
    ask("vegan", "yesno", "Vegan"),
    ask("ad", "hidden", "Same words"),
  ],
  removed: [ask("old", "text", "Same words").question],
};

const columns: Record<Locale, Parameters<typeof exportUsers>[1]["style"]["columns"]> = {
  en: {
    id: "No.",
    firstName: "First name",
    lastName: "Last name",
    company: "Company",
    email: "E-mail",
    phone: "Phone",
    createdAt: "Registered",
    isPaid: "Payment",
    paidAt: "Paid on",
    crmState: "Bitrix24",
    bitrix24ContactId: "Contact",
    bitrix24DealId: "Deal",
    source: "Source",
    campaign: "Campaign",
    withdrawnAt: "Consent withdrawn",
  },
  ru: {
    id: "Номер",
    firstName: "Имя",
    lastName: "Фамилия",
    company: "Компания",
    email: "Почта",
    phone: "Телефон",
    createdAt: "Регистрация",
    isPaid: "Оплата",
    paidAt: "Дата оплаты",
    crmState: "Битрикс24",
    bitrix24ContactId: "Контакт",
    bitrix24DealId: "Сделка",
    source: "Источник",
    campaign: "Кампания",
    withdrawnAt: "Согласие отозвано",
  },
};

for (const [locale, delimiter] of [
  ["en", ","],
  ["ru", ";"],
] as const)
  test(`an exported list brings its answers back unchanged (${locale})`, async () => {
    const { db, queue, forms } = database;
    const domain = `@${locale}.example`;
    const given = [
      { size: "a", days: ["m", "both"], company_2: "Ромашка", phone_2: "12", why: 'Две\n- строки; -и "кавычки",=1' },
      { size: "e" },
      { size: "large", days: ["x"], age: "-1200.5", born: "1990-02-28", vegan: "no", ad: "=banner", old: "-- it was" },
      { size: "d", vegan: "yes", company_2: "=1+1" },
      { why: "Ники: Анна, '@anna'\nразмеры 1, '-5'\n'- b\n''- c", ad: "'@anna' в телеграме", company_2: "''=1;''=1" },
      { why: "'=79161234567", ad: "=79161234567", company_2: '="x"', old: ",'=1;' =1, \"'-1" },
      {},
    ];
    for (const [at, answers] of given.entries())
      await makeUser(db, { email: `${at}${domain}`, phone: `+7999000000${at}`, answers });
    const style = {
      locale,
      delimiter,
      columns: columns[locale],
      phoneExtension: (digits: string) => `ext. ${digits}`,
      paid: locale === "ru" ? "Оплачено" : "Paid",
      unpaid: locale === "ru" ? "Не оплачено" : "Not paid",
      form: locale === "ru" ? "Форма" : "Form",
      firstForm: locale === "ru" ? "Основная форма" : "Main form",
      crmStates: { pending: "waits", synced: "arrived", failed: "failed" },
    };
    let text = "";
    for await (const piece of exportUsers(database, { actor, filter: { ...everybody, q: domain }, style }))
      text += piece;
    await db.user.deleteMany({ where: { email: { endsWith: domain } } });

    const questions = [...siteQuestions(forms.all()).values()];
    const file = await surveyFile(bytesSource(Uint8Array.from(Buffer.from(text))), {
      choose: (list) => suggested(list, questions),
    });
    const { id } = await beginImport({ db }, { actor: systemActor, file });
    await importPeople({ db, queue }, { runId: id, rows: readRows(file) });

    expect(await getImport({ db }, id)).toMatchObject({ imported: given.length, notes: [] });
    const people = await db.user.findMany({ where: { email: { endsWith: domain } }, orderBy: { email: "asc" } });
    expect(people.map(({ answers, company }) => [answers, company])).toEqual(given.map((answers) => [answers, null]));
  });

test("an exported list brings everybody back to their form, also where forms share a name", async () => {
  const { db, queue, forms } = database;
  const domain = "@forms.example";
  const made: (number | null)[] = [null];
  for (const form of [
    { slug: "spring", name: "Spring" },
    { slug: "autumn", name: "Course" },
    { slug: "winter", name: "course " },
    { slug: "course", name: "" },
    { slug: "sum", name: "=1+1" },
    { slug: "home", name: "Main form" },
    { slug: "may", name: "Весна 2026" },
    { slug: "june", name: "Весна  2026" },
    { slug: "first", name: "First form" },
    { slug: "old", name: "Closed", closedAt: new Date() },
  ])
    made.push((await db.form.create({ data: { ...form, definition: {} } })).id);
  await forms.reload();
  for (const [at, formId] of made.entries()) {
    const place = String(at).padStart(2, "0");
    await makeUser(db, { email: `${place}${domain}`, phone: `+799900001${place}`, formId });
  }
  const style = {
    locale: "en",
    delimiter: ",",
    columns: columns.en,
    paid: "Paid",
    unpaid: "Not paid",
    phoneExtension: (digits: string) => `ext. ${digits}`,
    form: "Form",
    firstForm: "Main form",
    crmStates: { pending: "waits", synced: "arrived", failed: "failed" },
  } as const;
  let text = "";
  for await (const piece of exportUsers(database, { actor, filter: { ...everybody, q: domain }, style })) text += piece;
  await db.user.deleteMany({ where: { email: { endsWith: domain } } });

  const read = (list: string) =>
    surveyFile(bytesSource(Uint8Array.from(Buffer.from(list))), {
      choose: (found) => suggested(found, [], namedForms(forms.all())),
    });
  const { id } = await beginImport({ db }, { actor: systemActor, file: await read(text) });
  await importPeople({ db, queue }, { runId: id, rows: readRows(await read(text)) });
  expect(await getImport({ db }, id)).toMatchObject({ imported: made.length, notes: [] });
  const people = () => db.user.findMany({ where: { email: { endsWith: domain } }, orderBy: { email: "asc" } });
  expect((await people()).map(({ formId }) => formId)).toEqual(made);

  // Those who are there keep their form; a form that is not known is refused, and none named is the first.
  const line = (name: string, form: string) => `${name},${name}${domain},+79990000200,${form}`;
  const list = [
    "First name,E-mail,Phone,Form",
    line("01", "old"),
    line("x", "Summer"),
    line("y", ""),
    line("z", "SPRING"),
  ];
  const second = await read(list.join("\n"));
  const { id: run } = await beginImport({ db }, { actor: systemActor, file: second });
  await importPeople({ db, queue }, { runId: run, rows: readRows(second) });
  expect((await getImport({ db }, run))?.notes).toEqual([
    { line: 2, problems: [{ field: "email", code: "registered" }] },
    { line: 3, problems: [{ field: "form", code: "form" }] },
  ]);
  expect((await people()).map(({ email, formId }) => [email.split("@")[0], formId]).slice(-2)).toEqual([
    ["y", null],
    ["z", made[1]],
  ]);
  expect((await people())[1]?.formId).toBe(made[1]);
});

test("where there is one form, a column of that name is another list's own", async () => {
  const list = "First name,E-mail,Phone,Form\nAnna,anna@one.example,+79990000300,Landing page 3";
  const file = await surveyFile(bytesSource(Uint8Array.from(Buffer.from(list))));
  expect(file.columns.targets).toEqual(["firstName", "email", "phone", null]);
  for await (const row of readRows(file)) expect(row.kind).toBe("person");
});
