import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import type { Form } from "../forms/forms";
import { readDefinition } from "../forms/read-definition";
import { type Env, parseEnv } from "../platform/env";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin, makeUser } from "../test/factories";
import { noForms } from "../test/lists";
import { builtInWording } from "./built-in";
import { consentHistory, moveConsent, newestConsentChange, retireConsent, saveConsent, undoConsents } from "./change";
import { consentLimits } from "./consent-limits";
import { openConsents } from "./consents";
import { type ConsentDraft, draftWarnings, readDraft, type TypedConsent } from "./draft";
import { consentField } from "./kinds";

let database: TestDatabase;
let actor: Actor;
const log = createLog("silent");

beforeAll(async () => {
  database = await createTestDatabase();
  actor = await makeAdmin(database.db);
});
afterAll(() => database.drop());

const operator = { name: "Daisy Ltd", address: "1 Meadow Lane" };
let names = 0;
const newKey = () => `kind${++names}`;

const typed = (more: Partial<TypedConsent> = {}): TypedConsent => ({
  key: newKey(),
  purpose: "other",
  required: false,
  label: { en: "Label", ru: "Подпись" },
  text: { en: "One\n\nTwo", ru: "Раз\r\nДва" },
  ...more,
});
const drafted = (more: Partial<TypedConsent> = {}): ConsentDraft => readDraft(typed(more), operator).draft;

/** A process of the site. */
async function start(options = { follow: false }) {
  const consents = await openConsents({ db: database.db, log }, options);
  const services = { db: database.db, env: database.env, consents, ...noForms };
  const seen = () => newestConsentChange(database.db);
  return {
    consents,
    services,
    add: async (draft: ConsentDraft) => saveConsent(services, { actor, seen: await seen(), isNew: true, draft }),
    change: async (draft: ConsentDraft) => saveConsent(services, { actor, seen: await seen(), isNew: false, draft }),
    kind: (key: string) => consents.kinds().find((each) => each.key === key),
    order: () => consents.kinds().flatMap(({ key, retired }) => (retired ? [] : [key])),
  };
}

test("an installation that set nothing asks for the built-in consent alone", async () => {
  const { consents } = await start();
  expect(consents.kinds()).toEqual([
    { key: "registration", purpose: "processing", required: true, retired: false, wording: builtInWording },
  ]);
  expect(consentField("registration")).toBe("consent");
});

test("a new wording is another version, and the former one stays as it was", async () => {
  const web = await start();
  const draft = drafted();
  await web.add(draft);
  expect(web.kind(draft.key)?.wording).toEqual({ version: "1", ...draft.wording });
  const other = drafted({ key: draft.key, label: { en: "Other", ru: "Другая" } });
  expect(await web.change(other)).toBe(await newestConsentChange(database.db));
  expect(web.kind(draft.key)?.wording.version).toBe("2");
  expect(web.consents.wordingOf(draft.key, "1")).toEqual({ version: "1", ...draft.wording });
  expect(await web.change(other)).toBeNull();
  // The words of before are the version of before.
  await web.change(draft);
  expect(web.kind(draft.key)?.wording.version).toBe("1");
  await expect(
    database.db.consentWording.update({
      where: { kind_version: { kind: draft.key, version: "1" } },
      data: { text: {} },
    }),
  ).rejects.toThrow(/never changed/);
  await expect(database.db.consentWording.deleteMany()).rejects.toThrow(/never changed/);
});

test("the built-in wording can be replaced by words of one's own, and comes back by undoing", async () => {
  const web = await start();
  const own = drafted({ key: "registration", purpose: "processing", required: true });
  await web.change(own);
  expect(web.kind("registration")).toMatchObject({ required: true, wording: { version: "1", label: { en: "Label" } } });
  expect(web.consents.wordingOf("registration", builtInWording.version)).toEqual(builtInWording);
  const [change] = await consentHistory(database);
  await undoConsents(web.services, { actor, id: change?.id ?? 0 });
  expect(web.kind("registration")?.wording).toEqual(builtInWording);
  expect(web.consents.wordingOf("registration", "1")?.label.en).toBe("Label");
});

test("another process follows without a restart, and reads nothing anew while nothing changes", async () => {
  const [web, other] = [await start(), await start({ follow: true })];
  const draft = drafted();
  await web.add(draft);
  await expect.poll(() => other.kind(draft.key)?.wording.version).toBe("1");
  const kinds = other.consents.kinds();
  await other.consents.reload();
  expect(other.consents.kinds()).toBe(kinds);
  await other.consents.stop();
});

