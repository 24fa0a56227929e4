import { culpritsOf } from "../../bitrix24/in-halves";
import type { PortalItem } from "../../bitrix24/items";
import { notRemoved } from "../../bitrix24/not-removed";
import type { Failure } from "../../bitrix24/progress";
import { type AcceptedUpdate, isTold, olderCommands, type Remains, readBack, remainsOf } from "../../bitrix24/remains";
import type { Task } from "../../bitrix24/tasks";
import type { BatchRunner } from "../../bitrix24/transport/batch-runner";
import type { Bitrix24Client } from "../../bitrix24/transport/client";
import { Bitrix24Error } from "../../bitrix24/transport/error";

/** A contact whose update the portal has accepted. */
export interface Corrected<P> {
  person: P;
  update: AcceptedUpdate;
  /** The contact as the answer shows it. */
  answer: PortalItem;
}

interface Ways<P extends { userId: number }> {
  batchRunner: BatchRunner;
  client: Pick<Bitrix24Client, "call">;
  run: (tasks: Task<P>[]) => Promise<{ failed: Failure<P>[] }>;
}

/**
 * Removes by the older method the former details that still stand beside the present ones, see server/bitrix24/remains.ts.
 * Where the answers tell that nothing does, nothing is asked. Returns the people whose contact keeps a former detail. Throws
 * Bitrix24Error if the portal does not answer.
 */
export async function removeFormer<P extends { userId: number }>(
  { run, ...ways }: Ways<P>,
  corrected: Corrected<P>[],
): Promise<Failure<P>[]> {
  const unclear = corrected.filter(({ update, answer }) => !isTold(update, answer));
  const read = await standing(ways, unclear);
  const left = corrected.flatMap((each) => {
    if (unclear.includes(each)) return read.left.filter(({ person }) => person === each.person);
    const remains = remainsOf(each.update, each.answer);
    return remains ? [{ ...each, remains }] : [];
  });
  if (left.length === 0) return read.failed;
  const { failed } = await run(
    left.flatMap(({ person, update, remains }) =>
      olderCommands(update, remains).map((command) => ({ person, command: { ...command, lenient: true }, result: {} })),
    ),
  );
  // A missing older method is this correction's failure alone.
  const away = failed.filter(({ error }) => !error.refusesCommand);
  const answered = left.filter(({ person }) => !away.some((failure) => failure.person.userId === person.userId));
  const again = await standing(ways, answered);
  return [
    ...read.failed,
    ...away,
    ...again.failed,
    ...again.left.map(({ person }) => ({ person, error: notRemoved() })),
  ];
}

/** What still stands in each of these contacts; one that the portal does not return is a failure of its own. */
async function standing<P>({ batchRunner, client }: Omit<Ways<never>, "run">, corrected: Corrected<P>[]) {
  const left: (Corrected<P> & { remains: Remains })[] = [];
  const failed: Failure<P>[] = [];
  const culprits = await culpritsOf(client, corrected, async (group) => {
    const items = await readBack(
      batchRunner,
      group.map(({ update }) => update),
    );
    const read = group.map((each, place) => ({ each, item: items[place] }));
    const remains = read.map(({ each, item }) =>
      item === undefined || item instanceof Bitrix24Error ? null : remainsOf(each.update, item),
    );
    for (const [place, { each, item }] of read.entries()) {
      const stands = remains[place];
      if (stands) left.push({ ...each, remains: stands });
      if (item instanceof Bitrix24Error) failed.push({ person: each.person, error: item });
    }
  });
  for (const [{ person }, error] of culprits) failed.push({ person, error });
  return { left, failed };
}
