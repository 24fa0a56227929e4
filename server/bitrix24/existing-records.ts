import type { Match, PortalContact } from "./match-contact";
import type { ContactBy, Person } from "./person";
import type { Found } from "./progress";
import type { FoundDeal } from "./responses";
import type { Bitrix24Error } from "./transport/error";

/** Contacts and deals that may belong to one of the people, by id. The caller decides which person they belong to. */
export interface FoundRecords {
  contacts: Map<number, PortalContact>;
  deals: Map<number, FoundDeal>;
  /** Stored ids of records that the webhook's owner may not read, with the portal's refusal. */
  closed: { contacts: Map<number, Bitrix24Error>; deals: Map<number, Bitrix24Error> };
  /** Contacts that the duplicate search names and the portal does not return: whose they are, is unknown. */
  hidden: number[];
}

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
  found: Found;
  /** The record of the stored id no longer exists, or belongs to another person. */
  dropped: { contact: boolean; deal: boolean };
  /** The error that forbids every write to this person's records. */
  barred: Bitrix24Error | null;
}

/** A person with the records found on the portal. */
export type KnownPerson = Person & { existing: ExistingRecords };

/** Whether the person had no deal when this attempt began, so that the one that they have by now was created in it. */
export const isDealNew = ({ existing }: KnownPerson): boolean => existing.dealId === null && existing.lost === null;

/** Whether a deal is to be created for the person. */
export const needsDeal = ({ dealId, existing }: KnownPerson): boolean => dealId === null && existing.lost === null;
