import { afterAll, beforeAll, expect, test } from "vitest";
import { Prisma } from "../../prisma/generated/client";
import { parseEnv } from "../platform/env";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { noForms } from "../test/lists";
import { parseUserQuery, type UserCursor } from "./filter";
import { countUsers, listSources, listUsers } from "./list";
import { pageSql } from "./list-sql";

let database: TestDatabase & typeof noForms;

beforeAll(async () => {
  database = { ...(await createTestDatabase()), ...noForms };
});

afterAll(() => database.drop());

/** Tests share the table: each finds its own people by a word in their e-mail. */
let group = 0;
const newGroup = () => `group${++group}x`;
const add = (word: string, overrides: Partial<Prisma.UserUncheckedCreateInput> = {}) =>
  makeUser(database.db, { email: `${word}.${crypto.randomUUID()}@example.com`, ...overrides });

/** A registration of late evening by UTC, which is the next morning in Vladivostok. */
const lateEvening = new Date("2026-11-20T22:30:00Z");
const inVladivostok = () => ({ ...database, env: parseEnv({ TIME_ZONE: "Asia/Vladivostok" }) });

const list = (query: string, cursor: UserCursor | null = null, limit = 50) =>
  listUsers(database, { filter: parseUserQuery(new URLSearchParams(query)).filter, cursor, limit });
const ids = async (query: string) => (await list(query)).users.map((user) => user.id);

test("a person is found with е for ё, and with ё for е", async () => {
  const word = newGroup();
  const { id: first } = await add(word, { lastName: "Семёнов" });
  const { id: second } = await add(word, { lastName: "Семенов" });
  for (const spelling of ["семёнов", "СЕМЕНОВ"])
    expect(await ids(`q=${word}+${encodeURIComponent(spelling)}`)).toEqual([second, first]);
});

test("a person is found however the search was typed, also one who was stored before texts were cleaned", async () => {
  const word = newGroup();
  const found = (q: string) => ids(`q=${word}+${encodeURIComponent(q)}`);
  const sergey = await add(word, { firstName: "Серге\u0438\u0306", lastName: "O’Brien", phone: "+79165554433" });
  const blank = await add(word, { firstName: "Ан\u200bна", company: "ООО «Ромашка\u2011Плюс»" });
  for (const q of ["Сергей", "Серге\u0438\u0306", "o'brien", "O’BRIEN", "oʼbrien", "\u202a+7 916 555-44-33\u202c"])
    expect([q, await found(q)]).toEqual([q, [sergey.id]]);
  for (const q of ["Анна", "А\u00adнна", '"Ромашка-Плюс"', "«ромашка—плюс»"])
    expect([q, await found(q)]).toEqual([q, [blank.id]]);
});

test("a Turkish or Greek name is found in capitals and in small letters", async () => {
  const word = newGroup();
  const found = (q: string) => ids(`q=${word}+${encodeURIComponent(q)}`);
  const ibrahim = await add(word, { firstName: "İbrahim", lastName: "Işık" });
  for (const q of ["İbrahim", "İBRA", "ibrahim", "Işık"]) expect([q, await found(q)]).toEqual([q, [ibrahim.id]]);
  const capitals = await add(word, { firstName: "ΓΕΩΡΓΙΟΣ", lastName: "ΣΟΦΟΣ" });
  const small = await add(word, { firstName: "Γεωργιος", lastName: "Σοφος" });
  for (const q of ["ΓΕΩΡΓΙΟΣ", "ΓΕΩΡΓΙΟ", "Σοφος"]) expect([q, await found(q)]).toEqual([q, [small.id, capitals.id]]);
});

test("the number that a person reads on the account page finds this person alone", async () => {
  const { id } = await add(newGroup());
  for (const q of [`№ ${id}`, `No. ${id}`, `#${id}`]) {
    expect(await ids(new URLSearchParams({ q }).toString())).toEqual([id]);
    expect(await countUsers(database, parseUserQuery(new URLSearchParams({ q })).filter)).toEqual({
      count: 1,
      more: false,
    });
  }
  expect(await ids(new URLSearchParams({ q: "№ 2147483647" }).toString())).toEqual([]);
});

