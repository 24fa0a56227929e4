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
  await tests.db.form.create({ data: { slug: "free", name: "", definition: { settings: { price: "0" } } } });
  context = await guestContext(tests);
});
afterAll(() => tests.drop());

const args = (path: string, language: string, form?: string, body?: URLSearchParams) => ({
  request: new Request(APP_URL + path, {
    headers: { "accept-language": language },
    ...(body ? { method: "POST", body } : {}),
  }),
  params: form === undefined ? {} : { form },
  // Each request has its own.
  context: { ...context },
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

const sent = {
  en: "Your application is sent to our team automatically, usually within seconds.",
  ru: "Заявка сама уйдёт сотруднику, обычно за несколько секунд.",
};
const held = {
  en: "Confirm your e-mail, and we will send your application to our team.",
  ru: "Подтвердите почту, и мы передадим заявку сотруднику.",
};
const account = { en: "You are signed in at once and see your account.", ru: "Вы сразу попадёте в личный кабинет." };
const payment = { en: "Our team gets in touch with you about payment.", ru: "С вами свяжутся по поводу оплаты." };

test.each([
  ["optional", undefined, [account, sent, payment]],
  ["required", undefined, [account, held, payment]],
  ["off", "free", [account, sent]],
  ["required", "free", [account, held]],
] as const)("what happens next is said as it will be: confirmation %s, form %s", async (confirmation, form, wanted) => {
  const services = { ...context.services, env: { ...tests.env, EMAIL_CONFIRMATION: confirmation } };
  for (const language of ["en", "ru"] as const) {
    const asked = { ...args("/register", language, form), context: { ...context, services } } as LoaderFunctionArgs;
    const { next } = await (form ? ownPage : register).loader(asked);
    expect(next).toEqual(wanted.map((step) => step[language]));
  }
});

test("another site's page says that the application waits for a confirmed e-mail, if it does", async () => {
  for (const confirmation of ["required", "optional"] as const) {
    const services = { ...context.services, env: { ...tests.env, EMAIL_CONFIRMATION: confirmation } };
    const asked = { ...args("/embed", "en"), context: { ...context, services } } as LoaderFunctionArgs;
    expect((await embedded.loader(asked)).isHeld).toBe(confirmation === "required");
  }
});
