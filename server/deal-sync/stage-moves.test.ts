import { expect, test } from "vitest";
import { setPaid } from "../payments/payments";
import { erasePerson } from "../privacy/erase";
import { startComparedPerson } from "../test/compared-person";
import { admin } from "../test/factories";
import { reconcileAll } from "../test/reconcile";
import { readTimeline } from "../timeline/timeline";

/** One person whose deal was compared once, so that its stage is known. */
async function start(env: Record<string, string> = { BITRIX24_PAID_STAGE_ID: "WON" }) {
  const person = await startComparedPerson({ env });
  await person.remind();
  const moves = async () =>
    (await readTimeline(person.crm.services, person.userId)).events.flatMap(({ kind, facts, actor }) =>
      kind === "stage" ? [{ ...facts, actor: actor?.kind }] : [],
    );
  return { ...person, moves };
}

test("a manager's move that changes no payment is told once, in the portal's own words, and costs no request", async () => {
  const { crm, dealId, remind, moves } = await start();
  const read = () =>
    ["crm.item.list", "crm.item.productrow.list", "crm.status.list"].map(
      (method) => crm.portal.executed.get(method) ?? 0,
    );
  /** What a comparison reads on the portal. */
  const cost = async () => {
    const before = read();
    await remind();
    return read().map((count, place) => count - (before[place] ?? 0));
  };
  const usual = await cost();
  expect(await moves()).toEqual([]);

  crm.portal.staff.moveDeal(dealId, "EXECUTING");
  expect(await cost()).toEqual(usual);
  await remind();
  const [move, ...others] = await moves();
  expect(others).toEqual([]);
  expect(move).toMatchObject({ dealId, semantic: "P", actor: "BITRIX24" });
  expect([move?.from, move?.to]).not.toContain("EXECUTING");
  expect(await crm.services.db.stageMove.findFirst()).toMatchObject({ from: "NEW", to: "EXECUTING" });
});

test("where no stage counts as paid the move is told as well, by the names of the stages that the portal has for programs", async () => {
  const { crm, dealId, remind, moves } = await start({});
  crm.portal.staff.moveDeal(dealId, "LOSE");
  await remind();
  expect(await moves()).toEqual([{ dealId, from: "NEW", to: "LOSE", semantic: "F", actor: "BITRIX24" }]);
});

test("a move that sets the payment is told beside the payment", async () => {
  const { crm, userId, dealId, user, remind, moves } = await start();
  crm.portal.staff.moveDeal(dealId, "WON");
  await remind();
  expect((await user()).isPaid).toBe(true);
  expect(await moves()).toMatchObject([{ dealId, semantic: "S" }]);
  const { events } = await readTimeline(crm.services, userId);
  expect(events.filter(({ kind }) => kind === "payment")).toHaveLength(1);
});

test("what this site moves is no manager's move, also where the answer about it is lost", async () => {
  const { crm, userId, dealId, quiet, moves } = await start();
  const pay = async (isPaid: boolean, stageId: string) => {
    await setPaid(crm.services, { actor: admin, userId, isPaid, origin: "page" });
    await expect.poll(() => crm.portal.deals.get(dealId)?.stageId).toBe(stageId);
    await quiet();
  };
  await pay(true, "WON");
  await pay(false, "NEW");
  crm.portal.fail({ kind: "dropAfter", method: "crm.item.update", times: 1 });
  await pay(true, "WON");
  expect(await moves()).toEqual([]);
});

test("a reconciliation finds the moves of which no event told, and another deal's stage is no move", async () => {
  const { crm, userId, dealId, moves } = await start();
  const { db } = crm.services;
  const reconcile = async () => {
    expect(await reconcileAll(crm)).toEqual({ started: true });
  };
  crm.portal.staff.moveDeal(dealId, "EXECUTING");
  await reconcile();
  expect(await moves()).toHaveLength(1);
  // Of a deal that was seen by an earlier release, or before the person was given this one.
  for (const seen of [null, dealId + 1_000]) {
    await db.dealSnapshot.update({ where: { userId }, data: { dealId: seen, updatedTime: "" } });
    crm.portal.staff.moveDeal(dealId, seen === null ? "NEW" : "EXECUTING");
    await reconcile();
  }
  expect(await moves()).toHaveLength(1);
  expect(await db.dealSnapshot.findUnique({ where: { userId } })).toMatchObject({ dealId, stageId: "EXECUTING" });
});

test("with the person the moves of the deal go", async () => {
  const { crm, userId, dealId, remind, moves } = await start();
  crm.portal.staff.moveDeal(dealId, "EXECUTING");
  await remind();
  expect(await moves()).toHaveLength(1);
  await erasePerson(crm.services, { actor: admin, userId, cause: "admin" });
  expect(await crm.services.db.stageMove.count()).toBe(0);
});
