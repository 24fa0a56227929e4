import { expect, test } from "vitest";
import { RestWatch } from "./memory";

const mb = 1_024 * 1_024;

test("garbage is collected at rest, where the heap is far larger than what lives in it", () => {
  const watch = new RestWatch();
  expect(watch.isWorthCollecting(0.02, 60 * mb)).toBe(true);
  watch.noteCollection(30 * mb);
  expect(watch.isWorthCollecting(0.02, 33 * mb)).toBe(false);
});

test("a process with work in hand is not paused", () => {
  const watch = new RestWatch();
  expect(watch.isWorthCollecting(0.5, 300 * mb)).toBe(false);
  expect(watch.isWorthCollecting(0.02, 300 * mb)).toBe(true);
});

test("a heap that stays large is left alone until the process has worked again", () => {
  const watch = new RestWatch();
  let collections = 0;
  for (let look = 0; look < 20; look++) {
    if (!watch.isWorthCollecting(0, 100 * mb)) continue;
    collections++;
    watch.noteCollection(30 * mb);
  }
  expect(collections).toBeGreaterThan(1);
  expect(collections).toBeLessThan(10);
  expect(watch.isWorthCollecting(0.9, 100 * mb)).toBe(false);
  expect(watch.isWorthCollecting(0, 100 * mb)).toBe(true);
});
