import type { ActorKind, DealMirror } from "../../prisma/generated/client";
import type { PortalDeal } from "../bitrix24/deals";
import { endFindings, type FindingKind, openFinding, standing } from "../conflicts/conflicts";
import type { Services } from "../services";
import { funnelOf, isLost, type KnownSide } from "./decide";

/** A synced person with a deal: our side, and what we last knew of theirs. */
export interface DealRow {
  userId: number;
  dealId: number;
  contactId: number | null;
  isPaid: boolean;
  crmIntentUntil: Date | null;
  known: KnownSide;
  announcedPaid: boolean;
  updatedTime: string | null;
  lastChange: { actorKind: ActorKind; actorId: number | null } | null;
  /** The portal refused to move this deal, and nobody has asked again since. */
  refused: boolean;
}

/** The portal tells time in whole seconds, so a younger mark may stand for two changes of which one was not seen. */
const unsettledMs = 5_000;
const settledTime = (updatedTime: string): string =>
  Date.parse(updatedTime) < Date.now() - unsettledMs ? updatedTime : "";

const conflicts: FindingKind[] = ["DEAL_LOST", "DEAL_OTHER_FUNNEL", "STAGE_REFUSED"];

/**
 * The payment in which both sides last agreed, if that was about the paid stage of today. Otherwise every deal that
 * stands where paid ones stood before would look as if a manager had taken the payment back.
 */
export function agreementOf(
  mirror: Pick<DealMirror, "agreedPaid" | "agreedStageId"> | null | undefined,
  paidStageId: string | undefined,
): boolean | null {
  return mirror && mirror.agreedStageId === paidStageId ? mirror.agreedPaid : null;
}

/** The rows to compare; people without a deal, or still on their way, are left out. */
export async function loadDealRows({ db, env }: Pick<Services, "db" | "env">, userIds: number[]): Promise<DealRow[]> {
  const rows = await db.user.findMany({
    where: { id: { in: userIds }, crmState: "SYNCED", bitrix24DealId: { not: null } },
    select: {
      id: true,
      isPaid: true,
      bitrix24DealId: true,
      bitrix24ContactId: true,
      crmIntentUntil: true,
      dealMirror: true,
      paymentChanges: { orderBy: { id: "desc" }, take: 1, select: { actorKind: true, actorId: true } },
      findings: { where: { kind: "STAGE_REFUSED", OR: standing }, select: { id: true }, take: 1 },
    },
  });
  return rows.map(({ dealMirror: mirror, ...row }) => ({
    userId: row.id,
    dealId: row.bitrix24DealId as number,
    contactId: row.bitrix24ContactId,
    isPaid: row.isPaid,
    crmIntentUntil: row.crmIntentUntil,
    known: {
      agreedPaid: agreementOf(mirror, env.BITRIX24_PAID_STAGE_ID),
      openStageId: mirror?.openStageId ?? null,
      pushedPaid: mirror?.pushedPaid ?? null,
      forced: mirror?.forced ?? false,
    },
    announcedPaid: mirror?.announcedPaid ?? false,
    updatedTime: mirror?.updatedTime ?? null,
    lastChange: row.paymentChanges[0] ?? null,
    refused: row.findings.length > 0 && !mirror?.forced,
  }));
}

/** What is kept of the portal's side. Every method may be repeated. */
export class DealMirrors {
  readonly #db: Services["db"];
  readonly #paidStageId: string | undefined;

  constructor({ db, env }: Pick<Services, "db" | "env">) {
    this.#db = db;
    this.#paidStageId = env.BITRIX24_PAID_STAGE_ID;
  }

