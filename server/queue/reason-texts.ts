import { scopesToTick } from "../bitrix24/scopes";

/**
 * What a failure of the portal means, and what an administrator can do about it. Used in the browser and in the alert
 * mails of the server.
 */

export interface Reason {
  what: string;
  todo: string;
}

/** Whom a failure affects: all registrations, as for an open circuit breaker, those of a form, or one person. */
export type Reach = "everybody" | "form" | "one";

/** With the name of the portal's field, if the failure is about a known one. */
type Words = (field: string | undefined) => Reason;

const named = (field: string | undefined) => (field ? `the field “${field}”` : "a field");
const nothing = "Nothing needs to be done: the outcome is looked up, and the work continues automatically.";
const nothingRu = "Делать ничего не нужно: проверим, что успело выполниться, и продолжим сами.";
const withoutClick = "Sending resumes automatically within a minute.";
const withoutClickRu = "Отправка продолжится автоматически в течение минуты.";

const en = {
  timeout: () => ({ what: "Bitrix24 did not answer in time.", todo: nothing }),
  connection: () => ({ what: "The connection broke before Bitrix24's answer arrived.", todo: nothing }),
  unreachable: () => ({
    what: "Bitrix24 could not be reached.",
    todo: "If this continues, check the server's network and the address in BITRIX24_WEBHOOK_URL.",
  }),
  speed: () => ({
    what: "Too many requests at once; Bitrix24 asks us to slow down.",
    todo: "Nothing needs to be done: we wait and continue automatically.",
  }),
  time: () => ({
    what: "The allowance of server time for this method is used up for now.",
    todo: "Nothing needs to be done: the limit is reset within ten minutes.",
  }),
  credentials: () => ({
    what: "Bitrix24 does not accept our key.",
    todo: "Create a new inbound webhook on the portal and set its address in BITRIX24_WEBHOOK_URL.",
  }),
  rights: () => ({
    what: "The webhook's owner is not allowed to do this.",
    todo: "Give that employee the right to read, add and change contacts and deals, or create the webhook as an administrator.",
  }),
  scope: () => ({
    what: "The webhook lacks a permission.",
    todo: `Tick in its settings on the portal: ${scopesToTick}.`,
  }),
  overload: () => ({
    what: "The portal has blocked REST requests because of overload.",
    todo: "Ask Bitrix24's support to lift the block; waiting registrations are sent afterwards.",
  }),
  deleted: () => ({
    what: "The portal no longer exists, or is switched off.",
    todo: "Check the portal and the address in BITRIX24_WEBHOOK_URL.",
  }),
  plan: () => ({
    what: "The portal's plan does not include REST.",
    todo: "Renew or change the plan; waiting registrations are sent afterwards.",
  }),
  confirm: () => ({
    what: "An administrator of the portal must allow this method.",
    todo: "Confirm the request in the portal's notifications.",
  }),
  method: () => ({ what: "The portal does not know this method.", todo: "Update the portal, if it is self-hosted." }),
  product: () => ({
    what: "The product of the deals is not on the portal.",
    todo: "Choose another product under Settings, Deal, or create this one in the catalogue.",
  }),
  price: () => ({
    what: "The product's price is not in US dollars.",
    todo: "Give it a price in USD, or enter one under Settings, Deal.",
  }),
  productRight: () => ({
    what: "The webhook's owner cannot see the product of the deals, so its price is not known.",
    todo: "Create the webhook as an administrator, who can read the catalogue, or enter the price under Settings, Deal.",
  }),
  variations: () => ({
    what: "The product of the deals has variations, and only these are sold and have a price.",
    todo: "Choose one of its variations under Settings, Deal.",
  }),
  replaced: () => ({
    what: "Bitrix24 keeps another product in the deal's row than was sent, such as a variation in place of its product.",
    todo: "Under Settings, Deal, choose the product that the deal shows, or put the right one into the deal by hand.",
  }),
  unreadable: () => ({
    what: "The answer could not be read: it was cut, or came from a proxy, a firewall or a sleeping portal.",
    todo: "If this continues, open the portal in a browser from the same network, and ask the proxy's administrator.",
  }),
  forbiddenPage: () => ({
    what: "A page other than Bitrix24's forbids the request: a firewall or a proxy blocks it.",
    todo: "Ask the administrator of the firewall or the proxy to allow this server's requests to the portal.",
  }),
  asleep: () => ({
    what: "Instead of Bitrix24, a page says that the service is not available: the portal is asleep, being updated or overloaded.",
    todo: `Open the portal in a browser: that may wake it. If the page stays, ask the administrator of its server. ${withoutClick}`,
  }),
  wrongPath: () => ({
    what: "At this address there is a site, but not Bitrix24's REST.",
    todo: "Compare BITRIX24_WEBHOOK_URL with the address of the inbound webhook on the portal.",
  }),
  redirect: () => ({
    what: "The portal redirects us to another address.",
    todo: "If it was renamed, set the new address in BITRIX24_WEBHOOK_URL.",
  }),
  demanded: (field) => ({
    what: `Bitrix24 requires ${named(field)} that registrations do not fill in.`,
    todo: `Make it optional on the portal: CRM settings, fields and the view of the card. ${withoutClick}`,
  }),
  valueOfAll: (field) => ({
    what: `Bitrix24 does not accept what all registrations send in ${named(field)}.`,
    todo: `Set another value under Settings, Deal or Fields, or in the form under Settings, Forms; or let the portal accept this one. ${withoutClick}`,
  }),
  valueOfOne: (field) => ({
    what: `Bitrix24 does not accept what this registration sends in ${named(field)}.`,
    todo: "See what the portal checks in that field, relax the check, and send the registration again.",
  }),
  value: (field) => ({
    what: `Bitrix24 did not accept the value of ${named(field)}.`,
    todo: "See what the portal checks in that field.",
  }),
  moved: () => ({
    what: "This database was moved or copied, so earlier records may now belong to another installation.",
    todo: "Say on the page “Portal” whether this installation has taken the place of the earlier one.",
  }),
  otherPortal: () => ({
    what: "Another portal seems to answer at this address, so nothing is written.",
    todo: "Say on the page “Portal” (/admin/portal) which portal it is. Sending then resumes automatically.",
  }),
  uncompared: () => ({
    what: "Data restored from a backup is compared with the portal first.",
    todo: "Nothing needs to be done: sending resumes automatically when the comparison has ended.",
  }),
  foreign: () => ({
    what: "The deal stored for this person now carries another program's external id. It is left alone.",
    todo: "Open the deal: if another program has claimed it, stop that, or create the deal again.",
  }),
  gone: () => ({
    what: "The contact or deal is no longer on the portal.",
    todo: "Send again: what is missing will be created.",
  }),
  portal: () => ({
    what: "Bitrix24 had an internal error.",
    todo: "Nothing needs to be done: it is retried automatically. If this continues, ask Bitrix24's support.",
  }),
  halted: () => ({ what: "Not carried out, because a request before it was refused.", todo: nothing }),
  everybody: (field) => ({
    what: `Bitrix24 refuses every registration alike${field ? `, for ${named(field)}` : ""}.`,
    todo: `Look up the code in Bitrix24's documentation and see what was changed on the portal. ${withoutClick}`,
  }),
  other: () => ({ what: "Bitrix24 refused.", todo: "Look its code up in Bitrix24's documentation, then send again." }),
} satisfies Record<string, Words>;

