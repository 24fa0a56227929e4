import { expect, test } from "vitest";
import { findFaults, shortTimeout, startCrm } from "../test/crm";

/** Nothing of this process goes on meanwhile, as in a long computation or a machine that swaps. */
const block = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test("a process that is blocked for two seconds, longer than its requests may take, sends nothing twice", async () => {
  const crm = await startCrm({ env: shortTimeout });
  const { portal, services } = crm;
  for (let made = 0; made < 12; made++) await crm.register();
  crm.newWorker().start();
  await expect.poll(() => portal.requests, { interval: 5 }).toBeGreaterThan(1);
  block(2_000);
  await crm.register();
  await expect.poll(() => services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(13);
  expect(await findFaults(crm)).toEqual([]);
});
