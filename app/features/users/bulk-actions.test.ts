import { afterAll, beforeAll, expect, test } from "vitest";
import { actOnMany, bulkAddress, readBulkDone, readBulkForm } from "~/features/users/bulk-actions.server";
import type { Actor } from "~server/audit/actor";
import { setPaidMany } from "~server/payments/payments";
import { newestPaymentChange } from "~server/payments/undo-bulk";
import type { Services } from "~server/services";
import { makeAdmin, makeUser } from "~server/test/factories";
import { noForms } from "~server/test/lists";
import { createTestQueue, type TestQueue } from "~server/test/queue";
import { listenToStatements } from "~server/test/statements";
import { parseUserQuery } from "~server/users/filter";

let database: TestQueue;
let services: Services;
let actor: Actor & { kind: "USER" };

beforeAll(async () => {
  database = await createTestQueue();
  services = { ...database, queue: database.queue, ...noForms } as unknown as Services;
  actor = (await makeAdmin(database.db)) as typeof actor;
});

afterAll(async () => {
  await database.drop();
});

function formOf(fields: Record<string, number | string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  return form;
}

/** Sends a form of the bulk page about these people. */
function send(ids: number[], fields: Record<string, number | string>) {
  const asked = readBulkForm({ isPaid: true, form: formOf(fields) }, { ids });
  return actOnMany(services, { actor, isPaid: true }, asked);
}

async function people(count: number): Promise<number[]> {
  const ids = [];
  for (let index = 0; index < count; index++) ids.push((await makeUser(database.db)).id);
  return ids;
}

const paid = (ids: number[]) => database.db.user.count({ where: { id: { in: ids }, isPaid: true } });

test("a bulk change that took several requests is counted and undone as one", async () => {
  const ids = await people(5);
  const upTo = ids.at(-1) ?? 0;
  const first = await send(ids.slice(0, 2), { upTo });
  const second = await send(ids.slice(0, 4), { upTo, after: first.change.after });
  const last = await send(ids, { upTo, after: second.change.after });

  expect([first, second, last]).toMatchObject([{ changed: 2 }, { changed: 4 }, { changed: 5, left: 0 }]);
  const { after, upTo: end } = last.change;
  expect(await send([], { intent: "undo", after, upTo: end })).toMatchObject({ undone: 5, left: 0 });
  expect(await paid(ids)).toBe(0);
});

test("what is left of a bulk change is counted once in its undoing", async () => {
  const ids = await people(2);
  const { change } = await send(ids, { upTo: ids[1] ?? 0 });
  const undo = { intent: "undo", after: change.after, upTo: change.upTo };
  const sent = await listenToStatements(database.pool).during(() => send([], undo));
  expect(sent.filter((statement) => /count\(\*\).*"PaymentChange"/s.test(statement))).toHaveLength(1);
});

test("an undoing whose answer was lost says the same when it is sent again", async () => {
  const ids = await people(2);
  const { change } = await send(ids, { upTo: ids[1] ?? 0 });
  const undo = { intent: "undo", after: change.after, upTo: change.upTo };
  await send([], undo);

  expect(await send([], undo)).toMatchObject({ did: "undo", undone: 2, left: 0 });
});

test("a bulk change whose answer was lost is counted and undone as one when it is sent again", async () => {
  const ids = await people(3);
  const upTo = ids.at(-1) ?? 0;
  const seen = await newestPaymentChange(services);
  await send(ids.slice(0, 2), { upTo, seen });
  // A colleague's are none of it, whomever they concern.
  const [theirs = 0] = await people(1);
  const colleague = await makeAdmin(database.db);
  await setPaidMany(services, { actor: colleague, userIds: [theirs], isPaid: true });

  const again = await send(ids, { upTo, seen });
  expect(again).toMatchObject({ changed: 3, left: 0 });
  const undo = { intent: "undo", after: again.change.after, upTo: again.change.upTo };
  expect(await send([], undo)).toMatchObject({ undone: 3, left: 0 });
  expect([await paid(ids), await paid([theirs])]).toEqual([0, 1]);
});

test("a bulk change of all the unpaid is known again although they are unpaid no longer", async () => {
  const company = `Bulk ${crypto.randomUUID()}`;
  const { id: upTo } = await makeUser(database.db, { company });
  const { filter } = parseUserQuery(new URLSearchParams({ q: company, paid: "no" }));
  const seen = await newestPaymentChange(services);
  const confirm = () =>
    actOnMany(
      services,
      { actor, isPaid: true },
      readBulkForm({ isPaid: true, form: formOf({ upTo, seen }) }, { filter }),
    );
  await confirm();
  // Registered since, and so not asked for.
  await makeUser(database.db, { company });

  expect(await confirm()).toMatchObject({ changed: 1, left: 0 });
});

