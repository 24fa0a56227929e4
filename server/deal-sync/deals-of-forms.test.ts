import { expect, test } from "vitest";
import type { FormSettings } from "../forms/definition";
import { setPaid } from "../payments/payments";
import { noJobsLeft, startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { reconcileAll } from "../test/reconcile";

/** One person of a form with these settings of its own, whose deal is complete. */
async function start(own: FormSettings, env: Record<string, string>) {
  const crm = await startCrm({ env });
  const { db } = crm.services;
  const { id: formId } = await db.form.create({
    data: { slug: "books", name: "Books", definition: { settings: own } },
  });
  const userId = await crm.register({ formId });
  crm.newWorker().start();
  const user = () => db.user.findUniqueOrThrow({ where: { id: userId } });
  await expect.poll(async () => (await user()).crmState).toBe("SYNCED");
  const dealId = (await user()).bitrix24DealId ?? 0;
  return {
    crm,
    dealId,
    stage: () => crm.portal.deals.get(dealId)?.stageId,
    isPaid: async () => (await user()).isPaid,
    updates: () => crm.portal.executed.get("crm.item.update") ?? 0,
    conflicts: async () => (await db.conflict.findMany({ where: { resolvedAt: null } })).map(({ kind }) => kind),
    async pay(isPaid: boolean) {
      await setPaid(crm.services, { actor: admin, userId, isPaid, origin: "page" });
      await noJobsLeft(db);
    },
    async move(stageId: string) {
      crm.portal.staff.moveDeal(dealId, stageId);
      await reconcileAll(crm);
    },
  };
}

test.each<[string, FormSettings, Record<string, string>, string]>([
  ["its form's first stage", { stage: "PREPARATION" }, { BITRIX24_PAID_STAGE_ID: "WON" }, "PREPARATION"],
  [
    "its form's first stage, not the site's",
    { stage: "EXECUTING" },
    { BITRIX24_PAID_STAGE_ID: "WON", BITRIX24_STAGE_ID: "PREPARATION" },
    "EXECUTING",
  ],
  [
    "the first stage of its form's funnel",
    { funnel: "1" },
    { BITRIX24_PAID_STAGE_ID: "C1:WON", BITRIX24_STAGE_ID: "PREPARATION" },
    "C1:NEW",
  ],
  [
    "the first stage of the paid stage's funnel, where its form's stage is none of that funnel",
    { funnel: "1", stage: "C1:EXECUTING" },
    { BITRIX24_PAID_STAGE_ID: "WON" },
    "NEW",
  ],
])("a deal that was never seen unpaid goes to %s when its payment is taken back", async (_name, own, env, expected) => {
  const { move, pay, stage, isPaid } = await start(own, env);
  await move(env.BITRIX24_PAID_STAGE_ID as string);
  expect(await isPaid()).toBe(true);
  await pay(false);
  expect(stage()).toBe(expected);
  expect(await isPaid()).toBe(false);
});

test("the stage in which a deal was last seen unpaid comes before its form's first stage", async () => {
  const { move, pay, stage } = await start({ stage: "PREPARATION" }, { BITRIX24_PAID_STAGE_ID: "WON" });
  await move("EXECUTING");
  await pay(true);
  expect(stage()).toBe("WON");
  await pay(false);
  expect(stage()).toBe("EXECUTING");
});

test("a payment moves no deal of a form with another funnel than the paid stage's, and the conflict says so", async () => {
  const { pay, move, stage, isPaid, updates, conflicts } = await start(
    { funnel: "1" },
    { BITRIX24_PAID_STAGE_ID: "WON" },
  );
  const before = updates();
  await pay(true);
  expect([stage(), updates(), await conflicts()]).toEqual(["C1:NEW", before, ["DEAL_OTHER_FUNNEL"]]);
  await pay(false);
  expect([stage(), updates(), await conflicts()]).toEqual(["C1:NEW", before, []]);
  // Only once it is won there does such a deal count as paid.
  await move("C1:EXECUTING");
  expect(await isPaid()).toBe(false);
  await move("C1:WON");
  expect(await isPaid()).toBe(true);
  expect([stage(), updates(), await conflicts()]).toEqual(["C1:WON", before, []]);
});

test("a payment moves the deals of a form with a funnel and a paid stage of its own, and the deals tell of payments", async () => {
  const { pay, move, stage, isPaid, conflicts } = await start(
    { funnel: "1", paidStage: "C1:EXECUTING" },
    { BITRIX24_PAID_STAGE_ID: "WON" },
  );
  await pay(true);
  expect([stage(), await conflicts()]).toEqual(["C1:EXECUTING", []]);
  await pay(false);
  expect(stage()).toBe("C1:NEW");
  await move("C1:EXECUTING");
  expect(await isPaid()).toBe(true);
  await move("C1:NEW");
  expect([await isPaid(), await conflicts()]).toEqual([false, []]);
});

test("a form may have a paid stage where the site has none, and none where the site has one", async () => {
  const own = await start({ paidStage: "EXECUTING" }, {});
  await own.pay(true);
  expect(own.stage()).toBe("EXECUTING");
  const none = await start({ paidStage: "" }, { BITRIX24_PAID_STAGE_ID: "WON" });
  await none.pay(true);
  expect([none.stage(), await none.conflicts()]).toEqual(["NEW", []]);
});
