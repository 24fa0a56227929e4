import type { AppErrorCode } from "~server/platform/errors";
import { isProblemCode, problemText } from "./errors";
import { texts } from "./locale";

/** What the program interfaces say. Programs read the codes; these sentences are for the person who reads the log. */
export const apiErrorTexts = texts(
  {
    codes: {
      INVALID: "The request is not valid.",
      UNAUTHORIZED: "Sign in, or send an API token that is valid.",
      FORBIDDEN: "You are not allowed to do this.",
      NOT_FOUND: "Not found.",
      METHOD_NOT_ALLOWED: "This address does not accept that method.",
      EMAIL_TAKEN: "This e-mail is already registered.",
      CONFLICT: "This is not possible in the present state. If there are issues, they say why.",
      FORM_CLOSED: "This form no longer accepts registrations.",
      TOO_LARGE: "The request is too large.",
      UNSUPPORTED_MEDIA_TYPE: "Send the body as application/json in UTF-8.",
      KEY_REUSED: "This Idempotency-Key was used with another request before.",
      TOO_MANY: "Too many requests. Try again in a minute.",
      INTERNAL: "Something went wrong on our side.",
      BUSY: "The server cannot answer right now: its database is unavailable or busy. Try again after the number of seconds in Retry-After.",
    } satisfies Record<AppErrorCode, string>,
    sendForm: "Send the body as a form: application/x-www-form-urlencoded.",
    types: {
      int: "a whole number",
      number: "a number",
      boolean: "true or false",
      string: "a text",
      object: "an object",
      array: "a list",
    },
    issues: {
      notJson: "The body is not JSON in UTF-8.",
      type: (expected: string) => `Expected ${expected}.`,
      unknownFields: (names: string) => `Unknown fields: ${names}.`,
      tooSmall: (minimum: string, isLength: boolean) => `${isLength ? "Length must" : "Must"} be at least ${minimum}.`,
      tooBig: (maximum: string, isLength: boolean) => `${isLength ? "Length must" : "Must"} be at most ${maximum}.`,
      oneOf: (values: string[]) => `Must be ${values.length > 1 ? "one of these: " : ""}${values.join(", ")}.`,
      day: "Expected a day, such as 2026-11-26.",
      scope: (scope: string) => `This token has no permission for: ${scope}.`,
      secondFactor: "Set up the second factor at /account/second-factor first.",
      unknownTokens: (maximum: number, seconds: number) =>
        `An address may try ${maximum} unknown tokens a minute. Wait ${seconds}\u00a0s.`,
      slowSearch: "The search took too long. Narrow it: use longer words or add conditions.",
      notRegistered: "This account was created without a registration: there is nothing to send.",
      other: (code: string) => (isProblemCode(code) ? problemText("en", code) : "Not valid."),
      /** `change` is null where the payment was never changed, as of a person who was imported as paid. */
      paymentChanged: (isPaid: boolean, change: { by: string; at: string } | null) =>
        `Now ${isPaid ? "paid" : "not paid"}${change ? `; changed by ${change.by} at ${change.at}` : ""}.`,
      erased: "The data of the person whom this request registered has been erased since.",
      givenUp: (reason: string | null) => `Failed permanently${reason ? `: ${reason}` : ""}.`,
    },
  },
  {
    codes: {
      INVALID: "Запрос составлен неверно.",
      UNAUTHORIZED: "Войдите или передайте действующий API-токен.",
      FORBIDDEN: "Это действие вам недоступно.",
      NOT_FOUND: "Не найдено.",
      METHOD_NOT_ALLOWED: "Этот адрес не принимает такой метод.",
      EMAIL_TAKEN: "Этот адрес почты уже зарегистрирован.",
      CONFLICT: "В текущем состоянии это невозможно. Если есть issues, причина указана в них.",
      FORM_CLOSED: "Эта форма больше не принимает регистрации.",
      TOO_LARGE: "Запрос слишком большой.",
      UNSUPPORTED_MEDIA_TYPE: "Передайте тело как application/json в UTF-8.",
      KEY_REUSED: "С этим Idempotency-Key уже приходил другой запрос.",
      TOO_MANY: "Слишком много запросов. Повторите через минуту.",
      INTERNAL: "На нашей стороне произошла ошибка.",
      BUSY: "Сервер сейчас не может ответить: база данных недоступна или занята. Повторите через время из Retry-After.",
    },
    sendForm: "Передайте тело как форму: application/x-www-form-urlencoded.",
    types: {
      int: "целое число",
      number: "число",
      boolean: "true или false",
      string: "текст",
      object: "объект",
      array: "список",
    },
    issues: {
      notJson: "Тело запроса — не JSON в UTF-8.",
      type: (expected) => `Ожидается ${expected}.`,
      unknownFields: (names) => `Неизвестные поля: ${names}.`,
      tooSmall: (minimum, isLength) => `${isLength ? "Длина — не" : "Не"} меньше ${minimum}.`,
      tooBig: (maximum, isLength) => `${isLength ? "Длина — не" : "Не"} больше ${maximum}.`,
      oneOf: (values) => `Ожидается ${values.length > 1 ? "одно из значений: " : ""}${values.join(", ")}.`,
      day: "Ожидается день, например 2026-11-26.",
      scope: (scope) => `У этого токена нет права: ${scope}.`,
      secondFactor: "Сначала настройте второй фактор на странице /account/second-factor.",
      unknownTokens: (maximum, seconds) =>
        `С одного адреса можно попробовать ${maximum} неизвестных токенов в минуту. Подождите ${seconds}\u00a0с.`,
      slowSearch:
        "Поиск не уложился в отведённое время. Уточните запрос: возьмите слова подлиннее или добавьте условия.",
      notRegistered: "Этот аккаунт создан без регистрации: отправлять нечего.",
      other: (code) => (isProblemCode(code) ? problemText("ru", code) : "Недопустимое значение."),
      paymentChanged: (isPaid, change) =>
        `Сейчас ${isPaid ? "оплачено" : "не оплачено"}${change ? `; кто изменил: ${change.by}, когда: ${change.at}` : ""}.`,
      erased: "Данные человека, зарегистрированного этим запросом, с тех пор удалены.",
      givenUp: (reason) => `Отправка прекращена${reason ? `: ${reason}` : ""}.`,
    },
  },
);

export type ApiErrorTexts = (typeof apiErrorTexts)["en"];