test("a bulk change made while another one was asked for is no part of it", async () => {
  const [asked = 0, meanwhile = 0] = await people(2);
  const seen = await newestPaymentChange(services);
  await send([meanwhile], { upTo: meanwhile });

  expect(await send([asked], { upTo: asked, seen })).toMatchObject({ changed: 1 });
});

test("what a colleague set after the question was shown is kept, told and not continued with", async () => {
  const ids = await people(3);
  const [slow = 0, , theirs = 0] = ids;
  await setPaidMany(services, { actor, userIds: ids, isPaid: true });
  const seen = await newestPaymentChange(services);
  const colleague = await makeAdmin(database.db);
  await setPaidMany(services, { actor: colleague, userIds: [theirs], isPaid: false });
  const done = await send(ids.slice(1), { upTo: theirs, seen });
  if (done.did !== "change") throw new Error("It was undone.");
  expect(done).toMatchObject({ changed: 0, left: 0, kept: 1 });

  const asked = new URLSearchParams(ids.map((id) => ["id", String(id)]));
  const read = (address: string) =>
    readBulkDone(services, { actor, isPaid: true }, { params: new URLSearchParams(address), selection: { ids } });
  expect(await read(bulkAddress(asked, done))).toMatchObject({ changed: 0, left: 0, kept: 1, goesOn: null });
  const continued = bulkAddress(asked, { ...done, left: 1 });
  expect(await read(continued)).toMatchObject({ kept: 1, goesOn: { upTo: theirs, seen } });
  await setPaidMany(services, { actor: colleague, userIds: [slow], isPaid: false });
  expect(await send(ids, { upTo: theirs, seen, after: done.change.after })).toMatchObject({ changed: 0, kept: 2 });
});

test("another bulk change is undone without the one before it", async () => {
  const [before = 0, after = 0] = await people(2);
  await send([before], { upTo: before });
  const { change } = await send([after], { upTo: after });

  expect(await send([], { intent: "undo", after: change.after, upTo: change.upTo })).toMatchObject({ undone: 1 });
  expect([await paid([before]), await paid([after])]).toEqual([1, 0]);
});

test("people whose payment was changed again since are not counted as undone", async () => {
  const [id = 0] = await people(1);
  const { change } = await send([id], { upTo: id });
  await database.db.paymentChange.create({
    data: { userId: id, isPaid: false, actorKind: "BITRIX24", origin: "portal" },
  });

  const undo = { intent: "undo", after: change.after, upTo: change.upTo };
  expect(await send([], undo)).toMatchObject({ undone: 0, left: 0 });
});

test("the page's address names a bulk change: what is left while it continues, and what can still be undone", async () => {
  const ids = await people(3);
  const upTo = ids.at(-1) ?? 0;
  const done = await send(ids.slice(0, 2), { upTo });
  if (done.did !== "change") throw new Error("It was undone.");
  const asked = new URLSearchParams(ids.map((id) => ["id", String(id)]));
  const read = (address: string, selection: { ids: number[] } | null) =>
    readBulkDone(services, { actor, isPaid: true }, { params: new URLSearchParams(address), selection });

  const continued = bulkAddress(asked, { ...done, left: 1 });
  expect(await read(continued, { ids })).toMatchObject({
    changed: 2,
    undoable: 2,
    undone: 0,
    left: 1,
    goesOn: { upTo },
  });
  const whole = bulkAddress(new URLSearchParams(continued), { ...done, left: 0 });
  expect([...new URLSearchParams(whole).keys()]).toEqual(["since", "until"]);
  expect(await read(whole, null)).toMatchObject({ changed: 2, undoable: 2, left: 0, goesOn: null });

  await send([], { intent: "undo", after: done.change.after, upTo: done.change.upTo });
  expect(await read(continued, { ids })).toMatchObject({ changed: 2, undoable: 0, undone: 2, left: 0 });
  expect(await read("?mark=paid", { ids })).toBeNull();
  await expect(read("?since=1&until=soon", null)).rejects.toMatchObject({ init: { status: 400 } });
});

test.each(["", "yesterday", "-1", "1.5"])("a form whose beginning is “%s” is refused", (after) => {
  expect(() => readBulkForm({ isPaid: true, form: formOf({ upTo: 1, after }) }, { ids: [1] })).toThrow(
    expect.objectContaining({ init: { status: 400 } }),
  );
});
