import { afterAll, beforeAll, expect, test } from "vitest";
import { codeInput } from "~/features/second-factor/forms";
import * as accountData from "~/routes/account_.data";
import * as importing from "~/routes/admin.import";
import * as settingsGroup from "~/routes/admin.settings_.$group";
import * as formEditor from "~/routes/admin.settings_.forms_.$id";
import * as logo from "~/routes/admin.settings_.logo";
import * as webhooks from "~/routes/admin.webhooks";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { rememberDevice } from "~server/auth/known-device";
import { settingKeys, settings } from "~server/settings/definitions";
import { sealText } from "~server/settings/secret-text";
import { makeAdmin, makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";
import { passwordAgainField } from "./interruption";

let app: ApiApp;

beforeAll(async () => {
  const pages = {
    "account/data": accountData,
    "admin/webhooks": webhooks,
    "admin/import": importing,
    "admin/settings/logo": logo,
    "admin/settings/:group": settingsGroup,
    "admin/settings/forms/:id": formEditor,
  };
  app = await startApiApp({ APP_URL: "http://localhost:3000" }, pageBuild(pages));
});
afterAll(() => app.stop());

const cookieOf = (setCookie: string) => setCookie.split(";")[0] ?? "";

/** A person's browser, and what it brings once the session has ended: elsewhere, or by signing out in another tab. */
async function leave(person: { id: number }, how: "ended elsewhere" | "signed out") {
  const { services } = app;
  const session = await sessionCookieOf(services, person.id);
  await services.db.session.deleteMany({ where: { userId: person.id } });
  return how === "signed out"
    ? cookieOf(rememberDevice(services.env, null, { id: person.id, passwordHash: null, secondFactor: null }))
    : session;
}

const post = (path: string, cookie: string, fields: Record<string, string> | FormData | URLSearchParams) =>
  app.fetch(path, {
    method: "POST",
    headers: { cookie, "accept-language": "en" },
    body: fields instanceof FormData || fields instanceof URLSearchParams ? fields : new URLSearchParams(fields),
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
    expect(page).toMatch(/<a [^>]*href="\/login"[^>]*>Sign in \(opens a new tab\)</);
    expect(page).toMatch(/<a [^>]*target="_blank"[^>]*>Sign in \(opens a new tab\)</);
    expect(page).toContain('method="post" action="/account/data"');
    expect(fieldsIn(page)).toEqual(details);
    expect(await db.user.findUnique({ where: { id: person.id } })).toMatchObject({ firstName: person.firstName });

    const signedIn = await sessionCookieOf(app.services, person.id);
    expect((await post("/account/data", signedIn, fieldsIn(page))).status).toBe(200);
    expect(await db.user.findUnique({ where: { id: person.id } })).toMatchObject({
      firstName: details.firstName,
      lastName: details.lastName,
    });
  });

test("a form that says only whose it is holds nothing to keep", async () => {
  const person = await makeUser(app.services.db);
  const cookie = await leave(person, "ended elsewhere");
  const answer = await post("/account/data", cookie, {
    intent: "erase",
    person: String(person.id),
    password: "secret",
  });
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "/login?redirectTo=%2Faccount%2Fdata"]);
});

test("a password that was typed does not stand in the page", async () => {
  const cookie = await leave(await makeUser(app.services.db), "ended elsewhere");
  const fields = { intent: "password", kept: "x", current: "the old secret", next: "the new secret" };
  const page = await (await post("/account/data", cookie, fields)).text();
  expect(fieldsIn(page)).toEqual({ intent: "password", kept: "x" });
  expect(page).not.toMatch(/the (old|new) secret/);
});

/** What the pages' sources call their inputs for passwords. */
function passwordNames(): string[] {
  const sources = import.meta.glob<string>("../{components,features,routes}/**/*.tsx", {
    query: "?raw",
    import: "default",
    eager: true,
  });
  return Object.values(sources).flatMap((source) =>
    [...source.matchAll(/<\w*Field\b[^<]*/g)].flatMap(([tag]) =>
      /^<PasswordField|type="password"|autoComplete="(?:new|current)-password"/.test(tag)
        ? (/ name="([^"]+)"/.exec(tag)?.[1] ?? [])
        : [],
    ),
  );
}

