import { expect, test } from "vitest";
import { setPaid } from "../payments/payments";
import { noJobsLeft, startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { reconcileAll } from "../test/reconcile";

const title =
  "a deal that is merely closed to the webhook's owner, told with %i, is not taken for deleted and stops nothing";

test.each([200, 400, 403])(title, async (status) => {
  const closed = new Set<number>();
  const crm = await startCrm({
    env: { BITRIX24_PAID_STAGE_ID: "WON" },
    gateway: {
      request: (method, body) => {
        const { id } = JSON.parse(body) as { id?: number };
        if (method !== "crm.item.get" || !closed.has(id ?? 0)) return undefined;
        return new Response(`{"error":"ACCESS_DENIED"}`, { status });
      },
      answer: (method, text) => {
        const { result } = JSON.parse(text) as { result?: { items?: { id: number }[] } };
        if (method !== "crm.item.list" || !result?.items) return text;
        return JSON.stringify({ result: { items: result.items.filter(({ id }) => !closed.has(id)) } });
      },
    },
  });
  const { db, queue } = crm.services;
  const userId = await crm.register();
  crm.newWorker().start();
  const user = () => db.user.findUniqueOrThrow({ where: { id: userId } });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  const dealId = (await user()).bitrix24DealId as number;
  closed.add(dealId);
  await db.$transaction((tx) => queue.enqueue(tx, "crm-payment", userId));
  await noJobsLeft(db);
  await reconcileAll(crm);
  await noJobsLeft(db);
  const told = () => db.crmLog.count({ where: { userId, method: "lookup", outcome: "NO", code: "ACCESS_DENIED" } });
  expect(await told()).toBe(0);
  // With the payment something waits for the deal: it is asked for again and again, and administrators are told.
  await setPaid(crm.services, { actor: admin, userId, isPaid: true, origin: "page" });
  await expect.poll(told).toBeGreaterThanOrEqual(5);
  await expect.poll(() => db.alert.findMany({ where: { kind: "unread" } })).toMatchObject([{ facts: { userId } }]);
  await reconcileAll(crm);
  expect(await db.conflict.count()).toBe(0);
  expect((await db.crmPortal.findUniqueOrThrow({ where: { id: 1 } })).pausedAt).toBeNull();
  closed.clear();
  await expect.poll(() => crm.portal.deals.get(dealId)?.stageId).toBe("WON");
});
