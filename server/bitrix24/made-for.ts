import type { Marked, Marks } from "./marks";
import { fitsAsSent, type PortalContact, type Sent } from "./match-contact";
import { type Dated, type Entered, isOlderThan } from "./portal-clock";
import { isTemplate, type Recurring } from "./recurring";

/** A deal with its external id and contacts. */
export interface LinkedDeal extends Marked, Dated, Recurring {
  /** The main contact. */
  contactId: number | null;
  /** All contacts, the main one first; only of a deal that was read by its id, since lists tell the main one alone. */
  contactIds?: number[] | undefined;
}

/** By what the deals of a registration are recognised. */
export interface DealOwner extends Entered, Sent {
  /** The contact that is stored for the person. */
  contactId: number | null;
}

type Contacts = ReadonlyMap<number, PortalContact>;

/** The deal's contacts as far as they were read. */
export const contactsOf = ({ contactId, contactIds }: LinkedDeal): number[] =>
  contactIds ?? (contactId === null ? [] : [contactId]);

/**
 * Of a deal's contacts, those that are the person's: the stored one, which the webhook's owner may not be allowed to read,
 * and those with this e-mail or phone, or one that was sent before.
 */
export const fittingContacts = (
  deal: LinkedDeal,
  contacts: Contacts,
  owner: Pick<DealOwner, keyof Sent | "contactId">,
): number[] =>
  contactsOf(deal).filter((id) => {
    const contact = contacts.get(id);
    return id === owner.contactId || (contact !== undefined && fitsAsSent(contact, owner) !== null);
  });

/**
 * Whether a deal with the external id of the person's number was created for that person. It is not older than the person,
 * and one of its contacts is the person's: a manager may have made another contact the main one. A deal without contacts
 * has lost them since it was created, so the present external id, which nothing else writes, is enough. A template of
 * recurring deals is a manager's copy. Of several deals that fit, the log tells which were created here: see
 * server/crm/made-deals.ts.
 */
export const isMadeFor = (marks: Marks, deal: LinkedDeal, contacts: Contacts, owner: DealOwner): boolean =>
  !isTemplate(deal) &&
  !isOlderThan(deal, owner) &&
  (contactsOf(deal).length === 0 ? deal.originatorId === marks.own : fittingContacts(deal, contacts, owner).length > 0);
