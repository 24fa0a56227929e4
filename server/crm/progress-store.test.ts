import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProgressPort } from "../bitrix24/progress";
import { parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { blocked, createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { createProgressStore } from "./progress-store";

let database: TestDatabase;
let progress: ProgressPort;

beforeAll(async () => {
  database = await createTestDatabase();
  // Enough rows for the planner to use the index; a sequential scan would return them in random order.
  await database.pool.query(
    `insert into "User" (email, "firstName", phone, "crmState")
     select 'many-' || n || '@example.com', 'Анна', '+7900', 'SYNCED' from generate_series(1, 5000) n`,
  );
  await database.pool.query(`analyze "User"`);
  progress = createProgressStore({ ...database, env: parseEnv({}), log: createLog("silent") }, new Map());
});

afterAll(() => database.drop());

/** A second writer locks the rows of two people in id order, as a bulk change does, while the progress is written. */
async function meet(write: (userIds: number[]) => Promise<void>): Promise<void> {
  const { db, pool } = database;
  const [first, second] = [await makeUser(db), await makeUser(db)];
  const other = await pool.connect();
  const lock = (id: number) => other.query(`select 1 from "User" where id = $1 for update`, [id]);
  try {
    await other.query("begin");
    await lock(first.id);
    const writing = write([second.id, first.id]);
    await expect.poll(() => blocked(database)).toBe(1);
    await lock(second.id);
    await other.query("commit");
    await writing;
  } finally {
    other.release();
  }
}

test("noting what has happened waits for a bulk change instead of locking it out", async () => {
  await meet((userIds) =>
    progress.record(userIds.map((userId) => ({ userId, method: "lookup", outcome: "OK", durationMs: 1 }))),
  );
});

test("noting what is about to happen waits for a bulk change instead of locking it out", async () => {
  await meet((userIds) => progress.markInFlight(userIds));
});
