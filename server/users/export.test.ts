import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { openForms } from "../forms/forms";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import type { Services } from "../services";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { type ExportStyle, exportColumns, exportUsers } from "./export";
import { everybody, noSource } from "./filter";

let database: TestDatabase & Pick<Services, "forms">;
let actor: Actor;

beforeAll(async () => {
  const made = await createTestDatabase();
  database = { ...made, forms: await openForms({ db: made.db, log: createLog("silent") }, { follow: false }) };
  actor = await makeAdmin(database.db);
});

afterAll(() => database.drop());

const style: ExportStyle = {
  locale: "en",
  delimiter: ";",
  columns: Object.fromEntries(exportColumns.map((name) => [name, name])) as ExportStyle["columns"],
  phoneExtension: (digits) => `ext. ${digits}`,
  paid: "yes",
  unpaid: "no",
  form: "form",
  firstForm: "Main form",
  crmStates: { pending: "waits", synced: "arrived", failed: "failed" },
};

async function exported(q: string, options: Partial<Parameters<typeof exportUsers>[1]> = {}) {
  let text = "";
  for await (const piece of exportUsers(database, { actor, filter: { ...everybody, q }, style, ...options }))
    text += piece;
  return text;
}
const read = (text: string): Record<string, string>[] => parse(text, { delimiter: ";", columns: true, bom: true });

const migrations = join(import.meta.dirname, "../../prisma/migrations");

test("the filtered people come out as a spreadsheet can read them", async () => {
  await makeUser(database.db, {
    email: "one@sheet.example",
    firstName: "Анна;Мария",
    lastName: 'О"Хара\nдва',
    company: "=Ромашка",
    phone: "+79990000001",
    phoneExtension: "012",
    isPaid: true,
    paidAt: new Date("2026-02-03T04:05:06Z"),
    createdAt: new Date("2026-01-02T03:04:05Z"),
    crmState: "SYNCED",
    bitrix24ContactId: 11,
    bitrix24DealId: 12,
    source: "vk",
  });
  const company = "Ромашка\nМосква";
  await makeUser(database.db, { email: "two@sheet.example", company, createdAt: new Date("2026-01-01T00:00:00Z") });
  await makeUser(database.db, { email: "three@other.example" });

  const text = await exported("@sheet.example");

  expect(text.startsWith("\u{feff}id;")).toBe(true);
  expect(text).toContain(`;"${company}";`);
  expect(read(text)).toMatchObject([
    {
      email: "one@sheet.example",
      firstName: "Анна;Мария",
      lastName: 'О"Хара\nдва',
      company: "'=Ромашка",
      phone: "'+79990000001 ext. 012",
      "createdAt (UTC)": "2026-01-02 03:04:05",
      isPaid: "yes",
      "paidAt (UTC)": "2026-02-03 04:05:06",
      crmState: "arrived",
      bitrix24ContactId: "11",
      bitrix24DealId: "12",
      source: "vk",
    },
    {
      email: "two@sheet.example",
      lastName: "",
      company,
      isPaid: "no",
      "paidAt (UTC)": "",
      crmState: "waits",
      bitrix24DealId: "",
    },
  ]);
});

test("days and times are the installation's, and the header says whose", async () => {
  await makeUser(database.db, {
    email: "east@zone.example",
    createdAt: new Date("2026-11-20T22:30:00Z"),
    isPaid: true,
    paidAt: new Date("2026-11-20T13:59:59Z"),
  });
  await makeUser(database.db, { email: "before@zone.example", createdAt: new Date("2026-11-20T13:59:59Z") });
  const services = { ...database, env: parseEnv({ TIME_ZONE: "Asia/Vladivostok" }) };
  const filter = { ...everybody, q: "@zone.example", from: "2026-11-21", to: "2026-11-21" };

  let text = "";
  for await (const piece of exportUsers(services, { actor, filter, style })) text += piece;

  expect(read(text)).toMatchObject([
    {
      email: "east@zone.example",
      "createdAt (Asia/Vladivostok)": "2026-11-21 08:30:00",
      "paidAt (Asia/Vladivostok)": "2026-11-20 23:59:59",
    },
  ]);
});

