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
    const traces = tracesOf("salt", person);
    expect(isTrace("salt", traces, [value])).toBe(true);
    expect(isTrace("other salt", traces, [value])).toBe(false);
  });

test("a person is not recognised by another's details", () => {
  const traces = tracesOf("salt", person);
  expect(isTrace("salt", traces, ["", "petr@почта.рф", "+79167654322"])).toBe(false);
});
