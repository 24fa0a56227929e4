import { expect, test } from "vitest";
import { searchedId } from "../platform/person-number";
import { isFoundByIndex, searchWords } from "./search-words";

const patterns = (q: string) => searchWords(q).map((word) => word.patterns);

test("every word must occur, in lower case", () => {
  expect(patterns("  Иван\tPetrov ")).toEqual([["%иван%"], ["%petrov%"]]);
});

test("ё and е are one letter, as people write them", () => {
  expect(patterns("СЕМЁНОВ")).toEqual([["%семенов%"]]);
});

test("what LIKE would take for a wildcard stands for itself", () => {
  expect(patterns("100%_a")).toEqual([["%100\\%\\_a%"]]);
});

test("a phone in any spelling is one word of digits, or what was typed", () => {
  expect(patterns("+7 (999) 123-45-67")).toEqual([["%+79991234567%", "%+7 (999) 123-45-67%"]]);
  expect(patterns("999 123 45 67")).toEqual([["%9991234567%", "%999 123 45 67%"]]);
  for (const dash of ["–", "\u2011"])
    expect(patterns(`+7 (999) 123${dash}45${dash}67`)).toEqual([["%+79991234567%", "%+7 (999) 123-45-67%"]]);
  for (const dash of [" - ", " — "])
    expect(patterns(`+7 (999) 123${dash}45${dash}67`)).toEqual([
      ["%+79991234567%", "%+7 (999) 123-45-67%", "%+7 (999) 123 - 45 - 67%"],
    ]);
});

test("a leading 8 also means the +7 that is stored", () => {
  expect(patterns("8 (999) 123")).toEqual([["%8999123%", "%+7999123%", "%8 (999) 123%"]]);
});

test.each([
  ["+49 (0)151 12345678", "+4915112345678"],
  ["00375 29 123-45-67", "+375291234567"],
  ["8-10-375-29-123-45-67", "+375291234567"],
  ["8 10 375 29 123 - 45 - 67", "+375291234567"],
  ["+8 916 555-44-33", "+79165554433"],
  ["+52 1 55 1234 5678", "+525512345678"],
  ["9161234567.00", "+79161234567"],
])("a whole phone typed as %s is also looked for as it is stored, alone or beside a name", (typed, stored) => {
  for (const [q, words] of [
    [typed, 1],
    [`иван ${typed}`, 2],
  ] as const) {
    expect(patterns(q)).toHaveLength(words);
    expect(patterns(q).at(-1)).toContain(`%${stored}%`);
  }
});

test("a phone beside a name is two words", () => {
  expect(patterns("иван 8 999")).toEqual([["%иван%"], ["%8999%", "%+7999%", "%8 999%"]]);
});

test("what is shown of an answer is looked for as it is stored: quotation marks, backslashes and dashes", () => {
  expect(patterns('ООО "Ромашка"')).toEqual([["%ооо%"], ['%"ромашка"%', '%\\\\"ромашка\\\\"%']]);
  expect(patterns("C:\\Users")).toEqual([["%c:\\\\users%", "%c:\\\\\\\\users%"]]);
  expect(patterns("10:00 – 12:00")).toEqual([["%10:00-12:00%", "%10:00 - 12:00%"]]);
  expect(patterns("Понедельник, среда")).toEqual([["%понедельник%"], ["%среда%"]]);
});

test("digits with dots are looked for as they were typed, too", () => {
  expect(patterns("10.05")).toEqual([["%1005%", "%10.05%"]]);
});

test("nothing but space is no word", () => {
  expect(patterns(" \t ")).toEqual([]);
});

test("a flood of words is cut", () => {
  expect(searchWords("a ".repeat(50))).toHaveLength(8);
});

test("the index finds a run of three letters or digits, in one word at least", () => {
  expect(isFoundByIndex("ан")).toBe(false);
  expect(isFoundByIndex("a_b%")).toBe(false);
  expect(isFoundByIndex("анн")).toBe(true);
  expect(isFoundByIndex("а иванов")).toBe(true);
  for (const q of ["12 34", "1 2 3", "12 - 3"]) expect(isFoundByIndex(q)).toBe(true);
});

test("a person's number finds by the number, however it is written", () => {
  for (const q of ["№ 101", "№\u00a0101\u200b", "№101", "#101", " No. 101 ", "no 101", "номер 101"]) {
    expect(searchedId(q)).toBe(101);
    expect(isFoundByIndex(q)).toBe(true);
  }
  for (const q of ["101", "№", "№ 0", "№ 2147483648", "№ 101 Анна", "nokia 101"]) expect(searchedId(q)).toBeNull();
});

test("apostrophes, quotes and dashes are those that are stored, whichever were typed", () => {
  for (const apostrophe of ["'", "’", "‘", "ʼ", "`", "´"])
    expect(patterns(`O${apostrophe}Brien`)).toEqual([["%o'brien%"]]);
  expect(patterns("«Ромашка»")).toEqual(patterns('"Ромашка"'));
  expect(patterns("Салтыков\u2011Щедрин")).toEqual([["%салтыков-щедрин%"]]);
});

test("what cannot be seen is not searched for", () => {
  expect(patterns("anna@example.com\u200b")).toEqual([["%anna@example.com%"]]);
  expect(patterns("\u202a+7 916 555-44-33\u202c")).toEqual([["%+79165554433%", "%+7 916 555-44-33%"]]);
  expect(patterns("Серге\u0438\u0306")).toEqual([["%сергей%"]]);
  expect(patterns("سارا\u200cی")).toEqual([["%سارای%"]]);
});

test("a phone is known by its number alone, whatever stands round it, or by all that was typed", () => {
  for (const q of ["tel:+74951234567", "8 (495) 123-45-67 доб. 12", "+7 495 123-45-67;"])
    for (const word of patterns(q)) expect(word).toContain("%+74951234567%");
  expect(patterns("рабочий 4951 234567")).toEqual([
    ["%рабочий%", "%+74951234567%"],
    ["%4951234567%", "%4951 234567%", "%+74951234567%"],
  ]);
});

test("an address is found as it was copied from a mail program, a link or a list", () => {
  for (const q of [
    "Анна <Anna@Example.com>",
    "mailto:anna@example.com?subject=x",
    "'anna@example.com'",
    "anna@example.com;",
  ])
    expect(patterns(q)).toEqual([["%anna@example.com%"]]);
  expect(patterns("Иван <ivan@почта.рф>")).toEqual([["%ivan@почта.рф%", "%ivan@xn--80a1acny.xn--p1ai%"]]);
  expect(searchWords("anna@example.com петрова")).toHaveLength(2);
});

test("an international address is found in both of its spellings, and by its domain alone", () => {
  expect(patterns("ivan@почта.рф")).toEqual([["%ivan@почта.рф%", "%ivan@xn--80a1acny.xn--p1ai%"]]);
  expect(patterns("ivan@xn--80a1acny.xn--p1ai")).toEqual([["%ivan@xn--80a1acny.xn--p1ai%"]]);
  expect(patterns("@почта")).toEqual([["%@почта%", "%@xn--80a1acny%"]]);
  expect(patterns("Müller.de")).toEqual([["%müller.de%", "%xn--mller-kva.de%"]]);
});
