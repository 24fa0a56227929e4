import type { PortalDeal } from "../bitrix24/deals";
import { readContacts } from "../bitrix24/look-up";
import { dealClaimOf } from "../bitrix24/marks";
import { fitsBy } from "../bitrix24/match-contact";
import { unconfirmed } from "../bitrix24/ownership-errors";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";
import type { DealRow } from "./deal-snapshot";

export interface OwnDeals {
  /** Whose deal is this installation's, or no longer exists. */
  own: DealRow[];
  /** Whose stored number names a deal of somebody else: their own went, and its number was given again. */
  strangers: DealRow[];
  /** Who waits for an administrator's answer, and why. */
  held: Map<number, Bitrix24Error>;
}

/**
 * Leaves out the rows whose stored number names another person's deal by now: neither is it written to, nor does its
 * stage say anything of their payment. A mark of before there were parts, and a deal that an administrator has chosen, count
 * where the deal's contact is the person's. Throws Bitrix24Error.
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
      log.warn({ userId: row.userId, dealId: row.dealId }, "the stored deal bears another mark and is left alone");
      // One with the person's contact was theirs before another program claimed it; of any other, theirs is gone.
      if (!fits) result.strangers.push(row);
    }
  }
  return result;
}
