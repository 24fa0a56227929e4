import { findGone, readDealContacts } from "../bitrix24/deals";
import { contactType, dealType } from "../bitrix24/fields";
import { inHalves } from "../bitrix24/in-halves";
import { endConflictsById, standing } from "../conflicts/conflicts";
import type { Services } from "../services";

/**
 * Ends the conflicts about duplicates that are no longer duplicates: managers have removed or merged them, or they have
 * become the person's own records. Duplicates that the portal does not return are looked at again next time. Throws
 * Bitrix24Error if the portal does not answer.
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
    await inHalves(bitrix24.client, duplicates, async (group) => {
      const gone = await findGone(
        bitrix24.batchRunner,
        entityTypeId,
        group.map(({ portalId }) => portalId),
      );
      const onDeals = await readDealContacts(
        bitrix24.batchRunner,
        kind === "DUPLICATE_CONTACT" ? group.flatMap(({ user }) => user.bitrix24DealId ?? []) : [],
      );
      const ended = group.filter(
        ({ portalId, user }) =>
          gone.has(portalId) ||
          user[own] === portalId ||
          onDeals.get(user.bitrix24DealId ?? 0)?.includes(portalId) === true,
      );
      await endConflictsById(
        db,
        ended.map(({ id }) => id),
      );
    });
  }
}
