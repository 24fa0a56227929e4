import { expect, test } from "vitest";
import { dataTexts } from "~/features/account/data-texts";

test("a built-in wording of a consent is named by its day, as the language writes days, and the owner's by its number", () => {
  const named = (version: string) => [dataTexts.en.consent.version(version), dataTexts.ru.consent.version(version)];
  expect(named("2026-11-26")).toEqual(["version of 26 November 2026", "редакция от 26 ноября 2026 г."]);
  expect(named("3")).toEqual(["version 3", "редакция 3"]);
});

test("the days until erasure are counted in words that fit the number", () => {
  const words = (days: number) => [dataTexts.en.consent.after(days), dataTexts.ru.consent.after(days)];
  expect(words(1)).toEqual([expect.stringMatching(/^After 1 day all/), expect.stringMatching(/^Через 1 день все/)]);
  expect(words(30)).toEqual([expect.stringMatching(/^After 30 days/), expect.stringMatching(/^Через 30 дней/)]);
  expect(words(22)[1]).toMatch(/^Через 22 дня/);
});
