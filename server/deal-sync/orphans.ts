import { findGone } from "../bitrix24/deals";
import { contactType, dealType } from "../bitrix24/fields";
import { endConflictsById, openConflict, standing } from "../conflicts/conflicts";
import { priorities } from "../queue/queue";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "queue" | "log">;

/**
 * A deal with our mark that no row knows. If its person has no deal, the mark proves whose it is, and the registration
 * resumes there. If the person has another, the older one counts and the newer is proposed for removal.
 * True if a row was corrected.
 */
export async function adoptDeal({ db, queue, log }: Deps, userId: number | null, dealId: number): Promise<boolean> {
  if (userId === null) return false;
  return db.$transaction(async (tx) => {
    const user = await tx.user.findUnique({ where: { id: userId }, select: { bitrix24DealId: true, erasedAt: true } });
    // What is left of an erased person's deal stays alone.
    if (!user || user.erasedAt || user.bitrix24DealId === dealId) return false;
    const newer = user.bitrix24DealId === null ? null : Math.max(user.bitrix24DealId, dealId);
    if (newer !== null) await openConflict(tx, { kind: "DUPLICATE_DEAL", userId, portalId: newer });
    if (newer === dealId) return false;
    await tx.user.update({
      where: { id: userId },
      data: { bitrix24DealId: dealId, crmState: "PENDING", crmAttempts: 0, crmError: null },
    });
    // What was known belongs to the other deal.
    await tx.dealSnapshot.deleteMany({ where: { userId } });
    await queue.enqueue(tx, "crm-registration", userId, { priority: priorities.registration });
    log.info({ userId, dealId }, "a deal was found by its mark");
    return true;
  });
}

/** The same for contacts. A person linked to a contact that is not ours keeps it, since it was chosen. */
export async function adoptContact({ db, log }: Deps, userId: number | null, contactId: number): Promise<boolean> {
  if (userId === null) return false;
  return db.$transaction(async (tx) => {
    const user = await tx.user.findUnique({
      where: { id: userId },
      select: { bitrix24ContactId: true, erasedAt: true },
    });
    if (!user || user.erasedAt || user.bitrix24ContactId === contactId) return false;
    if (user.bitrix24ContactId !== null) {
      await openConflict(tx, { kind: "DUPLICATE_CONTACT", userId, portalId: contactId });
      return false;
    }
    await tx.user.update({ where: { id: userId }, data: { bitrix24ContactId: contactId } });
    log.info({ userId, contactId }, "a contact was found by its mark");
    return true;
  });
}

/**
 * Ends the doubles that are none any more: managers have removed or merged them, or they are the person's own records
 * by now. Throws Bitrix24Error if the portal does not answer.
 */
export async function endDuplicates({ db, bitrix24 }: Pick<Services, "db" | "bitrix24">): Promise<void> {
  const kinds = [
    ["DUPLICATE_DEAL", dealType, "bitrix24DealId"],
    ["DUPLICATE_CONTACT", contactType, "bitrix24ContactId"],
  ] as const;
  for (const [kind, entityTypeId, own] of kinds) {
    const doubles = await db.conflict.findMany({
      where: { kind, OR: standing },
      select: { id: true, portalId: true, user: { select: { bitrix24DealId: true, bitrix24ContactId: true } } },
    });
    const gone = await findGone(
      bitrix24.batchRunner,
      entityTypeId,
      doubles.map(({ portalId }) => portalId),
    );
    const ended = doubles.filter(({ portalId, user }) => gone.has(portalId) || user[own] === portalId);
    await endConflictsById(
      db,
      ended.map(({ id }) => id),
    );
  }
}
