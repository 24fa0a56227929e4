import type { PersonAnswer } from "../bitrix24/person";
import { answersOf } from "../crm/answers";
import type { Answer } from "../forms/answers";
import type { Question } from "../forms/definition";
import type { Locale } from "../platform/locales";

const samples: Record<Locale, string> = { en: "An answer", ru: "Ответ" };

/** What an invented person answers to every question of the site. */
export function exampleAnswers(questions: ReadonlyMap<string, Question>, locale: Locale): PersonAnswer[] {
  const example = ({ kind, options }: Question): Answer => {
    if (kind === "number") return "12.5";
    if (kind === "date") return "2026-01-31";
    if (kind === "yesno") return "yes";
    if (kind === "choice") return options[0]?.value ?? "";
    if (kind === "choices") return options.slice(0, 2).map(({ value }) => value);
    return samples[locale];
  };
  const answers = Object.fromEntries([...questions.values()].map((each) => [each.key, example(each)]));
  return answersOf(questions, { answers, locale });
}
