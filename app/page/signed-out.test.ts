import { afterAll, beforeAll, expect, test } from "vitest";
import * as accountData from "~/routes/account_.data";
import * as importing from "~/routes/admin.import";
import * as webhooks from "~/routes/admin.webhooks";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { startSession } from "~server/auth/auth";
import { rememberDevice } from "~server/auth/known-device";
import { makeAdmin, makeUser } from "~server/test/factories";

let app: ApiApp;

beforeAll(async () => {
  const pages = { "account/data": accountData, "admin/webhooks": webhooks, "admin/import": importing };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
});
afterAll(() => app.stop());

const cookieOf = (setCookie: string) => setCookie.split(";")[0] ?? "";

/** A person's browser, and what it brings once the session has ended: elsewhere, or by signing out in another tab. */
async function leave(person: { id: number }, how: "ended elsewhere" | "signed out") {
  const { services } = app;
  const session = cookieOf(await startSession(services, person.id, null));
  await services.db.session.deleteMany({ where: { userId: person.id } });
  return how === "signed out" ? cookieOf(rememberDevice(services.env, null, person.id)) : session;
}

const post = (path: string, cookie: string, fields: Record<string, string> | FormData) =>
  app.fetch(path, {
    method: "POST",
    headers: { cookie, "accept-language": "en" },
    body: fields instanceof FormData ? fields : new URLSearchParams(fields),
  });

/** The fields of the page's form, as a browser would send them. */
function fieldsIn(page: string): Record<string, string> {
  const read = (text: string) => text.replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&amp;", "&");
  const found = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g);
  return Object.fromEntries([...found].map(([, name = "", value = ""]) => [name, read(value)]));
}

const details = {
  intent: "details",
  firstName: 'Zoë "Zo" O\'Neill',
  lastName: "Smith & Sons",
  company: "",
  phone: "+442071838750",
};

for (const how of ["ended elsewhere", "signed out"] as const)
  test(`what was typed while the session ended is kept, and saved once the person has signed in: ${how}`, async () => {
    const { db } = app.services;
    const person = await makeUser(db);
    const answer = await post("/account/data", await leave(person, how), details);
    const page = await answer.text();
    expect(answer.status).toBe(401);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(page).toContain("<title>You are signed out · Front Desk</title>");
    expect(page).toMatch(/<a [^>]*href="\/login"[^>]*>Sign in in a new tab</);
    expect(page).toMatch(/<a [^>]*target="_blank"[^>]*>Sign in in a new tab</);
    expect(page).toContain('method="post" action="/account/data"');
    expect(fieldsIn(page)).toEqual(details);
    expect(await db.user.findUnique({ where: { id: person.id } })).toMatchObject({ firstName: person.firstName });

    const signedIn = cookieOf(await startSession(app.services, person.id, null));
    expect((await post("/account/data", signedIn, fieldsIn(page))).status).toBe(200);
    expect(await db.user.findUnique({ where: { id: person.id } })).toMatchObject({
      firstName: details.firstName,
      lastName: details.lastName,
    });
  });

test("a password that was typed does not stand in the page", async () => {
  const cookie = await leave(await makeUser(app.services.db), "ended elsewhere");
  const fields = { intent: "password", kept: "x", current: "the old secret", next: "the new secret" };
  const page = await (await post("/account/data", cookie, fields)).text();
  expect(fieldsIn(page)).toEqual({ intent: "password", kept: "x" });
  expect(page).not.toMatch(/the (old|new) secret/);
});

test("a script's form is answered with the same, in the page that is open", async () => {
  const cookie = await leave(await makeUser(app.services.db), "ended elsewhere");
  const answer = await post("/account/data.data", cookie, details);
  expect(answer.status).toBe(401);
  expect(await answer.text()).toContain("Smith & Sons");
});

test("an administrator's form is kept for who is an administrator then", async () => {
  const cookie = await leave(await makeAdmin(app.services.db), "ended elsewhere");
  const fields = { url: "https://shop.example/hook", event: "payment.changed", seen: "0" };
  const page = await (await post("/admin/webhooks?index", cookie, fields)).text();
  expect(fieldsIn(page)).toEqual(fields);
  const other = await makeUser(app.services.db);
  const session = cookieOf(await startSession(app.services, other.id, null));
  expect((await post("/admin/webhooks", session, fieldsIn(page))).status).toBe(403);
});

const toSignIn: [what: string, fields: () => Record<string, string> | FormData, path: string][] = [
  ["a button alone", () => ({ intent: "withdraw" }), "/account/data"],
  [
    "a file, which no page can send again",
    () => {
      const form = new FormData();
      form.set("intent", "upload");
      form.set("zone", "UTC");
      form.set("file", new Blob(["a;b"]), "people.csv");
      return form;
    },
    "/admin/import",
  ],
];

for (const [what, fields, path] of toSignIn)
  test(`where there is nothing to keep, the way leads to signing in: ${what}`, async () => {
    const cookie = await leave(await makeUser(app.services.db), "ended elsewhere");
    const answer = await post(path, cookie, fields());
    expect([answer.status, answer.headers.get("location")]).toEqual([
      302,
      `/login?redirectTo=${encodeURIComponent(path)}`,
    ]);
  });

test("people who have never signed in here are sent to sign in, whatever is sent", async () => {
  for (const cookie of ["", "session=made.up", "device=made-up", "lang=en"]) {
    const answer = await post("/account/data", cookie, details);
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/login?redirectTo=%2Faccount%2Fdata"]);
  }
});
