import { texts } from "~/i18n/locale";
import { enPlural, ruPlural } from "~server/platform/plural";

export const accountTexts = texts(
  {
    title: "My account",
    description: "Your registration, its payment and your devices.",
    greeting: (name: string) => `Hello, ${name}`,
    known:
      "You had already registered with this e-mail, so you are signed in to that account. The form that you sent has registered nothing new, and your details have not changed.",
    registration: "Registration",
    number: (id: number) => `No. ${id}`,
    crm: {
      pending: {
        label: "On its way",
        text: "Your details are saved. Your application is being sent to our team; this page will show when it has been received. You can close it.",
      },
      held: {
        email: {
          label: "Saved",
          text: "Your details are saved. We will pass your application on to our team as soon as you have confirmed your e-mail.",
        },
        consent: {
          label: "Not sent",
          text: "Your consent is withdrawn, so your application is not sent to our team.",
        },
        review: {
          label: "Saved",
          text: "Your details are saved. Your application is checked before it is sent to our team; you need not do anything.",
        },
      },
      synced: { label: "Received", text: "Our team has your application and will get in touch with you." },
      failed: {
        label: "We are on it",
        text: "Your details are saved, but the application could not be sent automatically. Our team sees this and will take care of it; you need not do anything.",
      },
    },
    payment: "Payment",
    paid: "Paid",
    paidAt: "Paid on",
    unpaid: "Not paid yet",
    unpaidText: "Our team will tell you how to pay.",
    free: "There is nothing to pay.",
    details: "Your details",
    user: {
      name: "Name",
      registeredAt: "Registered",
      form: "Form",
      contact: "Contact in Bitrix24",
      deal: "Deal in Bitrix24",
      notYet: "not yet",
    },
    sessions: {
      title: "Where you are signed in",
      text: "If you do not recognise a device, sign it out and set a new password.",
      newPassword: "Set a new password",
      here: "this device",
      unknown: "Unknown device",
      lastSeen: "Last active",
      end: "Sign out",
      endOf: (device: string) => `Sign out: ${device}`,
      endAll: "Sign out everywhere",
    },
    signIns: {
      title: "Sign-ins",
      text: "The last sign-ins to your account, and wrong passwords that were tried.",
      none: "No sign-in with the password yet.",
      refused: (count: number) => `Wrong password: ${enPlural(count, "time", "times")}`,
      codeRefused: (count: number) => `Right password, wrong code: ${enPlural(count, "time", "times")}`,
    },
  },
  {
    title: "Личный кабинет",
    description: "Ваша регистрация, оплата и устройства.",
    greeting: (name) => `Здравствуйте, ${name}`,
    known:
      "Вы уже регистрировались с этой почтой и сейчас вошли в прежний аккаунт. Новая регистрация по отправленной форме не создана, данные в аккаунте не изменились.",
    registration: "Регистрация",
    number: (id) => `№\u00a0${id}`,
    crm: {
      pending: {
        label: "В пути",
        text: "Ваши данные сохранены. Передаём заявку сотруднику — когда она дойдёт, это появится на этой странице. Ждать необязательно.",
      },
      held: {
        email: {
          label: "Сохранена",
          text: "Ваши данные сохранены. Передадим заявку сотруднику, как только вы подтвердите почту.",
        },
        consent: {
          label: "Не передаётся",
          text: "Согласие отозвано, поэтому заявка сотруднику не передаётся.",
        },
        review: {
          label: "Сохранена",
          text: "Ваши данные сохранены. Перед передачей сотруднику мы проверим заявку — от вас ничего не требуется.",
        },
      },
      synced: { label: "Принята", text: "Заявка у сотрудника, он свяжется с вами." },
      failed: {
        label: "Разбираемся вручную",
        text: "Ваши данные сохранены, но передать заявку автоматически не получилось. Мы об этом знаем и всё сделаем сами, от вас ничего не нужно.",
      },
    },
    payment: "Оплата",
    paid: "Оплачено",
    paidAt: "Дата оплаты",
    unpaid: "Пока не оплачено",
    unpaidText: "Сотрудник подскажет, как оплатить.",
    free: "Оплачивать ничего не нужно.",
    details: "Ваши данные",
    user: {
      name: "Имя",
      registeredAt: "Дата регистрации",
      form: "Форма",
      contact: "Контакт в Битрикс24",
      deal: "Сделка в Битрикс24",
      notYet: "пока нет",
    },
    sessions: {
      title: "Где выполнен вход",
      text: "Если устройство вам незнакомо, завершите его сеанс и задайте новый пароль.",
      newPassword: "Задать новый пароль",
      here: "это устройство",
      unknown: "Неизвестное устройство",
      lastSeen: "Последняя активность",
      end: "Завершить",
      endOf: (device) => `Завершить сеанс: ${device}`,
      endAll: "Выйти на всех устройствах",
    },
    signIns: {
      title: "Входы",
      text: "Последние входы в ваш аккаунт и попытки с неверным паролем.",
      none: "Входов с паролем ещё не было.",
      refused: (count) => `Неверный пароль: ${ruPlural(count, "раз", "раза", "раз")}`,
      codeRefused: (count) => `Пароль верный, код неверный: ${ruPlural(count, "раз", "раза", "раз")}`,
    },
  },
);
