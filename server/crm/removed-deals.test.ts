import { expect, test } from "vitest";
import { resolveConflict } from "../conflicts/resolve";
import { requestReconcile } from "../deal-sync/reconcile-runs";
import { findFaults, noJobsLeft, startCrm } from "../test/crm";

const actor = { kind: "USER", id: 1, role: "ADMIN" } as const;

/** A portal that removes each new deal before it gets its product, as a rule against spam does. */
async function start() {
  const crm = await startCrm();
  const { portal } = crm;
  const { db } = crm.services;
  portal.fail({
    kind: "command",
    method: "crm.item.productrow.set",
    match: ({ params }) => {
      portal.staff.deleteDeal(Number(params.ownerId));
      return false;
    },
  });
  const id = await crm.register();
  crm.newWorker().start();
  const person = () => db.user.findUniqueOrThrow({ where: { id } });
  const open = () => db.conflict.findMany({ where: { resolvedAt: null } });
  return {
    crm,
    person,
    open,
    /** How many deals were made so far, once nothing more is to be done. */
    async made() {
      await expect.poll(async () => (await open()).map(({ kind }) => kind)).toEqual(["DEAL_DELETED"]);
      await noJobsLeft(db);
      return new Set(
        (await db.crmLog.findMany({ where: { method: "crm.item.add", dealId: { not: null } } })).map(
          ({ dealId }) => dealId,
        ),
      ).size;
    },
    recreate: async () =>
      resolveConflict(crm.services, { actor, conflictId: (await open())[0]?.id ?? 0, action: "recreate" }),
  };
}

test("a deal that the portal removes twice is not made a third time, until an administrator wants it", async () => {
  const { crm, person, open, made, recreate } = await start();
  expect(await made()).toBe(2);
  expect(await person()).toMatchObject({ crmState: "SYNCED", crmError: null });
  await recreate();
  expect(await made()).toBe(4);
  crm.portal.clearFaults();
  await recreate();
  await expect.poll(async () => (await person()).crmState).toBe("SYNCED");
  await noJobsLeft(crm.services.db);
  expect(await findFaults(crm)).toEqual([]);
  expect(await open()).toEqual([]);
});

test("a removed deal that managers restore gets its product", async () => {
  const { crm, person, open, made } = await start();
  await made();
  crm.portal.clearFaults();
  const restored = crm.portal.staff.restoreDeal((await person()).bitrix24DealId ?? 0);
  await requestReconcile(crm.services, { actor });
  await expect.poll(async () => (await person()).bitrix24DealId).toBe(restored.id);
  await noJobsLeft(crm.services.db);
  expect(await findFaults(crm)).toEqual([]);
  expect(await open()).toEqual([]);
});
