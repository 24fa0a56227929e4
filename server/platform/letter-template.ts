import { fillTitle, type Placeholder, placeholders, templateFault } from "./title-template";

/**
 * The texts of mails and messages about new people: the placeholders of deal titles, and a few more. Free of the server's
 * modules, since the page of settings explains the placeholders and shows the defaults.
 */

export const letterPlaceholders = [...placeholders, "site", "link"] as const;
/** A message in the portal can lead to the deal as well. */
export const messagePlaceholders = [...letterPlaceholders, "deal"] as const;

export const maxSubject = 200;
export const maxLetter = 4_000;

export const letterKinds = ["welcome", "manager"] as const;
export type LetterKind = (typeof letterKinds)[number];
/** With the message in the portal to the responsible person of the deal. */
export const noticeKinds = [...letterKinds, "responsible"] as const;
export type NoticeKind = (typeof noticeKinds)[number];

export type LetterValues = Record<Placeholder | "site" | "link", string> & Record<string, string>;

export const usualLetters = {
  welcome: {
    en: {
      subject: "You are registered: {site}",
      text: "Hello {firstName},\n\nThank you for registering at {site}.\n\nYour account: {link}",
    },
    ru: {
      subject: "Вы зарегистрированы: {site}",
      text: "Здравствуйте, {firstName}!\n\nСпасибо за регистрацию на сайте {site}.\n\nВаш личный кабинет: {link}",
    },
  },
  manager: {
    en: {
      subject: "New registration: {name}",
      text: "Name: {name}\nCompany: {company}\nE-mail: {email}\nPhone: {phone}\nProduct: {product}\nSource: {utm_source}\nCampaign: {utm_campaign}\n\nTheir page on the site: {link}",
    },
    ru: {
      subject: "Новая регистрация: {name}",
      text: "Имя: {name}\nКомпания: {company}\nПочта: {email}\nТелефон: {phone}\nТовар: {product}\nИсточник: {utm_source}\nКампания: {utm_campaign}\n\nКарточка на сайте: {link}",
    },
  },
} as const;

export const usualMessages = {
  en: "New registration: {name}\nCompany: {company}\nPhone: {phone}\nE-mail: {email}\nProduct: {product}\nSource: {utm_source}\n\nDeal: {deal}",
  ru: "Новая регистрация: {name}\nКомпания: {company}\nТелефон: {phone}\nПочта: {email}\nТовар: {product}\nИсточник: {utm_source}\n\nСделка: {deal}",
} as const;

/** The first fault of a subject or text; null if it can be used. */
export const letterFault = (
  template: string,
  max: number,
  further: readonly string[] = letterPlaceholders,
): ReturnType<typeof templateFault> => templateFault(template, { max, further });

/** A label and one placeholder, and nothing else. */
const labelled = /^[^{}]*:\s*\{([^{}]*)\}\s*$/;

/** Fills in a text line by line. A line with nothing but a label and an empty value is left out. */
export function fillLetter(template: string, values: LetterValues): string {
  return template
    .split("\n")
    .filter((line) => {
      const name = labelled.exec(line)?.[1];
      return name === undefined || values[name];
    })
    .map((line) => fillTitle(line, values))
    .join("\n");
}

/** As fillLetter, in one line: nothing of a value may become another header of the mail. */
export const fillSubject = (template: string, values: LetterValues): string =>
  fillTitle(template, values)
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .slice(0, maxSubject);
