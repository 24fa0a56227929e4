import type { FormDefinition, FormItem, FormWords, Question, QuestionOption } from "./definition";
import type { Form } from "./forms";

/** What a definition's own questions are, for code that is not about their words or their order. */

export const questionsOf = (items: readonly FormItem[]): Question[] =>
  items.flatMap((item) => ("question" in item ? [item.question] : []));

/** With the removed ones, whose answers are kept: an answer's words are found here. */
export const everyQuestionOf = ({ items, removed }: FormDefinition): Question[] => [...questionsOf(items), ...removed];

/** With those that are offered no longer, whose answers are kept. */
export const everyOptionOf = ({ options, former }: Pick<Question, "options" | "former">): QuestionOption[] => [
  ...options,
  ...former,
];

/** Those that are not offered, of all that the question has ever offered: each once. */
export const formerOf = (ever: readonly QuestionOption[], offered: readonly QuestionOption[]): QuestionOption[] => {
  const gone = new Map(ever.map((option) => [option.value, option]));
  for (const { value } of offered) gone.delete(value);
  return [...gone.values()];
};

/** Every question of the site, also the removed ones; keys are unique on the whole site. */
export function siteQuestions(forms: readonly Form[]): Map<string, Question> {
  const all = new Map<string, Question>();
  // What is asked now has the words of now, also if another form has removed the question.
  for (const { definition } of forms) for (const question of definition.removed) all.set(question.key, question);
  for (const { definition } of forms)
    for (const question of questionsOf(definition.items)) all.set(question.key, question);
  return all;
}

/** The words in a language; a blank text is replaced by the other language's. */
export const wordsIn = (words: FormWords, locale: keyof FormWords): string =>
  words[locale].trim() || words[locale === "ru" ? "en" : "ru"].trim();

/** The input's name. No field of a person and no other input begins like this. */
export const answerField = (key: string): string => `q_${key}`;

/** The key of an input's name; null for a name that no question can have. */
export const keyOfField = (name: string): string | null => /^q_([a-z][a-z0-9_]{0,39})$/.exec(name)?.[1] ?? null;
