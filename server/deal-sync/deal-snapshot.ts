import type { ActorKind, DealSnapshot } from "../../prisma/generated/client";
import type { PortalDeal } from "../bitrix24/deals";
import { funnelOf } from "../bitrix24/funnel-stages";
import type { ContactBy } from "../bitrix24/person";
import type { Entered } from "../bitrix24/portal-clock";
import { type SettledSale, settledSale } from "../bitrix24/sale";
import { type ConflictKind, endConflicts, openConflict, standing } from "../conflicts/conflicts";
import { ownSnapshot } from "../crm/own-snapshot";
import type { Tx } from "../database/db";
import { paidStageOf } from "../forms/form-env";
import type { Services } from "../services";
import { isLost, isPaidThere, type KnownSide, keepsPayment, type PaidStage } from "./decide";
import { isMovedThere, recordMove } from "./stage-moves";

/** A synced user with a deal: the payment here, and what was last known of the deal. */
export interface DealRow extends Entered {
  userId: number;
  /** The form by which the person registered; null: the first one. */
  formId: number | null;
  dealId: number;
  contactId: number | null;
  contactBy: ContactBy | null;
  email: string;
  emailConfirmed: boolean;
  phone: string;
  isPaid: boolean;
  /** The registration is to be sent again, and waits for the consent. */
  isHeld: boolean;
  /** Of the person's form; undefined: the stage does not tell the payment. */
  paidStageId: string | undefined;
  /** Until when a request that changes the deal may still take effect; null: none is in flight. */
  inFlightUntil: Date | null;
  known: KnownSide;
  /** The stage in which the deal was last seen; null: this deal was never seen. */
  seen: { stageId: string; at: Date } | null;
  announcedPaid: boolean;
  updatedTime: string | null;
  /** What the deal sold when the registration was completed; null for registrations from before this was stored. */
  sale: SettledSale | null;
  lastChange: { actorKind: ActorKind; actorId: number | null } | null;
  /** The portal refused to move this deal, and no retry was requested since. */
  refused: boolean;
}

/** The portal's times are whole seconds, so an equal time that is younger than this may hide a second change. */
const recentMs = 5_000;
export const trustedTime = (updatedTime: string): string =>
  Date.parse(updatedTime) < Date.now() - recentMs ? updatedTime : "";

const paymentConflicts: ConflictKind[] = ["DEAL_LOST", "DEAL_OTHER_FUNNEL", "STAGE_REFUSED"];

/**
 * The payment on which both sides last agreed, if the paid stage was the present one. After a change of the paid stage,
 * every deal in the former paid stage would otherwise look as if a manager had taken the payment back.
 */
export function agreementOf(
  snapshot: Pick<DealSnapshot, "agreedPaid" | "agreedStageId"> | null | undefined,
  paidStageId: string | undefined,
): boolean | null {
  return snapshot && snapshot.agreedStageId === paidStageId ? snapshot.agreedPaid : null;
}

/**
 * The rows to compare. People without a deal, or whose registration is not complete, are left out. One that was complete and is
 * to be sent again is held where the person has withdrawn the consent: payment and stage go on being compared, since they
 * carry no details.
 */
