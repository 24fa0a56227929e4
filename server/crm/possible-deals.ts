import type { Marked } from "../bitrix24/marks";
import { userIdOf } from "../bitrix24/person";
import { isAfter, isBefore } from "../bitrix24/portal-clock";
import type { Copies } from "../bitrix24/progress";
import type { Tx } from "../database/db";
import { readMarks } from "../identity/marks";
import type { Services } from "../services";
import { type FoundDeal, isCopy, type KnownDeals, knownDeals } from "./made-deals";

/**
 * Deals that may have been created here, although made-deals.ts takes them for copies. Where a deal would be created
 * otherwise, such a deal is the person's: a portal's clock may be wrong by hours, and a database that was put back to an
 * earlier state does not know what was created after it. A deal made twice is worse than a copy that is taken for the
 * original. A deal that was created for the person later than all that are named here has the highest number.
 */

/** When this database was put back to an earlier state, and the external ids that it wrote before. */
export interface PutBack {
  at: Date | null;
  former: string[];
}

export async function readPutBack(db: Tx, former: string[]): Promise<PutBack> {
  const row = await db.crmPortal.findUnique({ where: { id: 1 }, select: { restoredAt: true } });
  return { at: row?.restoredAt ?? null, former };
}

const isNewest = ({ id }: FoundDeal, { ids }: Pick<KnownDeals, "ids">): boolean => ids.every((known) => id > known);

/** Whether a request that was never answered may have created the deal. */
const isOfUnanswered = (deal: FoundDeal, { unansweredAt }: KnownDeals): boolean =>
  unansweredAt !== null && !isBefore(deal, unansweredAt);

/**
 * Whether the deal may have been created in a state of this database that was lost. A database that was moved may have been
 * put back as well, which nothing but the new external id tells.
 */
export const isOfLostState = (
  deal: FoundDeal & Pick<Marked, "originatorId">,
  known: Pick<KnownDeals, "ids">,
  { at, former }: PutBack,
): boolean => isNewest(deal, known) && (former.includes(deal.originatorId) || (at !== null && !isAfter(deal, at)));

/** Of these deals of people without a deal, those that were not, or only perhaps, created here. */
export async function sortCopies(
  { db, env }: Pick<Services, "db" | "env">,
  deals: (FoundDeal & Marked)[],
): Promise<Copies> {
  const certain = new Set<number>();
  const possible = new Set<number>();
  if (deals.length === 0) return { certain, possible };
  const made = await knownDeals({ db, env }, deals);
  const putBack = await readPutBack(db, (await readMarks({ db, env })).former);
  for (const deal of deals) {
    const known = made.get(userIdOf(deal.originId) ?? 0);
    if (!known || !isCopy(deal, known)) continue;
    const isPossible = (isNewest(deal, known) && isOfUnanswered(deal, known)) || isOfLostState(deal, known, putBack);
    (isPossible ? possible : certain).add(deal.id);
  }
  return { certain, possible };
}
