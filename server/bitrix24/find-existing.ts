import type { Logger } from "../platform/log";
import { type FoundRecords, lookUp, readDealsFor } from "./look-up";
import { claimOf, dealClaimOf, type Marked, type Marks } from "./marks";
import { chooseContact, fitsBy, fitsByBoth, type Match, type PortalContact } from "./match-contact";
import { foreignMark, unconfirmed } from "./ownership-errors";
import { type ContactBy, type Person, userIdOf } from "./person";
import { foundMethod, lookUpStep, type ProgressPort, type Step } from "./progress";
import type { FoundDeal } from "./responses";
import type { BatchRunner } from "./transport/batch-runner";
import type { Bitrix24Error } from "./transport/error";

/** The records of a person on the portal. */
export interface ExistingRecords {
  contactId: number | null;
  contactBy: ContactBy | null;
  /** The contact as read from the portal; null if it cannot be read. */
  contact: PortalContact | null;
  /** Set if the duplicate search of this run found this contact. */
  match: Match | null;
  dealId: number | null;
  deal: FoundDeal | null;
  /**
   * A deal that this installation created for the same person in a registration that its database has lost. It is
   * adopted in place of a new deal.
   */
  lost: FoundDeal | null;
  /** Records that were created here but whose ids were not stored yet. */
  found: { contactId?: number; dealId?: number };
  /** The record of the stored id no longer exists, or belongs to another person. */
  dropped: { contact: boolean; deal: boolean };
  /** The error that forbids every write to this person's records. */
  barred: Bitrix24Error | null;
}

/** A person with the records found on the portal. */
export type KnownPerson = Person & { existing: ExistingRecords };

/**
 * Finds each person's contact and deal. A record found by external id counts only if it also fits the person, by
 * e-mail, phone or the deal's contact. A record of a stored id counts only if its external id or the person still fits:
 * in a restored database, or on another portal, the same ids name other people's records. If several records fit (a
 * request took effect after the quarantine), the oldest counts. Throws Bitrix24Error.
 */
export async function findExisting(
  batchRunner: BatchRunner,
  marks: Marks,
  people: Person[],
  progress: Pick<ProgressPort, "findLost">,
): Promise<KnownPerson[]> {
  const judged = new Map<number, ExistingRecords>();
  for (let asked = people; asked.length > 0; ) {
    const records = await lookUp(batchRunner, marks, asked);
    const again: Person[] = [];
    for (const person of asked) {
      const existing = judge(person, marks, records);
      const before = judged.get(person.userId);
      judged.set(person.userId, before ? { ...existing, dropped: before.dropped } : existing);
      // The stored ids are no longer valid: these people are looked up again as people without ids.
      const { dropped, contactId, contactBy, dealId } = existing;
      if (!before && (dropped.contact || dropped.deal)) again.push({ ...person, contactId, contactBy, dealId });
    }
    asked = again;
  }
  const known = people.map((person): KnownPerson => {
    const existing = judged.get(person.userId) as ExistingRecords;
    const { contactId, contactBy, dealId } = existing;
    return { ...person, contactId, contactBy, dealId, existing };
  });
  return withLostDeals(known, marks, batchRunner, progress);
}

/**
 * Finds the deals of registrations that this database has lost. A deal certainly belongs to a person if its contact was
 * created with the same external id and has the person's e-mail as well as the phone. In a family with one phone, or on
 * a contact that was only linked, it may belong to another person. What the deal sells may have been changed by
 * managers since, so nothing is added beside other rows. Costs a request only if there is such a contact.
 */
async function withLostDeals(
  people: KnownPerson[],
  marks: Marks,
  batchRunner: BatchRunner,
  progress: Pick<ProgressPort, "findLost">,
): Promise<KnownPerson[]> {
  const lostUsers = new Map(people.map((person) => [person.userId, lostUserOf(person, marks)]));
  const asked = [...lostUsers.values()].filter((userId) => userId !== null);
  if (asked.length === 0) return people;
  const deals = (await readDealsFor(batchRunner, marks, asked)).filter(({ originatorId }) =>
    isOwn(marks, originatorId),
  );
  const lost = await progress.findLost(deals);
  return people.map((person) => {
    const contact = person.existing.contact;
    const deal = oldest(
      deals.filter(
        ({ id, contactId, originatorId, originId }) =>
          lost.has(id) &&
          userIdOf(originId) === lostUsers.get(person.userId) &&
          contactId === contact?.id &&
          originatorId === contact.originatorId,
      ),
    );
    return deal ? { ...person, rowUncertain: true, existing: { ...person.existing, lost: deal } } : person;
  });
}

