import { afterAll, beforeAll, expect, test } from "vitest";
import { checkSettings } from "~server/preview/check-settings";
import { readChoices } from "~server/preview/choices";
import { draftEnv } from "~server/preview/review";
import { viewSettings } from "~server/settings/view";
import { type CrmHarness, createCrmHarness } from "~server/test/crm";
import { optionsFrom } from "./choices.server";

let crm: CrmHarness;

const employee = (id: number, active = true) => ({
  ...{ id, name: `N${id}`, lastName: "", email: `e${id}@crm.test`, active },
  // The webhook is that of the first.
  admin: id === 1,
});
const many = (count: number, from: number) => Array.from({ length: count }, (_, index) => from + index);
const product = (id: number) => ({ id, name: `Product ${id}`, price: 49, currency: "USD", active: true });

beforeAll(async () => {
  crm = await createCrmHarness();
});

afterAll(() => crm.close());

const offered = async (responsible: number[] = []) => {
  const { settings } = await viewSettings(crm.services, "deal");
  return optionsFrom(await readChoices(crm.services.bitrix24, responsible), settings);
};

test("a list of which more is left on the portal is typed in, so that all of it can be chosen", async () => {
  crm.portal.configure({ products: many(120, 2000).map(product), users: many(120, 1).map((id) => employee(id)) });
  const options = await offered();
  expect(options.product).toBeUndefined();
  expect(options.responsible).toBeUndefined();
  expect(options.funnel).toBeDefined();
});

test("what is switched off fills the pages of a list too", async () => {
  const products = many(120, 2000).map((id) => ({ ...product(id), active: id % 2 === 0 }));
  crm.portal.configure({ products });
  expect((await offered()).product).toBeUndefined();
});

test("a list that ends before the last page is full is offered to its end", async () => {
  crm.portal.configure({ products: many(80, 2000).map(product), users: many(80, 1).map((id) => employee(id)) });
  const options = await offered();
  expect(options.product?.map(({ value }) => value)).toContain("2079");
  expect(options.responsible?.map(({ value }) => value)).toContain("80");
});

test("responsible persons beyond the end of the list are still compared with the portal", async () => {
  crm.portal.configure({ users: [...many(120, 1).map((id) => employee(id)), employee(200, false)] });
  const verdict = async (responsible: string) => {
    const env = draftEnv(crm.services, { responsible });
    const choices = await readChoices(crm.services.bitrix24, env.BITRIX24_ASSIGNED_BY_IDS);
    const described = await crm.services.bitrix24.fields.read();
    return (await checkSettings(crm.services, { env, changed: ["responsible"], choices, described })).problems;
  };
  expect(await verdict("120")).toEqual({});
  expect(await verdict("120, 300")).toMatchObject({ responsible: { en: "The portal has no employee 300." } });
  expect(await verdict("200")).toMatchObject({ responsible: { en: "N200 no longer works there." } });
});
