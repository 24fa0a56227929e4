import { expect, test } from "vitest";
import { createCrmHarness, findFaults, shortTimeout } from "../test/crm";
import { soak } from "../test/soak";

test("200 registrations with a fault of some kind in three requests of ten and five kills: nothing lost, nothing twice", async () => {
  // Late requests take effect after half of the wait for them: a machine may stand still for as long as the other half.
  const crm = await createCrmHarness({ env: { ...shortTimeout, BITRIX24_SETTLE_MS: "2000" } });
  try {
    const { kills } = await soak(crm, { registrations: 200, kills: 5, workers: 2, faultShare: 0.3, seed: 20261122 });
    expect(kills).toBe(5);
    expect(await findFaults(crm)).toEqual([]);
    expect(crm.portal.contacts.size).toBe(200);
    expect(crm.portal.deals.size).toBe(200);
    expect(crm.portal.rows.size).toBe(200);
  } finally {
    await crm.close();
  }
});
