import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Actor, systemActor } from "../audit/actor";
import { listAudit } from "../audit/audit";
import type { Queue } from "../queue/queue";
import { makeAdmin, makeUser } from "../test/factories";
import { createTestQueue, type TestQueue } from "../test/queue";
import { bytesSource, surveyFile } from "./import-file";
import { forecastImport, importPeople } from "./import-people";
import { beginImport, getImport } from "./import-runs";
import { readRows } from "./rows";

let database: TestQueue;
let queue: Queue;
let admin: Actor;

beforeAll(async () => {
  database = await createTestQueue();
  queue = database.queue;
});

afterAll(async () => {
  await database.drop();
});

beforeEach(async () => {
  await database.db.user.deleteMany();
  await database.db.importRun.deleteMany();
  await database.db.auditEntry.deleteMany();
  await database.pool.query("delete from pgboss.job");
  admin = await makeAdmin(database.db);
});

const survey = (lines: string[]) => surveyFile(bytesSource(Uint8Array.from(Buffer.from(lines.join("\n")))));

const header = "имя,фамилия,почта,телефон,оплачено,дата регистрации,utm_source,utm_campaign";
const anna = "Анна,О'Нил,anna@example.com,8 912 345-67-89,да,2024-05-01,vk,осень";
const boris = "Борис,,boris@example.com,9123456780,,,,";

/** `count` people, each with a different e-mail. */
const crowd = (count: number) =>
  Array.from({ length: count }, (_, i) => `Имя${i},,person${i}@example.com,+7900${String(i).padStart(7, "0")},,,,`);

async function importLines(lines: string[], options: { actor?: Actor; signal?: AbortSignal } = {}) {
  const { db } = database;
  const file = await survey(lines);
  const { id } = await beginImport({ db }, { actor: options.actor ?? systemActor, file });
  const done = await importPeople(
    { db, queue },
    { runId: id, rows: readRows(file), ...(options.signal ? { signal: options.signal } : {}) },
  );
  const run = await getImport({ db }, id);
  if (!run) throw new Error("the run is gone");
  return { ...run, done };
}

const emails = async () =>
  (await database.db.user.findMany({ where: { role: "USER" }, orderBy: { email: "asc" } })).map(({ email }) => email);

