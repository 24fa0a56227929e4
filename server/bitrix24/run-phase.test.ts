import { afterAll, beforeAll, expect, test } from "vitest";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import type { ProgressPort } from "./progress";
import { runPhase } from "./run-phase";
import { givePhone } from "./tasks";

let crm: CrmHarness;
beforeAll(async () => {
  crm = await createCrmHarness();
});
afterAll(() => crm.close());

test("an in-flight marker that cannot be saved keeps the request from leaving", async () => {
  const { bitrix24, log } = crm.services;
  const progress: ProgressPort = {
    markInFlight: () => Promise.reject(new Error("no database")),
    markTraces: async (userIds) => userIds,
    recordTraces: async () => {},
    record: async () => {},
    clearInFlight: async () => {},
    assign: async () => new Map(),
    findLost: async () => new Set(),
    findCopies: async () => ({ certain: new Set(), possible: new Set() }),
    findRemoved: async () => new Set(),
    noteHidden: async () => {},
  };
  const task = givePhone({ userId: 1, phone: "+79991234567" }, 1);
  await expect(runPhase({ batchRunner: bitrix24.batchRunner, progress, log }, [task])).rejects.toThrow("no database");
  expect(crm.portal.calls.filter(({ method }) => method === "crm.item.update")).toEqual([]);
});
