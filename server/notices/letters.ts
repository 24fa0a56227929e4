import { type Named, registrationTitle, titleValues } from "../bitrix24/deal-title";
import type { ProductInfo } from "../bitrix24/product-info";
import type { Env } from "../platform/env";
import {
  fillLetter,
  fillSubject,
  type LetterKind,
  type LetterValues,
  type NoticeKind,
} from "../platform/letter-template";
import type { Locale } from "../platform/locales";

/** A notice about a person, with its words. */
export interface Letter {
  kind: NoticeKind;
  locale: Locale;
  /** Separated by commas; empty: there is no receiver. */
  to: string;
  /** Empty: it has none. */
  subject: string;
  text: string;
}

/** The person that a mail is about, and what the deal sells. */
export interface Addressee {
  person: Named;
  product: Pick<ProductInfo, "name" | "priceUsd"> | null;
}

/** Marks that reverse the direction of text, so that an address may read as another one. */
const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** A dot between two characters, a scheme, a handle: what mail programs make links of. */
const linkParts = /(?<=\S)\.(?=\S)|(?<=:)\/\/|@/g;

/** A visitor's text in which no mail program sees a link: an invisible space stands before what makes one. */
export const unlinked = (text: string): string =>
  text.replace(direction, "").replace(linkParts, (part) => `\u200b${part}`);

/** What the placeholders stand for. What a visitor typed is neither markup nor a link, but for the checked address. */
export function noticeValues(env: Env, kind: NoticeKind, { person, product }: Addressee): LetterValues {
  const { name, email = "", phone = "", ...typed } = titleValues(person, product);
  const safe = Object.fromEntries(Object.entries(typed).map(([key, text]) => [key, unlinked(text)]));
  // The greeting of a mail is no place for the number of a registration; what managers read is.
  const isNumber = name === registrationTitle(person);
  return {
    ...(safe as LetterValues),
    name: isNumber && kind === "welcome" ? "" : unlinked(name),
    email,
    phone,
    product: product?.name ?? "",
    price: product ? String(product.priceUsd) : "",
    site: env.SITE_NAME ?? new URL(env.APP_URL).host,
    link: kind === "welcome" ? `${env.APP_URL}/account` : `${env.APP_URL}/admin/users/${person.userId}`,
  };
}

/** The mail's words in the language of the person, or of the managers. */
export function letterTo(env: Env, kind: LetterKind, addressee: Addressee): Letter {
  const { person } = addressee;
  const locale: Locale = kind === "manager" ? env.MANAGER_LANGUAGE : person.locale === "en" ? "en" : "ru";
  const values = noticeValues(env, kind, addressee);
  const [subject, text] = templatesOf(env, kind, locale);
  return {
    kind,
    locale,
    to: kind === "manager" ? env.MANAGER_EMAILS.join(", ") : person.email,
    subject: fillSubject(subject, values) || values.site,
    text: fillLetter(text, values),
  };
}

function templatesOf(env: Env, kind: LetterKind, locale: Locale): [subject: string, text: string] {
  if (kind === "welcome")
    return locale === "en"
      ? [env.WELCOME_SUBJECT_EN, env.WELCOME_TEXT_EN]
      : [env.WELCOME_SUBJECT_RU, env.WELCOME_TEXT_RU];
  return locale === "en"
    ? [env.MANAGER_SUBJECT_EN, env.MANAGER_TEXT_EN]
    : [env.MANAGER_SUBJECT_RU, env.MANAGER_TEXT_RU];
}
