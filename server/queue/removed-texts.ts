import type { Reach, Reason } from "./reason-texts";

/** The portal removes new deals before they have their product: those of one person, or everybody's. */
export const removedTexts: Record<"en" | "ru", (reach: Reach | undefined) => Reason> = {
  en: (reach) =>
    reach === "one"
      ? {
          what: "The deal of this registration was removed on the portal twice before it had its product, so no further one is made.",
          todo: "Find out which automation rule or employee removes it, then decide on the page “Conflicts” what is to become of the registration.",
        }
      : {
          what: "New deals are removed on the portal before they have their product.",
          todo: "Find the automation rule that deletes new deals and switch it off, then resume the queue. If you do not resume it, the next new registration, or an hourly trial, shows whether deals are still removed.",
        },
  ru: (reach) =>
    reach === "one"
      ? {
          what: "Сделку этой регистрации дважды удалили на портале, прежде чем в ней появился товар. Новую мы не создаём.",
          todo: "Выясните, какой робот или сотрудник её удаляет, и решите на странице «Расхождения», что делать с регистрацией.",
        }
      : {
          what: "Новые сделки удаляются на портале раньше, чем в них появляется товар.",
          todo: "Найдите робота, который удаляет новые сделки, отключите его и возобновите очередь. Если не возобновить, следующая регистрация или ежечасная проба покажет, удаляются ли сделки по-прежнему.",
        },
};
