import { texts } from "~/i18n/locale";
import { enPlural, ruPlural } from "~/i18n/plural";

/** Marking many people at once. */
export const bulkTexts = texts(
  {
    title: { paid: "Mark as paid", unpaid: "Mark as not paid" },
    description: "Confirm a change of many payments.",
    ask: {
      paid: (count: number) => `Mark ${enPlural(count, "person", "people")} as paid?`,
      unpaid: (count: number) => `Mark ${enPlural(count, "person", "people")} as not paid?`,
    },
    already: (count: number) => `${enPlural(count, "person is", "people are")} marked so already and will not change.`,
    consequence: "Every change is kept in the person's payment history and can be taken back there.",
    confirm: {
      paid: (count: number) => `Yes, mark ${enPlural(count, "person", "people")} as paid`,
      unpaid: (count: number) => `Yes, mark ${enPlural(count, "person", "people")} as not paid`,
    },
    working: "Marking…",
    done: (count: number) => `Done: ${enPlural(count, "payment was", "payments were")} changed.`,
    left: (count: number) =>
      `${enPlural(count, "person is", "people are")} still waiting: so many at once take longer than a page may load.`,
    goOn: "Go on",
    nobody: { title: "Nobody is selected", text: "Tick the people in the list, or choose all who match." },
    nothing: "All of the selected are marked so already.",
    back: "Back to the list",
  },
  {
    title: { paid: "Отметить оплату", unpaid: "Снять оплату" },
    description: "Подтверждение изменения оплаты у многих людей.",
    ask: {
      paid: (count) => `Отметить оплату: ${ruPlural(count, "человек", "человека", "человек")}?`,
      unpaid: (count) => `Снять оплату: ${ruPlural(count, "человек", "человека", "человек")}?`,
    },
    already: (count) =>
      `Ещё ${ruPlural(count, "человек уже отмечен", "человека уже отмечены", "человек уже отмечены")} так — без изменений.`,
    consequence: "Каждое изменение останется в истории оплаты человека, там его можно отменить.",
    confirm: {
      paid: (count) => `Да, отметить оплату: ${ruPlural(count, "человек", "человека", "человек")}`,
      unpaid: (count) => `Да, снять оплату: ${ruPlural(count, "человек", "человека", "человек")}`,
    },
    working: "Отмечаем…",
    done: (count) => `Готово. Изменено: ${ruPlural(count, "оплата", "оплаты", "оплат")}.`,
    left: (count) =>
      `Осталось: ${ruPlural(count, "человек", "человека", "человек")}. Столько сразу не успеть, пока загружается страница.`,
    goOn: "Продолжить",
    nobody: { title: "Никто не выбран", text: "Отметьте людей в списке или выберите всех, кто подходит." },
    nothing: "Все выбранные уже отмечены так.",
    back: "К списку",
  },
);
