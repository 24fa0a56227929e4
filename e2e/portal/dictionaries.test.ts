import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal, type Portal } from "./portal";

const kinds = [
  { id: 61, value: "One" },
  { id: 62, value: "Two" },
];
const userFields = {
  deal: [
    { name: "UF_CRM_INN", type: "string", title: "Tax number", required: true },
    { name: "UF_CRM_KIND", type: "enumeration", multiple: true, items: kinds },
  ],
  contact: [{ name: "UF_CRM_AGE", type: "integer" }],
} as const;

const withFields = () =>
  createPortal({ userFields: { deal: [...userFields.deal], contact: [...userFields.contact] }, limits: { bucket: 0 } });

const result = async (portal: Portal, method: string, params: object = {}) =>
  (await callPortal(portal, method, params)).body.result;

test("user fields are listed with their settings and choices, and with words only for a language", async () => {
  const portal = withFields();
  const { body } = await callPortal(portal, "crm.deal.userfield.list");
  expect(body).toMatchObject({
    total: 2,
    result: [
      { ID: "2001", ENTITY_ID: "CRM_DEAL", FIELD_NAME: "UF_CRM_INN", USER_TYPE_ID: "string", MANDATORY: "Y" },
      { ID: "2002", FIELD_NAME: "UF_CRM_KIND", MULTIPLE: "Y", SORT: "200", LIST: [{ ID: "61" }, { VALUE: "Two" }] },
    ],
  });
  const [bare] = body.result as object[];
  expect(bare).not.toHaveProperty("EDIT_FORM_LABEL");
  expect(bare).not.toHaveProperty("title");
  const named = await result(portal, "crm.deal.userfield.list", { filter: { LANG: "en", MANDATORY: "Y" } });
  expect(named).toMatchObject([{ FIELD_NAME: "UF_CRM_INN", LIST_COLUMN_LABEL: "Tax number", HELP_MESSAGE: null }]);
  expect(await result(portal, "crm.contact.userfield.list")).toMatchObject([{ ID: "3001", FIELD_NAME: "UF_CRM_AGE" }]);
  expect(await result(portal, "crm.lead.userfield.list")).toEqual([]);
});

test("user fields come in the order asked for, else by their sort values", async () => {
  const portal = withFields();
  const order = { FIELD_NAME: "DESC" };
  const names = async (params: object) =>
    ((await result(portal, "crm.deal.userfield.list", params)) as { FIELD_NAME: string }[]).map(
      ({ FIELD_NAME }) => FIELD_NAME,
    );
  expect(await names({ order })).toEqual(["UF_CRM_KIND", "UF_CRM_INN"]);
  expect(await names({ filter: { USER_TYPE_ID: "enumeration" } })).toEqual(["UF_CRM_KIND"]);
  expect(await names({ filter: { "@ID": [2001, 2002] } })).toEqual(["UF_CRM_INN", "UF_CRM_KIND"]);
});

test.each([
  ["crm.deal.userfield.list", { filter: "MULTIPLE" }, ["", "Parameter 'filter' must be array."]],
  ["crm.deal.userfield.list", { order: "ID" }, ["", "Parameter 'order' must be array."]],
  ["crm.deal.userfield.get", {}, ["", "ID is not defined or invalid."]],
  ["crm.deal.userfield.get", { id: 3001 }, ["ERROR_NOT_FOUND", "The entity with ID '3001' is not found"]],
  ["crm.dealcategory.get", { id: 0 }, ["", "ID is not defined or invalid."]],
  ["crm.dealcategory.get", { id: 9 }, ["", "Not found"]],
])("%s %j is refused", async (method, params, refusal) => {
  const { status, body } = await callPortal(withFields(), method, params);
  expect([status, body.error, body.error_description]).toEqual([400, ...refusal]);
});

test("one user field has its words by language", async () => {
  expect(await result(withFields(), "crm.deal.userfield.get", { id: 2001 })).toMatchObject({
    FIELD_NAME: "UF_CRM_INN",
    EDIT_FORM_LABEL: { en: "Tax number", ru: "Tax number" },
  });
});

test("user fields are told to those who may read the records that have them", async () => {
  const portal = withFields();
  const [owner, ...others] = portal.settings.users;
  if (!owner) throw new Error("The portal has no users");
  portal.configure({ users: [{ ...owner, admin: false, rights: { deal: { read: "none" } } }, ...others] });
  expect((await callPortal(portal, "crm.deal.userfield.list")).body.error_description).toBe("Access denied.");
  expect(await result(portal, "crm.contact.userfield.list")).toHaveLength(1);
});

test("the older list of funnels leaves the first one out, which has a method of its own", async () => {
  const portal = createPortal();
  const { body } = await callPortal(portal, "crm.dealcategory.list", { filter: { IS_LOCKED: "N" } });
  expect(body).toMatchObject({ total: 1, result: [{ ID: "1", NAME: "Partners", IS_LOCKED: "N", SORT: "200" }] });
  expect(await result(portal, "crm.dealcategory.list", { select: ["NAME"] })).toEqual([{ NAME: "Partners" }]);
  expect(await result(portal, "crm.dealcategory.default.get")).toMatchObject({ ID: "0", NAME: "General" });
  expect(await result(portal, "crm.dealcategory.get", { id: 1 })).toMatchObject({ ID: "1", NAME: "Partners" });
});

test("many funnels come in pages", async () => {
  const funnels = Array.from({ length: 61 }, (_, id) => ({ id, name: `Funnel ${id}` }));
  const portal = createPortal({ funnels });
  const first = await callPortal(portal, "crm.dealcategory.list", { order: { ID: "ASC" } });
  expect([(first.body.result as object[]).length, first.body.next, first.body.total]).toEqual([50, 50, 60]);
  const second = await callPortal(portal, "crm.dealcategory.list", { order: { ID: "ASC" }, start: 50 });
  expect(second.body.result).toHaveLength(10);
  expect(second.body).not.toHaveProperty("next");
});

test("leads have no funnels, which is told apart from a kind of record that does not exist", async () => {
  const portal = createPortal();
  for (const method of ["crm.category.list", "crm.category.get"]) {
    const error = async (entityTypeId: number) =>
      (await callPortal(portal, method, { entityTypeId, id: 0 })).body.error;
    expect([await error(1), await error(3), await error(999)]).toEqual([
      "ENTITY_TYPE_NOT_SUPPORTED",
      undefined,
      "NOT_FOUND",
    ]);
  }
});
