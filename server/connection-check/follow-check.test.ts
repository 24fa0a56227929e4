import { expect, test } from "vitest";
import type { UserField } from "../../e2e/portal/administration";
import type { PortalOptions } from "../../e2e/portal/settings";
import type { FormSettings } from "../forms/definition";
import { readPortalState } from "../queue/circuit-breaker";
import { pauseQueue, resumeQueue } from "../queue/pause";
import { newestChange, saveSettings } from "../settings/change";
import { alertMails } from "../test/alerts";
import { type CrmHarness, findFaults, startCrm } from "../test/crm";
import { admin } from "../test/factories";
import { checkIfDue } from "./kept-check";
import { checkNow } from "./recent-check";

let crm: CrmHarness;

const click: UserField = { name: "UF_CRM_CLICK", type: "string", title: "Click" };
const kind: UserField = { name: "UF_CRM_KIND", type: "enumeration", title: "Kind", items: [{ id: 1, value: "New" }] };
const fieldsOf = (deal: UserField[]): PortalOptions => ({ userFields: { contact: [], deal } });

async function start(env: Record<string, string> = {}) {
  crm = await startCrm({
    env: {
      BITRIX24_STAGE_ID: "PREPARATION",
      BITRIX24_MARK_FIELDS: "gclid=deal.UF_CRM_CLICK,text:New=deal.UF_CRM_KIND",
      ...env,
    },
    portal: { limits: { bucket: 0 }, ...fieldsOf([click, kind]) },
  });
  // As after the night before.
  await checkIfDue(crm.services);
}

/** The night has come: the last check is of the day before. */
const nightFalls = () =>
  crm.services.db.crmPortal.update({
    where: { id: 1 },
    data: { connectionCheckAt: new Date(Date.now() - 25 * 3_600_000) },
  });
const minutePasses = () =>
  crm.services.db.crmPortal.update({ where: { id: 1 }, data: { connectionCheckAt: new Date(Date.now() - 60_000) } });
const pauseOf = async () => {
  const { pausedBy, pauseCode, pauseField } = await readPortalState(crm.services);
  return [pausedBy, pauseCode, pauseField];
};
const synced = (id: number) =>
  expect.poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmState).toBe("SYNCED");

const withoutPreparation = ({ portal }: CrmHarness): PortalOptions => ({
  funnels: portal.settings.funnels.map((funnel) => ({
    ...funnel,
    stages: [
      { id: "NEW", name: "New", semantics: "P" },
      { id: "WON", name: "Won", semantics: "S" },
      { id: "LOSE", name: "Lost", semantics: "F" },
    ],
  })),
});

const changes: [name: string, code: string, change: (crm: CrmHarness) => PortalOptions, field: string | null][] = [
  ["a mapped field is gone", "UNFIT_FIELDS", () => fieldsOf([kind]), "UF_CRM_CLICK"],
  [
    "a mapped field has another type",
    "UNFIT_FIELDS",
    () => fieldsOf([{ ...click, type: "date" }, kind]),
    "gclid → Click (ufCrmClick) (date)",
  ],
  [
    "an entry of a list is gone",
    "UNFIT_FIELDS",
    () => fieldsOf([click, { ...kind, items: [{ id: 2, value: "Old" }] }]),
    "New → Kind (ufCrmKind) (enumeration)",
  ],
  [
    "a field is mandatory that nothing fills",
    "UNFIT_DEMANDS",
    () => fieldsOf([click, kind, { name: "UF_CRM_MUST", type: "string", title: "Must", required: true }]),
    "Must",
  ],
  ["the stage is gone", "UNFIT_STAGE", withoutPreparation, "PREPARATION"],
  [
    "contacts are kept without their phones and e-mails",
    "UNFIT_CONTACTS",
    ({ portal }) => {
      portal.staff.addContact({ name: "Клиент" }, { phones: ["+79997770011"] });
      return { switches: { universalCommunications: "unknown" } };
    },
    null,
  ],
  ["the dollar is gone", "UNFIT_CURRENCY", () => ({ currencies: [{ code: "RUB", rate: 1, base: true }] }), null],
  [
    "the product has no price in dollars",
    "UNFIT_PRODUCT",
    ({ portal }) => ({ products: portal.settings.products.map((product) => ({ ...product, currency: "RUB" })) }),
    "1777",
  ],
];

