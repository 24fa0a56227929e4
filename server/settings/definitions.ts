import { accentFault } from "../platform/accent";
import type { Env } from "../platform/env";
import type { Locale } from "../platform/locales";
import { accentFaultText } from "./accent-fault-texts";
import { alertSettings, emailWords } from "./alert-settings";
import { embedSettings } from "./embed-settings";
import { letterSettings } from "./letter-settings";
import { messageSettings } from "./message-settings";
import { portalSettings } from "./portal-settings";

/**
 * The settings, each defined once. Loaded by the browser for their words: no zod, and nothing that only the server needs.
 */

/** The pages of settings, in the order of the menu. */
export const settingGroups = ["site", "deal", "fields", "payment", "alerts", "letters", "embed"] as const;
export type SettingGroup = (typeof settingGroups)[number];

export type Words = Record<Locale, string>;

/**
 * One setting. It is stored as text, as a variable of the environment would have it, and checked by that variable's own
 * check; so the product reads both in the same place, and a blank text means the default.
 */
export interface Setting {
  group: SettingGroup;
  /** The variable that the product reads. If the environment has it, the setting is locked. */
  env: Exclude<keyof Env, "NAMED">;
  input: "text" | "email" | "number" | "choice" | "list" | "map" | "secret" | "picture" | "lines";
  /** The values of a choice, with their words. */
  choices?: Record<string, Words>;
  /** The default as a text; left out: there is none. */
  usual?: string;
  /** In characters. */
  max: number;
  /** The value sends data of people to a receiver that it names, or switches that on. */
  receives?: true;
  label: Words;
  help: Words;
  /** Said about a text that the check refuses. */
  wrong: Words | ((text: string) => Words);
}

export const tooLong = (max: number): Words => ({ en: `At most ${max} characters.`, ru: `Не больше ${max} символов.` });

/** The key is the setting's name in the database and in forms; it never changes. */
export const settings = {
  siteName: {
    group: "site",
    env: "SITE_NAME",
    input: "text",
    max: 60,
    label: { en: "Name of the site", ru: "Название сайта" },
    help: {
      en: "Shown in the header and in the title of every page. Empty: “Front Desk”.",
      ru: "Показывается в шапке и в заголовке каждой страницы. Пусто — «Приёмная».",
    },
    wrong: tooLong(60),
  },
  accent: {
    group: "site",
    env: "SITE_ACCENT",
    input: "text",
    max: 7,
    label: { en: "Colour", ru: "Цвет" },
    help: {
      en: "Colour of links and buttons, such as #0c5a4b, which is the default. In the dark theme it is lightened so that text stays readable.",
      ru: "Цвет ссылок и кнопок, например #0c5a4b — он же по умолчанию. В тёмной теме он сам станет светлее, чтобы текст читался.",
    },
    wrong: (text) => {
      const fault = accentFault(text.trim());
      return { en: accentFaultText("en", fault), ru: accentFaultText("ru", fault) };
    },
  },
  logo: {
    group: "site",
    env: "SITE_LOGO",
    input: "picture",
    max: 80,
    label: { en: "Logo", ru: "Логотип" },
    help: {
      en: "Shown in the header in place of the name. Empty: the name alone.",
      ru: "Показывается в шапке вместо названия. Пусто — только название.",
    },
    wrong: { en: "Choose a picture and upload it.", ru: "Выберите картинку и загрузите её." },
  },
  operatorName: {
    group: "site",
    env: "OPERATOR_NAME",
    input: "text",
    max: 200,
    label: { en: "Operator", ru: "Оператор" },
    help: {
      en: "Who is responsible for people's data, as the law requires: name of the company or person.",
      ru: "Кто отвечает за персональные данные: название организации или имя, как требует закон.",
    },
    wrong: tooLong(200),
  },
  operatorAddress: {
    group: "site",
    env: "OPERATOR_ADDRESS",
    input: "text",
    max: 500,
    label: { en: "Operator's address", ru: "Адрес оператора" },
    help: { en: "Shown on the page about privacy.", ru: "Показывается на странице о персональных данных." },
    wrong: tooLong(500),
  },
  operatorEmail: {
    group: "site",
    env: "OPERATOR_EMAIL",
    input: "email",
    max: 254,
    label: { en: "Operator's e-mail", ru: "Почта оператора" },
    help: {
      en: "Where people write about their data, or if they cannot sign in.",
      ru: "Куда писать о своих данных и о проблемах со входом.",
    },
    wrong: emailWords,
  },
  privacyPolicy: {
    group: "site",
    env: "PRIVACY_POLICY_URL",
    input: "text",
    max: 500,
    label: { en: "Privacy policy", ru: "Политика конфиденциальности" },
    help: {
      en: "Address of your policy; linked at the foot of every page and on the page about privacy.",
      ru: "Адрес вашей политики; ссылка стоит внизу каждой страницы и на странице о персональных данных.",
    },
    wrong: { en: "An address such as https://example.com/privacy", ru: "Нужен адрес вида https://example.com/privacy" },
  },
  ownHosts: {
    group: "site",
    env: "OWN_HOSTS",
    input: "text",
    max: 2_000,
    label: { en: "Own hosts", ru: "Свои сайты" },
    help: {
      en: "Your other sites, separated by commas: coming from them does not count as a new visit. Subdomains of this site are included.",
      ru: "Другие ваши сайты через запятую: переход с них не считается новым визитом. Поддомены этого сайта учтены и так.",
    },
    wrong: {
      en: "Hosts such as www.example.com, separated by commas.",
      ru: "Нужны адреса сайтов вида www.example.com через запятую.",
    },
  },
  timeZone: {
    group: "site",
    env: "TIME_ZONE",
    input: "text",
    usual: "UTC",
    max: 60,
    label: { en: "Time zone", ru: "Часовой пояс" },
    help: {
      en: "Zone of all days and times, such as Europe/Moscow.",
      ru: "По нему считаются дни и время, например Europe/Moscow.",
    },
    wrong: {
      en: "There is no such zone. Take its name from the IANA list, such as Asia/Yekaterinburg.",
      ru: "Такого пояса нет. Нужно название из списка IANA, например Asia/Yekaterinburg.",
    },
  },
  ...portalSettings,
  ...alertSettings,
  ...letterSettings,
  ...messageSettings,
  ...embedSettings,
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof settings;

export const settingKeys = Object.keys(settings) as SettingKey[];
export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(settings, key);
export const setting = (key: SettingKey): Setting => settings[key];
