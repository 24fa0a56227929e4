import { expect, test } from "vitest";
import type { FaultRule } from "../../e2e/portal/faults";
import type { PortalOptions } from "../../e2e/portal/settings";
import { readPortalState } from "../queue/circuit-breaker";
import { alertMails } from "../test/alerts";
import { type CrmHarness, type CrmOptions, findFaults, startCrm } from "../test/crm";
import { userOf } from "../test/factories";
import { garbled } from "../test/garbled-answers";

async function start({ env, ...options }: CrmOptions = {}): Promise<CrmHarness> {
  return startCrm({
    ...options,
    env: { BITRIX24_TIMEOUT_MS: "60000", BITRIX24_SETTLE_MS: "1", ...env },
  });
}

const paused = (crm: CrmHarness, code: string) =>
  expect.poll(async () => (await readPortalState(crm.services)).pauseCode).toBe(code);
const allSynced = ({ services }: CrmHarness) =>
  expect.poll(() => services.db.user.count({ where: { crmState: { not: "SYNCED" } } })).toBe(0);
const burnt = ({ services }: CrmHarness) => services.db.user.count({ where: { crmAttempts: { gt: 0 } } });
const pauses = async (crm: CrmHarness) => (await alertMails(crm)).filter(({ subject }) => subject.includes("paused"));
const refusedWrites = ({ portal }: CrmHarness) =>
  portal.calls.filter(({ method, error }) => /\.(add|set|update)$/.test(method) && error);

/** Registrations ask for the product once, and each probe does. */
const probes = ({ portal }: CrmHarness) =>
  portal.calls.filter(({ method }) => method === "catalog.product.get").length - 1;

/** Retries are so slow that none happens until the test makes the jobs due. */
const slow = { BITRIX24_RETRY_BASE_MS: "3600000", BITRIX24_RETRY_MAX_MS: "3600000" };

const demanded: [name: string, options: PortalOptions, field: string][] = [
  ["a field of deals", { required: { deal: ["additionalInfo"] } }, "Additional information (additionalInfo)"],
  ["a field of contacts", { required: { contact: ["SOURCE_DESCRIPTION"] } }, "Source information (sourceDescription)"],
  [
    "a field of the portal's own",
    {
      userFields: { contact: [], deal: [{ name: "UF_CRM_INN", type: "string", title: "Tax number", required: true }] },
    },
    "Tax number (ufCrmInn)",
  ],
  [
    "a field that is mandatory without being said so",
    { required: { deal: ["additionalInfo"] }, switches: { requiredFlag: "hidden" } },
    "Additional information (additionalInfo)",
  ],
  [
    "a field of the first stage",
    { requiredAtStage: { NEW: ["additionalInfo"] } },
    "Additional information (additionalInfo)",
  ],
  ["a field, in Russian", { required: { deal: ["companyId"] }, language: "ru" }, "Компания (companyId)"],
];

test.each(demanded)(
  "%s appears as mandatory while 200 people wait: told once, and all follow once it is gone",
  async (_name, options, field) => {
    const crm = await start({ env: { BITRIX24_RETRY_BASE_MS: "1000", BITRIX24_RETRY_MAX_MS: "3600000" } });
    crm.newWorker().start();
    await crm.register();
    await allSynced(crm);
    crm.portal.configure(options);
    // In waves, since people come while the worker meets the refusals.
    for (let wave = 0; wave < 10; wave++) await crm.registerMany(20);
    await paused(crm, "CRM_FIELD_ERROR_REQUIRED");
    expect((await readPortalState(crm.services)).pauseField).toBe(field);
    await expect
      .poll(async () => (await pauses(crm)).map(({ text }) => text))
      .toEqual([expect.stringContaining(field)]);
    expect(await burnt(crm)).toBe(0);
    // Each probe may be refused as well, and on a slow machine some have been sent by now.
    expect(refusedWrites(crm).length).toBeLessThanOrEqual(4 + probes(crm));

    const none = { contact: [], deal: [] };
    crm.portal.configure({ required: none, userFields: none, requiredAtStage: { NEW: [] } });
    await allSynced(crm);
    expect(await findFaults(crm)).toEqual([]);
    expect(await pauses(crm)).toHaveLength(1);
    expect(await burnt(crm)).toBe(0);
  },
);

