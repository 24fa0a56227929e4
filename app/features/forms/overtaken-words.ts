import { formsTexts } from "~/features/forms/texts";
import { overtakenTexts } from "~/features/settings/overtaken-texts";
import { settingText } from "~/features/settings/setting-text";
import type { Locale } from "~/i18n/locale";
import type { FormState } from "~server/forms/change";
import { formSettingKeys } from "~server/forms/definition";
import { idOf, shownItems } from "~server/forms/draft-inputs";
import { boxes, type MergedTyped } from "~server/forms/merge-typed";
import { wordsIn } from "~server/forms/questions";
import { personField } from "~server/person/fields";

/** What a page says of a colleague's changes beside what was typed: by input, and of the questions as a whole. */
export function overtakenWords(
  { overtaken, isOrderOvertaken, gone }: Pick<MergedTyped, "overtaken" | "isOrderOvertaken" | "gone">,
  shown: FormState,
  locale: Locale,
): { said: Record<string, string>; elsewhere: string[] } {
  const m = formsTexts[locale];
  const said = Object.entries(overtaken).map(([name, value]) => [name, wordsOf(name, value, locale)]);
  const nameOf = (id: string): string => {
    const item = shownItems(shown).find((each) => idOf(each) === id);
    if (!item) return id;
    return "field" in item
      ? personField(item.field).label[locale]
      : wordsIn(item.question.label, locale) || item.question.key;
  };
  return {
    said: Object.fromEntries(said),
    elsewhere: [
      ...gone.map(({ id, typed }) => m.goneMeanwhile(nameOf(id), typed.join("; "))),
      ...(isOrderOvertaken ? [m.orderMeanwhile] : []),
    ],
  };
}

function wordsOf(name: string, value: string, locale: Locale): string {
  const { now, nowTicked } = overtakenTexts[locale];
  const m = formsTexts[locale];
  if (boxes.test(name)) return nowTicked(value === "on");
  if (name === "after.kind") return now(m.afterKinds[value as keyof typeof m.afterKinds]);
  if (name === "open") return now(value === "yes" ? m.open : m.closed);
  return now(formSettingKeys.some((key) => key === name) ? settingText(name, value, locale) : value);
}
