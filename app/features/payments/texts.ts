import { texts } from "~/i18n/locale";
import type { PaymentOrigin } from "~server/payments/payments";

const origins = {
  en: {
    page: "in the administration",
    api: "through the REST interface",
    trpc: "through the tRPC interface",
    bulk: "for many at once",
    undo: "undone",
    portal: "in Bitrix24",
    import: "with an imported list",
  } satisfies Record<PaymentOrigin, string>,
  ru: {
    page: "в разделе управления",
    api: "через REST",
    trpc: "через tRPC",
    bulk: "у многих сразу",
    undo: "отмена изменения",
    portal: "в Битрикс24",
    import: "при импорте списка",
  } satisfies Record<PaymentOrigin, string>,
};

/** A person's payment: its state, its change and its history. */
export const paymentTexts = texts(
  {
    title: "Payment",
    paid: "Paid",
    unpaid: "Not paid",
    paidAt: "Paid on",
    markPaid: "Mark as paid",
    markUnpaid: "Mark as not paid",
    saving: "Saving…",
    conflict: "This page was out of date, so nothing was changed. In the meantime the payment was changed:",
    conflictNow: { paid: "it is paid now.", unpaid: "it is not paid now." },
    lost: "The answer was lost, but the change may have been saved. Reload the page to check, and try again if it was not.",
    became: { paid: "Marked as paid", unpaid: "Marked as not paid" },
    origins: origins.en as Record<string, string>,
    undo: "Undo",
    undone: "The last change was undone.",
  },
  {
    title: "Оплата",
    paid: "Оплачено",
    unpaid: "Не оплачено",
    paidAt: "Дата оплаты",
    markPaid: "Отметить оплату",
    markUnpaid: "Снять отметку об оплате",
    saving: "Сохраняем…",
    conflict: "Страница устарела, поэтому ничего не изменено. За это время оплату изменили:",
    conflictNow: { paid: "сейчас оплачено.", unpaid: "сейчас не оплачено." },
    lost: "Ответ не пришёл, но изменение могло сохраниться. Обновите страницу и, если его нет, попробуйте ещё раз.",
    became: { paid: "Отмечена оплата", unpaid: "Отметка об оплате снята" },
    origins: origins.ru,
    undo: "Отменить",
    undone: "Последнее изменение отменено.",
  },
);
