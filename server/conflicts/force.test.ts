import { expect, test } from "vitest";
import { setPaid } from "../payments/payments";
import { startComparedPerson } from "../test/compared-person";
import { makeAdmin } from "../test/factories";
import { reconcileAll } from "../test/reconcile";
import { resolveConflict } from "./resolve";

/** One registered person whose deal stands in its first stage. */
async function start() {
  const person = await startComparedPerson({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const { crm, userId, user, dealId, quiet } = person;
  let { worker } = person;
  const { services, portal } = crm;
  const { db } = services;
  const actor = await makeAdmin(db);
  const open = async () => {
    const found = await db.conflict.findMany({ where: { userId, resolvedAt: null }, orderBy: { id: "asc" } });
    return found.map(({ kind }) => kind);
  };
  return {
    portal,
    dealId,
    stage: () => portal.deals.get(dealId)?.stageId,
    isPaid: async () => (await user()).isPaid,
    open,
    stopWorker: () => worker.stop(),
    startWorker() {
      worker = crm.newWorker();
      worker.start();
    },
    lose: () => portal.staff.moveDeal(dealId, "LOSE"),
    reopen: () => portal.staff.moveDeal(dealId, "NEW"),
    async pay() {
      await setPaid(services, { actor, userId, isPaid: true, origin: "page" });
      await quiet();
    },
    compare: () => reconcileAll(crm),
    async decide(kind: string, action: "force" | "dismiss") {
      const { id } = await db.conflict.findFirstOrThrow({ where: { userId, kind }, orderBy: { id: "desc" } });
      await resolveConflict(services, { actor, conflictId: id, action });
    },
    quiet,
    async codes() {
      const found = await db.conflict.findMany({ where: { userId, resolvedAt: null } });
      return found.map(({ details }) => (details as { code?: string }).code);
    },
  };
}

test("a lost deal is moved after all once an administrator wants it", async () => {
  const { lose, pay, open, decide, quiet, stage } = await start();
  lose();
  await pay();
  expect(await open()).toEqual(["DEAL_LOST"]);
  await decide("DEAL_LOST", "force");
  await quiet();
  expect(stage()).toBe("WON");
  expect(await open()).toEqual([]);
});

test("a deal that managers have reopened meanwhile is not moved as a lost one", async () => {
  const { pay, lose, compare, open, reopen, decide, stage } = await start();
  await pay();
  lose();
  await compare();
  expect(await open()).toEqual(["DEAL_LOST"]);
  reopen();
  await expect(decide("DEAL_LOST", "force")).rejects.toMatchObject({ code: "CONFLICT" });
  expect(stage()).toBe("NEW");
});

test("a move past a stage that demands a field is refused, and goes through once the field is filled", async () => {
  const { portal, pay, open, codes, decide, quiet, stage, dealId } = await start();
  portal.configure({ requiredAtStage: { PREPARATION: ["additionalInfo"] } });
  await pay();
  expect([await open(), await codes(), stage()]).toEqual([["STAGE_REFUSED"], ["CRM_FIELD_ERROR_REQUIRED"], "NEW"]);
  portal.staff.updateDeal(dealId, { additionalInfo: "paid" });
  await decide("STAGE_REFUSED", "force");
  await quiet();
  expect([await open(), stage()]).toEqual([[], "WON"]);
});

test("a deal that was lost since its move was refused is moved only by a decision about its loss", async () => {
  const { portal, pay, open, lose, compare, decide, stage, isPaid } = await start();
  portal.configure({ requiredAtStage: { WON: ["sourceDescription"] } });
  await pay();
  expect(await open()).toEqual(["STAGE_REFUSED"]);
  portal.configure({ requiredAtStage: { WON: [] } });
  lose();
  await expect(decide("STAGE_REFUSED", "force")).rejects.toMatchObject({ code: "CONFLICT" });
  await compare();
  expect(await open()).toEqual(["DEAL_LOST"]);
  await decide("DEAL_LOST", "dismiss");
  expect([stage(), await isPaid()]).toEqual(["LOSE", true]);
});

test("a deal that is lost while its refused move waits to be tried again stays lost until its loss is decided", async () => {
  const { portal, pay, open, lose, decide, quiet, stopWorker, startWorker, stage } = await start();
  portal.configure({ requiredAtStage: { WON: ["sourceDescription"] } });
  await pay();
  expect(await open()).toEqual(["STAGE_REFUSED"]);
  portal.configure({ requiredAtStage: { WON: [] } });
  await stopWorker();
  await decide("STAGE_REFUSED", "force");
  lose();
  startWorker();
  await quiet();
  expect([await open(), stage()]).toEqual([["DEAL_LOST"], "LOSE"]);
});

test("the decision to move a lost deal stands again, with the reason, if the portal refuses the move", async () => {
  const { portal, pay, open, codes, lose, compare, decide, quiet, stage } = await start();
  portal.configure({ requiredAtStage: { WON: ["sourceDescription"] } });
  lose();
  await pay();
  await decide("DEAL_LOST", "force");
  await quiet();
  expect([await open(), await codes()]).toEqual([["DEAL_LOST"], ["CRM_FIELD_ERROR_REQUIRED"]]);
  await compare();
  expect([await open(), await codes()]).toEqual([["DEAL_LOST"], ["CRM_FIELD_ERROR_REQUIRED"]]);
  portal.configure({ requiredAtStage: { WON: [] } });
  await decide("DEAL_LOST", "force");
  await quiet();
  expect([await open(), await codes(), stage()]).toEqual([[], [], "WON"]);
});
