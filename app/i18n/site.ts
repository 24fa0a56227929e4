import { siteNameIn } from "~server/platform/site-name";
import { texts } from "./locale";

/** The frame of every page. */
export const siteTexts = texts(
  {
    name: siteNameIn("en"),
    skip: "Skip to content",
    navigation: "Main navigation",
    adminNavigation: "Administration",
    register: "Register",
    signIn: "Sign in",
    signOut: "Sign out",
    account: "My account",
    language: "Language",
    privacy: "What we keep about you, and why:",
    privacyLink: "Privacy",
    policyLink: "Privacy policy",
    working: "One moment…",
    none: "—",
    phoneExtension: (digits: string) => `ext. ${digits}`,
  },
  {
    name: siteNameIn("ru"),
    skip: "Перейти к содержанию",
    navigation: "Основное меню",
    adminNavigation: "Управление",
    register: "Регистрация",
    signIn: "Войти",
    signOut: "Выйти",
    account: "Личный кабинет",
    language: "Язык",
    privacy: "Что мы храним о вас и зачем:",
    privacyLink: "Персональные данные",
    policyLink: "Политика конфиденциальности",
    working: "Секунду…",
    none: "—",
    phoneExtension: (digits) => `доб. ${digits}`,
  },
);
