import { withoutInnerGuards } from "../platform/formula-guard";
import { blanked, isBlanked } from "./blanked";
import { type CsvRecord, cellsOf, readRecords } from "./csv";
import type { Encoding } from "./encoding";
import { fromHeader, maxTitleLines, separatorOf } from "./header";
import { isOwnList } from "./own-list";

/** A list that can be imported has a column for each: name, e-mail, phone. */
const fewestColumns = 3;

/** The records of a list, header first. */
export async function* readTable(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<CsvRecord> {
  let isOwn: boolean | undefined;
  for await (const record of withoutTitle(bytes, encoding)) {
    isOwn ??= isOwnList(record.cells);
    yield isOwn ? { ...record, cells: record.cells.map(withoutInnerGuards) } : record;
  }
}

/** The header first: what stands above it is a report's title and is skipped. */
async function* withoutTitle(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<CsvRecord> {
  const above: CsvRecord[] = [];
  let unpacked: ((record: CsvRecord) => CsvRecord) | null = null;
  try {
    for await (const record of readRecords(bytes, encoding)) {
      if (unpacked) yield unpacked(record);
      else if (above.push(record) > maxTitleLines) {
        unpacked = unpacking(above);
        yield* fromHeader(above.map(unpacked));
      }
    }
  } catch (error) {
    if (!unpacked) yield* fromHeader(above.map(unpacking(above)));
    throw error;
  }
  if (!unpacked) yield* fromHeader(above.map(unpacking(above)));
}

/**
 * Programs that take another separator put each line of a list into one cell, and quote it as a whole when they save the
 * list: the cells then stand in its text. An erased person's line had several of them, so that it is no title.
 */
function unpacking(first: readonly CsvRecord[]): (record: CsvRecord) => CsvRecord {
  const texts = first.map(({ cells }) => cells[0] ?? "");
  const separator = separatorOf(texts.join("\n"));
  const isPacked =
    first.every(({ cells }) => cells.length === 1) &&
    texts.some((text) => (cellsOf(text, separator)?.length ?? 0) >= fewestColumns);
  if (!isPacked) return (record) => record;
  return (record) => ({
    ...record,
    cells: isBlanked(record.cells)
      ? Array.from({ length: fewestColumns }, () => blanked)
      : (cellsOf(record.cells.join(), separator) ?? record.cells),
  });
}
