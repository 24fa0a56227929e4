import { contactType, dealType } from "../bitrix24/fields";
import { mostInARow, refusalOfRecords } from "../bitrix24/in-halves";
import { scanRanges } from "../bitrix24/scan";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";

/** From each end of our rows, where the neighbours of a record are seldom both times. */
const fromEachEnd = 2;

/**
 * Before a record is passed over: reads a few others in the same way, each alone. If the portal tells none of them, the cause is
 * not that record: throws its last answer, as `refused`. Nothing follows from fewer others than may share a fault.
 */
export async function assertOthersTold(
  { db, bitrix24 }: Pick<Services, "db" | "bitrix24">,
  { phase, except }: { phase: "deals" | "contacts"; except: number | undefined },
): Promise<void> {
  const column = phase === "deals" ? "bitrix24DealId" : "bitrix24ContactId";
  const ends = await Promise.all(
    (["asc", "desc"] as const).map((order) =>
      db.user.findMany({
        where: { [column]: { not: null }, NOT: { id: except ?? 0 } },
        orderBy: { [column]: order },
        take: fromEachEnd,
        select: { bitrix24DealId: true, bitrix24ContactId: true },
      }),
    ),
  );
  const others = new Set(ends.flat().flatMap((row) => row[column] ?? []));
  if (others.size < mostInARow) return;
  const marks = await bitrix24.marks();
  let refusal: Bitrix24Error | undefined;
  for (const id of others)
    try {
      const type = phase === "deals" ? dealType : contactType;
      await scanRanges(bitrix24.batchRunner, type, marks, [{ from: id - 1, to: id }]);
      return;
    } catch (error) {
      refusal = await refusalOfRecords(bitrix24.client, error);
    }
  if (refusal) throw refusal;
}
