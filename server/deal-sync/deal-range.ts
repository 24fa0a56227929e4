import type { Prisma } from "../../prisma/generated/client";
import type { PortalDeal } from "../bitrix24/deals";
import { dealType } from "../bitrix24/fields";
import { scanRanges } from "../bitrix24/scan";
import { standing } from "../conflicts/conflicts";
import { ownSnapshot } from "../crm/own-snapshot";
import { paidStageOf } from "../forms/form-env";
import type { Services } from "../services";
import { agreementOf } from "./deal-snapshot";
import { rangesOf } from "./id-ranges";

type Deps = Pick<Services, "db" | "bitrix24" | "env" | "forms">;

/**
 * So many deals of a step are compared in detail: each costs part of a request and transactions of its own, and registrations
 * wait for the step's end. Without changes a step takes as many deals as one request reads.
 */
export const changedPerStep = 230;

const snapshotColumns = {
  dealId: true,
  updatedTime: true,
  stageId: true,
  agreedPaid: true,
  agreedStageId: true,
  announcedPaid: true,
} satisfies Prisma.DealSnapshotSelect;

const knownColumns = {
  id: true,
  formId: true,
  isPaid: true,
  bitrix24DealId: true,
  bitrix24ContactId: true,
  crmContactBy: true,
  emailConfirmedAt: true,
  dealSnapshot: { select: snapshotColumns },
  conflicts: { where: { kind: "DEAL_DELETED", OR: standing }, select: { portalId: true } },
} satisfies Prisma.UserSelect;

/** Our next rows, and the deals that bear our mark in their range of ids. `isFull`: up to where enough deals differ. */
export async function readDealRange(deps: Deps, { after, take }: { after: number; take: number }) {
  const { db, bitrix24 } = deps;
  const known = await db.user.findMany({
    where: { bitrix24DealId: { gt: after } },
    orderBy: { bitrix24DealId: "asc" },
    take,
    select: knownColumns,
  });
  const ids = [...new Set(known.map((row) => row.bitrix24DealId as number))];
  const last = known.length < take;
  const found = await scanRanges(bitrix24.batchRunner, dealType, await bitrix24.marks(), rangesOf(ids, after, last));
  const deals = new Map(found.map((deal) => [deal.id, deal]));
  const changed = known.filter((row) => differs(deps, row, deals));
  const end = changed[changedPerStep - 1]?.bitrix24DealId;
  if (end === null || end === undefined || end === ids.at(-1)) return { known, found, last, isFull: false };
  return {
    known: known.filter(({ bitrix24DealId }) => bitrix24DealId !== null && bitrix24DealId <= end),
    found: found.filter(({ id }) => id <= end),
    last: false,
    isFull: true,
  };
}

type KnownDeal = Prisma.UserGetPayload<{ select: typeof knownColumns }>;

/**
 * Whether a deal needs a detailed comparison, as one does whose time of change is not told. That time does not show a
 * deleted contact, nor a change on our side: a payment that the deal has not followed or, if payment moves no deals, that
 * was not written to its timeline.
 */
export function differs(
  deps: Pick<Deps, "env" | "forms">,
  { formId, isPaid, bitrix24DealId, bitrix24ContactId, conflicts, dealSnapshot: stored }: KnownDeal,
  deals: Map<number, PortalDeal>,
): boolean {
  const deal = deals.get(bitrix24DealId as number);
  // A conflict lists the deal as gone already, or was dismissed. Once the deal is back, the range of ids contains it again.
  if (!deal && conflicts.some(({ portalId }) => portalId === bitrix24DealId)) return false;
  const paidStageId = paidStageOf(deps, formId);
  const dealSnapshot = ownSnapshot(stored, bitrix24DealId);
  const paidThere = paidStageId === undefined ? dealSnapshot?.announcedPaid : agreementOf(dealSnapshot, paidStageId);
  return (
    !deal?.updatedTime ||
    deal.updatedTime !== dealSnapshot?.updatedTime ||
    deal.stageId !== dealSnapshot.stageId ||
    deal.contactId !== bitrix24ContactId ||
    isPaid !== (paidThere ?? false)
  );
}
