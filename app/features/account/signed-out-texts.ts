import { texts } from "~/i18n/locale";

export const signedOutTexts = texts(
  {
    title: "You are signed out",
    lead: "Nothing has been saved yet, but the form you sent is kept on this page. Use a new tab to sign in, then come back here and send it again. Passwords, codes and other secrets must be entered again.",
    signIn: "Sign in (opens a new tab)",
    submit: "Send it again",
    back: "Leave without saving",
  },
  {
    title: "Нужно войти ещё раз",
    lead: "Пока ничего не сохранено, но отправленная форма осталась на этой странице. Войдите в новой вкладке, вернитесь сюда и отправьте ещё раз. Пароли, коды и другие секреты придётся ввести заново.",
    signIn: "Войти в новой вкладке",
    submit: "Отправить ещё раз",
    back: "Уйти без сохранения",
  },
);
