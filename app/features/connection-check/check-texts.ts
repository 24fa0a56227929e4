import { texts } from "~/i18n/locale";
import type { Check, CheckId } from "~server/connection-check/preflight";

type Facts = Check["facts"];

/** The words of one line of the checklist. A line with the portal's own code is explained by crm-codes instead of `bad`. */
interface CheckWords {
  title: string;
  ok: (facts: Facts) => string;
  /** Failed or worth a look. */
  bad: (facts: Facts) => { what: string; todo: string };
  /** Nothing was set, where that is allowed. */
  skip?: string;
}

const en: Record<CheckId, CheckWords> = {
  credentials: {
    title: "Access",
    ok: ({ userId }) => `The portal accepts our key; we act as employee ${userId}.`,
    bad: () => ({ what: "The portal does not accept our key.", todo: "Check BITRIX24_WEBHOOK_URL." }),
  },
  scopes: {
    title: "Permissions",
    ok: () => "The webhook may use everything that we need.",
    bad: ({ missing }) => ({
      what: `The webhook lacks: ${missing}.`,
      todo: "Tick these permissions in the webhook's settings on the portal.",
    }),
  },
  product: {
    title: "Product",
    ok: ({ id, priceUsd }) => `Product ${id} is there and costs ${priceUsd} USD.`,
    bad: ({ id }) => ({
      what: `Product ${id} cannot be used.`,
      todo: "Check BITRIX24_PRODUCT_ID and its price in USD.",
    }),
  },
  currency: {
    title: "Currency",
    ok: () => "The portal knows US dollars.",
    bad: () => ({
      what: "The portal does not know US dollars.",
      todo: "Add USD to the currencies in the CRM's settings.",
    }),
  },
  funnel: {
    title: "Funnel",
    ok: ({ id }) => `Funnel ${id} is there.`,
    bad: ({ id }) => ({ what: `There is no funnel ${id}.`, todo: "Set an existing one in BITRIX24_CATEGORY_ID." }),
  },
  stage: {
    title: "First stage",
    ok: ({ stage }) => `Stage ${stage} belongs to the funnel.`,
    bad: ({ stage }) => ({
      what: `The funnel has no stage ${stage}.`,
      todo: "Set one of its stages in BITRIX24_STAGE_ID, or leave it empty for the first.",
    }),
    skip: "Not set: deals begin at the funnel's first stage.",
  },
  paidStage: {
    title: "Stage of paid deals",
    ok: ({ stage }) => `Stage ${stage} belongs to the funnel.`,
    bad: ({ stage }) => ({
      what: `The funnel has no stage ${stage}, so paid deals stay where they are.`,
      todo: "Set one of its stages in BITRIX24_PAID_STAGE_ID.",
    }),
    skip: "Not set: a payment does not move the deal.",
  },
  source: {
    title: "Source",
    ok: ({ source }) => `Source ${source} is there.`,
    bad: ({ source }) => ({
      what: `The portal has no source ${source}; it would be stored without a name.`,
      todo: "Set an existing one in BITRIX24_SOURCE_ID.",
    }),
  },
  responsible: {
    title: "Responsible persons",
    ok: () => "Everyone on the list works on the portal.",
    bad: ({ missing }) => ({
      what: `Not found, or dismissed: ${missing ?? "—"}.`,
      todo: "Correct BITRIX24_ASSIGNED_BY_IDS.",
    }),
    skip: "Not set: the webhook's owner is responsible for every deal.",
  },
  clock: {
    title: "Clock",
    ok: () => "Our clock and the portal's agree.",
    bad: ({ seconds }) => ({
      what: `Our clock and the portal's are ${seconds} s apart.`,
      todo: "Switch time synchronisation on at this server.",
    }),
  },
  events: {
    title: "News from the portal",
    ok: () => "The portal can tell us about changes; its token is set.",
    bad: () => ({
      what: "The portal cannot tell us about changes: its token is not set.",
      todo: "Make an outgoing webhook on the portal and set its token in BITRIX24_EVENT_TOKEN. Registrations work without it.",
    }),
  },
  mail: {
    title: "Mails",
    ok: ({ log }) => (log ? "In development mails are written to the log." : "The mail server lets us in."),
    bad: ({ smtp }) => ({
      what: smtp ? `The mail server does not let us in (${smtp}).` : "No mail can be sent: no mail server is set.",
      todo: "Check SMTP_URL and MAIL_FROM. Without mails nobody can confirm an address or reset a password.",
    }),
  },
};

