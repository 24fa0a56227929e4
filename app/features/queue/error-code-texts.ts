import { type Texts, texts } from "~/i18n/locale";

/** What a failure of the portal means, and what an administrator can do about it. */
const meanings = texts(
  {
    timeout: {
      what: "Bitrix24 did not answer in time.",
      todo: "Nothing: we look up what it has done and go on by ourselves.",
    },
    connection: {
      what: "The connection broke before Bitrix24's answer arrived.",
      todo: "Nothing: we look up what it has done and go on by ourselves.",
    },
    unreachable: {
      what: "Bitrix24 could not be reached.",
      todo: "If it lasts, check the server's network and the address in BITRIX24_WEBHOOK_URL.",
    },
    speed: { what: "Too many requests at once; Bitrix24 asks us to slow down.", todo: "Nothing: we wait and go on." },
    time: {
      what: "The allowance of server time for this method is used up for now.",
      todo: "Nothing: it is renewed within ten minutes.",
    },
    credentials: {
      what: "Bitrix24 does not accept our key.",
      todo: "Make a new incoming webhook on the portal and set its address in BITRIX24_WEBHOOK_URL.",
    },
    rights: {
      what: "The webhook's owner may not do this.",
      todo: "Give that employee the right to add and change contacts and deals.",
    },
    scope: { what: "The webhook lacks a permission.", todo: "Tick “crm” and “catalog” in its settings on the portal." },
    overload: {
      what: "The portal has blocked REST requests because of overload.",
      todo: "Ask Bitrix24's support to lift the block; what waits is sent afterwards.",
    },
    deleted: {
      what: "The portal does not exist any more, or is switched off.",
      todo: "Check the portal and the address in BITRIX24_WEBHOOK_URL.",
    },
    plan: {
      what: "The portal's plan does not include REST.",
      todo: "Renew or change the plan; what waits is sent afterwards.",
    },
    confirm: {
      what: "An administrator of the portal has to allow this method.",
      todo: "Confirm the request in the portal's notifications.",
    },
    method: { what: "The portal does not know this method.", todo: "Update the portal, if it is a boxed one." },
    product: {
      what: "The product of the deals is not on the portal.",
      todo: "Set its number in BITRIX24_PRODUCT_ID, or make it in the catalogue.",
    },
    price: {
      what: "The product's price is not in US dollars.",
      todo: "Give it a price in USD, or set BITRIX24_PRICE_USD.",
    },
    unreadable: {
      what: "The answer could not be read.",
      todo: "Nothing: we look up what was done. If it lasts, look at the portal.",
    },
    redirect: {
      what: "The portal sends us to a foreign address.",
      todo: "If it was renamed, set the new address in BITRIX24_WEBHOOK_URL.",
    },
    field: {
      what: "Bitrix24 does not accept a value of this person.",
      todo: "See which fields of contact and deal the portal requires or checks, loosen that, and send again.",
    },
    gone: {
      what: "The contact or deal is not on the portal any more.",
      todo: "Send again: what is missing will be made.",
    },
    moved: {
      what: "This database was moved or copied, so the records of before may be another installation's by now.",
      todo: "Say on the page “Portal” whether this installation has taken the place of the earlier one.",
    },
    foreign: {
      what: "The deal that is stored for this person bears the mark of something else by now. It is left alone.",
      todo: "Open the deal: if another program has claimed it, end that, or make the deal again.",
    },
    portal: {
      what: "Bitrix24 had a fault of its own.",
      todo: "Nothing: it is tried again. If it lasts, ask its support.",
    },
    other: { what: "Bitrix24 refused.", todo: "Look its code up in Bitrix24's documentation, then send again." },
  },
  {
    timeout: {
      what: "Битрикс24 не ответил вовремя.",
      todo: "Ничего: проверим, что успело выполниться, и продолжим сами.",
    },
    connection: {
      what: "Связь оборвалась раньше, чем пришёл ответ Битрикс24.",
      todo: "Ничего: проверим, что успело выполниться, и продолжим сами.",
    },
    unreachable: {
      what: "Не удаётся связаться с Битрикс24.",
      todo: "Если не проходит, проверьте сеть сервера и адрес в BITRIX24_WEBHOOK_URL.",
    },
    speed: { what: "Запросы идут слишком часто, Битрикс24 просит подождать.", todo: "Ничего: подождём и продолжим." },
    time: {
      what: "Лимит времени сервера на этот метод пока исчерпан.",
      todo: "Ничего: он обновится в течение десяти минут.",
    },
    credentials: {
      what: "Битрикс24 не принимает наш ключ.",
      todo: "Создайте на портале новый входящий вебхук и укажите его адрес в BITRIX24_WEBHOOK_URL.",
    },
    rights: {
      what: "Владельцу вебхука это не разрешено.",
      todo: "Дайте этому сотруднику право добавлять и изменять контакты и сделки.",
    },
    scope: { what: "Вебхуку не хватает разрешения.", todo: "Отметьте «crm» и «catalog» в его настройках на портале." },
    overload: {
      what: "Портал закрыл REST из-за перегрузки.",
      todo: "Попросите поддержку Битрикс24 снять блокировку — всё, что ждёт, уйдёт после этого.",
    },
    deleted: {
      what: "Портала больше нет, или он отключён.",
      todo: "Проверьте портал и адрес в BITRIX24_WEBHOOK_URL.",
    },
    plan: {
      what: "Тариф портала не включает REST.",
      todo: "Продлите или смените тариф — всё, что ждёт, уйдёт после этого.",
    },
    confirm: {
      what: "Администратор портала должен разрешить этот метод.",
      todo: "Подтвердите запрос в уведомлениях портала.",
    },
    method: { what: "Портал не знает такого метода.", todo: "Обновите портал, если он коробочный." },
    product: {
      what: "Товара сделки на портале нет.",
      todo: "Укажите его номер в BITRIX24_PRODUCT_ID или создайте товар в каталоге.",
    },
    price: {
      what: "Цена товара не в долларах США.",
      todo: "Задайте товару цену в USD или укажите BITRIX24_PRICE_USD.",
    },
    unreadable: {
      what: "Ответ не удалось прочитать.",
      todo: "Ничего: проверим, что выполнилось. Если не проходит, посмотрите, что с порталом.",
    },
    redirect: {
      what: "Портал отправляет нас на чужой адрес.",
      todo: "Если его переименовали, укажите новый адрес в BITRIX24_WEBHOOK_URL.",
    },
    field: {
      what: "Битрикс24 не принимает данные этого человека.",
      todo: "Посмотрите, какие поля контакта и сделки портал требует или проверяет, ослабьте это и отправьте снова.",
    },
    gone: { what: "Контакта или сделки на портале больше нет.", todo: "Отправьте снова: недостающее будет создано." },
    moved: {
      what: "Базу перенесли или скопировали, поэтому прежние записи могут принадлежать уже другой установке.",
      todo: "Ответьте на странице «Портал», заменила ли эта установка прежнюю.",
    },
    foreign: {
      what: "На сделке этого человека стоит чужая метка. Мы её не трогаем.",
      todo: "Откройте сделку: если её заняла другая программа, отключите её или создайте сделку заново.",
    },
    portal: {
      what: "Ошибка на стороне Битрикс24.",
      todo: "Ничего: попробуем ещё раз. Если не проходит, обратитесь в его поддержку.",
    },
    other: { what: "Битрикс24 отказал.", todo: "Найдите код в документации Битрикс24 и отправьте снова." },
  },
);

