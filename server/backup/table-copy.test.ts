import { Writable } from "node:stream";
import type { ClientBase } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { createTestDatabase } from "../test/database";
import { TableCopy } from "./table-copy";

/** A table whose rows are written more slowly than they are read from the file. */
function slowTable(write: (row: number) => Error | null) {
  let rows = 0;
  const stream = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => void setImmediate(() => done(write(rows++))),
  });
  const client = { query: () => stream } as unknown as ClientBase;
  return { stream, copy: new TableCopy(client, { name: "User", columns: ["id"] }) };
}

test("however often a restore waits for a table to take more, it listens to that table once", async () => {
  const { stream, copy } = slowTable(() => null);
  await copy.write("1");
  const listeners = () => stream.eventNames().map((name) => stream.listenerCount(name));
  const before = listeners();
  for (let row = 0; row < 100; row++) await copy.write("1");
  expect(listeners()).toEqual(before);
  await copy.end();
});

test("a restore that waits for a table to take more learns why it takes none", async () => {
  const { copy } = slowTable((row) => (row === 5 ? new Error("the disk is full") : null));
  const writing = async () => {
    for (let row = 0; row < 10; row++) await copy.write("1");
  };
  await expect(writing()).rejects.toThrow("the disk is full");
});

test("rows that do not fit their table are refused, and say why", async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const client = await database.pool.connect();
  onTestFinished(() => client.release(true));
  const copy = new TableCopy(client, { name: "ImportRun", columns: ["id"] });
  const writing = async () => {
    await copy.write("no number");
    await copy.end();
  };
  await expect(writing()).rejects.toThrow("invalid input syntax for type integer");
});
