import { personField, personFieldNames } from "../person/fields";
import type { Person } from "./registrant";
import type { Bitrix24Error } from "./transport/error";

/**
 * What a portal may refuse without the person being refused: an emoji that its database cannot keep, an address or a number
 * that it takes for none, a campaign's name. Nobody is given up for that: it is left out, and told in the deal's comment
 * where that can hold it.
 */

/** In `leftOut`: characters of four bytes, in whatever field. Everything else there is the portal's name of a field. */
const emoji = "emoji";

const fourBytes = /[\u{10000}-\u{10ffff}]/u;
const communications = ["EMAIL", "PHONE"];
const names = ["name", "lastName", "title"];

/** Fields of each kind of record that can go without. A name is not left out but written in letters alone. */
const leavable: Record<string, (field: string) => boolean> = {
  "contact.add": (field) => [...communications, "name", "lastName"].includes(field) || field.startsWith("utm"),
  "deal.add": (field) =>
    ["title", "comments", "sourceDescription"].includes(field) || /^(utm|ufCrm|UF_CRM)/.test(field),
};

/** The portal's own rule of addresses: Latin letters, and an end of 2 to 20 of them. */
const usualEmail = /^[\w+=~'!$&*^`|#%/?{}.-]+@([a-z0-9-]+\.)+[a-z0-9-]{2,20}$/i;

const textsOf = (person: Person): string[] =>
  [
    ...personFieldNames.map((name) => person[name]),
    ...Object.values(person.utm),
    ...Object.values(person.visit),
  ].filter((text) => text !== null);

const hasEmoji = (person: Person): boolean => textsOf(person).some((text) => fourBytes.test(text));

/** Broke down over a text, as far as an answer tells: where it stored something all the same, the next look-up finds it. */
const breaksDown = ({ kind, code }: Bitrix24Error): boolean =>
  code === "ERROR_CORE" || (kind === "refused" && code !== "BAD_ANSWER" && !code.startsWith("HTTP"));

/**
 * What to leave out next of a person whom the portal has turned down, or null where there is nothing of that kind. `field`:
 * which one its answer names, if any.
 */
export function nextToLeaveOut(person: Person, error: Bitrix24Error, field: string | null): string | null {
  const canLeave = leavable[error.step ?? ""];
  if (!canLeave || !breaksDown(error) || error.code === "CRM_FIELD_ERROR_REQUIRED") return null;
  const { leftOut } = person;
  const hasText = field === null || (canLeave(field) && !communications.includes(field));
  if (hasText && !leftOut.includes(emoji) && hasEmoji(person)) return emoji;
  const suspect = field ?? (error.step === "contact.add" && !usualEmail.test(person.email) ? "EMAIL" : null);
  return suspect !== null && canLeave(suspect) && !leftOut.includes(suspect) ? suspect : null;
}

type Fields = Record<string, unknown>;

/** The fields of a contact or deal without what the portal refuses. `instead`: for a name of which nothing stays. */
export function plainFields<F extends Fields>(fields: F, leftOut: string[], instead: string): F {
  if (leftOut.length === 0) return fields;
  const plain = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (name === "fm")
      return [[name, (value as { typeId: string }[]).filter(({ typeId }) => !leftOut.includes(typeId))]];
    if (typeof value !== "string") return [[name, value]];
    const text = leftOut.includes(emoji) ? withoutEmoji(value) : value;
    if (!names.includes(name)) return leftOut.includes(name) ? [] : [[name, text]];
    const written = leftOut.includes(name) ? lettersOf(text) : text;
    return [[name, written || (name === "lastName" ? "" : instead)]];
  });
  return Object.fromEntries(plain) as F;
}

/** With what binds several characters into one picture, which would be left behind. */
const withoutEmoji = (text: string): string =>
  fourBytes.test(text)
    ? text
        .replace(/[\u{10000}-\u{10ffff}]|\u200d|\ufe0f|\u20e3/gu, "")
        .replace(/[ \t]{2,}/g, " ")
        .trim()
    : text;

const lettersOf = (text: string): string =>
  withoutEmoji(text)
    .replace(/[^\p{L}\p{M}\p{N} .'’-]/gu, "")
    .replace(/ {2,}/g, " ")
    .trim();

/** What was left out whole, for the deal's comment: the portal's names of e-mail and phone, and the campaign's marks. */
export function leftOutValues(person: Person, locale: "en" | "ru"): [label: string, value: string][] {
  const { leftOut } = person;
  const ofPerson = personFieldNames.flatMap((name): [string, string][] => {
    const { portal, label } = personField(name);
    const value = person[name];
    return value && leftOut.includes(portal) ? [[label[locale], value]] : [];
  });
  const ofCampaign = Object.entries(person.utm).filter(([mark]) =>
    leftOut.includes(mark.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())),
  );
  return [...ofPerson, ...ofCampaign.map(([mark, value]): [string, string] => [mark.toLowerCase(), value])];
}

/** So many people's emoji were refused within this time: it is the portal that cannot keep them. */
const refusals = 3;
const rememberedMs = 3_600_000;

/** Remembers a portal that refuses everybody's emoji, so that for a while nobody else is turned down over them first. */
export class RefusedEmoji {
  #at: number[] = [];

  /** Those who got through without the emoji over which they had been turned down. */
  note(people: Person[], done: Pick<Person, "userId">[]): void {
    const through = new Set(done.map(({ userId }) => userId));
    for (const { userId, leftOut } of people)
      if (leftOut.includes(emoji) && through.has(userId)) this.#at.push(Date.now());
  }

  /** People as they are to be sent. */
  leaveOut(people: Person[]): Person[] {
    this.#at = this.#at.filter((at) => at > Date.now() - rememberedMs);
    if (this.#at.length < refusals) return people;
    return people.map((person) =>
      hasEmoji(person) && !person.leftOut.includes(emoji) ? { ...person, leftOut: [...person.leftOut, emoji] } : person,
    );
  }
}
