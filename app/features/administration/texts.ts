import { texts } from "~/i18n/locale";

/** The menu of the administration. */
export const administrationTexts = texts(
  {
    menu: "Menu",
    close: "Close the menu",
    /** The button of the palette. */
    find: "Search or go to a page",
    groups: {
      results: "Results",
      registrations: "Registrations",
      portal: "Bitrix24",
      settings: "Settings",
    },
    entries: {
      statistics: "Statistics",
      conversions: "Conversions",
      users: "People",
      review: "Review",
      import: "Import",
      rights: "Erasures and withdrawals",
      crm: "Queue",
      conflicts: "Conflicts",
      test: "Connection check",
      portal: "Portal",
      settings: "All settings",
      forms: "Forms",
      tokens: "API tokens",
      webhooks: "Webhooks",
      audit: "Audit log",
    },
    /** Read out after the number beside an entry. */
    failed: "could not be sent",
    attention: "need attention",
  },
  {
    menu: "Меню",
    close: "Закрыть меню",
    find: "Поиск",
    groups: {
      results: "Итоги",
      registrations: "Регистрации",
      portal: "Битрикс24",
      settings: "Настройки",
    },
    entries: {
      statistics: "Статистика",
      conversions: "Конверсии",
      users: "Люди",
      review: "На проверке",
      import: "Импорт",
      rights: "Удаление данных и отзыв согласий",
      crm: "Очередь",
      conflicts: "Расхождения",
      test: "Проверка связи",
      portal: "Портал",
      settings: "Все настройки",
      forms: "Формы",
      tokens: "API-токены",
      webhooks: "Вебхуки",
      audit: "Журнал изменений",
    },
    failed: "не отправлено",
    attention: "требуют внимания",
  },
);
