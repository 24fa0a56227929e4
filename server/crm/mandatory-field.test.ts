import { expect, test } from "vitest";
import type { PortalOptions } from "../../e2e/portal/settings";
import { readPortalState } from "../queue/circuit-breaker";
import { alertMails } from "../test/alerts";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";

const people = 200;
const minute = 60_000;
/** The portal's limit, which the product keeps by default. */
const requestsPerSecond = 2;

const choice = {
  name: "UF_CRM_KIND",
  type: "enumeration" as const,
  title: "Kind of customer",
  required: true,
  items: [
    { id: 1, value: "Company" },
    { id: 2, value: "Person" },
  ],
};

const none: PortalOptions = { required: { contact: [], deal: [] }, userFields: { contact: [], deal: [] } };
const demanded: [name: string, options: PortalOptions, field: string][] = [
  ["a field of contacts", { required: { contact: ["SOURCE_DESCRIPTION"] } }, "Source information (sourceDescription)"],
  ["a field of deals", { required: { deal: ["additionalInfo"] } }, "Additional information (additionalInfo)"],
  ["a list field of contacts", { userFields: { contact: [choice], deal: [] } }, "Kind of customer (ufCrmKind)"],
  ["a list field of deals", { userFields: { contact: [], deal: [choice] } }, "Kind of customer (ufCrmKind)"],
];

const waiting = ({ services }: CrmHarness) => services.db.user.count({ where: { crmState: { not: "SYNCED" } } });
const burnt = ({ services }: CrmHarness) => services.db.user.count({ where: { crmAttempts: { gt: 0 } } });
const alerts = async (crm: CrmHarness) => (await alertMails(crm)).filter(({ subject }) => subject.includes("paused"));
const refusedWrites = ({ portal }: CrmHarness) =>
  portal.calls.filter(({ method, error }) => /\.(add|set|update)$/.test(method) && error);

test.each(demanded)(
  "%s that appears as mandatory while 200 people wait costs five refused writes at most, one alert and no attempt, and all follow within a minute of its removal",
  async (_name, options, field) => {
    // Where the next attempt is an hour away, what happens does not wait for one: it happens within the minute.
    const crm = await startCrm({
      env: {
        BITRIX24_TIMEOUT_MS: "60000",
        BITRIX24_SETTLE_MS: "1",
        BITRIX24_RETRY_BASE_MS: "3600000",
        BITRIX24_RETRY_MAX_MS: "3600000",
      },
    });
    crm.portal.configure(options);
    await crm.registerMany(people);
    crm.newWorker().start();

    await expect
      .poll(async () => (await alerts(crm)).map(({ text }) => text))
      .toEqual([expect.stringContaining(field)]);
    const state = await readPortalState(crm.services);
    expect(state).toMatchObject({ pauseCode: "CRM_FIELD_ERROR_REQUIRED", pauseField: field });
    expect(refusedWrites(crm).length).toBeLessThanOrEqual(5);
    expect(await waiting(crm)).toBe(people);

    // Probes while it is still demanded: the field's description is enough, so nothing is written.
    const probeNow = () => crm.services.db.crmPortal.update({ where: { id: 1 }, data: { probeAt: new Date() } });
    const probes = () => crm.portal.calls.filter(({ method }) => method === "catalog.product.get").length;
    const rested = async () => (await readPortalState(crm.services)).probeAt?.getTime();
    for (let count = 0; count < 2; count++) {
      await expect.poll(rested).toBeGreaterThan(Date.now());
      const before = probes();
      await probeNow();
      await expect.poll(probes).toBeGreaterThan(before);
    }
    await expect.poll(rested).toBeGreaterThan(Date.now());
    const restMs = ((await rested()) ?? 0) - Date.now();

    crm.portal.configure(none);
    const { requests } = crm.portal;
    await probeNow();
    await expect.poll(() => waiting(crm)).toBe(0);
    // The rest before a probe and the time that the requests take at the portal's limit.
    const neededMs = restMs + ((crm.portal.requests - requests) / requestsPerSecond) * 1_000;
    expect(neededMs).toBeLessThanOrEqual(minute);
    expect(refusedWrites(crm).length).toBeLessThanOrEqual(5);
    expect(await alerts(crm)).toHaveLength(1);
    expect(await burnt(crm)).toBe(0);
    expect(await findFaults(crm)).toEqual([]);
  },
);