test("consents are moved, retired and asked for again; that to the processing cannot go", async () => {
  const web = await start();
  const [one, two] = [drafted(), drafted()];
  await web.add(one);
  await web.add(two);
  const move = async (key: string, to: "up" | "down") =>
    moveConsent(web.services, { actor, seen: await newestConsentChange(database.db), key, to });
  await move(two.key, "up");
  expect(web.order().slice(-2)).toEqual([two.key, one.key]);
  await move(one.key, "down");
  expect(web.order().slice(-2)).toEqual([two.key, one.key]);
  const retire = async (key: string, retired: boolean) =>
    retireConsent(web.services, { actor, seen: await newestConsentChange(database.db), key, retired });
  await retire(two.key, true);
  expect(web.order()).not.toContain(two.key);
  expect(web.kind(two.key)?.retired).toBe(true);
  await retire(two.key, false);
  expect(web.order().slice(-2)).toEqual([two.key, one.key]);
  await expect(retire("registration", true)).rejects.toMatchObject({ code: "NOT_FOUND" });
  for (let step = 0; step < 20; step++) await move(two.key, "up");
  expect(web.order()[0]).toBe(two.key);
});

test("a change is undone while nothing of it was changed since, and each is audited", async () => {
  const web = await start();
  const draft = drafted();
  await web.add(draft);
  const [added] = await consentHistory(database);
  await web.change(drafted({ key: draft.key, label: { en: "B", ru: "Б" } }));
  await expect(undoConsents(web.services, { actor, id: added?.id ?? 0 })).rejects.toMatchObject({ code: "CONFLICT" });
  const [changed] = await consentHistory(database);
  await undoConsents(web.services, { actor, id: changed?.id ?? 0 });
  expect(web.kind(draft.key)?.wording).toMatchObject({ version: "1" });
  await undoConsents(web.services, { actor, id: added?.id ?? 0 });
  expect(web.kind(draft.key)).toBeUndefined();
  // An undoing whose answer was lost is sent again.
  await undoConsents(web.services, { actor, id: added?.id ?? 0 });
  const colleague = await makeAdmin(database.db);
  const undoing = undoConsents(web.services, { actor: colleague, id: added?.id ?? 0 });
  await expect(undoing).rejects.toMatchObject({ code: "CONFLICT" });
  // People may have agreed under that key.
  await expect(web.add(drafted({ key: draft.key }))).rejects.toMatchObject({ problems: { key: "key_used" } });
  const actions = await database.db.auditEntry.findMany({
    where: { actorId: actor.id },
    orderBy: { id: "desc" },
    take: 4,
  });
  expect(actions.map(({ action, details }) => [action, details])).toEqual(
    ["undo", "undo", "change", "change"].map((verb) => [`consents.${verb}`, { consents: draft.key }]),
  );
});

test("nobody overwrites a consent that they have not seen; another one may be changed all the same", async () => {
  const web = await start();
  const [one, two] = [drafted(), drafted()];
  await web.add(one);
  const seen = await newestConsentChange(database.db);
  const save = (draft: ConsentDraft, isNew = false) => saveConsent(web.services, { actor, seen, isNew, draft });
  await save({ ...one, required: true });
  await expect(save({ ...one, required: false })).rejects.toMatchObject({ code: "CONFLICT" });
  await save(two, true);
  await expect(save({ ...two, purpose: "advertising" })).rejects.toMatchObject({ code: "INVALID" });
});

test("undoing asks for no more consents than can be added, and may always ask for fewer", async () => {
  const web = await start();
  const retire = async (key: string, retired: boolean) =>
    retireConsent(web.services, { actor, seen: await newestConsentChange(database.db), key, retired });
  const draft = drafted();
  await web.add(draft);
  await retire(draft.key, true);
  const [retirement] = await consentHistory(database);
  const added: string[] = [];
  while (web.order().length < consentLimits.kinds) {
    const more = drafted();
    await web.add(more);
    added.push(more.key);
  }
  const undo = (id = 0) => undoConsents(web.services, { actor, id });
  await expect(undo(retirement?.id)).rejects.toMatchObject({ problems: { key: "too_many" } });
  expect(web.order()).not.toContain(draft.key);
  const [addition] = await consentHistory(database);
  await undo(addition?.id);
  expect(web.order()).toHaveLength(consentLimits.kinds - 1);
  await undo(retirement?.id);
  expect(web.order()).toContain(draft.key);
  for (const key of [draft.key, ...added.slice(0, -1)]) await retire(key, true);
});

test("the addition of a consent that a field map names is not undone, and the lines that name it are told", async () => {
  const web = await start();
  const draft = drafted();
  await web.add(draft);
  const { key } = draft;
  const [{ id = 0 } = {}] = await consentHistory(database);
  const site = parseEnv({ BITRIX24_MARK_FIELDS: `consent.${key}=contact.UF_CRM_A, consent.${key}x=deal.UF_CRM_B` });
  const definition = readDefinition({ settings: { fields: `gclid=deal.UF_CRM_C, consent_at.${key}=deal.UF_CRM_D` } });
  const form = { id: 2, slug: "summer", name: "", definition, isClosed: true };
  const undo = (env: Env, forms: Form[]) =>
    undoConsents({ ...web.services, env, forms: { all: () => forms } }, { actor, id });
  await expect(undo(site, [form])).rejects.toMatchObject({
    rules: [
      { form: null, rule: `consent.${key}=contact.UF_CRM_A` },
      { form: { id: 2, name: "summer" }, rule: `consent_at.${key}=deal.UF_CRM_D` },
    ],
  });
  await expect(undo(database.env, [form])).rejects.toMatchObject({ rules: [{ form: { id: 2 } }] });
  expect(web.order()).toContain(key);
  await undo(database.env, []);
  expect(web.order()).not.toContain(key);
});

