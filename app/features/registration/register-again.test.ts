import type { ActionFunctionArgs, AppLoadContext, LoaderFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as embedded from "~/routes/embed.($form)";
import * as register from "~/routes/register";
import * as ownPage from "~/routes/register_.$form";
import { guestContext } from "~/test/guest-context";
import { createTestServices, type TestServices } from "~server/test/services";

const APP_URL = "https://desk.example";

let tests: TestServices;
let context: AppLoadContext;

beforeAll(async () => {
  tests = await createTestServices({ APP_URL });
  const after = { kind: "address", address: "https://pay.example/" };
  await tests.db.form.create({ data: { slug: "books", name: "", definition: { after } } });
  context = await guestContext(tests);
});
afterAll(() => tests.drop());

type Page = typeof register | typeof ownPage | typeof embedded;

const argsOf = (path: string, init: RequestInit = {}) => {
  const form = path.split("/")[2];
  return {
    request: new Request(APP_URL + path, init),
    params: form === undefined ? {} : { form },
    // Each request has its own.
    context: { ...context },
  };
};

async function send(page: Page, path: string, person: Record<string, string>): Promise<unknown> {
  const { stamp, shown } = await page.loader(argsOf(path) as LoaderFunctionArgs);
  const body = new URLSearchParams({
    _stamp: stamp,
    _consents: shown,
    website: "",
    firstName: "Анна",
    phone: "+79001234567",
    password: "correct horse battery",
    consent: "on",
    ...person,
  });
  return page.action(argsOf(path, { method: "POST", body }) as ActionFunctionArgs);
}

const placeOf = (answer: unknown) => (answer as Response).headers.get("Location");

test("who sends a second form with the same details is not led on as if it had registered them", async () => {
  const person = { email: "second@form.example" };
  expect(placeOf(await send(register, "/register", person))).toBe("/account");
  expect(placeOf(await send(register, "/register", person))).toBe("/account");
  expect(placeOf(await send(ownPage, "/register/books", person))).toBe("/account?known");
  expect(await send(embedded, "/embed/books", person)).toMatchObject({ data: { outcome: "known" } });
});

test("who has a second factor reads after the code, too, that the form changed nothing", async () => {
  const person = { email: "factor@form.example" };
  await send(register, "/register", person);
  const { id } = await tests.db.user.findUniqueOrThrow({ where: person });
  await tests.db.secondFactor.create({ data: { userId: id, secret: "sealed", lastStep: 0 } });
  const place = placeOf(await send(register, "/register", { ...person, firstName: "Мария" }));
  expect(place).toBe("/login/code?redirectTo=%2Faccount%3Fknown");
});

test.each([
  ["without scripts, all of the page that is loaded is in the language that was switched to", false, "en"],
  ["with scripts, all of the page that stays is in the language that it has", true, "ru"],
] as const)("a form that is refused after another tab switched the language: %s", async (_name, byScript, language) => {
  const headers = { cookie: `lang=${language}` };
  const page = await register.loader(argsOf("/register", { headers }) as LoaderFunctionArgs);
  const sent = argsOf("/register", {
    method: "POST",
    headers: { cookie: "lang=en" },
    body: new URLSearchParams({ _lang: "ru" }),
  });
  const args = { ...sent, context: { ...sent.context, isDataRequest: byScript } } as ActionFunctionArgs;
  const answer = (await register.action(args)) as unknown as { data: typeof page };
  const wordsOf = ({ form, consents }: typeof page) => [form.lead, consents.map(({ label }) => label)];
  expect(wordsOf(answer.data)).toEqual(wordsOf(page));
});
