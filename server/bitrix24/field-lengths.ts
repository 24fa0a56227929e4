import { type PersonData, type PersonFieldName, personField, personFieldNames } from "../person/fields";
import { clipText, maxFieldLength } from "./transport/safe-text";

const utm = 600;

/**
 * How many characters the portal's fields hold where it is not the usual 255, by their names; phones and e-mails have the
 * name of their type. From the official page `api-reference/crm/field-length-limits.md`. Longer texts are refused or cut,
 * depending on field and portal, so none is sent.
 */
const lengths: Record<string, number> = {
  name: 50,
  lastName: 50,
  secondName: 50,
  EMAIL: 250,
  PHONE: 250,
  utmSource: utm,
  utmMedium: utm,
  utmCampaign: utm,
  utmContent: utm,
  utmTerm: utm,
};

const lengthOf = (field: string): number => (Object.hasOwn(lengths, field) ? lengths[field] : null) ?? maxFieldLength;

/** The text as far as the field holds it; a portal keeps no blank at the end. */
export function fitted(field: string, text: string): string {
  const cut = clipText(text, lengthOf(field));
  return cut.clipped ? cut.text.trimEnd() : cut.text;
}

/** What a portal that cuts longer texts keeps of one: it counts an emoji as one character, where `fitted` counts two. */
export const cutByPortal = (field: string, text: string): string =>
  [...text].slice(0, lengthOf(field)).join("").trimEnd();

/** Whether the field does not hold the whole text. */
export const isTooLong = (field: string, text: string): boolean => clipText(text, lengthOf(field)).clipped;

/** The person's details that the contact's fields do not hold whole; the deal's comment has them. */
export const tooLongDetails = (person: PersonData): PersonFieldName[] =>
  personFieldNames.filter((name) => {
    const { portal } = personField(name);
    return portal !== "comment" && isTooLong(portal, person[name] ?? "");
  });
