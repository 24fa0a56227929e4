import { userIdOf } from "../bitrix24/person";
import { type Dated, portalClockSkewMs } from "../bitrix24/portal-clock";
import { addMethod, foundMethod } from "../bitrix24/progress";
import type { Tx } from "../database/db";
import type { Services } from "../services";

/**
 * Which deals with a person's external id were created here. Managers make a deal recurring, and the portal then copies it
 * every month with our external id and contact: those sales are the managers' own.
 */
export interface MadeDeals {
  /** Deals that the log or the row names. */
  ids: number[];
  /** When a request that may have created a deal was sent, whether its answer arrived or not. */
  sentAt: Date[];
}

/** A deal that was found on the portal by its external id. */
export type FoundDeal = Dated & { id: number };

/**
 * Whether a deal with a person's external id is a copy that managers or the portal made of the person's own one. A person's
 * first deal needs no proof, since a copy comes after its original. A further one was created here only if the log names
 * it, or if it was created when the log says that a request was sent: without an answer, or before it was restored from
 * the recycle bin, which gives it a new id and keeps its time of creation.
 */
export const isCopy = (deal: FoundDeal, { ids, sentAt }: MadeDeals): boolean =>
  ids.length > 0 && !ids.includes(deal.id) && !isOfTime(deal, sentAt);

const isOfTime = ({ createdTime }: Dated, moments: Date[]): boolean =>
  createdTime instanceof Date &&
  moments.some((moment) => Math.abs(moment.getTime() - createdTime.getTime()) < portalClockSkewMs);

/** What is known here of the deals that were created for a person. */
export interface KnownDeals extends MadeDeals {
  /** When the first of the requests was sent that have had no answer since the last deal was named; null: none. */
  unansweredAt: Date | null;
}

/** Ids logged before `portalSince` belong to an earlier portal; on this one they may name other records. */
export async function ofThisPortal(db: Tx): Promise<{ at?: { gte: Date } }> {
  const here = await db.installation.findUnique({ where: { id: 1 }, select: { portalSince: true } });
  return here?.portalSince ? { at: { gte: here.portalSince } } : {};
}

/** What the log says of the deals that were created for these people. */
export async function loggedDeals(db: Tx, userIds: number[]): Promise<Map<number, KnownDeals>> {
  const steps = await db.crmLog.findMany({
    where: {
      userId: { in: userIds },
      OR: [
        { method: addMethod, outcome: { in: ["OK", "UNKNOWN"] } },
        { method: foundMethod, outcome: "OK" },
      ],
      ...(await ofThisPortal(db)),
    },
    select: { userId: true, method: true, outcome: true, contactId: true, dealId: true, at: true },
    orderBy: [{ at: "asc" }, { id: "asc" }],
  });
  const made = new Map(
    userIds.map((userId): [number, KnownDeals] => [userId, { ids: [], sentAt: [], unansweredAt: null }]),
  );
  for (const { userId, method, outcome, contactId, dealId, at } of steps) {
    const deals = made.get(userId) as KnownDeals;
    if (dealId !== null) {
      deals.ids.push(dealId);
      deals.unansweredAt = null;
    } else if (outcome === "UNKNOWN") deals.unansweredAt ??= at;
    // When a deal was noticed says nothing of when it was created.
    if (method === addMethod && contactId === null) deals.sentAt.push(at);
  }
  return made;
}

/**
 * Whether the log of this database, which is given, says that a deal was created for a person, perhaps under another
 * id. Null: it was not. `restored`: the log does not have this id.
 */
export function madeBefore(deal: FoundDeal, { ids, sentAt }: MadeDeals): "known" | "restored" | null {
  if (ids.includes(deal.id)) return "known";
  return ids.length > 0 && isOfTime(deal, sentAt) ? "restored" : null;
}

/** Around this time a request of a process that has died since may have created a deal: nothing was logged of it. */
export const inFlightTimes = (
  { crmInFlightUntil: until }: { crmInFlightUntil: Date | null },
  env: Pick<Services["env"], "BITRIX24_TIMEOUT_MS" | "BITRIX24_SETTLE_MS">,
): Date[] => (until ? [new Date(until.getTime() - env.BITRIX24_TIMEOUT_MS - env.BITRIX24_SETTLE_MS), until] : []);

/** What the log and the rows say of the deals that were created for the people whom these deals' external ids name. */
export async function knownDeals(
  { db, env }: { db: Tx } & Pick<Services, "env">,
  deals: { originId: string }[],
): Promise<Map<number, KnownDeals>> {
  const userIds = [...new Set(deals.flatMap(({ originId }) => userIdOf(originId) ?? []))];
  const logged = await loggedDeals(db, userIds);
  const rows = await db.user.findMany({
    where: { id: { in: userIds } },
    select: { id: true, bitrix24DealId: true, crmInFlightUntil: true },
  });
  return new Map(
    rows.map((row): [number, KnownDeals] => {
      const { ids, sentAt, unansweredAt } = logged.get(row.id) as KnownDeals;
      const stored = row.bitrix24DealId === null ? [] : [row.bitrix24DealId];
      const inFlight = inFlightTimes(row, env);
      return [
        row.id,
        {
          ids: [...stored, ...ids],
          sentAt: [...sentAt, ...inFlight],
          unansweredAt: unansweredAt ?? inFlight[0] ?? null,
        },
      ];
    }),
  );
}

/** Of these deals with external ids of this installation, the copies. */
export async function findCopies(
  deps: { db: Tx } & Pick<Services, "env">,
  deals: (FoundDeal & { originId: string })[],
): Promise<Set<number>> {
  if (deals.length === 0) return new Set();
  const made = await knownDeals(deps, deals);
  const copies = deals.filter((deal) => {
    const known = made.get(userIdOf(deal.originId) ?? 0);
    return known !== undefined && isCopy(deal, known);
  });
  return new Set(copies.map(({ id }) => id));
}
