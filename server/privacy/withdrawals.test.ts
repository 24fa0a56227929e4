import { afterAll, beforeAll, expect, test } from "vitest";
import { Prisma } from "../../prisma/generated/client";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { listWithdrawn, parseWithdrawalCursor, withdrawnSql } from "./withdrawals";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("all who have withdrawn the consent are listed in pages, the newest first, and nobody who has given it again", async () => {
  const { db } = database;
  await db.$executeRaw`
    insert into "User" (email, "firstName", phone)
    select 'person' || n || '@example.com', 'Анна', '+7' from generate_series(1, 250) n`;
  // Two at a time have withdrawn at the same moment.
  await db.$executeRaw`
    insert into "Consent" ("userId", kind, version, locale, "withdrawnAt")
    select id, 'registration', '1', 'ru', date_trunc('second', now()) - (row_number() over (order by id) / 2) * interval '1 minute'
    from "User"`;
  const people = await db.user.findMany({ orderBy: { id: "asc" }, select: { id: true } });
  const [again, ...others] = people.map(({ id }) => id);
  await db.consent.create({ data: { userId: again ?? 0, kind: "registration", version: "1", locale: "ru" } });
  const seen: { userId: number; withdrawnAt: string }[] = [];
  let next: string | null = null;
  do {
    const page = await listWithdrawn(database, { after: parseWithdrawalCursor(next) });
    expect(page.withdrawn.length).toBeLessThanOrEqual(50);
    seen.push(...page.withdrawn);
    next = page.next;
  } while (next);
  expect(seen.map(({ userId }) => userId).toSorted((a, b) => a - b)).toEqual(others);
  const times = seen.map(({ withdrawnAt }) => withdrawnAt);
  expect(times).toEqual(times.toSorted().toReversed());
});

test("a page of those who have withdrawn the consent is found by an index among very many consents", async () => {
  const { db } = database;
  await db.$executeRaw`
    insert into "Consent" ("userId", kind, version, locale)
    select u.id, 'ads', '1', 'ru' from "User" u, generate_series(1, 100)`;
  await db.$executeRaw`analyze "Consent"`;
  const sql = withdrawnSql({ at: new Date(), userId: 1 }, 51);
  const plan = JSON.stringify(await db.$queryRaw(Prisma.sql`explain (format json) ${sql}`));
  expect(plan).toContain("Consent_withdrawn_idx");
  expect(plan).not.toContain('"Seq Scan"');
});

test("a cursor that was typed wrongly begins the list anew", () => {
  for (const text of [null, "", "x", "1-", "1-0", "999999999999999-1"]) expect(parseWithdrawalCursor(text)).toBeNull();
});
