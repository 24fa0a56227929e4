import { inRandomOrder } from "../platform/random-order";
import { noDeal } from "./fields";
import { mostInARow } from "./most-in-a-row";
import { halted, missingInBatch } from "./transport/batch";
import type { Bitrix24Client } from "./transport/client";
import { Bitrix24Error } from "./transport/error";

/**
 * The failure of a request that concerns some records, as `refused`, if the portal gave that answer itself and lists deals at
 * that moment: then one of these records is the cause. Throws the error otherwise, and one that says nothing of any record.
 */
export async function refusalOfRecords(client: Pick<Bitrix24Client, "call">, error: unknown): Promise<Bitrix24Error> {
  if (!(error instanceof Bitrix24Error)) throw error;
  const isAnswered = error.status !== undefined || error.code === missingInBatch;
  if (error.kind !== "refused" && (error.kind !== "outage" || !isAnswered)) throw error;
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
 * answers otherwise, the group is halved until the culprits are alone. Returns those with their errors. After several culprits
 * in a row the last item is tried alone, since neighbours may share a fault of their own; if that fails, or others in a row
 * after it, what is left is not tried, and is `halted`. The halves are in random order, so that it is not the same items each
 * time that are left. The work may be repeated for the same items, so it must throw before it writes to
 * the portal. Throws Bitrix24Error if the portal does not answer.
 */
export async function inHalves<T>(
  client: Pick<Bitrix24Client, "call">,
  items: T[],
  work: (group: T[]) => Promise<void>,
): Promise<Map<T, Bitrix24Error>> {
  const failed = new Map<T, Bitrix24Error>();
  let groups = items.length > 0 ? [items] : [];
  let inARow = 0;
  let hasTriedLast = false;
  for (let group = groups.pop(); group; group = groups.pop()) {
    if (inARow >= mostInARow) {
      const left = [...group, ...groups.reverse().flat()];
      if (hasTriedLast) {
        for (const item of left) failed.set(item, halted("crm.item.list"));
        break;
      }
      hasTriedLast = true;
      group = left.slice(-1);
      groups = left.length > 1 ? [left.slice(0, -1)] : [];
    }
    try {
      await work(group);
      inARow = 0;
    } catch (error) {
      const refusal = await refusalOfRecords(client, error);
      if (group.length === 1) {
        failed.set(group[0] as T, refusal);
        inARow++;
      } else {
        const halves = group === items ? inRandomOrder(group) : group;
        const half = Math.ceil(group.length / 2);
        groups.push(halves.slice(half), halves.slice(0, half));
      }
    }
  }
  return failed;
}

/** Those that the portal was asked for and did not return. */
export const withoutHalted = <T>(failed: Map<T, Bitrix24Error>): [T, Bitrix24Error][] =>
  [...failed].filter(([, { kind }]) => kind !== "halted");

/**
 * The same where each culprit is blamed. If more than `mostInARow` items were asked for and every one failed, the portal is at
 * fault and not the items, unless `returnsOthers` finds records that it returns: then throws the last error as an outage, so
 * that no item is blamed and the next round waits.
 */
export async function culpritsOf<T>(
  client: Pick<Bitrix24Client, "call">,
  items: T[],
  work: (group: T[]) => Promise<void>,
  returnsOthers: () => Promise<boolean> = async () => false,
): Promise<Map<T, Bitrix24Error>> {
  const failed = await inHalves(client, items, work);
  const last = [...failed.values()].findLast(({ kind }) => kind !== "halted");
  const isCommon = failed.size === items.length && failed.size > mostInARow;
  if (last && isCommon && !(await returnsOthers())) throw last.with({ kind: "outage" });
  return failed;
}
