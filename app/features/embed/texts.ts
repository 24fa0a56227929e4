import { texts } from "~/i18n/locale";

/** The form on other sites' pages. */
export const embedTexts = texts(
  {
    registered: "You are registered",
    confirm: "We have e-mailed you a link: use it to confirm your e-mail.",
    knownTitle: "This e-mail is already registered",
    known: "This form has registered nothing new. Your earlier registration stays as it was.",
    account: "You can follow your application in your account: sign in there with your e-mail and password.",
    openAccount: "Open my account in a new tab",
    onward: "Continue",
    failed: "Open the form in a new tab",
  },
  {
    registered: "Вы зарегистрированы",
    confirm: "Мы отправили вам письмо: подтвердите почту по ссылке из него.",
    knownTitle: "Эта почта уже зарегистрирована",
    known: "Новая регистрация по этой форме не создана, прежняя осталась без изменений.",
    account: "За заявкой можно следить в личном кабинете: войдите с почтой и паролем, которые указали.",
    openAccount: "Открыть личный кабинет в новой вкладке",
    onward: "Дальше",
    failed: "Открыть форму в новой вкладке",
  },
);
