import { type PortalDeal, readEach } from "../bitrix24/deals";
import { dealType } from "../bitrix24/fields";
import { readContacts } from "../bitrix24/look-up";
import { dealClaimOf } from "../bitrix24/marks";
import { fitsBy, type PortalContact } from "../bitrix24/match-contact";
import { unconfirmed } from "../bitrix24/ownership-errors";
import { contactIdsOf } from "../bitrix24/responses";
import type { SettledSale } from "../bitrix24/sale";
import { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";

/** A person with the stored ids, and the sale that tells whether an administrator chose the deal. */
interface DealOwner {
  userId: number;
  dealId: number;
  contactId: number | null;
  email: string;
  phone: string;
  sale: SettledSale | null;
}

interface OwnDeals<Row> {
  /** Rows whose deal belongs to this installation, or no longer exists. */
  own: Row[];
  /** Rows whose stored id names another record now: the person's deal is gone and its id was reused. */
  strangers: Row[];
  /** Users that wait for an administrator's answer, with the error. */
  held: Map<number, Bitrix24Error>;
}

/**
 * Separates the rows whose stored id names another person's deal now. That deal must not be written to, and its stage
 * does not tell their payment. A legacy external id, and a deal that an administrator has chosen, count only if
 * one of the deal's contacts is the person's stored one, or fits the person. Throws Bitrix24Error.
 */
export async function ownDeals<Row extends DealOwner>(
  { bitrix24, log }: Pick<Services, "bitrix24" | "log">,
  rows: Row[],
  deals: Map<number, PortalDeal>,
): Promise<OwnDeals<Row>> {
  const marks = await bitrix24.marks();
  const claim = (row: Row) => {
    const deal = deals.get(row.dealId);
    return deal ? dealClaimOf(marks, deal, row.userId, row.sale?.chosen === true) : "gone";
  };
  const unsure = rows.filter((row) => ["legacy", "foreign"].includes(claim(row)));
  const { contactsOf, contacts } = await readContactsOf(bitrix24, unsure, deals);
  const result: OwnDeals<Row> = { own: [], strangers: [], held: new Map() };
  for (const row of rows) {
    const whose = claim(row);
    const ids = contactsOf(row);
    const fits = ids.some((id) => fitsAs(contacts, row, id));
    if (whose === "held") result.held.set(row.userId, unconfirmed());
    else if (whose === "ours" || whose === "gone" || (whose === "legacy" && fits)) result.own.push(row);
    else {
      log.warn({ userId: row.userId, dealId: row.dealId }, "the stored deal has another external id and is left alone");
      // A deal with the person's contact was the person's before another program took it. With any other contact it
      // never was, so the person's deal is gone; a contact that could not be read proves neither.
      const isRead = ids.length > 0 ? ids.every((id) => contacts.has(id)) : whose === "foreign";
      if (!fits && isRead) result.strangers.push(row);
    }
  }
  return result;
}

type Contacts = ReadonlyMap<number, PortalContact>;

/** The webhook's owner may not be allowed to read the contact, so the stored id counts whether it was read or not. */
function fitsAs(contacts: Contacts, row: DealOwner, id: number): boolean {
  const contact = contacts.get(id);
  return id === row.contactId || (contact !== undefined && fitsBy(contact, row) !== null);
}

/**
 * The contacts of the rows' deals: the main one alone, which a list tells, or all of them where that one is not the
 * person's, since a manager may have made another contact the main one. Throws Bitrix24Error.
 */
async function readContactsOf(
  { batchRunner }: Services["bitrix24"],
  rows: DealOwner[],
  deals: Map<number, PortalDeal>,
): Promise<{ contactsOf: (row: DealOwner) => number[]; contacts: Contacts }> {
  const mainOf = (row: DealOwner) => deals.get(row.dealId)?.contactId ?? null;
  const main = await readContacts(
    batchRunner,
    rows.flatMap((row) => mainOf(row) ?? []),
  );
  const contacts = new Map(main.map((contact) => [contact.id, contact]));
  const isOther = (row: DealOwner) => {
    const id = mainOf(row);
    return id !== null && !fitsAs(contacts, row, id);
  };
  const asked = rows.filter(isOther).map(({ dealId }) => dealId);
  const all = new Map<number, number[]>();
  for (const [id, deal] of await readEach(batchRunner, dealType, asked))
    if (!(deal instanceof Bitrix24Error)) all.set(id, contactIdsOf(deal));
  const further = [...all.values()].flat().filter((id) => !contacts.has(id));
  for (const contact of await readContacts(batchRunner, further)) contacts.set(contact.id, contact);
  return {
    contactsOf: (row) => all.get(row.dealId) ?? [mainOf(row)].filter((id) => id !== null),
    contacts,
  };
}
