import { afterAll, beforeAll, expect, test } from "vitest";
import { Prisma } from "../../prisma/generated/client";
import type { Tx } from "../database/db";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { noForms } from "../test/lists";
import { everybody } from "./filter";
import { countUsers, listUsers } from "./list";
import { lookedUpPageSql, siteOf } from "./list-sql";

let database: TestDatabase & typeof noForms;
beforeAll(async () => {
  database = { ...(await createTestDatabase()), ...noForms };
});
afterAll(() => database.drop());

/** Tests share the table: each finds its own people by a word in their e-mail. Random digits there would be found as well. */
let [group, added] = [0, 0];
const newGroup = () => `answers${++group}x`;
const add = async (word: string, answers: Prisma.InputJsonObject) =>
  (await makeUser(database.db, { email: `${word}.${++added}@example.com`, answers })).id;
const found = async (q: string) =>
  (await listUsers(database, { filter: { ...everybody, q }, cursor: null })).users.map(({ id }) => id);

for (const [answer, ...searches] of [
  ['ООО "Ромашка"', 'ООО "Ромашка"', "«ромашка»", '"ромашка', "“Ромашка”", "ромашка"],
  ["ООО «Ромашка»", "ООО «Ромашка»", '"Ромашка"'],
  ["C:\\Users\\anna", "C:\\Users\\anna", "users\\anna"],
  ["Паспорт 4509 123456", "4509 123456", "паспорт 4509 123456", "Паспорт 4509 123456"],
  ["Паспорт 4951 234567", "4951 234567", "Паспорт 4951 234567", "234567 паспорт"],
  ["Группа 12 2026", "Группа 12 2026", "12 2026", "2026"],
  ["тел. (495) 12", "(495) 12"],
  ["Второй: +7 916 555-44-33", "+7 916 555-44-33", "Второй: +7 916 555-44-33"],
  ["С 10:00 – 12:00", "10:00 – 12:00", "10:00 - 12:00"],
  ["с 2020 – 2026", "2020 – 2026", "с 2020 — 2026"],
] as const)
  test(`the answer ${answer} is found as it is shown, and by parts of it`, async () => {
    const word = newGroup();
    const id = await add(word, { note: answer });
    await add(word, { note: "другое" });
    for (const q of searches) expect([q, await found(`${word} ${q}`)]).toEqual([q, [id]]);
    for (const q of searches) expect([q, (await found(q)).includes(id)]).toEqual([q, true]);
  });

test("several choices are found as they are shown, with commas between them", async () => {
  const word = newGroup();
  const id = await add(word, { days: ["Понедельник", "Среда"] });
  expect(await found(`${word} Понедельник, Среда`)).toEqual([id]);
});

test("a phone with words around it finds its person, and an answer of another person that has them all", async () => {
  const word = newGroup();
  const phone = "+74957654321";
  const { id } = await makeUser(database.db, { phone, email: `${word}@example.com` });
  const digits = phone.slice(2);
  const other = await add(word, { note: `Рабочий ${digits.slice(0, 4)} ${digits.slice(4)}` });
  expect(await found(`тел. 8 ${digits}`)).toEqual([id]);
  expect(await found(`рабочий ${digits.slice(0, 4)} ${digits.slice(4)}`)).toEqual([other, id]);
});

test("among many people an answer with quotation marks or groups of digits is found by the index", async () => {
  const { db } = database;
  await db.$executeRaw`
    insert into "User" (email, "firstName", phone, "createdAt", answers)
    select 'many' || i || '@example.com', 'Анна', '+7916' || (1000000 + i), now() - i * interval '1 s',
      jsonb_build_object('firm', 'ООО "Луч ' || i || '"', 'pass', (1000 + i % 9000) || ' ' || (200000 + i))
    from generate_series(1, 30000) i`;
  await db.$executeRaw`analyze "User"`;
  const planOf = async (tx: Tx, q: string) => {
    const page = { filter: { ...everybody, q }, cursor: null, limit: 51, ...siteOf(database) };
    return JSON.stringify(await tx.$queryRaw(Prisma.sql`explain (format json) ${lookedUpPageSql(page)}`));
  };
  for (const q of ['"луч 12345"', "ООО «Луч 12345»", "4345 212345", "рабочий 4345 212345"])
    expect([q, await planOf(db, q)]).toEqual([q, expect.stringContaining("User_searchText_idx")]);
  // With so few people reading them all would be cheaper.
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`set local enable_seqscan = off`;
    for (const q of ["43 45 - 21", "1 2 3", "12 34"])
      expect([q, await planOf(tx, q)]).toEqual([q, expect.stringContaining("User_searchText_idx")]);
  });
  expect(await countUsers(database, { ...everybody, q: '"Луч 12345"' })).toEqual({ count: 1, more: false });
  expect(await countUsers(database, { ...everybody, q: "4345 212345" })).toEqual({ count: 1, more: false });
});
