import { texts } from "~/i18n/locale";

export const passwordAgainTexts = texts(
  {
    title: "Your password, please",
    lead: "What you are about to do reaches far, and it is a while since you gave your password. What you have entered is kept.",
    password: "Password",
    submit: "Go on",
    back: "Back without doing it",
    wait: (duration: string) => `Too many attempts. Try again in ${duration}.`,
  },
  {
    title: "Введите пароль",
    lead: "Действие важное, а пароль вы вводили давно. Всё, что вы заполнили, сохранится.",
    password: "Пароль",
    submit: "Продолжить",
    back: "Вернуться, ничего не делая",
    wait: (duration) => `Слишком много попыток. Попробуйте снова через ${duration}.`,
  },
);