const classes: [name: string, fault: FaultRule, code: string][] = [
  ["a code that nobody named", { kind: "command", method: "crm.item.add", code: "SOMETHING_NEW" }, "SOMETHING_NEW"],
  ["a number", { kind: "command", method: "crm.item.add", code: 100 }, "100"],
  [
    "a sentence in place of a code",
    { kind: "command", method: "crm.item.add", code: "Not today, please" },
    "EMPTY_CODE",
  ],
  ["an empty code", { kind: "command", method: "crm.item.add", code: "" }, "EMPTY_CODE"],
  ["ERROR_CORE", { kind: "command", method: "crm.item.add", code: "ERROR_CORE" }, "ERROR_CORE"],
  [
    "a fault of its own",
    { kind: "command", method: "crm.item.add", code: "INTERNAL_SERVER_ERROR" },
    "INTERNAL_SERVER_ERROR",
  ],
  ["a refused product row", { kind: "command", method: "crm.item.productrow.set", code: "WRONG" }, "WRONG"],
  ["a refused look-up", { kind: "command", method: "crm.duplicate.findbycomm", code: "" }, "EMPTY_CODE"],
];

for (const count of [2, 30])
  test.each(classes)(
    `%s for every one of ${count} people: paused, told once, and nobody loses an attempt`,
    async (_name, fault, code) => {
      const crm = await start();
      crm.portal.fail(fault);
      await crm.registerMany(count);
      crm.newWorker().start();
      await paused(crm, code);
      await expect.poll(async () => (await pauses(crm)).length).toBe(1);
      expect(await burnt(crm)).toBe(0);
      crm.portal.clearFaults();
      await allSynced(crm);
      expect(await findFaults(crm)).toEqual([]);
      expect(await pauses(crm)).toHaveLength(1);
    },
  );

test("product rows that never fit are everybody's cause", async () => {
  let fits = false;
  const crm = await start({
    gateway: garbled(({ method }) =>
      !fits && method === "crm.item.productrow.set" ? { productRows: [{ id: 1, productId: 0 }] } : undefined,
    ),
  });
  await crm.registerMany(5);
  crm.newWorker().start();
  await expect.poll(async () => (await readPortalState(crm.services)).pauseStep).toBe("row.set");
  await expect.poll(async () => (await pauses(crm)).length).toBe(1);
  expect(await burnt(crm)).toBe(0);
  fits = true;
  await allSynced(crm);
  expect(await findFaults(crm)).toEqual([]);
});

test("attempts that one person lost before others came are given back, also to a registration that failed permanently", async () => {
  const crm = await start({ env: { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" } });
  const remove = crm.portal.fail({ kind: "command", method: "crm.item.add", code: "SOMETHING_NEW" });
  const night = await crm.register();
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, night)).crmState).toBe("FAILED");
  const morning = await crm.register();
  await paused(crm, "SOMETHING_NEW");
  await expect.poll(async () => (await userOf(crm, night)).crmState).toBe("PENDING");
  expect(await burnt(crm)).toBe(0);
  remove();
  await allSynced(crm);
  expect((await userOf(crm, morning)).crmAttempts).toBe(0);
  expect(await findFaults(crm)).toEqual([]);
});

/** Names that the portal refuses. */
const disliked = (crm: CrmHarness, code = "100") => {
  for (const match of ["Poison", encodeURIComponent("Poison")])
    crm.portal.fail({ kind: "command", method: "crm.item.add", match, code });
};

