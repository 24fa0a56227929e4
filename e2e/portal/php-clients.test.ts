import { afterAll, expect, test } from "vitest";
import { buildQuery, type Params } from "./build-query";
import { callPortal } from "./call-portal";
import type { Portal } from "./portal";
import { type PortalServer, startPortal } from "./server";
import type { FirstOptions, PortalOptions } from "./settings";

const servers: PortalServer[] = [];
afterAll(() => Promise.all(servers.map((server) => server.close())));

async function started(options: FirstOptions = {}): Promise<PortalServer> {
  const server = await startPortal(options);
  servers.push(server);
  return server;
}

interface Answered {
  result: unknown;
  total?: number;
  error?: string | number;
  error_description?: string;
}

async function read(response: Response): Promise<Answered> {
  return (await response.json()) as Answered;
}

/** As the small class does with cURL: a form, the method with `.json` behind it, and a GET where there is nothing to say. */
async function callForm({ webhookUrl }: PortalServer, method: string, params: Params = {}): Promise<Answered> {
  const body = buildQuery(params);
  const headers = { "user-agent": "Bitrix24 CRest PHP 1.36", accept: "*/*" };
  const form = { method: "POST", body, headers: { ...headers, "content-type": "application/x-www-form-urlencoded" } };
  return read(await fetch(`${webhookUrl}${method}.json`, body === "" ? { headers } : form));
}

function callBatch(server: PortalServer, commands: [string, string, Params?][], halt = 0): Promise<Answered> {
  const cmd = commands.map(([key, method, params]) => [key, params ? `${method}?${buildQuery(params)}` : method]);
  return callForm(server, "batch", { cmd: Object.fromEntries(cmd), halt });
}

const ann = {
  NAME: "Ann & Bea ~ 100%",
  LAST_NAME: "Ким",
  OPENED: false,
  EXPORT: true,
  POST: null,
  COMPANY_IDS: [],
  PHONE: [{ VALUE: "+7 (999) 111-22-33", VALUE_TYPE: "MOBILE" }, { VALUE: "+79990000000" }],
  EMAIL: [{ VALUE: "ann@example.com", VALUE_TYPE: "WORK" }],
};

async function withAnn(options: PortalOptions = {}): Promise<{ server: PortalServer; portal: Portal }> {
  const server = await started(options);
  expect((await callForm(server, "crm.contact.add", { fields: ann })).result).toBe(3001);
  return { server, portal: server.portal };
}

test("what stands here for PHP's http_build_query writes what PHP 8.2 wrote", () => {
  expect(buildQuery({ fields: ann, params: { REGISTER_SONET_EVENT: "Y" } })).toBe(
    "fields%5BNAME%5D=Ann+%26+Bea+%7E+100%25&fields%5BLAST_NAME%5D=%D0%9A%D0%B8%D0%BC&fields%5BOPENED%5D=0" +
      "&fields%5BEXPORT%5D=1&fields%5BPHONE%5D%5B0%5D%5BVALUE%5D=%2B7+%28999%29+111-22-33" +
      "&fields%5BPHONE%5D%5B0%5D%5BVALUE_TYPE%5D=MOBILE&fields%5BPHONE%5D%5B1%5D%5BVALUE%5D=%2B79990000000" +
      "&fields%5BEMAIL%5D%5B0%5D%5BVALUE%5D=ann%40example.com&fields%5BEMAIL%5D%5B0%5D%5BVALUE_TYPE%5D=WORK" +
      "&params%5BREGISTER_SONET_EVENT%5D=Y",
  );
});

test.each([
  ["Lead name", "Name", "Last name"],
  ["Название лида", "Имя", "Фамилия"],
])("the example of a lead that the small class's README begins with makes the lead «%s»", async (...values) => {
  const [TITLE = "", NAME = "", LAST_NAME = ""] = values;
  const server = await started({ preset: "ordinary" });
  const added = await callForm(server, "crm.lead.add", { fields: { TITLE, NAME, LAST_NAME } });
  expect(added.result).toBe(5001);
  expect(server.portal.leads.get(5001)).toMatchObject({ title: TITLE, name: NAME, lastName: LAST_NAME });
});

