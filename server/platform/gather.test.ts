import { expect, test } from "vitest";
import { gather } from "./gather";

test("questions that arrive together are answered by one piece of work, each with its own answer", async () => {
  const lots: number[][] = [];
  const double = async (lot: number[]) => {
    lots.push(lot);
    return lot.map((each) => each * 2);
  };
  const ask = gather(double, { most: 100 });
  expect(await Promise.all([1, 2, 3].map(ask))).toEqual([2, 4, 6]);
  expect(lots).toEqual([[1, 2, 3]]);
});

test("what arrives during a piece of work is the next one, no larger than the most", async () => {
  const lots: number[][] = [];
  const release: (() => void)[] = [];
  const ask = gather(
    async (lot: number[]) => {
      lots.push(lot);
      await new Promise<void>((resolve) => release.push(resolve));
      return lot;
    },
    { most: 2 },
  );
  const first = ask(1);
  await expect.poll(() => lots).toEqual([[1]]);
  const rest = [2, 3, 4].map(ask);
  release.shift()?.();
  expect(await first).toBe(1);
  for (const count of [2, 3]) {
    await expect.poll(() => lots.length).toBe(count);
    release.shift()?.();
  }
  expect(await Promise.all(rest)).toEqual([2, 3, 4]);
  expect(lots).toEqual([[1], [2, 3], [4]]);
});

test("a failure is told to those who asked together, and to nobody later", async () => {
  const ask = gather(
    async (lot: number[]) => {
      if (lot.includes(0)) throw new Error("zero");
      return lot;
    },
    { most: 10 },
  );
  expect((await Promise.allSettled([0, 1].map(ask))).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await ask(1)).toBe(1);
});

test("a lot that is held up holds up the next one no longer than it has patience, and is answered in the end", async () => {
  const lots: number[][] = [];
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const ask = gather(
    async (lot: number[]) => {
      lots.push(lot);
      if (lot.includes(1)) await held;
      return lot;
    },
    { most: 2, patienceMs: 20 },
  );
  const first = ask(1);
  await expect.poll(() => lots).toEqual([[1]]);
  expect(await Promise.all([2, 3, 4].map(ask))).toEqual([2, 3, 4]);
  expect(await ask(5)).toBe(5);
  expect(lots.flat()).toEqual([1, 2, 3, 4, 5]);
  release();
  expect(await first).toBe(1);
});
