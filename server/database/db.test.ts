import { expect, test } from "vitest";
import { createLog } from "../platform/log";
import { createTestDatabase } from "../test/database";
import { createPool } from "./db";

test("a connection that breaks while it is in use rejects its query and ends nothing else", async () => {
  const database = await createTestDatabase();
  const pool = createPool(database.url, createLog("silent"));
  const client = await pool.connect();
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  const rejected = expect(client.query("select pg_sleep(60)")).rejects.toThrow();
  await database.pool.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
  await rejected;
  await expect(client.query("rollback")).rejects.toThrow();
  client.release();
  expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
  await pool.end();
  await database.drop();
});
