import { texts } from "~/i18n/locale";
import { en } from "./check-texts-en";
import { ru } from "./check-texts-ru";

export const checkTexts = texts(
  {
    states: { ok: "Fine", warn: "Check this", fail: "Must be fixed", skip: "Not needed" },
    notAsked: "Not asked",
    todo: "What to do:",
    untold: {
      what: "The portal does not say, so this could not be checked.",
      todo: "Nothing, if a test registration succeeds. Otherwise create the webhook as an administrator of the portal.",
    },
    checks: en,
  },
  {
    states: { ok: "В порядке", warn: "Обратите внимание", fail: "Нужно исправить", skip: "Не требуется" },
    notAsked: "Не проверено",
    todo: "Что делать:",
    untold: {
      what: "Портал нам этого не сообщает, проверить не удалось.",
      todo: "Ничего, если пробные регистрации доходят. Иначе создайте вебхук от имени администратора портала.",
    },
    checks: ru,
  },
);
