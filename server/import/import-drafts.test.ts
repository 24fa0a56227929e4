import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Actor } from "../audit/actor";
import { listAudit } from "../audit/audit";
import { parseEnv } from "../platform/env";
import { createTestDatabase, type TestDatabase } from "../test/database";
import { encode } from "../test/encode";
import { makeAdmin, makeUser } from "../test/factories";
import { noForms } from "../test/lists";
import { discardImport, draftImport, dropForgottenDrafts, previewDraft, readDraftAs } from "./import-drafts";
import { bytesSource, openList } from "./import-file";
import { maxImportRows } from "./import-limits";
import { getImport, startImport } from "./import-runs";

let database: TestDatabase;
let admin: Actor;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = await makeAdmin(database.db);
});
afterEach(() => database.db.importRun.deleteMany());
afterAll(() => database.drop());

const bytesOf = (content: string | Uint8Array) => Uint8Array.from(Buffer.from(content));
const draft = (content: string | Uint8Array, zone = "UTC") =>
  draftImport(
    { db: database.db, env: parseEnv({ TIME_ZONE: zone }), ...noForms },
    { actor: admin, bytes: bytesOf(content) },
  );

/** Columns that no name tells. */
const nameless = "a;b;c;d\nАнна;anna@example.com;8 912 345-67-89;01.03.2025 10:30\nБорис;no;1;\n";

test("a list whose columns are not recognised waits until they are chosen", async () => {
  const { id } = await draft("a;b;c\nАнна;адрес;номер\n");
  expect(await previewDraft(database, id)).toMatchObject({
    missing: ["firstName", "email", "phone"],
    people: [],
    columns: [
      { header: "a", target: null, sample: ["Анна"] },
      { header: "b", target: null, sample: ["адрес"] },
      { header: "c", target: null, sample: ["номер"] },
    ],
  });
  expect(await getImport(database, id)).toMatchObject({ state: "draft", rows: 1, imported: 0, notes: [] });
  await expect(startImport(database, { actor: admin, runId: id })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await getImport(database, id)).toMatchObject({ state: "draft" });
});

test("a column is empty only if no line has a value in it, however far down the first one stands", async () => {
  const { id } = await draft(
    `name;email;phone;x;y\n${"Анна;anna@example.com;9123456789;;\n".repeat(60)}Вера;v@example.com;1;M;\n`,
  );
  expect((await previewDraft(database, id))?.columns.slice(3)).toEqual([
    { header: "x", target: null, sample: [], empty: false },
    { header: "y", target: null, sample: [], empty: true },
  ]);
});

test("once the columns are chosen the forecast is made again", async () => {
  await makeUser(database.db, { email: "known@example.com" });
  const { id } = await draft(`${nameless}Вера;known@example.com;9123456780;\n`, "Europe/Moscow");

  await readDraftAs(database, {
    runId: id,
    targets: ["firstName", "email", "phone", "registeredAt"],
    zone: "Asia/Vladivostok",
  });

  expect(await getImport(database, id)).toMatchObject({
    state: "draft",
    imported: 1,
    registered: 1,
    refused: 1,
    notes: [{ line: 3 }, { line: 4 }],
  });
  expect(await previewDraft(database, id)).toMatchObject({
    missing: [],
    zone: "Asia/Vladivostok",
    people: [{ firstName: "Анна", phone: "+79123456789", registeredAt: new Date("2025-03-01T00:30:00Z") }, {}],
  });
  await startImport(database, { actor: admin, runId: id });
  await expect(readDraftAs(database, { runId: id, targets: [], zone: "UTC" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("the zone of times is the installation's until another is chosen", async () => {
  const { id } = await draft(
    "name;email;phone;registered\nАнна;a@example.com;9123456789;26.11.2025 01:55",
    "Europe/Moscow",
  );
  expect(await previewDraft(database, id)).toMatchObject({
    zone: "Europe/Moscow",
    people: [{ registeredAt: new Date("2025-11-25T22:55:00Z") }],
  });
});

test("the encoding by which the letters were recognised is told", async () => {
  const { id } = await draft(encode("name;email;phone\nАнна Иванова;anna@example.com;9123456789\n", "koi8-r"));
  expect(await previewDraft(database, id)).toMatchObject({
    encoding: "koi8-u",
    people: [{ firstName: "Анна", lastName: "Иванова" }],
  });
});

test("uploading and discarding are audited, forgetting an upload as the system's", async () => {
  const { id: first } = await draft(nameless);
  await discardImport(database, { actor: admin, runId: first });
  await discardImport(database, { actor: admin, runId: first });
  const { id: second } = await draft(nameless);
  await database.db.importRun.update({
    where: { id: second },
    data: { createdAt: new Date(Date.now() - 61 * 60_000) },
  });
  await dropForgottenDrafts(database);

  const { entries } = await listAudit(database, {});
  const told = entries
    .filter(({ action }) => action.startsWith("import."))
    .map(({ action, actor, details }) => [action, actor.kind, details.run, details.rows]);
  expect(told.slice(0, 4).reverse()).toEqual([
    ["import.upload", "USER", first, 2],
    ["import.discard", "USER", first, 2],
    ["import.upload", "USER", second, 2],
    ["import.discard", "SYSTEM", second, 2],
  ]);
});

test("a list of more lines than the web process should look through is refused without looking at all of them", async () => {
  const header = "name;email;phone\n";
  const most = bytesSource(bytesOf(header + "x;y;z\n".repeat(maxImportRows)));
  expect(await openList(most, { maxRows: maxImportRows })).toMatchObject({ rows: 50_000 });
  await expect(draft(header + "x;y;z\n".repeat(50_001))).rejects.toMatchObject({ code: "too_many" });
  await expect(draft(header + ";;\n".repeat(1_600_000))).rejects.toMatchObject({ code: "empty" });
});

test("a list that is one endless line is refused", async () => {
  await expect(draft(";".repeat(4_900_000))).rejects.toMatchObject({ code: "long_line", line: 1 });
  await expect(draft(`name;email;phone\n${";".repeat(4_900_000)}`)).rejects.toMatchObject({
    code: "long_line",
    line: 2,
  });
});
