import { refusalOfRecords } from "../bitrix24/in-halves";
import { mostInARow } from "../bitrix24/most-in-a-row";
import { scanRanges } from "../bitrix24/scan";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";
import { type Phase, phases } from "./phases";

/** So many rows from each end of the ids: records that share a fault are neighbours, and seldom at both ends. */
const fromEachEnd = 2;

/**
 * Before records are blamed: reads a few others of our rows in the same way, each alone, except those of some users. If the
 * portal returns none of them, its last answer is returned, as `refused`: the cause is not in the records. Returns `too few` if
 * fewer than `mostInARow` others exist, or all of them are deleted. Throws Bitrix24Error if the portal does not answer.
 */
export async function askOthers(
  { db, bitrix24 }: Pick<Services, "db" | "bitrix24">,
  { phase, except }: { phase: Phase; except: number[] },
): Promise<"returned" | "too few" | Bitrix24Error> {
  const { column, entityTypeId } = phases[phase];
  const ends = await Promise.all(
    (["asc", "desc"] as const).map((order) =>
      db.user.findMany({
        where: { [column]: { not: null }, NOT: { id: { in: except } } },
        orderBy: { [column]: order },
        take: fromEachEnd,
        select: { bitrix24DealId: true, bitrix24ContactId: true },
      }),
    ),
  );
  const others = new Set(ends.flat().flatMap((row) => row[column] ?? []));
  if (others.size < mostInARow) return "too few";
  const marks = await bitrix24.marks();
  let answer: "returned" | "too few" | Bitrix24Error = "too few";
  for (const id of others)
    try {
      const rows = await scanRanges(bitrix24.batchRunner, entityTypeId, marks, [{ from: id - 1, to: id }]);
      // An empty list proves nothing: a deleted record gives it too.
      if (rows.length > 0) return "returned";
    } catch (error) {
      answer = await refusalOfRecords(bitrix24.client, error);
    }
  return answer;
}
