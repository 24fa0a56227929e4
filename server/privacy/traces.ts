import { createHash } from "node:crypto";
import { fitted, tooLongDetails } from "../bitrix24/field-lengths";
import { type PersonData, personField, personFieldNames } from "../person/fields";
import { parseEmail } from "../platform/email-address";

/**
 * A person's details as salted hashes, which recognise the person's records on the portal after the details are erased.
 */

/** Normalised, since managers retype values with another case, blanks, phone format or spelling of a domain. */
const normal = (value: string): string => {
  const email = value.includes("@") ? parseEmail(value) : null;
  if (email) return email;
  const text = value.normalize("NFKC").toLowerCase().trim();
  const digits = text.replace(/\D/g, "");
  return /^[+\d\s().-]+$/.test(text) && digits.length >= 7 ? digits.slice(-10) : text;
};

const hash = (salt: string, value: string) =>
  createHash("sha256")
    .update(`${salt}:${normal(value)}`)
    .digest("base64url");

export const tracesOf = (salt: string, person: PersonData): string[] =>
  personFieldNames.flatMap((name) => {
    const value = person[name];
    if (!value) return [];
    // The portal holds as much of a long name as its field takes.
    const sent = tooLongDetails(person).includes(name) ? [fitted(personField(name).portal, value)] : [];
    return [value, ...sent].map((text) => hash(salt, text));
  });

/** Whether any of the values is one of the person's. */
export const isTrace = (salt: string, traces: readonly string[], values: readonly string[]): boolean =>
  values.some((value) => value.trim() !== "" && traces.includes(hash(salt, value)));
