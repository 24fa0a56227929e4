import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { isFormUndoneBy, isSettingsUndoneBy } from "./undone-by";

let database: TestDatabase;
let actor: Actor;
let colleague: Actor;

beforeAll(async () => {
  database = await createTestDatabase();
  actor = await makeAdmin(database.db);
  colleague = await makeAdmin(database.db);
});

afterAll(() => database.drop());

/** Adds a change of settings. */
const addSetting = (by: Actor, keys: string[], undoes: number | null = null) =>
  database.db.settingChange.create({
    data: {
      actorKind: by.kind,
      actorId: by.id,
      changes: Object.fromEntries(keys.map((key) => [key, { from: null, to: "1" }])),
      undoes,
    },
  });

test("a change of settings is undone by the actor who took it back, and by no other", async () => {
  const [kept, undone] = [await addSetting(actor, ["KEPT"]), await addSetting(actor, ["UNDONE"])];
  await addSetting(actor, ["UNDONE"], undone.id);

  expect(await isSettingsUndoneBy(database, actor, undone.id)).toBe(true);
  expect(await isSettingsUndoneBy(database, colleague, undone.id)).toBe(false);
  expect(await isSettingsUndoneBy(database, actor, kept.id)).toBe(false);
});

test("a change of settings is undone no more once a colleague has changed one of them, until it is undone anew", async () => {
  const undone = await addSetting(actor, ["ONE", "TWO"]);
  await addSetting(actor, ["ONE", "TWO"], undone.id);
  await addSetting(colleague, ["THREE"]);
  expect(await isSettingsUndoneBy(database, actor, undone.id)).toBe(true);

  await addSetting(colleague, ["TWO", "THREE"]);
  expect(await isSettingsUndoneBy(database, actor, undone.id)).toBe(false);

  await addSetting(colleague, ["ONE", "TWO"], undone.id);
  expect(await isSettingsUndoneBy(database, actor, undone.id)).toBe(false);
  expect(await isSettingsUndoneBy(database, colleague, undone.id)).toBe(true);

  await addSetting(actor, ["ONE", "TWO"], undone.id);
  expect(await isSettingsUndoneBy(database, actor, undone.id)).toBe(true);
});

/** Adds a change of a form. */
const addForm = (by: Actor, formId: number, undoes: number | null = null) =>
  database.db.formChange.create({
    data: { formId, actorKind: by.kind, actorId: by.id, before: {}, after: {}, undoes },
  });
const makeForm = async () =>
  (await database.db.form.create({ data: { slug: crypto.randomUUID(), name: "", definition: {} } })).id;

test("a change of a form is undone by the actor who took it back, and by no other", async () => {
  const [kept, undone] = [await addForm(actor, 1), await addForm(actor, 1)];
  await addForm(actor, 1, undone.id);

  expect(await isFormUndoneBy(database, actor, undone.id)).toBe(true);
  expect(await isFormUndoneBy(database, colleague, undone.id)).toBe(false);
  expect(await isFormUndoneBy(database, actor, kept.id)).toBe(false);
  expect(await isFormUndoneBy(database, actor, undone.id + 1_000_000)).toBe(false);
});

test("a change of a form is undone no more once a colleague has changed that form", async () => {
  const [form, other] = [await makeForm(), await makeForm()];
  const undone = await addForm(actor, form);
  await addForm(actor, form, undone.id);
  await addForm(colleague, other);
  expect(await isFormUndoneBy(database, actor, undone.id)).toBe(true);

  await addForm(colleague, form);
  expect(await isFormUndoneBy(database, actor, undone.id)).toBe(false);
});
