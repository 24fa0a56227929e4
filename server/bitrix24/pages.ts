import { pageSize } from "./items";
import type { Listed } from "./responses";
import type { PortalCommand } from "./transport/batch";
import type { BatchRunner } from "./transport/batch-runner";

/** The further pages of a list whose first page was full, by id: offsets are slow and shift. */
export async function restOfPages<T extends { id: number }>(
  batchRunner: BatchRunner,
  command: PortalCommand,
  firstPage: Listed<T>,
  parse: (raw: unknown) => Listed<T>,
): Promise<T[]> {
  const rest: T[] = [];
  for (let page = firstPage; page.listed === pageSize && page.rows.length > 0; rest.push(...page.rows)) {
    const last = page.rows.at(-1)?.id ?? 0;
    const filter = { ...(command.params.filter as object), ">id": last };
    const [raw] = await batchRunner.read([{ ...command, params: { ...command.params, filter } }]);
    // Prevents an endless loop on a portal that ignores the filter by id.
    const next = parse(raw);
    page = { ...next, rows: next.rows.filter((row) => row.id > last) };
  }
  return rest;
}
