import { type PersonFieldName, type PortalPlace, personField, personFieldNames } from "../person/fields";
import type { CrmSettings } from "./crm-settings";
import { dealComment } from "./deal-comment";
import { dealTitle } from "./deal-title";
import { fitted, isTooLong, tooLongDetails } from "./field-lengths";
import { mappedFields, type PlacedRule } from "./mapped-fields";
import type { PortalContact } from "./match-contact";
import { utmField } from "./ornaments";
import { originId, type Person } from "./person";
import type { ProductInfo } from "./product-info";
import { sourceDescription } from "./source-description";

export const dealType = 2;
export const contactType = 3;
export const entityTypes = { contact: contactType, deal: dealType } as const;

/** A call that depends on no record: it asks for a deal that does not exist. */
export const noDeal: [method: string, params: Record<string, unknown>] = [
  "crm.item.list",
  { entityTypeId: dealType, select: ["id"], filter: { id: 0 }, start: -1 },
];

function utmFields(utm: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(utm).map(([key, value]) => {
      const field = utmField(key);
      return [field, fitted(field, value)];
    }),
  );
}

const contactTexts = ["name", "lastName"] as const;
const communications = ["EMAIL", "PHONE"] as const;

/** The person's values for these fields of the portal. */
const placed = <Place extends PortalPlace>(person: Person, places: readonly Place[]): [Place, string][] =>
  personFieldNames.flatMap((name) => {
    const place = places.find((each) => each === personField(name).portal);
    const value = person[name];
    return place && value ? [[place, value] as [Place, string]] : [];
  });

const isCommunication = (name: PersonFieldName) => communications.some((place) => place === personField(name).portal);

/** Names of the person's e-mail or phone that is too long for the portal's field, and so is not sent at all. */
export const tooLongCommunications = (person: Person): string[] => tooLongDetails(person).filter(isCommunication);

/** Names of the person's texts that are sent cut; they are logged, so that no text is cut silently. */
export const clippedFields = (person: Person): string[] => [
  ...tooLongDetails(person).filter((name) => !isCommunication(name)),
  ...Object.entries(person.utm).flatMap(([key, value]) => (isTooLong(utmField(key), value) ? [key] : [])),
];

const common = (person: Person, settings: CrmSettings, originatorId: string) => ({
  sourceId: settings.sourceId,
  originatorId,
  originId: originId(person.userId),
  ...(person.assignedById ? { assignedById: person.assignedById } : {}),
  ...utmFields(person.utm),
});

/** The configured fields come first: none of them replaces a field that every registration fills. */
export const contactFields = (
  person: Person,
  settings: CrmSettings,
  { originatorId, rules }: { originatorId: string; rules: PlacedRule[] },
) => ({
  ...mappedFields(person, "contact", { ...settings, rules }).fields,
  ...Object.fromEntries(placed(person, contactTexts).map(([place, value]) => [place, fitted(place, value)])),
  opened: "Y",
  fm: placed(person, communications).flatMap(([typeId, value]) =>
    isTooLong(typeId, value) ? [] : [{ typeId, valueType: "WORK", value }],
  ),
  ...common(person, settings, originatorId),
});

/** The phone as an additional entry (`n0`); the contact's entries are kept. */
export const missingPhone = (person: Pick<Person, "phone">): Record<string, unknown> => ({
  fm: { n0: { typeId: "PHONE", valueType: "WORK", value: person.phone } },
});

/** The amount is sent together with the manual flag: portals differ in whether rows recompute it. */
export function dealFields(
  person: Person & { contactId: number },
  settings: CrmSettings,
  {
    originatorId,
    product,
    linked,
    rules,
  }: { originatorId: string; product: ProductInfo; linked: PortalContact | null; rules: PlacedRule[] },
) {
  const { fields, told } = mappedFields(person, "deal", { ...settings, rules });
  // A contact that existed before got nothing of what the settings send to contacts.
  const inContact = linked ? [] : mappedFields(person, "contact", { ...settings, rules }).told;
  const comments = dealComment(person, linked, new Set([...told, ...inContact]));
  return {
    ...fields,
    title: dealTitle(person, settings.titleTemplate, product),
    categoryId: settings.categoryId,
    ...(settings.stageId ? { stageId: settings.stageId } : {}),
    currencyId: "USD",
    opportunity: product.priceUsd,
    isManualOpportunity: "Y",
    contactIds: [person.contactId],
    ...(comments ? { comments } : {}),
    ...sourceDescription(person.visit, told),
    ...common(person, settings, originatorId),
  };
}

export const productRow = (product: ProductInfo) => ({ productId: product.id, price: product.priceUsd, quantity: 1 });
