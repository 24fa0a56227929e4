import { texts } from "~/i18n/locale";

export const passwordAgainTexts = texts(
  {
    title: "Confirm your password",
    lead: "This action needs your password again, because you entered it some time ago. What you have filled in is kept.",
    password: "Password",
    submit: "Continue",
    back: "Cancel and go back",
    wait: (duration: string) => `Too many attempts. Try again in ${duration}.`,
  },
  {
    title: "Подтвердите пароль",
    lead: "Действие важное, а пароль вы вводили давно. Всё, что вы заполнили, сохранится.",
    password: "Пароль",
    submit: "Продолжить",
    back: "Отменить и вернуться",
    wait: (duration) => `Слишком много попыток. Попробуйте снова через ${duration}.`,
  },
);