export async function loadDealRows(
  { db, env, forms }: Pick<Services, "db" | "env" | "forms">,
  userIds: number[],
): Promise<DealRow[]> {
  const rows = await db.user.findMany({
    where: {
      id: { in: userIds },
      bitrix24DealId: { not: null },
      OR: [{ crmState: "SYNCED" }, { crmState: "HELD", crmSyncedAt: { not: null } }],
    },
    select: {
      id: true,
      formId: true,
      email: true,
      emailConfirmedAt: true,
      crmContactBy: true,
      phone: true,
      createdAt: true,
      insertedAt: true,
      isPaid: true,
      crmState: true,
      bitrix24DealId: true,
      bitrix24ContactId: true,
      crmSale: true,
      dealSnapshot: true,
      paymentChanges: { orderBy: { id: "desc" }, take: 1, select: { actorKind: true, actorId: true } },
      conflicts: {
        where: { kind: "STAGE_REFUSED", OR: standing },
        select: { portalId: true, resolvedAt: true, details: true },
      },
    },
  });
  const inFlight = await requestsInFlight({ db }, userIds);
  return rows.map(({ dealSnapshot, ...row }): DealRow => {
    const snapshot = ownSnapshot(dealSnapshot, row.bitrix24DealId);
    const paidStageId = paidStageOf({ env, forms }, row.formId);
    return {
      userId: row.id,
      formId: row.formId,
      paidStageId,
      dealId: row.bitrix24DealId as number,
      contactId: row.bitrix24ContactId,
      contactBy: row.crmContactBy as ContactBy | null,
      email: row.email,
      emailConfirmed: row.emailConfirmedAt !== null,
      phone: row.phone,
      createdAt: row.createdAt,
      insertedAt: row.insertedAt,
      isPaid: row.isPaid,
      isHeld: row.crmState === "HELD",
      inFlightUntil: inFlight.get(row.id) ?? null,
      known: {
        agreedPaid: agreementOf(snapshot, paidStageId),
        agreedDealStageId: snapshot?.agreedDealStageId ?? null,
        openStageId: snapshot?.openStageId ?? null,
        pushedPaid: snapshot?.pushedPaid ?? null,
        forced: snapshot?.forced ?? false,
      },
      seen: snapshot && snapshot.dealId !== null ? { stageId: snapshot.stageId, at: snapshot.checkedAt } : null,
      announcedPaid: snapshot?.announcedPaid ?? false,
      updatedTime: snapshot?.updatedTime ?? null,
      sale: settledSale(row.crmSale, row.bitrix24DealId),
      lastChange: row.paymentChanges[0] ?? null,
      refused:
        row.conflicts.some((each) => each.portalId === row.bitrix24DealId && !isTriedOn(each)) && !snapshot?.forced,
    };
  });
}

/** The portal breaks down over the move and does not refuse it; administrators have not left the deal where it is. */
const isTriedOn = ({ resolvedAt, details }: { resolvedAt: Date | null; details: unknown }): boolean =>
  resolvedAt === null && (details as { retried?: unknown } | null)?.retried === true;

type Deps = Pick<Services, "db">;

/** By the database's clock, which also wrote the markers: this process's clock may be ahead or behind. */
async function requestsInFlight({ db }: Deps, userIds: number[]): Promise<Map<number, Date>> {
  const rows = await db.$queryRaw<{ id: number; until: Date }[]>`
    select id, "crmInFlightUntil" as until from "User"
    where id = any(${userIds}::int[]) and "crmInFlightUntil" > clock_timestamp()`;
  return new Map(rows.map(({ id, until }) => [id, until]));
}

// Updates of the deal snapshot. Each of them may be repeated.

/**
 * Saves how the deal looks and ends conflicts that are no longer true. `soldSeen`: the deal's products were read;
 * otherwise the next reconciliation reads them.
 */
export async function recordSeen(
  deps: Pick<Services, "db" | "bitrix24">,
  row: DealRow,
  deal: PortalDeal,
  { soldSeen, paid }: { soldSeen: boolean; paid: PaidStage | undefined },
): Promise<void> {
  const { db } = deps;
  // Before the stage that is seen now becomes the one to which an unpaid deal goes back.
  const isMoved = isMovedThere(row, deal, paid);
  const isPaid = paid && (isPaidThere(deal, paid) || keepsPayment(deal, row.known, paid));
  const open = deal.semantic === "P" && !isPaid ? deal.stageId : undefined;
  if (open !== undefined) row.known.openStageId = open;
  const seen = {
    dealId: row.dealId,
    stageId: deal.stageId,
    updatedTime: soldSeen || row.updatedTime === deal.updatedTime ? trustedTime(deal.updatedTime) : "",
    checkedAt: new Date(),
    ...(open === undefined ? {} : { openStageId: open }),
  };
  const saveSeen = (tx: Tx) =>
    tx.dealSnapshot.upsert({
      where: { userId: row.userId },
      create: { userId: row.userId, ...seen },
      update: seen,
    });
  // A snapshot of another deal would lend this one what was agreed on that.
  if (!row.seen) await db.dealSnapshot.deleteMany({ where: { userId: row.userId, dealId: { not: row.dealId } } });
  if (row.seen && isMoved) await recordMove(deps, { ...row, seen: row.seen }, { deal, saveSeen });
  else await saveSeen(db);
  await endConflicts(db, [row.userId], disprovedBy(deal, row.paidStageId));
}

