import { expect, test } from "vitest";
import { SharedReading } from "./shared-reading";

/** A query that ends on command. */
function heldReading<T>() {
  let resolve = (_value: T) => {};
  let reject = (_error: Error) => {};
  const promise = new Promise<T>((...ends) => {
    [resolve, reject] = ends;
  });
  let started = 0;
  const read = () => {
    started++;
    return promise;
  };
  return { read, resolve, reject, started: () => started };
}

test("all who ask for the same at the same moment are served by one reading", async () => {
  const shared = new SharedReading();
  const held = heldReading<number>();
  const answers = Array.from({ length: 50 }, () => shared.read("same", held.read));
  held.resolve(7);
  expect(await Promise.all(answers)).toEqual(answers.map(() => 7));
  expect(held.started()).toBe(1);
});

test("different things are read separately", async () => {
  const shared = new SharedReading();
  const held = heldReading<string>();
  const first = shared.read("one period", held.read);
  expect(await shared.read("another period", async () => "another")).toBe("another");
  held.resolve("one");
  expect(await first).toBe("one");
});

test("a request after the end of a reading reads again, and sees what has changed", async () => {
  const shared = new SharedReading();
  let count = 0;
  const read = async () => ++count;
  expect(await shared.read("counts", read)).toBe(1);
  expect(await shared.read("counts", read)).toBe(2);
});

test("a failed reading fails for all who waited for it, and not for those who ask afterwards", async () => {
  const shared = new SharedReading();
  const held = heldReading<number>();
  const answers = [shared.read("counts", held.read), shared.read("counts", held.read)];
  held.reject(new Error("the database is away"));
  for (const answer of answers) await expect(answer).rejects.toThrow("the database is away");
  expect(await shared.read("counts", async () => 3)).toBe(3);
});
