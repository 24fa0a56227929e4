import { texts } from "~/i18n/locale";

export const identityTexts = texts(
  {
    title: "Portal",
    description: "Which Bitrix24 portal and which database this installation works with.",
    calm: "The portal and the database are the same as before. There is nothing to decide.",
    hosts: "Addresses of the portal",
    none: "No portal has been contacted yet",
    comparing:
      "The restored data are being compared with Bitrix24. Nothing is written until the comparison ends; then sending resumes automatically.",
    saved: "Your answer is saved. Sending resumes automatically.",
    late: "This question has already been answered.",
    asks: {
      portal: "Which portal is this?",
      database: "What happened to the database?",
    },
    stands: {
      portal: "Nothing is written to Bitrix24 until you answer. Registrations are saved and wait.",
      database:
        "New registrations are still sent. Contacts and deals created earlier are not changed until you answer.",
    },
    change: {
      host: "The webhook's address names another host than before.",
      founded: "The portal's first employee was registered on another day than before.",
      owner: "The webhook's owner was registered on another day than before.",
      records: "The numbers of our contacts and deals belong to other records there, or to none.",
      home: "The database is in another place than when it was last opened.",
    },
    why: "What was noticed",
    host: "Current address",
    sample: "Records checked",
    counts: ({ asked, ours, foreign, missing }: { asked: number; ours: number; foreign: number; missing: number }) =>
      `${asked}: ${ours} ours, ${foreign} not ours, ${missing} missing`,
    since: "Since",
    final: { ask: "This cannot be undone.", other: "Yes, it is another portal", copy: "Yes, it is a copy" },
    answers: {
      portal: {
        renamed: {
          label: "The same portal under a new address",
          text: "Contacts and deals keep their numbers. Waiting registrations are sent.",
        },
        restored: {
          label: "The same portal, restored from a backup",
          text: "Everything is compared before anything is written. Records that the portal has lost are listed under “Conflicts”.",
        },
        other: {
          label: "Another portal: register everybody there again",
          text: "All registrations are sent to the new portal. Nothing more is written to the earlier one; the numbers of contacts and deals there stay in each person's history.",
        },
      },
      database: {
        restored: {
          label: "It replaces the earlier one: moved, or restored from a backup",
          text: "Everything is compared before anything is written; then this installation continues with all its records.",
        },
        copy: {
          label: "It is a copy, and the earlier installation is still in use",
          text: "Contacts and deals created earlier belong to the earlier installation and are never changed from here. Only new registrations are sent.",
        },
      },
    },
  },
  {
    title: "Портал",
    description: "С каким порталом Битрикс24 и с какой базой данных работает эта установка.",
    calm: "Портал и база данных прежние. Ничего решать не нужно.",
    hosts: "Адреса портала",
    none: "обращений ещё не было",
    comparing:
      "Восстановленные данные сверяются с Битрикс24. До окончания сверки ничего не записывается, затем передача регистраций продолжится сама.",
    saved: "Ответ сохранён. Передача регистраций продолжится сама.",
    late: "На этот вопрос уже ответили.",
    asks: {
      portal: "Какой это портал?",
      database: "Что произошло с базой данных?",
    },
    stands: {
      portal: "Пока вы не ответите, в Битрикс24 ничего не записывается. Регистрации сохранены и ждут.",
      database: "Новые регистрации передаются. Контакты и сделки, созданные раньше, не меняются, пока вы не ответите.",
    },
    change: {
      host: "В адресе вебхука другой хост, чем раньше.",
      founded: "Первый сотрудник портала зарегистрирован в другой день, чем раньше.",
      owner: "Владелец вебхука зарегистрирован в другой день, чем раньше.",
      records: "По номерам наших контактов и сделок на портале чужие записи или записей нет.",
      home: "База данных находится не там, где её открывали в прошлый раз.",
    },
    why: "Что замечено",
    host: "Текущий адрес",
    sample: "Проверено записей",
    counts: ({ asked, ours, foreign, missing }) => `${asked}: наших ${ours}, чужих ${foreign}, не найдено ${missing}`,
    since: "С какого времени",
    final: { ask: "Отменить это будет нельзя.", other: "Да, это другой портал", copy: "Да, это копия" },
    answers: {
      portal: {
        renamed: {
          label: "Тот же портал по новому адресу",
          text: "Контакты и сделки сохраняют номера. Ожидающие регистрации будут отправлены.",
        },
        restored: {
          label: "Тот же портал, восстановленный из копии",
          text: "Прежде чем что-либо менять, всё сверяем. Записи, которые портал потерял, появятся в разделе «Расхождения».",
        },
        other: {
          label: "Другой портал: зарегистрировать там всех заново",
          text: "Все регистрации передаются на новый портал. На прежний больше ничего не записывается; номера прежних контактов и сделок остаются в истории каждого человека.",
        },
      },
      database: {
        restored: {
          label: "Она заменила прежнюю: перенесена или восстановлена из копии",
          text: "Прежде чем что-либо менять, всё сверяем; затем установка продолжает работу со всеми своими записями.",
        },
        copy: {
          label: "Это копия, прежняя установка продолжает работать",
          text: "Созданные раньше контакты и сделки принадлежат прежней установке, отсюда их не трогают. Передаются только новые регистрации.",
        },
      },
    },
  },
);
