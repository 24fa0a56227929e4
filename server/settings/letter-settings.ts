import {
  type LetterKind,
  letterFault,
  letterPlaceholders,
  maxLetter,
  maxSubject,
  usualLetters,
} from "../platform/letter-template";
import type { Locale } from "../platform/locales";

/** The mails to people and managers. A part of definitions.ts, which says what each line means. */

/** Why a subject or a text is refused. */
export const wrongLetter = (max: number, known: readonly string[]) => (text: string) => {
  const list = known.map((name) => `{${name}}`).join(", ");
  const fault = letterFault(text.trim(), max, known);
  switch (fault?.code) {
    case "unknown":
      return {
        en: `There is no placeholder ${fault.text}. These can be used: ${list}`,
        ru: `Подстановки ${fault.text} нет. Есть такие: ${list}`,
      };
    case "long":
      return { en: `At most ${max} characters.`, ru: `Не больше ${max} символов.` };
    default:
      return {
        en: `The brace ${fault?.text ?? "{"} has no partner. A placeholder is written like {name}.`,
        ru: `Скобке ${fault?.text ?? "{"} не хватает пары. Подстановка пишется так: {name}.`,
      };
  }
};

const wrong = (max: number) => wrongLetter(max, letterPlaceholders);

export const sentOrNot = { on: { en: "Send", ru: "Отправлять" }, off: { en: "Do not send", ru: "Не отправлять" } };
const languages = { ru: { en: "Russian", ru: "Русский" }, en: { en: "English", ru: "Английский" } };
export const chooseOne = { en: "Choose one.", ru: "Выберите вариант." };

/** The language of what managers read. */
export const languageOf = <Name extends string>(env: Name, label: Record<Locale, string>) => ({
  group: "letters" as const,
  env,
  input: "choice" as const,
  choices: languages,
  usual: "ru",
  max: 10,
  label,
  help: {
    en: "Does not depend on the language in which the person registered.",
    ru: "Не зависит от того, на каком языке человек зарегистрировался.",
  },
  wrong: chooseOne,
});

const help = {
  welcome: {
    en: "For people who registered in this language. {link} leads to their account.",
    ru: "Для тех, кто регистрировался на этом языке. {link} ведёт в личный кабинет.",
  },
  manager: {
    en: "{link} leads to the person's page here; only administrators can open it.",
    ru: "{link} ведёт на карточку человека здесь; её откроют только администраторы.",
  },
};

const subjectOf = <Name extends string>(
  env: Name,
  kind: LetterKind,
  locale: Locale,
  words: Record<Locale, string>,
) => ({
  group: "letters" as const,
  env,
  input: "text" as const,
  usual: usualLetters[kind][locale].subject,
  max: maxSubject,
  label: words,
  help: help[kind],
  wrong: wrong(maxSubject),
});

const textOf = <Name extends string>(env: Name, kind: LetterKind, locale: Locale, words: Record<Locale, string>) => ({
  ...subjectOf(env, kind, locale, words),
  input: "lines" as const,
  usual: usualLetters[kind][locale].text,
  max: maxLetter,
  wrong: wrong(maxLetter),
});

export const letterSettings = {
  welcomeMail: {
    group: "letters",
    env: "WELCOME_MAIL",
    input: "choice",
    choices: sentOrNot,
    usual: "off",
    max: 10,
    label: { en: "Welcome e-mail to the person", ru: "Приветственное письмо человеку" },
    help: {
      en: "Once, as soon as the registration is in Bitrix24. Imported people get none.",
      ru: "Один раз, как только регистрация попала в Битрикс24. Тем, кого загрузили списком, письмо не отправляется.",
    },
    wrong: chooseOne,
  },
  welcomeSubjectRu: subjectOf("WELCOME_SUBJECT_RU", "welcome", "ru", {
    en: "Welcome: subject in Russian",
    ru: "Приветствие: тема по-русски",
  }),
  welcomeTextRu: textOf("WELCOME_TEXT_RU", "welcome", "ru", {
    en: "Welcome: text in Russian",
    ru: "Приветствие: текст по-русски",
  }),
  welcomeSubjectEn: subjectOf("WELCOME_SUBJECT_EN", "welcome", "en", {
    en: "Welcome: subject in English",
    ru: "Приветствие: тема по-английски",
  }),
  welcomeTextEn: textOf("WELCOME_TEXT_EN", "welcome", "en", {
    en: "Welcome: text in English",
    ru: "Приветствие: текст по-английски",
  }),
  managerMail: {
    group: "letters",
    env: "MANAGER_MAIL",
    input: "choice",
    receives: true,
    choices: sentOrNot,
    usual: "off",
    max: 10,
    label: { en: "E-mail to managers", ru: "Письмо менеджерам" },
    help: {
      en: "Once for each registration, as soon as it is in Bitrix24.",
      ru: "По одному на регистрацию, как только она попала в Битрикс24.",
    },
    wrong: chooseOne,
  },
  managerEmails: {
    group: "letters",
    env: "MANAGER_EMAILS",
    input: "text",
    receives: true,
    max: 2_000,
    label: { en: "Addresses of managers", ru: "Адреса менеджеров" },
    help: { en: "At most ten, separated by commas.", ru: "Не больше десяти, через запятую." },
    wrong: {
      en: "At most ten addresses such as name@example.com, separated by commas.",
      ru: "Нужны адреса вида name@example.com через запятую, не больше десяти.",
    },
  },
  managerLanguage: languageOf("MANAGER_LANGUAGE", {
    en: "Language of e-mails to managers",
    ru: "Язык писем менеджерам",
  }),
  managerSubjectRu: subjectOf("MANAGER_SUBJECT_RU", "manager", "ru", {
    en: "To managers: subject in Russian",
    ru: "Менеджерам: тема по-русски",
  }),
  managerTextRu: textOf("MANAGER_TEXT_RU", "manager", "ru", {
    en: "To managers: text in Russian",
    ru: "Менеджерам: текст по-русски",
  }),
  managerSubjectEn: subjectOf("MANAGER_SUBJECT_EN", "manager", "en", {
    en: "To managers: subject in English",
    ru: "Менеджерам: тема по-английски",
  }),
  managerTextEn: textOf("MANAGER_TEXT_EN", "manager", "en", {
    en: "To managers: text in English",
    ru: "Менеджерам: текст по-английски",
  }),
} as const;
