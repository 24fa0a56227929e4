import { personField, personFieldNames } from "../person/fields";
import { elapsedMs } from "../platform/elapsed";
import { constantTexts } from "./crm-settings";
import { isTooLong, tooLongDetails } from "./field-lengths";
import { ownTexts, type Person } from "./person";
import { type Entity, entityOfStep, type FieldNames, isNamed } from "./sent-fields";
import type { Bitrix24Error } from "./transport/error";

/**
 * Optional details that a portal may refuse: an emoji that its database cannot store, an e-mail or phone that it finds
 * invalid, the name of a campaign. A registration must not fail because of them: the detail is left out, and written to
 * the deal's comment if that can hold it.
 */

type Fields = Record<string, unknown>;

/**
 * In `leftOut`: four-byte characters in any field. All other entries are the portal's names of fields; those that only the
 * settings fill have their record before them, as in `contact.comments`, since the other record's field may be ours.
 */
export const emoji = "emoji";

const fourBytes = /[\u{10000}-\u{10ffff}]/u;
const communications = ["EMAIL", "PHONE"];
const names = ["name", "lastName", "title"];

/** Whether the portal has refused this person's value of the field, so that it is left out. */
export const isLeftOut = (
  { leftOut }: Pick<Person, "leftOut">,
  entity: Entity,
  { name, upperName }: FieldNames,
): boolean => [name, upperName, `${entity}.${name}`].some((entry) => leftOut.includes(entry));

/** Whether emoji are left out of this person's texts, of which nothing may remain then. */
export const leavesOutEmoji = ({ leftOut }: Pick<Person, "leftOut">): boolean => leftOut.includes(emoji);

/** UTM_SOURCE → utmSource, as the crm.item family spells it. */
export const utmField = (tag: string): string =>
  tag.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Whether a contact is made without this person's e-mail and phone: the portal refuses them, or has no room for them. */
export const isBare = (person: Pick<Person, "email" | "phone" | "leftOut">): boolean =>
  (
    [
      ["EMAIL", person.email],
      ["PHONE", person.phone],
    ] as const
  ).every(([field, value]) => person.leftOut.includes(field) || isTooLong(field, value));

/** UTM tags, and fields that the portal's administrator made. */
const isTagOrUserField = /^(utm|ufCrm|UF_CRM)/;

/**
 * Fields of each kind of record that may be left out, besides those that the settings fill. A name is not left out but
 * reduced to letters.
 */
const leavable: Record<string, (field: string) => boolean> = {
  "contact.add": (field) => [...communications, "name", "lastName"].includes(field) || isTagOrUserField.test(field),
  "deal.add": (field) => ["title", "comments", "sourceDescription"].includes(field) || isTagOrUserField.test(field),
};

