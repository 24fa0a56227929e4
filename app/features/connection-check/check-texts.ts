import { texts } from "~/i18n/locale";
import { enChecklist } from "~server/connection-check/check-words";
import { ruChecklist } from "./check-texts-ru";

export const checkTexts = texts(
  {
    states: { ok: "Fine", warn: "Check this", fail: "Must be fixed", skip: "Not needed" },
    notAsked: "Not asked",
    ...enChecklist,
  },
  {
    states: { ok: "В порядке", warn: "Обратите внимание", fail: "Нужно исправить", skip: "Не требуется" },
    notAsked: "Не проверено",
    ...ruChecklist,
  },
);
