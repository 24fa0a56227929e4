import { noDeal } from "./fields";
import { halted } from "./transport/batch";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";

/** So many single failures in a row have a cause in common: what is left is not tried. */
const mostInARow = 3;

/**
 * The failure of a request that concerns some records, as `refused`, if the portal gave that answer itself and lists deals at
 * that moment: then one of these records is the cause. Throws the error otherwise, and one that says nothing of any record.
 */
export async function refusalOfRecords(client: Pick<Bitrix24Client, "call">, error: unknown): Promise<Bitrix24Error> {
  if (!(error instanceof Bitrix24Error)) throw error;
  if (error.kind !== "refused" && (error.kind !== "outage" || error.status === undefined)) throw error;
  try {
    await client.call(...noDeal);
  } catch (ill) {
    if (!(ill instanceof Bitrix24Error)) throw ill;
    if (error.kind === "outage") throw error;
    // The portal refuses everything: an outage, whatever it calls it.
    throw ill.kind === "refused" ? ill.with({ kind: "outage" }) : ill;
  }
  return error.with({ kind: "refused" });
}

/**
 * Does the work for all of a group together. Where the portal refuses, or breaks down over, something of the group and
 * answers otherwise, the group is halved until the culprits are alone. Returns those with their errors; what was not tried
 * after several culprits in a row is `halted`. The work may be repeated for the same items, so it must throw before it writes
 * to the portal. Throws Bitrix24Error if the portal does not answer.
 */
export async function inHalves<T>(
  client: Pick<Bitrix24Client, "call">,
  items: T[],
  work: (group: T[]) => Promise<void>,
): Promise<Map<T, Bitrix24Error>> {
  const failed = new Map<T, Bitrix24Error>();
  const groups = items.length > 0 ? [items] : [];
  let inARow = 0;
  for (let group = groups.pop(); group; group = groups.pop()) {
    const [first] = group as [T];
    if (inARow >= mostInARow) {
      for (const item of group) failed.set(item, halted("crm.item.list"));
      continue;
    }
    try {
      await work(group);
      inARow = 0;
    } catch (error) {
      const refusal = await refusalOfRecords(client, error);
      if (group.length === 1) {
        failed.set(first, refusal);
        inARow++;
      } else {
        const half = Math.ceil(group.length / 2);
        groups.push(group.slice(half), group.slice(0, half));
      }
    }
  }
  return failed;
}
