import { expect, test } from "vitest";
import { acceptLocale, isLocale } from "./locale";

const headers: [header: string | null, locale: string][] = [
  [null, "ru"],
  ["", "ru"],
  ["en", "en"],
  ["en-GB,en;q=0.9", "en"],
  ["ru-RU,ru;q=0.9,en-US;q=0.8", "ru"],
  ["de-DE,de;q=0.9,en;q=0.5,ru;q=0.4", "en"],
  ["ru;q=0.2, en;q=0.7", "en"],
  ["EN", "en"],
  ["en;q=0, ru;q=0.1", "ru"],
  ["de,fr", "ru"],
  ["*", "ru"],
  [";;q=,=,en;q=x", "ru"],
];

for (const [header, locale] of headers) {
  test(`Accept-Language ${JSON.stringify(header)} is answered in ${locale}`, () => {
    expect(acceptLocale(header)).toBe(locale);
  });
}

test("only our own languages are languages", () => {
  expect(["ru", "en", "de", "constructor", "", null, 1].filter(isLocale)).toEqual(["ru", "en"]);
});
