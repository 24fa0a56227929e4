import { expect, test } from "vitest";
import type { FormSettings } from "../forms/definition";
import { type CrmHarness, startCrm } from "../test/crm";
import { checkConnection } from "./check-connection";

const products = [
  { id: 1777, name: "Course", price: 149, currency: "USD", active: true },
  { id: 1800, name: "Book", price: 20, currency: "USD", active: true },
  { id: 1801, name: "Poster", price: 900, currency: "RUB", active: true },
];

async function lineWith(settings: FormSettings, closedAt: Date | null = null, crm?: CrmHarness) {
  const { services } = crm ?? (await startCrm({ portal: { products } }));
  await services.db.form.create({ data: { slug: "books", name: "Books", definition: { settings }, closedAt } });
  await services.forms.reload();
  return (await checkConnection(services)).find(({ id }) => id === "forms");
}

test("forms without a deal of their own have nothing to be lacking", async () => {
  expect(await lineWith({})).toMatchObject({ state: "ok" });
});

test("what a form names and the portal has is well", async () => {
  const own = { product: "1800", funnel: "1", stage: "C1:NEW", source: "CALL", responsible: "2, 3" };
  expect(await lineWith(own)).toMatchObject({ state: "ok" });
});

test.each([
  { product: "1999" },
  { product: "1801" },
  { funnel: "7" },
  { stage: "C1:NEW" },
  { source: "NOWHERE" },
  { responsible: "2, 4" },
] satisfies FormSettings[])("a form with %j is named", async (settings) => {
  expect(await lineWith(settings)).toMatchObject({ state: "warn", facts: { names: "Books" } });
});

test.each([
  [{ paidStage: "PAID" }, "warn"],
  [{ paidStage: "LOSE" }, "warn"],
  [{ paidStage: "C1:WON" }, "warn"],
  [{ funnel: "1", paidStage: "WON" }, "warn"],
  [{ paidStage: "WON" }, "ok"],
  [{ funnel: "1", paidStage: "C1:WON" }, "ok"],
] satisfies [FormSettings, string][])("a form's own stage of paid deals with %j: %s", async (settings, state) => {
  expect(await lineWith(settings)).toMatchObject({ state, ...(state === "warn" && { facts: { names: "Books" } }) });
});

test("a closed form is not named: nobody registers by it", async () => {
  expect(await lineWith({ product: "1999" }, new Date())).toMatchObject({ state: "ok" });
});
