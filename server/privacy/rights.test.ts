import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { startSession } from "../auth/auth";
import { changePassword } from "../auth/own-password";
import { hashPassword, verifyPassword } from "../auth/password";
import { setPaid } from "../payments/payments";
import { registerUser } from "../registration/registration";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { makeAdmin, makeUser, userOf } from "../test/factories";
import { newSessionOf, sessionCookieOf } from "../test/sign-in";
import { changeDetails, detailsSchema, requestEmailChange } from "./change-details";
import { giveConsent, listConsents, withdrawConsent } from "./consents";
import { copyPerson } from "./own-data";

let crm: CrmHarness;
let count = 0;
beforeAll(async () => {
  crm = await createCrmHarness();
});
afterAll(() => crm.close());

const own = (id: number) => ({ actor: { kind: "USER", id, role: "USER" } as const, userId: id });

async function register() {
  const email = `rights-${++count}@example.com`;
  const touch = { utm_source: "vk", utm_campaign: "autumn" };
  const { id } = await registerUser(crm.services, {
    input: {
      firstName: "Анна",
      lastName: "О'Нил",
      company: "Ромашка",
      email,
      phone: `+7925${String(1_000_000 + count)}`,
      password: "correct horse battery",
      consent: "on",
    },
    utm: { first: touch, last: touch } as never,
    locale: "ru",
  });
  return { id, email };
}

test("a copy holds everything that is kept of the person, and the portal's numbers for administrators only", async () => {
  const { db } = crm.services;
  const { id, email } = await register();
  const admin = await makeAdmin(db);
  await startSession(crm.services, id, "Firefox");
  await db.signIn.create({ data: { userId: id, userAgent: "Firefox", address: "203.0.113.9" } });
  await setPaid(crm.services, { actor: admin, userId: id, isPaid: true, origin: "page" });
  await db.user.update({ where: { id }, data: { bitrix24ContactId: 3001, bitrix24DealId: 7001 } });

  const user = { firstName: "Анна", email, bitrix24ContactId: 3001, bitrix24DealId: 7001 };
  const webhook = { url: "https://receiver.example/", events: [], sealedSecret: "sealed", createdById: admin.id };
  const sent = { event: "payment.changed", userId: id, state: "delivered", body: JSON.stringify({ data: { user } }) };
  await db.webhook.create({
    data: { ...webhook, deliveries: { create: [sent, { event: "registration.synced", userId: id }] } },
  });

  const copy = await copyPerson(crm.services, { ...own(id), forAdministrator: false });
  expect(JSON.parse(JSON.stringify(copy))).toMatchObject({
    person: { id, firstName: "Анна", lastName: "О'Нил", company: "Ромашка", email, isPaid: true, source: "vk" },
    origin: { firstVisit: { utm_campaign: "autumn" }, lastVisit: { utm_source: "vk" } },
    consents: [{ kind: "registration", language: "ru", withdrawnAt: null, text: expect.any(Array) }],
    payments: [{ isPaid: true, by: "user" }],
    sessions: [{ userAgent: "Firefox" }],
    signIns: [{ userAgent: "Firefox", address: "203.0.113.9" }],
    history: expect.arrayContaining([expect.objectContaining({ what: "payment.set" })]),
    toldToOtherPrograms: [
      { event: "payment.changed", state: "delivered", content: { data: { user: { firstName: "Анна", email } } } },
      { event: "registration.synced", state: "pending", content: null },
    ],
  });
  expect(JSON.stringify(copy)).not.toMatch(/passwordHash|argon2|3001|7001|sealed|receiver/);
  const forAdmin = await copyPerson(crm.services, { actor: admin, userId: id, forAdministrator: true });
  expect(forAdmin.person).toMatchObject({ bitrix24ContactId: 3001, bitrix24DealId: 7001 });
  expect(forAdmin.toldToOtherPrograms).toMatchObject([{ content: { data: { user } } }, { content: null }]);
  expect(await db.auditEntry.count({ where: { action: "person.export", targetId: id } })).toBe(2);
});

