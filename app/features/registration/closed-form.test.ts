import type { ActionFunctionArgs, AppLoadContext, LoaderFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as embedded from "~/routes/embed.($form)";
import * as ownPage from "~/routes/register_.$form";
import { guestContext } from "~/test/guest-context";
import { changeForm, makeForm, storedForm } from "~server/forms/change";
import { makeAdmin } from "~server/test/factories";
import { createTestServices, type TestServices } from "~server/test/services";

const APP_URL = "https://desk.example";

let tests: TestServices;
let context: AppLoadContext;

beforeAll(async () => {
  tests = await createTestServices({ APP_URL });
  context = await guestContext(tests);
});
afterAll(() => tests.drop());

test.each([
  ["a page of this site", "register", ownPage],
  ["another site's page", "embed", embedded],
])("a form that is closed while it is open on %s says so and keeps what was typed", async (_name, path, page) => {
  const { forms } = context.services;
  const form = await tests.db.form.create({ data: { slug: `over-${path}`, name: "" } });
  await forms.reload();
  const args = (body?: URLSearchParams) => ({
    request: new Request(`${APP_URL}/${path}/${form.slug}`, body ? { method: "POST", body } : {}),
    params: { form: form.slug },
    // Each request has its own.
    context: { ...context },
  });
  const email = `late@${path}.example`;
  const { stamp, shown } = await embedded.loader(args() as LoaderFunctionArgs);
  await tests.db.form.update({ where: { id: form.id }, data: { closedAt: new Date() } });
  await forms.reload();

  const body = new URLSearchParams({
    _stamp: stamp,
    _consents: shown,
    website: "",
    firstName: "Анна",
    email,
    phone: "+79001234567",
    password: "correct horse battery",
    consent: "on",
  });
  const answer = await page.action(args(body) as ActionFunctionArgs);

  expect(answer).toMatchObject({
    data: { reply: { form: ["form_closed"], values: { firstName: "Анна", email } } },
    init: { status: 410 },
  });
  expect(JSON.stringify(answer)).not.toContain("correct horse");
  expect(await tests.db.user.count({ where: { email } })).toBe(0);
  await expect(page.loader(args() as LoaderFunctionArgs)).rejects.toMatchObject({ init: { status: 410 } });
});

test("a form whose address is changed while it is open takes what is sent, and its old links lead to it", async () => {
  const { forms } = context.services;
  const actor = await makeAdmin(tests.db);
  const services = { db: tests.db, env: context.services.env, forms };
  const id = await makeForm(services, { actor, slug: "before", name: "" });
  const argsAt = (slug: string, path: string, body?: URLSearchParams) => ({
    request: new Request(`${APP_URL}/${path}/${slug}?utm_source=vk`, body ? { method: "POST", body } : {}),
    params: { form: slug },
    context: { ...context },
  });
  const { stamp, shown } = await embedded.loader(argsAt("before", "embed") as LoaderFunctionArgs);
  const { seen } = await storedForm(services, id);
  await changeForm(services, { actor, id, seen, change: (now) => ({ ...now, slug: "after" }) });

  const moved = await ownPage
    .loader(argsAt("before", "register") as LoaderFunctionArgs)
    .catch((thrown: unknown) => thrown);
  expect(moved).toBeInstanceOf(Response);
  expect((moved as Response).headers.get("Location")).toBe("/register/after?utm_source=vk");
  expect(await embedded.loader(argsAt("before", "embed") as LoaderFunctionArgs)).toMatchObject({
    stamp: expect.any(String),
  });
  for (const [path, page] of [
    ["register", ownPage],
    ["embed", embedded],
  ] as const) {
    const body = new URLSearchParams({ _stamp: stamp, _consents: shown, website: "", firstName: "Анна", phone: "" });
    const answer = await page.action(argsAt("before", path, body) as ActionFunctionArgs);
    // The form's own words about what is missing, and no error page.
    expect(answer).toMatchObject({ data: { reply: { values: { firstName: "Анна" } } }, init: { status: 400 } });
  }
});