test.each([
  ["one of two", 1, 1],
  ["the first three of four", 3, 1],
  // More than travel together: the ten are not among four who come first by chance.
  ["ten before a hundred others", 10, 100],
])("people who are refused for their own data hold up nobody and pause nothing: %s", async (_name, bad, good) => {
  const crm = await start({ env: slow });
  disliked(crm);
  for (let made = 0; made < bad; made++) await crm.register({ firstName: `Poison ${made}` });
  const others = await crm.registerMany(good);
  crm.newWorker().start();
  await expect.poll(() => crm.services.db.user.count({ where: { id: { in: others }, crmState: "SYNCED" } })).toBe(good);
  await expect.poll(() => burnt(crm)).toBe(bad);
  expect(await pauses(crm)).toEqual([]);
});

test("one person alone who is refused is that person's matter, to the last attempt", async () => {
  const crm = await start({ env: { BITRIX24_RETRY_BASE_MS: "1", BITRIX24_RETRY_MAX_MS: "1" } });
  disliked(crm);
  const id = await crm.register({ firstName: "Poison" });
  crm.newWorker().start();
  await expect.poll(async () => (await userOf(crm, id)).crmState).toBe("FAILED");
  expect(await pauses(crm)).toEqual([]);
});

test("a person alone who is refused for their own data keeps no queue paused whose cause is gone", async () => {
  const crm = await start();
  disliked(crm);
  const mend = crm.portal.fail({ kind: "badCredentials" });
  const id = await crm.register({ firstName: "Poison" });
  crm.newWorker().start();
  await expect.poll(async () => (await pauses(crm)).length).toBe(1);
  mend();
  await expect.poll(async () => (await readPortalState(crm.services)).pausedBy).toBe(null);
  await expect.poll(async () => (await userOf(crm, id)).crmAttempts).toBeGreaterThan(0);
  expect(await pauses(crm)).toHaveLength(1);
});

test("one person alone is enough where the portal says that it demands what no registration sends", async () => {
  const crm = await start({ portal: { required: { contact: [], deal: ["additionalInfo"] } }, env: slow });
  const id = await crm.register();
  crm.newWorker().start();
  await paused(crm, "CRM_FIELD_ERROR_REQUIRED");
  expect((await userOf(crm, id)).crmAttempts).toBe(0);
});

test.each([
  ["source", { unknown: { source: "refused" } }, { BITRIX24_SOURCE_ID: "NOWHERE" }, "Source (sourceId)"],
  [
    "currency",
    { unknown: { currency: "refused" }, currencies: [{ code: "RUB", rate: 1, base: true }] },
    {},
    "Currency (currencyId)",
  ],
  ["stage", { unknown: { stage: "refused" } }, { BITRIX24_STAGE_ID: "NOWHERE" }, "Deal stage (stageId)"],
] as [string, PortalOptions, Record<string, string>, string][])(
  "a configured value that the portal refuses pauses the queue at the first person: %s",
  async (_name, portal, env, field) => {
    const crm = await start({ portal, env: { ...slow, ...env } });
    await crm.registerMany(3);
    crm.newWorker().start();
    await paused(crm, "CRM_FIELD_ERROR_VALUE_NOT_VALID");
    expect(await readPortalState(crm.services)).toMatchObject({ pauseField: field });
    expect(refusedWrites(crm)).toHaveLength(1);
    expect(await burnt(crm)).toBe(0);
  },
);

test("while the queue is paused one person at a time tries, and not always the same", async () => {
  const crm = await start();
  const tried: string[] = [];
  crm.portal.fail({
    kind: "command",
    method: "crm.item.add",
    code: "SOMETHING_NEW",
    match: ({ params }) => tried.push(String((params.fields as Record<string, unknown>).originId)) > 0,
  });
  await crm.registerMany(6);
  crm.newWorker().start();
  await paused(crm, "SOMETHING_NEW");
  const before = tried.length;
  await expect.poll(() => tried.length).toBeGreaterThanOrEqual(before + 6);
  expect(new Set(tried.slice(before, before + 6)).size).toBe(6);
  crm.portal.clearFaults();
  await allSynced(crm);
});
