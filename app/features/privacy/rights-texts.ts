import { texts } from "~/i18n/locale";
import { enPlural, ruPlural } from "~server/platform/plural";

/** For administrators: erasing people, copies of their data, consents that were withdrawn. */
export const rightsTexts = texts(
  {
    title: "Erasures and withdrawals",
    description: "Whose data was erased, what has been done about it in Bitrix24, and who has withdrawn consent.",
    erasures: "Erased data",
    none: "No data has been erased yet.",
    older: "Older",
    withdrawn: {
      title: "Consent withdrawn",
      none: "No person has withdrawn consent.",
      since: "since",
      older: "Earlier withdrawals",
      after: (days: number) => `Erased ${enPlural(days, "day", "days")} later, unless consent is given again.`,
      off: "RETAIN_WITHDRAWN_DAYS is 0: decide yourself what has to be erased.",
    },
    person: (id: number) => `Person ${id}`,
    states: { pending: "Not done in Bitrix24 yet", done: "Done" },
    error: (code: string) => `Last answer of Bitrix24: ${code}. It will be retried.`,
    refused: {
      title: "Bitrix24 refuses the erasure",
      todo: "On this site the data is erased. In Bitrix24, depending on the reason, make the required fields optional or give the webhook's owner access to all contacts and deals, and try again. Instead of changing required fields you can have the records that this site created for the person deleted; without access that is refused as well. It is also retried automatically, at growing intervals.",
      again: "Try again",
      remove: "Delete in Bitrix24 instead",
      removeAsk: (id: number) =>
        `Delete the contact and the deal in Bitrix24 that this site created for person ${id}? This cannot be undone from here.`,
      removeNow: (id: number) => `Delete the records of person ${id}`,
      started: "The erasure is being retried.",
      beside:
        "The records in Bitrix24 no longer hold the person's data. A visit in Sales Intelligence or a message to an employee could not be removed yet. The removal is retried automatically; you do not need to do anything.",
    },
    causes: {
      self: "at the person's request",
      admin: "by an administrator",
      command: "on the command line",
      owner: "by the owner of the address",
      withdrawn: "after consent was withdrawn",
      unconfirmed: "e-mail never confirmed",
      unpaid: "never paid",
      discarded: "discarded at the review",
      restored: "erased before, came back with a backup",
    } as Record<string, string>,
    modes: {
      delete: "in Bitrix24: deletion",
      anonymise: "in Bitrix24: anonymisation",
      keep: "in Bitrix24: no change",
    } as Record<string, string>,
    counts: (done: number, left: number) =>
      `Records changed in Bitrix24: ${done}${left > 0 ? `; left unchanged, because this site did not create them, they belong to others too or they no longer have this site's external id: ${left}` : ""}`,
    traceLeft:
      "One visit may remain in the portal's Sales Intelligence: it was sent, but its number never arrived here, or the portal refused to remove it. It holds UTM tags and page addresses.",
    correction: {
      title: "Changes in Bitrix24",
      pending: "The last change is not in Bitrix24 yet. It will be sent automatically within minutes.",
      waits: {
        arrival: "The change is sent together with the registration.",
        consent: "The last change is not sent to Bitrix24, because the person has withdrawn consent.",
      },
      done: "The last change is in Bitrix24.",
      noted:
        "Not every field in Bitrix24 was changed: this site did not create the contact, a manager has entered other details, the field holds more than this, or Bitrix24 rejected the change. The deal's comment lists what is new; please enter it by hand.",
      failed:
        "The last change is not in Bitrix24, and no comment there lists it: Bitrix24 rejected it, there is no deal of ours, or the deal's comment is full. Please enter the new details there by hand.",
    },
    erasedTitle: (id: number) => `Person ${id}: data erased`,
    erasedLead: "Personal data is no longer kept; payments and their history stay.",
    back: "Back to the person",
    rights: {
      title: (id: number) => `Data of person ${id}`,
      link: "Copy, consents, erase",
      copy: "Copy of the data",
      copyText:
        "All data that this site keeps about the person, as JSON, to answer a request. The audit log records the download.",
      download: "Download",
      consents: "Consents",
      withdraw: "Withdraw consent for this person",
      withdrawAsk: (id: number, name: string) =>
        `Record that person ${id}, ${name}, has withdrawn this consent? Only they can give it again.`,
      withdrawNow: (id: number, name: string) => `Withdraw for person ${id}, ${name}`,
      withdrawnNow: "The withdrawal is recorded.",
      erase: "Erase",
      eraseText:
        "Erases the person's data here immediately, and in Bitrix24 as the settings say. This cannot be undone. Payments stay, without the person's data.",
      submit: "Erase this person's data",
      eraseAsk: (id: number, name: string) => `Erase all data of person ${id}, ${name}? This cannot be undone.`,
      eraseNow: (id: number, name: string) => `Erase person ${id}, ${name}`,
    },
  },
  {
    title: "Удаление данных и отзыв согласий",
    description: "Чьи данные удалены, что сделано в Битрикс24 и кто отозвал согласие.",
    erasures: "Чьи данные удалены",
    none: "Пока ничьи данные не удаляли.",
    older: "Более ранние",
    withdrawn: {
      title: "Согласие отозвано",
      none: "Согласие никто не отзывал.",
      since: "с",
      older: "Отозвано раньше",
      after: (days) => `Данные удаляются через ${ruPlural(days, "день", "дня", "дней")}, если согласие не дадут снова.`,
      off: "RETAIN_WITHDRAWN_DAYS равен 0: решайте сами, что нужно удалить.",
    },
    person: (id) => `Человек №\u00a0${id}`,
    states: { pending: "В Битрикс24 ещё не выполнено", done: "Выполнено" },
    error: (code) => `Последний ответ Битрикс24: ${code}. Попробуем снова.`,
    refused: {
      title: "Битрикс24 не даёт удалить данные",
      todo: "На сайте данные уже удалены. В Битрикс24 сделайте обязательные поля необязательными или, если дело в правах, откройте владельцу вебхука все контакты и сделки, а затем повторите попытку. Вместо правки обязательных полей можно удалить там всё, что сайт создал для этого человека; без доступа не получится и это. Мы и сами пробуем снова, но всё реже.",
      again: "Повторить",
      remove: "Удалить в Битрикс24",
      removeAsk: (id) =>
        `Удалить в Битрикс24 контакт и сделку, которые сайт создал для человека №\u00a0${id}? Отсюда вернуть их будет нельзя.`,
      removeNow: (id) => `Удалить записи: №\u00a0${id}`,
      started: "Пробуем снова.",
      beside:
        "В записях Битрикс24 данных человека больше нет. Визит в сквозной аналитике или сообщение сотруднику пока удалить не удалось. Сайт повторит попытку автоматически, делать ничего не нужно.",
    },
    causes: {
      self: "по просьбе человека",
      admin: "по решению администратора",
      command: "из командной строки",
      owner: "по просьбе владельца адреса",
      withdrawn: "после отзыва согласия",
      unconfirmed: "почта не подтверждена",
      unpaid: "оплаты не было",
      discarded: "отклонена при проверке",
      restored: "данные удалены раньше, вернулись с резервной копией",
    },
    modes: {
      delete: "в Битрикс24: удаление",
      anonymise: "в Битрикс24: обезличивание",
      keep: "в Битрикс24: без изменений",
    },
    counts: (done, left) =>
      `Изменено записей в Битрикс24: ${done}${left > 0 ? `; не изменено, потому что их создал не сайт, они относятся не только к этому человеку или у них больше нет внешнего кода сайта: ${left}` : ""}`,
    traceLeft:
      "В сквозной аналитике портала мог остаться один визит: он был отправлен, но его номер до нас не дошёл или портал отказался его удалить. В нём UTM-метки и адреса страниц.",
    correction: {
      title: "Изменения в Битрикс24",
      pending: "В Битрикс24 последнее изменение ещё не перенесено. Это произойдёт само за несколько минут.",
      waits: {
        arrival: "В Битрикс24 изменение попадёт, когда туда дойдёт регистрация.",
        consent: "В Битрикс24 последнее изменение не передаётся: согласие отозвано.",
      },
      done: "Последнее изменение перенесено в Битрикс24.",
      noted:
        "В Битрикс24 изменены не все поля: контакт создал не сайт, менеджер указал там другое, в поле есть не только это значение или Битрикс24 отклонил изменение. Что изменилось, записано в комментарии к сделке — внесите это вручную.",
      failed:
        "В Битрикс24 последнего изменения нет, и в комментарии к сделке о нём не сказано: Битрикс24 его не принял, нашей сделки нет или в её комментарии не осталось места. Внесите новые данные вручную.",
    },
    erasedTitle: (id) => `Человек №\u00a0${id}: данные удалены`,
    erasedLead: "Персональных данных больше нет; оплаты и их история сохранены.",
    back: "К человеку",
    rights: {
      title: (id) => `Данные человека №\u00a0${id}`,
      link: "Копия, согласия, удаление",
      copy: "Копия данных",
      copyText: "Всё, что сайт хранит о человеке, в виде JSON — для ответа на запрос. Попадает в журнал изменений.",
      download: "Скачать",
      consents: "Согласия",
      withdraw: "Человек отзывает согласие",
      withdrawAsk: (id, name) =>
        `Записать, что человек №\u00a0${id} (${name}) отзывает это согласие? Дать его снова сможет только он сам.`,
      withdrawNow: (id, name) => `Отозвать: №\u00a0${id}, ${name}`,
      withdrawnNow: "Отзыв записан.",
      erase: "Удалить",
      eraseText:
        "Удаляет данные человека здесь сразу, а в Битрикс24 — по настройкам. Вернуть их нельзя. Оплаты останутся без имени.",
      submit: "Удалить данные этого человека",
      eraseAsk: (id, name) => `Удалить все данные человека №\u00a0${id} (${name})? Вернуть их будет нельзя.`,
      eraseNow: (id, name) => `Удалить: №\u00a0${id}, ${name}`,
    },
  },
);
