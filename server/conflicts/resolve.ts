import type { Prisma } from "../../prisma/generated/client";
import type { Actor } from "../audit/actor";
import { audit } from "../audit/audit";
import { type Sale, type SettledSale, sameSale } from "../bitrix24/sale";
import { hasWithdrawn } from "../consents/withdrawn";
import type { Tx } from "../database/db";
import { setPaid } from "../payments/payments";
import { AppError } from "../platform/errors";
import { priorities } from "../queue/queue";
import type { Services } from "../services";
import { AlreadyResolvedError, notPossible } from "./already-resolved";
import { assertLossIs } from "./assert-loss";
import { listedSale } from "./changed-sale";
import { chosenSale, takeDeal } from "./choose-deal";
import { type ConflictKind, dismissed, standing } from "./conflicts";
import { assertMainContact } from "./main-contact";
import { removeDuplicate } from "./remove-duplicate";
import { restoreSale } from "./restore-sale";

/** The actions for each kind of conflict; the first is the usual one. */
export const conflictActions = {
  DEAL_DELETED: ["recreate", "choose", "dismiss"],
  CONTACT_DELETED: ["recreate", "dismiss"],
  DEAL_OTHER_CONTACT: ["dismiss", "follow"],
  DEAL_LOST: ["force", "accept", "dismiss"],
  DEAL_OTHER_FUNNEL: ["dismiss"],
  STAGE_REFUSED: ["force", "dismiss"],
  SALE_CHANGED: ["dismiss", "restore"],
  DUPLICATE_DEAL: ["remove", "dismiss"],
  DUPLICATE_CONTACT: ["remove", "dismiss"],
} as const satisfies Record<ConflictKind, readonly string[]>;
export type ConflictAction = (typeof conflictActions)[ConflictKind][number];

export const isConflictAction = (value: unknown): value is ConflictAction =>
  Object.values(conflictActions).some((actions) => (actions as readonly unknown[]).includes(value));

type Deps = Pick<Services, "db" | "queue" | "bitrix24" | "log">;

/** Longer than a change of the payment takes. */
const acceptMs = 30_000;
interface Conflict {
  id: number;
  kind: ConflictKind;
  userId: number;
  portalId: number;
  resolvedAt: Date | null;
  details: Prisma.JsonValue;
}

/** What the page showed of the conflict that is decided; what it does not say is not compared. */
export interface Shown {
  dismissed?: boolean | undefined;
  sale?: Sale | undefined;
}

export interface Decision {
  action: ConflictAction;
  /** The deal that is chosen. */
  dealId?: number | null;
  shown?: Shown;
}

/**
 * Carries out a decision and ends the conflict. `waits`: a record is to be made again, but not before the person gives the
 * consent again that they have withdrawn. Throws NOT_FOUND, AlreadyResolvedError if it has ended already or is another one
 * than was shown, INVALID for an action that the kind does not have, and Bitrix24Error if the portal refuses a request
 * that it needs.
 */
export async function resolveConflict(
  deps: Deps,
  { actor, conflictId, action, dealId, shown = {} }: Decision & { actor: Actor; conflictId: number },
): Promise<{ waits: boolean }> {
  const row = await deps.db.conflict.findUnique({ where: { id: conflictId } });
  if (!row) throw new AppError("NOT_FOUND");
  const conflict: Conflict = { ...row, kind: row.kind as ConflictKind };
  if (!(conflictActions[conflict.kind] as readonly string[]).includes(action)) throw new AppError("INVALID");
  // A dismissed conflict can still be decided in another way, but not from a page that does not know of it.
  if (row.resolvedAt && (row.resolution !== dismissed || action === dismissed || shown.dismissed === false))
    throw await ended(deps.db, conflict);
  const sold = listedSale(row);
  if (shown.sale && sold && !sameSale(shown.sale, sold)) throw notPossible();

  if (action === "choose" && !dealId) throw new AppError("INVALID");
  if (action === "remove") await removeDuplicate(deps, conflict);
  if (action === "restore") await restoreSale(deps, conflict, shown.sale ?? null);
  if (action === "follow") await assertMainContact(deps, conflict);
  if (action === "accept" || action === "force") await assertLossIs(conflict.kind === "DEAL_LOST", deps, conflict);
  // Read again just before use: since it was listed, the deal may have been closed or have become another person's.
  const sale = action === "choose" && dealId ? await chosenSale(deps, conflictId, dealId) : null;
  await deps.db.$transaction((tx) => decide(deps, tx, { actor, conflict, action, sale }));
  // After the decision: of two concurrent decisions only the one that is stored may change the payment.
  if (action === "accept") await setPaid(deps, { actor, userId: conflict.userId, isPaid: false, origin: "page" });
  if (action !== "recreate") return { waits: false };
  return { waits: (await deps.db.user.count({ where: { id: conflict.userId, ...hasWithdrawn } })) > 0 };
}

