import type { Locale } from "./locales";

/** What the site is called until its owner names it. */
const unnamed: Record<Locale, string> = { en: "Front Desk", ru: "Приёмная" };

export const siteNameIn = (locale: Locale, name?: string | null): string => name ?? unnamed[locale];
