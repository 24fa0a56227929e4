import type { Bitrix24 } from "../bitrix24/bitrix24";
import type { Question } from "../forms/definition";
import { type Letter, letterTo } from "../notices/letters";
import { messageTo } from "../notices/messages";
import type { Env } from "../platform/env";
import { type Locale, locales } from "../platform/locales";
import { canMail } from "../platform/mail";
import { answersIn } from "../platform/title-template";
import type { Changes, SettingTexts } from "../settings/change";
import type { SettingKey } from "../settings/definitions";
import { exampleAnswers } from "./example-answers";
import { objections } from "./objection-texts";
import { examplePerson } from "./preview";

const exampleDeal = 1;

const words = {
  en: {
    noReceiver: "The e-mail to managers is on, but there is no address: nobody gets it.",
    noMail: "No e-mail can be sent: SMTP_URL is not set.",
    noScope:
      "The webhook lacks the permission im (Chat and notifications), so Bitrix24 takes no messages. Tick it in the webhook's settings there.",
  },
  ru: {
    noReceiver: "Письмо менеджерам включено, но адресов нет: его никто не получит.",
    noMail: "Почта не настроена: SMTP_URL не задан.",
    noScope:
      "У вебхука нет права im («Чат и уведомления»), и Битрикс24 не примет сообщений. Отметьте его в настройках вебхука.",
  },
};

/** By setting: the changed texts that name an answer to a question that no form has. */
export const unaskedInLetters = (
  changes: Changes,
  questions: ReadonlyMap<string, Question>,
  locale: Locale,
): SettingTexts =>
  Object.fromEntries(
    Object.entries(changes).flatMap(([key, { to }]): [SettingKey, string][] => {
      const unknown = answersIn(to ?? "").find((each) => !questions.has(each));
      return unknown === undefined ? [] : [[key as SettingKey, objections.noQuestion(unknown)[locale]]];
    }),
  );

/**
 * The mails and the message of an invented registration as they would be with `env`, and what can be said before any is
 * sent. `scopes`: the webhook's permissions; null: the portal did not tell.
 */
export function reviewLetters(
  {
    env,
    bitrix24,
    scopes,
    questions,
  }: { env: Env; bitrix24: Bitrix24; scopes: string[] | null; questions: ReadonlyMap<string, Question> },
  locale: Locale,
): { warnings: string[]; letters: Letter[] } {
  const m = words[locale];
  const isOn = env.WELCOME_MAIL === "on" || env.MANAGER_MAIL === "on";
  const product = { name: `#${env.BITRIX24_PRODUCT_ID}`, priceUsd: env.BITRIX24_PRICE_USD ?? 100 };
  const example = (each: Locale) => ({ ...examplePerson(env, each), answers: exampleAnswers(questions, each) });
  const welcome = locales.map((each) => letterTo(env, "welcome", { person: example(each), product }));
  const manager = letterTo(env, "manager", { person: example(env.MANAGER_LANGUAGE), product });
  const person = example(env.RESPONSIBLE_LANGUAGE);
  const told = messageTo(env, { person, product, host: bitrix24.client.host, dealId: exampleDeal });
  const message = { ...told, kind: "responsible", to: "", subject: "" } as const;
  return {
    warnings: [
      ...(env.MANAGER_MAIL === "on" && env.MANAGER_EMAILS.length === 0 ? [m.noReceiver] : []),
      ...(isOn && !canMail(env) ? [m.noMail] : []),
      ...(env.RESPONSIBLE_MESSAGE === "on" && scopes?.includes("im") === false ? [m.noScope] : []),
    ],
    letters: [...welcome, manager, message],
  };
}
