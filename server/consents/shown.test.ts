import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { noForms } from "../test/lists";
import { builtInWording } from "./built-in";
import { newestConsentChange, retireConsent, saveConsent } from "./change";
import { type Consents, openConsents } from "./consents";
import type { ConsentDraft } from "./draft";
import { shownField } from "./kinds";
import { textHash } from "./record";
import { answeredConsents, askConsents } from "./shown";

let database: TestDatabase;
let consents: Consents;
const secrets = ["a secret of thirty-two characters"];
const stamp = "stamp";
let save: (draft: Partial<ConsentDraft> & { key: string }, isNew?: boolean) => Promise<unknown>;
let retire: (key: string, retired?: boolean) => Promise<unknown>;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const log = createLog("silent");
  const actor = await makeAdmin(db);
  // The process that shows and takes forms learns of changes by looking only; another one makes them.
  consents = await openConsents({ db, log }, { follow: false });
  const own = await openConsents({ db, log }, { follow: false });
  const services = { db, env: database.env, consents: own, ...noForms };
  save = async (draft, isNew = false) =>
    saveConsent(services, {
      actor,
      seen: await newestConsentChange(db),
      isNew,
      draft: { purpose: "other", required: false, wording: wording("A"), ...draft },
    });
  retire = async (key, retired = true) =>
    retireConsent(services, { actor, seen: await newestConsentChange(db), key, retired });
});
afterAll(() => database.drop());

const wording = (text: string) => ({ label: { en: text, ru: text }, text: { en: [text], ru: [text] } });
const ask = () => askConsents(consents, { locale: "en", stamp, secrets });
const answer = (shown: string | null, ticked: string[], at = stamp) => {
  const sent = new FormData();
  if (shown !== null) sent.set(shownField, shown);
  for (const field of ticked) sent.set(field, "on");
  return answeredConsents(consents, { sent, stamp: at, locale: "en", secrets });
};
const versions = (answered: Awaited<ReturnType<typeof answer>>) =>
  answered.given.map(({ kind, version }) => `${kind} ${version}`);

test("what was ticked is given in the words and the language that were shown", async () => {
  await save({ key: "news" }, true);
  await consents.reload();
  const { shown, consents: asked } = ask();
  expect(asked.map(({ field, version }) => [field, version])).toEqual([
    ["consent", builtInWording.version],
    ["consent-news", "1"],
  ]);
  const answered = await answer(shown, ["consent", "consent-news"]);
  expect(answered).toMatchObject({ outdated: false, missing: [], changed: [] });
  expect(answered.given).toEqual([
    {
      kind: "registration",
      version: builtInWording.version,
      textHash: textHash(builtInWording, "en"),
      locale: "en",
    },
    { kind: "news", version: "1", textHash: textHash({ version: "1", ...wording("A") }, "en"), locale: "en" },
  ]);
  expect(versions(await answer(shown, ["consent"]))).toEqual([`registration ${builtInWording.version}`]);
});

test("a form that was open while the words changed gives consent to the words that it showed", async () => {
  await save({ key: "terms", required: true }, true);
  await consents.reload();
  const { shown } = ask();
  await save({ key: "terms", required: true, wording: wording("B") });
  await consents.reload();
  const answered = await answer(shown, ["consent", "consent-terms"]);
  expect(versions(answered)).toContain("terms 1");
  // Shown again for another reason, it is ticked anew.
  expect(answered).toMatchObject({ missing: [], ticked: ["consent"], changed: ["consent-terms"] });
});

test("a required consent that the form has not shown, or that is not ticked, is missing", async () => {
  await consents.reload();
  const before = ask().shown;
  await save({ key: "rules", required: true }, true);
  await consents.reload();
  expect((await answer(before, ["consent", "consent-terms", "consent-rules"])).missing).toEqual(["consent-rules"]);
  expect((await answer(ask().shown, ["consent", "consent-terms"])).missing).toEqual(["consent-rules"]);
  expect((await answer(ask().shown, ["consent", "consent-terms", "consent-rules"])).missing).toEqual([]);
  await retire("rules");
});

test("a consent that is asked for no more is kept where a form has shown it, and missing nowhere", async () => {
  await save({ key: "old", required: true }, true);
  await consents.reload();
  const { shown } = ask();
  await retire("old");
  await consents.reload();
  expect(versions(await answer(shown, ["consent", "consent-terms", "consent-old"]))).toContain("old 1");
  expect((await answer(shown, ["consent", "consent-terms"])).missing).toEqual([]);
  expect(versions(await answer(ask().shown, ["consent", "consent-terms", "consent-old"]))).not.toContain("old 1");
});

test("a wording that another process has shown already is looked up", async () => {
  const other = await openConsents({ db: database.db, log: createLog("silent") }, { follow: false });
  await save({ key: "fresh" }, true);
  await other.reload();
  const { shown } = askConsents(other, { locale: "en", stamp, secrets });
  expect(consents.wordingOf("fresh", "1")).toBeNull();
  expect(versions(await answer(shown, ["consent", "consent-terms", "consent-fresh"]))).toContain("fresh 1");
});

test("a form without word of what it showed is taken as showing what is asked for now", async () => {
  await consents.reload();
  expect(versions(await answer(null, ["consent", "consent-terms"]))).toEqual([
    `registration ${builtInWording.version}`,
    "terms 2",
  ]);
});

for (const [what, forge] of [
  ["another version", (shown: string) => shown.replace("terms=2", "terms=1")],
  ["fewer consents", (shown: string) => shown.replace(/,terms=\d/, "")],
  ["no signature", (shown: string) => shown.split(".")[0] ?? ""],
  ["nothing", () => ""],
] as const)
  test(`what a form says to have shown cannot be made up: ${what}`, async () => {
    await consents.reload();
    expect(await answer(forge(ask().shown), ["consent", "consent-terms"])).toMatchObject({ outdated: true, given: [] });
  });

test("what one form showed does not count for another, and counts after a new session secret", async () => {
  const { shown } = ask();
  expect((await answer(shown, ["consent"], "another stamp")).outdated).toBe(true);
  const sent = new FormData();
  sent.set(shownField, shown);
  const later = await answeredConsents(consents, { sent, stamp, locale: "en", secrets: ["a new secret", ...secrets] });
  expect(later.outdated).toBe(false);
});

test("a wording that nobody knows, as after a restored backup, has to be looked at again", async () => {
  const elsewhere: Consents = {
    ...consents,
    kinds: () => [
      { key: "ghost", purpose: "other", required: false, retired: false, wording: { version: "9", ...wording("G") } },
    ],
  };
  const { shown } = askConsents(elsewhere, { locale: "en", stamp, secrets });
  expect(await answer(shown, ["consent", "consent-ghost"])).toMatchObject({ outdated: true, given: [], ticked: [] });
});
