import { createContext, useContext } from "react";
import type { Locale } from "~server/platform/locales";

export { isLocale, type Locale, locales } from "~server/platform/locales";

/** The words of one area in both languages. An area is a file, so a page loads the words it shows and no others. */
export type Texts<T> = Readonly<Record<Locale, T>>;

/** The English words are the model: a Russian text that is missing, or takes other arguments, does not compile. */
export const texts = <T>(en: T, ru: NoInfer<T>): Texts<T> => ({ en, ru });

export const LocaleContext = createContext<Locale>("ru");
export const useLocale = () => useContext(LocaleContext);
export const useTexts = <T>(area: Texts<T>): T => area[useLocale()];
