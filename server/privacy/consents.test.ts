import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { builtInWording } from "../consents/built-in";
import { newestConsentChange, retireConsent, saveConsent } from "../consents/change";
import type { ConsentDraft } from "../consents/draft";
import { givenConsent } from "../consents/record";
import { parseEnv } from "../platform/env";
import { registerByProgram } from "../registration/register-by-program";
import { registerUser } from "../registration/registration";
import { type CrmHarness, createCrmHarness } from "../test/crm";
import { makeAdmin, makeUser, userOf } from "../test/factories";
import { applyRetention } from "../test/retention";
import { giveConsent, listConsents, processingWithdrawnAt, withdrawConsent } from "./consents";
import { erasePerson } from "./erase";
import { copyPerson } from "./own-data";
import { listWithdrawn } from "./withdrawals";

let crm: CrmHarness;
let admin: Actor;
let count = 0;

const wording = (text: string) => ({
  label: { en: text, ru: `${text} рус` },
  text: { en: [text], ru: [`${text} рус`] },
});

beforeAll(async () => {
  crm = await createCrmHarness();
  admin = await makeAdmin(crm.services.db);
  await save({ key: "ads", purpose: "advertising", required: false, wording: wording("Ads") }, true);
});
afterAll(() => crm.close());

async function save(draft: ConsentDraft, isNew = false) {
  await saveConsent(crm.services, { actor: admin, seen: await newestConsentChange(crm.services.db), isNew, draft });
}
const own = (id: number) => ({ actor: { kind: "USER", id, role: "USER" } as const, userId: id });
const ads = (locale = "ru") => {
  const kind = crm.services.consents.kinds().find(({ key }) => key === "ads");
  return givenConsent(locale, "ads", kind?.wording);
};

async function register(consents = [givenConsent("ru"), ads()]) {
  const { id } = await registerUser(crm.services, {
    input: {
      firstName: "Анна",
      email: `consents-${++count}@example.com`,
      phone: `+7926${String(1_000_000 + count)}`,
      consent: "on",
    } as never,
    utm: { first: null, last: null } as never,
    locale: "ru",
    consents,
  });
  return id;
}

const said = async (id: number) =>
  (await listConsents(crm.services, id)).map(({ kind, version, withdrawnAt }) => [kind, version, withdrawnAt === null]);

test("each consent is kept with its words, and a person who withdraws advertising is registered all the same", async () => {
  const id = await register();
  const [given] = await listConsents(crm.services, id);
  expect(given).toMatchObject({
    kind: "ads",
    version: "1",
    locale: "ru",
    words: { label: "Ads рус", text: ["Ads рус"], language: "ru" },
  });
  await withdrawConsent(crm.services, { ...own(id), kind: "ads" });
  await withdrawConsent(crm.services, { ...own(id), kind: "ads" });
  expect(await said(id)).toEqual([
    ["ads", "1", false],
    ["registration", builtInWording.version, true],
  ]);
  expect(await userOf(crm, id)).toMatchObject({ crmState: "PENDING", holds: [] });
  expect(processingWithdrawnAt(await listConsents(crm.services, id))).toBeNull();
  await giveConsent(crm.services, { ...own(id), kind: "ads", locale: "en", version: "1" });
  expect((await said(id))[0]).toEqual(["ads", "1", true]);
  const entries = await crm.services.db.auditEntry.findMany({ where: { targetId: id }, orderBy: { id: "asc" } });
  expect(entries.map(({ action, details }) => [action, details])).toEqual([
    ["consent.withdraw", { consents: "ads" }],
    ["consent.give", { consents: "ads" }],
  ]);
});

test("withdrawing the processing holds the registration, whatever is said of other consents afterwards", async () => {
  const id = await register([givenConsent("ru")]);
  await withdrawConsent(crm.services, own(id));
  await giveConsent(crm.services, { ...own(id), kind: "ads", locale: "ru" });
  expect(await userOf(crm, id)).toMatchObject({ crmState: "HELD", holds: ["consent"] });
  expect(processingWithdrawnAt(await listConsents(crm.services, id))).not.toBeNull();
  const { withdrawn } = await listWithdrawn(crm.services);
  expect(withdrawn[0]?.userId).toBe(id);
});

test("people are erased a month after they withdrew the processing, never for another consent", async () => {
  const { db } = crm.services;
  const at = new Date(Date.now() - 31 * 86_400_000);
  const [processing, advertising] = [await register(), await register()];
  await withdrawConsent(crm.services, own(processing));
  await db.consent.updateMany({ where: { userId: processing, kind: "registration" }, data: { withdrawnAt: at } });
  await db.consent.updateMany({ where: { userId: advertising, kind: "ads" }, data: { withdrawnAt: at } });
  const env = parseEnv({ NODE_ENV: "test", APP_URL: "https://site.example" });
  await applyRetention({ ...crm.services, env });
  expect((await userOf(crm, processing)).erasedAt).not.toBeNull();
  expect((await userOf(crm, advertising)).erasedAt).toBeNull();
});

