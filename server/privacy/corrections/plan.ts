import type { Communication, CorrectableContact, CorrectableDeal } from "../../bitrix24/correctable";
import { type ConsentNote, correctionNote, isWholeComment } from "../../bitrix24/deal-comment";
import { titleName } from "../../bitrix24/deal-title";
import { tooLongDetails } from "../../bitrix24/field-lengths";
import type { PortalItem } from "../../bitrix24/items";
import { claimOf, type Marked, type Marks } from "../../bitrix24/marks";
import { sameEmail, samePhone } from "../../bitrix24/match-contact";
import type { AcceptedUpdate } from "../../bitrix24/remains";
import { clipText } from "../../bitrix24/transport/safe-text";
import { type PersonFieldName, personField, type StoredPerson } from "../../person/fields";
import { type ConsentPlan, fieldsOf, noConsents, withConsentsLeft } from "./consent-places";
import { changedFields, contactChanges } from "./contact-changes";
import { extensionChanged, type MappedPlace } from "./mapped-places";
import type { PendingCorrection } from "./pending";
import { sentNow, toldVersions } from "./plain-person";

/** So often the portal may turn down the change of a contact, before the contact is left to the manager. */
const mostRefusals = 5;

/** What is to be done about one person's records. */
export interface OpenPlan {
  /** What to write into the contact; null: nothing. */
  contact: {
    id: number;
    fields: Record<string, unknown>;
    entries: Communication[];
    before: PortalItem;
    places?: NonNullable<AcceptedUpdate["places"]>;
  } | null;
  /** The contact, if it may be changed. */
  ownContact: CorrectableContact | null;
  /** Changed details that are not written into the contact: the manager is told. */
  left: PersonFieldName[];
  /** Changed details that the contact has no room for, and whose former value is removed: the manager is told. */
  tooLong: PersonFieldName[];
  /** Other fields that may still hold an earlier detail: the manager is told. */
  mapped: MappedPlace[];
  /** Fields that say whether a consent holds. */
  consents: ConsentPlan;
  /** Null: there is no deal that we may write to. */
  deal: CorrectableDeal | null;
}

const isOfContact = (name: PersonFieldName) => personField(name).portal !== "comment";

/** The same plan for a contact that cannot be changed after all. */
export const withContactLeft = ({ told, now }: PendingCorrection, plan: OpenPlan): OpenPlan => ({
  ...plan,
  contact: null,
  left: changedFields(told, now).filter(isOfContact),
  tooLong: [],
  consents: withConsentsLeft(plan.consents),
});

/** The same plan with what it writes into fields that say whether a consent holds. */
export function withConsents(plan: OpenPlan, consents: ConsentPlan): OpenPlan {
  const { ownContact } = plan;
  if (!ownContact || consents.contact.length === 0) return { ...plan, consents };
  const fields = { ...fieldsOf(consents.contact), ...plan.contact?.fields };
  const places = Object.fromEntries(consents.contact.map(({ place }) => [place.name, place]));
  return { ...plan, consents, contact: { ...(plan.contact ?? unchanged(ownContact)), fields, places } };
}

const unchanged = ({ id, fields, lastName }: CorrectableContact) => ({ id, entries: fields, before: { lastName } });

/**
 * Decides what is written. Only a contact that we created and whose external id matches is changed: a linked contact
 * existed before, and one with another external id now belongs to another person. The same holds for the deal.
 */
export function planCorrection(
  correction: PendingCorrection,
  {
    contact,
    deal,
    marks,
  }: { contact: CorrectableContact | undefined; deal: CorrectableDeal | undefined; marks: Marks },
): OpenPlan | "held" {
  const { userId, told, now } = correction;
  const fits = (entries: CorrectableContact["fields"]) =>
    [...told, now].some((person) =>
      entries.some(({ typeId, value }) =>
        typeId === "EMAIL" ? sameEmail(value, person.email) : typeId === "PHONE" && samePhone(value, person.phone),
      ),
    );
  // An external id of the older format, without parts, proves ownership only if the contact matches the person.
  const whose = (record: Marked | undefined) => {
    const claim = record && claimOf(marks, record, userId);
    return claim === "legacy" ? (contact && fits(contact.fields) ? "ours" : "foreign") : claim;
  };
  const [contactClaim, dealClaim] = [whose(contact), whose(deal)];
  if (contactClaim === "held" || dealClaim === "held") return "held";

  const nothing = { contact: null, ownContact: null, left: [], tooLong: [], mapped: [], consents: noConsents };
  const plan: OpenPlan = { ...nothing, deal: deal && dealClaim === "ours" ? deal : null };
  const mayChange =
    contact && correction.madeHere && contactClaim === "ours" && correction.contactRefusals < mostRefusals;
  if (!mayChange) return withContactLeft(correction, plan);
  const { fields, disputed, tooLong } = contactChanges(contact, correction);
  const update = fields && { ...unchanged(contact), fields };
  return { ...plan, contact: update, ownContact: contact, left: disputed, tooLong };
}

