import { expect, test } from "vitest";
import { readPortalState } from "../queue/circuit-breaker";
import { alertMails } from "../test/alerts";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";

async function start(env: Record<string, string> = {}): Promise<CrmHarness> {
  return startCrm({ env: { BITRIX24_TIMEOUT_MS: "60000", BITRIX24_SETTLE_MS: "1", ...env } });
}

const synced = ({ services }: CrmHarness) => services.db.user.count({ where: { crmState: "SYNCED" } });
const pauses = async (crm: CrmHarness) => (await alertMails(crm)).filter(({ subject }) => subject.includes("paused"));

test("two causes, one after the other: each is told once, and all follow when both are gone", async () => {
  const crm = await start();
  crm.portal.configure({ required: { contact: ["sourceDescription"], deal: ["additionalInfo"] } });
  await crm.registerMany(20);
  crm.newWorker().start();
  const field = async () => (await readPortalState(crm.services)).pauseField;
  await expect.poll(field).toContain("sourceDescription");
  await expect.poll(async () => (await pauses(crm)).length).toBe(1);
  crm.portal.configure({ required: { contact: [], deal: ["additionalInfo"] } });
  await expect.poll(field).toContain("additionalInfo");
  await expect.poll(async () => (await pauses(crm)).length).toBe(2);
  crm.portal.configure({ required: { contact: [], deal: [] } });
  await expect.poll(() => synced(crm)).toBe(20);
  expect(await findFaults(crm)).toEqual([]);
  expect(await pauses(crm)).toHaveLength(2);
  expect(await crm.services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
});

test("a cause that hits only those who came by one campaign stops nobody else for ever", async () => {
  const crm = await start();
  for (const match of ["spring", encodeURIComponent("spring")])
    crm.portal.fail({ kind: "command", method: "crm.item.add", match, code: "ODD_CAMPAIGN" });
  await crm.registerMany(10, { utm_campaign: "spring" });
  await crm.registerMany(20);
  await crm.registerMany(5, { utm_campaign: "spring" });
  await crm.registerMany(20, { utm_campaign: "autumn" });
  crm.newWorker().start();
  await expect.poll(() => synced(crm)).toBe(40);
  crm.portal.clearFaults();
  await expect.poll(() => synced(crm)).toBe(55);
  expect(await findFaults(crm)).toEqual([]);
});
