import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Actor, systemActor } from "../audit/actor";
import { createLog } from "../platform/log";
import type { Queue } from "../queue/queue";
import { blocked } from "../test/database";
import { makeAdmin } from "../test/factories";
import { noForms } from "../test/lists";
import { createTestQueue, type TestQueue } from "../test/queue";
import { chooseColumns } from "./columns";
import { discardImport, draftImport, previewDraft, readDraftAs } from "./import-drafts";
import { bytesSource, surveyFile } from "./import-file";
import { beginImport, getImport, listImports, startImport } from "./import-runs";
import { watchImports } from "./import-watch";

let database: TestQueue;
let queue: Queue;
let admin: Actor;
const watching: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await createTestQueue();
  queue = database.queue;
  admin = await makeAdmin(database.db);
});

afterEach(async () => {
  await Promise.all(watching.splice(0).map((stop) => stop()));
  await database.db.user.deleteMany({ where: { role: "USER" } });
  await database.db.importRun.deleteMany();
});

afterAll(async () => {
  await database.drop();
});

/** A web process; the function ends it. */
function watch(): () => Promise<void> {
  const shutdown = new AbortController();
  const watched = watchImports({ db: database.db, queue, log: createLog("silent") }, shutdown.signal);
  const stop = () => {
    shutdown.abort();
    return watched;
  };
  watching.push(stop);
  return stop;
}

const list = (count: number) =>
  Uint8Array.from(
    Buffer.from(
      [
        "name;email;phone;note",
        ...Array.from({ length: count }, (_, i) => `Имя${i};person${i}@example.com;+7900${1_000_000 + i};`),
        "Вера;no-address;9123456789;",
      ].join("\n"),
    ),
  );

const draft = (count: number) => draftImport({ ...database, ...noForms }, { actor: admin, bytes: list(count) });
const state = async (id: number) => (await getImport(database, id))?.state;
const isDone = (id: number) => expect.poll(() => state(id)).toBe("done");
const registered = () => database.db.user.count({ where: { role: "USER" } });

test("an upload is looked through and waits to be confirmed; then it is carried out and forgotten", async () => {
  watch();
  const { id } = await draft(7);
  const view = await getImport(database, id);
  expect(view).toMatchObject({ state: "draft", rows: 8, imported: 7, refused: 1 });
  const preview = await previewDraft(database, id);
  expect(preview).toMatchObject({ ignored: ["note"], missing: [], zone: "UTC", encoding: "utf-8" });
  expect(preview?.people.map(({ phone }) => phone)).toEqual([0, 1, 2, 3, 4].map((i) => `+7900${1_000_000 + i}`));
  expect(view?.notes).toEqual([{ line: 9, problems: [{ field: "email", code: "email" }] }]);
  expect(await registered()).toBe(0);
  expect(await listImports(database)).toEqual([]);

  await startImport(database, { actor: admin, runId: id });
  await isDone(id);

  expect(await registered()).toBe(7);
  expect(await getImport(database, id)).toMatchObject({ imported: 7, refused: 1, notes: view?.notes });
  expect(await previewDraft(database, id)).toBeNull();
  expect((await database.db.importRun.findUniqueOrThrow({ where: { id } })).content).toBeNull();
  expect(await listImports(database)).toMatchObject([{ id, state: "done", actor: { kind: "USER", id: admin.id } }]);
});

test("a confirmation sent twice starts it once", async () => {
  const { id } = await draft(1);
  await Promise.all([1, 2, 3].map(() => startImport(database, { actor: admin, runId: id })));
  watch();
  await isDone(id);
  await startImport(database, { actor: admin, runId: id });
  expect(await state(id)).toBe("done");
  expect(
    await database.db.auditEntry.count({ where: { action: "import.start", details: { path: ["run"], equals: id } } }),
  ).toBe(1);
});

