import { texts } from "~/i18n/locale";

/** The frame of the interface's description. */
export const apiDocsTexts = texts(
  {
    title: "Program interface",
    description: "How programs read people, keep payment in order and send registrations to Bitrix24.",
    document: "OpenAPI document",
    access: "Who may call",
    accessText: (limit: number) =>
      `An administrator's API token, sent as a header, for up to ${limit} requests a minute. What it may do was ticked when it was made. A signed-in browser may call too, from pages of this site.`,
    trpc: "The same procedures, and a few more, answer at /api/trpc for tRPC 11 clients.",
    request: "Request",
    optional: "optional",
    example: "Example",
    answers: "Answers",
    errors: "Errors",
    errorsText: "Every error has the same shape. Go by the code; the message follows Accept-Language.",
  },
  {
    title: "Программный интерфейс",
    description: "Как программам читать данные людей, вести оплату и отправлять регистрации в Битрикс24.",
    document: "Документ OpenAPI",
    access: "Кому доступно",
    accessText: (limit) =>
      `API-токен администратора в заголовке, до ${limit} запросов в минуту. Что он может, отмечено при его создании. Браузер вошедшего пользователя тоже может обращаться сюда, но только со страниц этого сайта.`,
    trpc: "Те же процедуры и ещё несколько отвечают по адресу /api/trpc клиентам tRPC 11.",
    request: "Запрос",
    optional: "необязательно",
    example: "Пример",
    answers: "Ответы",
    errors: "Ошибки",
    errorsText: "Все ошибки устроены одинаково. Опирайтесь на код; язык сообщения выбирается по Accept-Language.",
  },
);
