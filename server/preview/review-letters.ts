import { type Letter, letterTo } from "../notices/letters";
import type { Env } from "../platform/env";
import { type Locale, locales } from "../platform/locales";
import { canMail } from "../platform/mail";
import { examplePerson } from "./preview";

const words = {
  en: {
    noReceiver: "The mail to managers is on, but there is no address: nobody gets it.",
    noMail: "No mail can be sent: SMTP_URL is not set.",
  },
  ru: {
    noReceiver: "Письмо менеджерам включено, но адресов нет: его никто не получит.",
    noMail: "Почта не настроена: SMTP_URL не задан.",
  },
};

/** The mails of an invented registration as they would be with `env`, and what can be said before any is sent. */
export function reviewLetters(env: Env, locale: Locale): { warnings: string[]; letters: Letter[] } {
  const m = words[locale];
  const isOn = env.WELCOME_MAIL === "on" || env.MANAGER_MAIL === "on";
  const product = { name: `#${env.BITRIX24_PRODUCT_ID}`, priceUsd: env.BITRIX24_PRICE_USD ?? 100 };
  const welcome = locales.map((each) => letterTo(env, "welcome", { person: examplePerson(env, each), product }));
  const manager = letterTo(env, "manager", { person: examplePerson(env, env.MANAGER_LANGUAGE), product });
  return {
    warnings: [
      ...(env.MANAGER_MAIL === "on" && env.MANAGER_EMAILS.length === 0 ? [m.noReceiver] : []),
      ...(isOn && !canMail(env) ? [m.noMail] : []),
    ],
    letters: [...welcome, manager],
  };
}
