import type { Locale } from "../platform/locales";
import { placeholders, type TitleFault } from "../platform/title-template";

const list = placeholders.map((name) => `{${name}}`).join(", ");

const words: Record<Locale, Record<TitleFault["code"], (text: string) => string>> = {
  en: {
    unknown: (text) => `There is no placeholder ${text}. These can be used: ${list}`,
    brace: (text) => `The brace ${text} has no partner. A placeholder is written like {name}.`,
    macro: (text) => `Bitrix24 reads ${text} as a command. Write it without the dollar sign.`,
    long: (text) => `A title has 255 characters at most; this one has ${text}.`,
    fixed: () => "All deals would have the same title. Use at least one placeholder, such as {name} or {number}.",
  },
  ru: {
    unknown: (text) => `Подстановки ${text} нет. Есть такие: ${list}`,
    brace: (text) => `Скобке ${text} не хватает пары. Подстановка пишется так: {name}.`,
    macro: (text) => `Битрикс24 примет ${text} за команду. Напишите без знака доллара.`,
    long: (text) => `В названии может быть не больше 255 символов, а здесь ${text}.`,
    fixed: () => "Все сделки назывались бы одинаково. Нужна хотя бы одна подстановка, например {name} или {number}.",
  },
};

/** Why a title's template is refused. */
export const titleFaultText = (locale: Locale, fault: TitleFault | null): string =>
  fault ? words[locale][fault.code](fault.text) : words[locale].brace("");
