import { expect, test } from "vitest";
import { parsePhone } from "../person/phone";
import { cellText, firstOf, phoneText, rounded } from "./cell";

test.each([
  ['="+79161234567"', "+79161234567"],
  ['="Рога ""и"" копыта"', 'Рога "и" копыта'],
  ["'+79161234567", "+79161234567"],
  ["'=1+1", "=1+1"],
  ["'＝1", "＝1"],
  ["'Арно", "'Арно"],
  ["''=1", "'=1"],
  ["'=79161234567", "=79161234567"],
  ["Ники: Анна, '@anna'", "Ники: Анна, '@anna'"],
  ["пн; 'вт,\n'- ср", "пн; 'вт,\n'- ср"],
  ["О'Нил", "О'Нил"],
  ["=79161234567", "79161234567"],
  ["=+79161234567", "+79161234567"],
  ["=A1", "=A1"],
])("the cell %s means %s", (cell, text) => {
  expect(cellText(cell)).toBe(text);
});

test.each([
  ["79161234567.0", "79161234567"],
  ["79161234567,0", "79161234567"],
  ["79161234567.00", "79161234567"],
  ["+79161234567.0", "79161234567"],
  ["7.9161234567E+10", "79161234567"],
  ["7,9161234567E+10", "79161234567"],
  ["7.9161234567e10", "79161234567"],
  ["7.91612345670E+010", "79161234567"],
  ["3.75291234567E+11", "375291234567"],
  ["79 161 234 567", "79161234567"],
  ["79\u00a0161\u00a0234\u00a0567", "79161234567"],
  ["79\u202f161\u202f234\u202f567", "79161234567"],
  ["79,161,234,567", "79161234567"],
  ["79.161.234.567", "79161234567"],
  ["79'161'234'567", "79161234567"],
  ["79,161,234,567.00", "79161234567"],
])("the number %s means the phone %s", (cell, phone) => {
  expect(parsePhone(String(phoneText(cell)))?.number).toBe(`+${phone}`);
});

test.each(["7.92E+10", "7,92E+10", "7.9161234E+10", "8E+10", "7.916123456E+10", "7.91612345678E+10"])(
  "%s has lost digits, so it is no phone",
  (cell) => {
    expect(phoneText(cell)).toBe(rounded);
  },
);

test.each([
  "8 (916) 123-45-67",
  "8.916.123.45.67",
  "+7 916 123 45 67",
  "12345.0",
  "79161234567.0",
  "79161234567.5",
  "Е10",
  "",
])("%j is left as it is", (cell) => {
  expect(phoneText(cell)).toBe(cell);
});

test("of several e-mails or phones in a cell the first one counts", () => {
  expect(firstOf("email", "a@example.com ::: b@example.com")).toBe("a@example.com");
  expect(firstOf("email", "a@example.com, b@example.com")).toBe("a@example.com");
  expect(firstOf("email", "a@example.com; b@example.com;")).toBe("a@example.com");
  expect(firstOf("phone", "+7 916 123-45-67 ::: +7 916 123-45-68")).toBe("+7 916 123-45-67");
  expect(firstOf("phone", "89161234567, 89161234568")).toBe("89161234567");
  expect(firstOf("phone", "89161234567 / 89161234568")).toBe("89161234567");
  expect(firstOf("phone", "٨٩١٦١٢٣٤٥٦٧, ٨٩١٦١٢٣٤٥٦٨")).toBe("٨٩١٦١٢٣٤٥٦٧");
  expect(firstOf("phone", "89161234567|89161234568")).toBe("89161234567");
  expect(firstOf("phone", "89161234567 89161234568")).toBe("89161234567");
  expect(firstOf("phone", "+7 916 123-45-67 +7 916 123-45-68")).toBe("+7 916 123-45-67");
  expect(firstOf("email", "a@example.com | b@example.com")).toBe("a@example.com");
});

test("what is no list of them is left whole", () => {
  expect(firstOf("email", "Анна, a@example.com")).toBe("Анна, a@example.com");
  expect(firstOf("phone", "+7 495 123-45-67, доб. 12")).toBe("+7 495 123-45-67, доб. 12");
  expect(firstOf("phone", "79,161,234,567")).toBe("79,161,234,567");
  expect(firstOf("phone", "79 161 234 567")).toBe("79 161 234 567");
  expect(firstOf("phone", "8 495 123-45-67 / 12")).toBe("8 495 123-45-67 / 12");
});

test("a cell of nothing but signs and blanks takes no time", () => {
  for (const filler of [" ", "\t", "-", "/", "+", ";", "(", '"', "'", "\n"]) {
    const cell = `8${filler.repeat(60_000)}x`;
    expect(cellText(cell)).toBe(cell);
    expect(parsePhone(firstOf("phone", cell))).toBeNull();
    expect(phoneText(cell)).toBe(cell);
  }
});
