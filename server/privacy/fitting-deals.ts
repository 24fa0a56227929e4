import { readEach } from "../bitrix24/deals";
import { dealType } from "../bitrix24/fields";
import { assertRead } from "../bitrix24/items";
import type { Marks } from "../bitrix24/marks";
import { oldest } from "../bitrix24/oldest";
import type { OwnDeal } from "../bitrix24/own-records";
import { isTemplate } from "../bitrix24/recurring";
import { contactIdsOf } from "../bitrix24/responses";
import type { BatchRunner } from "../bitrix24/transport/batch-runner";
import { isCopy, type MadeDeals } from "../crm/made-deals";

interface KnownIds {
  /** The stored deal, and those that the log says were made for the person. */
  deals: number[];
  /** The stored contact, and those that fit the person. */
  contacts: ReadonlySet<number>;
}

/**
 * Of the deals with an erased person's external id, those that can be the person's, as made-for.ts says of people who are
 * still known: after a database was replaced by an empty one, a user id can exist twice. A manager may have made another
 * contact the main one, which only a reading of the deal by its id tells; no request is added for other deals.
 */
export async function fittingDeals(
  batchRunner: BatchRunner,
  marks: Marks,
  deals: OwnDeal[],
  known: KnownIds,
): Promise<OwnDeal[]> {
  const isClear = ({ id, contactId, originatorId }: OwnDeal) =>
    known.deals.includes(id) || (contactId === null ? originatorId === marks.own : known.contacts.has(contactId));
  const unclear = deals.filter((deal) => deal.contactId !== null && !isClear(deal)).map(({ id }) => id);
  // A deal that is passed over keeps the person's data: the erasure is tried again until the portal returns it.
  const read = assertRead(await readEach(batchRunner, dealType, unclear));
  const hasTheirs = (id: number) => contactIdsOf(read.get(id)).some((contactId) => known.contacts.has(contactId));
  return deals.filter((deal) => isClear(deal) || hasTheirs(deal.id));
}

/** Templates of recurring deals are managers' copies whatever else is known. */
export const withoutTemplates = (deals: OwnDeal[]): OwnDeal[] => deals.filter((deal) => !isTemplate(deal));

/**
 * Of the deals with an erased person's external id, those that managers have not copied from the person's own: sales of
 * theirs that come every month. Where nothing names the person's own one, the oldest is it.
 */
export function originals(deals: OwnDeal[], made: MadeDeals): OwnDeal[] {
  const candidates = withoutTemplates(deals);
  const first = oldest([...candidates]);
  const known = made.ids.length > 0 || !first ? made : { ...made, ids: [first.id] };
  return candidates.filter((deal) => !isCopy(deal, known));
}