test("an imported person stands there as after a registration, but without password and consent", async () => {
  const before = new Date();
  const run = await importLines([header, anna, boris], { actor: admin });

  expect(run).toMatchObject({
    done: true,
    state: "done",
    rows: 2,
    imported: 2,
    registered: 0,
    duplicates: 0,
    refused: 0,
  });
  const user = await database.db.user.findUniqueOrThrow({
    where: { email: "anna@example.com" },
    include: { attribution: true, paymentChanges: true, consents: true },
  });
  expect(user).toMatchObject({
    firstName: "Анна",
    lastName: "О'Нил",
    phone: "+79123456789",
    passwordHash: null,
    consents: [],
    role: "USER",
    crmState: "PENDING",
    isPaid: true,
    createdAt: new Date("2024-05-01T00:00:00Z"),
    source: "vk",
    campaign: "осень",
    attribution: { first: { utm_source: "vk", utm_campaign: "осень" }, last: { utm_source: "vk" } },
    paymentChanges: [{ isPaid: true, actorKind: "USER", actorId: admin.id, origin: "import" }],
  });
  expect(user.paidAt?.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(user.insertedAt?.getTime()).toBeGreaterThanOrEqual(before.getTime());

  const plain = await database.db.user.findUniqueOrThrow({
    where: { email: "boris@example.com" },
    include: { attribution: true, paymentChanges: true },
  });
  expect(plain).toMatchObject({ lastName: null, isPaid: false, paidAt: null, attribution: null, paymentChanges: [] });
  expect(plain.createdAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
});

test("a person who registers now is sent to the portal before a list that was imported earlier", async () => {
  const { db } = database;
  await importLines([header, ...crowd(3)]);
  const live = await makeUser(db);
  await db.$transaction((tx) => queue.enqueue(tx, "crm-registration", live.id));

  const jobs = await queue.fetch("crm-registration", 10);

  const imported = await db.user.findMany({
    where: { email: { in: [0, 1, 2].map((i) => `person${i}@example.com`) } },
    select: { id: true },
  });
  expect(jobs[0]?.userId).toBe(live.id);
  expect(jobs.slice(1).map(({ userId }) => userId)).toEqual(expect.arrayContaining(imported.map(({ id }) => id)));
  expect(jobs).toHaveLength(4);
});

test("who has registered, comes twice or cannot be read is counted with the line, and changes nothing", async () => {
  await makeUser(database.db, { email: "boris@example.com", firstName: "Прежний", phone: "+79990000000" });
  const run = await importLines([header, anna, boris, "", "Вера,,no-address,1,,,,", anna.replace("Анна", "Аня")]);

  expect(run).toMatchObject({ imported: 1, registered: 1, duplicates: 1, refused: 1 });
  expect(run.notes).toEqual([
    { line: 3, problems: [{ field: "email", code: "registered" }] },
    {
      line: 5,
      problems: [
        { field: "email", code: "email" },
        { field: "phone", code: "phone" },
      ],
    },
    { line: 6, problems: [{ field: "email", code: "duplicate" }] },
  ]);
  expect(await database.db.user.findUnique({ where: { email: "boris@example.com" } })).toMatchObject({
    firstName: "Прежний",
    phone: "+79990000000",
  });
  expect(await emails()).toEqual(["anna@example.com", "boris@example.com"]);
});

test("a forecast tells the same and writes nothing", async () => {
  const { db } = database;
  await makeUser(db, { email: "boris@example.com" });
  const file = await survey([header, anna, boris, anna, "Вера,,v@example.com,1,,,,"]);

  const { counts, notes } = await forecastImport({ db }, { rows: readRows(file) });

  expect(counts).toEqual({ imported: 1, registered: 1, duplicates: 1, refused: 1 });
  expect(notes.map(({ line }) => line)).toEqual([3, 4, 5]);
  expect(await emails()).toEqual(["boris@example.com"]);
  expect(await db.importRun.count()).toBe(0);
  expect(await db.auditEntry.count({ where: { action: "import.start" } })).toBe(0);
  expect(await queue.fetch("crm-registration", 10)).toEqual([]);
});

test("a run that was stopped goes on with the same file, counts as one and is audited once", async () => {
  const lines = [header, ...crowd(450)];
  const stop = new AbortController();
  const file = await survey(lines);
  const { id } = await beginImport(database, { actor: admin, file });
  const done = await importPeople(
    { ...database, queue },
    { runId: id, rows: readRows(file), signal: stop.signal, onProgress: () => stop.abort() },
  );
  expect(done).toBe(false);
  expect(await getImport(database, id)).toMatchObject({ state: "running", nextRow: 200, imported: 200 });

  const run = await importLines(lines);

  expect(run).toMatchObject({ id, done: true, nextRow: 450, imported: 450, registered: 0, actor: { id: admin.id } });
  expect(await database.db.user.count({ where: { role: "USER" } })).toBe(450);
  const { entries } = await listAudit(database, { action: "import.start" });
  expect(entries).toMatchObject([{ actor: { kind: "USER", id: admin.id }, details: { run: id, rows: 450 } }]);
});

test("the same list again, once it is done, finds everybody registered", async () => {
  const lines = [header, ...crowd(3)];
  const first = await importLines(lines);
  const second = await importLines(lines);
  expect(second.id).not.toBe(first.id);
  expect(second).toMatchObject({ imported: 0, registered: 3 });
});

test("several processes at one run share it: nobody comes twice, nothing is counted twice", async () => {
  const file = await survey([header, ...crowd(1_000), ...crowd(5)]);
  const { id } = await beginImport(database, { actor: admin, file });

  await Promise.all([1, 2, 3].map(() => importPeople({ ...database, queue }, { runId: id, rows: readRows(file) })));

  expect(await getImport(database, id)).toMatchObject({ state: "done", imported: 1_000, registered: 0, duplicates: 5 });
  expect(await database.db.user.count({ where: { role: "USER" } })).toBe(1_000);
});

test("lists with the same people in another order, at once, take each person once and do not deadlock", async () => {
  // Slow inserts are certain to overlap.
  await database.pool.query(`
    create function dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(0.002); return new; end';
    create trigger dawdle before insert on "User" for each row execute function dawdle()`);
  try {
    const people = crowd(200);
    const runs = await Promise.all([
      importLines([header, ...people]),
      importLines([header, ...people.toReversed()]),
      importLines([header, ...people.slice(100), ...people.slice(0, 100)]),
    ]);
    expect(runs.reduce((sum, run) => sum + run.imported, 0)).toBe(200);
    expect(runs.reduce((sum, run) => sum + run.registered, 0)).toBe(400);
    expect(await database.db.user.count({ where: { role: "USER" } })).toBe(200);
  } finally {
    await database.pool.query("drop function dawdle cascade");
  }
});

test("a finished run holds nothing of what stood in its list", async () => {
  const { id } = await importLines([header, "Тайна,,secret-address,+7 000,,,,", anna]);
  const row = await database.db.importRun.findUniqueOrThrow({ where: { id } });
  expect(row.content).toBeNull();
  expect(JSON.stringify(row)).not.toMatch(/Тайна|secret|anna|7 000/);
});
