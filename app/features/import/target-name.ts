import { columnTexts } from "~/features/import/column-texts";
import { importTexts } from "~/features/import/texts";
import { useLocale, useTexts } from "~/i18n/locale";
import type { Question } from "~server/forms/definition";
import { wordsIn } from "~server/forms/questions";
import { isOwnTarget, keyOfTarget, type Target } from "~server/import/columns";

/** What a column's meaning is called; an answer by its question, with the key where several have the same words. */
export function useTargetName(questions: readonly Question[]): (target: Target) => string {
  const { fields } = useTexts(importTexts);
  const { fullName } = useTexts(columnTexts);
  const locale = useLocale();
  return (target) => {
    if (target === "fullName") return fullName;
    if (isOwnTarget(target)) return fields[target as keyof typeof fields];
    const key = keyOfTarget(target) ?? "";
    const labelOf = (question: Question) => wordsIn(question.label, locale) || question.key;
    const label = questions.filter((question) => question.key === key).map(labelOf)[0] ?? key;
    return questions.filter((question) => labelOf(question) === label).length > 1 ? `${label} (${key})` : label;
  };
}
