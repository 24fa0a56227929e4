import { texts } from "~/i18n/locale";
import { enPlural, ruPlural } from "~server/platform/plural";

export const reviewTexts = texts(
  {
    title: "Review",
    description: "Registrations that wait for a decision before they are sent to Bitrix24.",
    on: "New registrations are held until an administrator releases them here.",
    off: "New registrations are sent to Bitrix24 automatically. While unusually many come in, those whose browser has not passed the check are held here.",
    start: "Hold new registrations for review",
    stop: "Stop holding new registrations",
    list: "Held registrations, the oldest first",
    total: (count: number) => enPlural(count, "registration is held", "registrations are held"),
    select: (name: string) => `Select ${name}`,
    all: "All shown here",
    release: "Release",
    discard: "Discard",
    discardAsk: (count: number) => `Erase ${enPlural(count, "registration", "registrations")}? This cannot be undone.`,
    discardNow: (count: number) => `Erase ${enPlural(count, "registration", "registrations")}`,
    /** Where no script counts those that are ticked. */
    discardAskSelected: (shown: number) =>
      `Erase the selected registrations? If “All shown here” is ticked, all ${shown} are erased. This cannot be undone.`,
    discardSelected: "Erase the selected registrations",
    consequence: "Released registrations are sent to Bitrix24. Discarded ones are erased; this cannot be undone.",
    released: (count: number) => `Released: ${count}.`,
    discarded: (count: number) => `Discarded: ${count}.`,
    decided: "Nothing was changed: these registrations were already decided on.",
    nobody: "No registration is selected.",
    none: { title: "No registrations held", text: "Registrations that are held for review appear here." },
    noSource: "no source",
  },
  {
    title: "На проверке",
    description: "Регистрации, которые ждут решения, прежде чем попасть в Битрикс24.",
    on: "Новые регистрации задерживаются, пока их здесь не одобрят.",
    off: "Новые регистрации сами уходят в Битрикс24. Если их необычно много, здесь задерживаются те, чей браузер не прошёл проверку.",
    start: "Задерживать новые регистрации для проверки",
    stop: "Больше не задерживать",
    list: "Задержанные регистрации, сначала старые",
    total: (count) => ruPlural(count, "регистрация задержана", "регистрации задержаны", "регистраций задержано"),
    select: (name) => `Выбрать: ${name}`,
    all: "Все показанные",
    release: "Одобрить",
    discard: "Удалить",
    discardAsk: (count) =>
      `Удалить ${ruPlural(count, "регистрацию", "регистрации", "регистраций")}? Отменить это будет нельзя.`,
    discardNow: (count) => `Удалить ${ruPlural(count, "регистрацию", "регистрации", "регистраций")}`,
    discardAskSelected: (shown) =>
      `Удалить выбранные регистрации? Если отмечено «Все показанные», будут удалены все: ${shown}. Отменить это будет нельзя.`,
    discardSelected: "Удалить выбранные",
    consequence: "Одобренные уйдут в Битрикс24. Удалённые вернуть нельзя.",
    released: (count) => `Одобрено: ${count}.`,
    discarded: (count) => `Удалено: ${count}.`,
    decided: "Ничего не изменено: решение по этим регистрациям уже принято.",
    nobody: "Никто не выбран.",
    none: { title: "Задержанных нет", text: "Здесь появляются регистрации, задержанные для проверки." },
    noSource: "без источника",
  },
);
