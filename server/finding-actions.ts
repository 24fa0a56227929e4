import type { Actor } from "./actor";
import { audit } from "./audit";
import { Bitrix24Error } from "./bitrix24/error";
import { contactType, dealType } from "./bitrix24/fields";
import { AppError } from "./errors";
import type { FindingKind } from "./findings";
import { setPaid } from "./payments";
import { priorities } from "./queue";
import type { Services } from "./services";

/** What an administrator may decide about each kind of finding; the first is the usual one. */
export const findingActions = {
  DEAL_DELETED: ["recreate", "dismiss"],
  CONTACT_DELETED: ["recreate", "dismiss"],
  DEAL_LOST: ["force", "accept", "dismiss"],
  DEAL_OTHER_FUNNEL: ["dismiss"],
  STAGE_REFUSED: ["force", "dismiss"],
  DOUBLE_DEAL: ["remove", "dismiss"],
  DOUBLE_CONTACT: ["remove", "dismiss"],
} as const satisfies Record<FindingKind, readonly string[]>;
export type FindingAction = (typeof findingActions)[FindingKind][number];

type Deps = Pick<Services, "db" | "queue" | "bitrix24">;
interface Finding {
  id: number;
  kind: FindingKind;
  userId: number;
  portalId: number;
}

/**
 * Carries out a decision and ends the finding. Throws NOT_FOUND, CONFLICT if somebody has decided already, INVALID for
 * an action that the kind does not know, and Bitrix24Error if a removal is refused by the portal.
 */
export async function decideFinding(
  deps: Deps,
  { actor, findingId, action }: { actor: Actor; findingId: number; action: FindingAction },
): Promise<void> {
  const row = await deps.db.finding.findUnique({ where: { id: findingId } });
  if (!row) throw new AppError("NOT_FOUND");
  if (row.resolvedAt) throw new AppError("CONFLICT");
  const finding: Finding = { ...row, kind: row.kind as FindingKind };
  if (!(findingActions[finding.kind] as readonly string[]).includes(action)) throw new AppError("INVALID");

  if (action === "remove") await removeDouble(deps, finding);
  if (action === "accept") await setPaid(deps, { actor, userId: finding.userId, isPaid: false, origin: "page" });
  await deps.db.$transaction(async (tx) => {
    const { count } = await tx.finding.updateMany({
      where: { id: findingId, resolvedAt: null },
      data: { resolvedAt: new Date(), resolution: action },
    });
    if (count === 0) throw new AppError("CONFLICT");
    await audit(tx, { actor, action: "finding.decide", targetId: finding.userId, details: { kind: row.kind, action } });
    const { userId } = finding;
    if (action === "force") {
      await tx.dealMirror.updateMany({ where: { userId }, data: { forced: true } });
      await deps.queue.enqueue(tx, "crm-payment", userId, { priority: priorities.resend });
    }
    if (action === "recreate") {
      // The look-up by our mark comes first, as always: what is not really gone is found again instead of made twice.
      const gone = finding.kind === "DEAL_DELETED" ? { bitrix24DealId: null } : { bitrix24ContactId: null };
      await tx.user.update({
        where: { id: userId },
        data: { ...gone, crmState: "PENDING", crmAttempts: 0, crmError: null, crmNextAttemptAt: null },
      });
      if (finding.kind === "DEAL_DELETED") await tx.dealMirror.deleteMany({ where: { userId } });
      await deps.queue.enqueue(tx, "crm-registration", userId, { priority: priorities.resend });
    }
  });
}

/** Removes the newer twin, unless it has become the record that the person's row names. */
async function removeDouble({ db, bitrix24 }: Deps, { kind, userId, portalId }: Finding): Promise<void> {
  const user = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { bitrix24DealId: true, bitrix24ContactId: true },
  });
  const kept = kind === "DOUBLE_DEAL" ? user.bitrix24DealId : user.bitrix24ContactId;
  if (kept === portalId || kept === null) throw new AppError("CONFLICT");
  const entityTypeId = kind === "DOUBLE_DEAL" ? dealType : contactType;
  try {
    await bitrix24.client.call("crm.item.delete", { entityTypeId, id: portalId });
  } catch (error) {
    // Somebody was faster on the portal.
    if (!(error instanceof Bitrix24Error) || error.code !== "NOT_FOUND") throw error;
  }
}