test("a contact sent as a form is the contact that JSON makes, flags and phones included", async () => {
  const { portal } = await withAnn();
  await callPortal(portal, "crm.contact.add", { fields: ann });
  const [fromForm, fromJson] = [...portal.contacts.values()].map(({ fm, ...columns }) => ({
    ...{ ...columns, id: 0, createdTime: 0, updatedTime: 0, lastActivityTime: 0 },
    communications: fm.map(({ typeId, valueType, value }) => [typeId, valueType, value]),
  }));
  expect(fromForm).toEqual(fromJson);
  expect(fromForm).toMatchObject({ name: "Ann & Bea ~ 100%", lastName: "Ким", opened: "N", export: "Y" });
  expect(fromForm?.communications).toEqual([
    ["PHONE", "MOBILE", "+7 (999) 111-22-33"],
    ["PHONE", "WORK", "+79990000000"],
    ["EMAIL", "WORK", "ann@example.com"],
  ]);
});

const userFields = [
  { name: "UF_CRM_TEXT", type: "string", multiple: true },
  { name: "UF_CRM_COUNT", type: "integer" },
  { name: "UF_CRM_SHARE", type: "double" },
  { name: "UF_CRM_YES", type: "boolean" },
  { name: "UF_CRM_NO", type: "boolean" },
  { name: "UF_CRM_DAY", type: "date" },
  { name: "UF_CRM_PRICE", type: "money" },
] as const;

test.each([
  [
    "crm.deal.add",
    {
      fields: {
        ...{ TITLE: "T", CATEGORY_ID: 1, STAGE_ID: "C1:NEW", ASSIGNED_BY_ID: 2, PROBABILITY: 30, CURRENCY_ID: "USD" },
        ...{ OPPORTUNITY: 10.5, IS_MANUAL_OPPORTUNITY: true, OPENED: false, CLOSED: false, TAX_VALUE: 0.1 },
        ...{ BEGINDATE: "2026-12-24T10:00:00+03:00", COMMENTS: null, CONTACT_IDS: [] },
        ...{ UF_CRM_TEXT: ["a&b", "ü"], UF_CRM_COUNT: 3, UF_CRM_SHARE: 0.25, UF_CRM_YES: true, UF_CRM_NO: false },
        ...{ UF_CRM_DAY: "2026-12-24", UF_CRM_PRICE: "100|USD" },
      },
      params: { REGISTER_SONET_EVENT: "N" },
    },
  ],
  [
    "crm.item.add",
    {
      entityTypeId: 2,
      fields: {
        ...{ title: "T", categoryId: 1, stageId: "C1:NEW", assignedById: 2, probability: 30, currencyId: "USD" },
        ...{
          opportunity: 10.5,
          isManualOpportunity: true,
          opened: false,
          closed: false,
          taxValue: 0.1,
          contactIds: [],
        },
        ...{ ufCrmText: ["a&b", "ü"], ufCrmCount: 3, ufCrmShare: 0.25, ufCrmYes: true, ufCrmNo: false },
        ...{ ufCrmDay: "2026-12-24", ufCrmPrice: "100|USD" },
      },
      useOriginalUfNames: false,
    },
  ],
] satisfies [string, Params][])("%s makes the same deal of a form as of JSON", async (method, params) => {
  // Both are made at the same moment: a deal that says no day of its own begins today.
  const server = await started({ userFields: { deal: [...userFields] }, clockSpeed: 0 });
  expect((await callForm(server, method, params)).error).toBeUndefined();
  expect((await callPortal(server.portal, method, params)).body.error).toBeUndefined();
  const [fromForm, fromJson, ...more] = [...server.portal.deals.values()].map((deal) => ({
    ...{ ...deal, id: 0, createdTime: 0, updatedTime: 0, lastActivityTime: 0, movedTime: 0 },
  }));
  expect(more).toEqual([]);
  expect(fromForm).toEqual(fromJson);
  expect(fromForm).toMatchObject({ categoryId: 1, opportunity: 10.5, isManualOpportunity: "Y", opened: "N" });
  expect(fromForm).toMatchObject({ ufCrmText: ["a&b", "ü"], ufCrmCount: 3, ufCrmShare: 0.25, ufCrmDay: "2026-12-24" });
});

test("product rows of a form are those of JSON, in both families", async () => {
  const server = await started();
  for (const title of ["form", "JSON"]) server.portal.staff.addDeal({ title });
  const older = {
    rows: [{ PRODUCT_ID: 1777, PRICE: 49.9, QUANTITY: 2, TAX_RATE: 20, TAX_INCLUDED: "Y", DISCOUNT_SUM: 0 }],
  };
  await callForm(server, "crm.deal.productrows.set", { id: 7001, ...older });
  await callPortal(server.portal, "crm.deal.productrows.set", { id: 7002, ...older });
  const newer = { ownerType: "D", productName: "Text", price: 1.5, quantity: 3, taxIncluded: "N" };
  await callForm(server, "crm.item.productrow.add", { fields: { ...newer, ownerId: 7001 } });
  await callPortal(server.portal, "crm.item.productrow.add", { fields: { ...newer, ownerId: 7002 } });
  const rows = (id: number) => server.portal.rows.get(id)?.map((row) => ({ ...row, id: 0, ownerId: 0 }));
  expect(rows(7001)).toHaveLength(2);
  expect(rows(7001)).toEqual(rows(7002));
});

