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
  progress = createProgressStore({ ...database, env: parseEnv({}), log: createLog("silent") });
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

test("a look-up that is refused does not forget that an earlier request may have created something", async () => {
  const { db } = database;
  const { id: userId } = await makeUser(db);
  const inFlightUntil = async () => (await db.user.findUniqueOrThrow({ where: { id: userId } })).crmInFlightUntil;
  const lookUp = (outcome: "OK" | "NO") => progress.record([{ userId, method: "lookup", outcome, durationMs: 1 }]);
  await progress.markInFlight([userId]);
  await lookUp("NO");
  expect(await inFlightUntil()).not.toBeNull();
  await lookUp("OK");
  expect(await inFlightUntil()).toBeNull();
});

test("noting what is about to happen waits for a bulk change instead of locking it out", async () => {
  await meet((userIds) => progress.markInFlight(userIds));
});

test("a trace's id reaches the erasure that is carried out while the portal's answer is being saved", async () => {
  const { db, pool } = database;
  const [person, companion] = [await makeUser(db), await makeUser(db)];
  const eraser = await pool.connect();
  try {
    await eraser.query("begin");
    await eraser.query(`select 1 from "User" where id = $1 for update`, [person.id]);
    const saved = progress.recordTraces([
      { userId: person.id, outcome: "OK", untried: false, traceId: 77 },
      { userId: companion.id, outcome: "OK", untried: false, traceId: 78 },
    ]);
    await expect.poll(() => blocked(database)).toBe(1);
    await eraser.query(
      `insert into "Erasure" ("userId", cause, "actorKind", mode, state, "traceOpen", salt)
       values ($1, 'admin', 'SYSTEM', 'delete', 'pending', true, '')`,
      [person.id],
    );
    await eraser.query(`update "User" set "erasedAt" = now() where id = $1`, [person.id]);
    await eraser.query("commit");
    await saved;
  } finally {
    eraser.release();
  }
  expect(await db.erasure.findUnique({ where: { userId: person.id } })).toMatchObject({
    traceId: 77,
    traceOpen: false,
  });
  expect(await db.user.findUnique({ where: { id: companion.id } })).toMatchObject({ crmTraceId: 78 });
});

test("an answer that cannot be saved leaves nothing of itself, and its rows are free at once", async () => {
  const { db } = database;
  const { id } = await makeUser(db);
  const noOne = 2_000_000_000;
  const trace = { outcome: "OK", untried: false, traceId: 79 } as const;
  await expect(
    progress.recordTraces([
      { ...trace, userId: id },
      { ...trace, userId: noOne },
    ]),
  ).rejects.toThrow();
  expect(await db.crmLog.count({ where: { userId: id } })).toBe(0);
  await progress.recordTraces([{ ...trace, userId: id }]);
  expect(await db.user.findUnique({ where: { id } })).toMatchObject({ crmTraceId: 79 });
});
