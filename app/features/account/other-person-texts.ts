import { texts } from "~/i18n/locale";

/** For a form of a page that was opened before another person signed in. */
export const otherPersonTexts = texts(
  {
    title: "You are signed in to another account",
    lead: (email: string) =>
      `This browser is now signed in as ${email}, and the form you sent was opened in another account. Nothing was changed.`,
    signOut: "Sign out",
    stay: "Stay in this account",
  },
  {
    title: "Вы вошли в другой аккаунт",
    lead: (email) =>
      `В этом браузере теперь выполнен вход как ${email}, а отправленная форма была открыта в другом аккаунте. Ничего не изменилось.`,
    signOut: "Выйти",
    stay: "Остаться в этом аккаунте",
  },
);