for (const [name, code, change, field] of changes)
  test(`the nightly look pauses before the first loss, tells it once, and resumes when it fits again: ${name}`, async () => {
    await start();
    const before = structuredClone({ ...crm.portal.settings });
    crm.newWorker().start();
    crm.portal.configure(change(crm));
    await nightFalls();
    expect(await checkIfDue(crm.services)).toBe(true);
    expect(await pauseOf()).toEqual(["breaker", code, field]);
    const mailed = async () => (await alertMails(crm)).filter(({ subject }) => subject.includes(code)).length;
    expect(await mailed()).toBe(1);
    const id = await crm.register();
    await minutePasses();
    const writes = () => crm.portal.calls.filter(({ method }) => /\.(add|set|update)$/.test(method)).length;
    await checkIfDue(crm.services);
    expect([await pauseOf(), await mailed(), writes()]).toEqual([["breaker", code, field], 1, 0]);

    const fitsAgain = Date.now();
    crm.portal.configure(before as PortalOptions);
    await minutePasses();
    await checkIfDue(crm.services);
    await synced(id);
    // Nothing was tried before, however late a worker would have come to it.
    const first = await crm.services.db.crmLog.findFirstOrThrow({ where: { userId: id }, orderBy: { id: "asc" } });
    expect(first.at.getTime()).toBeGreaterThanOrEqual(fitsAgain);
    expect((await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmAttempts).toBe(0);
    expect(await findFaults(crm)).toEqual([]);
  });

const must: UserField = { name: "UF_CRM_MUST", type: "string", title: "Must", required: true };
const goods = [
  { id: 1777, name: "Course", price: 149, currency: "USD", active: true },
  { id: 1800, name: "Book", price: 20, currency: "USD", active: true },
];
async function setForms(first: FormSettings, second?: FormSettings, closed: { first?: boolean } = {}) {
  const { db, forms } = crm.services;
  const closedAt = closed.first ? new Date() : null;
  const data = { definition: { settings: first }, closedAt };
  await db.form.upsert({ where: { id: 1 }, create: { id: 1, slug: null, name: "", ...data }, update: data });
  if (second) await db.form.create({ data: { slug: "two", name: "Two", definition: { settings: second } } });
  await forms.reload();
}
async function pauseAtNight(change: PortalOptions) {
  crm.portal.configure(change);
  await nightFalls();
  expect(await checkIfDue(crm.services)).toBe(true);
  return (await pauseOf())[1];
}

test("a mandatory field that the first form's own map fills pauses nothing", async () => {
  await start();
  await setForms({ fields: "text:Yes=deal.UF_CRM_MUST" });
  expect(await pauseAtNight(fieldsOf([click, kind, must]))).toBeNull();
});

test("a mandatory field that the forms fill each in its own way pauses nothing", async () => {
  await start();
  await setForms({ fields: "text:A=deal.UF_CRM_MUST" }, { fields: "text:B=deal.UF_CRM_MUST" });
  expect(await pauseAtNight(fieldsOf([click, kind, must]))).toBeNull();
});

test("a field of the first form's own map that is gone pauses the queue, as one of the site's map does", async () => {
  await start({ BITRIX24_MARK_FIELDS: "" });
  await setForms({ fields: "gclid=deal.UF_CRM_CLICK" });
  expect(await pauseAtNight(fieldsOf([kind]))).toBe("UNFIT_FIELDS");
});

test("the site's stage that is gone pauses nothing where the first form has its own", async () => {
  await start();
  await setForms({ stage: "NEW" });
  expect(await pauseAtNight(withoutPreparation(crm))).toBeNull();
});

test("a form's own stage that is gone pauses nothing while another form's registrations go on", async () => {
  await start({ BITRIX24_STAGE_ID: "NEW" });
  await setForms({ stage: "PREPARATION" }, {});
  expect(await pauseAtNight(withoutPreparation(crm))).toBeNull();
});

test("the first form's product that is gone pauses nothing while another form sells its own", async () => {
  await start();
  await setForms({}, { product: "1800" });
  expect(await pauseAtNight({ products: goods.slice(1) })).toBeNull();
  crm.newWorker().start();
  const { id: two } = await crm.services.db.form.findFirstOrThrow({ where: { slug: "two" } });
  await synced(await crm.register({ formId: two }));
});

test("the queue pauses once every form with open doors is unfit, and resumes when one of them fits", async () => {
  await start();
  await setForms({}, { product: "1800" });
  expect(await pauseAtNight({ products: [] })).toBe("UNFIT_PRODUCT");
  crm.portal.configure({ products: goods.slice(1) });
  await checkNow(crm.services);
  expect((await pauseOf())[0]).toBeNull();
});

test("a closed form does not keep the queue running, nor does it pause it", async () => {
  await start();
  await setForms({}, { product: "1800" }, { first: true });
  expect(await pauseAtNight({ products: goods.slice(1) })).toBeNull();
  expect(await pauseAtNight({ products: [] })).toBe("UNFIT_PRODUCT");
});

test("a currency that is gone pauses the queue of all forms", async () => {
  await start();
  await setForms({}, { product: "1800" });
  expect(await pauseAtNight({ products: goods, currencies: [{ code: "RUB", rate: 1, base: true }] })).toBe(
    "UNFIT_CURRENCY",
  );
});

test("an administrator's check pauses and resumes at once, and a pause of another cause stays", async () => {
  await start();
  crm.portal.configure(fieldsOf([kind]));
  await checkNow(crm.services);
  expect(await pauseOf()).toEqual(["breaker", "UNFIT_FIELDS", "UF_CRM_CLICK"]);
  crm.portal.configure(fieldsOf([click, kind]));
  await checkNow(crm.services);
  expect(await pauseOf()).toEqual([null, null, null]);
  await pauseQueue(crm.services, { actor: admin });
  crm.portal.configure(fieldsOf([kind]));
  await checkNow(crm.services);
  expect((await pauseOf())[0]).toBe("admin");
  crm.portal.configure(fieldsOf([click, kind]));
  await checkNow(crm.services);
  expect((await pauseOf())[0]).toBe("admin");
});

test("what an administrator resumes all the same is not paused again before the next night", async () => {
  await start();
  crm.portal.configure(fieldsOf([kind]));
  await nightFalls();
  await checkIfDue(crm.services);
  await checkIfDue(crm.services);
  await resumeQueue(crm.services, { actor: admin });
  expect(await checkIfDue(crm.services)).toBe(true);
  expect((await pauseOf())[0]).toBeNull();
  await nightFalls();
  await checkIfDue(crm.services);
  expect((await pauseOf())[1]).toBe("UNFIT_FIELDS");
});

test("settings that fit again resume the queue as well", async () => {
  await start({ BITRIX24_MARK_FIELDS: "" });
  const save = async (fields: string) =>
    saveSettings(crm.services, { actor: admin, texts: { fields }, seen: await newestChange(crm.services) });
  await save("gclid=deal.UF_CRM_CLICK");
  crm.portal.configure(fieldsOf([]));
  await nightFalls();
  await checkIfDue(crm.services);
  expect((await pauseOf())[1]).toBe("UNFIT_FIELDS");
  await save("");
  await minutePasses();
  await checkIfDue(crm.services);
  expect((await pauseOf())[0]).toBeNull();
});

test("a portal that does not answer pauses nothing", async () => {
  await start();
  crm.portal.fail({ kind: "502" });
  await nightFalls();
  expect(await checkIfDue(crm.services)).toBe(true);
  expect((await pauseOf())[0]).toBeNull();
});

test("a portal that refuses its lists to the webhook's owner pauses nothing, whatever they would tell", async () => {
  await start();
  const denied = ["crm.status.list", "crm.category.list", "crm.currency.list"];
  crm.portal.configure({
    ...withoutPreparation(crm),
    currencies: [{ code: "RUB", rate: 1, base: true }],
    users: crm.portal.settings.users.map((user) => ({ ...user, admin: false, rights: { denied } })),
  });
  await nightFalls();
  const asked = crm.portal.requests;
  expect(await checkIfDue(crm.services)).toBe(true);
  expect(crm.portal.requests).toBeGreaterThan(asked);
  expect((await pauseOf())[0]).toBeNull();
});

test("a look costs two requests where nothing is wrong", async () => {
  await start();
  const { requests } = crm.portal;
  await nightFalls();
  await checkIfDue(crm.services);
  expect(crm.portal.requests - requests).toBe(2);
});
