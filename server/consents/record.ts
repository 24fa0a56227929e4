import { createHash } from "node:crypto";
import { isLocale, type Locale } from "../platform/locales";
import { builtInWording } from "./built-in";
import { type ConsentWording, processingKind } from "./kinds";

/** What is kept of a consent that was given: who agreed to which words, in which language. */
export interface GivenConsent {
  kind: string;
  version: string;
  textHash: string;
  locale: string;
}

/** The language of the words that a stored consent was given to. */
export const languageOf = (locale: string): Locale => (isLocale(locale) ? locale : "ru");

/** Proves which words were shown, should the list of wordings be doubted. */
export const textHash = ({ label, text }: ConsentWording, locale: string): string =>
  createHash("sha256")
    .update([label[languageOf(locale)], ...text[languageOf(locale)]].join("\n"))
    .digest("hex");

/** A consent to these words. Without any it is that of an installation whose owner has written none. */
export const givenConsent = (locale: string, kind = processingKind, wording = builtInWording): GivenConsent => ({
  kind,
  version: wording.version,
  textHash: textHash(wording, locale),
  locale,
});
