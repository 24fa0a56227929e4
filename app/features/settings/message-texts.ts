import { texts } from "~/i18n/locale";

/** What keeps messages to responsible persons back. */
export const messageTexts = texts(
  {
    scope:
      "Bitrix24 accepts no messages: the webhook lacks the permission im (Chat and notifications). The next attempt is within an hour.",
    waits: (code: string) =>
      `Messages to responsible persons are waiting: Bitrix24 answered ${code}. They are retried for a day.`,
    receivers: (ids: string) =>
      `Employees get no messages: ${ids}. Bitrix24 says that they have left or are bots; the next attempt is in an hour.`,
    nobody: "A recent deal had no responsible person, so nobody was notified.",
    refused: (codes: string) => `Bitrix24 refused some messages: ${codes}. The reason is in their text.`,
  },
  {
    scope:
      "Битрикс24 не принимает сообщений: у вебхука нет права im («Чат и уведомления»). Следующая попытка — в течение часа.",
    waits: (code) => `Сообщения ответственным ждут: Битрикс24 ответил ${code}. Попытки продолжаются сутки.`,
    receivers: (ids) =>
      `Сообщения не доходят до сотрудников: ${ids}. По данным Битрикс24, они уволены или это боты; новая попытка — через час.`,
    nobody: "Недавно у сделки не было ответственного, и сообщить о ней было некому.",
    refused: (codes) => `Битрикс24 не принял некоторые сообщения: ${codes}. Дело в их тексте.`,
  },
);
