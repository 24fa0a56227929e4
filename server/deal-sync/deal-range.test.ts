import { expect, test } from "vitest";
import { startCrm } from "../test/crm";
import { changedPerStep } from "./deal-range";
import { reconcileStep } from "./reconcile";
import { requestReconcile } from "./reconcile-runs";

const admin = { kind: "USER", id: 1, role: "ADMIN" } as const;

test("a deleted deal is asked for alone once, not each night, and one that is back is found", async () => {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const { db } = crm.services;
  const id = await crm.register();
  crm.newWorker().start();
  await expect.poll(() => db.user.count({ where: { crmState: "PENDING" } })).toBe(0);
  const { bitrix24DealId } = await db.user.findUniqueOrThrow({ where: { id } });
  const reconcile = async () => {
    await requestReconcile(crm.services, { actor: admin });
    await expect.poll(() => db.reconcileRun.count({ where: { finishedAt: null } })).toBe(0);
    return (await db.reconcileRun.findFirstOrThrow({ orderBy: { id: "desc" } })).counts;
  };
  const before = crm.portal.snapshot();
  crm.portal.staff.deleteDeal(bitrix24DealId ?? 0);
  expect(await reconcile()).toMatchObject({ changed: 1 });
  const gone = () => db.conflict.count({ where: { kind: "DEAL_DELETED", resolvedAt: null } });
  expect(await gone()).toBe(1);
  expect(await reconcile()).toMatchObject({ compared: 1, changed: 0 });
  await db.conflict.updateMany({ data: { resolvedAt: new Date(), resolution: "dismiss" } });
  expect(await reconcile()).toMatchObject({ compared: 1, changed: 0 });
  await db.conflict.updateMany({ data: { resolvedAt: null, resolution: null } });
  crm.portal.restore(before);
  expect(await reconcile()).toMatchObject({ changed: 1 });
  expect(await gone()).toBe(0);
});

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
