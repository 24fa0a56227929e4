import { afterAll, beforeAll, expect, test } from "vitest";
import { openConflict } from "../conflicts/conflicts";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeUser } from "../test/factories";
import { mostCounted, readAttention } from "./attention";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("what waits for an administrator is counted, and what is settled or goes on by itself is not", async () => {
  const { db } = database;
  expect(await readAttention({ db })).toEqual({ failed: 0, conflicts: 0, review: 0, rights: 0 });

  await makeUser(db, { crmState: "PENDING" });
  const synced = await makeUser(db, { crmState: "SYNCED", bitrix24DealId: 71, bitrix24ContactId: 31 });
  await makeUser(db, { crmState: "FAILED" });
  await makeUser(db, { crmState: "HELD", holds: ["review"] });
  await makeUser(db, { crmState: "HELD", holds: ["confirmation"] });
  await db.$transaction(async (tx) => {
    await openConflict(tx, { kind: "DEAL_DELETED", userId: synced.id, portalId: 71, details: {} });
    await openConflict(tx, { kind: "CONTACT_DELETED", userId: synced.id, portalId: 31, details: {} });
  });
  await db.conflict.updateMany({ where: { portalId: 31 }, data: { resolvedAt: new Date(), resolution: "gone" } });
  const [first, second, third] = [await makeUser(db), await makeUser(db), await makeUser(db)];
  const erasure = { cause: "self", actorKind: "USER" as const, mode: "delete", salt: "00" };
  await db.erasure.createMany({
    data: [
      { ...erasure, userId: first.id, state: "pending" },
      { ...erasure, userId: second.id, state: "pending", error: "ACCESS_DENIED", attempts: 1 },
      { ...erasure, userId: third.id, state: "done", error: null },
    ],
  });

  expect(await readAttention({ db })).toEqual({ failed: 1, conflicts: 1, review: 1, rights: 1 });
});

test("counting ends where more would say nothing new", async () => {
  const { db } = database;
  for (let made = 0; made < mostCounted + 5; made++) await makeUser(db, { crmState: "FAILED" });
  expect((await readAttention({ db })).failed).toBe(mostCounted);
});
