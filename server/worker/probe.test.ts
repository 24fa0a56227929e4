import { expect, test } from "vitest";
import { setPaid } from "../payments/payments";
import { openBreaker, readPortalState } from "../queue/circuit-breaker";
import { type CrmHarness, startCrm, syncAll } from "../test/crm";
import { admin, makeUser } from "../test/factories";

/** Waits until people with these e-mails are through, and returns their ids. */
async function arrive(crm: CrmHarness, people: number): Promise<number[]> {
  const ids = await crm.registerMany(people);
  await syncAll(crm);
  return ids;
}

/** Two people whose deals got a foreign mark, so that nothing is written to them. */
async function barTwo({ services, portal }: CrmHarness, ids: number[]): Promise<void> {
  const { db, queue } = services;
  for (const { bitrix24DealId } of await db.user.findMany({ where: { id: { in: ids } } }))
    portal.staff.updateDeal(bitrix24DealId ?? 0, { originatorId: "shop" });
  await db.user.updateMany({ where: { id: { in: ids } }, data: { crmState: "PENDING" } });
  await queue.ensure("crm-registration", ids, 0);
}

test.each<[string, (crm: CrmHarness, ids: number[]) => Promise<unknown>]>([
  [
    "waits for an attempt of their own",
    ({ services }) =>
      makeUser(services.db, { crmState: "PENDING", crmNextAttemptAt: new Date(Date.now() + 3_600_000) }),
  ],
  [
    "waits for the outcome of a request",
    ({ services }) =>
      makeUser(services.db, { crmState: "PENDING", crmInFlightUntil: new Date(Date.now() + 3_600_000) }),
  ],
  [
    "may be another installation's",
    ({ services }) => makeUser(services.db, { crmState: "PENDING", crmError: "RESTORE_UNCONFIRMED" }),
  ],
  ["has a deal with a foreign mark, as another has", (crm, ids) => barTwo(crm, ids.slice(1))],
])("a breaker whose cause is gone holds no payment up for a person who %s", async (_name, wait) => {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const ids = await arrive(crm, 3);
  await wait(crm, ids);
  await openBreaker(crm.services, { code: "WRONG", step: "contact.add" });
  const [userId = 0] = ids;
  await setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" });
  crm.newWorker().start();
  const { bitrix24DealId } = await crm.services.db.user.findUniqueOrThrow({ where: { id: userId } });
  await expect.poll(() => crm.portal.deals.get(bitrix24DealId ?? 0)?.stageId).toBe("WON");
  expect((await readPortalState(crm.services)).pausedBy).toBeNull();
});

test("a breaker is not closed while a person is due who could probe it", async () => {
  const crm = await startCrm();
  await openBreaker(crm.services, { code: "WRONG", step: "contact.add" });
  const refuse = crm.portal.fail({ kind: "command", method: "crm.item.add", code: "WRONG" });
  const userId = await crm.register();
  crm.newWorker().start();
  await expect
    .poll(() => crm.services.db.crmLog.count({ where: { userId, method: "crm.item.add" } }))
    .toBeGreaterThan(1);
  expect((await readPortalState(crm.services)).pausedBy).toBe("breaker");
  refuse();
  await expect.poll(async () => (await readPortalState(crm.services)).pausedBy).toBeNull();
});
