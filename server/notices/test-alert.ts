import { randomUUID } from "node:crypto";
import { locales } from "../platform/locales";
import type { Services } from "../services";
import { type Channel, type Sent, sendBy } from "./channels";

const words = {
  en: (site: string) => ({ title: "Test alert", text: `Alerts of ${site} arrive here.` }),
  ru: (site: string) => ({ title: "Проверка оповещений", text: `Сюда приходят оповещения сайта ${site}.` }),
};

/** Sends a message that says nothing but that it is one, at once and once, and returns what came back. */
export function sendTestAlert(deps: Pick<Services, "env" | "mail" | "log">, channel: Channel): Promise<Sent> {
  const { ALERT_LANGUAGE: language, APP_URL } = deps.env;
  const spoken = (language === "both" ? locales : [language]).map((locale) => words[locale](APP_URL));
  return sendBy(deps, channel, {
    id: `alert-test-${randomUUID()}`,
    title: spoken.at(-1)?.title ?? "",
    text: spoken.map(({ text }) => text).join("\n"),
    data: [],
  });
}
