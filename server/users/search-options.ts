import { Prisma } from "../../prisma/generated/client";
import type { Question } from "../forms/definition";
import { everyOptionOf } from "../forms/questions";
import { yesNo } from "../forms/shown-form";
import { type SearchWord, searchedText, storedText } from "./search-words";

/**
 * Searching by the words of an option: an answer holds its stored value, and administrators read, and therefore type, the
 * label. The labels are compared here, in memory, so that editing a label writes no person's row anew.
 */

/**
 * The people who chose an option that the word names. Options whose stored value contains the word are left out:
 * `searchText` finds these. Null if no option is left.
 */
export function choseNamed(word: SearchWord, questions: ReadonlyMap<string, Question>): Prisma.Sql | null {
  const chosen = [...questions.values()].flatMap((question) =>
    namedValues(question, word).map((value) => `$.${JSON.stringify(question.key)}[*] == ${JSON.stringify(value)}`),
  );
  // As in the condition of the index, without which it could not be used.
  return chosen.length > 0 ? Prisma.sql`("answers" @@ ${chosen.join(" || ")}::jsonpath and "answers" <> '{}')` : null;
}

function namedValues(question: Question, word: SearchWord): string[] {
  // A question keeps its options if its kind is changed or they are offered no longer, and the answers that were chosen from
  // them.
  const ever = everyOptionOf(question);
  return (question.kind === "yesno" ? [...ever, ...yesNo] : ever)
    .filter(
      ({ value, label: { en, ru } }) => [value, en, ru].some((text) => isNamed(text, word)) && !isFound(value, word),
    )
    .map(({ value }) => value);
}

/** Parts of a word name an option, as they do a person; one or two letters only if they are a word of it. */
function isNamed(text: string, { typed }: SearchWord): boolean {
  const searched = searchedText(text);
  const whole = new Set([...searched.split(/\s+/), ...searched.split(/[^\p{L}\p{N}]+/u)]);
  return typed.length > 0 && typed.every((part) => whole.has(part) || (part.length > 2 && searched.includes(part)));
}

/** Whether the stored value, as `searchText` holds it, has what was typed. */
function isFound(value: string, { patterns }: SearchWord): boolean {
  const stored = storedText(value);
  return patterns.some((pattern) => stored.includes(pattern.slice(1, -1).replace(/\\(.)/g, "$1")));
}
