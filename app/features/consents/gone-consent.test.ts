import { afterAll, beforeAll, expect, test } from "vitest";
import { answerConsent, answerList } from "~/features/consents/consent-request.server";
import type { Actor } from "~server/audit/actor";
import { newestConsentChange, undoConsents } from "~server/consents/change";
import { openConsents } from "~server/consents/consents";
import { goneConsent } from "~server/consents/view";
import { openForms } from "~server/forms/forms";
import { createLog } from "~server/platform/log";
import { createTestDatabase, type TestDatabase } from "~server/test/database";
import { makeAdmin } from "~server/test/factories";

// A consent whose addition a colleague takes back while its page is open.

let database: TestDatabase;
let actor: Actor;
let colleague: Actor;
beforeAll(async () => {
  database = await createTestDatabase();
  [actor, colleague] = [await makeAdmin(database.db), await makeAdmin(database.db)];
});
afterAll(() => database.drop());

async function start() {
  const deps = { db: database.db, log: createLog("silent") };
  const [consents, forms] = [await openConsents(deps, { follow: false }), await openForms(deps, { follow: false })];
  return { db: database.db, env: database.env, consents, forms };
}

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
}

const words = { "label.en": "News", "label.ru": "Новости", "text.en": "Letters", "text.ru": "Письма" };

async function add(services: Awaited<ReturnType<typeof start>>, key: string): Promise<number> {
  const seen = String(await newestConsentChange(database.db));
  const form = formOf({ ...words, key, purpose: "other", step: "save", seen });
  const { change } = await answerConsent(services, { actor, form, known: null });
  return change ?? 0;
}

test("the page of a consent whose addition was undone says by whom, until it is there again", async () => {
  const services = await start();
  const id = await add(services, "one");
  expect(await goneConsent(services, "one")).toBeNull();
  await undoConsents(services, { actor: colleague, id });
  expect(await goneConsent(services, "one")).toEqual({
    label: { en: "News", ru: "Новости" },
    at: expect.any(String),
    actor: { kind: colleague.kind, id: colleague.id },
  });
  await undoConsents(services, { actor, id: await newestConsentChange(database.db) });
  expect(await goneConsent(services, "one")).toBeNull();
  for (const key of ["never", "registration", "", "o'ne", "__proto__"])
    expect(await goneConsent(services, key), key).toBeNull();
});

test("what is typed of a consent that is gone is kept, and nothing is saved", async () => {
  const services = await start();
  const id = await add(services, "two");
  await undoConsents(services, { actor: colleague, id });
  const newest = await newestConsentChange(database.db);
  const form = formOf({ ...words, "label.en": "Other words", step: "save", seen: String(newest) });
  const answer = await answerConsent(services, { actor, form, known: { key: "two", purpose: "other" } });
  expect(answer).toMatchObject({ outcome: "conflict", status: 409, typed: { label: { en: "Other words" } } });
  expect(await newestConsentChange(database.db)).toBe(newest);
});

test.each(["up", "down", "retire", "restore"])(
  "a list that still shows the consent says that it was changed: %s",
  async (act) => {
    const services = await start();
    const key = `list${act}`;
    const id = await add(services, key);
    await undoConsents(services, { actor: colleague, id });
    const seen = String(await newestConsentChange(database.db));
    expect(await answerList(services, { actor, form: formOf({ [act]: key, seen }) })).toEqual({
      outcome: "conflict",
      status: 409,
    });
  },
);
