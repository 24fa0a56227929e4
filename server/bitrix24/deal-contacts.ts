import { readEach } from "./deals";
import { dealType } from "./fields";
import { fittingContacts, type LinkedDeal } from "./made-for";
import { claimOf, type Marks } from "./marks";
import type { PortalContact } from "./match-contact";
import { userIdOf } from "./person";
import { contactIdsOf } from "./responses";
import type { BatchRunner } from "./transport/batch-runner";
import { Bitrix24Error } from "./transport/error";

interface Sought {
  userId: number;
  email: string;
  phone: string;
  contactId: number | null;
}

/**
 * All contacts of the deals that have an external id of ours for one of these people and a main contact that is not the
 * person's: a manager may have made an accountant the main one. Costs requests only if there are such deals; deals that
 * may not be read are missing. Throws Bitrix24Error.
 */
export async function readDealContacts(
  batchRunner: BatchRunner,
  marks: Marks,
  people: Sought[],
  { deals, contacts }: { deals: (LinkedDeal & { id: number })[]; contacts: ReadonlyMap<number, PortalContact> },
): Promise<Map<number, number[]>> {
  const byId = new Map(people.map((person) => [person.userId, person]));
  const unfit = deals.filter((deal) => {
    const person = byId.get(userIdOf(deal.originId) ?? 0);
    if (!person || deal.contactId === null || claimOf(marks, deal, person.userId) !== "ours") return false;
    return fittingContacts(deal, contacts, person).length === 0;
  });
  if (unfit.length === 0) return new Map();
  const read = await readEach(
    batchRunner,
    dealType,
    unfit.map(({ id }) => id),
  );
  return new Map(
    [...read].flatMap(([id, deal]) => (deal instanceof Bitrix24Error ? [] : [[id, contactIdsOf(deal)] as const])),
  );
}
