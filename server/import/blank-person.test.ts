import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { encode } from "../test/encode";
import { makeAdmin } from "../test/factories";
import { noForms } from "../test/lists";
import { blankInImports } from "./blank-person";
import { draftImport, previewDraft, readDraftAs } from "./import-drafts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test("a person's line goes out of a list of any encoding and with any columns, and the others stay readable", async () => {
  const text =
    "sep=,\nКто,Куда,Номер\nИванова Анна,anna@example.com,9123456789\nЩукин Борис,b@example.com,9123456780\n";
  const bytes = Uint8Array.from(encode(text, "koi8-r"));
  const { id } = await draftImport({ ...database, ...noForms }, { actor: await makeAdmin(database.db), bytes });
  expect((await previewDraft(database, id))?.missing).toEqual(["firstName"]);

  await blankInImports(database, "anna@example.com");
  await readDraftAs(database, { runId: id, targets: ["fullName", "email", "phone"], zone: "UTC" });

  expect(await previewDraft(database, id)).toMatchObject({
    people: [{ firstName: "Борис", lastName: "Щукин", email: "b@example.com" }],
  });
  const { content } = await database.db.importRun.findUniqueOrThrow({ where: { id } });
  expect(Buffer.from(content ?? []).toString()).not.toMatch(/anna@example.com|Иванова|9123456789/);
});
