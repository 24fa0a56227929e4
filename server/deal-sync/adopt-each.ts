import { inHalves, withoutHalted } from "../bitrix24/in-halves";
import type { Marked } from "../bitrix24/marks";
import type { Services } from "../services";

export interface Adopted {
  corrected: number;
  /** People whose records the portal does not return, so that nothing of theirs is adopted before the next reconciliation. */
  left: number;
}

/**
 * Adopts the records of each person together. Where the portal does not return what shows whose a record is, nothing of that
 * person's is adopted, and the log says so. Throws Bitrix24Error if the portal does not answer.
 */
export async function adoptEach<D extends Pick<Services, "bitrix24" | "log">, T extends Marked & { id: number }>(
  deps: D,
  records: T[],
  adopt: (deps: D, group: T[]) => Promise<number>,
): Promise<Adopted> {
  let corrected = 0;
  // The records of one person stay together: of two, the older is the person's and the newer its duplicate.
  const left = await inHalves(deps.bitrix24.client, byPerson(records), async (group) => {
    corrected += await adopt(
      deps,
      group.flat().toSorted((a, b) => a.id - b.id),
    );
  });
  for (const [group, { code, method }] of withoutHalted(left))
    deps.log.warn(
      { portalIds: group.map(({ id }) => id), code, method },
      "a record with our external id is not adopted: the portal does not return the records that show whose it is",
    );
  return { corrected, left: left.size };
}

function byPerson<T extends Marked>(records: T[]): T[][] {
  const groups = new Map<string, T[]>();
  for (const record of records) {
    const group = groups.get(record.originId);
    if (group) group.push(record);
    else groups.set(record.originId, [record]);
  }
  return [...groups.values()];
}
