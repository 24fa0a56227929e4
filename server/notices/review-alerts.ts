import type { Env } from "../platform/env";
import type { Locale } from "../platform/locales";
import type { SettingTexts } from "../settings/change";
import { urlProblem } from "../webhooks/public-address";

const words = {
  en: {
    address: "Only https addresses on the public internet, unless WEBHOOK_INTERNAL_HOSTS allows the host.",
    half: "Telegram needs both the token and the chat.",
    noMail: "No e-mail can be sent: SMTP_URL is not set.",
  },
  ru: {
    address: "Только https и только адреса в интернете, если хост не разрешён в WEBHOOK_INTERNAL_HOSTS.",
    half: "Для Telegram нужны и токен, и чат.",
    noMail: "Почта не настроена: SMTP_URL не задан.",
  },
};

/** What can be said of the channels before they are tried; `env` has them as they would be. */
export function reviewAlerts(env: Env, locale: Locale): { problems: SettingTexts; warnings: string[] } {
  const m = words[locale];
  const refused = env.ALERT_URL && urlProblem(env.ALERT_URL, { internalHosts: env.WEBHOOK_INTERNAL_HOSTS });
  const isHalf = (env.ALERT_TELEGRAM_TOKEN === undefined) !== (env.ALERT_TELEGRAM_CHAT === undefined);
  return {
    problems: refused ? { alertUrl: m.address } : {},
    warnings: [
      ...(isHalf ? [m.half] : []),
      ...(env.ALERT_EMAIL && !env.SMTP_URL && env.NODE_ENV === "production" ? [m.noMail] : []),
    ],
  };
}
