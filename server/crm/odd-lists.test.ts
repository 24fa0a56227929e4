import { expect, test } from "vitest";
import { findFaults, startCrm } from "../test/crm";
import { garbled } from "../test/garbled-answers";

/** PHP's form of a list whose keys have gaps. */
const asMap = (list: unknown[]) => Object.fromEntries(list.map((each, index) => [String(index * 2 + 1), each]));

/** The same answer with every list as a map, at any depth, and every number as a text. */
function respelt(value: unknown): unknown {
  if (Array.isArray(value)) return asMap(value.map(respelt));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, respelt(each)]));
  return typeof value === "number" ? String(value) : value;
}

test("a portal that writes every list as a map and every number as a text gets everybody once, and follows payments", async () => {
  const crm = await startCrm({
    env: { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1", BITRIX24_PAID_STAGE_ID: "WON" },
    gateway: garbled((_command, result) => respelt(result)),
  });
  const { portal, services } = crm;
  // The rows of deals from before are read, and so are records whose ids were not stored.
  portal.fail({ kind: "command", method: "crm.item.productrow.set", code: "LATER", times: 2 });
  const ids = [await crm.register(), await crm.register(), await crm.register({ phone: "+79991000001" })];
  await services.db.user.updateMany({ data: { isPaid: true } });
  crm.newWorker().start();
  await expect.poll(() => services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(ids.length);
  await expect.poll(() => [...portal.deals.values()].map(({ stageId }) => stageId)).toEqual(["WON", "WON", "WON"]);
  expect(await services.db.user.count({ where: { bitrix24ContactId: null } })).toBe(0);
  expect(portal.contacts.size).toBe(2);
  expect((await findFaults(crm)).filter((fault) => !/has 0 contacts/.test(fault))).toEqual([]);
});
