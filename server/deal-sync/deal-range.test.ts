import { expect, test } from "vitest";
import { startCrm } from "../test/crm";
import { changedPerStep } from "./deal-range";
import { reconcileStep } from "./reconcile";
import { requestReconcile } from "./reconcile-runs";

const admin = { kind: "USER", id: 1, role: "ADMIN" } as const;

test("a step compares so many changed deals that registrations need not wait long, and all deals where none has changed", async () => {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const { db } = crm.services;
  crm.portal.advance(-60_000);
  const people = changedPerStep + 10;
  await crm.registerMany(people);
  const worker = crm.newWorker();
  worker.start();
  await expect.poll(() => db.user.count({ where: { crmState: "PENDING" } })).toBe(0);
  await worker.stop();
  const step = async () => {
    await reconcileStep(crm.services);
    return db.reconcileRun.findFirstOrThrow({ orderBy: { id: "desc" } });
  };
  await requestReconcile(crm.services, { actor: admin });
  expect((await step()).counts).toMatchObject({ compared: changedPerStep, changed: changedPerStep });
  expect((await step()).counts).toMatchObject({ compared: people, changed: people });
  expect((await step()).finishedAt).not.toBeNull();
  await requestReconcile(crm.services, { actor: admin });
  expect((await step()).counts).toMatchObject({ compared: people, changed: 0 });
});