test("an address of an international domain is found in both spellings, and listed as people write it", async () => {
  const word = newGroup();
  const { id } = await makeUser(database.db, { email: `${word}@xn--80a1acny.xn--p1ai` });
  for (const q of [`${word}@почта.рф`, `${word}@xn--80a1acny.xn--p1ai`, `${word}@почта`]) {
    const { users } = await list(new URLSearchParams({ q }).toString());
    expect(users).toMatchObject([{ id, email: `${word}@почта.рф` }]);
  }
});

test("filters work alone and together", async () => {
  const word = newGroup();
  const paid = await add(word, { isPaid: true, paidAt: new Date(), source: "vk" });
  const failed = await add(word, { crmState: "FAILED", source: "vk" });
  const synced = await add(word, { crmState: "SYNCED", bitrix24ContactId: 1, bitrix24DealId: 2 });

  expect(await ids(`q=${word}`)).toEqual([synced.id, failed.id, paid.id]);
  expect(await ids(`q=${word}&paid=yes`)).toEqual([paid.id]);
  expect(await ids(`q=${word}&paid=no`)).toEqual([synced.id, failed.id]);
  expect(await ids(`q=${word}&crm=failed`)).toEqual([failed.id]);
  expect(await ids(`q=${word}&crm=pending`)).toEqual([paid.id]);
  expect(await ids(`q=${word}&source=vk`)).toEqual([failed.id, paid.id]);
  expect(await ids(`q=${word}&source=${encodeURIComponent("(none)")}`)).toEqual([synced.id]);
  expect(await ids(`q=${word}&source=vk&paid=yes&crm=pending`)).toEqual([paid.id]);
});

test("people are found by their form; those of no form count as the first one's", async () => {
  const word = newGroup();
  const { id: formId } = await database.db.form.create({ data: { slug: word, name: "" } });
  const none = await add(word);
  const first = await add(word, { formId: 1 });
  const other = await add(word, { formId });
  expect(await ids(`q=${word}&form=1`)).toEqual([first.id, none.id]);
  expect(await ids(`q=${word}&form=${formId}`)).toEqual([other.id]);
  expect(await ids(`q=${word}&form=${formId + 1}`)).toEqual([]);
});

test("the filter takes the days of the installation's zone", async () => {
  const word = newGroup();
  const { id } = await add(word, { createdAt: lateEvening });
  const found = async (from: string, to: string) => {
    const { filter } = parseUserQuery(new URLSearchParams({ q: word, from, to }));
    const [{ users }, count] = await Promise.all([
      listUsers(inVladivostok(), { filter, cursor: null }),
      countUsers(inVladivostok(), filter),
    ]);
    return { ids: users.map((user) => user.id), count: count?.count };
  };

  expect(await found("2026-11-21", "2026-11-21")).toEqual({ ids: [id], count: 1 });
  expect(await found("2026-11-20", "2026-11-20")).toEqual({ ids: [], count: 0 });
});

test("a day on which clocks go back is 25 hours long", async () => {
  const word = newGroup();
  const berlin = { ...database, env: parseEnv({ TIME_ZONE: "Europe/Berlin" }) };
  const first = await add(word, { createdAt: new Date("2026-10-24T22:00:00Z") });
  const last = await add(word, { createdAt: new Date("2026-10-25T22:59:59Z") });
  await add(word, { createdAt: new Date("2026-10-25T23:00:00Z") });
  const { filter } = parseUserQuery(new URLSearchParams({ q: word, from: "2026-10-25", to: "2026-10-25" }));

  const { users } = await listUsers(berlin, { filter, cursor: null });

  expect(users.map(({ id }) => id)).toEqual([last.id, first.id]);
});

