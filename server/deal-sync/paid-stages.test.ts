import { expect, test } from "vitest";
import { setPaid } from "../payments/payments";
import { startComparedPerson } from "../test/compared-person";
import { startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { garbled } from "../test/garbled-answers";
import type { GatewayHooks } from "../test/gateway";
import { reconcileAll } from "../test/reconcile";

const funnel = {
  id: 0,
  name: "Sales",
  stages: [
    { id: "NEW", name: "New", semantics: "P" },
    { id: "PREPARATION", name: "Prepared", semantics: "P" },
    { id: "PREPAYMENT", name: "Paid in advance", semantics: "P" },
    { id: "EXECUTING", name: "At work", semantics: "P" },
    { id: "WON", name: "Won", semantics: "S" },
    { id: "LOSE", name: "Lost", semantics: "F" },
  ],
} as const;
const shipping = { id: 1, name: "Shipping" };
const env = { BITRIX24_PAID_STAGE_ID: "PREPAYMENT" };

/** One person with a deal, on a portal with further stages after the paid one. */
async function start(gateway?: GatewayHooks) {
  const { crm, worker, userId, dealId, user, quiet } = await startComparedPerson({
    ...(gateway ? { gateway } : {}),
    env,
    portal: { funnels: [{ ...funnel, stages: [...funnel.stages] }, shipping] },
  });
  const { db } = crm.services;
  return {
    crm,
    worker,
    dealId,
    stage: () => crm.portal.deals.get(dealId)?.stageId,
    async pay(isPaid: boolean) {
      await setPaid(crm.services, { actor: admin, userId, isPaid, origin: "page" });
      await quiet();
    },
    /** A manager moves the deal, and the next reconciliation sees it. */
    async move(stageId: string) {
      crm.portal.staff.moveDeal(dealId, stageId);
      await reconcileAll(crm);
      return { stage: crm.portal.deals.get(dealId)?.stageId, isPaid: (await user()).isPaid };
    },
    isPaid: async () => (await user()).isPaid,
    paidSince: async () => (await user()).paidAt,
    kinds: async () => (await db.conflict.findMany({ where: { resolvedAt: null } })).map(({ kind }) => kind),
    asked: (method: string) => crm.portal.executed.get(method) ?? 0,
  };
}

test("a paid deal that managers move on stays where they moved it, and stays paid", async () => {
  const { pay, stage, move, kinds, asked } = await start();
  await pay(true);
  expect(stage()).toBe("PREPAYMENT");
  expect(await move("EXECUTING")).toEqual({ stage: "EXECUTING", isPaid: true });
  expect(await move("WON")).toEqual({ stage: "WON", isPaid: true });
  expect(await move("EXECUTING")).toEqual({ stage: "EXECUTING", isPaid: true });
  expect(await kinds()).toEqual([]);
  expect(asked("crm.status.list")).toBe(1);
});

test("a stage that managers add behind the paid one counts as paid at once", async () => {
  const { crm, pay, move, asked } = await start();
  await pay(true);
  expect(await move("EXECUTING")).toMatchObject({ isPaid: true });
  const added = { id: "UC_PACKED", name: "Packed", semantics: "P" } as const;
  const stages = [...funnel.stages.slice(0, 4), added, ...funnel.stages.slice(4)];
  crm.portal.configure({ funnels: [{ ...funnel, stages }, shipping] });
  expect(await move("UC_PACKED")).toEqual({ stage: "UC_PACKED", isPaid: true });
  expect(await move("EXECUTING")).toMatchObject({ isPaid: true });
  expect(await move("UC_PACKED")).toEqual({ stage: "UC_PACKED", isPaid: true });
  expect(asked("crm.status.list")).toBe(2);
});

test("stages that managers sort anew change no payment of deals that nobody moved", async () => {
  const { crm, worker, dealId, pay, move, isPaid } = await start();
  await pay(true);
  expect(await move("EXECUTING")).toMatchObject({ isPaid: true });
  await worker.stop();
  const [first, second, paidStage, executing, ...rest] = funnel.stages;
  crm.portal.configure({ funnels: [{ ...funnel, stages: [first, second, executing, paidStage, ...rest] }, shipping] });
  // The stages are kept for ten minutes in a process.
  const later = await startCrm({ server: crm, database: crm.database, env });
  later.newWorker().start();
  crm.portal.staff.updateDeal(dealId, { comments: "Позвонить" });
  await reconcileAll(later);
  expect([await isPaid(), crm.portal.deals.get(dealId)?.stageId]).toEqual([true, "EXECUTING"]);
  crm.portal.staff.moveDeal(dealId, "PREPARATION");
  await reconcileAll(later);
  expect(await isPaid()).toBe(false);
});

test("a stage that the portal does not list is looked for once, and takes no payment back", async () => {
  const hidden = garbled(({ method }, result) =>
    method === "crm.status.list"
      ? (result as { STATUS_ID: string }[]).filter(({ STATUS_ID }) => STATUS_ID !== "EXECUTING")
      : undefined,
  );
  const { pay, move, asked } = await start(hidden);
  await pay(true);
  expect(await move("EXECUTING")).toEqual({ stage: "EXECUTING", isPaid: true });
  const looks = asked("crm.status.list");
  expect(await move("WON")).toMatchObject({ isPaid: true });
  expect(await move("EXECUTING")).toEqual({ stage: "EXECUTING", isPaid: true });
  expect(asked("crm.status.list")).toBe(looks);
});

test("a robot that moves a paid deal on at once refuses no move", async () => {
  const { crm, pay, stage, kinds } = await start();
  crm.portal.configure({ robots: [{ on: "deal", when: "changed", set: { stageId: "EXECUTING" } }] });
  await pay(true);
  expect(stage()).toBe("EXECUTING");
  expect(await kinds()).toEqual([]);
});

test.each([
  ["", undefined],
  [", although the answer to the move is lost", { kind: "dropAfter", times: 1 } as const],
])("a robot that sends a paid deal on into another funnel refuses no move%s", async (_name, fault) => {
  const { crm, pay, stage, kinds, isPaid } = await start();
  const sendOn = { categoryId: 1, stageId: "C1:NEW" };
  crm.portal.configure({ robots: [{ on: "deal", when: "changed", set: sendOn }] });
  if (fault) crm.portal.fail({ ...fault, method: "crm.item.update" });
  await pay(true);
  expect(stage()).toBe("C1:NEW");
  expect([await kinds(), await isPaid()]).toEqual([[], true]);
});

test("a deal that managers move back before the paid stage is not paid any more", async () => {
  const { pay, move } = await start();
  await pay(true);
  expect(await move("EXECUTING")).toMatchObject({ isPaid: true });
  expect(await move("PREPARATION")).toEqual({ stage: "PREPARATION", isPaid: false });
});

test("a deal that managers move past the paid stage is paid here", async () => {
  const { move } = await start();
  expect(await move("PREPARATION")).toMatchObject({ isPaid: false });
  expect(await move("EXECUTING")).toEqual({ stage: "EXECUTING", isPaid: true });
});

test("a deal whose payment is taken back goes to where it stood before it was paid, however far it has come", async () => {
  const { pay, stage, move } = await start();
  await move("PREPARATION");
  await pay(true);
  await move("EXECUTING");
  await pay(false);
  expect(stage()).toBe("PREPARATION");
  expect(await move("PREPARATION")).toEqual({ stage: "PREPARATION", isPaid: false });
});

test("a lost deal is not paid, although the lost stages stand behind the paid one", async () => {
  const { pay, move, kinds } = await start();
  expect(await move("LOSE")).toEqual({ stage: "LOSE", isPaid: false });
  await pay(true);
  expect(await kinds()).toEqual(["DEAL_LOST"]);
});

test("in another funnel a deal is paid once it is won there", async () => {
  const { move } = await start();
  expect(await move("C1:EXECUTING")).toMatchObject({ isPaid: false });
  expect(await move("C1:WON")).toEqual({ stage: "C1:WON", isPaid: true });
});

test("a paid deal that goes on into another funnel stays paid there, and is taken back in its own funnel or when it is lost", async () => {
  const { pay, stage, move, kinds, paidSince } = await start();
  await move("PREPARATION");
  await pay(true);
  const paidAt = await paidSince();
  expect(await move("C1:NEW")).toEqual({ stage: "C1:NEW", isPaid: true });
  expect(await move("C1:EXECUTING")).toEqual({ stage: "C1:EXECUTING", isPaid: true });
  expect(await paidSince()).toEqual(paidAt);
  expect(await kinds()).toEqual([]);
  expect(await move("EXECUTING")).toEqual({ stage: "EXECUTING", isPaid: true });
  await pay(false);
  expect(stage()).toBe("PREPARATION");
  await pay(true);
  await move("C1:NEW");
  expect(await move("NEW")).toEqual({ stage: "NEW", isPaid: false });
  await pay(true);
  await move("C1:NEW");
  await move("C1:LOSE");
  expect(await kinds()).toEqual(["DEAL_LOST"]);
});

test("a payment that is taken back here while the deal stands in another funnel moves nothing there", async () => {
  const { pay, move, kinds } = await start();
  await pay(true);
  await move("C1:EXECUTING");
  await pay(false);
  expect(await move("C1:EXECUTING")).toEqual({ stage: "C1:EXECUTING", isPaid: false });
  expect(await kinds()).toEqual([]);
});

test("a webhook that may not list stages takes no payment back for a move it cannot place", async () => {
  const { crm, pay, move, asked } = await start();
  crm.portal.fail({ kind: "command", method: "crm.status.list", code: "ACCESS_DENIED", text: "Access denied" });
  await pay(true);
  expect(await move("EXECUTING")).toEqual({ stage: "EXECUTING", isPaid: true });
  expect(await move("NEW")).toEqual({ stage: "NEW", isPaid: false });
  expect(asked("crm.status.list")).toBe(0);
});

test.each([
  [
    "that the portal's administrators have deleted",
    (stages: { STATUS_ID: string }[]) => stages.filter(({ STATUS_ID }) => STATUS_ID !== "PREPAYMENT"),
  ],
  ["of a list that the webhook may not see", () => []],
])("a paid stage %s takes no payment back", async (_name, listed) => {
  const unlisted = garbled(({ method }, result) =>
    method === "crm.status.list" ? listed(result as { STATUS_ID: string }[]) : undefined,
  );
  const { pay, move, kinds, asked } = await start(unlisted);
  await pay(true);
  expect(await move("EXECUTING")).toEqual({ stage: "EXECUTING", isPaid: true });
  expect(asked("crm.status.list")).toBe(1);
  expect(await kinds()).toEqual([]);
  expect(await move("NEW")).toEqual({ stage: "NEW", isPaid: false });
});
