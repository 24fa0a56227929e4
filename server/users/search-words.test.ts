import { expect, test } from "vitest";
import { isIndexable, searchWords } from "./search-words";

test("every word must occur, in lower case", () => {
  expect(searchWords("  Иван\tPetrov ")).toEqual([["%иван%"], ["%petrov%"]]);
});

test("ё and е are one letter, as people write them", () => {
  expect(searchWords("СЕМЁНОВ")).toEqual([["%семенов%"]]);
});

test("what LIKE would take for a wildcard stands for itself", () => {
  expect(searchWords("100%_a\\b")).toEqual([["%100\\%\\_a\\\\b%"]]);
});

test("a phone in any spelling is one word of digits", () => {
  expect(searchWords("+7 (999) 123-45-67")).toEqual([["%+79991234567%"]]);
  expect(searchWords("999 123 45 67")).toEqual([["%9991234567%"]]);
  for (const dash of ["–", " - ", " — ", "\u2011"])
    expect(searchWords(`+7 (999) 123${dash}45${dash}67`)).toEqual([["%+79991234567%"]]);
});

test("a leading 8 also means the +7 that is stored", () => {
  expect(searchWords("8 (999) 123")).toEqual([["%8999123%", "%+7999123%"]]);
});

test("a phone beside a name is two words", () => {
  expect(searchWords("иван 8 999")).toEqual([["%иван%"], ["%8999%", "%+7999%"]]);
});

test("digits with dots are looked for as they were typed, too", () => {
  expect(searchWords("10.05")).toEqual([["%1005%", "%10.05%"]]);
});

test("nothing but space is no word", () => {
  expect(searchWords(" \t ")).toEqual([]);
});

test("a flood of words is cut", () => {
  expect(searchWords("a ".repeat(50))).toHaveLength(8);
});

test("the index finds a run of three letters or digits, in one word at least", () => {
  const hasIndex = (q: string) => isIndexable(searchWords(q));
  expect(hasIndex("ан")).toBe(false);
  expect(hasIndex("a_b%")).toBe(false);
  expect(hasIndex("анн")).toBe(true);
  expect(hasIndex("а иванов")).toBe(true);
});
