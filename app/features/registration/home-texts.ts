import { texts } from "~/i18n/locale";

export const homeTexts = texts(
  {
    title: "Registration takes one form",
    description: "Register once: your application reaches our team, and you see its state in your account.",
    lead: "Fill it in once. Your application reaches our team, and you can follow it in your account.",
    register: "Register",
    signIn: "I have an account",
    account: "Go to my account",
    stepsTitle: "How it works",
    steps: [
      {
        title: "You tell us who you are",
        text: "Name, e-mail and phone: just enough to prepare your application and reach you.",
      },
      {
        title: "We open exactly one application",
        text: "Even if the connection drops or the button is pressed twice, it is neither lost nor duplicated.",
      },
      {
        title: "You see where it stands",
        text: "Your account shows when our team has received it and whether it is paid.",
      },
    ],
  },
  {
    title: "Одна форма — и вы зарегистрированы",
    description: "Зарегистрируйтесь один раз: заявка попадёт к менеджеру, а вы увидите её состояние в личном кабинете.",
    lead: "Заполните её один раз. Заявка попадёт к живому человеку, а вы увидите её путь в личном кабинете.",
    register: "Зарегистрироваться",
    signIn: "У меня есть аккаунт",
    account: "В личный кабинет",
    stepsTitle: "Как это устроено",
    steps: [
      {
        title: "Вы рассказываете, кто вы",
        text: "Имя, почта и телефон — ровно столько, сколько нужно, чтобы оформить заявку и связаться с вами.",
      },
      {
        title: "Мы заводим ровно одну заявку",
        text: "Даже если связь оборвётся или кнопку нажмут дважды, она не потеряется и не задвоится.",
      },
      {
        title: "Вы видите, что с ней",
        text: "В личном кабинете видно, когда заявка дошла до менеджера и оплачена ли она.",
      },
    ],
  },
);
