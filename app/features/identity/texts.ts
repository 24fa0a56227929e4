import { texts } from "~/i18n/locale";

export const identityTexts = texts(
  {
    title: "Portal",
    description: "Which Bitrix24 portal and which database this installation works with.",
    calm: "This is the portal and the database that they were. There is nothing to answer.",
    hosts: "Addresses of the portal",
    none: "none was spoken to yet",
    comparing:
      "What was put back is being compared with Bitrix24. Until that is done nothing is written; then registrations go on by themselves.",
    saved: "Your answer is noted. Registrations go on by themselves.",
    late: "This was answered already.",
    asks: {
      portal: "Which portal answers now?",
      database: "What became of this database?",
    },
    stands: {
      portal: "Nothing is written to Bitrix24 until you answer. Registrations are kept and wait.",
      database: "New registrations go on. Contacts and deals that were made before are left alone until you answer.",
    },
    change: {
      host: "The webhook's address names another host than before.",
      founded: "The portal's first employee was registered on another day than before.",
      owner: "The webhook's owner was registered on another day than before.",
      records: "Under the numbers of our contacts and deals stand others, or nothing.",
      home: "The database stands in another place than when it was last opened.",
    },
    why: "What was noticed",
    host: "Answers now",
    sample: "Records that were looked at",
    counts: ({ asked, ours, foreign, missing }: { asked: number; ours: number; foreign: number; missing: number }) =>
      `${asked}: ours ${ours}, others' ${foreign}, missing ${missing}`,
    since: "Since",
    answers: {
      portal: {
        renamed: {
          label: "The same portal under a new address",
          text: "Nothing else changes: contacts and deals keep their numbers, and what waits is sent.",
        },
        restored: {
          label: "The same portal, put back from a backup",
          text: "Everything is compared before anything is written. What the portal has lost is listed under “Differences”.",
        },
        other: {
          label: "Another portal: start anew there",
          text: "Everybody is sent to the new portal. Nothing is written to the earlier one any more; where people stood there is kept in their history.",
        },
      },
      database: {
        restored: {
          label: "It has taken the place of the earlier one: moved, or put back from a backup",
          text: "Everything is compared before anything is written; then this installation goes on with all its records.",
        },
        copy: {
          label: "It is a copy, and the earlier installation goes on",
          text: "Contacts and deals that were made before belong to the earlier installation and are never touched from here. Only new registrations are sent.",
        },
      },
    },
  },
  {
    title: "Портал",
    description: "С каким порталом Битрикс24 и с какой базой данных работает эта установка.",
    calm: "Портал и база данных прежние. Отвечать не на что.",
    hosts: "Адреса портала",
    none: "обращений ещё не было",
    comparing:
      "Восстановленное сверяется с Битрикс24. До окончания сверки ничего не записывается, затем регистрации продолжатся сами.",
    saved: "Ответ сохранён. Регистрации продолжатся сами.",
    late: "На этот вопрос уже ответили.",
    asks: {
      portal: "Какой портал теперь отвечает?",
      database: "Что произошло с базой данных?",
    },
    stands: {
      portal: "До ответа в Битрикс24 ничего не записывается. Регистрации сохранены и ждут.",
      database: "Новые регистрации передаются. Контакты и сделки, созданные раньше, до ответа не меняются.",
    },
    change: {
      host: "В адресе вебхука другой хост, чем раньше.",
      founded: "Первый сотрудник портала зарегистрирован в другой день, чем раньше.",
      owner: "Владелец вебхука зарегистрирован в другой день, чем раньше.",
      records: "Под номерами наших контактов и сделок стоят чужие или ничего нет.",
      home: "База данных находится не там, где её открывали в прошлый раз.",
    },
    why: "Что замечено",
    host: "Сейчас отвечает",
    sample: "Проверено записей",
    counts: ({ asked, ours, foreign, missing }) => `${asked}: наших ${ours}, чужих ${foreign}, нет ${missing}`,
    since: "С какого времени",
    answers: {
      portal: {
        renamed: {
          label: "Тот же портал по новому адресу",
          text: "Больше ничего не меняется: контакты и сделки сохраняют номера, ожидающее отправится.",
        },
        restored: {
          label: "Тот же портал, восстановленный из копии",
          text: "Перед любой записью всё сверяется. Потерянное порталом появится в «Расхождениях».",
        },
        other: {
          label: "Другой портал: начать там заново",
          text: "Все люди передаются на новый портал. На прежний больше ничего не записывается; где они там стояли, остаётся в их истории.",
        },
      },
      database: {
        restored: {
          label: "Она заменила прежнюю: перенесена или восстановлена из копии",
          text: "Перед любой записью всё сверяется, затем установка продолжает работу со всеми своими записями.",
        },
        copy: {
          label: "Это копия, прежняя установка продолжает работать",
          text: "Созданные раньше контакты и сделки принадлежат прежней установке, отсюда их не трогают. Передаются только новые регистрации.",
        },
      },
    },
  },
);