test("days are whole days of UTC, the last one included", async () => {
  const word = newGroup();
  const at = (time: string) => add(word, { createdAt: new Date(time) });
  await at("2026-01-09T23:59:59.999Z");
  const first = await at("2026-01-10T00:00:00.000Z");
  const last = await at("2026-01-11T23:59:59.999Z");
  await at("2026-01-12T00:00:00.000Z");

  expect(await ids(`q=${word}&from=2026-01-10&to=2026-01-11`)).toEqual([last.id, first.id]);
});

test("people are found by parts of name, e-mail and phone, whatever the case and the order", async () => {
  const word = newGroup();
  const { id } = await add(word, { firstName: "Ёлка", lastName: "Ивановская", phone: "+79161234567" });
  const spellings = [
    "ёлк",
    "ИВАНОВСК",
    "ивановская ёлка",
    `@example.com ${word}`,
    "8 (916) 123-45-67",
    "916 123",
    "+7916",
  ];

  for (const q of spellings) expect(await ids(new URLSearchParams({ q }).toString()), q).toContain(id);
  expect(await ids(`q=${word}+петров`)).toEqual([]);
});

test("wildcards in a search stand for themselves", async () => {
  const word = newGroup();
  const percent = await add(word, { lastName: "100%" });
  const backslash = await add(word, { lastName: "a\\b" });
  await add(word, { lastName: "100a_b" });

  expect(await ids(`q=${word}+100%25`)).toEqual([percent.id]);
  expect(await ids(`q=${word}+a%5Cb`)).toEqual([backslash.id]);
  expect(await ids(`q=${word}+___`)).toEqual([]);
});

test("paging forward and back loses and doubles nobody while others register", async () => {
  const word = newGroup();
  const at = new Date("2026-03-01T10:00:00Z");
  // Some share a moment: the id breaks the tie.
  const people = [];
  for (let i = 0; i < 23; i++) people.push(await add(word, { createdAt: new Date(at.getTime() + Math.floor(i / 4)) }));
  const newestFirst = people.map(({ id }) => id).reverse();

  for (const [sort, expected] of [
    ["newest", newestFirst],
    ["oldest", [...newestFirst].reverse()],
  ] as const) {
    const newcomers: number[] = [];
    const forward: number[][] = [];
    let page = await list(`q=${word}&sort=${sort}`, null, 5);
    for (;;) {
      forward.push(page.users.map(({ id }) => id));
      newcomers.push((await add(word, { createdAt: new Date(sort === "newest" ? "2026-04-01" : "2026-02-01") })).id);
      if (!page.next) break;
      page = await list(`q=${word}&sort=${sort}`, page.next, 5);
    }
    expect(forward.flat()).toEqual(expected);

    const back: number[][] = [];
    while (page.previous) {
      page = await list(`q=${word}&sort=${sort}`, page.previous, 5);
      back.unshift(page.users.map(({ id }) => id));
    }
    const before = back.flat();
    expect(before.filter((id) => !newcomers.includes(id))).toEqual(expected.slice(0, 20));
    expect(before.filter((id) => newcomers.includes(id)).sort((a, b) => a - b)).toEqual(newcomers);
    await database.db.user.deleteMany({ where: { id: { in: newcomers } } });
  }
});

test("by payment the latest comes first and the unpaid last, over as many pages as it takes", async () => {
  const word = newGroup();
  const unpaid = await add(word);
  const early = await add(word, { isPaid: true, paidAt: new Date("2026-05-01") });
  const alsoUnpaid = await add(word);
  const late = await add(word, { isPaid: true, paidAt: new Date("2026-06-01") });

  const seen: number[] = [];
  let cursor: UserCursor | null = null;
  do {
    const page = await list(`q=${word}&sort=paid`, cursor, 1);
    seen.push(...page.users.map(({ id }) => id));
    cursor = page.next;
  } while (cursor);
  expect(seen).toEqual([late.id, early.id, alsoUnpaid.id, unpaid.id]);
});