test("a consent that a field map names is not retired, neither by an undoing, and the lines that name it are told", async () => {
  const web = await start();
  const { key, ...draft } = drafted();
  await web.add({ key, ...draft });
  const named = parseEnv({ BITRIX24_MARK_FIELDS: `consent.${key}=contact.UF_CRM_A` });
  const refusal = { rules: [{ form: null, rule: `consent.${key}=contact.UF_CRM_A` }] };
  const retire = async (env: Env, retired: boolean) =>
    retireConsent({ ...web.services, env }, { actor, seen: await newestConsentChange(database.db), key, retired });
  await expect(retire(named, true)).rejects.toMatchObject(refusal);
  expect(web.order()).toContain(key);
  await retire(database.env, true);
  expect(web.order()).not.toContain(key);
  // It is retired already: nothing changes.
  expect(await retire(named, true)).toBeNull();
  await retire(named, false);
  const [{ id = 0 } = {}] = await consentHistory(database);
  const undo = (env: Env) => undoConsents({ ...web.services, env }, { actor, id });
  await expect(undo(named)).rejects.toMatchObject(refusal);
  expect(web.order()).toContain(key);
  await undo(database.env);
  expect(web.order()).not.toContain(key);
});

test("a key under which a person has agreed at any time is not used again", async () => {
  const web = await start();
  const user = await makeUser(database.db, {});
  const key = newKey();
  await database.db.consent.create({ data: { userId: user.id, kind: key, version: "1", locale: "ru" } });
  await expect(web.add(drafted({ key }))).rejects.toMatchObject({ problems: { key: "key_used" } });
});

test("texts are cleaned, a line is a paragraph, and the operator is named in the place kept for it", () => {
  const { draft, problems } = readDraft(
    typed({
      label: { en: " I agree\u200b ", ru: "Согласен" },
      text: { en: "Operator: {operator}.\r\n\r\n \r\nLast", ru: "Оператор: {operator}.\n" },
    }),
    operator,
  );
  expect(problems).toEqual({});
  expect(draft.wording).toEqual({
    label: { en: "I agree", ru: "Согласен" },
    text: { en: ["Operator: Daisy Ltd, 1 Meadow Lane.", "Last"], ru: ["Оператор: Daisy Ltd, 1 Meadow Lane."] },
  });
});

for (const [what, change, problem] of [
  ["a blank label", { label: { en: " ", ru: "Да" } }, { "label.en": "missing" }],
  ["a text in one language only", { text: { en: "Text", ru: "\n \n" } }, { "text.ru": "missing" }],
  ["a label that is too long", { label: { en: "x".repeat(201), ru: "Да" } }, { "label.en": "long" }],
  ["a text that is too long", { text: { en: "x".repeat(6_001), ru: "Да" } }, { "text.en": "long" }],
  ["a text that a wrong encoding has broken", { text: { en: "a\ufffdb", ru: "Да" } }, { "text.en": "unfit" }],
  ["a key that is no name", { key: "My Key" }, { key: "key" }],
  ["an unknown purpose", { purpose: "spying" }, { purpose: "purpose" }],
  ["a second consent to the processing", { purpose: "processing" }, { purpose: "purpose", required: "processing" }],
  ["advertising as a condition", { purpose: "advertising", required: true }, { required: "condition" }],
] as const)
  test(`refused: ${what}`, () => {
    expect(readDraft(typed(change as Partial<TypedConsent>), operator).problems).toEqual(problem);
  });

test("the place for the operator is refused while there is none", () => {
  const none = { name: null, address: null };
  expect(readDraft(typed({ text: { en: "{operator}", ru: "Да" } }), none).problems).toMatchObject({
    "text.en": "operator",
  });
  expect(draftWarnings(drafted(), none)).toEqual(["no_operator"]);
});

test("the owner is told of a text that does not name the operator, and of one that reads like advertising", () => {
  expect(draftWarnings(drafted(), operator)).toEqual(["unnamed_operator"]);
  const text = { en: "Daisy LTD sends newsletters", ru: "Daisy Ltd присылает рассылку" };
  expect(draftWarnings(drafted({ text }), operator)).toEqual([]);
  expect(draftWarnings(drafted({ text, required: true }), operator)).toEqual(["reads_as_advertising"]);
});
