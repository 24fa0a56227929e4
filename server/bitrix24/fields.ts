import { isAdvertising } from "../person/advertising";
import { type PortalPlace, personField, personFieldNames } from "../person/fields";
import { dealComment } from "./deal-comment";
import type { PortalContact } from "./match-contact";
import { originId, type Person } from "./registrant";
import { clipText } from "./transport/safe-text";
import { visitFields } from "./visit-fields";

export interface CrmSettings {
  productId: number;
  priceUsd: number | undefined;
  categoryId: number;
  stageId: string | undefined;
  sourceId: string;
  /** The owner of a known contact is responsible for the deal. */
  keepsOwner: boolean;
  /** The deal's fields for click ids, `referrer` and `landing`, as the administrator has named them. */
  markFields: Record<string, string>;
}

export const dealType = 2;
export const contactType = 3;

/** UTM_SOURCE → utmSource, as the crm.item family spells it. */
function utmFields(utm: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(utm).map(([key, value]) => [
      key.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      clipText(value).text,
    ]),
  );
}

const contactTexts = ["name", "lastName"] as const;
const communications = ["EMAIL", "PHONE"] as const;

/** What the person gave for these places on the portal. */
const placed = <Place extends PortalPlace>(person: Person, places: readonly Place[]): [Place, string][] =>
  personFieldNames.flatMap((name) => {
    const place = places.find((each) => each === personField(name).portal);
    const value = person[name];
    return place && value ? [[place, value] as [Place, string]] : [];
  });

/** Names of the person's texts that the portal would not hold whole; logged, never silent. */
export function clippedFields(person: Person): string[] {
  const names = personFieldNames.filter((name) => contactTexts.some((place) => place === personField(name).portal));
  const texts = { ...person.utm, ...Object.fromEntries(names.map((name) => [name, person[name] ?? ""])) };
  return Object.entries(texts)
    .filter(([, value]) => clipText(value).clipped)
    .map(([name]) => name);
}

const common = (person: Person, settings: CrmSettings, originatorId: string) => ({
  sourceId: settings.sourceId,
  originatorId,
  originId: originId(person.userId),
  ...(person.assignedById ? { assignedById: person.assignedById } : {}),
  ...utmFields(person.utm),
});

export const contactFields = (person: Person, settings: CrmSettings, originatorId: string) => ({
  ...Object.fromEntries(placed(person, contactTexts).map(([place, value]) => [place, clipText(value).text])),
  opened: "Y",
  fm: placed(person, communications).map(([typeId, value]) => ({ typeId, valueType: "WORK", value })),
  ...common(person, settings, originatorId),
});

/** The phone, appended beside what the contact has (`n0`). */
export const missingPhone = (person: Pick<Person, "phone">): Record<string, unknown> => ({
  fm: { n0: { typeId: "PHONE", valueType: "WORK", value: person.phone } },
});

/** BBCode, HTML and addresses without a scheme. */
const markup = /[[\]<>]|\/\//;

/**
 * A person's name as it may stand before all managers. A name with a link, a handle or a number in it is advertising, which
 * stays with the contact: lists and programs may let in what the form refuses.
 */
export function titleName(person: Pick<Person, "firstName" | "lastName" | "locale" | "userId">): string {
  const { firstName, lastName } = person;
  const fit = [firstName, lastName ?? ""].filter((name) => !isAdvertising(name) && !markup.test(name));
  const name = fit.join(" ").trim();
  // A link may be spread over both.
  if (name && !isAdvertising(name) && !isAdvertising(fit.join(""))) return name;
  return registrationTitle(person);
}

/** For a title without a name. */
export const registrationTitle = ({ locale, userId }: Pick<Person, "locale" | "userId">): string =>
  locale === "en" ? `Registration ${userId}` : `Регистрация ${userId}`;

/** The amount is sent together with the manual flag: portals differ in whether rows recompute it. */
export function dealFields(
  person: Person & { contactId: number },
  settings: CrmSettings,
  {
    originatorId,
    product,
    linked,
    visitPlaces,
  }: { originatorId: string; product: ProductInfo; linked: PortalContact | null; visitPlaces: Record<string, string> },
) {
  const comments = dealComment(person, linked);
  return {
    title: clipText([titleName(person), product.name].filter(Boolean).join(" — ")).text,
    categoryId: settings.categoryId,
    ...(settings.stageId ? { stageId: settings.stageId } : {}),
    currencyId: "USD",
    opportunity: product.priceUsd,
    isManualOpportunity: "Y",
    contactIds: [person.contactId],
    ...(comments ? { comments } : {}),
    ...visitFields(person.visit, visitPlaces),
    ...common(person, settings, originatorId),
  };
}

export interface ProductInfo {
  id: number;
  name: string;
  /** US dollars, two decimals. */
  priceUsd: number;
}

export const productRow = (product: ProductInfo) => ({ productId: product.id, price: product.priceUsd, quantity: 1 });
