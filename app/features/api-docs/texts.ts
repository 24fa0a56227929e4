import { texts } from "~/i18n/locale";

/** The frame of the interface's description. */
export const apiDocsTexts = texts(
  {
    title: "Program interface",
    description: "How programs register and read people, keep payment in order and send registrations to Bitrix24.",
    document: "OpenAPI document",
    types: "Types for tRPC clients",
    access: "Who may call",
    accessText: (limit: number) =>
      `An administrator's API token, sent as a header, for up to ${limit} calls a minute. Its permissions were chosen when it was created. A signed-in browser may call too, from pages of this site.`,
    trpc: "The same procedures, and a few more, answer at /api/trpc for tRPC 11 clients.",
    limitsText: ({ calls, batch, bytes }: { calls: number; batch: number; bytes: number }) =>
      `Each call of a batch counts, and a batch has at most ${batch}. A body has at most ${bytes / 1024}\u00a0KB of JSON in UTF-8, with or without Content-Length. Beyond ${calls} calls a minute the answer is 429 with Retry-After; RateLimit says how many are left. A batch of many calls makes a long address: where a proxy refuses it, let the client send queries by POST (methodOverride).`,
    request: "Request",
    optional: "optional",
    example: "Example",
    answers: "Answers",
    errors: "Errors",
    errorsText: "Every error has the same shape. Go by the code; the message follows Accept-Language.",
  },
  {
    title: "Программный интерфейс",
    description:
      "Как программам регистрировать людей и читать их данные, вести оплату и отправлять регистрации в Битрикс24.",
    document: "Документ OpenAPI",
    types: "Типы для клиентов tRPC",
    access: "Кому доступно",
    accessText: (limit) =>
      `API-токен администратора в заголовке, до ${limit} вызовов в минуту. Его права выбраны при создании. Браузер вошедшего пользователя тоже может обращаться сюда, но только со страниц этого сайта.`,
    trpc: "Те же процедуры и ещё несколько отвечают по адресу /api/trpc клиентам tRPC 11.",
    limitsText: ({ calls, batch, bytes }) =>
      `В пакете считается каждый вызов, и их в нём не больше ${batch}. Тело — не больше ${bytes / 1024}\u00a0КБ JSON в UTF-8, с Content-Length или без него. Сверх ${calls} вызовов в минуту ответ — 429 с Retry-After; сколько осталось, говорит RateLimit. У пакета из многих вызовов длинный адрес: если прокси его не пропускает, пусть клиент отправляет запросы методом POST (methodOverride).`,
    request: "Запрос",
    optional: "необязательно",
    example: "Пример",
    answers: "Ответы",
    errors: "Ошибки",
    errorsText: "Все ошибки устроены одинаково. Опирайтесь на код; язык сообщения выбирается по Accept-Language.",
  },
);
