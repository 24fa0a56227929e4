import { expect, test } from "vitest";
import { setPaid } from "../payments/payments";
import { type CrmHarness, startCrm } from "../test/crm";
import { admin, userOf } from "../test/factories";

let crm: CrmHarness;

const synced = (id: number) => expect.poll(async () => (await userOf(crm, id)).crmState).toBe("SYNCED");

/** One synced person, and a portal that refuses one method for ten minutes because its execution time is used up. */
async function start(method: string) {
  crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const userId = await crm.register();
  crm.newWorker().start();
  await synced(userId);
  const { bitrix24DealId: dealId } = await userOf(crm, userId);
  crm.portal.fail({ kind: "operating", method });
  return {
    dealId: Number(dealId),
    pay: () => setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" }),
    refused: () => expect.poll(() => crm.portal.calls.filter(({ error }) => error !== "").length).toBe(1),
  };
}

test("a limit that moves of deals have reached delays no registration", async () => {
  const { dealId, pay, refused } = await start("crm.item.update");
  await pay();
  await refused();
  await synced(await crm.register());
  expect(crm.portal.deals.get(dealId)?.stageId).not.toBe("WON");
});

test("a limit that registrations have reached delays no payment", async () => {
  const { dealId, pay, refused } = await start("crm.item.add");
  const waiting = await crm.register();
  await refused();
  await pay();
  await expect.poll(() => crm.portal.deals.get(dealId)?.stageId).toBe("WON");
  expect(await userOf(crm, waiting)).toMatchObject({
    crmState: "PENDING",
    crmError: "OPERATION_TIME_LIMIT",
    crmAttempts: 0,
  });
});