test.each(["8640000000000000-7", "-62135596800000-7", "-62135596800001-7", "-8640000000000000-7"])(
  "no moment in an address is an error for the database: %s",
  async (before) => {
    const { filter, cursor } = parseUserQuery(new URLSearchParams({ before }));
    expect((await listUsers(database, { filter, cursor, limit: 1 })).users.length).toBeLessThanOrEqual(1);
  },
);

test("a cursor beyond the end gives an empty page with a way back", async () => {
  const word = newGroup();
  await add(word);
  const page = await list(`q=${word}`, { direction: "after", key: 0, id: 1 });
  expect(page).toMatchObject({ users: [], next: null, previous: null });
});

test("a small result is counted exactly", async () => {
  const word = newGroup();
  await add(word, { isPaid: true, paidAt: new Date() });
  await add(word);
  const count = (query: string) => countUsers(database, parseUserQuery(new URLSearchParams(query)).filter);

  expect(await count(`q=${word}`)).toEqual({ count: 2, more: false });
  expect(await count(`q=${word}&paid=yes`)).toEqual({ count: 1, more: false });
  expect(await count("q=zz")).toBeNull();
});

test("sources are offered once each, in order", async () => {
  const word = newGroup();
  for (const source of ["zeta", "alpha", "zeta", null]) await add(word, { source });
  const sources = await listSources(database);
  expect(sources).toEqual([...new Set(sources)].sort());
  expect(sources).toEqual(expect.arrayContaining(["alpha", "zeta"]));
});

test("beyond the rows that are read in order, rare words are found by the index, and short ones are admitted to be missing", async () => {
  const own = await createTestDatabase();
  await own.db.$executeRaw`
    insert into "User" ("email", "firstName", "phone", "createdAt")
    select 'n' || i || '@example.com', case when i <= 3 then 'Редкая' else 'Анна' end, '+7', now() - interval '1 day' + i * interval '1 ms'
    from generate_series(1, 20500) as i`;
  const found = (q: string) =>
    listUsers(
      { ...own, ...noForms },
      { filter: { ...parseUserQuery(new URLSearchParams({ q })).filter }, cursor: null },
    );

  expect(await found("редк")).toMatchObject({ users: [{ id: 3 }, { id: 2 }, { id: 1 }], incomplete: null });
  expect(await found("ре")).toMatchObject({ users: [], incomplete: "short" });
  expect((await found("ан")).users).toHaveLength(50);

  const filter = parseUserQuery(new URLSearchParams()).filter;
  expect(await countUsers({ ...own, ...noForms }, filter)).toEqual({ count: 10_000, more: true });
  expect(await countUsers({ ...own, ...noForms }, { ...filter, q: "анна" })).toEqual({ count: 1_000, more: true });
  await own.drop();
});

test("the people of a form with few people among many are found by an index", async () => {
  const { id: formId } = await database.db.form.create({ data: { slug: "few", name: "Few" } });
  await database.db.$executeRaw`
    insert into "User" (email, "firstName", phone, "createdAt", "formId")
    select 'form' || i || '@few.example', 'Анна', '+7', now() - i * interval '1 s', case when i > 2960 then ${formId}::int end
    from generate_series(1, 3000) i`;
  await database.db.$executeRaw`analyze "User"`;
  const { filter } = parseUserQuery(new URLSearchParams({ form: String(formId) }));
  const sql = pageSql({ filter, cursor: null, limit: 21, zone: "UTC", questions: new Map() });
  const plan = JSON.stringify(await database.db.$queryRaw(Prisma.sql`explain (format json) ${sql}`));
  expect(plan).toContain("User_formId_createdAt_id_idx");
  const { users, next } = await list(`form=${formId}`, null, 20);
  expect(users.map(({ email }) => email)).toEqual(Array.from({ length: 20 }, (_, n) => `form${2961 + n}@few.example`));
  expect((await list(`form=${formId}`, next)).users).toHaveLength(20);
});
