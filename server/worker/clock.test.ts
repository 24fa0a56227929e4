import { afterEach, expect, test, vi } from "vitest";
import { readPortalState } from "../queue/circuit-breaker";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";

afterEach(() => void vi.useRealTimers());

const hour = 3_600_000;
/** The clock goes on from there: a process whose clock stands still waits for ever. */
const setClock = (by: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + by, shouldAdvanceTime: true });

const synced = ({ services }: CrmHarness, count: number) =>
  expect.poll(() => services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(count);

for (const [direction, by] of [
  ["back", -hour],
  ["ahead", hour],
] as const) {
  test(`a clock that is set ${direction} by an hour during an outage delays nobody, and everybody arrives once`, async () => {
    const harness = await startCrm();
    const { portal, services } = harness;
    portal.fail({ kind: "502" });
    for (let made = 0; made < 3; made++) await harness.register();
    harness.newWorker().start();
    await expect.poll(() => services.db.user.count({ where: { crmError: { not: null } } })).toBeGreaterThan(0);
    setClock(by);
    const asked = portal.requests;
    // At least one more request fails by the new clock.
    await expect.poll(() => portal.requests).toBeGreaterThan(asked + 1);
    await harness.register();
    portal.clearFaults();
    await synced(harness, 4);
    expect(await findFaults(harness)).toEqual([]);
  });

  test(`a clock that is set ${direction} by an hour while the queue is paused for a bad key does not put off its end`, async () => {
    const harness = await startCrm();
    const { portal, services } = harness;
    portal.fail({ kind: "badCredentials" });
    await harness.register();
    harness.newWorker().start();
    const pausedBy = async () => (await readPortalState(services)).pausedBy;
    await expect.poll(pausedBy).toBe("breaker");
    setClock(by);
    portal.clearFaults();
    await synced(harness, 1);
    await expect.poll(pausedBy).toBeNull();
  });
}

test("jobs that wait for their turn are due at once by a database whose clock is set back", async () => {
  const harness = await startCrm();
  await harness.register();
  const due = await harness.services.pool.query(
    "select 1 from pgboss.job where name = 'crm-registration' and start_after < now() - interval '2 hours'",
  );
  expect(due.rowCount).toBe(1);
});

test("the worker continues its heartbeat after its clock was set back", async () => {
  const harness = await startCrm();
  const seenAt = async () => (await readPortalState(harness.services)).workerSeenAt?.getTime() ?? 0;
  harness.newWorker().start();
  await expect.poll(seenAt).toBeGreaterThan(0);
  setClock(-hour);
  await expect.poll(seenAt).toBeLessThan(Date.now() + hour / 2);
});
