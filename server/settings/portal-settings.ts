import { titleFault, usualTitle } from "../platform/title-template";
import { titleFaultText } from "./title-fault-texts";

const onOff = { on: { en: "Yes", ru: "Да" }, off: { en: "No", ru: "Нет" } };

/** The settings about the portal: deal, fields, payment. A part of definitions.ts, which says what each line means. */
export const portalSettings = {
  product: {
    group: "deal",
    env: "BITRIX24_PRODUCT_ID",
    input: "number",
    usual: "1777",
    max: 10,
    label: { en: "Product", ru: "Товар" },
    help: {
      en: "The product in the deal, by its number. Of a product with variations, one of them.",
      ru: "Товар в сделке, по его номеру. Если у товара есть вариации — одна из них.",
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
  showPrice: {
    group: "deal",
    env: "SHOW_PRICE",
    input: "choice",
    choices: onOff,
    usual: "on",
    max: 10,
    label: { en: "Product and price above the form", ru: "Товар и цена над формой" },
    help: {
      en: "The product's name from the portal, and the price of the deal. A new name or price on the portal appears within an hour. A price of 0 there is not shown; if it is free, enter 0 as the price here.",
      ru: "Название товара — как на портале, цена — та, что в сделке. Новое название или цена с портала появятся здесь в течение часа. Нулевая цена с портала не показывается: если это бесплатно, укажите цену 0 здесь.",
    },
    wrong: { en: "Choose yes or no.", ru: "Выберите «да» или «нет»." },
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
    wrong: (text: string) => {
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
    label: { en: "Pipeline", ru: "Воронка" },
    help: {
      en: "Where new deals start; 0 is the first pipeline.",
      ru: "Куда попадают новые сделки; 0 — первая воронка.",
    },
    wrong: { en: "The number of a pipeline, such as 0.", ru: "Нужен номер воронки, например 0." },
  },
  stage: {
    group: "deal",
    env: "BITRIX24_STAGE_ID",
    input: "text",
    max: 50,
    label: { en: "First stage", ru: "Начальная стадия" },
    help: { en: "Empty: the first stage of the pipeline.", ru: "Пусто — первая стадия воронки." },
    wrong: { en: "The code of a stage, such as NEW or C3:NEW.", ru: "Нужен код стадии, например NEW или C3:NEW." },
  },
  source: {
    group: "deal",
    env: "BITRIX24_SOURCE_ID",
    input: "text",
    usual: "WEB",
    max: 50,
    label: { en: "Source", ru: "Источник" },
    help: { en: "Source of the contact and the deal.", ru: "Источник контакта и сделки." },
    wrong: { en: "The code of a source, such as WEB.", ru: "Нужен код источника, например WEB." },
  },
  responsible: {
    group: "deal",
    env: "BITRIX24_ASSIGNED_BY_IDS",
    input: "list",
    max: 1_000,
    label: { en: "Responsible persons", ru: "Ответственные" },
    help: {
      en: "Employees of the portal, who get deals in turn. Empty: the webhook's owner is responsible. If you type them in, use numbers separated by commas.",
      ru: "Сотрудники портала, сделки достаются им по очереди. Пусто — отвечает владелец вебхука. Если вводите вручную — номера через запятую.",
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
      en: "If the contact is already on the portal and its responsible person still works there.",
      ru: "Если контакт уже есть на портале и его ответственный там ещё работает.",
    },
    wrong: { en: "Choose yes or no.", ru: "Выберите «да» или «нет»." },
  },
  fields: {
    group: "fields",
    env: "BITRIX24_MARK_FIELDS",
    input: "map",
    max: 10_000,
    label: { en: "More fields", ru: "Другие поля" },
    help: {
      en: "What else goes to which field of contact or deal. A contact that is already on the portal is not changed.",
      ru: "Что ещё и в какое поле контакта или сделки записать. Контакт, который уже есть на портале, не меняется.",
    },
    wrong: {
      en: "Each line needs a value and a field; a fixed text must not be empty.",
      ru: "В каждой строке нужны значение и поле; постоянный текст не может быть пустым.",
    },
  },
  traces: {
    group: "deal",
    env: "BITRIX24_TRACES",
    input: "choice",
    choices: onOff,
    usual: "on",
    max: 3,
    label: { en: "Report the visit to Sales Intelligence", ru: "Передавать визит в сквозную аналитику" },
    help: {
      en: "Once per registration that came with UTM tags, a click id or a link from another site. A contact that was already on the portal is not linked.",
      ru: "Один раз за регистрацию, если человек пришёл по UTM-меткам, идентификатору клика или ссылке с другого сайта. К контакту, который уже был на портале, визит не привязывается.",
    },
    wrong: { en: "Choose yes or no.", ru: "Выберите «да» или «нет»." },
  },
  paidStage: {
    group: "payment",
    env: "BITRIX24_PAID_STAGE_ID",
    input: "text",
    max: 50,
    label: { en: "Stage of a paid deal", ru: "Стадия оплаченной сделки" },
    help: {
      en: "A payment moves the deal there, and a deal counts as paid there and in the later stages of that pipeline. Empty: payment does not move the deal.",
      ru: "Оплата переводит сделку сюда, и сделка считается оплаченной здесь и на следующих стадиях воронки. Пусто — оплата сделку не двигает.",
    },
    wrong: { en: "The code of a stage, such as WON or C3:WON.", ru: "Нужен код стадии, например WON или C3:WON." },
  },
} as const;
