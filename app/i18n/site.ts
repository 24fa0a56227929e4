import { texts } from "./locale";

/** What stands around every page. */
export const siteTexts = texts(
  {
    name: "Front Desk",
    skip: "Skip to content",
    navigation: "Main navigation",
    adminNavigation: "Administration",
    register: "Register",
    signIn: "Sign in",
    signOut: "Sign out",
    account: "My account",
    admin: {
      figures: "Overview",
      users: "People",
      crm: "Bitrix24 queue",
      audit: "Changes",
      tokens: "API tokens",
      test: "Connection check",
    },
    language: "Language",
    privacy: "Your details stay between you and us.",
    working: "One moment…",
    none: "—",
  },
  {
    name: "Приёмная",
    skip: "Перейти к содержанию",
    navigation: "Основное меню",
    adminNavigation: "Управление",
    register: "Регистрация",
    signIn: "Войти",
    signOut: "Выйти",
    account: "Личный кабинет",
    admin: {
      figures: "Обзор",
      users: "Люди",
      crm: "Очередь Битрикс24",
      audit: "Изменения",
      tokens: "API-токены",
      test: "Проверка связи",
    },
    language: "Язык",
    privacy: "Ваши данные остаются между вами и нами.",
    working: "Секунду…",
    none: "—",
  },
);
