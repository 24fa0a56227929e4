import fc from "fast-check";
import { expect, test } from "vitest";
import { propertySeed } from "../../test/property";
import { encodeQuery } from "./batch";
import { clipText, isBatchSafe, maxFieldLength } from "./safe-text";

const kept = ["Анна", "O'Brien", 'a "b" \\c', "$result", "100 % & #1 + =", "😀👩‍👩‍👧", "a\tb\nc\r", " ", ""];

for (const text of kept)
  test(`${JSON.stringify(text)} is kept letter for letter`, () => {
    expect(clipText(text)).toEqual({ text, clipped: false });
  });

test("control characters that no card can show are taken out", () => {
  expect(clipText("a\u0000b\u0008c\u001fd\u007fe")).toEqual({ text: "abcde", clipped: false });
});

test("a text that is too long is cut, and said to be", () => {
  expect(clipText("x".repeat(maxFieldLength))).toMatchObject({ clipped: false });
  expect(clipText("x".repeat(maxFieldLength + 1))).toEqual({ text: "x".repeat(maxFieldLength), clipped: true });
});

test("an emoji is never cut in half", () => {
  expect(clipText("ab😀", 3)).toEqual({ text: "ab", clipped: true });
  expect(clipText("ab😀", 4)).toEqual({ text: "ab😀", clipped: false });
});

test("whatever comes in, what goes out is short, well-formed, fit for an address, and the same when clipped again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), (input) => {
      const { text } = clipText(input);
      expect(text.length).toBeLessThanOrEqual(maxFieldLength);
      expect(text.isWellFormed()).toBe(true);
      expect(() => encodeQuery({ text })).not.toThrow();
      expect(clipText(text)).toEqual({ text, clipped: false });
    }),
    { seed: propertySeed },
  );
});

for (const word of ["result", "next", "total", "time", "error"])
  test(`$${word} is found in any case, in keys and values, at any depth`, () => {
    for (const macro of [`$${word}[c0]`, `a $${word.toUpperCase()}`, `x$${word}`]) {
      expect(isBatchSafe(macro)).toBe(false);
      expect(isBatchSafe({ fields: [{ deep: macro }] })).toBe(false);
      expect(isBatchSafe({ [macro]: 1 })).toBe(false);
    }
  });

test("other words with the sign, and what is no text, travel in a batch", () => {
  expect(isBatchSafe({ a: "$price", b: "result", c: "$ result", d: 5, e: null, f: undefined, g: true })).toBe(true);
});

test("an empty list, which a form cannot express, travels in no batch", () => {
  expect(isBatchSafe({ fields: { contactIds: [] } })).toBe(false);
  expect(isBatchSafe({ fields: { contactIds: [1] } })).toBe(true);
});
