import { expect, test } from "vitest";
import { type KeyedRow, rowsInForce } from "./in-force";

/** A history whose rows are numbered from 1; a row is its keys, or with a number the row that it takes back. */
function inForce(...rows: (string | number)[]): number[] {
  const history: KeyedRow[] = [];
  for (const [place, row] of rows.entries()) {
    const undoes = typeof row === "number" ? row : null;
    const keys = typeof row === "number" ? (history[row - 1]?.keys ?? []) : row.split(" ");
    history.push({ id: place + 1, keys, undoes });
  }
  return [...rowsInForce(history)];
}

test("a change is in force until one of its keys is changed again", () => {
  expect(inForce("a b", "c")).toEqual([1, 2]);
  expect(inForce("a b", "b")).toEqual([2]);
  expect(inForce("a", "b a")).toEqual([2]);
});

test("once a change is taken back, the one before it can be taken back too, and so on", () => {
  expect(inForce("a", "a", 2)).toEqual([1, 3]);
  expect(inForce("a", "a", 2, 1)).toEqual([4]);
  expect(inForce("a", "a", "a", 3, 2)).toEqual([1, 5]);
  expect(inForce("a b", "a", "b", 2, 3)).toEqual([1, 4, 5]);
  expect(inForce("a b", "a", "b", 2)).toEqual([3, 4]);
});

test("a change that was taken back is not in force, also when the same is set again", () => {
  expect(inForce("a", 1)).toEqual([2]);
  expect(inForce("a", 1, "a")).toEqual([3]);
  expect(inForce("a", 1, "a", 3)).toEqual([2, 4]);
});

test("taking an undoing back is a change of its own: the former change is not in force by it", () => {
  expect(inForce("a", 1, 2)).toEqual([3]);
  expect(inForce("a", 1, 2, 3)).toEqual([2, 4]);
  expect(inForce("a", 1, 2, 3, 4)).toEqual([5]);
});

test("an undoing of a row that is not kept any more is a change like any other", () => {
  const kept = rowsInForce([
    { id: 8, keys: ["a"], undoes: 3 },
    { id: 9, keys: ["b"], undoes: null },
  ]);
  expect([...kept]).toEqual([8, 9]);
});
