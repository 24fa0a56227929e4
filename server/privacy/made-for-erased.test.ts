import { afterAll, beforeAll, expect, test } from "vitest";
import { Prisma } from "../../prisma/generated/client";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { madeForOthersSql } from "./made-for-erased";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("among very many erasures those for which a contact was made are found by an index", async () => {
  const { db } = database;
  await db.$executeRaw`
    insert into "User" (email, "firstName", phone)
    select 'person' || n || '@example.com', 'Анна', '+7' from generate_series(1, 5000) n`;
  await db.$executeRaw`
    insert into "Erasure" ("userId", cause, "actorKind", mode, state, salt, made)
    select id, 'self', 'SYSTEM', 'delete', 'done', '', jsonb_build_object('contacts', jsonb_build_array(id + 100000), 'deals', '[]'::jsonb)
    from "User"`;
  await db.$executeRaw`update "Erasure" set made = null where "userId" % 5 = 0`;
  await db.$executeRaw`analyze "Erasure"`;
  const { id } = await db.user.findFirstOrThrow({ orderBy: { id: "asc" }, select: { id: true } });
  const sql = madeForOthersSql(id, [id + 100_000, id + 100_001, 7]);
  expect(await db.$queryRaw(sql)).toEqual([{ id: id + 100_001 }]);
  const plan = JSON.stringify(await db.$queryRaw(Prisma.sql`explain (format json) ${sql}`));
  expect(plan).toContain("Erasure_made_contacts_idx");
  expect(plan).not.toContain('"Seq Scan"');
});
