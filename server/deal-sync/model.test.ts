import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setPaid } from "../payments/payments";
import { type CrmHarness, createCrmHarness, shortTimeout } from "../test/crm";
import { admin } from "../test/factories";
import { propertySeed } from "../test/property";
import { isLost, isPaidThere } from "./decide";
import { requestReconcile } from "./reconcile-runs";
import { takeEvent } from "./webhook";

const paid = { stageId: "WON", firstStageId: "NEW" };
const token = "a-token-of-the-portal";

let crm: CrmHarness;
beforeAll(async () => {
  const env = { ...shortTimeout, BITRIX24_PAID_STAGE_ID: paid.stageId, BITRIX24_EVENT_TOKEN: token };
  crm = await createCrmHarness({ env });
  crm.newWorker().start();
});
afterAll(() => crm.close());

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("pay" as const), isPaid: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("move" as const),
      stageId: fc.constantFrom("NEW", "EXECUTING", "WON", "LOSE"),
      /** Lost, delivered once, or delivered twice. */
      events: fc.constantFrom(0, 1, 2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), events: fc.constantFrom(0, 1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("crash" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("walk" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("fault" as const),
      kind: fc.constantFrom("dropAfter" as const, "dropBefore" as const, "late" as const, "502" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("quiet" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const sendEvent = (event: string, id: number) =>
  takeEvent(crm.services, `event=${event}&data[FIELDS][ID]=${id}&ts=1&auth[application_token]=${token}`);

async function quiet(): Promise<void> {
  await expect
    .poll(
      async () => {
        const [busy] = await crm.services.db.$queryRaw<{ n: number }[]>`
          select (select count(*) from pgboss.job where state < 'completed')
               + (select count(*) from "ReconcileRun" where "finishedAt" is null) as n`;
        return Number(busy?.n);
      },
      { interval: 20 },
    )
    .toBe(0);
}

/** How many requests the portal had received when a manager moved a deal by hand. */
let movedAt: number[] = [];

/**
 * Writes that changed nothing, except those that a manager's move made needless: a move between our read and our write,
 * or while our write is in flight, cannot be foreseen.
 */
const vainWrites = () =>
  crm.portal.calls.filter(
    (call) =>
      call.method === "crm.item.update" &&
      call.executed &&
      call.changed === false &&
      !movedAt.some((requests) => requests >= call.request - 1),
  );

async function act(move: Step, userId: number, dealId: number): Promise<void> {
  const standing = crm.portal.deals.has(dealId);
  switch (move.do) {
    case "pay":
      await setPaid(crm.services, { actor: admin, userId, isPaid: move.isPaid, origin: "page" });
      return;
    case "move":
      if (standing) {
        crm.portal.staff.moveDeal(dealId, move.stageId);
        movedAt.push(crm.portal.requests);
      }
      for (let sent = 0; sent < move.events; sent++) await sendEvent("ONCRMDEALUPDATE", dealId);
      return;
    case "delete":
      if (standing) crm.portal.staff.deleteDeal(dealId);
      if (move.events > 0) await sendEvent("ONCRMDEALDELETE", dealId);
      return;
    case "crash":
      // Ends the leader lock of the running worker: its present work is interrupted.
      await crm.services.db.$queryRaw`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'crm-leader' and datname = current_database()`;
      return;
    case "walk":
      await requestReconcile(crm.services, { actor: admin });
      return;
    case "fault":
      crm.portal.fail({ kind: move.kind, method: "crm.item.update", times: 1, afterMs: 450, executed: true });
      return;
    case "quiet":
      await quiet();
  }
}

test("whatever is paid, moved, deleted, lost, cut or walked: once quiet both sides agree or a conflict is listed, and nothing was written in vain", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 9 }), async (steps) => {
      // Only the calls of this run: earlier excused calls stay excused.
      const firstRequest = crm.portal.requests;
      movedAt = [];
      const userId = await crm.register();
      await quiet();
      const dealId = (await crm.services.db.user.findUniqueOrThrow({ where: { id: userId } })).bitrix24DealId ?? 0;
      for (const move of steps) await act(move, userId, dealId);
      crm.portal.clearFaults();
      await quiet();
      await requestReconcile(crm.services, { actor: admin });
      await quiet();

      const user = await crm.services.db.user.findUniqueOrThrow({
        where: { id: userId },
        include: { conflicts: { where: { resolvedAt: null } } },
      });
      // Without changes by managers the payment here decides.
      if (!steps.some((move) => move.do === "move" || move.do === "delete"))
        expect(user.isPaid).toBe(steps.findLast((move) => move.do === "pay")?.isPaid ?? false);
      const kinds = user.conflicts.map((conflict) => conflict.kind);
      const deal = crm.portal.deals.get(dealId);
      if (!deal) expect(kinds).toContain("DEAL_DELETED");
      else {
        const side = { stageId: deal.stageId, semantic: deal.stageSemanticId, categoryId: deal.categoryId };
        if (user.isPaid !== isPaidThere(side, paid)) {
          expect(isLost(side)).toBe(true);
          expect(kinds).toEqual(["DEAL_LOST"]);
        } else expect(kinds).toEqual([]);
      }
      expect(vainWrites().filter((call) => call.request > firstRequest)).toEqual([]);
    }),
    { numRuns: 30, seed: propertySeed, endOnFailure: true },
  );
});
