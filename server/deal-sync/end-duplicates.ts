import { findGone, readDealContacts } from "../bitrix24/deals";
import { contactType, dealType } from "../bitrix24/fields";
import { endConflictsById, standing } from "../conflicts/conflicts";
import type { Services } from "../services";

/**
 * Ends the conflicts about duplicates that are no longer duplicates: managers have removed or merged them, or they have
 * become the person's own records. Throws Bitrix24Error if the portal does not answer.
 */
export async function endDuplicates({ db, bitrix24 }: Pick<Services, "db" | "bitrix24">): Promise<void> {
  const kinds = [
    ["DUPLICATE_DEAL", dealType, "bitrix24DealId"],
    ["DUPLICATE_CONTACT", contactType, "bitrix24ContactId"],
  ] as const;
  for (const [kind, entityTypeId, own] of kinds) {
    const duplicates = await db.conflict.findMany({
      where: { kind, OR: standing },
      select: { id: true, portalId: true, user: { select: { bitrix24DealId: true, bitrix24ContactId: true } } },
    });
    const gone = await findGone(
      bitrix24.batchRunner,
      entityTypeId,
      duplicates.map(({ portalId }) => portalId),
    );
    const onDeals = await readDealContacts(
      bitrix24.batchRunner,
      kind === "DUPLICATE_CONTACT" ? duplicates.flatMap(({ user }) => user.bitrix24DealId ?? []) : [],
    );
    const ended = duplicates.filter(
      ({ portalId, user }) =>
        gone.has(portalId) ||
        user[own] === portalId ||
        onDeals.get(user.bitrix24DealId ?? 0)?.includes(portalId) === true,
    );
    await endConflictsById(
      db,
      ended.map(({ id }) => id),
    );
  }
}
