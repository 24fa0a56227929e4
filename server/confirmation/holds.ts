import type { Tx } from "../database/db";
import type { Queue } from "../queue/queue";

/** Why the CRM is not told: the e-mail is not confirmed, an administrator has yet to look at it, the consent was withdrawn. */
export type Hold = "email" | "review" | "consent";

/** Keeps a registration that has not arrived from the CRM. What is under way there at this moment may still arrive. */
export async function addHold(tx: Tx, { userId, hold }: { userId: number; hold: Hold }): Promise<void> {
  await tx.$executeRaw`
    update "User" set "crmState" = 'HELD', "holds" = array_append(array_remove("holds", ${hold}), ${hold}), "crmError" = null
    where id = ${userId} and "crmState" <> 'SYNCED'`;
}

/**
 * Takes one reason away and returns the state of the registration then, which with the last one waits for the CRM again;
 * undefined if the reason was gone already.
 */
export async function takeHoldAway(
  tx: Tx,
  { userId, hold }: { userId: number; hold: Hold },
): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ crmState: string }[]>`
    update "User" set
      "holds" = array_remove("holds", ${hold}),
      "crmAttempts" = 0,
      "crmState" = case when "crmState" = 'HELD' and array_remove("holds", ${hold}) = '{}'
                        then 'PENDING'::"CrmState" else "crmState" end
    where id = ${userId} and ${hold} = any("holds")
    returning "crmState"`;
  return row?.crmState;
}

/** Takes one reason away; false if it was gone already. With the last one the registration starts on its way to the CRM. */
export async function releaseHold(tx: Tx, queue: Queue, held: { userId: number; hold: Hold }): Promise<boolean> {
  const state = await takeHoldAway(tx, held);
  if (state === "PENDING") await queue.enqueue(tx, "crm-registration", held.userId);
  return state !== undefined;
}
