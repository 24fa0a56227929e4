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
const reviewed = {
  en: "Your application is checked before it is sent to our team; you need not do anything.",
  ru: "Перед передачей сотруднику мы проверим заявку — от вас ничего не требуется.",
};
const account = { en: "You are signed in at once and see your account.", ru: "Вы сразу попадёте в личный кабинет." };
const payment = { en: "Our team gets in touch with you about payment.", ru: "С вами свяжутся по поводу оплаты." };

const contextWith = (EMAIL_CONFIRMATION: "required" | "optional" | "off", isReviewed: boolean) => ({
  ...context,
  services: { ...context.services, env: { ...tests.env, EMAIL_CONFIRMATION } },
  signUps: { state: async () => ({ held: isReviewed, unusual: false }), refresh: () => {} },
});

test.each([
  ["optional", false, undefined, [account, sent, payment]],
  ["required", false, undefined, [account, held, payment]],
  ["off", false, "free", [account, sent]],
  ["required", false, "free", [account, held]],
  ["optional", true, undefined, [account, reviewed, payment]],
  ["off", true, "free", [account, reviewed]],
  ["required", true, undefined, [account, held, payment]],
] as const)(
  "what happens next is said as it will be: confirmation %s, every registration reviewed %s, form %s",
  async (confirmation, isReviewed, form, wanted) => {
    for (const language of ["en", "ru"] as const) {
      const asked = { ...args("/register", language, form), context: contextWith(confirmation, isReviewed) };
      const { next } = await (form ? ownPage : register).loader(asked as LoaderFunctionArgs);
      expect(next).toEqual(wanted.map((step) => step[language]));
    }
  },
);

test.each([
  ["required", false, /as soon as you have confirmed/, /как только вы подтвердите почту/],
  ["required", true, /as soon as you have confirmed/, /как только вы подтвердите почту/],
  ["optional", true, reviewed.en, reviewed.ru],
  ["optional", false, sent.en, sent.ru],
] as const)(
  "another site's page says what the application that was sent waits for: confirmation %s, every registration reviewed %s",
  async (confirmation, isReviewed, en, ru) => {
    for (const [language, wanted] of [
      ["en", en],
      ["ru", ru],
    ] as const) {
      const { stamp, shown } = await embedded.loader(args("/embed", language) as LoaderFunctionArgs);
      const body = new URLSearchParams({
        _stamp: stamp,
        _consents: shown,
        website: "",
        firstName: "Анна",
        email: `${confirmation}-${isReviewed}-${language}@form.example`,
        phone: "+79001234567",
        password: "correct horse battery",
        consent: "on",
      });
      const sending = { ...args("/embed", language, undefined, body), context: contextWith(confirmation, isReviewed) };
      const { data } = (await embedded.action(sending as ActionFunctionArgs)) as unknown as { data: object };
      expect(data).toEqual({ outcome: "registered", said: expect.stringMatching(wanted) });
    }
  },
);
