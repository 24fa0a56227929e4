import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { readApiUsage } from "./api-usage";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const store = (operating: object) => database.db.crmPortal.update({ where: { id: 1 }, data: { operating } });
const inSeconds = (seconds: number) => Date.now() / 1_000 + seconds;

test("methods near their limit are listed, the nearest first, until they are renewed", async () => {
  await store({
    "crm.item.list": { operating: 210.4, resetAt: inSeconds(100) },
    batch: { operating: 400, resetAt: inSeconds(90) },
    "crm.item.add": { operating: 390, resetAt: inSeconds(-1) },
  });
  expect(await readApiUsage(database)).toEqual([
    { method: "batch", seconds: 400, resetsAt: expect.stringMatching(/^\d{4}-/) },
    { method: "crm.item.list", seconds: 210, resetsAt: expect.stringMatching(/^\d{4}-/) },
  ]);
});

test("API usage of an unknown shape is no error", async () => {
  await store({ batch: { operating: "much" } });
  expect(await readApiUsage(database)).toEqual([]);
});
