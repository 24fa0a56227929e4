import type { Answers } from "./answers";
import type { FormWords, Question } from "./definition";
import { everyOptionOf, wordsIn } from "./questions";
import { yesNo } from "./shown-form";

/** An answer in words, with its question. */
export interface AnswerWords {
  key: string;
  /** The question; its key where it is not known. */
  label: string;
  /** One part, or one for each of several choices. */
  parts: { value: string; text: string; spellings: string[] }[];
}

/** Answers in the order of the questions; those to questions that nobody knows any more come last, by their keys. */
export function answerWords(
  questions: ReadonlyMap<string, Question>,
  answers: Answers,
  locale: keyof FormWords,
): AnswerWords[] {
  const known = [...questions.keys()].filter((key) => Object.hasOwn(answers, key));
  const others = Object.keys(answers).filter((key) => !questions.has(key));
  return [...known, ...others].map((key) => {
    const question = questions.get(key);
    const options = question?.kind === "yesno" ? yesNo : question ? everyOptionOf(question) : [];
    return {
      key,
      label: (question && wordsIn(question.label, locale)) || key,
      parts: [answers[key] ?? []].flat().map((value) => {
        const label = options.find((option) => option.value === value)?.label;
        const spellings = label ? [value, label[locale], label.en, label.ru].filter(Boolean) : [value];
        return { value, text: (label && wordsIn(label, locale)) || value, spellings };
      }),
    };
  });
}

/** An answer as a page shows it. */
export interface ShownAnswer {
  label: string;
  text: string;
}

/** Answers as a page shows them. `hidden`: also those that came with the page's address. */
export const shownAnswers = (
  questions: ReadonlyMap<string, Question>,
  answers: Answers,
  locale: keyof FormWords,
  { hidden }: { hidden: boolean },
): ShownAnswer[] =>
  answerWords(questions, answers, locale).flatMap(({ key, label, parts }) =>
    hidden || questions.get(key)?.kind !== "hidden" ? [{ label, text: parts.map(({ text }) => text).join(", ") }] : [],
  );
