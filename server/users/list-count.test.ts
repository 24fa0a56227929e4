import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { noForms } from "../test/lists";
import { parseUserQuery } from "./filter";
import { countOfList, countUsers, listUsers } from "./list";

let database: TestDatabase & typeof noForms;
beforeAll(async () => {
  database = { ...(await createTestDatabase()), ...noForms };
});
afterAll(() => database.drop());

const add = (word: string) => makeUser(database.db, { email: `${word}.${crypto.randomUUID()}@example.com` });
const of = (word: string) => parseUserQuery(new URLSearchParams({ q: word })).filter;
const list = (word: string, limit = 50) => listUsers(database, { filter: of(word), cursor: null, limit });

test("who registers or leaves between the count and the list does not make them contradict each other", async () => {
  const before = await countUsers(database, of("between"));
  const { id } = await add("between");
  const page = await list("between");
  expect(page.users.map((user) => user.id)).toEqual([id]);
  expect(countOfList(before, page, true)).toEqual({ count: 1, more: false });

  await database.db.user.delete({ where: { id } });
  expect(countOfList({ count: 1, more: false }, await list("between"), true)).toEqual({ count: 0, more: false });
});

test("a list that goes on has more people than it shows, and else the count is right", async () => {
  for (let number = 0; number < 3; number++) await add("several");
  const page = await list("several", 2);
  expect(countOfList({ count: 2, more: false }, page, true)).toEqual({ count: 3, more: false });
  expect(countOfList({ count: 1_000, more: true }, page, true)).toEqual({ count: 1_000, more: true });
  const last = await listUsers(database, { filter: of("several"), cursor: page.next, limit: 2 });
  expect(countOfList({ count: 1, more: false }, last, false)).toEqual({ count: 2, more: false });
  expect(countOfList(null, page, true)).toBeNull();
});
