import { expect } from "vitest";
import { type CrmOptions, noJobsLeft, startCrm } from "./crm";
import { reconcileAll } from "./reconcile";

/** One person whose deal is on the portal, for the running test alone, and a worker that keeps both in sync. */
export async function startComparedPerson(options: CrmOptions = {}) {
  const crm = await startCrm(options);
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
      await reconcileAll(crm);
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
