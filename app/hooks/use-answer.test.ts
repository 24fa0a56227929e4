import { expect, test } from "vitest";
import { keptPart } from "./use-answer";

interface Answer {
  saved?: { typed: string };
  tested?: boolean;
  lost?: true;
}

/** What a form has of these answers, one after the other. */
function partsOf(answers: (Answer | undefined)[]) {
  let last: Answer["saved"];
  return answers.map((answer) => {
    last = keptPart({ answer, partOf: ({ saved }: Answer) => saved ?? null, last });
    return last?.typed;
  });
}

test("a form keeps its answer while another form of the page is answered, or an answer is lost", () => {
  const own = (typed: string): Answer => ({ saved: { typed } });
  expect(partsOf([{ tested: true }, own("a"), { tested: true }, { lost: true }, own("b"), { tested: true }])).toEqual([
    undefined,
    "a",
    "a",
    "a",
    "b",
    "b",
  ]);
});

test("a page that is opened again has no answer to any of its forms", () => {
  expect(partsOf([{ saved: { typed: "a" } }, undefined, { tested: true }])).toEqual(["a", undefined, undefined]);
});
