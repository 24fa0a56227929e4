import { texts } from "~/i18n/locale";

/** Said beside what was typed, where a colleague has changed the same meanwhile. */
export const overtakenTexts = texts(
  {
    /** `value` as it is now, in words; blank: there is none. */
    now: (value: string) =>
      `Another administrator has changed this in the meantime. Now: ${value === "" ? "nothing" : `“${value}”`}`,
    nowTicked: (isTicked: boolean) =>
      `Another administrator has changed this in the meantime. Now: ${isTicked ? "ticked" : "not ticked"}`,
    nowSecret: (isSet: boolean) =>
      `Another administrator has changed this in the meantime. Now: ${isSet ? "another value" : "nothing"}`,
    asStored: "Show the current state instead",
  },
  {
    now: (value) =>
      `За это время значение изменил другой администратор. Сейчас здесь: ${value === "" ? "пусто" : `«${value}»`}`,
    nowTicked: (isTicked) =>
      `За это время значение изменил другой администратор. Сейчас: ${isTicked ? "отмечено" : "не отмечено"}`,
    nowSecret: (isSet) =>
      `За это время значение изменил другой администратор. Сейчас здесь: ${isSet ? "другое значение" : "пусто"}`,
    asStored: "Показать текущее состояние",
  },
);
