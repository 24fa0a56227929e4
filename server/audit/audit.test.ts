import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { admin } from "../test/factories";
import { type Actor, systemActor } from "./actor";
import { audit, listAudit } from "./audit";

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

const token: Actor = { kind: "TOKEN", id: 1, userId: 1, role: "ADMIN", scopes: ["payments"] };

test("entries go with their transaction, or not at all", async () => {
  const { db } = database;
  const failed = db.$transaction(async (tx) => {
    await audit(tx, { actor: admin, action: "crm.pause", targetId: 901 });
    throw new Error("rolled back");
  });
  await expect(failed).rejects.toThrow("rolled back");
  await db.$transaction((tx) =>
    audit(tx, { actor: admin, action: "crm.resume", targetId: 901, details: { code: "X" } }),
  );

  const { entries } = await listAudit(database, { targetId: 901 });

  expect(entries).toEqual([
    {
      id: expect.stringMatching(/^\d+$/),
      at: expect.any(String),
      actor: { kind: "USER", id: 1 },
      action: "crm.resume",
      targetId: 901,
      details: { code: "X" },
    },
  ]);
});

test("pages follow one another without gap or repetition, newest first", async () => {
  await audit(
    database.db,
    ...[1, 2, 3, 4, 5].map((n) => ({ actor: admin, action: "token.create" as const, details: { n } })),
  );
  const filters = { action: "token.create" as const, limit: 2 };

  const first = await listAudit(database, filters);
  const second = await listAudit(database, { ...filters, before: first.next ?? "" });
  const third = await listAudit(database, { ...filters, before: second.next ?? "" });

  const numbers = [first, second, third].map((page) => page.entries.map((entry) => entry.details.n));
  expect(numbers).toEqual([[5, 4], [3, 2], [1]]);
  expect(third.next).toBeNull();
});

test("filters by actor, action and target apply together", async () => {
  const { db } = database;
  await audit(
    db,
    { actor: admin, action: "payment.set", targetId: 902 },
    { actor: token, action: "payment.set", targetId: 902 },
    { actor: token, action: "crm.resend", targetId: 902 },
    { actor: systemActor, action: "payment.set", targetId: 903 },
  );
  const found = async (filters: Parameters<typeof listAudit>[1]) => (await listAudit(database, filters)).entries.length;

  expect(await found({ targetId: 902 })).toBe(3);
  expect(await found({ targetId: 902, actor: { kind: "TOKEN", id: 1 } })).toBe(2);
  expect(await found({ targetId: 902, actor: { kind: "TOKEN", id: 2 } })).toBe(0);
  expect(await found({ targetId: 902, actor: { kind: "TOKEN" }, action: "payment.set" })).toBe(1);
  expect(await found({ actor: { kind: "SYSTEM", id: null }, targetId: 903 })).toBe(1);
});
