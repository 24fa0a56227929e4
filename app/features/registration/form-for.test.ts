import type { ActionFunctionArgs, AppLoadContext, LoaderFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as embedded from "~/routes/embed.($form)";
import * as register from "~/routes/register";
import * as ownPage from "~/routes/register_.$form";
import { guestContext } from "~/test/guest-context";
import { noteProduct } from "~server/forms/products";
import { createTestServices, type TestServices } from "~server/test/services";

const APP_URL = "https://desk.example";

let tests: TestServices;
let context: AppLoadContext;

beforeAll(async () => {
  tests = await createTestServices({ APP_URL });
  await tests.db.form.create({ data: { slug: "books", name: "", definition: { settings: { product: "1800" } } } });
  await tests.db.form.create({ data: { slug: "unknown", name: "", definition: { settings: { product: "1900" } } } });
  await noteProduct(tests, 1777, { name: "Course", ownPriceUsd: 49 });
  await noteProduct(tests, 1800, { name: "Book", ownPriceUsd: 20.5 });
  context = await guestContext(tests);
});
afterAll(() => tests.drop());

const args = (path: string, language: string, form?: string, body?: URLSearchParams) => ({
  request: new Request(APP_URL + path, {
    headers: { "accept-language": language },
    ...(body ? { method: "POST", body } : {}),
  }),
  params: form === undefined ? {} : { form },
  context,
});

test.each([
  ["/register", register, undefined, { name: "Course", price: "US$49" }, { name: "Course", price: "49 $" }],
  ["/register/books", ownPage, "books", { name: "Book", price: "US$20.50" }, { name: "Book", price: "20,50 $" }],
  ["/embed", embedded, undefined, { name: "Course", price: "US$49" }, { name: "Course", price: "49 $" }],
  ["/embed/books", embedded, "books", { name: "Book", price: "US$20.50" }, { name: "Book", price: "20,50 $" }],
  ["/register/unknown", ownPage, "unknown", null, null],
  ["/embed/unknown", embedded, "unknown", null, null],
])(
  "%s tells what one registers for in the reader's language, also beside what was wrong",
  async (path, page, form, en, ru) => {
    const plain = (offer: { name: string; price: string } | null | undefined) =>
      offer && { ...offer, price: offer.price.replace(/\s/g, " ") };
    for (const [language, wanted] of [
      ["en", en],
      ["ru", ru],
    ] as const) {
      const loaded = await page.loader(args(path, language, form) as LoaderFunctionArgs);
      expect(plain(loaded.form.offer)).toEqual(wanted);
      const answer = await page.action(args(path, language, form, new URLSearchParams()) as ActionFunctionArgs);
      expect(plain((answer as unknown as { data: typeof loaded }).data.form.offer)).toEqual(wanted);
    }
  },
);
