import { afterAll, beforeAll, expect, test } from "vitest";
import { actorKey } from "../audit/actor";
import { nameActors } from "../audit/actor-names";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { getCrmProgress, listCrmLog } from "./call-log";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

test("the steps of one registration come newest first, page by page, and nobody else's", async () => {
  const [user, other] = [await makeUser(database.db), await makeUser(database.db)];
  for (let attempt = 1; attempt <= 5; attempt++)
    for (const { id: userId } of [user, other])
      await database.db.crmLog.create({
        data: { userId, method: "crm.item.add", outcome: "NO", code: "TIMEOUT", durationMs: 7, attempt },
      });

  const first = await listCrmLog(database, user.id, { limit: 3 });
  const second = await listCrmLog(database, user.id, { limit: 3, before: BigInt(first.next ?? 0) });

  expect(first.entries.map((entry) => entry.attempt)).toEqual([5, 4, 3]);
  expect(second.entries.map((entry) => entry.attempt)).toEqual([2, 1]);
  expect(second.next).toBeNull();
  expect(JSON.stringify(first)).not.toContain(`"userId"`);
});

test("a registration that waits says why and until when", async () => {
  const nextAttemptAt = new Date("2026-11-22T10:00:00Z");
  const { id } = await makeUser(database.db, { crmAttempts: 2, crmError: "TIMEOUT", crmNextAttemptAt: nextAttemptAt });

  expect(await getCrmProgress(database, id)).toEqual({
    attempts: 2,
    error: "TIMEOUT",
    errorField: null,
    nextAttemptAt: nextAttemptAt.toISOString(),
    syncedAt: null,
    pause: null,
  });
  expect(await getCrmProgress(database, 2_000_000)).toBeNull();
});

test("a registration that waits for the comparison of a restored portal says so", async () => {
  const { db } = database;
  const { id } = await makeUser(db, { crmError: "TIMEOUT", crmErrorField: "NAME" });
  const { id: compareFirst } = await db.reconcileRun.create({ data: {} });
  await db.installation.upsert({
    where: { id: 1 },
    create: { id: 1, part: "abcdefghjkm2", compareFirst },
    update: { compareFirst },
  });
  expect(await getCrmProgress(database, id)).toMatchObject({ error: "PORTAL_UNCOMPARED", errorField: null });
  await db.reconcileRun.update({ where: { id: compareFirst }, data: { finishedAt: new Date() } });
  expect(await getCrmProgress(database, id)).toMatchObject({ error: "TIMEOUT", errorField: "NAME" });
});

test("people and tokens of a history are named; who is gone, and the portal, are not", async () => {
  const admin = await makeAdmin(database.db);
  const token = await database.db.apiToken.create({ data: { userId: admin.id, name: "Shop", hash: "hash" } });
  const byUser = { kind: "USER", id: admin.id } as const;
  const byToken = { kind: "TOKEN", id: token.id } as const;

  const names = await nameActors(database, [
    byUser,
    byUser,
    byToken,
    { kind: "USER", id: 2_000_000 },
    { kind: "BITRIX24", id: null },
  ]);

  expect(names).toEqual({ [actorKey(byUser)]: "Анна", [actorKey(byToken)]: "Shop" });
});
