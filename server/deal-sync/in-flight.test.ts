import { expect, onTestFinished, test, vi } from "vitest";
import { type CrmHarness, startCrm, syncAll } from "../test/crm";
import { userOf } from "../test/factories";
import { reconcileStep } from "./reconcile";
import { syncDeals } from "./sync-deals";

const hour = 3_600_000;

/** The clock of this process, while the database's goes on as it is. */
function setClock(by: number) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + by });
  onTestFinished(() => void vi.useRealTimers());
}

/** A paid person whose deal has not been moved, without a worker. */
async function start() {
  const crm = await startCrm({ env: { BITRIX24_PAID_STAGE_ID: "WON" } });
  const userId = await crm.register();
  await syncAll(crm);
  await crm.services.db.user.update({ where: { id: userId }, data: { isPaid: true } });
  const { bitrix24DealId } = await userOf(crm, userId);
  const stage = () => crm.portal.deals.get(bitrix24DealId ?? 0)?.stageId;
  return { crm, userId, stage };
}

/** Of a move whose outcome is unknown. */
const setInFlight = ({ services }: CrmHarness, userId: number, until: string) =>
  services.pool.query(`update "User" set "crmInFlightUntil" = clock_timestamp() + $2::interval where id = $1`, [
    userId,
    until,
  ]);

/** How many comparisons wait, and of how many their time has not come yet. */
async function compare({ services }: CrmHarness, userId: number) {
  await services.db.$transaction((tx) => services.queue.enqueue(tx, "crm-payment", userId));
  await syncDeals(services, await services.queue.fetch("crm-payment", 10));
  const { rows } = await services.pool.query<{ waiting: number; later: number }>(
    `select count(*)::int as waiting, (count(*) filter (where start_after > now()))::int as later
     from pgboss.job where name = 'crm-payment' and state = 'created'`,
  );
  return rows[0];
}

for (const [name, by] of [
  ["ahead of", hour],
  ["behind", -hour],
] as const) {
  test(`a process whose clock is ${name} the database's compares no deal while a move may still take effect`, async () => {
    const { crm, userId, stage } = await start();
    await setInFlight(crm, userId, "10 minutes");
    setClock(by);
    expect(await compare(crm, userId)).toEqual({ waiting: 1, later: 1 });
    await crm.services.db.reconcileRun.create({ data: {} });
    await reconcileStep(crm.services);
    expect(stage()).toBe("NEW");
  });

  test(`a process whose clock is ${name} the database's compares a deal as soon as no move can take effect`, async () => {
    const { crm, userId, stage } = await start();
    await setInFlight(crm, userId, "-1 second");
    setClock(by);
    expect(await compare(crm, userId)).toEqual({ waiting: 0, later: 0 });
    expect(stage()).toBe("WON");
  });
}
