import { afterEach, expect, test } from "vitest";
import type { PortalUser, Product } from "../../e2e/portal/administration";
import type { FirstOptions } from "../../e2e/portal/settings";
import { readPortalState } from "../queue/circuit-breaker";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import type { CheckId, CheckState } from "./check";
import { checkConnection, isReady } from "./check-connection";

let crm: CrmHarness | undefined;
afterEach(async () => {
  await crm?.close();
  crm = undefined;
});

/** The checklist, and then whether a registration really goes through. */
async function start(portal: FirstOptions = {}, env: Record<string, string> = {}) {
  crm = await createCrmHarness({ portal, env });
  const { services } = crm;
  const checks = await checkConnection(services);
  const of = (id: CheckId) => checks.find((check) => check.id === id);
  const states = Object.fromEntries(checks.map(({ id, state }) => [id, state]));
  const red = checks.flatMap(({ id, state }) => (state === "fail" ? [id] : []));
  return { crm, of, states, red, ready: isReady(checks) };
}

async function expectArrival({ register, newWorker, services }: CrmHarness) {
  const id = await register();
  newWorker().start();
  await expect.poll(async () => (await services.db.user.findUniqueOrThrow({ where: { id } })).crmState).toBe("SYNCED");
}

async function expectNoArrival({ register, newWorker, services }: CrmHarness) {
  const id = await register();
  newWorker().start();
  await expect.poll(async () => (await services.db.user.findUniqueOrThrow({ where: { id } })).crmError).not.toBeNull();
  expect((await services.db.user.findUniqueOrThrow({ where: { id } })).crmState).not.toBe("SYNCED");
}

const employee = (rights: PortalUser["rights"]): FirstOptions => ({
  users: [
    {
      id: 1,
      name: "Vera",
      lastName: "Owner",
      email: "v@portal.example",
      active: true,
      admin: false,
      rights: rights ?? {},
    },
    { id: 2, name: "Maxim", lastName: "Manager", email: "m@portal.example", active: true, admin: false },
  ],
});
const webhook = (scopes: string[]) => [{ userId: 1, secret: "standinportalkey", scopes }];
const course: Product = { id: 1777, name: "Курс", price: 49, currency: "USD", active: true };
const people = (count: number): PortalUser[] =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    name: "N",
    lastName: "M",
    email: `p${index}@portal.example`,
    active: true,
    admin: index === 0,
  }));
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index).join(",");

const closed: [name: string, portal: FirstOptions, id: CheckId][] = [
  ["reading contacts", employee({ contact: { read: "none" } }), "contacts"],
  ["reading deals", employee({ deal: { read: "none" } }), "deals"],
  ["searching for duplicates", employee({ denied: ["crm.duplicate.findbycomm"] }), "duplicates"],
  ["contacts on an old box", { switches: { universalDeals: "unknown" } }, "contacts"],
  ["deals on an old box", { switches: { universalDeals: "unknown" } }, "deals"],
  ["adding on an older box", { missingMethods: ["crm.item.add"] }, "writing"],
  ["rows on an older box", { missingMethods: ["crm.item.productrow.set"] }, "writing"],
  ["a field that nobody fills in", { required: { contact: [], deal: ["additionalInfo"] } }, "demands"],
  ["a website of contacts", { required: { contact: ["WEB"], deal: [] } }, "demands"],
  ["a messenger of contacts", { required: { contact: ["IM"], deal: [] } }, "demands"],
  ["a field of contacts", { required: { contact: ["sourceDescription"], deal: [] } }, "demands"],
  [
    "a field of the portal's own",
    {
      userFields: { contact: [], deal: [{ name: "UF_CRM_INN", type: "string", title: "Tax number", required: true }] },
    },
    "demands",
  ],
  ["a product without a price to be seen", { products: [{ ...course, unreadable: true }] }, "product"],
  ["a product with variations", { products: [{ ...course, kind: "parent" }] }, "product"],
];

test("red: an older box that tells no phones and e-mails, once a contact has a phone", async () => {
  const portal: FirstOptions = { switches: { universalCommunications: "unknown" } };
  const { crm, red } = await start(portal);
  expect(red).toEqual([]);
  crm.portal.staff.addContact({ name: "Клиент" }, { phones: ["+79997770011"] });
  const contacts = async () => (await checkConnection(crm.services)).find(({ id }) => id === "contacts");
  expect(await contacts()).toMatchObject({ state: "fail", facts: { old: 1 } });
  crm.portal.configure({ switches: { universalCommunications: "known" } });
  expect(await contacts()).toMatchObject({ state: "ok" });
});

test.each(closed)("red, and nobody arrives: %s", async (_name, portal, id) => {
  const { crm, red } = await start(portal);
  expect(red).toContain(id);
  await expectNoArrival(crm);
});

