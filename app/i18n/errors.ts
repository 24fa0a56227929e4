import { type Texts, texts } from "./locale";

const problems = texts(
  {
    required: "Please fill this in.",
    invalid: "This value cannot be used here.",
    too_long: "This is too long.",
    characters: "This contains characters that cannot be saved. Please type it again.",
    email: "This does not look like an e-mail address: name@example.com",
    email_taken: "This address is already registered. Sign in, or use another one.",
    number: "Enter a number, such as 1200 or 12.5.",
    date: "There is no such day. Example: 26.11.2026.",
    option: "This is not offered any more. Please choose again.",
    form_closed: "This form no longer accepts registrations.",
    phone: "We cannot recognise this number. For a number from another country, start with + and the country code.",
    password_short: "Use at least 8 characters.",
    password_short_admin: "An administrator's password needs at least 12 characters.",
    password_common: "This password is too easy to guess. Choose another one.",
    password_personal: "This password is made of your own details or of this site's name. Choose another one.",
    consent: "We cannot register you without your consent.",
    unknown_field: "The form contained a field that we did not ask for. Reload the page and try again.",
    spam: "The form did not come from our page. Reload it and try again.",
    stale: "The page was open for too long. Please send the form once more.",
    too_many: "Too many attempts. Wait a minute and try again.",
    password_wrong: "Wrong password.",
    code_wrong: "This code is wrong or was used already. Enter the one that the app shows now.",
    no_links: "Links, addresses and phone numbers are not allowed here.",
    too_many_today:
      "Too many people have registered from this network today. Please try again tomorrow, or from another one.",
    stamp_used: "The form on this page was already sent. Check your details and send it again.",
    credentials: "This e-mail and password do not match.",
    failed:
      "Something went wrong on our side. What you typed is kept, except the password: please send the form again in a minute.",
    lost: "The connection broke before the answer came. What you typed is kept: please send the form again.",
    away: "The site does not answer. Please try again in a minute.",
    busy: "We cannot save anything just now. What you typed is kept, except the password: please send the form again in a few seconds.",
  },
  {
    required: "Заполните это поле.",
    invalid: "Такое значение здесь не подойдёт.",
    too_long: "Слишком длинно.",
    characters: "Здесь есть символы, которые нельзя сохранить. Наберите текст заново.",
    email: "Не похоже на адрес почты. Пример: name@example.com",
    email_taken: "Этот адрес уже зарегистрирован. Войдите или укажите другой.",
    number: "Нужно число, например 1200 или 12,5.",
    date: "Такого дня нет. Пример: 26.11.2026.",
    option: "Такого варианта больше нет. Выберите другой.",
    form_closed: "Эта форма больше не принимает регистрации.",
    phone: "Не удаётся разобрать номер. Если он зарубежный, начните с + и кода страны.",
    password_short: "Нужно не меньше 8 символов.",
    password_short_admin: "Паролю администратора нужно не меньше 12 символов.",
    password_common: "Этот пароль слишком легко подобрать. Придумайте другой.",
    password_personal: "Пароль составлен из ваших данных или названия сайта. Придумайте другой.",
    consent: "Без согласия мы не сможем вас зарегистрировать.",
    unknown_field: "В форме оказалось лишнее поле. Обновите страницу и попробуйте ещё раз.",
    spam: "Форма отправлена не с нашей страницы. Обновите её и попробуйте ещё раз.",
    stale: "Страница была открыта слишком долго. Отправьте форму ещё раз.",
    too_many: "Слишком много попыток. Подождите минуту и попробуйте снова.",
    password_wrong: "Неверный пароль.",
    code_wrong: "Код не подходит или уже использован. Возьмите тот, что приложение показывает сейчас.",
    no_links: "Здесь не может быть ссылок, адресов и номеров телефонов.",
    too_many_today:
      "Сегодня из этой сети зарегистрировалось слишком много людей. Попробуйте завтра или из другой сети.",
    stamp_used: "Форму с этой страницы уже отправляли. Проверьте данные и отправьте ещё раз.",
    credentials: "Неверная почта или пароль.",
    failed: "У нас что-то пошло не так. Всё, кроме пароля, осталось в форме: отправьте её ещё раз через минуту.",
    lost: "Связь оборвалась раньше, чем пришёл ответ. Введённое осталось в форме: отправьте её ещё раз.",
    away: "Сайт не отвечает. Попробуйте ещё раз через минуту.",
    busy: "Сейчас данные не сохраняются. Всё, кроме пароля, осталось в форме: отправьте её ещё раз через несколько секунд.",
  },
);

export type ProblemCode = keyof (typeof problems)["en"];

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problems.en, code);

/** The words for a field's or form's code. A code without words would be a fault of ours and gets the general ones. */
export const problemText = (locale: keyof Texts<unknown>, code: string): string =>
  problems[locale][isProblemCode(code) ? code : "invalid"];

/** Whole pages instead of the one that was asked for, by HTTP status. */
export const errorPageTexts = texts(
  {
    notFound: { title: "There is no such page", text: "The address may be mistyped, or the page has moved." },
    closed: {
      title: "This form no longer accepts registrations",
      text: "If you have registered, sign in as before. Another form may still be open: ask the person who gave you the link.",
    },
    forbidden: {
      title: "You do not have access to this page",
      text: "You are signed in, but this area is for administrators.",
    },
    tooMany: { title: "Too many requests", text: "What you sent was not saved. Please try again later." },
    badRequest: { title: "We could not read that", text: "Go back to the page, reload it and try again." },
    failed: {
      title: "Something went wrong on our side",
      text: "Please try again in a minute.",
    },
    unavailable: {
      title: "The site will be back in a moment",
      text: "Its database is not responding. This page tries again by itself every few seconds.",
      sent: "Its database is not responding, so the form may not have been saved. Open the page again in a few seconds and look before you send it once more.",
    },
    home: "Go to the home page",
    retry: "Try again",
  },
  {
    notFound: { title: "Такой страницы нет", text: "Возможно, в адресе опечатка или страница переехала." },
    closed: {
      title: "Эта форма больше не принимает регистрации",
      text: "Если вы уже зарегистрировались, войти можно как раньше. Возможно, открыта другая форма: спросите у того, кто дал вам ссылку.",
    },
    forbidden: {
      title: "Нет доступа к этой странице",
      text: "Вы вошли, но этот раздел открыт только администраторам.",
    },
    tooMany: { title: "Слишком много запросов", text: "Отправленное не сохранено. Попробуйте позже." },
    badRequest: {
      title: "Не удалось прочитать запрос",
      text: "Вернитесь на страницу, обновите её и попробуйте ещё раз.",
    },
    failed: {
      title: "У нас что-то пошло не так",
      text: "Попробуйте ещё раз через минуту.",
    },
    unavailable: {
      title: "Сайт скоро вернётся",
      text: "База данных сейчас не отвечает. Страница сама повторит попытку через несколько секунд.",
      sent: "База данных сейчас не отвечает, поэтому форма могла не сохраниться. Откройте страницу снова через несколько секунд и проверьте, прежде чем отправлять ещё раз.",
    },
    home: "На главную",
    retry: "Попробовать ещё раз",
  },
);