export type Meaning = keyof typeof en;

const quoted = (field: string | undefined, otherwise: string) => (field ? `поле «${field}»` : otherwise);

const ru: Record<Meaning, Words> = {
  timeout: () => ({ what: "Битрикс24 не ответил вовремя.", todo: nothingRu }),
  connection: () => ({ what: "Связь оборвалась раньше, чем пришёл ответ Битрикс24.", todo: nothingRu }),
  unreachable: () => ({
    what: "Не удаётся связаться с Битрикс24.",
    todo: "Если это повторяется, проверьте сеть сервера и адрес в BITRIX24_WEBHOOK_URL.",
  }),
  speed: () => ({
    what: "Запросы идут слишком часто, Битрикс24 просит подождать.",
    todo: "Делать ничего не нужно: подождём и продолжим.",
  }),
  time: () => ({
    what: "Лимит времени сервера на этот метод пока исчерпан.",
    todo: "Делать ничего не нужно: он обновится в течение десяти минут.",
  }),
  credentials: () => ({
    what: "Битрикс24 не принимает наш ключ.",
    todo: "Создайте на портале новый входящий вебхук и укажите его адрес в BITRIX24_WEBHOOK_URL.",
  }),
  rights: () => ({
    what: "Владельцу вебхука это не разрешено.",
    todo: "Дайте этому сотруднику право читать, добавлять и изменять контакты и сделки или создайте вебхук от имени администратора.",
  }),
  scope: () => ({
    what: "Вебхуку не хватает разрешения.",
    todo: `Отметьте в его настройках на портале: ${scopesToTick}.`,
  }),
  overload: () => ({
    what: "Портал закрыл REST из-за перегрузки.",
    todo: "Попросите поддержку Битрикс24 снять блокировку — ждущие регистрации уйдут после этого.",
  }),
  deleted: () => ({
    what: "Портала больше нет, или он отключён.",
    todo: "Проверьте портал и адрес в BITRIX24_WEBHOOK_URL.",
  }),
  plan: () => ({
    what: "Тариф портала не включает REST.",
    todo: "Продлите или смените тариф — ждущие регистрации уйдут после этого.",
  }),
  confirm: () => ({
    what: "Администратор портала должен разрешить этот метод.",
    todo: "Подтвердите запрос в уведомлениях портала.",
  }),
  method: () => ({ what: "Портал не знает такого метода.", todo: "Обновите портал, если он коробочный." }),
  product: () => ({
    what: "Товара сделки на портале нет.",
    todo: "Выберите другой товар в разделе «Настройки → Сделка» или создайте этот в каталоге.",
  }),
  price: () => ({
    what: "Цена товара не в долларах США.",
    todo: "Задайте товару цену в USD или укажите её в разделе «Настройки → Сделка».",
  }),
  productRight: () => ({
    what: "Владельцу вебхука не виден товар сделки, поэтому цена неизвестна.",
    todo: "Создайте вебхук от имени администратора — ему доступен каталог — или укажите цену в разделе «Настройки → Сделка».",
  }),
  variations: () => ({
    what: "У товара сделки есть вариации: продаются и имеют цену только они.",
    todo: "Выберите одну из вариаций в разделе «Настройки → Сделка».",
  }),
  replaced: () => ({
    what: "Битрикс24 оставляет в строке сделки другой товар, чем был передан: например, вариацию вместо самого товара.",
    todo: "Выберите в разделе «Настройки → Сделка» тот товар, который стоит в сделке, или поправьте товар в сделке вручную.",
  }),
  unreadable: () => ({
    what: "Ответ не удалось прочитать: он оборван или пришёл от прокси, файрвола либо спящего портала.",
    todo: "Если это повторяется, откройте портал в браузере из той же сети и спросите того, кто отвечает за прокси.",
  }),
  forbiddenPage: () => ({
    what: "Вместо Битрикс24 отвечает страница с запретом: на пути стоит файрвол или прокси.",
    todo: "Попросите того, кто отвечает за файрвол или прокси, пропускать запросы этого сервера к порталу.",
  }),
  asleep: () => ({
    what: "Вместо Битрикс24 отвечает страница о недоступности: портал спит, обновляется или перегружен.",
    todo: `Откройте портал в браузере — возможно, он проснётся. Если страница остаётся, обратитесь к тому, кто отвечает за его сервер. ${withoutClickRu}`,
  }),
  wrongPath: () => ({
    what: "По этому адресу есть сайт, но не REST Битрикс24.",
    todo: "Сверьте BITRIX24_WEBHOOK_URL с адресом входящего вебхука на портале.",
  }),
  redirect: () => ({
    what: "Портал перенаправляет нас на другой адрес.",
    todo: "Если его переименовали, укажите новый адрес в BITRIX24_WEBHOOK_URL.",
  }),
  demanded: (field) => ({
    what: `Битрикс24 требует ${quoted(field, "поле")}, а в регистрациях его нет.`,
    todo: `Сделайте поле необязательным на портале: настройки CRM, поля и вид карточки. ${withoutClickRu}`,
  }),
  valueOfAll: (field) => ({
    what: `Битрикс24 не принимает значение, одинаковое у всех регистраций: ${quoted(field, "одно из полей")}.`,
    todo: `Укажите другое значение в разделе «Настройки → Сделка» или «Настройки → Поля» либо в самой форме («Настройки → Формы») или разрешите это на портале. ${withoutClickRu}`,
  }),
  valueOfOne: (field) => ({
    what: `Битрикс24 не принимает значение из этой регистрации: ${quoted(field, "одно из полей")}.`,
    todo: "Посмотрите, что портал проверяет в этом поле, ослабьте проверку и отправьте регистрацию заново.",
  }),
  value: (field) => ({
    what: `Битрикс24 не принял значение: ${quoted(field, "одно из полей")}.`,
    todo: "Посмотрите, что портал проверяет в этом поле.",
  }),
  moved: () => ({
    what: "Базу перенесли или скопировали, поэтому прежние записи могут принадлежать уже другой установке.",
    todo: "Ответьте на странице «Портал», заменила ли эта установка прежнюю.",
  }),
  otherPortal: () => ({
    what: "Похоже, по этому адресу отвечает другой портал, поэтому ничего не записывается.",
    todo: "Ответьте на странице «Портал» (/admin/portal), какой это портал. Отправка продолжится сама.",
  }),
  uncompared: () => ({
    what: "Восстановленное из копии сначала сверяется с порталом.",
    todo: "Делать ничего не нужно: после сверки отправка продолжится сама.",
  }),
  foreign: () => ({
    what: "На сделке этого человека стоит внешний код другой программы. Мы её не трогаем.",
    todo: "Откройте сделку: если её заняла другая программа, отключите её или создайте сделку заново.",
  }),
  gone: () => ({
    what: "Контакта или сделки на портале больше нет.",
    todo: "Отправьте заново: недостающее будет создано.",
  }),
  portal: () => ({
    what: "Ошибка на стороне Битрикс24.",
    todo: "Делать ничего не нужно: попробуем ещё раз. Если это повторяется, обратитесь в его поддержку.",
  }),
  halted: () => ({ what: "Не выполнялось: запрос перед этим получил отказ.", todo: nothingRu }),
  everybody: (field) => ({
    what: `Битрикс24 одинаково отказывает всем регистрациям${field ? `: ${quoted(field, "")}` : ""}.`,
    todo: `Найдите код в документации Битрикс24 и посмотрите, что изменили на портале. ${withoutClickRu}`,
  }),
  other: () => ({ what: "Битрикс24 отказал.", todo: "Найдите код в документации Битрикс24 и отправьте заново." }),
};

export const reasonTexts: Record<"en" | "ru", Record<Meaning, Words>> = { en, ru };