const odd: [
  name: string,
  portal: FirstOptions,
  env: Record<string, string>,
  expected: Partial<Record<CheckId, CheckState>>,
][] = [
  ["currencies are closed", employee({ denied: ["crm.currency.list"] }), {}, { currency: "warn", writing: "warn" }],
  [
    "statuses are closed",
    employee({ denied: ["crm.status.list"] }),
    { BITRIX24_STAGE_ID: "NEW", BITRIX24_PAID_STAGE_ID: "WON" },
    { stage: "warn", paidStage: "warn", source: "warn" },
  ],
  ["funnels are closed", employee({ denied: ["crm.category.list"] }), {}, { funnel: "warn" }],
  ["users are closed", employee({ denied: ["user.get"] }), { BITRIX24_ASSIGNED_BY_IDS: "2" }, { responsible: "warn" }],
  [
    "rows are closed and there is no deal yet",
    employee({ denied: ["crm.item.productrow.list"] }),
    {},
    { rows: "warn" },
  ],
  ["descriptions are closed", employee({ denied: ["method.get", "crm.contact.fields"] }), {}, { demands: "ok" }],
  [
    "the webhook has the scope user_brief",
    { webhooks: webhook(["crm", "catalog", "user_brief"]) },
    { BITRIX24_ASSIGNED_BY_IDS: "2,3" },
    { scopes: "ok", responsible: "ok" },
  ],
  [
    "there are 120 responsible persons",
    { users: people(130) },
    { BITRIX24_ASSIGNED_BY_IDS: ids(2, 121) },
    { responsible: "ok" },
  ],
  [
    "the product may not be read, and its price is set here",
    { products: [{ ...course, unreadable: true }] },
    { BITRIX24_PRICE_USD: "49" },
    { product: "warn" },
  ],
  [
    "the catalogue is closed, and the price is set here",
    employee({ denied: ["catalog.*", "crm.product.get"] }),
    { BITRIX24_PRICE_USD: "49" },
    { product: "warn" },
  ],
  [
    "the product has variations, and its price is set here",
    { products: [{ ...course, kind: "parent" }] },
    { BITRIX24_PRICE_USD: "49" },
    { product: "warn" },
  ],
  ["a variation is sold", { products: [{ ...course, kind: "variation", parentId: 5 }] }, {}, { product: "ok" }],
  ["a service is sold", { products: [{ ...course, kind: "service" }] }, {}, { product: "ok" }],
  ["the product is switched off", { products: [{ ...course, active: false }] }, {}, { product: "warn" }],
  [
    "a field that some fill in is mandatory",
    { required: { contact: ["lastName"], deal: [] } },
    {},
    { demands: "warn" },
  ],
  [
    "what the portal fills in by itself is mandatory for contacts",
    { required: { contact: ["typeId", "sourceId", "export", "opened", "assignedById"], deal: [] } },
    {},
    { demands: "ok" },
  ],
  [
    "what the portal fills in by itself is mandatory for deals",
    {
      required: {
        contact: [],
        deal: [
          ...["typeId", "sourceId", "stageId", "categoryId", "currencyId", "begindate", "closedate", "closed"],
          ...["isRecurring", "isReturnCustomer", "isRepeatedApproach", "isManualOpportunity"],
        ],
      },
    },
    {},
    { demands: "ok" },
  ],
  ["the paid stage is in the middle", {}, { BITRIX24_PAID_STAGE_ID: "EXECUTING" }, { paidStage: "warn" }],
  ["the paid stage is a lost one", {}, { BITRIX24_PAID_STAGE_ID: "LOSE" }, { paidStage: "warn" }],
  [
    "the owner of the webhook sees only own deals",
    employee({ deal: { read: "own" }, contact: { read: "own" } }),
    {},
    { visibility: "warn" },
  ],
  ["the portal is an employee's", { preset: "employees-webhook" }, {}, { currency: "warn" }],
  ["the portal has statuses of before 2026", { switches: { statuses: "before2026", appInfo: "refused" } }, {}, {}],
];

test.each(odd)("worth a look at most, and registrations arrive: %s", async (_name, portal, env, expected) => {
  const { crm, states, red } = await start(portal, env);
  expect(red).toEqual([]);
  expect(states).toMatchObject(expected);
  await expectArrival(crm);
});

test.each(["contacts", "deals"] as const)("a right to read %s that shows as an empty list only is red", async (id) => {
  const rights = { [id === "contacts" ? "contact" : "deal"]: { read: "none" as const } };
  const { red } = await start({ ...employee(rights), switches: { listWithoutRight: "empty" } });
  expect(red).toContain(id);
});

