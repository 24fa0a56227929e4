import { expect, test } from "vitest";
import { createLog } from "../platform/log";
import { eventually } from "../test/eventually";
import { SharedPoll } from "./shared-poll";

const newPoll = () => new SharedPoll({ everyMs: 5, log: createLog("silent") });

/** Watches into a list until stopped. */
function collect<T>(poll: SharedPoll, key: string, read: () => Promise<T>) {
  const stop = new AbortController();
  const values: T[] = [];
  const ended = (async () => {
    for await (const value of poll.watch(key, read, stop.signal)) values.push(value);
  })();
  return {
    values,
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

test("all who watch the same are served by one reading", async () => {
  const poll = newPoll();
  let readings = 0;
  const never = new Promise<string>(() => {});
  const read = () => (++readings === 1 ? Promise.resolve("first") : never);
  const watchers = Array.from({ length: 50 }, () => collect(poll, "same", read));
  await eventually(() => expect(watchers.map(({ values }) => values)).toEqual(watchers.map(() => ["first"])));
  expect(poll.size).toBe(1);
  await eventually(() => expect(readings).toBe(2));
  await Promise.all(watchers.map(({ stop }) => stop()));
  expect(readings).toBe(2);
});

test("only changes are told", async () => {
  const poll = newPoll();
  const answers = [{ count: 1 }, { count: 1 }, { count: 2 }, { count: 2 }, { count: 3 }];
  const watcher = collect(poll, "counts", async () => answers.shift() ?? { count: 3 });
  await eventually(() => expect(answers).toEqual([]));
  await eventually(() => expect(watcher.values).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]));
  await watcher.stop();
});

test("whoever comes later gets the last value at once", async () => {
  const poll = newPoll();
  const never = new Promise<number>(() => {});
  let readings = 0;
  const read = () => (++readings === 1 ? Promise.resolve(7) : never);
  const first = collect(poll, "key", read);
  await eventually(() => expect(first.values).toEqual([7]));
  const second = collect(poll, "key", read);
  await eventually(() => expect(second.values).toEqual([7]));
  await Promise.all([first.stop(), second.stop()]);
});

test("nothing is read once nobody watches", async () => {
  const poll = newPoll();
  let readings = 0;
  const watcher = collect(poll, "key", async () => ++readings);
  await eventually(() => expect(watcher.values.length).toBeGreaterThan(1));
  await watcher.stop();
  expect(poll.size).toBe(0);
  const atTheEnd = readings;
  // Another topic's turns show that time has passed.
  const other = collect(poll, "another", async () => Date.now());
  await eventually(() => expect(other.values.length).toBeGreaterThan(3));
  await other.stop();
  expect(readings).toBe(atTheEnd);
});

test("a failed reading is passed over, and the watchers go on", async () => {
  const poll = newPoll();
  let readings = 0;
  const watcher = collect(poll, "key", async () => {
    if (++readings === 2) throw new Error("the database is away");
    return readings;
  });
  await eventually(() => expect(watcher.values).toEqual(expect.arrayContaining([1, 3])));
  expect(watcher.values).not.toContain(2);
  await watcher.stop();
});

test("a signal that was aborted before ends the watch without a reading left behind", async () => {
  const poll = newPoll();
  for await (const value of poll.watch("key", async () => 1, AbortSignal.abort())) expect.unreachable(String(value));
  expect(poll.size).toBe(0);
});