test("an administrator who was made by hand is not said to have arrived", async () => {
  await makeUser(database.db, { email: "made@hand.example", role: "ADMIN", crmState: "SYNCED", passwordHash: "x" });

  expect(read(await exported("@hand.example"))).toMatchObject([{ crmState: "" }]);
});

test("a name that is a formula arrives as text", async () => {
  const formulas = ['=HYPERLINK("http://evil.example")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "＝1"];
  for (const [index, firstName] of formulas.entries())
    await makeUser(database.db, { email: `f${index}@formula.example`, firstName, createdAt: new Date(2000 - index) });

  const names = read(await exported("@formula.example")).map((row) => row.firstName);

  const guarded = ["\t'=1", "\r'=1"];
  expect(names).toEqual(formulas.map((formula) => `'${guarded.find((text) => text[0] === formula[0]) ?? formula}`));
});

for (const [delimiter, others] of [
  [",", [";", "\t"]],
  [";", [",", "\t"]],
] as const)
  test(`a name that is a formula behind another separator than the file's "${delimiter}" arrives as text`, async () => {
    const formula = "=cmd|'/C calc'!A0";
    const company = ["", " ", '"', ' "', "Ромашка\n", '\r\n"'].map((before) => `${before}${formula}`);
    for (const [index, separator] of [",", ";", "\t", "\n"].entries())
      await makeUser(database.db, {
        email: `${index}${delimiter === "," ? "comma" : "semicolon"}@behind.example`,
        firstName: `Анна${separator}${formula}${separator}`,
        lastName: `"Анна${separator}－1${separator}@SUM(A1)`,
        company: company.join(separator),
      });

    const text = await exported("@behind.example", { style: { ...style, delimiter } });

    for (const other of others) {
      const cells = text.slice(1).split(new RegExp(`[${other}\r\n]`));
      // A program that does not know these quotation marks for the cell's passes over them.
      expect(cells.filter((cell) => /^["\s]*[=+\-@＝＋－＠]/.test(cell))).toEqual([]);
    }
    const own: string[][] = parse(text, { delimiter, bom: true });
    expect(own.flat().filter((cell) => /^[=+\-@＝＋－＠]/.test(cell))).toEqual([]);
    await database.db.user.deleteMany({ where: { email: { endsWith: "@behind.example" } } });
  });

test("more people than one piece holds come out once each, newest first", async () => {
  await database.db.$executeRaw`
    insert into "User" ("email", "firstName", "phone", "createdAt")
    select 'p' || i || '@many.example', 'Анна', '+7', now() - i / 3 * interval '1 s' from generate_series(1, 2500) as i`;

  const rows = read(await exported("@many.example"));

  expect(new Set(rows.map((row) => row.id)).size).toBe(2_500);
  expect(rows.map((row) => row["createdAt (UTC)"])).toEqual(
    rows
      .map((row) => row["createdAt (UTC)"])
      .sort()
      .reverse(),
  );
});

test("a reader who leaves ends the export, and a slow one is waited for", async () => {
  const controller = new AbortController();
  let waits = 0;
  const drained = async () => {
    if (++waits === 2) controller.abort();
  };

  const rows = read(await exported("@many.example", { drained, signal: controller.signal }));

  expect(rows).toHaveLength(1_000);
});

test("taking an export is audited, without a word of the search", async () => {
  await exported("secret@person.example");

  const entry = await database.db.auditEntry.findFirst({ where: { action: "users.export" }, orderBy: { id: "desc" } });
  expect(entry).toMatchObject({
    actorKind: "USER",
    actorId: actor.id,
    details: { searched: true, paid: null, form: null },
  });
  expect(JSON.stringify(entry?.details)).not.toContain("person");
});

test("of a source that an export is limited to, which may hold an address, the log tells that it was searched for", async () => {
  const last = () =>
    database.db.auditEntry.findFirstOrThrow({ where: { action: "users.export" }, orderBy: { id: "desc" } });
  await exported("", { filter: { ...everybody, source: "anna@example.com" } });
  const named = (await last()).details;
  expect(named).toMatchObject({ searched: true });
  expect(named).not.toHaveProperty("source");
  await exported("", { filter: { ...everybody, source: noSource } });
  expect((await last()).details).toMatchObject({ searched: false, source: noSource });
});

test("entries of earlier releases keep no source either", async () => {
  const { db, pool } = database;
  const made = async (source: string | null, searched: boolean) =>
    (
      await db.auditEntry.create({
        data: { actorKind: "SYSTEM", action: "users.export", details: { source, searched } },
      })
    ).id;
  const ids = [await made("anna@example.com", false), await made(noSource, false), await made(null, true)];

  await pool.query(readFileSync(join(migrations, "20261128230700_audit_without_sources/migration.sql"), "utf8"));

  const entries = await db.auditEntry.findMany({ where: { id: { in: ids } }, orderBy: { id: "asc" } });
  expect(entries.map(({ details }) => details)).toEqual([
    { searched: true },
    { source: noSource, searched: false },
    { source: null, searched: true },
  ]);
});

test("each question has a column, also a removed one, with the words of what was chosen", async () => {
  const option = (value: string, label: string) => ({ value, label: { en: label, ru: "" } });
  const definition = {
    items: [
      {
        question: {
          key: "days",
          kind: "choices",
          label: { en: "Days", ru: "" },
          options: [option("m", "Monday"), option("t", "Tuesday")],
          former: [option("w", "Wednesday"), option("mo", "Monday")],
        },
      },
      { question: { key: "vegan", kind: "yesno", label: { en: "Same", ru: "" } } },
    ],
    removed: [{ key: "old", kind: "text", label: { en: "Same", ru: "" } }],
  };
  await database.db.form.update({ where: { id: 1 }, data: { definition } });
  await database.forms.reload();
  const answers = { days: ["m", "t"], vegan: "no", old: "=1+1" };
  await makeUser(database.db, { email: "one@answers.example", answers });
  // Of options that are offered no longer.
  await makeUser(database.db, { email: "two@answers.example", answers: { days: ["w", "mo"] } });
  const rows = read(await exported("@answers.example"));
  expect(rows.map((row) => [row.Days, row["Same (vegan)"], row["Same (old)"]])).toEqual([
    ["Wednesday; mo", "", ""],
    ["Monday; Tuesday", "No", "'=1+1"],
  ]);
  await database.db.form.update({ where: { id: 1 }, data: { definition: {} } });
  await database.forms.reload();
});

test("people are found by words of their answers", async () => {
  await makeUser(database.db, {
    email: "found@search.example",
    answers: { why: "Хочу рисовать «Ёлку»", days: ["mon"] },
  });
  for (const q of ["рисовать", "елку", '"ёлку"', "mon search.example"])
    expect(
      read(await exported(q)).map(({ email }) => email),
      q,
    ).toContain("found@search.example");
  expect(read(await exported("nowhere search.example"))).toEqual([]);
});

test("the form has a column only where there is more than one", async () => {
  const person = { crmState: "SYNCED", bitrix24DealId: 12 } as const;
  await makeUser(database.db, { ...person, email: "alone@forms.example" });
  expect(read(await exported("@forms.example"))[0]).not.toHaveProperty("form");

  const named = await database.db.form.create({ data: { slug: "e-books", name: "=Books", closedAt: new Date() } });
  const bare = await database.db.form.create({ data: { slug: "e-spring", name: "" } });
  await database.forms.reload();
  await makeUser(database.db, { ...person, email: "named@forms.example", formId: named.id });
  await makeUser(database.db, { ...person, email: "bare@forms.example", formId: bare.id });
  await makeUser(database.db, { email: "root@forms.example", crmState: "SYNCED", passwordHash: "x" });
  const rows = read(await exported("@forms.example"));
  expect(Object.fromEntries(rows.map(({ email, form }) => [email, form]))).toEqual({
    "alone@forms.example": "Main form",
    "named@forms.example": "'=Books",
    "bare@forms.example": "e-spring",
    "root@forms.example": "",
  });
});
