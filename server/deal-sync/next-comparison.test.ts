import { expect, test } from "vitest";
import { startCrm } from "../test/crm";
import { failedMoves } from "./next-comparison";

test("corrections and phones neither count as failed moves of the deal nor end their row", async () => {
  const crm = await startCrm();
  const { db } = crm.services;
  const userId = await crm.register();
  const change = { userId, method: "crm.item.update", durationMs: 0, attempt: 1 };
  const failed = { ...change, outcome: "UNKNOWN", code: "INTERNAL_SERVER_ERROR" } as const;
  const moved = { ...change, outcome: "OK", dealId: 7 } as const;
  const failures = async () => (await failedMoves(db, { userId, dealId: 7 })).failures;
  await db.crmLog.createMany({ data: [failed, failed, { ...failed, dealId: 7 }] });
  expect(await failures()).toBe(1);
  await db.crmLog.createMany({ data: [{ ...change, outcome: "OK" }, { ...failed, dealId: 7 }, failed] });
  expect(await failures()).toBe(2);
  await db.crmLog.create({ data: moved });
  expect(await failures()).toBe(0);
});
