import type { ExistingRecords, FoundRecords } from "./existing-records";
import { type DealOwner, fittingContacts, isMadeFor } from "./made-for";
import { type Claim, claimOf, dealClaimOf, isOwn, type Marked, type Marks } from "./marks";
import { chooseContact, fitsAsSent, type PortalContact } from "./match-contact";
import { oldest } from "./oldest";
import { isBare } from "./ornaments";
import { foreignMark, unconfirmed } from "./ownership-errors";
import type { ContactBy, Person } from "./person";
import { isOlderThan } from "./portal-clock";
import type { Copies } from "./progress";
import type { FoundDeal } from "./responses";

/**
 * Whether a record with the external id of the person's number can be this person's. After a restoration a new user may
 * have been given the number of a lost one, even in the same family with one phone: on a record with a former external
 * id the e-mail must fit, unless its contact has none.
 */
const provesPerson = (marks: Marks, { originatorId }: Marked, contact: PortalContact, person: Person): boolean =>
  !marks.former.includes(originatorId) || contact.emails.length === 0 || fitsAsSent(contact, person) === "email";

/** Whether a contact with the external id of the person's number was created for that person. */
const isOwnContact = (marks: Marks, contact: PortalContact, person: Person): boolean =>
  !isOlderThan(contact, person) && provesPerson(marks, contact, contact, person);

export function judge(person: Person, marks: Marks, records: FoundRecords, copies: Copies): ExistingRecords {
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
  judgeDeal(result, person, marks, records, copies);
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
    const hasNeither = ({ emails, phones }: PortalContact) => emails.length + phones.length === 0;
    // A contact that was created without e-mail and phone can only be recognised by its external id.
    const bare = isBare(person);
    const fitting = [...contacts.values()].filter(
      (contact) =>
        (fitsAsSent(contact, person) && provesPerson(marks, contact, contact, person)) || (bare && hasNeither(contact)),
    );
    const marked = (some: PortalContact[], claim: Claim) =>
      oldest(some.filter((contact) => claimOf(marks, contact, person.userId) === claim));
    if (marked(fitting, "held")) result.barred = unconfirmed();
    // An older one may be linked, like every contact that fits.
    const made = fitting.filter((contact) => !isOlderThan(contact, person));
    const ours = marked(made, "ours");
    if (ours) result.found.contactId = ours.id;
    takeContact(result, ours ?? marked(made, "legacy"), "made");
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
  const fits = fitsAsSent(stored, person);
  const linked = person.contactBy === "made" ? null : person.contactBy;
  if (claim === "held") result.barred = unconfirmed();
  else if (
    (claim === "ours" && (person.contactBy === "made" || isOwnContact(marks, stored, person))) ||
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
  copies: Copies,
): void {
  const owner = { ...person, contactId: result.contactId };
  const fits = (deal: FoundDeal): boolean => fittingContacts(deal, contacts, owner).length > 0;
  const chosen = person.settledSale?.dealId === person.dealId && person.settledSale?.chosen === true;
  const claim = (deal: FoundDeal) => dealClaimOf(marks, deal, person.userId, chosen);
  if (person.dealId === null) {
    const named = [...deals.values()].filter((deal) => provesOwner(marks, deal, contacts, person, owner));
    if (named.some((deal) => fits(deal) && claim(deal) === "held")) result.barred = unconfirmed();
    const made = named.filter((deal) => isMadeFor(marks, deal, contacts, owner) && isOwn(claim(deal)));
    const { certain, possible } = copies;
    const proved = oldest(made.filter(({ id }) => !certain.has(id) && !possible.has(id)));
    // A deal that may have been created here is taken before another one is created.
    const found = proved ?? oldest(made.filter(({ id }) => possible.has(id)));
    if (!found) return;
    if (claim(found) === "ours") result.found.dealId = found.id;
    takeDeal(result, found, owner, contacts);
    return;
  }
  const stored = deals.get(person.dealId);
  const refusal = closed.deals.get(person.dealId);
  if (refusal) result.barred = refusal;
  else if (!stored) dropDeal(result);
  else if (claim(stored) === "held") result.barred = unconfirmed();
  else if (claim(stored) === "ours" || (claim(stored) === "legacy" && fits(stored)))
    takeDeal(result, stored, owner, contacts);
  // A deal that an administrator has chosen is not replaced by a new one because it was changed.
  else if (fits(stored) || chosen) result.barred = foreignMark();
  else dropDeal(result);
}

/** Whether those of the deal's contacts that fit prove the person as well; what could not be read contradicts nothing. */
function provesOwner(
  marks: Marks,
  deal: FoundDeal,
  contacts: Map<number, PortalContact>,
  person: Person,
  owner: DealOwner,
): boolean {
  const fitting = fittingContacts(deal, contacts, owner).map((id) => contacts.get(id));
  return fitting.length === 0 || fitting.some((contact) => !contact || provesPerson(marks, deal, contact, person));
}

function takeDeal(
  result: ExistingRecords,
  deal: FoundDeal,
  owner: DealOwner,
  contacts: Map<number, PortalContact>,
): void {
  result.dealId = deal.id;
  result.deal = deal;
  if (result.contactId !== null) return;
  const [contactId] = fittingContacts(deal, contacts, owner);
  const contact = contacts.get(contactId ?? 0);
  if (contact) takeContact(result, contact, fitsAsSent(contact, owner));
}

function dropDeal(result: ExistingRecords): void {
  result.dealId = null;
  result.dropped.deal = true;
}