const ru: Record<CheckId, CheckWords> = {
  credentials: {
    title: "Доступ",
    ok: ({ userId }) => `Портал принимает наш ключ, действуем от имени сотрудника ${userId}.`,
    bad: () => ({ what: "Портал не принимает наш ключ.", todo: "Проверьте BITRIX24_WEBHOOK_URL." }),
  },
  scopes: {
    title: "Разрешения",
    ok: () => "Вебхуку разрешено всё, что нам нужно.",
    bad: ({ missing }) => ({
      what: `Вебхуку не хватает: ${missing}.`,
      todo: "Отметьте эти разрешения в настройках вебхука на портале.",
    }),
  },
  product: {
    title: "Товар",
    ok: ({ id, priceUsd }) => `Товар ${id} есть, цена ${priceUsd} USD.`,
    bad: ({ id }) => ({
      what: `Товар ${id} использовать нельзя.`,
      todo: "Проверьте BITRIX24_PRODUCT_ID и цену в USD.",
    }),
  },
  currency: {
    title: "Валюта",
    ok: () => "Портал знает доллары США.",
    bad: () => ({ what: "Портал не знает долларов США.", todo: "Добавьте USD в валюты в настройках CRM." }),
  },
  funnel: {
    title: "Воронка",
    ok: ({ id }) => `Воронка ${id} есть.`,
    bad: ({ id }) => ({ what: `Воронки ${id} нет.`, todo: "Укажите существующую в BITRIX24_CATEGORY_ID." }),
  },
  stage: {
    title: "Начальная стадия",
    ok: ({ stage }) => `Стадия ${stage} есть в воронке.`,
    bad: ({ stage }) => ({
      what: `В воронке нет стадии ${stage}.`,
      todo: "Укажите одну из её стадий в BITRIX24_STAGE_ID или оставьте пустым — будет первая.",
    }),
    skip: "Не задана: сделки начинаются с первой стадии воронки.",
  },
  paidStage: {
    title: "Стадия оплаченных сделок",
    ok: ({ stage }) => `Стадия ${stage} есть в воронке.`,
    bad: ({ stage }) => ({
      what: `В воронке нет стадии ${stage}, оплаченные сделки останутся на месте.`,
      todo: "Укажите одну из её стадий в BITRIX24_PAID_STAGE_ID.",
    }),
    skip: "Не задана: оплата не двигает сделку.",
  },
  source: {
    title: "Источник",
    ok: ({ source }) => `Источник ${source} есть.`,
    bad: ({ source }) => ({
      what: `На портале нет источника ${source}, он сохранился бы без названия.`,
      todo: "Укажите существующий в BITRIX24_SOURCE_ID.",
    }),
  },
  responsible: {
    title: "Ответственные",
    ok: () => "Все из списка работают на портале.",
    bad: ({ missing }) => ({
      what: `Не найдены или уволены: ${missing ?? "—"}.`,
      todo: "Исправьте BITRIX24_ASSIGNED_BY_IDS.",
    }),
    skip: "Не заданы: за каждую сделку отвечает владелец вебхука.",
  },
  clock: {
    title: "Часы",
    ok: () => "Наши часы и часы портала совпадают.",
    bad: ({ seconds }) => ({
      what: `Наши часы и часы портала расходятся на ${seconds} с.`,
      todo: "Включите синхронизацию времени на этом сервере.",
    }),
  },
  events: {
    title: "Новости с портала",
    ok: () => "Портал может сообщать нам об изменениях, его токен задан.",
    bad: () => ({
      what: "Портал не может сообщать нам об изменениях: его токен не задан.",
      todo: "Создайте на портале исходящий вебхук и укажите его токен в BITRIX24_EVENT_TOKEN. Регистрации работают и без этого.",
    }),
  },
  mail: {
    title: "Письма",
    ok: ({ log }) => (log ? "При разработке письма пишутся в журнал." : "Почтовый сервер нас пускает."),
    bad: ({ smtp }) => ({
      what: smtp ? `Почтовый сервер нас не пускает (${smtp}).` : "Письма отправить нельзя: почтовый сервер не задан.",
      todo: "Проверьте SMTP_URL и MAIL_FROM. Без писем нельзя подтвердить почту и сбросить пароль.",
    }),
  },
};

export const preflightTexts = texts(
  {
    states: { ok: "Fine", warn: "Worth a look", fail: "In the way", skip: "Not set" },
    notAsked: "Not asked",
    todo: "What to do:",
    checks: en,
  },
  {
    states: { ok: "В порядке", warn: "Стоит взглянуть", fail: "Мешает", skip: "Не задано" },
    notAsked: "Не проверено",
    todo: "Что делать:",
    checks: ru,
  },
);
