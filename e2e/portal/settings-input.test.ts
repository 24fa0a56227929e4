import { expect, test } from "vitest";
import { callPortal } from "./call-portal";
import { createPortal } from "./portal";
import { firstSettings } from "./settings";
import { readSettings } from "./settings-input";

const read = (input: unknown) => readSettings(JSON.parse(JSON.stringify(input)), firstSettings({}));
const manager = { id: 2, name: "M", lastName: "M", email: "m@portal.example", active: true, admin: false };

test.each([
  [{ robots: [{ on: "deal", set: { stage: "WON" } }] }, "A deal has no field stage"],
  [{ robots: [{ on: "deal", set: { stageId: 7 } }] }, "stageId has to be text"],
  [{ robots: [{ on: "deal", set: { opportunity: "much" } }] }, "opportunity has to be a number"],
  [{ robots: [{ on: null, set: {} }] }, "on has to be text"],
  [{ robots: [{ on: "order", set: {} }] }, "on has to be one of: lead, deal, contact, company"],
  [{ robots: [{ on: "deal" }] }, "A robot needs set"],
  [{ robots: [{ on: "deal", set: {}, when: "moved" }] }, "when has to be one of: made, changed"],
  [{ robots: [{ on: "deal", set: {}, after: 5 }] }, "A robot has no after, but: on, when, set, rows, afterMs, by"],
  [{ robots: ["deal"] }, "A robot has to be an object"],
  [{ habits: [{ act: "takeover" }] }, "act has to be one of: takeOver, sellInBaseCurrency"],
  [{ habits: [{ act: "moveOn", when: "made" }] }, "when has to be one of: created, complete"],
  [{ habits: [{ act: "moveOn", share: 50 }] }, "share has to be a number from 0 to 1"],
  [{ userFields: { deal: [{ nmae: "UF_CRM_INN", type: "string" }] } }, "A user field has no nmae, but: name, type"],
  [{ userFields: { deal: [{ type: "string" }] } }, "A user field needs name"],
  [{ userFields: { deal: [{ name: "UF_CRM_INN", type: "text" }] } }, "type has to be one of: string, integer"],
  [
    { userFields: { deal: [{ name: "UF_CRM_A", type: "enumeration", items: [{ id: 1, name: "A" }] }] } },
    "A choice has no name, but: id, value",
  ],
  [{ users: [{ ...manager, rights: { deal: { read: "mine" } } }] }, "deal.read has to be one of: all, open"],
  [{ users: [{ ...manager, rights: { deals: { read: "own" } } }] }, "A set of rights has no deals, but: lead, deal"],
  [
    { users: [{ ...manager, rights: { deal: { see: "own" } } }] },
    "A set of rights to a deal has no see, but: read, add",
  ],
  [{ users: [{ ...manager, rights: { hiddenFunnels: 1 } }] }, "hiddenFunnels has to be a list of numbers"],
  [{ users: [{ ...manager, dismissed: true }] }, "A user has no dismissed"],
  [{ products: [{ id: 1, name: "A", price: "5", currency: "RUB", active: true }] }, "price has to be a number"],
  [{ products: [{ id: 1, kind: "bundle" }] }, "kind has to be one of: simple, parent"],
  [{ products: [{ id: 1, prices: [{ type: 1, sum: 5 }] }] }, "A price has no sum"],
  [{ currencies: [{ code: "USD" }] }, "A currency needs rate"],
  [
    { funnels: [{ id: 0, name: "A", stages: [{ id: "NEW", name: "N", semantics: "W" }] }] },
    "semantics has to be one of",
  ],
  [{ leadStages: [{ name: "New" }] }, "A stage needs id"],
  [{ sources: [{ code: "WEB" }] }, "A source has no code, but: id, name"],
  [{ companies: [{ id: "17", title: "Titov" }] }, "id has to be a number"],
  [{ webhooks: [{ userId: 1, secret: "s" }] }, "A webhook needs scopes"],
  [{ priceTypes: [{ id: 1, name: "BASE", base: "Y" }] }, "base has to be true or false"],
  [{ required: { deal: ["companyID"] } }, "A deal has no field companyID"],
  [{ required: { deal: ["PHONE"] } }, "A deal has no field PHONE"],
  [{ required: { deal: [7] } }, "required.deal has to be a list of texts"],
  [{ requiredAtStage: { WON: ["additional"] } }, "A deal has no field additional"],
  [{ requiredAtStage: { WON: "additionalInfo" } }, "requiredAtStage.WON has to be a list of texts"],
  [{ costs: { "*": "0.5" } }, "costs.* has to be a number"],
  [{ missingMethods: [7] }, "missingMethods has to be a list of texts"],
  [{ events: { names: [7] } }, "events.names has to be a list of texts"],
  [{ events: { url: "site" } }, "events.url has to be a URL"],
  [{ events: { lost: 50 } }, "events.lost has to be a number from 0 to 1"],
  [{ movedTo: "new.bitrix24.example" }, "movedTo has to be a URL"],
  [{ language: "de" }, "language has to be one of: en, ru"],
])("a member of a list that would never act, or break every later request, is refused: %j", (input, words) => {
  expect(() => read(input)).toThrow(words);
});

test("what the portal is set to can be sent back to it as it is", () => {
  const { seed: _seed, ...settings } = firstSettings({ preset: "busy-managers" });
  expect(read(settings)).toEqual(settings);
});

test("a robot takes its fields by either of their names, those of user fields that come with it too", async () => {
  const portal = createPortal();
  const userFields = { deal: [{ name: "UF_CRM_INN", type: "string", title: "Tax number" }] };
  const robots = [{ on: "deal", set: { STAGE_ID: "WON", ufCrmInn: "7700", opportunity: 5 } }];
  portal.configure(readSettings({ userFields, robots }, portal.settings));
  await callPortal(portal, "crm.deal.add", { fields: { TITLE: "T" } });
  const deal = portal.deals.get(7001);
  expect(deal).toMatchObject({ stageId: "WON", ufCrmInn: "7700", opportunity: 5 });
  expect(Object.keys(deal ?? {})).not.toContain("STAGE_ID");
});

test("demanded fields go by either of their names, user fields that come with them, phones and e-mails too", () => {
  const userFields = { contact: [{ name: "UF_CRM_INN", type: "string" }] };
  const required = { contact: ["sourceDescription", "UF_CRM_INN", "ufCrmInn", "PHONE", "email"], deal: ["COMPANY_ID"] };
  const requiredAtStage = { PREPARATION: ["additionalInfo"], "C1:WON": ["OPPORTUNITY"] };
  expect(read({ userFields, required, requiredAtStage })).toEqual({ userFields, required, requiredAtStage });
});

test("a robot's numbers may be text, and what a list's members may leave out may be null", () => {
  const user = { ...manager, department: null };
  const products = [{ id: 1, name: "A", price: null, currency: "RUB", active: true }];
  const robots = [{ on: "deal", set: { opportunity: "100.5", ASSIGNED_BY_ID: "2", title: "7" }, by: null }];
  expect(read({ users: [user], products, robots })).toEqual({
    users: [user],
    products,
    robots: [{ on: "deal", set: { opportunity: 100.5, assignedById: 2, title: "7" }, by: null }],
  });
});
