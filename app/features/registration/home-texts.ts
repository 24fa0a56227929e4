import { texts } from "~/i18n/locale";

export const homeTexts = texts(
  {
    title: "Register with one form",
    description: "Register once: your application reaches our team, and you can see its status in your account.",
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
        title: "We create exactly one application",
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
    description:
      "Зарегистрируйтесь один раз: заявка попадёт к сотруднику, а вы сможете следить за ней в личном кабинете.",
    lead: "Заполните её один раз. Заявка попадёт к сотруднику, а вы сможете следить за ней в личном кабинете.",
    register: "Зарегистрироваться",
    signIn: "У меня есть аккаунт",
    account: "В личный кабинет",
    stepsTitle: "Как это работает",
    steps: [
      {
        title: "Вы рассказываете о себе",
        text: "Имя, почта и телефон — ровно столько, сколько нужно, чтобы оформить заявку и связаться с вами.",
      },
      {
        title: "Мы создаём ровно одну заявку",
        text: "Даже если связь оборвётся или кнопку нажмут дважды, она не потеряется и не создастся дважды.",
      },
      {
        title: "Вы видите, на каком она этапе",
        text: "В личном кабинете видно, когда заявка дошла до сотрудника и оплачена ли она.",
      },
    ],
  },
);
