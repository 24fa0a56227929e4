import { createHash } from "node:crypto";
import { type ConsentWording, consentWording } from "./consent-texts";

const languageOf = (locale: string) => (locale === "en" ? "en" : "ru");

/** Proves which words were shown, should the list of wordings ever be doubted. */
const textHash = ({ label, text }: ConsentWording, locale: string): string =>
  createHash("sha256")
    .update([label[languageOf(locale)], ...text[languageOf(locale)]].join("\n"))
    .digest("hex");

/** What a registration form that was sent has agreed to. */
export const givenConsent = (locale: string) => ({
  kind: "registration",
  version: consentWording.version,
  textHash: textHash(consentWording, locale),
  locale,
});