test("who agreed before the words changed keeps the former ones, also in the copy of their data", async () => {
  const id = await register();
  await save({ key: "ads", purpose: "advertising", required: false, wording: wording("Other") });
  expect((await listConsents(crm.services, id))[0]).toMatchObject({ version: "1", words: { label: "Ads рус" } });
  const copy = await copyPerson(crm.services, { ...own(id), forAdministrator: false });
  expect(copy.consents).toMatchObject([
    { kind: "registration", version: builtInWording.version },
    { kind: "ads", version: "1", label: "Ads рус", text: ["Ads рус"], withdrawnAt: null },
  ]);
  const { version } = ads();
  expect(version).toBe("2");
  // The page that was open while they changed showed other words.
  await expect(
    giveConsent(crm.services, { ...own(id), kind: "ads", locale: "ru", version: "1" }),
  ).rejects.toMatchObject({ code: "CONFLICT" });
  await erasePerson(crm.services, { actor: admin, userId: id, cause: "admin" });
  expect(await crm.services.db.consent.count({ where: { userId: id } })).toBe(0);
});

test("words that are not those of the stored hash are not shown as what was agreed to", async () => {
  const id = await register();
  await crm.services.db.consent.updateMany({ where: { userId: id, kind: "ads" }, data: { textHash: "another" } });
  expect((await listConsents(crm.services, id))[0]).toMatchObject({ kind: "ads", words: null });
});

test("a consent that is asked for no more can be withdrawn and not be given, and an unknown one neither", async () => {
  await save({ key: "gone", purpose: "other", required: false, wording: wording("Gone") }, true);
  const [id, imported] = [await register(), (await makeUser(crm.services.db, {})).id];
  await giveConsent(crm.services, { ...own(id), kind: "gone", locale: "ru" });
  const seen = await newestConsentChange(crm.services.db);
  await retireConsent(crm.services, { actor: admin, seen, key: "gone", retired: true });
  await withdrawConsent(crm.services, { ...own(id), kind: "gone" });
  for (const kind of ["gone", "unknown"])
    await expect(giveConsent(crm.services, { ...own(id), kind, locale: "ru" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  await expect(withdrawConsent(crm.services, { ...own(imported), kind: "ads" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("a program sends the further consents of a person, to the present words, and is told of required ones", async () => {
  const { services } = crm;
  await save({ key: "rules", purpose: "other", required: true, wording: wording("Rules") }, true);
  const send = (consents: Record<string, boolean> | undefined) =>
    registerByProgram(services, {
      actor: admin,
      key: crypto.randomUUID(),
      input: {
        firstName: "Анна",
        email: `program-${++count}@example.com`,
        phone: "+79161234567",
        consent: true,
        consents,
      },
    });
  for (const [consents, issue] of [
    [undefined, { path: ["consents", "rules"], code: "consent" }],
    [{ rules: false }, { path: ["consents", "rules"], code: "consent" }],
    [
      { rules: true, never: true },
      { path: ["consents", "never"], code: "unknown_field" },
    ],
    [
      { rules: true, constructor: true },
      { path: ["consents", "constructor"], code: "unknown_field" },
    ],
    [
      { rules: true, registration: false },
      { path: ["consents", "registration"], code: "unknown_field" },
    ],
  ] as const)
    await expect(send(consents as Record<string, boolean> | undefined)).rejects.toMatchObject({
      code: "INVALID",
      details: { issues: [expect.objectContaining(issue)] },
    });
  const { userId } = await send({ rules: true, ads: true });
  expect((await said(userId)).sort()).toEqual([
    ["ads", "2", true],
    ["registration", builtInWording.version, true],
    ["rules", "1", true],
  ]);
  const without = await send({ rules: true, ads: false });
  expect((await said(without.userId)).map(([kind]) => kind).sort()).toEqual(["registration", "rules"]);
});

test("of a kind that was given and withdrawn all day the newest are listed, and of the others no fewer", async () => {
  const id = await register([givenConsent("ru")]);
  const at = new Date();
  const given = Array.from({ length: 101 }, () => ({ ...ads(), userId: id, withdrawnAt: at }));
  await crm.services.db.consent.createMany({ data: [...given, { ...ads(), userId: id }] });
  const listed = await said(id);
  expect(listed.filter(([kind]) => kind === "ads")).toHaveLength(100);
  expect(listed.map(([, , holds]) => holds)).toEqual([true, ...Array(99).fill(false), true]);
  expect(listed.at(-1)).toEqual(["registration", builtInWording.version, true]);
});
