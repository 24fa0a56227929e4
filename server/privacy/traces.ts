import { createHash } from "node:crypto";
import { type PersonData, personFieldNames } from "../person/fields";

/**
 * A person's details as salted hashes, by which a record on the portal is recognised as theirs after the details
 * themselves are gone.
 */

/** As managers retype it: case and blanks differ, a phone's spelling too. */
const normal = (value: string): string => {
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
    return value ? [hash(salt, value)] : [];
  });

/** Whether one of the values is one of the person's. */
export const isTrace = (salt: string, traces: readonly string[], values: readonly string[]): boolean =>
  values.some((value) => value.trim() !== "" && traces.includes(hash(salt, value)));
