import { texts } from "~/i18n/locale";
import { enPlural, ruPlural } from "~server/platform/plural";
import type { PrivacySettings } from "~server/privacy/settings";

type Days = (days: number) => string;

const en: Days = (days) => enPlural(days, "day", "days");
const ru: Days = (days) => ruPlural(days, "день", "дня", "дней");

/** The privacy page, and who answers for it. */
export const privacyTexts = texts(
  {
    title: "Privacy",
    description: "What we keep about you, where, why and for how long, and what you can do about it.",
    askYourContact: "Please ask the person who handles your application.",
    operator: "Who is responsible",
    policy: "Privacy policy",
    what: {
      title: "What we keep, and why",
      fields: (names: string) =>
        `What you enter: ${names}, and your answers to any further questions of the form. We use it to prepare your application and get in touch with you.`,
      password:
        "Only a fingerprint of your password, from which the password cannot be read: so that only you can sign in.",
      factor:
        "If you are an administrator with a second factor: its secret, encrypted, and fingerprints of your recovery codes.",
      origin:
        "Which advertisement or link brought you here, if known, with the number that the advertising system gave your click: so that we know which advertising works. If pages of ours have counters of Yandex Metrica or Google Analytics, also the number by which they know your browser.",
      payment: "Whether and when you have paid: for our accounting.",
      consent: "When you gave or withdrew your consent, and to which version of its text: so that we can prove it.",
      signIns:
        "When, from which device and from which network address you signed in: so that you and we notice a stranger's sign-in.",
    },
    where: {
      title: "Where",
      site: "In the database of this site.",
      crm: "In Bitrix24, the CRM that our team works with: name, contact details, your answers, the advertisement that brought you here and whether you have paid.",
      held: "Your data is sent to Bitrix24 only after you have confirmed your e-mail.",
      mail: "Our mail server delivers the e-mails that we send you.",
      managers: "Our staff are told of your application by e-mail, with your name, phone and e-mail.",
      programs: "Other programs of ours are told of your application and your payment, with your details.",
      ads: "If you came by an advertisement in Yandex or Google, or Yandex Metrica knows your browser, we may tell that system of your payment: the number of your click or browser, the amount and the time, but not your name or contact details.",
      nobody: "Your data is not passed on to anyone else. This site loads nothing from other companies.",
    },
    long: {
      title: "For how long",
      account: "Your details, payment and origin: until you have them erased.",
      withdrawn: (days: number) => `After you have withdrawn your consent: ${en(days)}.`,
      unconfirmed: (days: number) =>
        `If you do not confirm your e-mail: ${en(days)} after the last e-mail that asked you to.`,
      unpaid: (days: number) => `If you never pay: ${en(days)} after registering.`,
      sessions:
        "A sign-in: 30 days after its last use, a year at most. Links and codes that we e-mail: one day at most.",
      log: (days: number) =>
        `Records of sending your data to Bitrix24, and the list of sign-ins: ${en(days)}. Records of what was created there: for as long as your details.`,
      logForever: "Records of sending your data to Bitrix24, and the list of sign-ins: for as long as your details.",
      audit: (days: number) =>
        `What was changed by whom, by number and without your name: ${en(days)}. Records of who stopped being an administrator: indefinitely.`,
      auditForever: "What was changed by whom, by number and without your name: indefinitely.",
      programs:
        "Messages to our other programs: 30 days on this site, and without your details once your data is erased.",
      payments: "Payments stay in our accounting records after erasure, without your name.",
      backups: "Backups keep their content until newer ones replace them.",
    },
    erase: {
      title: "What erasing does",
      site: "All your data on this site is removed immediately.",
      modes: {
        delete: "In Bitrix24, the contact and deal that this site made for you are deleted.",
        anonymise: "In Bitrix24, the contact and deal that this site made for you are made anonymous.",
        keep: "Your data in Bitrix24 stays there until you ask us to erase it.",
      } satisfies Record<PrivacySettings["eraseMode"], string>,
    },
    cookies: {
      title: "Cookies",
      text: "They remember that you are signed in and on which device, your language, and which link brought you here. None serves advertising, and only this site can read them.",
    },
    rights: {
      title: "Your rights",
      text: "In your account you can see, correct and download your data, withdraw your consent, and have everything erased. You may also lodge a complaint with the data protection authority.",
      link: "My data",
    },
  },
  {
    title: "Персональные данные",
    description: "Что о вас хранится, где, зачем и как долго, и что с этим можно сделать.",
    askYourContact: "Обратитесь к сотруднику, который ведёт вашу заявку.",
    operator: "Кто отвечает",
    policy: "Политика конфиденциальности",
    what: {
      title: "Что мы храним и зачем",
      fields: (names) =>
        `То, что вы указали: ${names}, а если в форме есть другие вопросы — и ответы на них. Это нужно, чтобы оформить заявку и связаться с вами.`,
      password: "От пароля — только отпечаток, по которому его не восстановить: чтобы войти могли только вы.",
      factor: "Если вы администратор со вторым фактором: его секрет в зашифрованном виде и отпечатки резервных кодов.",
      origin:
        "По какой рекламе или ссылке вы пришли, если это известно, и номер, который рекламная система присвоила вашему клику: чтобы знать, какая реклама работает. Если на наших страницах есть счётчики Яндекс Метрики или Google Analytics — ещё и номер, по которому они узнают ваш браузер.",
      payment: "Оплатили ли вы и когда: для учёта.",
      consent: "Когда вы дали или отозвали согласие и в какой редакции: чтобы это можно было подтвердить.",
      signIns: "Когда, с какого устройства и сетевого адреса вы входили: чтобы можно было заметить чужой вход.",
    },
    where: {
      title: "Где",
      site: "В базе данных этого сайта.",
      crm: "В Битрикс24 — CRM, с которой работают наши сотрудники: имя, контакты, ваши ответы, сведения о том, какая реклама вас привела, и состояние оплаты.",
      held: "В Битрикс24 данные попадают только после того, как вы подтвердите почту.",
      mail: "Письма вам доставляет наш почтовый сервер.",
      managers: "О вашей заявке наши сотрудники получают письмо с вашим именем, телефоном и почтой.",
      programs: "Другие наши программы узнают о вашей заявке и оплате и получают ваши данные.",
      ads: "Если вы пришли по рекламе в Яндексе или Google либо Яндекс Метрика знает ваш браузер, мы можем передать этой системе сведения об оплате: номер клика или браузера, сумму и время. Имя и контакты ей не передаются.",
      nobody: "Больше данные никто не получает. С чужих сайтов здесь ничего не загружается.",
    },
    long: {
      title: "Как долго",
      account: "Ваши данные, оплата и источник: пока вы их не удалите.",
      withdrawn: (days) => `После отзыва согласия: ${ru(days)}.`,
      unconfirmed: (days) =>
        `Если почта так и не подтверждена: ${ru(days)} после последнего письма с просьбой подтвердить её.`,
      unpaid: (days) => `Если оплаты так и не было: ${ru(days)} со дня регистрации.`,
      sessions:
        "Вход в аккаунт: 30 дней после последнего посещения, но не дольше года. Ссылки и коды из писем: не больше суток.",
      log: (days) =>
        `Записи о передаче в Битрикс24 и список входов: ${ru(days)}. Записи о том, что там создано: столько же, сколько ваши данные.`,
      logForever: "Записи о передаче в Битрикс24 и список входов: столько же, сколько ваши данные.",
      audit: (days) =>
        `Кто что изменил — по номерам, без имени: ${ru(days)}. Кто перестал быть администратором — без ограничения.`,
      auditForever: "Кто что изменил — по номерам, без имени: без ограничения.",
      programs: "Сообщения другим нашим программам: на этом сайте 30 дней, а после удаления — без ваших данных.",
      payments: "Оплаты остаются в учёте и после удаления, без вашего имени.",
      backups: "Резервные копии хранят своё содержимое, пока не заменятся новыми.",
    },
    erase: {
      title: "Что делает удаление",
      site: "На этом сайте все ваши данные удаляются сразу.",
      modes: {
        delete: "В Битрикс24 удаляются контакт и сделка, которые сайт создал для вас.",
        anonymise: "В Битрикс24 обезличиваются контакт и сделка, которые сайт создал для вас.",
        keep: "Данные в Битрикс24 остаются, пока вы не попросите нас удалить их.",
      },
    },
    cookies: {
      title: "Cookie",
      text: "Они помнят, что вы вошли и с какого устройства, ваш язык и по какой ссылке вы пришли. Рекламных среди них нет, прочитать их может только этот сайт.",
    },
    rights: {
      title: "Ваши права",
      text: "В личном кабинете можно посмотреть, исправить и скачать свои данные, отозвать согласие и всё удалить. Вы также можете обратиться с жалобой в Роскомнадзор.",
      link: "Мои данные",
    },
  },
);
