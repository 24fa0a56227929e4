import type { PortalDeal } from "../bitrix24/deals";
import { readContacts } from "../bitrix24/look-up";
import { dealClaimOf } from "../bitrix24/marks";
import { fitsBy } from "../bitrix24/match-contact";
import { unconfirmed } from "../bitrix24/ownership-errors";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";
import type { DealRow } from "./deal-snapshot";

export interface OwnDeals {
  /** Rows whose deal belongs to this installation, or no longer exists. */
  own: DealRow[];
  /** Rows whose stored id names another record now: the person's deal is gone and its id was reused. */
  strangers: DealRow[];
  /** Users that wait for an administrator's answer, with the error. */
  held: Map<number, Bitrix24Error>;
}

/**
 * Separates the rows whose stored id names another person's deal now. That deal must not be written to, and its stage
 * does not tell their payment. A legacy external id, and a deal that an administrator has chosen, count only if the
 * deal's contact fits the person. Throws Bitrix24Error.
 */
export async function ownDeals(
  { bitrix24, log }: Pick<Services, "bitrix24" | "log">,
  rows: DealRow[],
  deals: Map<number, PortalDeal>,
): Promise<OwnDeals> {
  const marks = await bitrix24.marks();
  const claim = (row: DealRow) => {
    const deal = deals.get(row.dealId);
    return deal ? dealClaimOf(marks, deal, row.userId, row.sale?.chosen === true) : "gone";
  };
  const unsure = rows.filter((row) => ["legacy", "foreign"].includes(claim(row)));
  const contactOf = (row: DealRow) => deals.get(row.dealId)?.contactId ?? 0;
  const contacts = new Map(
    (await readContacts(bitrix24.batchRunner, unsure.map(contactOf).filter(Boolean))).map((each) => [each.id, each]),
  );
  const result: OwnDeals = { own: [], strangers: [], held: new Map() };
  for (const row of rows) {
    const whose = claim(row);
    const contact = contacts.get(contactOf(row));
    const isContacts = row.contactId !== null && row.contactId === contactOf(row);
    const fits = contact !== undefined && (fitsBy(contact, row) !== null || (row.sale?.chosen === true && isContacts));
    if (whose === "held") result.held.set(row.userId, unconfirmed());
    else if (whose === "ours" || whose === "gone" || (whose === "legacy" && fits)) result.own.push(row);
    else {
      log.warn({ userId: row.userId, dealId: row.dealId }, "the stored deal has another external id and is left alone");
      // A deal with the person's contact was the person's before another program took it. With any other contact it
      // never was, so the person's deal is gone.
      if (!fits) result.strangers.push(row);
    }
  }
  return result;
}
