import { expect, test } from "vitest";
import { formatDuration, formatShare } from "./format";
import { enPlural, ruPlural } from "./plural";

/** Intl separates with spaces that do not break. */
const plain = (text: string) => text.replace(/\s/g, " ");

for (const [seconds, en, ru] of [
  [0, "0 secs", "0 с"],
  [59.6, "1 min", "1 мин"],
  [61, "1 min 1 sec", "1 мин 1 с"],
  [3_600, "1 hr", "1 ч"],
  [7_500, "2 hrs 5 mins", "2 ч 5 мин"],
  [90_000, "1 day 1 hr", "1 дн. 1 ч"],
  [-5, "0 secs", "0 с"],
] as const)
  test(`${seconds} seconds are ${en}`, () => {
    expect(plain(formatDuration("en", seconds))).toBe(en);
    expect(plain(formatDuration("ru", seconds))).toBe(ru);
  });

test("a share of nothing is a dash", () => {
  expect(formatShare("en", 0, 0)).toBe("—");
  expect(plain(formatShare("ru", 1, 3))).toBe("33,3 %");
});

test("counts and their words agree", () => {
  expect(enPlural(1, "person", "people")).toBe("1 person");
  expect(enPlural(1_000, "person", "people")).toBe("1,000 people");
  const people = (count: number) => plain(ruPlural(count, "человек", "человека", "человек"));
  expect([1, 2, 5, 11, 21, 1_022].map(people)).toEqual([
    "1 человек",
    "2 человека",
    "5 человек",
    "11 человек",
    "21 человек",
    "1 022 человека",
  ]);
});
