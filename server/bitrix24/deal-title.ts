import { hasLink, isAdvertising } from "../person/advertising";
import { oneLine } from "../platform/one-line";
import { fillTitle, type Placeholder } from "../platform/title-template";
import { plainText } from "./deal-comment";
import type { Person } from "./person";
import type { ProductInfo } from "./product-info";

import { clipText } from "./transport/safe-text";

/** BBCode, HTML and addresses without a scheme. */
const markup = /[[\]<>]|\/\//;

/**
 * A person's name as shown to all managers in titles. A name with a link, a handle or a number in it is treated as
 * advertising and is written to the contact only: imports and programs may accept names that the form rejects.
 */
export function titleName(person: Pick<Person, "firstName" | "lastName" | "locale" | "userId">): string {
  const { firstName, lastName } = person;
  const fit = [firstName, lastName ?? ""].filter((name) => !isAdvertising(name) && !markup.test(name));
  const name = fit.join(" ").trim();
  // A link may be split between first and last name.
  if (name && !isAdvertising(name) && !isAdvertising(fit.join(""))) return name;
  return registrationTitle(person);
}

/** The title of a deal without a usable name. */
export const registrationTitle = ({ locale, userId }: Pick<Person, "locale" | "userId">): string =>
  locale === "en" ? `Registration ${userId}` : `Регистрация ${userId}`;

/** Whom a title or a mail names. */
export type Named = Pick<
  Person,
  "userId" | "locale" | "firstName" | "lastName" | "company" | "email" | "phone" | "utm" | "answers"
>;

/** What placeholders stand for. Texts of visitors that advertise or hold markup are left out, like such names. */
export function titleValues(
  person: Named,
  product: Pick<ProductInfo, "name" | "priceUsd"> | null,
): Record<Placeholder, string> & Record<string, string> {
  const { firstName, lastName, company, email, phone, utm } = person;
  const ofVisitor = (text: string | null | undefined, refuses: (text: string) => boolean = isAdvertising) =>
    text && !refuses(text) && !markup.test(text) ? text : "";
  return {
    name: titleName(person),
    firstName: ofVisitor(firstName),
    lastName: ofVisitor(lastName),
    company: ofVisitor(company, hasLink),
    email: plainText(email),
    phone,
    product: product?.name ?? "",
    price: product ? String(product.priceUsd) : "",
    number: String(person.userId),
    utm_source: ofVisitor(utm.UTM_SOURCE),
    utm_medium: ofVisitor(utm.UTM_MEDIUM),
    utm_campaign: ofVisitor(utm.UTM_CAMPAIGN),
    ...Object.fromEntries(
      (person.answers ?? []).map(({ key, texts }) => [
        `answer.${key}`,
        ofVisitor(oneLine(texts.join(", "), " "), hasLink),
      ]),
    ),
  };
}

/** The deal's title by the template. */
export function dealTitle(person: Person, template: string, product: ProductInfo): string {
  const title = fillTitle(template, titleValues(person, product));
  return clipText(title).text || registrationTitle(person);
}