type Meaning = keyof (typeof meanings)["en"];

const codes: Partial<Record<string, Meaning>> = {
  TIMEOUT: "timeout",
  ABORTED: "connection",
  CONNECTION_LOST: "connection",
  QUERY_LIMIT_EXCEEDED: "speed",
  HTTP_429: "speed",
  HTTP_503: "speed",
  OPERATION_TIME_LIMIT: "time",
  INVALID_CREDENTIALS: "credentials",
  NO_AUTH_FOUND: "credentials",
  INVALID_TOKEN: "credentials",
  EXPIRED_TOKEN: "credentials",
  AUTHORIZATION_ERROR: "credentials",
  APPLICATION_NOT_FOUND: "credentials",
  ACCESS_DENIED: "rights",
  USER_ACCESS_ERROR: "rights",
  ALLOWED_ONLY_INTRANET_USER: "rights",
  INSUFFICIENT_SCOPE: "scope",
  OVERLOAD_LIMIT: "overload",
  PORTAL_DELETED: "deleted",
  PAYMENT_REQUIRED: "plan",
  METHOD_CONFIRM_WAITING: "confirm",
  METHOD_CONFIRM_DENIED: "confirm",
  ERROR_METHOD_NOT_FOUND: "method",
  PRODUCT_NOT_FOUND: "product",
  PRODUCT_PRICE_NOT_USD: "price",
  BAD_ANSWER: "unreadable",
  MISSING_IN_BATCH: "unreadable",
  REDIRECT_REFUSED: "redirect",
  NOT_FOUND: "gone",
  RESTORE_UNCONFIRMED: "moved",
  FOREIGN_MARK: "foreign",
  INTERNAL_SERVER_ERROR: "portal",
  ERROR_CORE: "portal",
  ERROR_UNEXPECTED_ANSWER: "portal",
};

/** Node's names for failures on the way there. */
const unreachable =
  /^(ECONN\w+|E(HOST|NET)\w+|ENOTFOUND|EADDRNOTAVAIL|EPROTO|EAI_\w+|UND_ERR_\w+|NOT_SENT|(CERT|ERR_TLS|ERR_SSL|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)_\w+)$/;

function meaningOf(code: string): Meaning {
  if (Object.hasOwn(codes, code)) return codes[code] ?? "other";
  if (code.startsWith("CRM_FIELD_ERROR_")) return "field";
  if (/^HTTP_5\d\d$/.test(code)) return "portal";
  return unreachable.test(code) ? "unreachable" : "other";
}

/** The words for a code of the CRM log or of a pause; one that nobody knows gets the general ones. */
export const crmCodeText = (locale: keyof Texts<unknown>, code: string): { what: string; todo: string } =>
  meanings[locale][meaningOf(code)];