test("no password, code or secret setting of any page stands in the page, and all else does", async () => {
  const cookie = await leave(await makeAdmin(app.services.db), "ended elsewhere");
  const secretKeys = settingKeys.filter((key) => settings[key].input === "secret");
  const secrets = [...passwordNames(), "password", codeInput.name, passwordAgainField, ...secretKeys];
  expect(secrets).toEqual(expect.arrayContaining(["current", "next", "alertUrl", "alertTelegramToken"]));
  const typed = Object.fromEntries(secrets.map((name) => [name, `hidden-${name}`]));
  const kept = {
    seen: "3",
    alertEmail: "me@example.com",
    "alertTelegramToken.remove": "on",
    alertTelegramChat: "-100",
  };
  const page = await (await post("/admin/settings/alerts", cookie, { ...kept, ...typed })).text();
  expect(fieldsIn(page)).toEqual(kept);
  expect(page).not.toContain("hidden-");
});

test("the second step of a form is not kept without its secret, and kept whole if that is removed", async () => {
  const { env, db } = app.services;
  const cookie = await leave(await makeAdmin(db), "ended elsewhere");
  const removed = { seen: "3", step: "save", alertTelegramToken: "", alertUrl: "", alertTelegramChat: "-100" };
  expect(fieldsIn(await (await post("/admin/settings/alerts", cookie, removed)).text())).toEqual(removed);
  for (const step of ["save", "check"]) {
    const sealed = { ...removed, step, alertTelegramToken: sealText(env, "alertTelegramToken", "123:abc") };
    const answer = await post("/admin/settings/alerts", cookie, sealed);
    expect([answer.status, answer.headers.get("location")]).toEqual([
      302,
      "/login?redirectTo=%2Fadmin%2Fsettings%2Falerts",
    ]);
  }
});

test("a form with more texts than any page has is not kept, and the editor's largest is", async () => {
  const cookie = await leave(await makeAdmin(app.services.db), "ended elsewhere");
  const status = async (path: string, count: number) => {
    const fields = Array.from({ length: count }, (_, n): [string, string] => [`label.q_${n}.en`, "1"]);
    return (await post(path, cookie, new URLSearchParams(fields))).status;
  };
  expect(await status("/admin/settings/forms/1?section=questions", 2_000)).toBe(401);
  expect(await status("/admin/settings/forms/1?section=questions", 2_001)).toBe(302);
  expect(await status("/account/data", 2_001)).toBe(302);
});

for (const path of [
  "/admin/import",
  "/admin/import.data",
  "/ADMIN/import/",
  "/admin/settings/logo",
  "/admin/settings/l%6Fgo",
])
  test(`where files are uploaded, no form is kept: ${path}`, async () => {
    const cookie = await leave(await makeAdmin(app.services.db), "ended elsewhere");
    const answer = await post(path, cookie, { kept: "x" });
    expect(answer.status).not.toBe(401);
    expect(await answer.text()).not.toContain("You are signed out");
  });

test("a script's form is answered with the same, in the page that is open", async () => {
  const cookie = await leave(await makeUser(app.services.db), "ended elsewhere");
  const answer = await post("/account/data.data", cookie, details);
  expect(answer.status).toBe(401);
  const text = await answer.text();
  expect(text).toContain("Smith & Sons");
  // Where the form is sent again is a page, not what a script asks.
  expect(text).toContain('"/account/data"');
  expect(text).not.toContain("/account/data.data");
});

test("an administrator's form is kept for who is an administrator then", async () => {
  const cookie = await leave(await makeAdmin(app.services.db), "ended elsewhere");
  const fields = { url: "https://shop.example/hook", event: "payment.changed", seen: "0" };
  const page = await (await post("/admin/webhooks?index", cookie, fields)).text();
  expect(fieldsIn(page)).toEqual(fields);
  const other = await makeUser(app.services.db);
  const session = await sessionCookieOf(app.services, other.id);
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
  const madeUp = [
    "session=made.up",
    `session=${"A".repeat(43)}.${"A".repeat(43)}`,
    "device=made-up",
    `device=${"A".repeat(22)}.${"A".repeat(43)}`,
    `device=${"A".repeat(22)}${`.${"A".repeat(43)}`.repeat(6)}`,
  ];
  for (const cookie of ["", ...madeUp, "lang=en"]) {
    const answer = await post("/account/data", cookie, details);
    expect([answer.status, answer.headers.get("location")]).toEqual([302, "/login?redirectTo=%2Faccount%2Fdata"]);
  }
});
