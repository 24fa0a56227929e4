import { texts } from "~/i18n/locale";

/** Signing in, and what helps when the password is forgotten. */
export const signInTexts = texts(
  {
    title: "Sign in",
    description: "Sign in to see your registration.",
    email: "E-mail",
    password: "Password",
    submit: "Sign in",
    submitting: "Signing in…",
    forgot: "Forgot your password?",
    wait: (duration: string) =>
      `Too many attempts. Try again in ${duration}. If you have forgotten the password, ask for a new one below.`,
    noAccount: "Not registered yet?",
    register: "Register",
    confirmed: "Your e-mail is confirmed. You can sign in with it.",
    cookies: {
      registered: "You are registered, and your application is saved. There is no need to register again.",
      refused:
        "Your browser refuses the cookies of this site, and without them it cannot stay signed in. Allow cookies in the browser's settings and sign in here, or open this site in another browser.",
    },
    passwordChanged: "Your new password is set. Sign in with it.",
    forgotTitle: "New password",
    forgotLead: "Enter your e-mail, and we will send you a link to set a new password.",
    forgotSubmit: "Send the link",
    forgotSent: "If this address is registered, a link is on its way to it. It works for an hour.",
    forgotLimited:
      "Three e-mails were requested within the last hour. If this address is registered, they have been sent: please check your spam folder or try again later.",
    forgotAsk: "Forgotten your password? This site cannot send e-mail: please ask us.",
    noMail: "This site cannot send e-mail, so we cannot send you a link. Please ask us for a new password.",
    backToSignIn: "Back to sign-in",
    resetTitle: "Choose a new password",
    resetPassword: "New password",
    resetHint: (least: number) => `At least ${least} characters. You will be signed out everywhere.`,
    resetTokens: "Your API tokens will stop working.",
    resetSubmit: "Save the password",
    resetDead: "This link has expired or has already been used",
    resetDeadText: "If you have just set a new password, it is saved: sign in with it.",
    resetAccount: "Account",
    resetAgain: "Ask for a new link",
    mailSubject: "Reset your password",
    mailText: ({ link, site }: { link: string; site: string }) =>
      `A new password was requested for your account at ${site}. If it was you, open this link within an hour:\n\n${link}\n\nIf it was not you, you can ignore this e-mail.`,
  },
  {
    title: "Вход",
    description: "Войдите, чтобы увидеть свою регистрацию.",
    email: "Электронная почта",
    password: "Пароль",
    submit: "Войти",
    submitting: "Входим…",
    forgot: "Забыли пароль?",
    wait: (duration) =>
      `Слишком много попыток. Попробуйте снова через ${duration}. Если пароль забыт, запросите новый ниже.`,
    noAccount: "Ещё не зарегистрированы?",
    register: "Зарегистрироваться",
    confirmed: "Почта подтверждена. Теперь можно войти.",
    cookies: {
      registered: "Вы зарегистрированы, заявка сохранена. Регистрироваться ещё раз не нужно.",
      refused:
        "Браузер не принимает cookie этого сайта, а без них нельзя оставаться в личном кабинете. Разрешите cookie в настройках и войдите здесь или откройте сайт в другом браузере.",
    },
    passwordChanged: "Пароль изменён. Теперь войдите с новым паролем.",
    forgotTitle: "Новый пароль",
    forgotLead: "Укажите свой адрес — мы пришлём ссылку, по которой можно задать новый пароль.",
    forgotSubmit: "Прислать ссылку",
    forgotSent: "Если этот адрес зарегистрирован, ссылка уже в пути. Она действует один час.",
    forgotLimited:
      "За последний час письмо запрашивали три раза. Если этот адрес зарегистрирован, письма отправлены: загляните в «Спам» или попробуйте позже.",
    forgotAsk: "Забыли пароль? Этот сайт не может отправлять письма, обратитесь к нам.",
    noMail: "Этот сайт не может отправлять письма, поэтому ссылку мы не пришлём. Обратитесь к нам за новым паролем.",
    backToSignIn: "Вернуться ко входу",
    resetTitle: "Задайте новый пароль",
    resetPassword: "Новый пароль",
    resetHint: (least) => `Не меньше ${least} символов. На всех устройствах придётся войти заново.`,
    resetTokens: "Ваши API-токены перестанут действовать.",
    resetSubmit: "Сохранить пароль",
    resetDead: "Ссылка устарела или ею уже воспользовались",
    resetDeadText: "Если вы только что задали новый пароль, он уже действует: можно входить.",
    resetAccount: "Аккаунт",
    resetAgain: "Запросить новую ссылку",
    mailSubject: "Ссылка для нового пароля",
    mailText: ({ link, site }) =>
      `Кто-то запросил новый пароль для вашего аккаунта на сайте ${site}. Если это были вы, откройте ссылку в течение часа:\n\n${link}\n\nЕсли запрос не ваш, ничего делать не нужно.`,
  },
);
