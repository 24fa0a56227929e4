import { QueryCompiler } from "@prisma/client/runtime/query_compiler_fast_bg.postgresql.js";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createDb, createPool } from "../database/db";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "./database";
import { makeUser } from "./factories";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** A client of another schema, as an installation that shares its database with others has. */
async function inSchema(name: string) {
  const url = new URL(database.url);
  url.searchParams.set("schema", name);
  const pool = createPool(url.href, createLog("silent"));
  const db = createDb(pool);
  return {
    db,
    close: async () => {
      await db.$disconnect();
      await pool.end();
    },
  };
}

test("clients of two schemas ask their own tables, though their queries are the same", async () => {
  await makeUser(database.db);
  expect(await database.db.user.count()).toBe(1);
  await database.pool.query('create schema neighbour; create table neighbour."User" (like public."User")');
  const neighbour = await inSchema("neighbour");
  onTestFinished(() => neighbour.close());
  expect(await neighbour.db.user.count()).toBe(0);
  expect(await database.db.user.count()).toBe(1);
});

test("a query that is the same but for its values is compiled once for all clients, and answers each its own", async () => {
  const other = await createTestDatabase();
  onTestFinished(() => other.drop());
  const { id } = await makeUser(database.db, { email: "first@example.com" });
  const there = await makeUser(other.db, { email: "second@example.com" });
  const ask = (db: TestDatabase["db"], email: string) => db.user.findMany({ where: { email }, select: { id: true } });
  expect(await ask(database.db, "nobody@example.com")).toEqual([]);
  const compile = vi.spyOn(QueryCompiler.prototype, "compile");
  onTestFinished(() => void compile.mockRestore());
  expect(await ask(database.db, "first@example.com")).toEqual([{ id }]);
  expect(await ask(other.db, "second@example.com")).toEqual([{ id: there.id }]);
  expect(await ask(other.db, "first@example.com")).toEqual([]);
  expect(compile).not.toHaveBeenCalled();
  await other.db.user.findMany({
    where: { AND: [{ email: "first@example.com" }, { email: "" }, { email: "" }] },
    select: { isPaid: true, email: true, locale: true },
  });
  expect(compile).toHaveBeenCalledOnce();
});
