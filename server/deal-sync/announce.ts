import { commentDeals } from "../bitrix24/deals";
import type { Bitrix24Error } from "../bitrix24/transport/error";
import type { Services } from "../services";
import { type DealRow, recordAnnounced, recordUnannounced } from "./deal-snapshot";

type Deps = Pick<Services, "db" | "bitrix24" | "log">;

/**
 * Writes to the deal's timeline who changed the payment, unless the change came from the portal; at most once. Returns the
 * people to retry, whose comment certainly does not exist, with the error.
 */
export async function announce(deps: Deps, rows: DealRow[]): Promise<Map<number, Bitrix24Error>> {
  const unannounced = new Map<number, Bitrix24Error>();
  const news = rows.filter((row) => row.isPaid !== row.announcedPaid && row.lastChange !== null && !row.refused);
  if (news.length === 0) return unannounced;
  await recordAnnounced(deps, news);
  const ours = news.filter((row) => row.lastChange?.actorKind !== "BITRIX24");
  const outcomes = await commentDeals(
    deps.bitrix24.batchRunner,
    ours.map((row) => ({ dealId: row.dealId, text: announcement(row) })),
  );
  for (const [index, outcome] of outcomes.entries()) {
    const { userId, dealId } = ours[index] as DealRow;
    const about = { userId, dealId };
    if (outcome.ok) deps.log.info(about, "the deal's timeline was told of the payment");
    else {
      const { code, applied } = outcome.error;
      deps.log.warn({ ...about, code, outcome: applied }, "the deal's timeline was not told of the payment");
      // Any other failure may last, and must not hold up what comes after.
      if (outcome.error.isUntried) unannounced.set(userId, outcome.error);
    }
  }
  await recordUnannounced(
    deps,
    ours.filter(({ userId }) => unannounced.has(userId)),
  );
  return unannounced;
}

/** Names the actor by role and id, not by name. In both languages, since the portal's language is not known. */
function announcement({ isPaid, lastChange }: DealRow): string {
  const who = lastChange?.actorKind === "TOKEN" ? "API" : "admin";
  const id = lastChange?.actorId ? ` #${lastChange.actorId}` : "";
  return `${isPaid ? "Оплачено / Paid" : "Не оплачено / Not paid"} — ${who}${id}`;
}
