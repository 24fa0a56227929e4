import { expect, test } from "vitest";
import { formatPrice } from "./price.server";

test.each([
  [49, "US$49", "49 $"],
  [1_249.5, "US$1,249.50", "1 249,50 $"],
  [0.05, "US$0.05", "0,05 $"],
  [19.999, "US$20", "20 $"],
  [0, "Free", "Бесплатно"],
])("%s dollars are written as each language does", (usd, en, ru) => {
  expect(formatPrice("en", usd)).toBe(en);
  expect(formatPrice("ru", usd).replace(/\s/g, " ")).toBe(ru);
});
