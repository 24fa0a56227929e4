import { expect, test } from "vitest";
import { createTestDatabase } from "./database";

test("a test database is migrated, empty and nobody else's", async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await one.db.user.create({ data: { email: "anna@example.com", firstName: "Anna", phone: "+79991234567" } });

  expect(await one.db.user.count()).toBe(1);
  expect(await other.db.user.count()).toBe(0);

  await Promise.all([one.drop(), other.drop()]);
});

test("a dropped test database is gone", async () => {
  const [kept, dropped] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await dropped.drop();

  const { rows } = await kept.pool.query("select 1 from pg_database where datname = $1", [
    new URL(dropped.url).pathname.slice(1),
  ]);
  expect(rows).toEqual([]);

  await kept.drop();
});
