import { expect, test } from "vitest";
import { startComparedPerson } from "../test/compared-person";
import { startCrm, syncAll } from "../test/crm";
import { admin } from "../test/factories";
import { reconcileAll } from "../test/reconcile";
import { changedPerStep } from "./deal-range";
import { reconcileStep } from "./reconcile";
import { requestReconcile } from "./reconcile-runs";

test("a deleted deal is asked for alone once, not each night, and one that is back is found", async () => {
  const { crm, dealId } = await startComparedPerson({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const { db } = crm.services;
  const reconcile = async () => {
    await reconcileAll(crm);
    return (await db.reconcileRun.findFirstOrThrow({ orderBy: { id: "desc" } })).counts;
  };
  const before = crm.portal.snapshot();
  crm.portal.staff.deleteDeal(dealId);
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
  await syncAll(crm);
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
