import type { Tx } from "../database/db";
import type { Queue } from "../queue/queue";

/** Why the CRM is not told of a registration yet. */
export type Hold = "email" | "review";

/** Takes one reason away; false if it was gone already. With the last one the registration starts on its way to the CRM. */
export async function releaseHold(
  tx: Tx,
  queue: Queue,
  { userId, hold }: { userId: number; hold: Hold },
): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ crmState: string }[]>`
    update "User" set
      "holds" = array_remove("holds", ${hold}),
      "crmState" = case when "crmState" = 'HELD' and array_remove("holds", ${hold}) = '{}'
                        then 'PENDING'::"CrmState" else "crmState" end
    where id = ${userId} and ${hold} = any("holds")
    returning "crmState"`;
  if (row?.crmState === "PENDING") await queue.enqueue(tx, "crm-registration", userId);
  return row !== undefined;
}
