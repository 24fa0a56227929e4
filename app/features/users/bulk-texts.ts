import { texts } from "~/i18n/locale";
import { enPlural, ruPlural } from "~server/platform/plural";

/** Marking many people at once. */
export const bulkTexts = texts(
  {
    title: { paid: "Mark as paid", unpaid: "Mark as not paid" },
    description: "Confirm a change of many payments.",
    ask: {
      paid: (count: number) => `Mark ${enPlural(count, "person", "people")} as paid?`,
      unpaid: (count: number) => `Mark ${enPlural(count, "person", "people")} as not paid?`,
    },
    already: (count: number) =>
      `${enPlural(count, "person is", "people are")} already marked this way and will not change.`,
    consequence: "Every change is kept in the person's payment history and can be undone there.",
    confirm: {
      paid: (count: number) => `Yes, mark ${enPlural(count, "person", "people")} as paid`,
      unpaid: (count: number) => `Yes, mark ${enPlural(count, "person", "people")} as not paid`,
    },
    working: "Marking…",
    done: (count: number) => `Done: ${enPlural(count, "payment was", "payments were")} changed.`,
    kept: (count: number) =>
      `${enPlural(count, "person was", "people were")} not changed: their payment was changed elsewhere while this question was open.`,
    left: (count: number) =>
      `Not everyone could be changed in one request: ${enPlural(count, "person is", "people are")} left. Continue with ${count === 1 ? "that person" : "them"}.`,
    goOn: "Continue",
    undo: "Undo",
    undone: (count: number) => `Undone for ${enPlural(count, "person", "people")}.`,
    noneUndone: "Nothing was undone: these payments have been changed again since then.",
    undoneAll: "This change was undone. Payments that were changed again since then keep their newer value.",
    undoLeft: (count: number) =>
      `Not everything could be undone in one request: ${enPlural(count, "payment is", "payments are")} left. Continue with ${count === 1 ? "it" : "them"}.`,
    nobody: { title: "No people selected", text: "Select people in the list, or choose all matching people." },
    nothing: "All selected people are already marked this way.",
    back: "Back to the list",
  },
  {
    title: { paid: "Отметить оплату", unpaid: "Снять отметку об оплате" },
    description: "Подтверждение изменения оплаты у многих людей.",
    ask: {
      paid: (count) => `Отметить оплату: ${ruPlural(count, "человек", "человека", "человек")}?`,
      unpaid: (count) => `Снять отметку об оплате: ${ruPlural(count, "человек", "человека", "человек")}?`,
    },
    already: (count) =>
      `У ${ruPlural(count, "человека", "человек", "человек")} уже такая отметка, у них ничего не изменится.`,
    consequence: "Каждое изменение останется в истории оплаты человека, там его можно отменить.",
    confirm: {
      paid: (count) => `Да, отметить оплату: ${ruPlural(count, "человек", "человека", "человек")}`,
      unpaid: (count) => `Да, снять отметку об оплате: ${ruPlural(count, "человек", "человека", "человек")}`,
    },
    working: "Отмечаем…",
    done: (count) => `Готово. Изменено: ${ruPlural(count, "оплата", "оплаты", "оплат")}.`,
    kept: (count) =>
      `У ${ruPlural(count, "человека", "человек", "человек")} отметка оставлена как есть: её изменили, пока был открыт этот вопрос.`,
    left: (count) =>
      `За один запрос изменены не все. Осталось: ${ruPlural(count, "человек", "человека", "человек")}. Продолжите с остальными.`,
    goOn: "Продолжить",
    undo: "Отменить",
    undone: (count) => `Изменение отменено у ${ruPlural(count, "человека", "человек", "человек")}.`,
    noneUndone: "Ничего не отменено: оплату у этих людей с тех пор изменили ещё раз.",
    undoneAll: "Изменение отменено. Где оплату с тех пор изменили ещё раз, осталось это новое значение.",
    undoLeft: (count) =>
      `За один запрос отменено не всё. Осталось: ${ruPlural(count, "оплата", "оплаты", "оплат")}. Продолжите с остальными.`,
    nobody: { title: "Никто не выбран", text: "Отметьте людей в списке или выберите всех, кто подходит." },
    nothing: "У всех выбранных уже такая отметка.",
    back: "К списку",
  },
);
