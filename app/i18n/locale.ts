import { createContext, useContext } from "react";

export const locales = ["ru", "en"] as const;
export type Locale = (typeof locales)[number];

export const isLocale = (value: unknown): value is Locale => locales.some((locale) => locale === value);

/** The words of one area in both languages. An area is a file, so a page loads the words it shows and no others. */
export type Texts<T> = Readonly<Record<Locale, T>>;

/** The English words are the model: a Russian text that is missing, or takes other arguments, does not compile. */
export const texts = <T>(en: T, ru: NoInfer<T>): Texts<T> => ({ en, ru });

export const LocaleContext = createContext<Locale>("ru");
export const useLocale = () => useContext(LocaleContext);
export const useTexts = <T>(area: Texts<T>): T => area[useLocale()];

/** The language of an Accept-Language header that we speak and its sender likes best; Russian if there is none. */
export function acceptLocale(header: string | null): Locale {
  const wanted = (header ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", quality] = part.trim().split(/\s*;\s*q=/);
      return { language: tag.toLowerCase().split("-")[0], weight: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  return wanted.map(({ language }) => language).find(isLocale) ?? "ru";
}
