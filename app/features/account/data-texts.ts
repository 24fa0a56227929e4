import { formatDay } from "~/i18n/format";
import { type Locale, texts } from "~/i18n/locale";
import { enPlural, ruPlural } from "~server/platform/plural";

/** The built-in wordings have a day for their version, the owner's a number. */
const isNumber = (version: string) => /^\d+$/.test(version);
const dayOf = (locale: Locale, version: string) =>
  /^\d{4}-\d\d-\d\d$/.test(version) ? formatDay(locale, version) : version;

/** The page on which people see, correct, download and erase what is kept of them. */
export const dataTexts = texts(
  {
    title: "My data",
    description: "See, correct and download your data, withdraw your consent, or have all of it erased.",
    lead: "What we keep about you, and what you can do about it.",
    back: "Back to my account",
    /** In place of a change beyond the day's share; what was typed stays. */
    share: "Nothing was changed: you have changed or downloaded your data too often today. Please try again tomorrow.",
    link: "See, correct, download or erase my data",
    details: {
      title: "Correct",
      submit: "Save",
      saved: "Saved.",
      overtaken:
        "Your details were changed elsewhere in the meantime, so nothing was saved. Your input is kept below beside the current values. Save again to replace them.",
      /** Beside what was typed; blank: there is none. */
      now: (value: string) => `Changed in the meantime. Now: ${value === "" ? "nothing" : `“${value}”`}`,
      inCrm: {
        pending:
          "Your last change reaches our CRM within minutes, or as soon as the CRM can be reached. Records that this site created for you there are updated automatically; for other records our team gets a note.",
        arrival: "Your last change reaches our CRM together with your registration.",
        consent: "Your last change is not sent to our CRM, because your consent is withdrawn.",
      },
    },
    email: {
      title: "Change your e-mail",
      text: "We send a link to the new address. Your current e-mail stays until you open that link.",
      titleForPerson: "Change the person's e-mail",
      textForPerson: "A link is sent to the new address. The person's current e-mail stays until that link is opened.",
      label: "New e-mail",
      submit: "Send the link",
      asked: "A link and a code are on their way to the new address. Nothing changes until you confirm it.",
      changed: "Your e-mail was changed. It is not confirmed yet.",
      kept: "Your e-mail stays as it is. The change you asked for is cancelled, and its link and code no longer work.",
      same: "This is already your e-mail.",
      taken: "This address is already registered.",
      limited:
        "There have been too many attempts within the last hour. If you are waiting for our e-mail, check your spam folder; otherwise try again later.",
      off: "This site cannot send e-mail, so your address cannot be changed here. Please ask us.",
      /** In place of the form, where the person is another administrator. */
      shut: "Only this administrator can change the address: links for a new password are sent there.",
      /** Said to the administrator who changes it. */
      forPerson: {
        asked: "A link and a code are on their way to the new address. Nothing changes until the person confirms it.",
        changed: "The person's e-mail was changed. It is not confirmed yet.",
        kept: "The person's e-mail stays as it is. The change that was asked for is cancelled, and its link and code no longer work.",
        same: "This is already the person's e-mail.",
        limited: "There have been too many attempts within the last hour. Try again later.",
        off: "This site cannot send e-mail, so the address cannot be changed here. Set SMTP_URL first.",
      },
    },
    password: {
      title: "Change your password",
      text: "You stay signed in here and are signed out everywhere else.",
      current: "Current password",
      next: "New password",
      submit: "Change the password",
      done: "Your password was changed.",
    },
    consent: {
      title: "Consent",
      given: "Given on",
      withdrawnAt: "withdrawn on",
      version: (version: string) => (isNumber(version) ? `version ${version}` : `version of ${dayOf("en", version)}`),
      present: "Current version",
      notGiven: "You have not given this consent.",
      giveThis: "Give consent",
      withdrawThis: "Withdraw consent",
      replaced: "The text of this consent has just been changed, so nothing was recorded. Please read the current one.",
      unknown: "version not kept",
      none: "You have not given consent on this site: our team entered your registration.",
      text: "If you withdraw it, we record the time, show it to our team, and send no further details of yours to our CRM.",
      after: (days: number) =>
        `After ${enPlural(days, "day", "days")} all your data is erased, unless you give your consent again before then. Payments stay in our accounting records without your name.`,
      afterOff: "Our team then decides what has to be erased.",
      withdraw: "Withdraw my consent",
      withdrawn: "Your consent is withdrawn. Our team can see this.",
      give: "Give my consent again",
      givenAgain: "Thank you, your consent is recorded.",
    },
    download: {
      title: "Download",
      text: "All data that this site keeps about you, as a file that programs can read (JSON).",
      submit: "Download my data",
    },
    erase: {
      title: "Erase",
      text: "Erases all your data on this site immediately and closes your account. This cannot be undone. Payments stay in our accounting records, with a number instead of your name.",
      modes: {
        delete: "Records that this site created for you in our CRM are deleted as well.",
        anonymise: "Records that this site created for you in our CRM are made anonymous.",
        keep: "Your data in our CRM stays there; please ask us if you want it erased as well.",
      },
      admin: "An administrator's data cannot be erased: another administrator has to remove the role first.",
      password: "Your password",
      submit: "Erase all my data",
      done: "All your data has been erased",
    },
  },
  {
    title: "Мои данные",
    description: "Посмотреть, исправить и скачать свои данные, отозвать согласие или всё удалить.",
    lead: "Что о вас хранится и что с этим можно сделать.",
    back: "В личный кабинет",
    share: "Ничего не изменилось: сегодня вы слишком часто меняли или скачивали данные. Попробуйте завтра.",
    link: "Посмотреть, исправить, скачать или удалить мои данные",
    details: {
      title: "Исправить",
      submit: "Сохранить",
      saved: "Сохранено.",
      overtaken:
        "За это время данные изменили в другом месте, поэтому ничего не сохранено. Введённое вами осталось ниже, рядом — текущие значения. Сохраните ещё раз, чтобы заменить их.",
      now: (value) => `За это время значение изменили. Сейчас здесь: ${value === "" ? "пусто" : `«${value}»`}`,
      inCrm: {
        pending:
          "Изменение попадёт в нашу CRM за несколько минут или когда она станет доступна. Записи, которые сайт создал для вас, обновятся сами; об остальных сотрудник получит заметку.",
        arrival: "Изменение попадёт в нашу CRM вместе с регистрацией.",
        consent: "Согласие отозвано, поэтому изменение в нашу CRM не передаётся.",
      },
    },
    email: {
      title: "Смена почты",
      text: "Мы отправим ссылку на новый адрес. Пока вы её не откроете, останется прежний.",
      titleForPerson: "Смена почты человека",
      textForPerson: "На новый адрес уйдёт ссылка. Пока человек её не откроет, останется прежний.",
      label: "Новая почта",
      submit: "Отправить ссылку",
      asked: "Ссылка и код отправлены на новый адрес. Пока он не подтверждён, ничего не меняется.",
      changed: "Почта изменена, но пока не подтверждена.",
      kept: "Почта остаётся прежней. Запрошенная смена отменена: её ссылка и код больше не действуют.",
      same: "Этот адрес у вас уже указан.",
      taken: "Этот адрес уже зарегистрирован.",
      limited:
        "За последний час было слишком много попыток. Если вы ждёте наше письмо, загляните в «Спам»; если нет, попробуйте позже.",
      off: "Сайт не может отправлять письма, поэтому сменить почту здесь нельзя. Обратитесь к нам.",
      shut: "Сменить эту почту может только сам администратор: на неё приходят ссылки для нового пароля.",
      forPerson: {
        asked: "Ссылка и код отправлены на новый адрес. Пока человек его не подтвердит, ничего не меняется.",
        changed: "Почта человека изменена, но пока не подтверждена.",
        kept: "Почта человека остаётся прежней. Запрошенная смена отменена: её ссылка и код больше не действуют.",
        same: "Этот адрес уже указан у этого человека.",
        limited: "За последний час было слишком много попыток. Попробуйте позже.",
        off: "Сайт не может отправлять письма, поэтому сменить почту здесь нельзя. Сначала задайте SMTP_URL.",
      },
    },
    password: {
      title: "Смена пароля",
      text: "Здесь вы останетесь в аккаунте, на других устройствах придётся войти заново.",
      current: "Текущий пароль",
      next: "Новый пароль",
      submit: "Сменить пароль",
      done: "Пароль изменён.",
    },
    consent: {
      title: "Согласие",
      given: "Дано",
      withdrawnAt: "отозвано",
      version: (version) => (isNumber(version) ? `редакция ${version}` : `редакция от ${dayOf("ru", version)}`),
      present: "Действующая редакция",
      notGiven: "Такого согласия вы не давали.",
      giveThis: "Дать согласие",
      withdrawThis: "Отозвать согласие",
      replaced: "Текст согласия только что изменили, поэтому ничего не записано. Прочитайте действующую редакцию.",
      unknown: "редакция не сохранилась",
      none: "Согласия на этом сайте вы не давали: вас зарегистрировали наши сотрудники.",
      text: "Если отозвать согласие, мы запишем время, покажем это сотрудникам и больше не будем передавать ваши данные в CRM.",
      after: (days) =>
        `Через ${ruPlural(days, "день", "дня", "дней")} все ваши данные будут удалены, если до этого вы не дадите согласие снова. Оплаты останутся в учёте без вашего имени.`,
      afterOff: "Дальше сотрудники решат, что нужно удалить.",
      withdraw: "Отозвать согласие",
      withdrawn: "Согласие отозвано. Сотрудники это видят.",
      give: "Дать согласие снова",
      givenAgain: "Спасибо, согласие записано.",
    },
    download: {
      title: "Скачать",
      text: "Всё, что сайт хранит о вас, одним файлом, который могут прочитать программы (JSON).",
      submit: "Скачать мои данные",
    },
    erase: {
      title: "Удалить",
      text: "Удаляет все ваши данные с этого сайта и закрывает аккаунт — сразу и безвозвратно. Оплаты останутся в учёте: вместо имени там будет номер.",
      modes: {
        delete: "В нашей CRM будет удалено и то, что сайт создал для вас.",
        anonymise: "В нашей CRM то, что сайт создал для вас, будет обезличено.",
        keep: "Данные в нашей CRM останутся. Если нужно удалить и их, обратитесь к нам.",
      },
      admin: "Данные администратора удалить нельзя: сначала другой администратор должен снять с него права.",
      password: "Ваш пароль",
      submit: "Удалить все мои данные",
      done: "Все ваши данные удалены",
    },
  },
);
