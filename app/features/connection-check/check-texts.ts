import { texts } from "~/i18n/locale";
import { en } from "./check-texts-en";
import { ru } from "./check-texts-ru";

export const preflightTexts = texts(
  {
    states: { ok: "Fine", warn: "Worth a look", fail: "In the way", skip: "Not set" },
    notAsked: "Not asked",
    todo: "What to do:",
    untold: {
      what: "The portal does not tell us, so this could not be checked.",
      todo: "Nothing, if test registrations arrive. Else make the webhook as an administrator of the portal.",
    },
    checks: en,
  },
  {
    states: { ok: "В порядке", warn: "Стоит взглянуть", fail: "Мешает", skip: "Не задано" },
    notAsked: "Не проверено",
    todo: "Что делать:",
    untold: {
      what: "Портал нам этого не сообщает, проверить не удалось.",
      todo: "Ничего, если пробные регистрации доходят. Иначе создайте вебхук от имени администратора портала.",
    },
    checks: ru,
  },
);
