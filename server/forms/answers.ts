import { cleanText, hasUnfitCharacters, isBlank } from "../platform/clean-text";
import { westernDigits } from "../platform/western-digits";
import type { Question, QuestionKind } from "./definition";

/** Checks answers and parses them into the stored form. Free of zod; every way in uses it: form, programs, import. */

/** Texts: a number as `12.5`, a day as `2026-11-26`, yes or no as `yes` or `no`, options by their values. */
export type Answer = string | string[];
/** By the questions' keys; a question without an answer is left out. */
export type Answers = Record<string, Answer>;

/** Codes; their words are in the dictionaries. */
export type AnswerProblem = "required" | "invalid" | "too_long" | "characters" | "number" | "date" | "option";

export type CheckedAnswer = { answer: Answer | null } | { problem: AnswerProblem };

/** In characters. What is chosen is bounded by the question's options. */
export const maxAnswer: Record<QuestionKind, number> = {
  text: 500,
  long: 5_000,
  choice: 200,
  choices: 200,
  number: 40,
  date: 40,
  yesno: 10,
  hidden: 500,
};

const noAnswer: CheckedAnswer = { answer: null };

/** A visitor's hidden answers came with the address of the page; a program or a list sends them like all others. */
export type Answering = "visitor" | "sender";

/** The checked answer as it is stored; null if there is none. */
export function checkAnswer(question: Question, given: unknown, by: Answering): CheckedAnswer {
  const checked = question.kind === "choices" ? checkChoices(question, given) : checkOne(question, given, by);
  const isMissing = "answer" in checked && checked.answer === null;
  // Nobody could fill in a hidden one.
  return isMissing && question.required && question.kind !== "hidden" ? { problem: "required" } : checked;
}

/** All of them at once; keys of other questions are not looked at. */
export function checkAnswers(
  questions: readonly Question[],
  given: Readonly<Record<string, unknown>>,
  by: Answering,
): { answers: Answers; problems: Record<string, AnswerProblem> } {
  const answers: Answers = {};
  const problems: Record<string, AnswerProblem> = {};
  for (const question of questions) {
    const { key } = question;
    const checked = checkAnswer(question, Object.hasOwn(given, key) ? given[key] : undefined, by);
    if ("problem" in checked) problems[key] = checked.problem;
    else if (checked.answer !== null) answers[key] = checked.answer;
  }
  return { answers, problems };
}

function checkChoices({ options }: Question, given: unknown): CheckedAnswer {
  const list = Array.isArray(given) ? given : isNothing(given) ? [] : [given];
  if (!list.every((value) => typeof value === "string")) return { problem: "invalid" };
  const chosen = list.filter((value) => value !== "").map((value) => optionOf(options, value));
  if (chosen.includes(null)) return { problem: "option" };
  const known = options.map(({ value }) => value).filter((value) => chosen.includes(value));
  return known.length > 0 ? { answer: known } : noAnswer;
}

/**
 * The value of the option that was chosen; null if there is none. A value stored before options were cleaned has to be
 * found as it is, and a page that was open while its option was cleaned sends the former spelling.
 */
function optionOf(options: Question["options"], given: string): string | null {
  const exact = options.find(({ value }) => value === given);
  return (exact ?? options.find(({ value }) => cleanText(value) === cleanText(given)))?.value ?? null;
}

