import { expect, test } from "vitest";
import { createCrmHarness, findFaults } from "../test/crm";
import { soak } from "../test/soak";

test("200 registrations with a fault of some kind in three requests of ten and five kills: nothing lost, nothing twice", async () => {
  const crm = await createCrmHarness();
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
