import { afterEach, expect, test } from "vitest";
import type { UserField } from "../../e2e/portal/administration";
import type { PortalOptions } from "../../e2e/portal/settings";
import { readPortalState } from "../queue/circuit-breaker";
import { resumeQueue } from "../queue/pause";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { checkIfDue } from "./kept-check";
import { checkNow } from "./recent-check";

let crm: CrmHarness;
afterEach(() => crm.close());

const actor = { kind: "USER", id: 1, role: "ADMIN" } as const;
const must: UserField = { name: "UF_CRM_MUST", type: "string", title: "Must", required: true };
const fieldsOf = (deal: UserField[]): PortalOptions => ({ userFields: { contact: [], deal } });
/** As a new portal: its own mandatory fields are told and not demanded of programs. */
const demanding: PortalOptions = { ...fieldsOf([must]), switches: { ownRequired: "ignored" } };

async function start() {
  crm = await createCrmHarness({ env: { BITRIX24_TIMEOUT_MS: "10000" } });
  await checkIfDue(crm.services);
}

/** What the queue is paused for after the check of a night. */
async function pauseAtNight(change: PortalOptions): Promise<string | null> {
  crm.portal.configure(change);
  await crm.services.db.crmPortal.update({
    where: { id: 1 },
    data: { connectionCheckAt: new Date(Date.now() - 25 * 3_600_000) },
  });
  expect(await checkIfDue(crm.services)).toBe(true);
  return pauseCode();
}

const pauseCode = async () => (await readPortalState(crm.services)).pauseCode;
const synced = (id: number) =>
  expect.poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmState).toBe("SYNCED");

test("a mandatory field that the portal demands of employees alone pauses only until a registration got through", async () => {
  await start();
  expect(await pauseAtNight(demanding)).toBe("UNFIT_DEMANDS");
  await resumeQueue(crm.services, { actor });
  crm.newWorker().start();
  await synced(await crm.register());
  expect(await pauseAtNight({})).toBeNull();
  const line = async () => (await checkNow(crm.services))?.checks.find(({ id }) => id === "demands");
  expect(await line()).toMatchObject({ state: "warn", facts: { spared: "«Must»" } });

  // Another field, of which nothing is known yet.
  const other = { ...must, name: "UF_CRM_OTHER", title: "Other" };
  expect(await pauseAtNight(fieldsOf([must, other]))).toBe("UNFIT_DEMANDS");
  expect(await line()).toMatchObject({ state: "fail", facts: { fields: "«Other»" } });
  expect(await pauseAtNight(fieldsOf([must]))).toBeNull();

  // From now on the portal demands it of programs as well.
  crm.portal.configure({ switches: { ownRequired: "refused" } });
  await crm.register();
  await expect.poll(pauseCode).toBe("CRM_FIELD_ERROR_REQUIRED");
  expect(await line()).toMatchObject({ state: "fail", facts: { fields: "«Must»" } });
});

test("a form whose own map fills a mandatory field proves nothing about the others", async () => {
  await start();
  const { db, forms } = crm.services;
  await db.form.upsert({ where: { id: 1 }, create: { id: 1, slug: null, name: "" }, update: {} });
  const settings = { fields: "text:A=deal.UF_CRM_MUST" };
  const { id: two } = await db.form.create({ data: { slug: "two", name: "Two", definition: { settings } } });
  await forms.reload();
  expect(await pauseAtNight(demanding)).toBeNull();
  const held = () => db.formHold.findMany({ select: { formId: true, code: true } });
  expect(await held()).toEqual([{ formId: 1, code: "UNFIT_DEMANDS" }]);
  crm.newWorker().start();
  await synced(await crm.register({ formId: two }));
  expect(await pauseAtNight({})).toBeNull();
  expect(await held()).toEqual([{ formId: 1, code: "UNFIT_DEMANDS" }]);
});
