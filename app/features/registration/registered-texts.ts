import { texts } from "~/i18n/locale";

export const registeredTexts = texts(
  {
    title: "You are registered",
    leading: "Taking you to",
    account: "Go to my account",
  },
  {
    title: "Вы зарегистрированы",
    leading: "Сейчас откроется",
    account: "В личный кабинет",
  },
);
