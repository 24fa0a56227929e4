import { afterAll, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { createLog } from "../platform/log";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { makeAdmin } from "../test/factories";
import { noForms } from "../test/lists";
import { consentHistory, newestConsentChange, saveConsent, undoConsents } from "./change";
import { openConsents } from "./consents";
import { readDraft } from "./draft";

let database: TestDatabase;
let actor: Actor;
let colleague: Actor;
beforeAll(async () => {
  database = await createTestDatabase();
  actor = await makeAdmin(database.db);
  colleague = await makeAdmin(database.db);
});
afterAll(() => database.drop());

async function start() {
  const consents = await openConsents({ db: database.db, log: createLog("silent") }, { follow: false });
  const services = { db: database.db, env: database.env, consents, ...noForms };
  const save = async (by: Actor, { key, label, isNew = false }: { key: string; label: string; isNew?: boolean }) => {
    const both = { en: label, ru: label };
    const { draft } = readDraft(
      { key, purpose: "other", required: false, label: both, text: both },
      { name: "Daisy Ltd", address: "1 Meadow Lane" },
    );
    return saveConsent(services, { actor: by, seen: await newestConsentChange(database.db), isNew, draft });
  };
  return {
    save,
    undo: (by: Actor, id: number | null) => undoConsents(services, { actor: by, id: id ?? 0 }),
    label: (key: string) => consents.kinds().find((each) => each.key === key)?.wording.label.en,
  };
}

test("an undoing that is sent again is refused once a colleague has changed the same consent, and only then", async () => {
  const { save, undo, label } = await start();
  await save(actor, { key: "first", label: "A", isNew: true });
  const changed = await save(actor, { key: "first", label: "B" });
  await undo(actor, changed);
  await save(colleague, { key: "second", label: "A", isNew: true });
  await undo(actor, changed);
  expect(label("first")).toBe("A");

  await save(colleague, { key: "first", label: "C" });
  await expect(undo(actor, changed)).rejects.toMatchObject({ code: "CONFLICT" });
  expect(label("first")).toBe("C");
});

test("what a colleague says again of a consent is not taken back with the change that had said it before", async () => {
  const { save, undo, label } = await start();
  await save(actor, { key: "third", label: "A", isNew: true });
  const changed = await save(actor, { key: "third", label: "B" });
  await undo(actor, changed);
  const again = await save(colleague, { key: "third", label: "B" });
  const undoable = (await consentHistory(database)).filter((change) => change.undoable).map(({ id }) => id);
  expect([undoable.includes(changed ?? 0), undoable.includes(again ?? 0)]).toEqual([false, true]);
  await expect(undo(actor, changed)).rejects.toMatchObject({ code: "CONFLICT" });
  expect(label("third")).toBe("B");
});
