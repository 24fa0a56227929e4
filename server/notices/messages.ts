import { portalCardUrl } from "../bitrix24/card-url";
import { plainText } from "../bitrix24/deal-comment";
import type { Env } from "../platform/env";
import { fillLetter } from "../platform/letter-template";
import type { Locale } from "../platform/locales";
import { oneLine } from "../platform/one-line";
import { type Addressee, noticeValues } from "./letters";

/** An invisible space after the first character, and it is text: the messenger's line break, and a batch's macros. */
const lineBreak = /#(?=br#)/gi;
const macro = /\$(?=result|next|total|time|error)/gi;
const split = (text: string, acting: RegExp): string => text.replace(acting, "$&\u200b");

/** Without BB codes, tags and lines: the messenger makes links, buttons and quotations of them. */
const inert = (text: string): string => split(plainText(oneLine(text, " ")), lineBreak);

/** The message to the responsible person of a deal, in the owner's words. What a visitor typed in it is text and does nothing. */
export function messageTo(env: Env, addressee: Addressee & { host: string; dealId: number }): MessageWords {
  const { link, ...values } = noticeValues(env, "responsible", addressee);
  const safe = Object.fromEntries(Object.entries(values).map(([key, text]) => [key, inert(text)])) as typeof values;
  const deal = portalCardUrl(addressee.host, "deal", addressee.dealId);
  const locale = env.RESPONSIBLE_LANGUAGE;
  const template = locale === "en" ? env.RESPONSIBLE_TEXT_EN : env.RESPONSIBLE_TEXT_RU;
  const text = fillLetter(template, { ...safe, link: link ?? "", deal });
  // A text of which nothing is left would be refused.
  return { locale, text: split(text.trim(), macro) || deal };
}

export interface MessageWords {
  locale: Locale;
  text: string;
}
