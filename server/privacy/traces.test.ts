import { expect, test } from "vitest";
import { isTrace, tracesOf } from "./traces";

const person = {
  firstName: "Иван",
  lastName: "Щукин",
  company: null,
  email: "ivan@xn--80a1acny.xn--p1ai",
  phone: "+79167654321",
};

for (const value of ["ivan@xn--80a1acny.xn--p1ai", "Ivan@Почта.РФ", " ivan@почта.рф", "8 (916) 765-43-21", "щукин"])
  test(`a person is recognised by ${JSON.stringify(value)} on a card after the details are erased`, () => {
    const traces = tracesOf("salt", person, []);
    expect(isTrace("salt", traces, [value])).toBe(true);
    expect(isTrace("other salt", traces, [value])).toBe(false);
  });

const longName = `🌸 ${"Антуанетта ".repeat(6)}`.trim();

for (const [form, firstName, value, leftOut] of [
  ["cut with the emoji", longName, [...longName].slice(0, 50).join(""), []],
  ["cut once the emoji was taken out", longName, longName.slice(3).slice(0, 50), []],
  ["cut before the emoji was taken out", longName, longName.slice(3, 50), []],
  ["reduced to letters", "Антуанетта ★", "Антуанетта", ["name"]],
] as const)
  test(`a person is recognised by a name that was ${form}`, () => {
    const traces = tracesOf("salt", { ...person, firstName }, [...leftOut]);
    expect(isTrace("salt", traces, [value])).toBe(true);
  });

test("a person is not recognised by another's details", () => {
  const traces = tracesOf("salt", person, []);
  expect(isTrace("salt", traces, ["", "petr@почта.рф", "+79167654322"])).toBe(false);
});
