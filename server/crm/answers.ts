import type { PersonAnswer } from "../bitrix24/person";
import { answerWords } from "../forms/answer-words";
import { readAnswers } from "../forms/answers";
import type { Question } from "../forms/definition";
import type { SourceKind } from "../platform/field-map";

/** What a person has answered, as the portal is told of it: in the order of the questions. */
export function answersOf(
  questions: ReadonlyMap<string, Question>,
  { answers, locale }: { answers: unknown; locale: string },
): PersonAnswer[] {
  const language = locale === "en" ? "en" : "ru";
  return answerWords(questions, readAnswers(answers), language).map(({ key, label, parts }) => ({
    key,
    label,
    texts: parts.map(({ text }) => text),
    spellings: parts.map(({ spellings }) => spellings),
  }));
}

const kinds: Record<Question["kind"], SourceKind> = {
  text: "text",
  long: "text",
  hidden: "text",
  choice: "choice",
  choices: "choices",
  number: "number",
  date: "date",
  yesno: "flag",
};

/** What a field can be filled with by each question. */
export const answerKinds = (questions: ReadonlyMap<string, Question>): Map<string, SourceKind> =>
  new Map([...questions.values()].map(({ key, kind }) => [key, kinds[kind]]));
