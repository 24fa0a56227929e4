import { expect } from "vitest";
import { noJobsLeft, startCrm } from "./crm";

/** One person whose deal is on the portal, for the running test alone, and a worker that keeps both in sync. */
export async function startComparedPerson(env: Record<string, string>) {
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
    /** Enqueues a comparison, as an event does, whether anything changed or not. */
    remind: async () => {
      await db.$transaction((tx) => queue.enqueue(tx, "crm-payment", userId));
      await quiet();
    },
  };
}
