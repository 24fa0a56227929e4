import type { ExistingRecords } from "./existing-records";
import type { FoundRecords } from "./look-up";
import { claimOf, dealClaimOf, type Marked, type Marks } from "./marks";
import { chooseContact, fitsBy, type PortalContact } from "./match-contact";
import { oldest } from "./oldest";
import { foreignMark, unconfirmed } from "./ownership-errors";
import type { ContactBy, Person } from "./person";
import type { FoundDeal } from "./responses";

/**
 * Whether a record with the external id of the person's number can be this person's. After a restoration a new user may
 * have been given the number of a lost one, even in the same family with one phone: on a record with a former external
 * id the e-mail must fit, unless its contact has none.
 */
const provesPerson = (marks: Marks, { originatorId }: Marked, contact: PortalContact, person: Person): boolean =>
  !marks.former.includes(originatorId) || contact.emails.length === 0 || fitsBy(contact, person) === "email";

export function judge(person: Person, marks: Marks, records: FoundRecords): ExistingRecords {
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
