import { afterAll, beforeAll, expect, test } from "vitest";
import { Prisma } from "../../prisma/generated/client";
import type { Question, QuestionOption } from "../forms/definition";
import { type Forms, openForms } from "../forms/forms";
import { planBulk } from "../payments/bulk";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { everybody } from "./filter";
import { countUsers, listUsers } from "./list";
import { pageSql, siteOf } from "./list-sql";

let database: TestDatabase & { forms: Forms };

const words = (en: string, ru = "") => ({ en, ru });
const option = (value: string, en: string, ru = ""): QuestionOption => ({ value, label: words(en, ru) });
const question = (key: string, kind: Question["kind"], options: QuestionOption[] = []): Question => ({
  key,
  kind,
  label: words(key),
  help: words(""),
  required: false,
  options,
  former: [],
  parameter: "",
});

const size = question("size", "choice", [
  option("xl", "Extra large", "Очень большой"),
  option("l", "Large", "Большой"),
  option("1", "No 5 – 10 Ёлок", "От 10 000 ₽"),
  option('2"', 'Thick "two"'),
]);
const former = [option("f1", "Colossal", "Громадный")];
const days = question("days", "choices", [option("d1", "Monday", "Понедельник"), option("d2", "Sunday")]);
const meal = question("meal", "yesno");
const gone = question("gone", "choice", [option("g7", "Vegetarian", "Постное")]);
const retyped = question("retyped", "text", [option("r1", "Aquarelle", "Акварель")]);

beforeAll(async () => {
  const own = await createTestDatabase();
  await own.db.form.create({
    data: {
      slug: "summer",
      name: "Summer",
      definition: { items: [days, meal].map((each) => ({ question: each })), removed: [gone] } as object,
    },
  });
  await own.db.form.update({
    where: { id: 1 },
    data: { definition: { items: [{ ...size, former }, retyped].map((each) => ({ question: each })) } as object },
  });
  const forms = await openForms({ db: own.db, log: createLog("silent") }, { follow: false });
  database = { ...own, forms };
});

afterAll(() => database.drop());

/** Tests share the table: each finds its own people by a word in their e-mail. */
let group = 0;
const newGroup = () => `group${++group}x`;
const add = async (word: string, answers: Prisma.InputJsonObject) =>
  (await makeUser(database.db, { email: `${word}.${crypto.randomUUID()}@example.com`, answers })).id;
const found = async (q: string) =>
  (await listUsers(database, { filter: { ...everybody, q }, cursor: null })).users.map(({ id }) => id);

test("people are found by the words of the option that they chose, in both languages", async () => {
  const word = newGroup();
  const extra = await add(word, { size: "xl" });
  const large = await add(word, { size: "l" });
  const first = await add(word, { size: "1" });
  await add(word, {});
  for (const [q, ids] of [
    ["Extra large", [extra]],
    ["large", [large, extra]],
    ["ОЧЕНЬ", [extra]],
    ["больш", [large, extra]],
    ["елок", [first]],
    ["5 - 10 ёлок", [first]],
    ["10 000 ₽", [first]],
    ["extra нет", []],
  ] as const)
    expect([q, await found(`${word} ${q}`)]).toEqual([q, ids]);
});

test("an answer of several choices is found by each of them, and yes and no by their words", async () => {
  const word = newGroup();
  const both = await add(word, { days: ["d1", "d2"], meal: "no" });
  const sunday = await add(word, { days: ["d2"], meal: "yes" });
  expect(await found(`${word} понедельник`)).toEqual([both]);
  expect(await found(`${word} Sunday`)).toEqual([sunday, both]);
  expect(await found(`${word} monday sunday`)).toEqual([both]);
  expect(await found(`${word} Нет`)).toEqual([both]);
  expect(await found(`${word} да`)).toEqual([sunday]);
});

test("the words of removed questions, and of questions of another kind by now, still find their answers", async () => {
  const word = newGroup();
  const removed = await add(word, { gone: "g7" });
  const drawn = await add(word, { retyped: "r1" });
  expect(await found(`${word} постное`)).toEqual([removed]);
  expect(await found(`${word} vegetarian`)).toEqual([removed]);
  expect(await found(`${word} акварель`)).toEqual([drawn]);
});

test("an option finds no people who gave its stored value to another question", async () => {
  const word = newGroup();
  await add(word, { days: ["xl"], other: "xl", gone: "1" });
  expect(await found(`${word} extra`)).toEqual([]);
  expect(await found(`${word} елок`)).toEqual([]);
});

test("a stored value is data, whatever characters it has", async () => {
  const word = newGroup();
  const quoted = await add(word, { size: '2"' });
  expect(await found(`${word} thick`)).toEqual([quoted]);
  expect(await found(`${word} "two"`)).toEqual([quoted]);
});

test("one or two letters are a whole word of an option, or name it not at all", async () => {
  const word = newGroup();
  const first = await add(word, { size: "1" });
  expect(await found(`${word} no`)).toEqual([first]);
  expect(await found(`${word} ок`)).toEqual([]);
});

test("an option that is offered no longer is found by its words", async () => {
  const word = newGroup();
  const id = await add(word, { size: "f1" });
  expect([await found(`${word} colossal`), await found(`${word} громадный`)]).toEqual([[id], [id]]);
});

test("counts and bulk changes mean the people who are listed", async () => {
  const word = newGroup();
  const monday = await add(word, { days: ["d1"] });
  await add(word, { days: ["d2"] });
  const filter = { ...everybody, q: `${word} monday` };
  expect(await countUsers(database, filter)).toEqual({ count: 1, more: false });
  expect(await planBulk(database, { selection: { filter }, isPaid: true })).toMatchObject({
    selected: 1,
    changing: 1,
    upTo: monday,
  });
});

test("among many people the few who chose an option are found by indexes", async () => {
  await database.db.$executeRaw`
    insert into "User" (email, "firstName", phone, "createdAt", answers)
    select 'many' || i || '@example.com', 'Анна', '+7', now() - i * interval '1 s',
      case when i % 1000 = 0 then '{"gone": "g7"}' when i % 2 = 0 then '{"size": "l"}' else '{}' end::jsonb
    from generate_series(1, 30000) i`;
  await database.db.$executeRaw`analyze "User"`;
  const page = { filter: { ...everybody, q: "vegetarian" }, cursor: null, limit: 51, ...siteOf(database) };
  const plan = JSON.stringify(await database.db.$queryRaw(Prisma.sql`explain (format json) ${pageSql(page)}`));
  expect(plan).toContain("User_answers_idx");
  expect(plan).toContain("User_searchText_idx");
  expect(plan).not.toContain("Seq Scan");
  const { users, incomplete } = await listUsers(database, { filter: page.filter, cursor: null });
  expect(incomplete).toBeNull();
  expect(users.map(({ email }) => email)).toEqual(
    expect.arrayContaining(["many1000@example.com", "many30000@example.com"]),
  );
});
