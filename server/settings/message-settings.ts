import { maxLetter, messagePlaceholders, usualMessages } from "../platform/letter-template";
import type { Locale } from "../platform/locales";
import { chooseOne, languageOf, sentOrNot, wrongLetter } from "./letter-settings";

/** The message in the portal to the responsible person of a new deal. A part of definitions.ts. */

const textOf = <Name extends string>(env: Name, locale: Locale, label: Record<Locale, string>) => ({
  group: "letters" as const,
  env,
  input: "lines" as const,
  usual: usualMessages[locale],
  max: maxLetter,
  label,
  help: {
    en: "{deal} leads to the deal in Bitrix24, {link} to the person's page here. BB codes such as [B] can be used.",
    ru: "{deal} ведёт на сделку в Битрикс24, {link} — на карточку человека здесь. Можно BB-коды, например [B].",
  },
  wrong: wrongLetter(maxLetter, messagePlaceholders),
});

export const messageSettings = {
  responsibleMessage: {
    group: "letters",
    env: "RESPONSIBLE_MESSAGE",
    input: "choice",
    choices: sentOrNot,
    usual: "off",
    max: 10,
    label: { en: "Message to the responsible person", ru: "Сообщение ответственному" },
    help: {
      en: "A notification in Bitrix24 about each new deal, once. The webhook needs the permission im (Chat and notifications).",
      ru: "Уведомление в Битрикс24 о каждой новой сделке, один раз. Вебхуку нужно право im («Чат и уведомления»).",
    },
    wrong: chooseOne,
  },
  responsibleLanguage: languageOf("RESPONSIBLE_LANGUAGE", {
    en: "Language of these messages",
    ru: "Язык этих сообщений",
  }),
  responsibleTextRu: textOf("RESPONSIBLE_TEXT_RU", "ru", {
    en: "To the responsible person: text in Russian",
    ru: "Ответственному: текст по-русски",
  }),
  responsibleTextEn: textOf("RESPONSIBLE_TEXT_EN", "en", {
    en: "To the responsible person: text in English",
    ru: "Ответственному: текст по-английски",
  }),
} as const;