export interface DealChanges {
  fields: Record<string, unknown>;
  /** The manager has to be told, and the comment has no room for the note: what stands there is not cut for it. */
  isFull: boolean;
}

type Told = Pick<OpenPlan, "left" | "tooLong" | "mapped" | "consents">;

/**
 * The deal's fields that a correction changes: the title, if it still contains a former name, those that say whether a
 * consent holds, and a note for the manager about `left`, `tooLong`, `mapped` and `notes`, and about fields that only the
 * comment holds. Repeating changes nothing.
 */
export function dealChanges(
  deal: CorrectableDeal,
  correction: PendingCorrection,
  { left, tooLong, mapped, consents, notes, timeZone }: Told & { notes: ConsentNote[]; timeZone: string },
): DealChanges {
  const { userId, told, now, locale, changedAt } = correction;
  const sent = sentNow(correction);
  const fields = fieldsOf(consents.deal);
  let isFull = false;
  const nameOf = (person: StoredPerson) => titleName({ ...person, locale, userId });
  const name = nameOf(sent);
  const former = toldVersions(correction)
    .map(nameOf)
    .find((each) => each !== name && isTitled(deal.title, each));
  if (former !== undefined && !isTitled(deal.title, name)) {
    const title = clipText(deal.title.replace(asWords(former), () => name));
    // A longer name would push out the end, which a manager may have written.
    if (!title.clipped) fields.title = title.text;
  }

  const inComments = changedFields(told, now).filter((name) => !isOfContact(name));
  const inMapped = changedFields(told, now).filter((name) => mapped.some(({ source }) => source === name));
  // The comment has what the contact's fields do not hold whole, or it told what they did not.
  const beyond = new Set([...told, now].flatMap(tooLongDetails));
  const inPart = changedFields(told, now).filter((name) => beyond.has(name));
  const extension = extensionChanged({ told, now });
  if (left.length + inComments.length + inMapped.length + inPart.length + notes.length > 0 || extension) {
    const noteOf = (person: StoredPerson) =>
      correctionNote(
        { ...person, locale },
        {
          fields: [...new Set([...left, ...inComments, ...inMapped, ...inPart])],
          isLeft: left.length > 0,
          isTooLong: tooLong.length > 0,
          mapped: [...mapped, ...consents.left].map(({ label }) => label),
          consents: notes,
          ...{ extension, at: changedAt, timeZone },
        },
      );
    const note = noteOf(sent);
    // A portal that broke down over an emoji may have kept the note all the same.
    if (![now, sent].some((person) => plain(deal.comments).includes(plain(noteOf(person))))) {
      const comments = [deal.comments, note].filter(Boolean).join(deal.comments.includes("<br") ? "<br>" : "\n");
      if (isWholeComment(comments)) fields.comments = comments;
      else isFull = true;
    }
  }
  return { fields, isFull };
}

/** The name where no letter or digit stands beside it. */
const asWords = (name: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\p{L}\\p{N}])`, "u");

/** Whether the title contains the name. Its place is the template's, which may have changed since. */
const isTitled = (title: string, name: string) => asWords(name).test(title);

/**
 * The text without the markup that the portal's editor adds around and between lines. No mark has another beginning in it:
 * else each `<` of a comment with thousands of them would be looked for an end through all the rest.
 */
const plain = (text: string) =>
  text
    .replace(/<[^<>]*>|\[\/?\w+\]/g, " ")
    .replace(/&nbsp;/g, " ")
    .replace(/&amp;/g, "&")
    .replace(/\s+/g, " ")
    .trim();
