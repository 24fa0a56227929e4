import type { Locale } from "~/i18n/locale";
import { ruPlural } from "~server/platform/plural";
import { keyDays } from "~server/registration/key-days";

/** The OpenAPI document speaks English, as its readers' tools do; the page about it says the same in Russian. */
const russian: Readonly<Record<string, string>> = {
  "The user's number": "Номер пользователя",
  "Send a registration to Bitrix24 and wait for its deal": "Отправить регистрацию в Битрикс24 и дождаться сделки",
  "Answers at once if the registration is in Bitrix24 already, or held. Otherwise queues it with high priority and waits up to 10 seconds.":
    "Если регистрация уже в Битрикс24 или задержана, отвечает сразу. Иначе ставит её в начало очереди и ждёт до 10 секунд.",
  "The deal, created now or before.": "Сделка: создана сейчас или уже была.",
  "Not in Bitrix24 yet: queued, or held until the e-mail is confirmed, the registration reviewed or the consent given.":
    "Ещё не в Битрикс24: стоит в очереди либо ждёт подтверждения почты, проверки или согласия.",
  "Mark a user paid or unpaid": "Поставить или снять отметку об оплате пользователя",
  "Changes nothing if the user is already marked this way. Of a person who has withdrawn the consent to the processing a token is answered without details: texts are empty.":
    "Если отметка уже такая, ничего не меняет. О том, кто отозвал согласие на обработку данных, токену отвечают без подробностей: тексты пустые.",
  "What the caller last saw: `isPaid`, and as `changeId` the id of the newest change (tRPC `payments.history`), null before the first. If the payment was changed since, nothing is written and 409 tells by whom.":
    "Что вызывающий видел последним: `isPaid` и, как `changeId`, номер последнего изменения (`payments.history` в tRPC), null — если изменений не было. Если с тех пор оплату изменили, ничего не записывается, а ответ 409 говорит, кто это сделал.",
  "The user as it is now.": "Пользователь в текущем виде.",
  "A user, for administrators and the user": "Пользователь: для администраторов и для него самого",
  "The ids of the portal and answers to hidden questions are for administrators: to the user ids are null, and such answers are left out. Of a person who has withdrawn the consent to the processing a token is answered without details: texts are empty.":
    "Номера на портале и ответы на скрытые вопросы видны только администраторам: самому пользователю вместо номеров отдаётся null, а таких ответов нет вовсе. О том, кто отозвал согласие на обработку данных, токену отвечают без подробностей: тексты пустые.",
  "The user.": "Пользователь.",
  "Register a person": "Зарегистрировать человека",
  [`By the form's rules. Send an Idempotency-Key of your own for each person: the same request under the same key creates no second person and no second deal, and gets the same answer, for ${keyDays} days. If the answer is lost, send the request again.`]: `По правилам формы. Для каждого человека передайте свой Idempotency-Key: тот же запрос с тем же ключом ${ruPlural(keyDays, "день", "дня", "дней")} не создаёт ни второго человека, ни второй сделки и получает тот же ответ. Если ответ потерялся, отправьте запрос ещё раз.`,
  "Up to 255 visible ASCII characters, such as a UUID, with or without quotes":
    "До 255 видимых символов ASCII, например UUID, в кавычках или без",
  "Left out: the person sets one by e-mail": "Если не указан, человек задаст его по почте",
  "That the person has agreed to the processing of these details": "Что человек согласился на обработку этих данных",
  "Further consents by their keys, as /admin/settings/consents names them; true where the person has agreed to the present text. Required ones must be true":
    "Остальные согласия по ключам, как на странице /admin/settings/consents; true, если человек согласился с текущим текстом. Обязательные должны быть true",
  "The form's own part of its address, as in /register/spring; the main form if left out":
    "Часть адреса этой формы, как spring в /register/spring; если не указана — основная форма",
  "Answers to the form's own questions by their keys: a number as a number or a text, a date as 2026-11-26, yes or no as true or false, one option's value as a text, several as a list. Questions that are mandatory on the form are optional here.":
    "Ответы на вопросы формы по их ключам: число числом или текстом, дата как 2026-11-26, да или нет как true или false, вариант — его значением, несколько — списком. Обязательное на форме здесь не обязательно.",
  "Language of e-mails to the person, ru if left out": "Язык писем человеку, по умолчанию ru",
  "First and last touch: UTM tags, click ids, referrer, landing":
    "Первое и последнее касание: UTM-метки, идентификаторы кликов, referrer, landing",
  "Registered, now or by the same request before.": "Регистрация создана сейчас или тем же запросом раньше.",
  "People, page by page": "Люди по страницам",
  "Everyone who meets all conditions. Pages stay consistent while people register: no one is skipped or repeated. A token is not told of people who have withdrawn the consent to the processing.":
    "Все, кто подходит под все условия. Новые регистрации не сбивают разбивку на страницы: никто не пропадёт и не повторится. О тех, кто отозвал согласие на обработку данных, токену не сообщается.",
  "Accept a portal event": "Принять событие портала",
  "For the portal's outbound webhook alone. An event is a hint that a deal or contact may have changed: what is there now is read from the portal later. Other events are passed over.":
    "Только для исходящего вебхука портала. Событие подсказывает, что сделка или контакт могли измениться; само содержимое позже читается с портала. Остальные события пропускаются.",
  "Name of the event, such as ONCRMDEALUPDATE": "Название события, например ONCRMDEALUPDATE",
  "Number of the deal or contact": "Номер сделки или контакта",
  "As in BITRIX24_EVENT_TOKEN": "Как в BITRIX24_EVENT_TOKEN",
  "Accepted; the comparison comes later.": "Принято; сверка с порталом будет позже.",
  "A page of people.": "Страница списка.",
  "Find people by words": "Найти людей по словам",
  "Like the list, but only people in whom every word occurs.":
    "Как список, но только тех, у кого встречается каждое слово.",
  "Up to eight words, each of them a part of the name, company, e-mail, phone or an answer; or a user's number as #7":
    "До восьми слов, каждое — часть имени, компании, почты, телефона или ответа; либо номер пользователя: #7",
  "Whether the e-mail is confirmed": "Подтверждена ли почта",
  "Source of the first touch; (none): without one": "Источник первого касания; (none) — без источника",
  "The end of the address of the form by which they registered; (first): the main form, or another way":
    "Конец адреса формы, через которую они зарегистрировались; (first) — основная форма или другой путь",
  "First day of registering, in the installation's time zone": "Первый день регистрации в часовом поясе установки",
  "Last day of registering": "Последний день регистрации",
  "newest if left out; paid: last paid first, not together with from, to or paid=false":
    "По умолчанию newest; paid — сначала последние оплаты, не вместе с from, to и paid=false",
  "People on a page, 50 if left out": "Людей на странице, по умолчанию 50",
  "next of the page before; left out for the first page": "Значение next предыдущей страницы; для первой не нужен",
};

/** A sentence of the document in the reader's language; what has no Russian text stays English. */
export const operationText = (locale: Locale, english: string): string =>
  locale === "ru" ? (russian[english] ?? english) : english;
