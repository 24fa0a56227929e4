import { afterAll, beforeAll, expect, test } from "vitest";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import type { ProgressPort } from "./progress";
import { runPhase } from "./run-phase";
import { rowTask } from "./tasks";

let crm: CrmHarness;
const asked: string[] = [];
beforeAll(async () => {
  crm = await createCrmHarness({ gateway: { request: (method) => void asked.push(method) } });
});
afterAll(() => crm.close());

test("an in-flight marker that cannot be saved keeps the request from leaving", async () => {
  const { bitrix24, log } = crm.services;
  const progress: ProgressPort = {
    markInFlight: () => Promise.reject(new Error("no database")),
    record: async () => {},
    clearInFlight: async () => {},
    assign: async () => new Map(),
  };
  const owner = { userId: 1, dealId: 1, isolated: false, refusedBefore: false };
  const task = rowTask(owner, [], { id: 1777, name: "Course", priceUsd: 149 }, 149);
  await expect(runPhase({ batchRunner: bitrix24.batchRunner, progress, log }, [task])).rejects.toThrow("no database");
  expect(asked).toEqual([]);
});