function checkOne(question: Question, given: unknown, by: Answering): CheckedAnswer {
  if (isNothing(given)) return noAnswer;
  const text = plain(question.kind, given);
  if (text === null) return { problem: "invalid" };
  // What the form offers is taken as it is, also with blanks and letters that are cleaned in typed texts.
  if (question.kind === "choice" && question.options.some(({ value }) => value === text)) return { answer: text };
  if (question.kind === "hidden" && by === "visitor") return { answer: fromAddress(text) };
  if (question.kind === "choice") {
    const chosen = optionOf(question.options, text);
    if (chosen !== null) return { answer: chosen };
  }
  const isLong = question.kind === "long";
  // Browsers send line breaks as CR LF. Texts that were pasted have tabs, and the line and page breaks of word processors.
  const lines = isLong ? text.replace(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n") : text;
  if (hasUnfitCharacters(isLong ? lines.replace(/[\n\t]/g, " ") : lines)) return { problem: "characters" };
  const clean = cleanText(lines);
  if (clean === "" || (isLong || question.kind === "text" ? isBlank(clean) : false)) return noAnswer;
  if (clean.length > maxAnswer[question.kind]) return { problem: "too_long" };
  return checkKind(question, clean, by);
}

function checkKind({ kind }: Question, text: string, by: Answering): CheckedAnswer {
  switch (kind) {
    case "number": {
      const number = readNumber(text, by);
      return number === null ? { problem: "number" } : { answer: number };
    }
    case "date": {
      const day = readDay(text);
      return day === null ? { problem: "date" } : { answer: day };
    }
    case "yesno":
      return text === "yes" || text === "no" ? { answer: text } : { problem: "option" };
    case "choice":
      return { problem: "option" };
    default:
      return { answer: text };
  }
}

const isNothing = (given: unknown): boolean => given === undefined || given === null || given === "";

/** What programs send instead of a text: a number for a number, true and false for yes and no. */
function plain(kind: QuestionKind, given: unknown): string | null {
  if (typeof given === "string") return given;
  if (kind === "yesno" && typeof given === "boolean") return given ? "yes" : "no";
  return kind === "number" && typeof given === "number" ? String(given) : null;
}

/** A parameter of the page's address. The visitor cannot mend it, so what cannot be kept is left out. */
export function fromAddress(text: string): string | null {
  if (hasUnfitCharacters(text)) return null;
  const clean = cleanText(text);
  return clean === "" || clean.length > maxAnswer.hidden ? null : clean;
}

/**
 * With a point or a comma, in digits of any script, with spaces between thousands, as large as the portal's fields of
 * numbers. `12,500` is refused: it is twelve and a half in Russian and twelve thousand five hundred in English. So is a
 * visitor's `50.000`, which many mean as fifty thousand; programs and lists write decimals with a point.
 */
function readNumber(text: string, by: Answering): string | null {
  const typed = westernDigits(text)
    .replace(/[−–]/g, "-")
    .replace(/٫/g, ",")
    .replace(/(\d)[ ’'](?=\d{3}(?:\D|$))/g, "$1");
  if (/^[+-]?[1-9]\d{0,2}[.,]\d{3}$/.test(typed) && (by === "visitor" || typed.includes(","))) return null;
  const [, sign, whole, fraction = ""] = /^([+-]?)\s?(?=[.,]?\d)0*(\d{0,12})(?:[.,](\d{1,6}))?$/.exec(typed) ?? [];
  if (whole === undefined) return null;
  const part = fraction.replace(/0+$/, "");
  const digits = `${whole || "0"}${part && `.${part}`}`;
  return sign === "-" && digits !== "0" ? `-${digits}` : digits;
}

/** A day that exists, as browsers send it or as people write it: 2026-11-26, 26.11.2026. */
export function readDay(text: string): string | null {
  const typed = westernDigits(text);
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed) ?? reversed(typed) ?? [];
  if (!year || !month || !day || Number(year) < 1_000) return null;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // Date carries 31 February into March.
  return at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day)
    ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`
    : null;
}

function reversed(text: string): (string | undefined)[] | null {
  const [whole, day, month, year] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  return whole === undefined ? null : [whole, year, month, day];
}

/** Stored answers, past anything that another release may have put there. */
export const readAnswers = (stored: unknown): Answers =>
  typeof stored === "object" && stored !== null && !Array.isArray(stored)
    ? Object.fromEntries(
        Object.entries(stored).filter((entry): entry is [string, Answer] =>
          [entry[1]].flat().every((value) => typeof value === "string"),
        ),
      )
    : {};
