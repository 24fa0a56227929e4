import { afterAll, beforeAll, expect, test } from "vitest";
import * as account from "~/routes/account";
import * as embed from "~/routes/embed.($form)";
import * as login from "~/routes/login";
import * as loginCode from "~/routes/login_.code";
import * as register from "~/routes/register";
import * as registerBy from "~/routes/register_.$form";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { hashPassword } from "~server/auth/password";
import { pendingSignIn } from "~server/auth/second-factor/pending-sign-in";
import { honeypotField, stampField } from "~server/registration/form-fields";
import { stampForm } from "~server/registration/form-guard";
import { makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";

/** What a browser without scripts is answered: the page after a form that was refused. */

let app: ApiApp;
/** Of the other tab, which has signed the browser in. */
let signedIn: string;

beforeAll(async () => {
  const pages = {
    account,
    register,
    "register/:form": registerBy,
    "embed/:form": embed,
    login,
    "login/code": loginCode,
  };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
  const { db } = app.services;
  await db.form.createMany({
    data: [
      { slug: "open", name: "" },
      { slug: "closed", name: "", closedAt: new Date() },
    ],
  });
  await app.services.forms.reload();
  const { id } = await makeUser(db);
  signedIn = await sessionCookieOf(app.services, id);
});
afterAll(() => app.stop());

async function post(path: string, fields: Record<string, string>, cookie = "") {
  const answer = await app.fetch(path, { method: "POST", headers: { cookie }, body: new URLSearchParams(fields) });
  return { status: answer.status, text: await answer.text(), to: answer.headers.get("location") };
}

const registration = (more: Record<string, string> = {}) => ({
  [honeypotField]: "",
  [stampField]: stampForm(app.services.env.SESSION_SECRET),
  firstName: "Aurelia",
  email: "aurelia@kept.example",
  phone: "+79161234567",
  password: "correct horse battery",
  consent: "on",
  ...more,
});

for (const path of ["/register", "/register/open"]) {
  test(`${path}: what was typed stays where another tab has signed the browser in meanwhile`, async () => {
    const { status, text } = await post(path, registration({ phone: "12" }), signedIn);
    expect(status).toBe(400);
    expect(text).toContain('value="Aurelia"');
    expect(text).toContain('value="aurelia@kept.example"');
    expect(text).not.toContain("correct horse");
  });

  test(`${path}: so it does for an address that is registered`, async () => {
    const { email } = await makeUser(app.services.db);
    const { status, text } = await post(path, registration({ email }), signedIn);
    expect(status).toBe(409);
    expect(text).toContain(`value="${email}"`);
  });

  test(`${path}: who is signed in and opens the page is led to the account`, async () => {
    const answer = await app.fetch(path, { headers: { cookie: signedIn } });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/account"]);
  });
}

for (const path of ["/register/closed", "/embed/closed"])
  test(`${path}: a form that was closed meanwhile shows what was typed, and is gone for who opens it`, async () => {
    const { status, text } = await post(path, registration());
    expect(status).toBe(410);
    expect(text).toContain('value="Aurelia"');
    expect((await app.fetch(path)).status).toBe(410);
  });

test("a form whose address was changed meanwhile shows what was typed", async () => {
  const { db, forms } = app.services;
  const form = await db.form.create({ data: { slug: "former", name: "" } });
  await db.formChange.create({
    data: { formId: form.id, actorKind: "SYSTEM", before: { slug: "former" }, after: { slug: "present" } },
  });
  await db.form.update({ where: { id: form.id }, data: { slug: "present" } });
  await forms.reload();
  const opened = await app.fetch("/register/former");
  expect([opened.status, opened.headers.get("location")]).toEqual([302, "/register/present"]);
  const { status, text } = await post("/register/former", registration({ phone: "12" }));
  expect(status).toBe(400);
  expect(text).toContain('value="Aurelia"');
});

test("a refused sign-in says why and keeps the address where another tab has signed the browser in", async () => {
  const { status, text } = await post("/login", { email: "aurelia@kept.example", password: "wrong" }, signedIn);
  expect(status).toBe(400);
  expect(text).toContain('value="aurelia@kept.example"');
});

test("a wrong code is told to be wrong where another tab has signed the browser in", async () => {
  const { db, env } = app.services;
  const passwordHash = await hashPassword("correct horse battery");
  const { id } = await makeUser(db, { passwordHash });
  const { enabledAt } = await db.secondFactor.create({ data: { userId: id, secret: "sealed", lastStep: 0 } });
  const pending = pendingSignIn(env, { id, passwordHash, secondFactor: { enabledAt } }).split(";")[0];
  const { status } = await post("/login/code", { code: "123456" }, `${signedIn}; ${pending}`);
  expect(status).toBe(400);
});

/** Where a guest without any cookie is sent who comes from that page. */
const sentFrom = async (referer: string) => {
  const answer = await app.fetch("/account", { headers: { referer } });
  return new URL(answer.headers.get("location") ?? "", "http://localhost:3000").searchParams.get("cookies");
};

for (const [page, form] of [
  ["/register", "register"],
  ["/register?utm_source=vk", "register"],
  ["/Register/", "register"],
  ["/register/open", "register"],
  ["/REGISTER/Open/?utm_source=vk", "register"],
  ["/login", "login"],
  ["/Login/?redirectTo=%2Faccount", "login"],
  ["/registered", null],
  ["/register/open/more", null],
  ["/login/code", null],
  ["/", null],
] as const)
  test(`a browser without cookies that comes from ${page} is ${form ? `told of the form ${form}` : "told nothing"}`, async () => {
    expect(await sentFrom(`http://localhost:3000${page}`)).toBe(form);
  });
