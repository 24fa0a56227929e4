import { expect, test } from "vitest";
import { wordsOf } from "./standing-values";

test.each([
  ["+7 (916) 765-43-21", "Call: +7 (916) 765-43-21, today"],
  ["8-916-765-43-21", "8-916-765-43-21"],
  ["Anna Maria", "Anna Maria asks for a call"],
  ["anna@example.com", "write to anna@example.com."],
  ["Anna", "«Anna»: a call"],
])("%s is found in the text %j", (detail, text) => {
  expect(wordsOf(text)).toContain(detail);
});

test("a long text has no more phrases than a few for each word", () => {
  expect(wordsOf("word ".repeat(5_000)).length).toBeLessThan(10);
  expect(wordsOf(Array.from({ length: 5_000 }, (_, place) => `w${place}x`).join(" ")).length).toBeLessThan(21_000);
});