test("a copy tells its person in the same words of a contact that was found on the portal and of one that was made", async () => {
  const { db } = crm.services;
  const admin = await makeAdmin(db);
  const at = new Date("2026-05-01T10:00:00Z");
  const before = { firstName: "Анна" };
  const step = (method: string) => ({ method, outcome: "OK", durationMs: 1, attempt: 1, at }) as const;
  const copies = async (method: string, correction: { state: string; settledAt: Date | null; told: object[] }) => {
    const { id } = await makeUser(db, { crmState: "SYNCED", crmSyncedAt: at });
    await db.crmLog.createMany({ data: [method, "crm.item.update"].map((name) => ({ ...step(name), userId: id })) });
    await db.crmCorrection.create({ data: { userId: id, changedAt: at, ...correction } });
    const parts = async (by: Actor, forAdministrator: boolean) => {
      const { handingOver, lastCorrection } = await copyPerson(crm.services, {
        actor: by,
        userId: id,
        forAdministrator,
      });
      return { handingOver, lastCorrection };
    };
    return { own: await parts(own(id).actor, false), full: await parts(admin, true) };
  };
  const handingOver = [{ at, step: "handed over" }];
  const found = await copies("link", { state: "noted", settledAt: at, told: [] });
  const made = await copies("crm.item.add", { state: "done", settledAt: at, told: [] });
  for (const { own: told } of [found, made])
    expect(told).toEqual({ handingOver, lastCorrection: { at, inCrm: "settled", settledAt: at, before: [] } });
  expect(found.full).toMatchObject({
    handingOver: [{ step: "link", outcome: "OK" }, {}],
    lastCorrection: { inCrm: "noted" },
  });

  const waiting = { state: "pending", settledAt: null };
  // What was sent to the contact is noted; to one that was found nothing is sent.
  const foundWaits = await copies("link", { ...waiting, told: [before] });
  const madeWaits = await copies("crm.item.add", { ...waiting, told: [before, { firstName: "Мария" }] });
  for (const { own: told } of [foundWaits, madeWaits])
    expect(told.lastCorrection).toEqual({ at, inCrm: "pending", settledAt: null, before: [before] });
});

test("a copy of one who is complete without records on the portal says that nothing was handed over", async () => {
  const { id } = await makeUser(crm.services.db, { crmState: "SYNCED" });
  const copy = await copyPerson(crm.services, { ...own(id), forAdministrator: false });
  expect(copy).toMatchObject({ person: { handedOver: false, handedOverAt: null }, handingOver: [] });
});

test("the copies that a person takes within an hour are one entry of the log, an administrator's each their own", async () => {
  const { id } = await register();
  const admin = await makeAdmin(crm.services.db);
  await copyPerson(crm.services, { actor: admin, userId: id, forAdministrator: true });
  for (let copies = 0; copies < 3; copies++) await copyPerson(crm.services, { ...own(id), forAdministrator: false });
  await copyPerson(crm.services, { actor: admin, userId: id, forAdministrator: true });
  const where = { action: "person.export", targetId: id };
  const entries = await crm.services.db.auditEntry.findMany({ where, orderBy: { id: "asc" } });
  expect(entries.map(({ actorId, details }) => [actorId, details])).toEqual([
    [admin.id, {}],
    [id, { count: 3 }],
    [admin.id, {}],
  ]);
});

test("a copy tells of a token what it may do, until when, and from where it was used last", async () => {
  const { id } = await register();
  const token = { name: "Shop", scopes: ["read"], expiresAt: new Date(), lastUsedAt: new Date(), revokedAt: null };
  const used = { ...token, lastUsedAddress: "192.0.2.8" };
  await crm.services.db.apiToken.create({ data: { ...used, userId: id, hash: "copied" } });
  const { apiTokens } = await copyPerson(crm.services, { ...own(id), forAdministrator: false });
  expect(apiTokens).toEqual([{ ...used, createdAt: expect.any(Date) }]);
});

