import { texts } from "~/i18n/locale";

/** The page of components, which only developers see. */
export const designTexts = texts(
  { title: "Components", light: "Light theme", dark: "Dark theme" },
  { title: "Компоненты", light: "Светлая схема", dark: "Тёмная схема" },
);
