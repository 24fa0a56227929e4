import { expect, test } from "vitest";
import { requestReconcile } from "../deal-sync/reconcile-runs";
import { setPaid } from "../payments/payments";
import { arrived } from "../test/corrections";
import { type CrmHarness, noJobsLeft, startCrm } from "../test/crm";
import { admin, userOf } from "../test/factories";
import { askIdentity } from "../test/identity";
import { answerIdentity } from "./answer";

async function answerRestored({ services }: CrmHarness): Promise<void> {
  await askIdentity(services.db, "portal", { host: services.bitrix24.client.host });
  await answerIdentity(services, { actor: admin, answer: "restored" });
}

test("a portal that was put back from a backup leaves it asked why the deal of a paid person is in another funnel", async () => {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const { services, portal } = crm;
  const { db } = services;
  const worker = crm.newWorker();
  worker.start();
  const userId = await arrived(crm);
  await noJobsLeft(db);
  const { bitrix24DealId } = await userOf(crm, userId);
  portal.staff.updateDeal(bitrix24DealId ?? 0, { categoryId: 1, stageId: "C1:EXECUTING" });
  await setPaid(services, { actor: admin, userId, isPaid: true, origin: "page" });
  const open = async () => (await db.conflict.findMany({ where: { resolvedAt: null } })).map(({ kind }) => kind);
  await expect.poll(open).toEqual(["DEAL_OTHER_FUNNEL"]);
  await noJobsLeft(db);
  await worker.stop();
  await answerRestored(crm);
  crm.newWorker().start();
  const compared = (runs: number) =>
    expect.poll(() => db.reconcileRun.count({ where: { finishedAt: { not: null } } })).toBe(runs);
  await compared(1);
  expect(await open()).toEqual(["DEAL_OTHER_FUNNEL"]);
  // What the first comparison has seen explains no more to the second one.
  await requestReconcile(services, { actor: admin });
  await compared(2);
  expect(await open()).toEqual(["DEAL_OTHER_FUNNEL"]);
});

test("a payment that only the deal's timeline tells is told again on a portal that was put back without it", async () => {
  const crm = await startCrm();
  const { services, portal } = crm;
  const worker = crm.newWorker();
  worker.start();
  const userId = await arrived(crm);
  await noJobsLeft(services.db);
  const backup = portal.snapshot();
  await setPaid(services, { actor: admin, userId, isPaid: true, origin: "page" });
  await expect.poll(() => portal.comments.size).toBe(1);
  await noJobsLeft(services.db);
  await worker.stop();
  portal.restore(backup);
  expect(portal.comments.size).toBe(0);
  await answerRestored(crm);
  crm.newWorker().start();
  await expect.poll(() => portal.comments.size).toBe(1);
});