test("a red line names the field that the portal demands", async () => {
  const { of } = await start({ required: { contact: [], deal: ["additionalInfo"] } });
  expect(of("demands")).toMatchObject({ facts: { fields: "Additional information" } });
});

test.each([
  ["WEB", "Website"],
  ["IM", "Messenger"],
])("a mandatory %s of contacts is named in a red line and in the pause", async (typeId, title) => {
  const { crm, of } = await start({ required: { contact: [typeId], deal: [] } });
  expect(of("demands")).toMatchObject({ facts: { fields: title } });
  await expectNoArrival(crm);
  await expect.poll(async () => (await readPortalState(crm.services)).pauseField).toBe(`${title} (${typeId})`);
});

test("rows that are closed are red once there is a deal to ask about", async () => {
  const { crm, states } = await start(employee({ denied: ["crm.item.productrow.list"] }));
  expect(states).toMatchObject({ rows: "warn" });
  crm.portal.staff.addDeal({ title: "Заказ" });
  const [rows] = (await checkConnection(crm.services)).filter(({ id }) => id === "rows");
  expect(rows).toMatchObject({ state: "fail", facts: { code: "ACCESS_DENIED" } });
});

test("an employee whose webhook has recently written a registration has the right to write", async () => {
  const { crm, states } = await start(employee({}));
  expect(states).toMatchObject({ writing: "warn" });
  await expectArrival(crm);
  const [writing] = (await checkConnection(crm.services)).filter(({ id }) => id === "writing");
  expect(writing).toMatchObject({ state: "ok", facts: { proven: 1 } });
});

test("a contact and a deal of others that are seen show that others' are, also where the owner gets every deal", async () => {
  const { crm } = await start(employee({}));
  const visibility = async () => (await checkConnection(crm.services)).find(({ id }) => id === "visibility");
  expect(await visibility()).toMatchObject({ state: "warn", facts: { contacts: 1, deals: 1 } });
  crm.portal.staff.addDeal({ title: "Заказ", assignedById: 2 });
  expect(await visibility()).toMatchObject({ state: "warn", facts: { contacts: 1 } });
  crm.portal.staff.addContact({ name: "Клиент", assignedById: 2 });
  expect(await visibility()).toMatchObject({ state: "ok" });
});

test("of several prices in dollars that of the base type counts, and another is worth a look", async () => {
  const types = [
    { id: 1, name: "WHOLESALE" },
    { id: 2, name: "BASE", base: true },
  ];
  const prices = (...list: [number, number, string][]) =>
    list.map(([type, price, currency]) => ({ type, price, currency }));
  const product = async (list: [number, number, string][], rights?: PortalUser["rights"]) => {
    const portal = { priceTypes: types, products: [{ ...course, prices: prices(...list) }] };
    const { crm, of } = await start(rights ? { ...portal, ...employee(rights) } : portal);
    await crm.close();
    return of("product");
  };
  const both: [number, number, string][] = [
    [1, 30, "USD"],
    [2, 49, "USD"],
  ];
  expect(await product(both)).toMatchObject({ state: "ok", facts: { priceUsd: 49 } });
  expect(
    await product([
      [1, 30, "USD"],
      [2, 4_900, "RUB"],
    ]),
  ).toMatchObject({ state: "warn", facts: { priceUsd: 30, otherType: 1 } });
  const blind = { denied: ["catalog.pricetype.list"] };
  expect(await product(both, blind)).toMatchObject({ state: "warn", facts: { priceUsd: 30, otherType: 1 } });
  expect(await product([[1, 49, "USD"]], blind)).toMatchObject({ state: "ok", facts: { priceUsd: 49 } });
  crm = undefined;
});

test.each([
  ["20 % come on top", { vatId: 2 }, {}, { state: "warn", facts: { priceUsd: 49, beforeVat: 1 } }],
  ["the price includes it", { vatId: 2, vatIncluded: true }, {}, { state: "ok" }],
  ["its rate is nought", { vatId: 1 }, {}, { state: "ok" }],
  ["none is set", {}, {}, { state: "ok" }],
  ["the settings name the price", { vatId: 2 }, { BITRIX24_PRICE_USD: "59" }, { state: "ok" }],
])("VAT of the product is worth a look where managers sell at another price: %s", async (_name, vat, env, line) => {
  const { of } = await start({ products: [{ ...course, ...vat }] }, env);
  expect(of("product")).toMatchObject(line);
});

test("a stage of another funnel is said to be of that", async () => {
  const { of } = await start({}, { BITRIX24_STAGE_ID: "C1:NEW", BITRIX24_PAID_STAGE_ID: "C1:WON" });
  for (const id of ["stage", "paidStage"] as const)
    expect(of(id)).toMatchObject({ state: "fail", facts: { funnel: 1 } });
});
