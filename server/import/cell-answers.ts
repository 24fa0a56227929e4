import { type AnswerProblem, type Answers, checkAnswer } from "../forms/answers";
import type { Question } from "../forms/definition";
import { everyOptionOf } from "../forms/questions";
import { yesNo } from "../forms/shown-form";
import { isBlank } from "../platform/clean-text";
import { folded } from "../platform/folded";
import { plainCell } from "./cell";
import { type AnswerTarget, answerTarget, type Columns } from "./columns";
import { isGarbled } from "./garbled";
import { isNoDay, plainDay } from "./moment";

export type AnswerCellProblem = Exclude<AnswerProblem, "date"> | "day" | "garbled";

/**
 * The answers of a line, checked like those of a form. Nothing is mandatory: a list need not answer what visitors must.
 */
export function readAnswerCells(
  { targets, questions }: Pick<Columns, "targets" | "questions">,
  textOf: (target: AnswerTarget) => string,
): { answers: Answers; problems: { field: AnswerTarget; code: AnswerCellProblem }[] } {
  const answers: Answers = {};
  const problems: { field: AnswerTarget; code: AnswerCellProblem }[] = [];
  for (const question of questions) {
    const field = answerTarget(question.key);
    if (!targets.includes(field)) continue;
    const text = textOf(field);
    const checked = checkAnswer(
      // What was exported comes back, also with options that are offered no longer.
      { ...question, options: everyOptionOf(question), required: false },
      asGiven(question, text),
      "sender",
    );
    if ("problem" in checked) problems.push({ field, code: checked.problem === "date" ? "day" : checked.problem });
    else if (checked.answer !== null && isTyped(question) && isGarbled(text)) problems.push({ field, code: "garbled" });
    else if (checked.answer !== null) answers[question.key] = checked.answer;
  }
  return { answers, problems };
}

const isTyped = ({ kind }: Question): boolean => kind === "text" || kind === "long";

/** What a form would send for the cell's words. A dash says that there are none, unless it says no. */
function asGiven(question: Question, text: string): string | string[] {
  const { kind } = question;
  if (isTyped(question) || kind === "hidden") return text;
  const cell = plainCell(text);
  const other = isBlank(cell) ? "" : cell;
  if (kind === "yesno") return optionOf({ options: yesNo, former: [] }, cell) ?? yesOrNo(cell) ?? other;
  if (kind === "date") return isNoDay(cell) ? "" : (plainDay(cell) ?? other);
  if (kind === "choice") return optionOf(question, text) ?? optionOf(question, cell) ?? other;
  if (kind === "choices" && text !== "") return split(question, text) ?? split(question, cell) ?? other;
  return other;
}

const yesOrNo = (text: string): string | undefined =>
  /^(y|true|1|\+|✓|✔|истина)$/i.test(text) ? "yes" : /^(n|false|0|\p{Pd}|−|ложь)$/iu.test(text) ? "no" : undefined;

type Options = Pick<Question, "options" | "former">;

/** By its value, or by words that no other option has; one that is offered no longer by nothing that names an offered one. */
function optionOf({ options, former }: Options, text: string): string | undefined {
  const wanted = folded(text);
  for (const asked of [options, former]) {
    if (asked.some(({ value }) => value === text)) return text;
    const named = asked.filter(({ value, label }) =>
      [value, label.en, label.ru].some((each) => folded(each) === wanted),
    );
    if (named.length > 0) return named.length === 1 ? named[0]?.value : undefined;
  }
  return undefined;
}

/**
 * The options in one cell, separated by semicolons, commas or line breaks, which their own words may hold as well.
 * Undefined if a part is no option.
 */
function split(options: Options, text: string): string[] | undefined {
  const parts = text.split(/([;,\n])/);
  // From each place the rest was found to be unreadable once: without this, many separators would take for ever.
  const vain = new Set<number>();
  const from = (start: number): string[] | undefined => {
    if (start >= parts.length) return [];
    if (vain.has(start)) return undefined;
    for (let end = parts.length; end > start; end -= 2) {
      const part = parts.slice(start, end).join("").trim();
      const rest = part === "" ? [] : [optionOf(options, part)];
      if (rest.includes(undefined)) continue;
      const others = from(end + 1);
      if (others) return [...rest.filter((value) => value !== undefined), ...others];
    }
    vain.add(start);
    return undefined;
  };
  return parts.length > maxParts ? undefined : from(0);
}

/** No question has as many options. */
const maxParts = 1_000;
