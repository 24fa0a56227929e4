import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";
import { defaultUnknownValues, type Handling, type UnknownValues } from "./switches";

const add = (portal: Portal, fields: object, entityTypeId = 2) =>
  callPortal(portal, "crm.item.add", { entityTypeId, fields });

const choice = {
  name: "UF_CRM_FORM",
  type: "enumeration" as const,
  title: "Form",
  items: [{ id: 79, value: "Online" }],
};

/** What the portal does not know, with the title under which it refuses it and what stands there if it is ignored. */
const cases: [keyof UnknownValues, fields: Record<string, string | number>, title: string, fallback: unknown][] = [
  ["source", { sourceId: "BILLBOARD" }, "Source", "CALL"],
  ["stage", { stageId: "C1:WON" }, "Deal stage", "NEW"],
  ["currency", { currencyId: "GBP" }, "Currency", "RUB"],
  ["responsible", { assignedById: 99 }, "Responsible person", 1],
  ["responsible", { assignedById: 4 }, "Responsible person", 1],
  ["category", { categoryId: 9 }, "Pipeline", 0],
  ["company", { companyId: 5 }, "Company", null],
  ["enumeration", { ufCrmForm: 5 }, "Form", undefined],
];

const portalWith = (name: keyof UnknownValues, handling: Handling) =>
  createPortal({
    unknown: { ...defaultUnknownValues(), [name]: handling },
    userFields: { deal: [choice], contact: [] },
  });

test.each(cases)("an unknown %s %j is refused, stored or ignored, as is set", async (name, fields, title, fallback) => {
  const [column = ""] = Object.keys(fields);
  expect(await add(portalWith(name, "refused"), fields)).toMatchObject({
    status: 400,
    body: {
      error: "CRM_FIELD_ERROR_VALUE_NOT_VALID",
      error_description: `Invalid value for the "${title}" field`,
    },
  });
  const storing = portalWith(name, "stored");
  expect((await add(storing, fields)).status).toBe(200);
  expect(storing.deals.get(7001)?.[column]).toBe(fields[column]);
  const ignoring = portalWith(name, "ignored");
  expect((await add(ignoring, fields)).status).toBe(200);
  expect(ignoring.deals.get(7001)?.[column]).toBe(fallback);
});

test.each(cases)("an unknown %s %j is treated alike when a deal is changed", async (name, fields) => {
  const [column = ""] = Object.keys(fields);
  for (const [handling, status] of [
    ["refused", 400],
    ["stored", 200],
    ["ignored", 200],
  ] as const) {
    const portal = portalWith(name, handling);
    await add(portal, {});
    const before = portal.deals.get(7001)?.[column];
    const update = { entityTypeId: 2, id: 7001, fields };
    expect((await callPortal(portal, "crm.item.update", update)).status).toBe(status);
    expect(portal.deals.get(7001)?.[column]).toBe(handling === "stored" ? fields[column] : before);
  }
});

test("the older family refuses without a code, and never a stage", async () => {
  const portal = createPortal({ unknown: { source: "refused", responsible: "refused", stage: "refused" } });
  const answer = await callPortal(portal, "crm.deal.add", { fields: { SOURCE_ID: "BILLBOARD" } });
  expect(answer).toMatchObject({ status: 400, body: { error: "" } });
  const contact = { fields: { NAME: "Ann", ASSIGNED_BY_ID: 99 } };
  expect((await callPortal(portal, "crm.contact.add", contact)).status).toBe(400);
  expect((await callPortal(portal, "crm.deal.add", { fields: { STAGE_ID: "C1:WON" } })).status).toBe(200);
});

test("sources and stages are the administrator's own", async () => {
  const funnels = [
    {
      id: 0,
      name: "Sales",
      stages: [
        { id: "NEW", name: "New", semantics: "P" as const },
        { id: "UC_PAID", name: "Paid", semantics: "P" as const },
        { id: "WON", name: "Done", semantics: "S" as const },
      ],
    },
  ];
  const sources = [{ id: "FAIR", name: "Fair" }];
  const portal = createPortal({ funnels, sources, unknown: { source: "refused" } });
  expect((await add(portal, { sourceId: "FAIR", stageId: "UC_PAID" })).status).toBe(200);
  expect((await add(portal, { sourceId: "WEB" })).status).toBe(400);
  const { body } = await callPortal(portal, "crm.status.list", { filter: { ENTITY_ID: "DEAL_STAGE" } });
  expect(body.result).toMatchObject([{ STATUS_ID: "NEW" }, { STATUS_ID: "UC_PAID" }, { STATUS_ID: "WON" }]);
});

const email = (value: string) => ({ name: "Ann", fm: [{ typeId: "EMAIL", valueType: "WORK", value }] });

test.each(["анна@почта.рф", "ann@почта.example", "ann", "ann@example", "a..b@example.com", "ann@ex ample.com"])(
  "the e-mail %s is refused, stored or left out, as is set",
  async (value) => {
    const refusing = createPortal({ unknown: { email: "refused" } });
    expect(await add(refusing, email(value), 3)).toMatchObject({
      status: 400,
      body: { error: "CRM_FIELD_ERROR_VALUE_NOT_VALID", error_description: expect.stringContaining("E-mail") },
    });
    const older = { fields: { NAME: "Ann", EMAIL: [{ VALUE: value }] } };
    expect((await callPortal(refusing, "crm.contact.add", older)).body.error).toBe("ERROR_CORE");
    const storing = createPortal();
    await add(storing, email(value), 3);
    expect(storing.contacts.get(3001)?.fm).toMatchObject([{ value }]);
    const ignoring = createPortal({ unknown: { email: "ignored" } });
    expect((await add(ignoring, email(value), 3)).status).toBe(200);
    expect(ignoring.contacts.get(3001)?.fm).toEqual([]);
  },
);

test("an ordinary e-mail passes the strictest portal", async () => {
  const portal = createPortal({ unknown: { email: "refused" } });
  for (const value of ["ann@example.com", "o'neil+tag@mail.example.co.uk"]) {
    expect((await add(portal, email(value), 3)).status).toBe(200);
  }
});

test("a record without a source has the portal's first one, and none where the portal has none", async () => {
  const makers = [
    ["crm.item.add", { entityTypeId: 2, fields: { title: "T" } }],
    ["crm.item.add", { entityTypeId: 3, fields: { name: "Ann" } }],
    ["crm.lead.add", { fields: { TITLE: "T" } }],
  ] as const;
  for (const [sources, source] of [
    [[{ id: "FAIR", name: "Fair" }], "FAIR"],
    [[], ""],
  ] as const) {
    const portal = createPortal({ sources: [...sources], required: { deal: ["sourceId"] } });
    const [deal, ...others] = makers;
    for (const [method, params] of others) expect((await callPortal(portal, method, params)).status).toBe(200);
    expect([portal.contacts.get(3001)?.sourceId, portal.leads.get(5001)?.sourceId]).toEqual([source, source]);
    const added = await callPortal(portal, ...deal);
    expect(added.body.error).toBe(source ? undefined : "CRM_FIELD_ERROR_REQUIRED");
    expect(portal.deals.get(7001)?.sourceId).toBe(source || undefined);
  }
});
