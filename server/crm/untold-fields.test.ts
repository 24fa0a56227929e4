import { afterEach, expect, test, vi } from "vitest";
import type { FaultKind } from "../../e2e/portal/faults";
import { readPortalState } from "../queue/circuit-breaker";
import { alertMails } from "../test/alerts";
import { type CrmHarness, startCrm } from "../test/crm";

/** A portal that does not say which fields it has when registrations are to fill them. */

afterEach(() => vi.restoreAllMocks());

const kind = { name: "UF_CRM_KIND", type: "string" as const, title: "Kind", required: false };
const start = () =>
  startCrm({
    env: { BITRIX24_MARK_FIELDS: "text:site=deal.UF_CRM_KIND" },
    portal: { userFields: { contact: [], deal: [kind] } },
  });
const question = "crm.item.fields";
const kinds = ({ portal }: CrmHarness) => [...portal.deals.values()].map(({ ufCrmKind }) => ufCrmKind);
const costsNothing = async (crm: CrmHarness) => {
  expect(await crm.services.db.user.count({ where: { crmAttempts: { gt: 0 } } })).toBe(0);
  expect((await readPortalState(crm.services)).pausedBy).toBeNull();
  expect(await alertMails(crm)).toEqual([]);
};

test.each<FaultKind>(["502", "limit", "dropBefore"])(
  "registrations wait for the portal's fields while the request for them ends with %s, and arrive with all that fills them",
  async (fault) => {
    const crm = await start();
    const heal = crm.portal.fail({ kind: fault, method: question });
    await crm.registerMany(3);
    crm.newWorker().start();
    await expect.poll(() => crm.services.db.user.count({ where: { crmError: { not: null } } })).toBe(3);
    expect(crm.portal.deals.size).toBe(0);
    heal();
    await expect.poll(() => crm.services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(3);
    expect(kinds(crm)).toEqual(["site", "site", "site"]);
    await costsNothing(crm);
  },
);

test("what the portal told of its fields before serves while it does not tell them again", async () => {
  const crm = await start();
  await crm.register();
  crm.newWorker().start();
  await expect.poll(() => kinds(crm)).toEqual(["site"]);
  const isAsked = vi.fn(() => true);
  crm.portal.fail({ kind: "502", method: question, match: isAsked });
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + 700_000);
  await crm.register();
  await expect.poll(() => kinds(crm)).toEqual(["site", "site"]);
  expect(isAsked).toHaveBeenCalled();
  await costsNothing(crm);
});

test("a portal that refuses to tell its fields gets registrations without them", async () => {
  const crm = await startCrm({ env: { BITRIX24_MARK_FIELDS: "text:site=deal.UF_CRM_KIND" } });
  crm.portal.fail({ kind: "command", method: question, code: "ACCESS_DENIED" });
  await crm.register();
  crm.newWorker().start();
  await expect.poll(() => crm.services.db.user.count({ where: { crmState: "SYNCED" } })).toBe(1);
});
