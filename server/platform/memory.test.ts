import { expect, test } from "vitest";
import { RestWatch } from "./memory";

const mb = 1_024 * 1_024;
const atRest = { processor: 0.02, loop: 0.02, lateMs: 3 };
const working = { processor: 0.5, loop: 0.5, lateMs: 3 };

/** A watch that has seen a quiet moment: the next one is rest. */
function quietOnce(): RestWatch {
  const watch = new RestWatch();
  watch.isWorthCollecting(atRest, 0);
  return watch;
}

test("garbage is collected at rest, where the heap is far larger than what lives in it", () => {
  const watch = quietOnce();
  expect(watch.isWorthCollecting(atRest, 60 * mb)).toBe(true);
  watch.noteCollection(30 * mb);
  expect(watch.isWorthCollecting(atRest, 33 * mb)).toBe(false);
});

test("a process with work in hand is not paused", () => {
  const watch = quietOnce();
  expect(watch.isWorthCollecting(working, 300 * mb)).toBe(false);
  watch.isWorthCollecting(atRest, 300 * mb);
  expect(watch.isWorthCollecting(atRest, 300 * mb)).toBe(true);
});

test("a quiet moment between two bursts of work is no rest", () => {
  const watch = new RestWatch();
  for (let burst = 0; burst < 10; burst++) {
    expect(watch.isWorthCollecting(working, 300 * mb)).toBe(false);
    expect(watch.isWorthCollecting(atRest, 300 * mb)).toBe(false);
  }
});

test.each([
  ["work that waits for a processor", { processor: 0.02, loop: 0.6, lateMs: 3 }],
  ["work beside the event loop, such as hashes", { processor: 0.6, loop: 0.02, lateMs: 3 }],
  ["a machine that has no processor to spare", { processor: 0.02, loop: 0.02, lateMs: 700 }],
])("%s is no rest, and rest begins anew after it", (_, look) => {
  const watch = quietOnce();
  expect(watch.isWorthCollecting(look, 300 * mb)).toBe(false);
  expect(watch.isWorthCollecting(atRest, 300 * mb)).toBe(false);
  expect(watch.isWorthCollecting(atRest, 300 * mb)).toBe(true);
});

test("a heap that stays large is left alone until the process has worked again", () => {
  const watch = quietOnce();
  let collections = 0;
  for (let look = 0; look < 20; look++) {
    if (!watch.isWorthCollecting({ ...atRest, processor: 0, loop: 0 }, 100 * mb)) continue;
    collections++;
    watch.noteCollection(30 * mb);
  }
  expect(collections).toBeGreaterThan(1);
  expect(collections).toBeLessThan(10);
  // A machine that was busy for a moment is no work of this process.
  expect(watch.isWorthCollecting({ ...atRest, lateMs: 700 }, 100 * mb)).toBe(false);
  watch.isWorthCollecting(atRest, 100 * mb);
  expect(watch.isWorthCollecting(atRest, 100 * mb)).toBe(false);
  expect(watch.isWorthCollecting({ ...working, processor: 0.9 }, 100 * mb)).toBe(false);
  watch.isWorthCollecting(atRest, 100 * mb);
  expect(watch.isWorthCollecting(atRest, 100 * mb)).toBe(true);
});