  /** Notes how the deal looks, follows its contact, and ends findings that are no longer true. */
  async see(row: DealRow, deal: PortalDeal): Promise<void> {
    const open = deal.semantic === "P" && deal.stageId !== this.#paidStageId ? deal.stageId : undefined;
    if (open !== undefined) row.known.openStageId = open;
    const seen = {
      stageId: deal.stageId,
      updatedTime: settledTime(deal.updatedTime),
      checkedAt: new Date(),
      ...(open === undefined ? {} : { openStageId: open }),
    };
    await this.#db.dealMirror.upsert({
      where: { userId: row.userId },
      create: { userId: row.userId, ...seen },
      update: seen,
    });
    await endFindings(this.#db, row.userId, this.#disprovedBy(deal));
    if (row.contactId === deal.contactId) return;
    // A merged contact hands its deals to the one that stays; a deleted one leaves them without.
    if (deal.contactId !== null)
      await this.#db.user.update({ where: { id: row.userId }, data: { bitrix24ContactId: deal.contactId } });
    else if (row.contactId !== null)
      await openFinding(this.#db, { kind: "CONTACT_DELETED", userId: row.userId, portalId: row.contactId });
  }

  /** What cannot be true of a deal that looks so, whatever the comparison will say. */
  #disprovedBy(deal: PortalDeal): FindingKind[] {
    const inPaidFunnel = this.#paidStageId !== undefined && deal.categoryId === funnelOf(this.#paidStageId);
    const kinds: FindingKind[] = ["DEAL_DELETED"];
    if (deal.contactId !== null) kinds.push("CONTACT_DELETED");
    if (!isLost(deal)) kinds.push("DEAL_LOST");
    if (isLost(deal) || inPaidFunnel) kinds.push("DEAL_OTHER_FUNNEL");
    return kinds;
  }

  async dealIsGone(row: DealRow): Promise<void> {
    // What was to be decided about the deal went with it.
    await endFindings(this.#db, row.userId, [...conflicts, "CONTACT_DELETED"]);
    await openFinding(this.#db, { kind: "DEAL_DELETED", userId: row.userId, portalId: row.dealId });
  }

  async agree(row: DealRow, isPaid: boolean, { announced }: { announced: boolean }): Promise<void> {
    await this.#db.$transaction(async (tx) => {
      // First, as an administrator's decision does it: the other way round they would deadlock.
      await endFindings(tx, row.userId, conflicts);
      await tx.dealMirror.update({
        where: { userId: row.userId },
        data: {
          // Without a paid stage the deal says nothing of payment.
          ...(this.#paidStageId === undefined ? {} : { agreedPaid: isPaid, agreedStageId: this.#paidStageId }),
          pushedPaid: null,
          forced: false,
          ...(announced ? { announcedPaid: isPaid } : {}),
        },
      });
    });
  }

  async conflict(row: DealRow, deal: PortalDeal, kind: FindingKind): Promise<void> {
    await openFinding(this.#db, {
      kind,
      userId: row.userId,
      portalId: row.dealId,
      details: { isPaid: row.isPaid, stageId: deal.stageId },
    });
  }

  /** Before a move leaves: until its outcome is known, a difference is our own doing. */
  async pushing(moves: { row: DealRow; isPaid: boolean }[]): Promise<void> {
    for (const isPaid of [true, false])
      await this.#db.dealMirror.updateMany({
        where: { userId: { in: moves.filter((move) => move.isPaid === isPaid).map(({ row }) => row.userId) } },
        data: { pushedPaid: isPaid },
      });
  }

  async moved(row: DealRow, deal: PortalDeal, isPaid: boolean): Promise<void> {
    await this.#db.dealMirror.update({
      where: { userId: row.userId },
      data: { stageId: deal.stageId, updatedTime: settledTime(deal.updatedTime) },
    });
    await this.agree(row, isPaid, { announced: false });
  }

  /** The portal will not have it: asked again only when somebody wants that. */
  async refused(row: DealRow, stageId: string, code: string): Promise<void> {
    await this.#db.dealMirror.update({
      where: { userId: row.userId },
      data: { pushedPaid: null, forced: false },
    });
    await openFinding(this.#db, {
      kind: "STAGE_REFUSED",
      userId: row.userId,
      portalId: row.dealId,
      details: { isPaid: row.isPaid, stageId, code },
    });
  }

  async announced(rows: DealRow[]): Promise<void> {
    for (const isPaid of [true, false])
      await this.#db.dealMirror.updateMany({
        where: { userId: { in: rows.filter((row) => row.isPaid === isPaid).map((row) => row.userId) } },
        data: { announcedPaid: isPaid },
      });
  }
}
