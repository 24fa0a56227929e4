import { expect, test } from "vitest";
import type { UserField } from "../../e2e/portal/administration";
import type { PortalOptions } from "../../e2e/portal/settings";
import type { FormSettings } from "../forms/definition";
import { readPortalState } from "../queue/circuit-breaker";
import { alertMails } from "../test/alerts";
import { type CrmHarness, startCrm } from "../test/crm";
import { checkIfDue } from "./kept-check";

let crm: CrmHarness;

const products = [
  { id: 1777, name: "Course", price: 149, currency: "USD", active: true },
  { id: 1800, name: "Book", price: 20, currency: "USD", active: true },
];
const shelf: UserField = { name: "UF_CRM_SHELF", type: "string", title: "Shelf" };
const fieldsOf = (deal: UserField[]): PortalOptions => ({ userFields: { contact: [], deal } });

async function start() {
  crm = await startCrm({
    portal: { limits: { bucket: 0 }, products, ...fieldsOf([shelf]) },
  });
  await checkIfDue(crm.services);
}

async function makeForm(settings: FormSettings, closedAt: Date | null = null): Promise<number> {
  const { id } = await crm.services.db.form.create({
    data: { slug: "books", name: "Books", definition: { settings }, closedAt },
  });
  await crm.services.forms.reload();
  return id;
}

const ago = (ms: number) =>
  crm.services.db.crmPortal.update({ where: { id: 1 }, data: { connectionCheckAt: new Date(Date.now() - ms) } });
/** The last look was of the day before, or of a minute ago. */
const nightly = async () => {
  await ago(25 * 3_600_000);
  await checkIfDue(crm.services);
};
const minutely = async () => {
  await ago(60_000);
  await checkIfDue(crm.services);
};
const holds = () => crm.services.db.formHold.findMany({ select: { formId: true, code: true, field: true } });
const synced = (id: number) =>
  expect.poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id } })).crmState).toBe("SYNCED");

const withoutStage = ({ portal }: CrmHarness): PortalOptions => ({
  funnels: portal.settings.funnels.map((funnel) => ({
    ...funnel,
    stages: [
      { id: "NEW", name: "New", semantics: "P" },
      { id: "WON", name: "Won", semantics: "S" },
      { id: "LOSE", name: "Lost", semantics: "F" },
    ],
  })),
});

const changes: [
  name: string,
  settings: FormSettings,
  change: (crm: CrmHarness) => PortalOptions,
  code: string,
  field: string,
][] = [
  ["its product is gone", { product: "1800" }, () => ({ products: products.slice(0, 1) }), "UNFIT_PRODUCT", "1800"],
  [
    "its product has no price in dollars",
    { product: "1800" },
    () => ({ products: products.map((each) => (each.id === 1800 ? { ...each, currency: "RUB" } : each)) }),
    "UNFIT_PRODUCT",
    "1800",
  ],
  [
    "its funnel is gone",
    { funnel: "1" },
    ({ portal }) => ({ funnels: portal.settings.funnels.filter(({ id }) => id !== 1) }),
    "UNFIT_FUNNEL",
    "1",
  ],
  ["its stage is gone", { stage: "PREPARATION" }, withoutStage, "UNFIT_STAGE", "PREPARATION"],
  [
    "a field of its map is gone",
    { fields: "language=deal.UF_CRM_SHELF" },
    () => fieldsOf([]),
    "UNFIT_FIELDS",
    "UF_CRM_SHELF",
  ],
];

for (const [name, settings, change, code, field] of changes)
  test(`a form's people wait before the first loss, and the others go on: ${name}`, async () => {
    await start();
    const form = await makeForm(settings);
    await nightly();
    expect(await holds()).toEqual([]);
    const before = structuredClone({ ...crm.portal.settings });
    crm.portal.configure(change(crm));
    await nightly();
    expect(await holds()).toEqual([{ formId: form, code, field }]);
    expect((await readPortalState(crm.services)).pausedBy).toBeNull();
    const mailed = async () => (await alertMails(crm)).filter(({ text }) => text.includes("Books")).length;
    expect(await mailed()).toBe(1);

    const waiting = await crm.register({ formId: form });
    const other = await crm.register();
    crm.newWorker().start();
    await synced(other);
    await minutely();
    await expect
      .poll(() => crm.services.db.user.findUniqueOrThrow({ where: { id: waiting } }))
      .toMatchObject({ crmState: "PENDING", crmAttempts: 0, crmError: code, crmErrorField: field });
    expect([await mailed(), (await holds()).length, crm.portal.deals.size]).toEqual([1, 1, 1]);

    crm.portal.configure(before as PortalOptions);
    await minutely();
    expect(await holds()).toEqual([]);
    await synced(waiting);
    expect((await crm.services.db.user.findUniqueOrThrow({ where: { id: waiting } })).crmAttempts).toBe(0);
    expect([crm.portal.deals.size, crm.portal.contacts.size]).toEqual([2, 2]);
  });

test("settings that are corrected let the form's people go, and a closed form holds up nobody", async () => {
  await start();
  const form = await makeForm({ product: "1999" });
  await nightly();
  expect(await holds()).toMatchObject([{ formId: form, code: "UNFIT_PRODUCT" }]);
  const waiting = await crm.register({ formId: form });
  await crm.services.db.form.update({ where: { id: form }, data: { definition: { settings: { product: "1800" } } } });
  await crm.services.forms.reload();
  crm.newWorker().start();
  await synced(waiting);
  await crm.services.db.form.update({
    where: { id: form },
    data: { definition: { settings: { product: "1999" } }, closedAt: new Date() },
  });
  await crm.services.forms.reload();
  await nightly();
  expect(await holds()).toEqual([]);
});

test("the people of a form that was closed while they waited go on once it fits again", async () => {
  await start();
  const form = await makeForm({ product: "1800" });
  crm.portal.configure({ products: products.slice(0, 1) });
  await nightly();
  const waiting = await crm.register({ formId: form });
  await crm.services.db.form.update({ where: { id: form }, data: { closedAt: new Date() } });
  await crm.services.forms.reload();
  crm.newWorker().start();
  await expect
    .poll(async () => (await crm.services.db.user.findUniqueOrThrow({ where: { id: waiting } })).crmError)
    .toBe("UNFIT_PRODUCT");
  crm.portal.configure({ products });
  await minutely();
  await synced(waiting);
});

test("settings of the only form pause the queue, and it goes on by itself", async () => {
  await start();
  await crm.services.db.form.update({ where: { id: 1 }, data: { definition: { settings: { product: "1800" } } } });
  await crm.services.forms.reload();
  crm.portal.configure({ products: products.slice(0, 1) });
  await nightly();
  expect(await readPortalState(crm.services)).toMatchObject({ pausedBy: "breaker", pauseCode: "UNFIT_PRODUCT" });
  crm.portal.configure({ products });
  await minutely();
  expect((await readPortalState(crm.services)).pausedBy).toBeNull();
});
