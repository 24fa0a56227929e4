import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { blocked, createTestDatabase, type TestDatabase } from "../test/database";
import { encode } from "../test/encode";
import { makeAdmin } from "../test/factories";
import { noForms } from "../test/lists";
import { blankInImports } from "./blank-person";
import { draftImport, previewDraft, readDraftAs } from "./import-drafts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("a person's line goes out of a list of any encoding and with any columns, and the others stay readable", async () => {
  const text =
    "sep=,\nКто,Куда,Номер\nИванова Анна,anna@example.com,9123456789\nЩукин Борис,b@example.com,9123456780\n";
  const bytes = Uint8Array.from(encode(text, "koi8-r"));
  const { id } = await draftImport({ ...database, ...noForms }, { actor: await makeAdmin(database.db), bytes });
  expect((await previewDraft(database, id))?.missing).toEqual(["firstName"]);

  await blankInImports(database, "anna@example.com");
  await readDraftAs(database, { runId: id, targets: ["fullName", "email", "phone"], zone: "UTC" });

  expect(await previewDraft(database, id)).toMatchObject({
    people: [{ firstName: "Борис", lastName: "Щукин", email: "b@example.com" }],
  });
  const { content } = await database.db.importRun.findUniqueOrThrow({ where: { id } });
  expect(Buffer.from(content ?? []).toString()).not.toMatch(/anna@example.com|Иванова|9123456789/);
});

test("a list whose columns are being chosen while a person is erased stays readable", async () => {
  const bytes = Uint8Array.from(
    encode(
      "Кто,Куда,Номер\nИванова Анна,anna@example.com,9123456789\nЩукин Борис,b@example.com,9123456780\n",
      "koi8-r",
    ),
  );
  const { id } = await draftImport({ ...database, ...noForms }, { actor: await makeAdmin(database.db), bytes });
  const client = await database.pool.connect();
  onTestFinished(() => client.release(true));
  // The forecast asks who is registered already.
  await client.query(`begin; lock table "User" in access exclusive mode`);
  const choosing = readDraftAs(database, { runId: id, targets: ["fullName", "email", "phone"], zone: "UTC" });
  await expect.poll(() => blocked(database)).toBe(1);
  await blankInImports(database, "anna@example.com");
  await client.query("commit");
  await choosing;

  expect(await previewDraft(database, id)).toMatchObject({
    encoding: "utf-8",
    people: [{ firstName: "Борис", lastName: "Щукин", email: "b@example.com" }],
  });
});

test.each([
  ["has no header", ["Анна;a@example.com;9123456789", "Борис;b@example.com;9123456780"]],
  ["has one cell in each line and no header", ['"Анна;a@example.com;9123456789"', '"Борис;b@example.com;9123456780"']],
  [
    "is one cell in each line",
    ['"Имя;Почта;Телефон"', '"Анна;a@example.com;9123456789"', '"Борис;b@example.com;9123456780"'],
  ],
])("the other lines keep their places while the first person is erased from a list that %s", async (_name, lines) => {
  const bytes = Buffer.from(lines.join("\n"));
  const { id } = await draftImport({ ...database, ...noForms }, { actor: await makeAdmin(database.db), bytes });
  await blankInImports(database, "a@example.com");
  await readDraftAs(database, { runId: id, targets: ["firstName", "email", "phone"], zone: "UTC" });

  expect(await previewDraft(database, id)).toMatchObject({ people: [{ firstName: "Борис", email: "b@example.com" }] });
  const run = await database.db.importRun.findUniqueOrThrow({ where: { id } });
  expect(run).toMatchObject({ rows: 2, imported: 1, refused: 1 });
  expect(Buffer.from(run.content ?? []).toString()).not.toMatch(/Анна|a@example.com|9123456789/);
});

test("the lines of people whose addresses contain the erased one stay", async () => {
  const text = [
    "Имя;Почта;Телефон",
    "Анна;ann@example.com;9123456789",
    "Жанна;joann@example.com;9123456780",
    "Инна;ann@example.com.ru;9123456781",
  ].join("\n");
  const { id } = await draftImport(
    { ...database, ...noForms },
    { actor: await makeAdmin(database.db), bytes: Buffer.from(text) },
  );
  await blankInImports(database, "ann@example.com");
  const { people } = (await previewDraft(database, id)) ?? {};
  expect(people?.map(({ firstName }) => firstName)).toEqual(["Жанна", "Инна"]);
});

test("every other line of the list stays as it was and where it was", async () => {
  const lines = [
    "sep=^",
    "Отчёт, март; составила anna@example.com",
    "",
    "Имя^Почта^Телефон^Заметка",
    'Анна^anna@example.com^9123456789^"в две',
    'строки, ""да"""',
    "",
    'Борис^b@example.com^9123456780^"тоже',
    'две; ""да"""',
    "  ",
    "Вера^v@example.com^9123456781^",
    "",
  ];
  const bytes = Buffer.from(lines.join("\r\n"));
  const { id } = await draftImport({ ...database, ...noForms }, { actor: await makeAdmin(database.db), bytes });
  await blankInImports(database, "anna@example.com");

  const { content } = await database.db.importRun.findUniqueOrThrow({ where: { id } });
  const after = Buffer.from(content ?? [])
    .toString()
    .split("\r\n");
  expect(after).toEqual(["\ufeffsep=^", "x", ...lines.slice(2, 4), "x^x^x^x", "", ...lines.slice(6)]);
  const { people } = (await previewDraft(database, id)) ?? {};
  expect(people?.map(({ firstName }) => firstName)).toEqual(["Борис", "Вера"]);
});

for (const spelling of [
  "ivan@почта.рф",
  "IVAN@ПОЧТА.РФ",
  "ivan@xn--80a1acny.xn--p1ai",
  "iv\u00adan@поч\u200bта.рф",
  "\u200eivan@почта.рф\u200f",
  "ｉｖａｎ＠почта.рф",
  "'=ivan@почта.рф",
  "Иван Щукин <ivan@почта.рф>",
  "mailto:ivan@почта.рф",
  "shop@example.com; ivan@почта.рф",
  "ivan @ почта.рф",
])
  test(`the line of a person with an international address goes, however the address is written: ${JSON.stringify(spelling)}`, async () => {
    const rows = [
      ["Имя", "Почта", "Телефон"],
      ["Анна", "anna@почта.рф", "9123456789"],
      ["Иван", spelling, "9123456780"],
    ];
    const bytes = Buffer.from(rows.map((row) => row.map((cell) => `"${cell}"`).join(",")).join("\n"));
    const { id } = await draftImport({ ...database, ...noForms }, { actor: await makeAdmin(database.db), bytes });

    await blankInImports(database, "ivan@xn--80a1acny.xn--p1ai");

    const { people } = (await previewDraft(database, id)) ?? {};
    expect(people?.map(({ firstName }) => firstName)).toEqual(["Анна"]);
    const { content } = await database.db.importRun.findUniqueOrThrow({ where: { id } });
    expect(Buffer.from(content ?? []).toString()).not.toMatch(/Иван|9123456780/);
  });
