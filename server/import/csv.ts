import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, type Info, parse } from "csv-parse";
import { decode, type Encoding } from "./encoding";
import { ImportFileError } from "./import-file-error";

export interface CsvRecord {
  /** Where it begins, from 1. */
  line: number;
  cells: string[];
}

const separators = [";", ",", "\t"] as const;
/** Longer than any record of a person: a quote that is opened and never closed would swallow the file. */
const maxRecordBytes = 64 * 1024;

const breaks = (cell: string) => cell.match(/\r\n|\r|\n/g)?.length ?? 0;

/** The records of a CSV file, blank ones left out. Throws ImportFileError where a quote is not closed. */
export async function* readRecords(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<CsvRecord> {
  const text = decode(bytes, encoding);
  const head = await firstPiece(text);
  const parser = parse({
    delimiter: separatorOf(head),
    info: true,
    // All of them: lists that were joined have several kinds.
    record_delimiter: ["\r\n", "\n", "\r"],
    max_record_size: maxRecordBytes,
    relax_column_count: true,
    // Quotation marks inside a cell that is not quoted are part of it.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    trim: true,
  });
  // Its failure is met again below, where the records are read.
  pipeline(Readable.from(withHead(head, text)), parser).catch(() => {});
  let lastLine = 0;
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: Info; record: string[] }>) {
      lastLine = info.lines;
      yield { line: lastLine - record.reduce((sum, cell) => sum + breaks(cell), 0), cells: record };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ImportFileError("quote", { line: lastLine + 1 });
    throw error;
  }
}

/** Whatever stands more often in the header. */
function separatorOf(head: string): string {
  const header = head.trimStart().split(/[\r\n]/, 1)[0] ?? "";
  const bare = header.replace(/"[^"]*"/g, "");
  const counts = separators.map((separator) => bare.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))] ?? ",";
}

async function firstPiece(text: AsyncGenerator<string>): Promise<string> {
  for (;;) {
    const { value, done } = await text.next();
    if (done) return "";
    if (value !== "") return value;
  }
}

async function* withHead(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (head !== "") yield head;
  for await (const piece of rest) if (piece !== "") yield piece;
}
