import { texts } from "~/i18n/locale";

/** Said beside what was typed, where a colleague has changed the same meanwhile. */
export const overtakenTexts = texts(
  {
    /** `value` as it is now, in words; blank: there is none. */
    now: (value: string) =>
      `Another administrator has changed this meanwhile. Now: ${value === "" ? "nothing" : `“${value}”`}`,
    nowTicked: (isTicked: boolean) =>
      `Another administrator has changed this meanwhile. Now: ${isTicked ? "ticked" : "not ticked"}`,
    nowSecret: (isSet: boolean) =>
      `Another administrator has changed this meanwhile. Now: ${isSet ? "another value" : "nothing"}`,
    asStored: "Show the current state instead",
  },
  {
    now: (value) =>
      `Тем временем это изменил другой администратор. Сейчас здесь: ${value === "" ? "пусто" : `«${value}»`}`,
    nowTicked: (isTicked) =>
      `Тем временем это изменил другой администратор. Сейчас: ${isTicked ? "отмечено" : "не отмечено"}`,
    nowSecret: (isSet) =>
      `Тем временем это изменил другой администратор. Сейчас здесь: ${isSet ? "другое значение" : "пусто"}`,
    asStored: "Показать нынешний вид",
  },
);