test("a discarded upload is gone, and cannot be started any more", async () => {
  const { id } = await draft(1);
  await discardImport(database, { actor: admin, runId: id });
  expect(await getImport(database, id)).toBeNull();
  await expect(startImport(database, { actor: admin, runId: id })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("an import command that was killed is continued by uploading its list", async () => {
  const file = await surveyFile(bytesSource(list(7)));
  const { id } = await beginImport(database, { actor: systemActor, file });
  watch();
  expect(await draft(7)).toEqual({ id });
  await isDone(id);
  expect(await registered()).toBe(7);
  expect((await database.db.importRun.findUniqueOrThrow({ where: { id } })).content).toBeNull();
});

test("a run that has started is not discarded", async () => {
  const { id } = await draft(1);
  await startImport(database, { actor: admin, runId: id });
  await discardImport(database, { actor: admin, runId: id });
  expect(await state(id)).toBe("running");
});

test("the same list again replaces its draft, and leads to its run once that is under way", async () => {
  const first = await draft(2);
  const second = await draft(2);
  expect(await getImport(database, first.id)).toBeNull();
  await startImport(database, { actor: admin, runId: second.id });
  expect(await draft(2)).toEqual(second);
  const file = await surveyFile(bytesSource(list(2)));
  expect(await beginImport(database, { actor: systemActor, file })).toEqual({ id: second.id });
});

test("two uploads of one list at the same moment share a draft or a run", async () => {
  const drafts = await Promise.all([draft(3), draft(3), draft(3)]);
  const left = await database.db.importRun.findMany({ select: { id: true } });
  expect(left).toHaveLength(1);
  expect(drafts).toContainEqual(left[0]);
});

test("an upload that nobody confirms is dropped after an hour", async () => {
  const { id } = await draft(1);
  const young = await draft(2);
  await database.db.importRun.update({ where: { id }, data: { createdAt: new Date(Date.now() - 61 * 60_000) } });
  watch();
  await expect.poll(() => state(id)).toBeUndefined();
  expect(await state(young.id)).toBe("draft");
});

test("a process that is stopped leaves the rest to the next one", async () => {
  const stop = watch();
  const { id } = await draft(3_000);
  // The import waits in its middle for a row that the test holds.
  const holder = await database.pool.connect();
  let stopped: Promise<void> | undefined;
  try {
    await holder.query("begin");
    await holder.query(
      `insert into "User" (email, "firstName", phone) values ('person1500@example.com', 'Имя', '+7900')`,
    );
    await startImport(database, { actor: admin, runId: id });
    await expect.poll(() => blocked(database)).toBe(1);
    stopped = stop();
    await holder.query("rollback");
  } finally {
    holder.release(true);
  }
  await stopped;
  expect(await state(id)).toBe("running");
  expect(await registered()).toBe(1_600);

  watch();
  watch();
  await isDone(id);
  expect(await registered()).toBe(3_000);
  expect(await getImport(database, id)).toMatchObject({ imported: 3_000, registered: 0, refused: 1 });
});

test("a run whose process died without a word is taken up by another", async () => {
  const { id } = await draft(2);
  await startImport(database, { actor: admin, runId: id });
  await database.db.importRun.update({ where: { id }, data: { heartbeatAt: new Date(Date.now() - 11_000) } });
  watch();
  await isDone(id);
  expect(await registered()).toBe(2);
});

test("a run is carried out by the columns and the zone that were chosen in its preview", async () => {
  watch();
  const bytes = Uint8Array.from(
    Buffer.from("who;where;when;number\nАнна Ли;anna@example.com;01.03.2025 10:30;8 912 345-67-89\n"),
  );
  const { id } = await draftImport({ ...database, ...noForms }, { actor: admin, bytes });
  expect(await previewDraft(database, id)).toMatchObject({ missing: ["firstName"], people: [] });
  await readDraftAs(database, {
    runId: id,
    targets: ["fullName", "email", "registeredAt", "phone"],
    zone: "Asia/Vladivostok",
  });
  await startImport(database, { actor: admin, runId: id });
  await isDone(id);

  expect(await database.db.user.findUnique({ where: { email: "anna@example.com" } })).toMatchObject({
    firstName: "Анна",
    lastName: "Ли",
    phone: "+79123456789",
    createdAt: new Date("2025-03-01T00:30:00Z"),
  });
});

test("a command that was killed is carried on by an upload as the command had read the list", async () => {
  const bytes = Uint8Array.from(
    Buffer.from("name;email;phone;date\nАнна;anna@example.com;9123456789;01.03.2025 10:30\n"),
  );
  const file = await surveyFile(bytesSource(bytes), {
    zone: "Asia/Vladivostok",
    choose: ({ header }) => chooseColumns(header, ["firstName", "email", "phone", "registeredAt"]),
  });
  const { id } = await beginImport(database, { actor: systemActor, file });
  watch();
  expect(await draftImport({ ...database, ...noForms }, { actor: admin, bytes })).toEqual({ id });
  await isDone(id);

  expect(await database.db.user.findUnique({ where: { email: "anna@example.com" } })).toMatchObject({
    createdAt: new Date("2025-03-01T00:30:00Z"),
  });
});
