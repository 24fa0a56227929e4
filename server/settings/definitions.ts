import type { Env } from "../platform/env";
import type { Locale } from "../platform/locales";
import { titleFault, usualTitle } from "../platform/title-template";
import { titleFaultText } from "./title-fault-texts";

/**
 * The settings, each defined once. Loaded by the browser for their words: no zod, and nothing that only the server needs.
 */

/** The pages of settings, in the order of the menu. */
export const settingGroups = ["site", "deal", "fields", "payment", "alerts"] as const;
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
  input: "text" | "email" | "number" | "choice" | "list" | "map";
  /** The values of a choice, with their words. */
  choices?: Record<string, Words>;
  /** The default as a text; left out: there is none. */
  usual?: string;
  /** In characters. */
  max: number;
  label: Words;
  help: Words;
  /** Said about a text that the check refuses. */
  wrong: Words | ((text: string) => Words);
}

const onOff = { on: { en: "Yes", ru: "Да" }, off: { en: "No", ru: "Нет" } };
const email = {
  en: "This does not look like an e-mail address: name@example.com",
  ru: "Не похоже на адрес почты. Пример: name@example.com",
};
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
      en: "Stands in the header and in the title of every page. Empty: “Front Desk”.",
      ru: "Стоит в шапке и в заголовке каждой страницы. Пусто — «Приёмная».",
    },
    wrong: tooLong(60),
  },
  operatorName: {
    group: "site",
    env: "OPERATOR_NAME",
    input: "text",
    max: 200,
    label: { en: "Operator", ru: "Оператор" },
    help: {
      en: "Who answers for people's data, as the law asks: name of the company or person.",
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
      en: "Where people turn to about their data, or if they cannot sign in.",
      ru: "Куда обращаться по поводу данных и если не удаётся войти.",
    },
    wrong: email,
  },
  privacyPolicy: {
    group: "site",
    env: "PRIVACY_POLICY_URL",
    input: "text",
    max: 500,
    label: { en: "Privacy policy", ru: "Политика конфиденциальности" },
    help: {
      en: "Address of your own policy; linked at the foot of every page and on the page about privacy.",
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
      en: "Your other sites, separated by commas: coming from them is no new visit. Hosts under this site's domain are known.",
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
  product: {
    group: "deal",
    env: "BITRIX24_PRODUCT_ID",
    input: "number",
    usual: "1777",
    max: 10,
    label: { en: "Product", ru: "Товар" },
    help: {
      en: "What the deal sells: number of a product on the portal; of a product with variations, that of one of them.",
      ru: "Что продаёт сделка: номер товара на портале, а у товара с вариациями — номер одной из них.",
    },
    wrong: { en: "The number of a product, such as 1777.", ru: "Нужен номер товара, например 1777." },
  },
  price: {
    group: "deal",
    env: "BITRIX24_PRICE_USD",
    input: "number",
    max: 12,
    label: { en: "Price in US dollars", ru: "Цена в долларах США" },
    help: {
      en: "Empty: the product's own price on the portal, which must be in US dollars.",
      ru: "Пусто — цена товара на портале, она должна быть в долларах США.",
    },
    wrong: { en: "An amount such as 149 or 149.50.", ru: "Нужна сумма, например 149 или 149.50." },
  },
  dealTitle: {
    group: "deal",
    env: "BITRIX24_DEAL_TITLE",
    input: "text",
    usual: usualTitle,
    max: 255,
    label: { en: "Title of the deal", ru: "Название сделки" },
    help: {
      en: "Text with placeholders. A separator beside an empty placeholder is left out.",
      ru: "Текст с подстановками. Разделитель рядом с пустой подстановкой опускается.",
    },
    wrong: (text) => {
      const fault = titleFault(text.trim());
      return { en: titleFaultText("en", fault), ru: titleFaultText("ru", fault) };
    },
  },
  funnel: {
    group: "deal",
    env: "BITRIX24_CATEGORY_ID",
    input: "number",
    usual: "0",
    max: 10,
    label: { en: "Funnel", ru: "Воронка" },
    help: {
      en: "Where new deals start; 0 is the first funnel.",
      ru: "Куда попадают новые сделки; 0 — первая воронка.",
    },
    wrong: { en: "The number of a funnel, such as 0.", ru: "Нужен номер воронки, например 0." },
  },
  stage: {
    group: "deal",
    env: "BITRIX24_STAGE_ID",
    input: "text",
    max: 50,
    label: { en: "First stage", ru: "Начальная стадия" },
    help: { en: "Empty: the first stage of the funnel.", ru: "Пусто — первая стадия воронки." },
    wrong: { en: "The code of a stage, such as NEW or C3:NEW.", ru: "Нужен код стадии, например NEW или C3:NEW." },
  },
  source: {
    group: "deal",
    env: "BITRIX24_SOURCE_ID",
    input: "text",
    usual: "WEB",
    max: 50,
    label: { en: "Source", ru: "Источник" },
    help: { en: "Of contact and deal.", ru: "У контакта и у сделки." },
    wrong: { en: "The code of a source, such as WEB.", ru: "Нужен код источника, например WEB." },
  },
  responsible: {
    group: "deal",
    env: "BITRIX24_ASSIGNED_BY_IDS",
    input: "list",
    max: 1_000,
    label: { en: "Responsible persons", ru: "Ответственные" },
    help: {
      en: "Numbers of the portal's employees, separated by commas; they take turns. Empty: the owner of the webhook.",
      ru: "Номера сотрудников портала через запятую, сделки идут им по очереди. Пусто — владелец вебхука.",
    },
    wrong: {
      en: "Numbers separated by commas, such as 12, 15.",
      ru: "Нужны номера через запятую, например 12, 15.",
    },
  },
  keepOwner: {
    group: "deal",
    env: "BITRIX24_KEEP_OWNER",
    input: "choice",
    choices: onOff,
    usual: "on",
    max: 10,
    label: { en: "A known contact's owner gets the deal", ru: "Сделку известного контакта получает его ответственный" },
    help: {
      en: "If the contact is on the portal already and its responsible person still works there.",
      ru: "Если контакт уже есть на портале и его ответственный там ещё работает.",
    },
    wrong: { en: "Choose yes or no.", ru: "Выберите «да» или «нет»." },
  },
  fields: {
    group: "fields",
    env: "BITRIX24_MARK_FIELDS",
    input: "map",
    max: 10_000,
    label: { en: "Further fields", ru: "Другие поля" },
    help: {
      en: "What else goes to which field of contact or deal. A contact that is on the portal already is not changed.",
      ru: "Что ещё и в какое поле контакта или сделки записать. Контакт, который уже есть на портале, не меняется.",
    },
    wrong: {
      en: "Each line needs a value and a field; a fixed text must not be empty.",
      ru: "В каждой строке нужны значение и поле; постоянный текст не может быть пустым.",
    },
  },
  paidStage: {
    group: "payment",
    env: "BITRIX24_PAID_STAGE_ID",
    input: "text",
    max: 50,
    label: { en: "Stage of a paid deal", ru: "Стадия оплаченной сделки" },
    help: {
      en: "A payment moves the deal there, and a deal counts as paid there and in the later stages of that funnel. Empty: payment does not move the deal.",
      ru: "Оплата переводит сделку сюда, и сделка считается оплаченной здесь и на следующих стадиях воронки. Пусто — оплата сделку не двигает.",
    },
    wrong: { en: "The code of a stage, such as WON or C3:WON.", ru: "Нужен код стадии, например WON или C3:WON." },
  },
  alertEmail: {
    group: "alerts",
    env: "ALERT_EMAIL",
    input: "email",
    max: 254,
    label: { en: "Whom to alert", ru: "Кому сообщать" },
    help: {
      en: "Gets a mail when the queue stops, a registration fails or waits too long, or sign-ups are unusual. Empty: nobody.",
      ru: "Получает письмо, если очередь встала, регистрация не дошла или ждёт слишком долго, или регистраций необычно много. Пусто — никто.",
    },
    wrong: email,
  },
  alertWait: {
    group: "alerts",
    env: "ALERT_WAIT_MINUTES",
    input: "number",
    usual: "30",
    max: 10,
    label: { en: "Longest wait, in minutes", ru: "Сколько ждать, минут" },
    help: {
      en: "A registration that waits longer for Bitrix24 is reported. 0: never.",
      ru: "О регистрации, которая ждёт Битрикс24 дольше, приходит письмо. 0 — никогда.",
    },
    wrong: { en: "A number from 0 to 525600.", ru: "Нужно число от 0 до 525600." },
  },
} as const satisfies Record<string, Setting>;

export type SettingKey = keyof typeof settings;

export const settingKeys = Object.keys(settings) as SettingKey[];
export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(settings, key);
export const setting = (key: SettingKey): Setting => settings[key];
