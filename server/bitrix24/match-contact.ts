import { parsePhoneNumberFromString } from "libphonenumber-js";
import { parseEmail, readableEmail } from "../platform/email-address";
import type { Marked } from "./marks";
import type { Person } from "./person";
import type { Dated } from "./portal-clock";

export interface PortalContact extends Marked, Dated {
  id: number;
  /** Responsible person. */
  assignedById: number | null;
  name: string;
  lastName: string;
  emails: string[];
  phones: string[];
  /** 0: a customer. Others are of inventory management, such as suppliers, whom no deal takes as its client. */
  categoryId: number;
}

/**
 * The key by which the portal compares phones: digits, with a leading 8 of ten or more read as 7, without the
 * extension. Two spellings match on the portal if and only if their keys are equal.
 */
export function phoneKey(phone: string): string {
  const text = phone.trim();
  let key = text.replace(/[^\d#*,;]/g, "");
  const isInternational = text.startsWith("+8") && text.length >= 10;
  if (!isInternational && key.replace(/\D/g, "").length >= 10 && !/^8[012]/.test(key)) {
    if (key.startsWith("00")) key = key.slice(2);
    else if (key.startsWith("011")) key = key.slice(3);
    else if (key.startsWith("8")) key = `7${key.slice(1)}`;
    else if (key.startsWith("0")) key = key.slice(1);
  }
  return key.split(/[;#,]/)[0] ?? "";
}

/**
 * The spellings in which managers may have stored a number, one for each key of the portal: with the country code,
 * without it, and as dialled within the country with a trunk prefix. The portal removes some of those prefixes (0, a
 * lone 8) and keeps others: the 8 0 of Belarus, the 06 of Hungary.
 */
export function phoneSpellings(e164: string): string[] {
  const number = parsePhoneNumberFromString(e164);
  if (!number) return [e164];
  const spellings = [e164, number.nationalNumber, number.formatNational().replace(/\D/g, "")];
  const keys = spellings.map(phoneKey);
  return spellings.filter((_, place) => keys.indexOf(keys[place] as string) === place);
}

/** The spellings in which managers may have stored an address: in its encoded form, and as people write it. */
export const emailSpellings = (email: string): string[] => [...new Set([email, readableEmail(email)])];

/** A text that is no address by our rules is compared letter by letter. */
const emailKey = (email: string): string => parseEmail(email) ?? email.trim().toLowerCase();

export const sameEmail = (a: string, b: string): boolean => emailKey(a) === emailKey(b);

export function samePhone(stored: string, e164: string): boolean {
  const key = phoneKey(stored);
  return phoneSpellings(e164).some((spelling) => phoneKey(spelling) === key);
}

type Reachable = Pick<Person, "email" | "phone">;

/** Whether a contact fits a person by e-mail or by phone; null if by neither. */
export function fitsBy(contact: PortalContact, person: Reachable): "email" | "phone" | null {
  if (contact.emails.some((email) => sameEmail(email, person.email))) return "email";
  return contact.phones.some((phone) => samePhone(phone, person.phone)) ? "phone" : null;
}

/** A person with the details that may have been sent before they were corrected. */
export interface Sent extends Reachable {
  formerly?: Reachable[];
}

/**
 * By what a contact fits that was perhaps sent for the person: a correction may have come between the request and the look-up.
 * Only for records that something else names as the person's, such as an external id: a former address may be another
 * person's by now.
 */
export function fitsAsSent(contact: PortalContact, { formerly = [], ...person }: Sent): "email" | "phone" | null {
  const fits = [person, ...formerly].map((details) => fitsBy(contact, details));
  return fits.find((by) => by === "email") ?? fits.find((by) => by !== null) ?? null;
}

/** Whether a contact has the person's e-mail as well as the phone. */
export const fitsByBoth = ({ emails, phones }: PortalContact, person: Reachable): boolean =>
  emails.some((email) => sameEmail(email, person.email)) && phones.some((phone) => samePhone(phone, person.phone));

export interface Match {
  contact: PortalContact;
  by: "email" | "phone";
  /** How many contacts fit; more than one is logged as a choice. */
  candidates: number;
}

/**
 * The contact to link: one with this e-mail before one with this phone, and among several the oldest (lowest id). The
 * portal's results are compared with the requested values, since its search may be wider than ours, and with customers, since
 * it finds suppliers as well.
 */
export function chooseContact(person: Reachable, contacts: PortalContact[]): Match | null {
  for (const by of ["email", "phone"] as const) {
    const fitting = contacts.filter((contact) => contact.categoryId === 0 && fitsBy(contact, person) === by);
    if (fitting.length > 0)
      return { contact: fitting.reduce((a, b) => (b.id < a.id ? b : a)), by, candidates: fitting.length };
  }
  return null;
}

/** Whether an existing contact may get the person's phone: it has no phone, and the person has confirmed the e-mail. */
export const givesPhone = (
  person: Pick<Person, "emailConfirmed">,
  { contact, by }: Pick<Match, "contact" | "by">,
): boolean => person.emailConfirmed && by === "email" && !contact.phones.some((phone) => phone.trim());
