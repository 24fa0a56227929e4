import type { PortalDeal } from "../bitrix24/deals";
import { linkContacts } from "../bitrix24/linked-deals";
import { contactsOf, fittingContacts } from "../bitrix24/made-for";
import { dealClaimOf } from "../bitrix24/marks";
import { unconfirmed } from "../bitrix24/ownership-errors";
import type { SettledSale } from "../bitrix24/sale";
import type { Bitrix24Error } from "../bitrix24/transport/error";
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
  /** Users whose deal has contacts that the portal does not return, with the error: whose it is, is unknown. */
  unread: Map<number, Bitrix24Error>;
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
  const unsure = rows.flatMap((row) => {
    const deal = deals.get(row.dealId);
    return deal && ["legacy", "foreign"].includes(claim(row)) ? [{ row, deal }] : [];
  });
  const { linked, contacts, unread } = await linkContacts(
    bitrix24.batchRunner,
    unsure.map(({ deal }) => deal),
    // A manager may have made another contact the main one.
    (main) =>
      unsure.flatMap(({ row, deal }) =>
        deal.contactId !== null && fittingContacts(deal, main, row).length === 0 ? [deal] : [],
      ),
  );
  const linkedById = new Map(linked.map((deal) => [deal.id, deal]));
  const result: OwnDeals<Row> = { own: [], strangers: [], held: new Map(), unread: new Map() };
  for (const row of rows) {
    const whose = claim(row);
    const deal = linkedById.get(row.dealId);
    const ids = deal ? contactsOf(deal) : [];
    const error = unread.get(row.dealId);
    const fits = deal !== undefined && fittingContacts(deal, contacts, row).length > 0;
    if (whose === "held") result.held.set(row.userId, unconfirmed());
    else if (whose === "ours" || whose === "gone" || (whose === "legacy" && fits)) result.own.push(row);
    else if (error && !fits) result.unread.set(row.userId, error);
    else {
      log.warn({ userId: row.userId, dealId: row.dealId }, "the stored deal has another external id and is left alone");
      // A deal with the person's contact was the person's before another program took it. With any other contact it
      // never was, so the person's deal is gone; a contact, or a deal's contacts, that could not be read prove neither.
      const isRead =
        ids.length > 0 ? deal?.contactIds !== undefined && ids.every((id) => contacts.has(id)) : whose === "foreign";
      if (!fits && isRead) result.strangers.push(row);
    }
  }
  return result;
}
