import { createHash } from "node:crypto";
import { heldNames } from "../bitrix24/contact-names";
import { fitted } from "../bitrix24/field-lengths";
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

/** `leftOut`: details that the portal refuses, see server/bitrix24/ornaments.ts. */
export function tracesOf(salt: string, person: PersonData, leftOut: string[]): string[] {
  const held = heldNames(person, leftOut);
  const texts = personFieldNames.flatMap((name) => {
    const { portal } = personField(name);
    const value = person[name] ?? "";
    if (portal === "name" || portal === "lastName") return held.map((names) => names[portal]);
    return portal === "comment" ? [value] : [value, fitted(portal, value)];
  });
  return [...new Set(texts.filter(Boolean).map((text) => hash(salt, text)))];
}

/** Whether any of the values is one of the person's. */
export const isTrace = (salt: string, traces: readonly string[], values: readonly string[]): boolean =>
  values.some((value) => value.trim() !== "" && traces.includes(hash(salt, value)));
