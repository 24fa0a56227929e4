import { expect, test } from "vitest";
import { setPaid } from "../payments/payments";
import { createCrmHarness } from "../test/crm";
import { makeAdmin } from "../test/factories";
import { resolveConflict } from "./resolve";

test("a lost deal is moved after all once an administrator wants it", async () => {
  const own = await createCrmHarness({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  try {
    const { db } = own.services;
    const actor = await makeAdmin(db);
    const userId = await own.register();
    own.newWorker().start();
    const user = () => db.user.findUniqueOrThrow({ where: { id: userId } });
    await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
    const dealId = (await user()).bitrix24DealId ?? 0;
    own.portal.staff.moveDeal(dealId, "LOSE");
    await setPaid(own.services, { actor, userId, isPaid: true, origin: "page" });
    const open = () => db.conflict.findMany({ where: { userId, resolvedAt: null } });
    await expect.poll(async () => (await open()).map(({ kind }) => kind)).toEqual(["DEAL_LOST"]);
    await resolveConflict(own.services, { actor, conflictId: (await open())[0]?.id ?? 0, action: "force" });
    await expect.poll(() => own.portal.deals.get(dealId)?.stageId).toBe("WON");
    await expect.poll(open).toEqual([]);
  } finally {
    await own.close();
  }
});
