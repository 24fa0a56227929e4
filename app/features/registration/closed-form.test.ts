import type { ActionFunctionArgs, AppLoadContext, LoaderFunctionArgs } from "@remix-run/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as embedded from "~/routes/embed.($form)";
import * as ownPage from "~/routes/register_.$form";
import { createAttemptLimit } from "~server/attempts/attempt-limit";
import { openConsents } from "~server/consents/consents";
import { openForms } from "~server/forms/forms";
import { createTestServices, type TestServices } from "~server/test/services";

const APP_URL = "https://desk.example";

let tests: TestServices;
let context: AppLoadContext;

beforeAll(async () => {
  tests = await createTestServices({ APP_URL });
  const services = {
    ...tests,
    forms: await openForms(tests, { follow: false }),
    consents: await openConsents(tests, { follow: false }),
  };
  const limit = (name: string) => createAttemptLimit(services, { name, attempts: 50 });
  context = {
    services,
    limits: { register: limit("register"), registerDay: limit("register-day"), login: limit("login") },
    signUps: { state: async () => ({ held: false, unusual: false }), refresh: () => {} },
    clientIp: "203.0.113.5",
    requestId: "test",
    session: { user: null },
  } as unknown as AppLoadContext;
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
    context,
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