/** Of several concurrent decisions only the first is stored. */
async function decide(
  { queue }: Deps,
  tx: Tx,
  {
    actor,
    conflict,
    action,
    sale,
  }: { actor: Actor; conflict: Conflict; action: ConflictAction; sale: SettledSale | null },
): Promise<void> {
  const { id, kind, userId, portalId, resolvedAt, details } = conflict;
  // What the deal has come to sell since the conflict was read was not on the page, and is not dismissed with it.
  const seen =
    action === dismissed && kind === "SALE_CHANGED" ? { details: { equals: details as Prisma.InputJsonValue } } : {};
  const { count } = await tx.conflict.updateMany({
    // The portal has already carried it out, so it is stored even if another administrator dismissed the conflict
    // meanwhile.
    where: action === "remove" || action === "restore" ? { id, OR: standing } : { id, resolvedAt, ...seen },
    data: { resolvedAt: new Date(), resolution: action },
  });
  if (count === 0) throw await ended(tx, conflict);
  await audit(tx, {
    actor,
    action: "conflict.resolve",
    targetId: userId,
    details: { kind, action, portalId, ...(sale ? { dealId: sale.dealId } : {}) },
  });
  if (action === "force") {
    // A wish to move a lost deal only: while another refused move waits for its next attempt, managers may lose the deal.
    if (kind === "DEAL_LOST") await tx.dealSnapshot.updateMany({ where: { userId }, data: { forced: true } });
    await queue.enqueue(tx, "crm-payment", userId, { priority: priorities.resend });
  }
  if (action === "accept") {
    // The payment is changed after this transaction. If that step is lost, the comparison opens the conflict again.
    const startAfter = new Date(Date.now() + acceptMs);
    await queue.enqueue(tx, "crm-payment", userId, { startAfter });
  }
  if (sale) await takeDeal(tx, userId, sale);
  if (sale) await queue.enqueue(tx, "crm-payment", userId, { priority: priorities.resend });
  if (action === "follow")
    await tx.user.update({ where: { id: userId }, data: { bitrix24ContactId: portalId, crmContactBy: "manager" } });
  if (action === "recreate") {
    // The next attempt looks for our external id first, so a record that still exists is found instead of created
    // twice. The id of a contact stays: it drops one that is gone by itself, and is all that is known of a contact that
    // stands, was linked or changed on the portal, and fits neither by e-mail nor by phone any more. A deal that is found
    // has been restored, with what managers sell by it; a new one says that it holds nothing yet.
    const gone = kind === "DEAL_DELETED" ? { bitrix24DealId: null, crmRowUncertain: true } : {};
    await tx.user.update({
      where: { id: userId },
      data: { ...gone, crmState: "PENDING", crmAttempts: 0, crmError: null, crmNextAttemptAt: null },
    });
    if (kind === "DEAL_DELETED") await tx.dealSnapshot.deleteMany({ where: { userId } });
    await queue.enqueue(tx, "crm-registration", userId, { priority: priorities.resend });
  }
}

async function ended(tx: Tx, { id, kind, userId, portalId }: Conflict): Promise<AppError> {
  const { resolution } = await tx.conflict.findUniqueOrThrow({ where: { id }, select: { resolution: true } });
  if (resolution === null || resolution === "gone") return new AlreadyResolvedError({ resolution, decidedBy: null });
  const decision = await tx.auditEntry.findFirst({
    where: {
      action: "conflict.resolve",
      targetId: userId,
      AND: [{ details: { path: ["kind"], equals: kind } }, { details: { path: ["portalId"], equals: portalId } }],
    },
    orderBy: { id: "desc" },
  });
  return new AlreadyResolvedError({
    resolution,
    decidedBy: decision && { kind: decision.actorKind, id: decision.actorId },
  });
}
