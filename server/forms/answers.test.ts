import { expect, test } from "vitest";
import { checkAnswers } from "./answers";
import type { Question, QuestionOption } from "./definition";
import { readOptions } from "./option-lines";

const unusual = [
  ["a no-break space", "Extra\u00a0large"],
  ["a decomposed letter", "Caf\u0065\u0301"],
  ["a zero-width space", "Large\u200b"],
  ["a soft hyphen", "Lar\u00adge"],
  ["a byte order mark", "\ufeffSmall"],
  ["a narrow space between thousands", "1\u202f000 ₽"],
  ["a tab", "Small\tround"],
] as const;

const asked = (kind: "choice" | "choices", options: QuestionOption[]): Question => ({
  key: "size",
  kind,
  label: { en: "Size", ru: "" },
  help: { en: "", ru: "" },
  required: true,
  options,
  former: [],
  parameter: "",
});
const option = (value: string): QuestionOption => ({ value, label: { en: value, ru: "" } });
const check = (question: Question, size: unknown) => checkAnswers([question], { size }, "visitor");

test.each(unusual)("an option with %s that is stored as it was pasted can be chosen", (_, pasted) => {
  const options = [option("Other"), option(pasted)];
  expect(check(asked("choice", options), pasted)).toEqual({ answers: { size: pasted }, problems: {} });
  expect(check(asked("choices", options), [pasted])).toEqual({ answers: { size: [pasted] }, problems: {} });
});

test.each(unusual)(
  "an option with %s is stored clean, and a page that was open before still chooses it",
  (_, pasted) => {
    const options = readOptions(`Other\n${pasted}\nx = ${pasted} | ${pasted}`) ?? [];
    const clean = options[1]?.value ?? "";
    expect(options.map(({ value }) => value)).toEqual(["Other", clean, "x"]);
    expect(options[2]?.label).toEqual({ en: clean, ru: clean });
    for (const sent of [clean, pasted]) {
      expect(check(asked("choice", options), sent)).toEqual({ answers: { size: clean }, problems: {} });
      expect(check(asked("choices", options), [sent, "Other"])).toEqual({
        answers: { size: ["Other", clean] },
        problems: {},
      });
    }
  },
);

test("an option of nothing but invisible characters is no option", () => {
  expect(readOptions("\u200b\n\u00a0 | \ufeff\n\u200b = Large")).toEqual([option("Large")]);
});

test("what is no option is refused in every kind of choice", () => {
  const options = [option("s"), option("l")];
  for (const given of ["m", "S", "s,l", "s\u0000"]) {
    expect(check(asked("choice", options), given).problems).toEqual({ size: expect.any(String) });
    expect(check(asked("choices", options), ["s", given]).problems).toEqual({ size: "option" });
  }
  expect(check(asked("choice", options), "").problems).toEqual({ size: "required" });
  expect(check(asked("choices", options), []).problems).toEqual({ size: "required" });
});

test("a hidden answer that cannot be kept is left out where the address brought it, and refused where it was sent", () => {
  const hidden: Question = { ...asked("choice", []), kind: "hidden" };
  for (const [size, problem] of [
    ["x".repeat(501), "too_long"],
    ["x\ny", "characters"],
    ["x\ufffdy", "characters"],
  ]) {
    expect(checkAnswers([hidden], { size }, "visitor")).toEqual({ answers: {}, problems: {} });
    expect(checkAnswers([hidden], { size }, "sender")).toEqual({ answers: {}, problems: { size: problem } });
  }
  for (const by of ["visitor", "sender"] as const) {
    expect(checkAnswers([hidden], { size: " — " }, by)).toEqual({ answers: { size: "—" }, problems: {} });
    expect(checkAnswers([hidden], { size: "\u200b" }, by)).toEqual({ answers: {}, problems: {} });
  }
});

test("line and page breaks of word processors part the lines of a long answer", () => {
  const long: Question = { ...asked("choice", []), kind: "long" };
  const size = "one\u000btwo\u2028three\u2029four\u0085five\fsix\r\nseven\reight";
  const stored = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight";
  for (const by of ["visitor", "sender"] as const)
    expect(checkAnswers([long], { size }, by)).toEqual({ answers: { size: stored }, problems: {} });
  expect(check(long, "one\u0000two").problems).toEqual({ size: "characters" });
});

test("a number with one point and three digits behind it has two meanings where a visitor typed it", () => {
  const number: Question = { ...asked("choice", []), kind: "number" };
  for (const size of ["50.000", "-1.500", "+12.125", "12,500"])
    expect(check(number, size), size).toEqual({ answers: {}, problems: { size: "number" } });
  for (const [size, stored] of [
    ["0.125", "0.125"],
    ["1500.125", "1500.125"],
    ["50.00", "50"],
    ["50 000", "50000"],
  ])
    expect(check(number, size), size).toEqual({ answers: { size: stored }, problems: {} });
  for (const size of ["12.125", 12.125])
    expect(checkAnswers([number], { size }, "sender")).toEqual({ answers: { size: "12.125" }, problems: {} });
  expect(checkAnswers([number], { size: "12,500" }, "sender").problems).toEqual({ size: "number" });
});
