import { texts } from "~/i18n/locale";
import { consentLimits } from "~server/consents/consent-limits";
import { enPlural, ruPlural } from "~server/platform/plural";

/** A message about what was just done, with a way to take it back. */
export const toastTexts = texts(
  {
    undo: "Undo",
    undoing: "Undoing…",
    close: "Close",
    undone: "Undone.",
    left: (count: number) =>
      `Undone in part. Not yet undone: ${enPlural(count, "payment", "payments")}. Press Undo again to continue.`,
    changed: "Not undone: this was changed in the meantime.",
    refused: "Not undone: Bitrix24 no longer allows what was set before.",
    full: `Not undone: the form already has the most consents allowed (${consentLimits.kinds}).`,
    taken: "Not undone: another form has the former address now.",
    named: "Not undone: this consent is used under Settings, Fields, or in a form.",
    failed: "The site did not answer. Try again.",
    payment: {
      paid: (name: string) => `${name}: marked as paid.`,
      unpaid: (name: string) => `${name}: marked as not paid.`,
    },
    bulk: {
      paid: (count: number) => `Marked as paid: ${enPlural(count, "person", "people")}.`,
      unpaid: (count: number) => `Marked as not paid: ${enPlural(count, "person", "people")}.`,
    },
    settings: "The settings were changed.",
    form: "The form was changed.",
    consents: "The consents were changed.",
  },
  {
    undo: "Отменить",
    undoing: "Отменяем…",
    close: "Закрыть",
    undone: "Отменено.",
    left: (count) =>
      `Отменено частично. Ещё не отменено: ${ruPlural(count, "оплата", "оплаты", "оплат")}. Нажмите «Отменить» ещё раз.`,
    changed: "Не отменено: за это время здесь что-то изменили.",
    refused: "Не отменено: прежние значения в Битрикс24 больше не подходят.",
    full: `Не отменено: в форме уже ${ruPlural(consentLimits.kinds, "согласие", "согласия", "согласий")} — это предел.`,
    taken: "Не отменено: прежний адрес теперь у другой формы.",
    named: "Не отменено: это согласие используется в разделе «Настройки → Поля» или в форме.",
    failed: "Сайт не ответил. Попробуйте ещё раз.",
    payment: {
      paid: (name) => `${name}: оплата отмечена.`,
      unpaid: (name) => `${name}: отметка об оплате снята.`,
    },
    bulk: {
      paid: (count) => `Оплата отмечена: ${ruPlural(count, "человек", "человека", "человек")}.`,
      unpaid: (count) => `Отметка об оплате снята: ${ruPlural(count, "человек", "человека", "человек")}.`,
    },
    settings: "Настройки изменены.",
    form: "Форма изменена.",
    consents: "Согласия изменены.",
  },
);
