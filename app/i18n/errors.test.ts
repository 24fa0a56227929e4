import { expect, test } from "vitest";
import { problemText } from "./errors";

test("what is said to be kept of a form that was not saved does not include the password, which no answer brings back", () => {
  for (const code of ["failed", "busy"]) {
    expect(problemText("en", code)).toContain("What you typed is kept, except the password");
    expect(problemText("ru", code)).toContain("Всё, кроме пароля, осталось в форме");
  }
});
