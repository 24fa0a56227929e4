import { texts } from "~/i18n/locale";

/** Confirming the e-mail: the notice in the account, the page for the code, the page behind the mailed link. */
export const confirmationTexts = texts(
  {
    title: "Confirm your e-mail",
    description: "With the link we e-mailed you, or its code.",
    notice: "Please confirm your e-mail: we have sent a link and a code to it.",
    noticeHeld:
      "Please confirm your e-mail, and we will pass your application on. We have sent a link and a code to it.",
    noticeNext: (email: string) =>
      `Please confirm your new e-mail: we have sent a link and a code to ${email}. Until then your e-mail stays as it is.`,
    noticeAction: "Enter the code or get a new e-mail",
    lead: (email: string) => `We have sent a link and a code to ${email}. They work for a day.`,
    code: "Code from the e-mail",
    codeHint: "Six digits. You can open the link in the e-mail instead.",
    submit: "Confirm",
    wrong: "Wrong code. Use the one in the latest e-mail: earlier codes no longer work.",
    dead: "This code no longer works. Request a new e-mail.",
    taken: "Another person has registered with this address in the meantime.",
    again: "No e-mail? Check your spam folder or request another one.",
    resend: "Send another e-mail",
    sent: "A new e-mail is on its way. Earlier links and codes no longer work.",
    limited:
      "There have been too many attempts within the last hour. Check your spam folder for our e-mail or try again later.",
    off: "This site cannot send e-mail at the moment. Please tell its owner.",
    done: "Your e-mail is confirmed.",
    already: "Your e-mail is already confirmed",
    toAccount: "Go to my account",
    link: {
      title: "Confirm this e-mail",
      registered: "This address was registered here on",
      confirm: "Yes, it was me: confirm",
      notMineText:
        "If it was another person, you can have everything entered with your address removed and register yourself. That person is signed out.",
      notMine: "No, it was not me: remove it",
      change: "Someone asked to use this address for an account here. Confirm only if the address is yours.",
      changeConfirm: "Confirm the new e-mail",
      dead: "This link has expired or has already been used",
      deadText:
        "If you have confirmed it already, there is nothing to do. Otherwise sign in and request another e-mail.",
      signIn: "Sign in",
    },
    badge: { yes: "confirmed", no: "not confirmed" },
  },
  {
    title: "Подтверждение почты",
    description: "По ссылке из письма или по коду.",
    notice: "Подтвердите почту: мы отправили на неё ссылку и код.",
    noticeHeld: "Подтвердите почту, и мы передадим заявку сотруднику. Ссылка и код уже у вас в почте.",
    noticeNext: (email) =>
      `Подтвердите новую почту: мы отправили ссылку и код на ${email}. До этого почта останется прежней.`,
    noticeAction: "Ввести код или получить новое письмо",
    lead: (email) => `Мы отправили ссылку и код на ${email}. Они действуют сутки.`,
    code: "Код из письма",
    codeHint: "Шесть цифр. Можно и просто открыть ссылку из письма.",
    submit: "Подтвердить",
    wrong: "Код не подходит. Возьмите его из последнего письма: прежние коды не действуют.",
    dead: "Этот код больше не действует. Запросите новое письмо.",
    taken: "За это время с этим адресом зарегистрировался другой человек.",
    again: "Нет письма? Загляните в «Спам» или запросите ещё одно.",
    resend: "Отправить письмо ещё раз",
    sent: "Новое письмо в пути. Прежние ссылка и код больше не действуют.",
    limited: "За последний час было слишком много попыток. Поищите наше письмо в «Спаме» или попробуйте позже.",
    off: "Сейчас сайт не может отправлять письма. Сообщите об этом его владельцу.",
    done: "Почта подтверждена.",
    already: "Почта уже подтверждена",
    toAccount: "В личный кабинет",
    link: {
      title: "Подтвердите адрес почты",
      registered: "С этим адресом здесь зарегистрировались",
      confirm: "Да, это я: подтвердить",
      notMineText:
        "Это сделал кто-то другой? Тогда можно удалить всё, что ввели с вашим адресом, и зарегистрироваться заново. Тот человек больше не сможет войти.",
      notMine: "Нет, это не я: удалить",
      change: "Этот адрес хотят указать в аккаунте. Подтверждать должен только его владелец.",
      changeConfirm: "Подтвердить новую почту",
      dead: "Ссылка устарела или ею уже воспользовались",
      deadText: "Если вы уже подтвердили почту, всё в порядке. Если нет, войдите и запросите новое письмо.",
      signIn: "Войти",
    },
    badge: { yes: "подтверждена", no: "не подтверждена" },
  },
);
