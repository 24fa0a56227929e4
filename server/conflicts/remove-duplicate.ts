import { readEach } from "../bitrix24/deals";
import { contactType, dealType } from "../bitrix24/fields";
import { assertRead } from "../bitrix24/items";
import { contactIdsOf } from "../bitrix24/responses";
import { Bitrix24Error } from "../bitrix24/transport/error";
import { isGone, madeRecords } from "../crm/made-records";
import type { Services } from "../services";
import { notPossible } from "./already-resolved";
import type { ConflictKind } from "./conflicts";

/**
 * Removes the newer of two records. Throws AlreadyResolvedError if that record has become the one that the user's row
 * names, if it is the only one left or is on the person's deal, or if our own log does not say that it was created
 * here. Throws Bitrix24Error if the portal refuses, or does not return a record to which the removal matters.
 */
export async function removeDuplicate(
  { db, bitrix24 }: Pick<Services, "db" | "bitrix24">,
  { kind, userId, portalId }: { kind: ConflictKind; userId: number; portalId: number },
): Promise<void> {
  const user = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: { bitrix24DealId: true, bitrix24ContactId: true },
  });
  const isDeal = kind === "DUPLICATE_DEAL";
  const kept = isDeal ? user.bitrix24DealId : user.bitrix24ContactId;
  if (kept === portalId || kept === null) throw notPossible();
  const entityTypeId = isDeal ? dealType : contactType;
  // Managers may have removed one of the two meanwhile: the last one must stay, and a removed duplicate needs no
  // action. Only a record that the portal returns is known to stand there.
  const standing = assertRead(await readEach(bitrix24.batchRunner, entityTypeId, [kept, portalId]));
  const other = standing.get(kept);
  if (other === undefined) throw notPossible();
  if (other instanceof Bitrix24Error) throw other;
  if (!standing.has(portalId)) return;
  if (!isDeal && user.bitrix24DealId !== null) {
    const deal = (await readEach(bitrix24.batchRunner, dealType, [user.bitrix24DealId])).get(user.bitrix24DealId);
    // The contact may be on it.
    if (deal instanceof Bitrix24Error) throw deal;
    if (contactIdsOf(deal).includes(portalId)) throw notPossible();
  }
  const made = await madeRecords({ db, bitrix24 }, userId);
  if (!(isDeal ? made.deals : made.contacts).includes(portalId)) throw notPossible();
  try {
    await bitrix24.client.call("crm.item.delete", { entityTypeId, id: portalId });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
