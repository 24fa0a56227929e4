import { texts } from "~/i18n/locale";

export const registerTexts = texts(
  {
    title: "Register",
    description: "Register in less than a minute: name, e-mail, phone and a password.",
    optional: "optional",
    choose: "Choose…",
    phoneHint: "As you usually write it, for example 8 912 345-67-89 or +44 7911 123456",
    password: "Password",
    passwordHint: "At least 8 characters",
    consentMore: "What this means",
    privacyLink: "How we handle your data",
    taken: {
      text: "This address is already registered. Was it you?",
      signIn: "Sign in",
      owner:
        "Forgotten the password, or did someone else register with your address? We will e-mail you a link: use it to set a new password or remove that registration.",
      send: "Send a link to this e-mail",
    },
    trap: "Leave this field empty",
    submit: "Register",
    submitting: "Registering…",
    haveAccount: "Already registered?",
    signIn: "Sign in",
    nextTitle: "What happens next",
    careTitle: "What we do with your data",
    care: [
      "Only the people who handle your application see your phone and e-mail.",
      "We do not know your password: only its fingerprint is kept, from which it cannot be read.",
      "Our cookies remember your sign-in, your language and which link brought you here. Nothing on this page is loaded from other companies.",
    ],
  },
  {
    title: "Регистрация",
    description: "Регистрация меньше чем за минуту: имя, почта, телефон и пароль.",
    optional: "необязательно",
    choose: "Выберите…",
    phoneHint: "Как вам привычно: 8 912 345-67-89 или +375 29 123-45-67",
    password: "Пароль",
    passwordHint: "Не меньше 8 символов",
    consentMore: "Что это значит",
    privacyLink: "Как мы обращаемся с данными",
    taken: {
      text: "Этот адрес уже зарегистрирован. Это были вы?",
      signIn: "Войти",
      owner:
        "Забыли пароль или с вашим адресом зарегистрировался кто-то другой? Пришлём ссылку: по ней можно задать новый пароль или удалить чужую регистрацию.",
      send: "Отправить ссылку на эту почту",
    },
    trap: "Оставьте это поле пустым",
    submit: "Зарегистрироваться",
    submitting: "Регистрируем…",
    haveAccount: "Уже зарегистрированы?",
    signIn: "Войти",
    nextTitle: "Что будет дальше",
    careTitle: "Что мы делаем с вашими данными",
    care: [
      "Телефон и почту видят только те, кто занимается вашей заявкой.",
      "Пароль мы не знаем: хранится лишь его отпечаток, по которому пароль не восстановить.",
      "Наши cookie помнят, что вы вошли, на каком языке читаете и по какой ссылке пришли. С чужих сайтов эта страница ничего не загружает.",
    ],
  },
);