const isOwn = ({ own, former }: Marks, originatorId: string): boolean => [own, ...former].includes(originatorId);

/** The other user for whom this installation created the contact that fits the person by e-mail and phone. */
function lostUserOf(person: KnownPerson, marks: Marks): number | null {
  const { contact, barred } = person.existing;
  if (person.dealId !== null || barred || !contact) return null;
  const userId = userIdOf(contact.originId);
  return isOwn(marks, contact.originatorId) && userId !== person.userId && fitsByBoth(contact, person) ? userId : null;
}

/** Whether a deal is to be created for the person. */
export const needsDeal = ({ dealId, existing }: KnownPerson): boolean => dealId === null && existing.lost === null;

/**
 * Whether a record with the external id of the person's number can be this person's. After a restoration a new user may
 * have been given the number of a lost one, even in the same family with one phone: on a record with a former external
 * id the e-mail must fit, unless its contact has none.
 */
const provesPerson = (marks: Marks, { originatorId }: Marked, contact: PortalContact, person: Person): boolean =>
  !marks.former.includes(originatorId) || contact.emails.length === 0 || fitsBy(contact, person) === "email";

const oldest = <T extends { id: number }>(rows: T[]): T | undefined => rows.sort((a, b) => a.id - b.id)[0];

function judge(person: Person, marks: Marks, records: FoundRecords): ExistingRecords {
  const result: ExistingRecords = {
    contactId: person.contactId,
    contactBy: person.contactBy,
    contact: null,
    match: null,
    dealId: person.dealId,
    deal: null,
    lost: null,
    found: {},
    dropped: { contact: false, deal: false },
    barred: null,
  };
  judgeContact(result, person, marks, records);
  judgeDeal(result, person, marks, records);
  if (result.contactId === null && !result.dropped.contact) {
    result.match = chooseContact(person, [...records.contacts.values()]);
    takeContact(result, result.match?.contact, result.match?.by ?? null);
  }
  return result;
}

function takeContact(result: ExistingRecords, contact: PortalContact | undefined, by: ContactBy | null): void {
  if (!contact) return;
  result.contactId = contact.id;
  result.contactBy = by;
  result.contact = contact;
}

function judgeContact(result: ExistingRecords, person: Person, marks: Marks, { contacts, closed }: FoundRecords): void {
  if (person.contactId === null) {
    const isBare = ({ emails, phones }: PortalContact) => emails.length + phones.length === 0;
    // A contact that was created without e-mail and phone can only be recognised by its external id.
    const bare = ["EMAIL", "PHONE"].every((field) => person.leftOut.includes(field));
    const fitting = [...contacts.values()].filter(
      (contact) =>
        (fitsBy(contact, person) && provesPerson(marks, contact, contact, person)) || (bare && isBare(contact)),
    );
    const marked = (...claims: string[]) =>
      oldest(fitting.filter((contact) => claims.includes(claimOf(marks, contact, person.userId))));
    if (marked("held")) result.barred = unconfirmed();
    const ours = marked("ours");
    if (ours) result.found.contactId = ours.id;
    takeContact(result, ours ?? marked("legacy"), "made");
    return;
  }
  const stored = contacts.get(person.contactId);
  if (!stored) {
    // A contact that is closed to the webhook's owner is kept: nothing is written to it, and the deal may still name
    // it.
    if (!closed.contacts.has(person.contactId)) dropContact(result);
    return;
  }
  const claim = claimOf(marks, stored, person.userId);
  const fits = fitsBy(stored, person);
  const linked = person.contactBy === "made" ? null : person.contactBy;
  if (claim === "held") result.barred = unconfirmed();
  else if (
    (claim === "ours" && (person.contactBy === "made" || provesPerson(marks, stored, stored, person))) ||
    (claim === "legacy" && fits)
  )
    takeContact(result, stored, "made");
  // A linked contact stays linked, even if a manager has changed its e-mails and phones since.
  else if (linked ?? fits) takeContact(result, stored, linked ?? fits);
  else dropContact(result);
}