test("lists take their selects, filters, orders and a start of -1 from a form", async () => {
  const { server } = await withAnn();
  for (const name of ["Bea", "Cid"]) server.portal.staff.addContact({ name });
  const older = await callForm(server, "crm.contact.list", {
    filter: { "@ID": [3001, 3003], "!NAME": "Cid" },
    select: ["ID", "PHONE"],
    order: { ID: "DESC" },
    start: -1,
  });
  expect(older.result).toMatchObject([{ ID: "3001", PHONE: [{ VALUE: "+7 (999) 111-22-33" }, {}] }]);
  expect(older).not.toHaveProperty("total");
  const newer = await callForm(server, "crm.item.list", {
    entityTypeId: 3,
    filter: { 0: { logic: "OR", 0: { "=id": 3001 }, 1: { name: "Cid" } } },
    select: ["id", "opened"],
    order: { id: "DESC" },
  });
  expect(newer).toMatchObject({ total: 2, result: { items: [{ id: 3003 }, { id: 3001, opened: "N" }] } });
});

test("a batch built of queries within a query refers to earlier results and keeps its names", async () => {
  const { server, portal } = await withAnn();
  const { result } = await callBatch(server, [
    ["find", "crm.duplicate.findbycomm", { type: "EMAIL", values: ["ann@example.com"], entity_type: "CONTACT" }],
    [
      "deal",
      "crm.deal.add",
      {
        fields: {
          TITLE: "A & B + 100%",
          CONTACT_ID: "$result[find][CONTACT][0]",
          IS_MANUAL_OPPORTUNITY: true,
          OPPORTUNITY: 10.5,
        },
      },
    ],
    ["get", "crm.deal.get", { id: "$result[deal]" }],
    ["me", "profile"],
  ]);
  expect(result).toMatchObject({
    result: { find: { CONTACT: [3001] }, deal: 7001, get: { ID: "7001", CONTACT_ID: "3001" }, me: { ID: "1" } },
    result_error: [],
  });
  expect(portal.deals.get(7001)).toMatchObject({ title: "A & B + 100%", isManualOpportunity: "Y", opportunity: 10.5 });
});

test.each([
  [0, 2],
  [1, 1],
])("a batch with a halt of %i carries out so many of two commands: %i", async (halt, carriedOut) => {
  const server = await started();
  const commands: [string, string, Params?][] = [
    ["0", "crm.deal.get", { id: 999 }],
    ["1", "crm.deal.add", { fields: { TITLE: "T" } }],
  ];
  const { result } = await callBatch(server, commands, halt);
  expect(result).toMatchObject({ result_error: { 0: { error_description: "Not found" } } });
  expect(server.portal.deals.size).toBe(carriedOut - 1);
});

test("a switch sent as 0 is off", async () => {
  const server = await started({ webhooks: [{ userId: 1, secret: "standinportalkey", scopes: ["crm"] }] });
  for (const full of [false, "", "false"]) {
    expect((await callForm(server, "scope", { full })).result).toEqual(["crm"]);
    expect((await callForm(server, "methods", { full })).result).not.toContain("user.get");
  }
  expect((await callForm(server, "scope", { full: true })).result).toContain("user");
  expect((await callForm(server, "methods", { full: true })).result).toContain("user.get");
});

test("methods are listed by what the webhook may call, and by scope", async () => {
  const server = await started({ missingMethods: ["crm.item.*"] });
  const names = async (params: Params = {}) => (await callForm(server, "methods", params)).result as string[];
  expect(await names({ scope: "user" })).toEqual(["user.current", "user.get"]);
  expect(await names({ scope: "" })).toEqual(expect.arrayContaining(["batch", "profile", "method.get"]));
  expect(await names({ scope: "" })).not.toContain("crm.deal.add");
  expect(await names()).toEqual(expect.arrayContaining(["batch", "crm.deal.add", "profile", "user.get"]));
  expect((await names()).filter((name) => name.startsWith("crm.item."))).toEqual([]);
});
