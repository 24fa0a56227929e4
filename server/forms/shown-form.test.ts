import { expect, test } from "vitest";
import type { FormDefinition, Question } from "./definition";
import { answersInAddress } from "./shown-form";

const words = { en: "", ru: "" };
const hidden: Question = {
  key: "town",
  kind: "hidden",
  label: words,
  help: words,
  required: false,
  options: [],
  former: [],
  parameter: "city",
};
const form = { items: [{ question: hidden }] } as unknown as FormDefinition;
const taken = (search: string) => answersInAddress(form, new URLSearchParams(search)).town;

test("a hidden question is answered by its parameter, also in an address that a template has damaged", () => {
  expect(taken("?city=Moscow")).toBe("Moscow");
  expect(taken("?utm_source=a&amp;city=Moscow")).toBe("Moscow");
  expect(taken("?utm_source=a&amp;amp;city=Moscow")).toBe("Moscow");
  expect(taken("?utm_source=city&damp;city=Moscow")).toBeUndefined();
});

test("of a repeated parameter the first value counts that can be kept", () => {
  expect(taken("?city=&city=Moscow&city=Omsk")).toBe("Moscow");
  expect(taken(`?city=${"x".repeat(501)}&city=a%0Ab&amp;city=Moscow`)).toBe("Moscow");
  expect(taken("?city=&city=%20")).toBeUndefined();
});
