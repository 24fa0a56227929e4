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

test("a change of settings is undone by the actor who took it back, and by no other", async () => {
  const add = (undoes: number | null) =>
    database.db.settingChange.create({ data: { actorKind: actor.kind, actorId: actor.id, changes: {}, undoes } });
  const [kept, undone] = [await add(null), await add(null)];
  await add(undone.id);

  expect(await isSettingsUndoneBy(database, actor, undone.id)).toBe(true);
  expect(await isSettingsUndoneBy(database, colleague, undone.id)).toBe(false);
  expect(await isSettingsUndoneBy(database, actor, kept.id)).toBe(false);
});

test("a change of a form is undone by the actor who took it back, and by no other", async () => {
  const add = (undoes: number | null) =>
    database.db.formChange.create({
      data: { formId: 1, actorKind: actor.kind, actorId: actor.id, before: {}, after: {}, undoes },
    });
  const [kept, undone] = [await add(null), await add(null)];
  await add(undone.id);

  expect(await isFormUndoneBy(database, actor, undone.id)).toBe(true);
  expect(await isFormUndoneBy(database, colleague, undone.id)).toBe(false);
  expect(await isFormUndoneBy(database, actor, kept.id)).toBe(false);
});
