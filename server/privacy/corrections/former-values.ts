import type { PortalItem } from "../../bitrix24/items";
import { notRemoved } from "../../bitrix24/not-removed";
import type { Failure } from "../../bitrix24/progress";
import { type AcceptedUpdate, isTold, olderCommands, readBack, remainsOf } from "../../bitrix24/remains";
import type { Task } from "../../bitrix24/tasks";
import type { BatchRunner } from "../../bitrix24/transport/batch-runner";
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
  run: (tasks: Task<P>[]) => Promise<{ failed: Failure<P>[] }>;
}

/**
 * Removes by the older method the former details that still stand beside the present ones, see server/bitrix24/remains.ts.
 * Where the answers tell that nothing does, nothing is asked. Returns the people whose contact keeps a former detail. Throws
 * Bitrix24Error if the portal does not answer.
 */
export async function removeFormer<P extends { userId: number }>(
  { batchRunner, run }: Ways<P>,
  corrected: Corrected<P>[],
): Promise<Failure<P>[]> {
  const unclear = corrected.filter(({ update, answer }) => !isTold(update, answer));
  const read = await standing(batchRunner, unclear);
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
  const again = await standing(batchRunner, answered);
  return [
    ...read.failed,
    ...away,
    ...again.failed,
    ...again.left.map(({ person }) => ({ person, error: notRemoved() })),
  ];
}

async function standing<P>(batchRunner: BatchRunner, corrected: Corrected<P>[]) {
  const updates = corrected.map(({ update }) => update);
  const items = updates.length > 0 ? await readBack(batchRunner, updates) : [];
  const failed: Failure<P>[] = [];
  const left = corrected.flatMap((each, place) => {
    const item = items[place];
    if (item instanceof Bitrix24Error) failed.push({ person: each.person, error: item });
    const remains = item === undefined || item instanceof Bitrix24Error ? null : remainsOf(each.update, item);
    return remains ? [{ ...each, remains }] : [];
  });
  return { left, failed };
}
