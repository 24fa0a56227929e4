import { dealRow, dealSelect, type PortalDeal } from "./deals";
import { dealType } from "./fields";
import { everyMark, type Marks, markColumns } from "./marks";
import { restOfPages } from "./pages";
import { parseRows } from "./responses";
import type { PortalCommand } from "./transport/batch";
import type { BatchRunner } from "./transport/batch-runner";

/** Ids above `from` and up to `to`; without `to` the range is open. */
export interface Range {
  from: number;
  to?: number;
}

/**
 * All records within the ranges that have an external id of this installation, or the legacy one; many ranges in one
 * request. Ordered by id: no other order is free of repeated and missed rows while the portal is in use. A row that
 * cannot be parsed is skipped. Throws Bitrix24Error.
 */
export async function scanRanges(
  batchRunner: BatchRunner,
  entityTypeId: number,
  marks: Marks,
  ranges: Range[],
): Promise<PortalDeal[]> {
  const commands = ranges.map(
    ({ from, to }): PortalCommand => ({
      kind: "read",
      method: "crm.item.list",
      params: {
        entityTypeId,
        filter: { "@originatorId": everyMark(marks), ">id": from, ...(to === undefined ? {} : { "<=id": to }) },
        select: entityTypeId === dealType ? dealSelect : markColumns,
        order: { id: "ASC" },
        start: -1,
      },
    }),
  );
  const parse = (raw: unknown) => parseRows("crm.item.list", dealRow, raw);
  const answers = await batchRunner.read(commands);
  const found: PortalDeal[] = [];
  for (const [index, answer] of answers.entries()) {
    const first = parse(answer);
    const command = commands[index] as PortalCommand;
    found.push(...first.rows, ...(await restOfPages(batchRunner, command, first, parse)));
  }
  return found;
}
