import { afterAll, beforeAll, expect, test } from "vitest";
import * as accountData from "~/routes/account_.data";
import * as rights from "~/routes/admin.users_.$id.rights";
import { type ApiApp, startApiApp } from "~/test/api-app";
import { pageBuild } from "~/test/page-app";
import { startSession } from "~server/auth/auth";
import { endSessionsOf } from "~server/auth/sessions";
import { lockPerson } from "~server/database/lock-person";
import { blocked } from "~server/test/database";
import { makeAdmin, makeUser } from "~server/test/factories";
import { sessionCookieOf } from "~server/test/sign-in";

let app: ApiApp;
beforeAll(async () => {
  app = await startApiApp({}, pageBuild({ "account/data": accountData, "admin/users/:id/rights": rights }));
});
afterAll(() => app.stop());

/** The fields of the form with the person's details, as a browser would send them. */
function shownIn(page: string): Record<string, string> {
  const form = page.split("<form").find((part) => part.includes('name="firstName"')) ?? "";
  const read = (text: string) => text.replaceAll("&quot;", '"').replaceAll("&#x27;", "'").replaceAll("&amp;", "&");
  const attribute = (input: string, name: string) => read(new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? "");
  const inputs = [...form.matchAll(/<input [^>]*>/g)].map(([input]) => input);
  return Object.fromEntries(inputs.map((input) => [attribute(input, "name"), attribute(input, "value")]));
}

const person = { firstName: 'Зоя "Зо" О\'Нил', lastName: "Смит", company: "Рога & копыта" };

for (const language of ["ru", "en"])
  for (const who of ["person", "administrator"])
    for (const phoneExtension of [null, "7", "0123456789"])
      test(`details that are sent as they were shown change nothing: ${who}, ${language}, extension ${phoneExtension}`, async () => {
        const { db } = app.services;
        const user = await makeUser(db, { ...person, phoneExtension });
        const sender = who === "person" ? user : await makeAdmin(db);
        const cookie = await sessionCookieOf(app.services, sender.id);
        const headers = { cookie, "accept-language": language };
        const path = who === "person" ? "/account/data" : `/admin/users/${user.id}/rights`;

        const fields = shownIn(await (await app.fetch(path, { headers })).text());
        const names = ["firstName", "lastName", "company", "phone"];
        const shown = [...names, "phoneExtension"].map((name) => `shown.${name}`);
        expect(Object.keys(fields)).toEqual([...names, ...shown, ...(who === "person" ? ["person"] : [])]);
        const body = new URLSearchParams({ ...fields, intent: "details" });
        expect((await app.fetch(path, { method: "POST", headers, body })).status).toBe(200);

        expect(await db.user.findUniqueOrThrow({ where: { id: user.id } })).toEqual(user);
        expect(await db.crmCorrection.count({ where: { userId: user.id } })).toBe(0);
      });

for (const language of ["ru", "en"])
  test(`who corrects a person beside another takes nothing back that was changed meanwhile, and says what of the same was (${language})`, async () => {
    const { db } = app.services;
    const user = await makeUser(db, { ...person, phoneExtension: "7" });
    const cookie = (await startSession(app.services, (await makeAdmin(db)).id, null)).split(";")[0] ?? "";
    const path = `/admin/users/${user.id}/rights`;
    const headers = { cookie, "accept-language": language };
    const send = (fields: Record<string, string>) =>
      app.fetch(path, { method: "POST", headers, body: new URLSearchParams({ ...fields, intent: "details" }) });
    const stored = () => db.user.findUniqueOrThrow({ where: { id: user.id } });

    const opened = shownIn(await (await app.fetch(path, { headers })).text());
    const meanwhile = { company: "Рога", phone: "+79161112233", phoneExtension: null };
    await db.user.update({ where: { id: user.id }, data: meanwhile });

    // Refused for what was typed, a form still knows what it showed at first.
    const refused = shownIn(await (await send({ ...opened, firstName: "" })).text());
    expect((await send({ ...refused, firstName: "Зоя" })).status).toBe(200);
    expect(await stored()).toMatchObject({ ...meanwhile, firstName: "Зоя" });

    const typed = { ...opened, company: "Копыта" };
    const overtaken = await send(typed);
    expect(overtaken.status).toBe(409);
    const page = await overtaken.text();
    expect(page).toContain(language === "ru" ? "Сейчас здесь: «Рога»" : "Now: “Рога”");
    const again = shownIn(page);
    expect(again).toMatchObject({ company: "Копыта", firstName: "Зоя", phone: meanwhile.phone });
    expect(await stored()).toMatchObject({ ...meanwhile, firstName: "Зоя" });
    expect((await send(again)).status).toBe(200);
    expect(await stored()).toMatchObject({ ...meanwhile, firstName: "Зоя", company: "Копыта" });
  });

test("a form of details of an earlier release, which does not say what it showed, replaces them all", async () => {
  const { db } = app.services;
  const user = await makeUser(db, person);
  const cookie = await sessionCookieOf(app.services, user.id);
  const body = new URLSearchParams({ intent: "details", firstName: "Зоя", phone: "+79161112233" });
  expect((await app.fetch("/account/data", { method: "POST", headers: { cookie }, body })).status).toBe(200);
  const changed = { firstName: "Зоя", lastName: null, company: null, phone: "+79161112233" };
  expect(await db.user.findUniqueOrThrow({ where: { id: user.id } })).toMatchObject(changed);
});

test("a person whose sessions end while another address is asked for is sent to sign in again", async () => {
  const { db } = app.services;
  const { id, email } = await makeUser(db);
  const cookie = await sessionCookieOf(app.services, id);
  const body = new URLSearchParams({ intent: "email", email: `next-${email}` });
  let asking: Promise<Response> | undefined;
  await db.$transaction(
    async (tx) => {
      await lockPerson(tx, id);
      asking = app.fetch("/account/data", { method: "POST", headers: { cookie }, body, redirect: "manual" });
      await expect.poll(() => blocked(app.services)).toBe(1);
      await endSessionsOf(tx, id);
    },
    { timeout: 240_000 },
  );
  const answer = await asking;
  expect([answer?.status, answer?.headers.get("location")]).toEqual([302, "/login?redirectTo=%2Faccount%2Fdata"]);
});