test("of very many rows a copy has the newest, and says what it leaves out", async () => {
  const { id } = await register();
  const addresses = Array.from({ length: 2_001 }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
  await crm.services.db.signIn.createMany({ data: addresses.map((address) => ({ userId: id, address })) });
  const consent = { userId: id, kind: "ads", version: "1", locale: "ru" };
  await crm.services.db.consent.createMany({ data: Array(150).fill(consent) });
  const all = await copyPerson(crm.services, { ...own(id), forAdministrator: false });
  expect([all.consents, all.withoutOlderRows]).toMatchObject([{ length: 151 }, ["signIns"]]);
  await crm.services.db.consent.createMany({ data: Array(1_851).fill(consent) });
  const copy = await copyPerson(crm.services, { ...own(id), forAdministrator: false });
  const told = (copy.signIns as { address: string }[]).map(({ address }) => address);
  expect(told).toEqual(addresses.slice(1));
  expect(copy.withoutOlderRows).toEqual(["consents", "signIns"]);
});

test("details are corrected by the form's own rules, and the audit names the fields alone", async () => {
  const { id } = await register();
  expect(detailsSchema.safeParse({ firstName: "", phone: "12" }).success).toBe(false);
  expect(detailsSchema.safeParse({ firstName: "A", phone: "+79251234567", email: "x@example.com" }).success).toBe(
    false,
  );
  const details = detailsSchema.parse({ firstName: " Мария ", phone: "8 925 123-45-67" });
  expect(await changeDetails(crm.services, { ...own(id), details })).toEqual({
    changed: ["firstName", "lastName", "company", "phone"],
  });
  const corrected = { firstName: "Мария", lastName: null, company: null, phone: "+79251234567" };
  expect(await userOf(crm, id)).toMatchObject(corrected);
  expect(await changeDetails(crm.services, { ...own(id), details })).toEqual({ changed: [] });
  const entries = await crm.services.db.auditEntry.findMany({ where: { action: "person.change", targetId: id } });
  expect(entries.map((entry) => entry.details)).toEqual([{ fields: ["firstName", "lastName", "company", "phone"] }]);
});

for (const [place, spam] of [
  ["first name", { firstName: "Win at casino.com" }],
  ["last name", { lastName: "8 912 345-67-89" }],
  ["company", { company: "www.spam.example" }],
] as const)
  test(`a corrected ${place} is as little a place for advertising as a registered one`, () => {
    const sound: Record<string, string> = { firstName: "Анна", phone: "+79251234567" };
    const parsed = detailsSchema.safeParse({ ...sound, ...spam });
    expect(parsed.error?.issues.map(({ path, message }) => [path[0], message])).toEqual([
      [Object.keys(spam)[0], "no_links"],
    ]);
  });

test("another e-mail is asked for, not set; a taken one and the same one are told", async () => {
  const { id, email } = await register();
  const other = await register();
  const sessionId = await newSessionOf(crm.services, id);
  const ask = (to: string) => requestEmailChange(crm.services, { ...own(id), email: to, sessionId });
  expect(await ask(email.toUpperCase())).toBe("same");
  expect(await ask(other.email)).toBe("taken");
  expect(await ask(`next-${email}`)).toBe("asked");
  expect((await userOf(crm, id)).email).toBe(email);
  await expect.poll(() => crm.mails.some((mail) => mail.to === `next-${email}`)).toBe(true);
  expect(await ask(`third-${email}`)).toBe("asked");
  expect(await ask(`fourth-${email}`)).toBe("limited");
});

test("a person cannot ask for one address after the other whether it is registered", async () => {
  const { id, email } = await register();
  const others = [await register(), await register(), await register()];
  const sessionId = await newSessionOf(crm.services, id);
  const ask = (to: string) => requestEmailChange(crm.services, { ...own(id), email: to, sessionId });
  for (const other of others) expect(await ask(other.email)).toBe("taken");
  for (const to of [others[0]?.email ?? "", `free-${email}`]) expect(await ask(to)).toBe("limited");
  expect(await ask(email)).toBe("same");
});

test("where no mail can be sent only an administrator changes the e-mail, and it counts as not confirmed", async () => {
  const { id, email } = await register();
  await crm.services.db.user.update({ where: { id }, data: { emailConfirmedAt: new Date() } });
  const production = {
    ...crm.services,
    env: { ...crm.services.env, NODE_ENV: "production" as const, SMTP_URL: undefined },
  };
  const other = await register();
  const asked = { ...own(id), sessionId: await newSessionOf(crm.services, id) };
  for (const to of [`off-${email}`, other.email])
    expect(await requestEmailChange(production, { ...asked, email: to })).toBe("off");
  const admin = await makeAdmin(crm.services.db);
  const sessionId = await newSessionOf(crm.services, admin.id);
  const ask = (to: string) => requestEmailChange(production, { actor: admin, userId: id, email: to, sessionId });
  for (let times = 0; times < 4; times++) expect(await ask(other.email)).toBe("taken");
  expect(await ask(`off-${email}`)).toBe("changed");
  expect(await userOf(crm, id)).toMatchObject({ email: `off-${email}`, emailConfirmedAt: null });
});

test("a new password needs the old one, and ends the other sessions", async () => {
  const { db } = crm.services;
  const { id } = await makeUser(db, { passwordHash: await hashPassword("the old password") });
  const here = await sessionCookieOf(crm.services, id);
  await startSession(crm.services, id, null);
  const change = (current: string, next: string) =>
    changePassword(crm.services, { actor: own(id).actor, current, next, cookieHeader: here });
  await expect(change("wrong", "a long new password")).rejects.toMatchObject({ code: "UNAUTHORIZED" });
  await expect(change("the old password", "12345678")).rejects.toMatchObject({ code: "INVALID" });
  await change("the old password", "a long new password");
  expect(await db.session.count({ where: { userId: id } })).toBe(1);
  expect(await verifyPassword((await userOf(crm, id)).passwordHash, "a long new password")).toBe(true);
  const changes = { targetId: id, action: "password.change" };
  expect(await db.auditEntry.findMany({ where: changes })).toMatchObject([{ actorKind: "USER", actorId: id }]);
});

test("a withdrawn consent is on record, keeps the registration from the CRM, and may be given again", async () => {
  const { id } = await register();
  await withdrawConsent(crm.services, own(id));
  await withdrawConsent(crm.services, own(id));
  expect(await userOf(crm, id)).toMatchObject({ crmState: "HELD", holds: ["consent"] });
  const [withdrawn, ...others] = await listConsents(crm.services, id);
  expect(others).toEqual([]);
  expect(withdrawn?.withdrawnAt).not.toBeNull();

  await giveConsent(crm.services, { ...own(id), locale: "en" });
  await giveConsent(crm.services, { ...own(id), locale: "en" });
  expect(await userOf(crm, id)).toMatchObject({ crmState: "PENDING", holds: [] });
  const consents = await listConsents(crm.services, id);
  expect(consents.map(({ locale, withdrawnAt }) => [locale, withdrawnAt === null])).toEqual([
    ["en", true],
    ["ru", false],
  ]);
  const actions = (await crm.services.db.auditEntry.findMany({ where: { targetId: id } })).map(({ action }) => action);
  expect(actions).toEqual(["consent.withdraw", "consent.give"]);
});

test("who was imported may withdraw as well", async () => {
  const { id } = await makeUser(crm.services.db, { crmState: "SYNCED" });
  await withdrawConsent(crm.services, own(id));
  expect((await listConsents(crm.services, id))[0]?.withdrawnAt).not.toBeNull();
  expect((await userOf(crm, id)).crmState).toBe("SYNCED");
});