/** The portal's own rule for addresses: Latin letters, and a top-level domain of 2 to 20 characters. */
const usualEmail = /^[\w+=~'!$&*^`|#%/?{}.-]+@([a-z0-9-]+\.)+[a-z0-9-]{2,20}$/i;

const textsOf = (person: Person): string[] => [
  ...ownTexts(person),
  ...(person.answers ?? []).map(({ label }) => label),
];

/** With the texts of the settings that stand in everybody's records. */
const sentTexts = (person: Person): string[] => [...textsOf(person), ...constantTexts(person.settings)];

const hasEmoji = (texts: string[]): boolean => texts.some((text) => fourBytes.test(text));

/**
 * Whether the portal may have failed because of a text. If it stored the record all the same, the next look-up finds
 * it.
 */
const breaksDown = ({ kind, code }: Bitrix24Error): boolean =>
  code === "ERROR_CORE" || (kind === "refused" && code !== "BAD_ANSWER" && !code.startsWith("HTTP"));

/** Whether a change of a record that stands already may have failed because of an emoji, which is then left out. */
export const mayRefuseEmoji = (error: Bitrix24Error, fields: Fields, leftOut: string[]): boolean =>
  breaksDown(error) &&
  error.code !== "CRM_FIELD_ERROR_REQUIRED" &&
  !leftOut.includes(emoji) &&
  hasEmoji([JSON.stringify(fields)]);

/**
 * The next detail to leave out after a refusal, or null if there is none. `field`: the field that the answer names, if
 * any.
 */
export function nextToLeaveOut(person: Person, error: Bitrix24Error, field: FieldNames | null): string | null {
  const isOptional = leavable[error.step ?? ""];
  if (!isOptional || !breaksDown(error) || error.code === "CRM_FIELD_ERROR_REQUIRED") return null;
  const { leftOut } = person;
  const named = field && (isOptional(field.name) ? field.name : mappedEntry(person, error, field));
  const hasText = field === null || (named !== null && !communications.includes(named));
  if (hasText && !leftOut.includes(emoji) && hasEmoji(sentTexts(person))) return emoji;
  const unnamed = error.step === "contact.add" && !usualEmail.test(person.email) ? "EMAIL" : null;
  const suspect = field ? named : unnamed;
  return suspect !== null && !leftOut.includes(suspect) ? suspect : null;
}

/** The entry of a field that the settings fill; null for any other field. */
function mappedEntry({ settings }: Person, { step }: Bitrix24Error, field: FieldNames): string | null {
  const entity = entityOfStep(step);
  const isMapped = settings.fieldRules.some((rule) => rule.entity === entity && isNamed(field, rule.field));
  return isMapped ? `${entity}.${field.name}` : null;
}

/**
 * The fields of a contact or deal without the details that the portal refuses. `instead`: replaces a name of which
 * nothing is left.
 */
export function plainFields<F extends Fields>(fields: F, leftOut: string[], instead: string): F {
  if (leftOut.length === 0) return fields;
  const plain = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (name === "fm")
      return [[name, (value as { typeId: string }[]).filter(({ typeId }) => !leftOut.includes(typeId))]];
    if (Array.isArray(value)) {
      const rest = leftOut.includes(emoji) ? plainEntries(value) : value;
      return leftOut.includes(name) || (rest.length === 0 && value.length > 0) ? [] : [[name, rest]];
    }
    if (typeof value !== "string") return leftOut.includes(name) ? [] : [[name, value]];
    const text = leftOut.includes(emoji) ? withoutEmoji(value) : value;
    if (!names.includes(name)) return leftOut.includes(name) ? [] : [[name, text]];
    const written = leftOut.includes(name) ? lettersOf(text) : text;
    return [[name, written || (name === "lastName" ? "" : instead)]];
  });
  return Object.fromEntries(plain) as F;
}

/** The values of a field that takes several, without those of which nothing is left. */
const plainEntries = (values: unknown[]): unknown[] =>
  values.map((value) => (typeof value === "string" ? withoutEmoji(value) : value)).filter((value) => value !== "");

/** Also removes the characters that join several emoji into one, which would otherwise remain. */
export const withoutEmoji = (text: string): string =>
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

/**
 * The values that the portal's fields do not have, or not whole, with their labels, for the deal's comment: names, e-mail,
 * phone and UTM tags. `isLinked`: nothing was sent to the contact that could have been cut.
 */
export function leftOutValues(
  person: Person,
  locale: "en" | "ru",
  { isLinked }: { isLinked: boolean },
): [label: string, value: string][] {
  const { leftOut } = person;
  const tooLong = isLinked ? [] : tooLongDetails(person);
  const ofPerson = personFieldNames.flatMap((name): [string, string][] => {
    const { portal, label } = personField(name);
    const value = person[name];
    return value && (leftOut.includes(portal) || tooLong.includes(name)) ? [[label[locale], value]] : [];
  });
  const ofCampaign = Object.entries(person.utm).filter(
    ([tag, value]) => leftOut.includes(utmField(tag)) || isTooLong(utmField(tag), value),
  );
  return [...ofPerson, ...ofCampaign.map(([tag, value]): [string, string] => [tag.toLowerCase(), value])];
}

/** If the emoji of this many people were refused within `rememberedMs`, the portal cannot store emoji at all. */
const refusals = 3;
const rememberedMs = 3_600_000;

/**
 * Remembers that the portal refuses all emoji, so that for a while no other registration is refused because of them
 * first.
 */
export class RefusedEmoji {
  #at: number[] = [];

  /** Counts the registrations that succeeded only after their emoji were left out. */
  note(people: Person[], done: Pick<Person, "userId">[]): void {
    const through = new Set(done.map(({ userId }) => userId));
    for (const { userId, leftOut } of people)
      if (leftOut.includes(emoji) && through.has(userId)) this.#at.push(elapsedMs());
  }

  /** The people without the emoji that the portal would refuse. */
  leaveOut(people: Person[]): Person[] {
    this.#at = this.#at.filter((at) => at > elapsedMs() - rememberedMs);
    if (this.#at.length < refusals) return people;
    return people.map((person) =>
      hasEmoji(sentTexts(person)) && !person.leftOut.includes(emoji)
        ? { ...person, leftOut: [...person.leftOut, emoji] }
        : person,
    );
  }
}