function dropContact(result: ExistingRecords): void {
  result.contactId = null;
  result.contactBy = null;
  result.dropped.contact = true;
}

function judgeDeal(
  result: ExistingRecords,
  person: Person,
  marks: Marks,
  { contacts, deals, closed }: FoundRecords,
): void {
  const fits = ({ contactId }: FoundDeal): boolean => {
    const contact = contactId === null ? undefined : contacts.get(contactId);
    return (contact && fitsBy(contact, person) !== null) || (contactId !== null && contactId === result.contactId);
  };
  const chosen = person.settledSale?.dealId === person.dealId && person.settledSale?.chosen === true;
  const claim = (deal: FoundDeal) => dealClaimOf(marks, deal, person.userId, chosen);
  if (person.dealId === null) {
    const fitting = [...deals.values()].filter((deal) => {
      const contact = deal.contactId === null ? undefined : contacts.get(deal.contactId);
      return fits(deal) && (!contact || provesPerson(marks, deal, contact, person));
    });
    if (fitting.some((deal) => claim(deal) === "held")) result.barred = unconfirmed();
    const found = oldest(fitting.filter((deal) => ["ours", "legacy"].includes(claim(deal))));
    if (!found) return;
    if (claim(found) === "ours") result.found.dealId = found.id;
    takeDeal(result, found, person, contacts);
    return;
  }
  const stored = deals.get(person.dealId);
  const refusal = closed.deals.get(person.dealId);
  if (refusal) result.barred = refusal;
  else if (!stored) dropDeal(result);
  else if (claim(stored) === "held") result.barred = unconfirmed();
  else if (claim(stored) === "ours" || (claim(stored) === "legacy" && fits(stored)))
    takeDeal(result, stored, person, contacts);
  // A deal that an administrator has chosen is not replaced by a new one because it was changed.
  else if (fits(stored) || chosen) result.barred = foreignMark();
  else dropDeal(result);
}

function takeDeal(
  result: ExistingRecords,
  deal: FoundDeal,
  person: Person,
  contacts: Map<number, PortalContact>,
): void {
  result.dealId = deal.id;
  result.deal = deal;
  const contact = deal.contactId === null ? undefined : contacts.get(deal.contactId);
  const by = contact ? fitsBy(contact, person) : null;
  if (result.contactId === null && by) takeContact(result, contact, by);
}

function dropDeal(result: ExistingRecords): void {
  result.dealId = null;
  result.dropped.deal = true;
}

/** The look-up's results for the log and the users' rows. */
export const lookUpSteps = (people: KnownPerson[], durationMs: number): Step[] =>
  people.map(({ userId, existing }) => {
    const { match, contactId, contactBy, dealId, deal, dropped, barred } = existing;
    return {
      userId,
      method: lookUpStep,
      step: lookUpStep,
      outcome: barred ? "NO" : "OK",
      ...(barred ? { code: barred.code } : {}),
      durationMs,
      dropContact: dropped.contact,
      dropDeal: dropped.deal,
      // An existing contact is linked in the next phase; records that were created here count at once.
      ...(contactId && !match ? { contactId, contactBy } : {}),
      ...(dealId ? { dealId } : {}),
      ...(dealId && deal?.assignedById ? { responsibleId: deal.assignedById } : {}),
    };
  });

/** Log steps for records that were created here but not stored, separate so that a removal can rely on them. */
export const foundSteps = (people: KnownPerson[]): Step[] =>
  people.flatMap(({ userId, existing: { found } }): Step[] =>
    found.contactId === undefined && found.dealId === undefined
      ? []
      : [{ userId, method: foundMethod, outcome: "OK", durationMs: 0, ...found }],
  );

/**
 * Logs what an administrator may ask about: a choice among several contacts, and stored ids that named other people's
 * records.
 */
export function logFound(log: Logger, people: KnownPerson[]): void {
  for (const { userId, existing } of people) {
    const { match, contactId, dropped } = existing;
    if (match && match.candidates > 1)
      log.info(
        { userId, contactId, by: match.by, candidates: match.candidates },
        "several contacts fit: the oldest is linked",
      );
    if (dropped.contact || dropped.deal)
      log.warn({ userId, ...dropped }, "the stored ids belong to records of other people and were dropped");
  }
}