/** Conflicts that cannot be true of a deal in this state, whatever the comparison decides. */
function disprovedBy(deal: PortalDeal, paidStageId: string | undefined): ConflictKind[] {
  const inPaidFunnel = paidStageId !== undefined && deal.categoryId === funnelOf(paidStageId);
  const kinds: ConflictKind[] = ["DEAL_DELETED"];
  // A lost deal is to be moved only after a decision about its loss.
  kinds.push(isLost(deal) ? "STAGE_REFUSED" : "DEAL_LOST");
  if (isLost(deal) || inPaidFunnel) kinds.push("DEAL_OTHER_FUNNEL");
  return kinds;
}

export async function recordGone({ db }: Deps, { userId, dealId }: DealRow): Promise<void> {
  await db.$transaction(async (tx) => {
    // An administrator who decides about the same at this moment has the deal made again, or chooses another one.
    await tx.$queryRaw`
      select 1 from "Conflict"
      where "userId" = ${userId} and "kind" = 'DEAL_DELETED' and "portalId" = ${dealId}
        and ("resolvedAt" is null or "resolution" = 'dismiss') for update`;
    if ((await tx.user.count({ where: { id: userId, bitrix24DealId: dealId } })) === 0) return;
    // The deleted deal takes its open conflicts with it.
    await endConflicts(tx, [userId], [...paymentConflicts, "CONTACT_DELETED", "DEAL_OTHER_CONTACT", "SALE_CHANGED"]);
    await openConflict(tx, { kind: "DEAL_DELETED", userId, portalId: dealId });
  });
}

export async function recordInSync(
  { db }: Deps,
  row: DealRow,
  isPaid: boolean,
  { announced, dealStageId }: { announced: boolean; dealStageId: string | null },
): Promise<void> {
  await db.$transaction(async (tx) => {
    // Conflicts first: an administrator's decision locks in this order too, and the opposite order would deadlock.
    await endConflicts(tx, [row.userId], paymentConflicts);
    await tx.dealSnapshot.update({
      where: { userId: row.userId },
      data: {
        // Without a paid stage the deal's stage does not tell the payment.
        ...(row.paidStageId === undefined
          ? {}
          : { agreedPaid: isPaid, agreedStageId: row.paidStageId, agreedDealStageId: dealStageId }),
        pushedPaid: null,
        forced: false,
        ...(announced ? { announcedPaid: isPaid } : {}),
      },
    });
  });
}

export async function recordConflict({ db }: Deps, row: DealRow, deal: PortalDeal, kind: ConflictKind): Promise<void> {
  // What an administrator wanted was the move of the deal as it then was.
  if (row.known.forced) await db.dealSnapshot.update({ where: { userId: row.userId }, data: { forced: false } });
  await openConflict(db, {
    kind,
    userId: row.userId,
    portalId: row.dealId,
    details: { isPaid: row.isPaid, stageId: deal.stageId },
  });
}

/** Called before the timeline is told: what may have been told is not told again. */
export const recordAnnounced = (deps: Deps, rows: DealRow[]): Promise<void> =>
  saveAnnounced(deps, rows, ({ isPaid }) => isPaid);

/** The timeline was certainly not told. */
export const recordUnannounced = (deps: Deps, rows: DealRow[]): Promise<void> =>
  saveAnnounced(deps, rows, ({ announcedPaid }) => announcedPaid);

async function saveAnnounced({ db }: Deps, rows: DealRow[], told: (row: DealRow) => boolean): Promise<void> {
  for (const announcedPaid of [true, false])
    await db.dealSnapshot.updateMany({
      where: { userId: { in: rows.filter((row) => told(row) === announcedPaid).map(({ userId }) => userId) } },
      data: { announcedPaid },
    });
}
