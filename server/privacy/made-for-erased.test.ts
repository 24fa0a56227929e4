import { afterAll, beforeAll, expect, test } from "vitest";
import { Prisma } from "../../prisma/generated/client";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { loggedOf, madeForOthersSql, noteAttempt } from "./made-for-erased";

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

test("what an attempt has done to records of the portal is not noted after the answer that this is another portal", async () => {
  const { db } = database;
  const { id } = await db.user.create({ data: { email: "another@portal.example", firstName: "Анна", phone: "+7" } });
  const row = {
    userId: id,
    cause: "self",
    actorKind: "SYSTEM",
    mode: "anonymise",
    state: "pending",
    salt: "",
  } as const;
  const erasure = await db.erasure.create({ data: { ...row, made: { contacts: [5, 6], deals: [7] } } });
  const own = { contacts: [{ id: 6 }], deals: [{ id: 7 }] };
  const done = { anonymous: { contacts: [], deals: [7] }, handedOver: [6] };
  const noted = async () => loggedOf(await db.erasure.findUniqueOrThrow({ where: { userId: id } }));
  await noteAttempt(db, erasure, own, done);
  expect(await noted()).toEqual({ contacts: [5, 6], deals: [7], ...done });
  await db.erasure.update({ where: { userId: id }, data: { made: { contacts: [], deals: [] } } });
  await noteAttempt(db, erasure, own, done);
  await noteAttempt(db, erasure, { contacts: [], deals: [] }, done);
  expect(await noted()).toEqual({ contacts: [], deals: [] });
});
