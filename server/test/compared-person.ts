import { expect } from "vitest";
import { requestReconcile } from "../deal-sync/reconcile-runs";
import { noJobsLeft, startCrm } from "./crm";
import { admin } from "./factories";

/** One person whose deal is on the portal, for the running test alone, and a worker that keeps both in sync. */
export async function startComparedPerson(env: Record<string, string> = {}) {
  const crm = await startCrm({ env });
  const { db, queue } = crm.services;
  const userId = await crm.register();
  const worker = crm.newWorker();
  worker.start();
  const user = () => db.user.findUniqueOrThrow({ where: { id: userId } });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  const { bitrix24DealId, bitrix24ContactId } = await user();
  const quiet = () => noJobsLeft(db);
  return {
    crm,
    worker,
    userId,
    user,
    dealId: bitrix24DealId ?? 0,
    contactId: bitrix24ContactId ?? 0,
    quiet,
    /** A reconciliation from its beginning to its end. */
    night: async () => {
      await requestReconcile(crm.services, { actor: admin });
      await expect.poll(() => db.reconcileRun.count({ where: { finishedAt: null } })).toBe(0);
      await quiet();
      crm.portal.advance(2_000);
    },
    /** The open conflicts. */
    open: async () =>
      (await db.conflict.findMany({ where: { resolvedAt: null }, orderBy: { id: "asc" } })).map(
        ({ kind, portalId }) => [kind, portalId],
      ),
    /** Enqueues a comparison, as an event does, whether anything changed or not. */
    remind: async () => {
      await db.$transaction((tx) => queue.enqueue(tx, "crm-payment", userId));
      await quiet();
    },
  };
}
