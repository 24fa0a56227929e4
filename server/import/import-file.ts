import { createHash } from "node:crypto";
import type { Question } from "../forms/definition";
import { type Columns, chooseColumns, requireColumns, type Target } from "./columns";
import { type Encoding, type FoundEncoding, findEncoding } from "./encoding";
import type { NamedForm } from "./form-names";
import { ImportFileError } from "./import-file-error";
import type { Reading } from "./person";
import { suggestColumns } from "./suggest-columns";
import { readTable } from "./table";

/**
 * Opens the file at its beginning. It is read more than once: a list must be valid to its end before any line is
 * imported.
 */
export type Source = () => AsyncIterable<Uint8Array>;

/** A list that can be read to its end; the meaning of its columns is not checked. */
export interface ListFile extends FoundEncoding {
  open: Source;
  /** SHA-256 of the bytes, in hex. */
  digest: string;
  header: string[];
  /** The first lines. */
  sample: string[][];
  /** The number of non-empty cells of each column. */
  filled: number[];
  /** Without the header and blank lines. */
  rows: number;
}

export interface ImportFile extends ListFile, Reading {}

interface Survey {
  /** The encoding, if known from an earlier reading. */
  encoding?: Encoding;
  maxRows?: number;
}

const spreadsheets = ["504b0304", "d0cf11e0"];
/** Bitrix24 and others save an HTML table as an "Excel" file. */
const markup = /^\s*<(?:!doctype|html|head|meta|table|\?xml)/i;
const sampleRows = 50;

/** Reads the whole file several times. Throws ImportFileError if it is no list. */
export async function openList(open: Source, { encoding: known, maxRows }: Survey = {}): Promise<ListFile> {
  const digest = await digestOf(open);
  const { encoding, guessed } = known ? { encoding: known, guessed: false } : await findEncoding(open);
  let header: string[] | undefined;
  const sample: string[][] = [];
  const filled: number[] = [];
  let rows = 0;
  for await (const { cells } of readTable(open(), encoding)) {
    if (!header) {
      header = cells;
      continue;
    }
    rows += 1;
    if (maxRows !== undefined && rows > maxRows) throw new ImportFileError("too_many");
    if (sample.length < sampleRows) sample.push(cells);
    for (const [place, cell] of cells.entries()) if (cell !== "") filled[place] = (filled[place] ?? 0) + 1;
  }
  if (!header || rows === 0) throw new ImportFileError("empty");
  return {
    open,
    digest,
    encoding,
    guessed,
    header,
    sample,
    filled: header.map((_, place) => filled[place] ?? 0),
    rows,
  };
}

/** The suggested meaning of a list's columns; those of answers are known by the site's questions. */
export const suggested = (
  { header, sample }: ListFile,
  questions: readonly Question[] = [],
  forms: readonly NamedForm[] = [],
): Columns => suggestColumns(header, sample, questions, forms);

/**
 * A list whose columns are recognised by their headers. Throws ImportFileError, also if a required column is missing.
 */
export async function surveyFile(
  open: Source,
  { zone = "UTC", choose = (list) => suggested(list) }: { zone?: string; choose?: (list: ListFile) => Columns } = {},
): Promise<ImportFile> {
  const list = await openList(open);
  return { ...list, columns: requireColumns(choose(list)), zone };
}

/** How a run reads its list. Stored, so that settings changed later do not affect the run. */
export interface StoredReading {
  encoding: Encoding;
  targets: (Target | null)[];
  zone: string;
  /** The site's questions at that time, if it had any. */
  questions?: Question[];
  /** Its forms, if it had several. */
  forms?: NamedForm[];
}

/** A list, opened as its run reads it. */
export async function openAs(open: Source, reading: StoredReading | null): Promise<ImportFile> {
  // Runs of earlier releases stored nothing: they read columns by header and times in UTC.
  if (!reading) return surveyFile(open);
  const list = await openList(open, { encoding: reading.encoding });
  const { targets, questions, forms, zone } = reading;
  return { ...list, columns: chooseColumns(list.header, targets, questions, forms), zone };
}

export const toReading = ({ encoding, columns, zone }: ImportFile): StoredReading => ({
  encoding,
  targets: columns.targets,
  zone,
  ...(columns.questions.length > 0 ? { questions: [...columns.questions] } : {}),
  ...(columns.forms ? { forms: [...columns.forms] } : {}),
});

async function digestOf(open: Source): Promise<string> {
  const hash = createHash("sha256");
  let first = true;
  for await (const bytes of open()) {
    if (first && isSpreadsheet(bytes.subarray(0, 256))) throw new ImportFileError("spreadsheet");
    first = false;
    hash.update(bytes);
  }
  return hash.digest("hex");
}

function isSpreadsheet(start: Uint8Array): boolean {
  if (spreadsheets.includes(Buffer.from(start).toString("hex", 0, 4))) return true;
  // Of UTF-16 and a byte order mark ASCII letters are all that this has to read.
  return markup.test(
    Buffer.from(start)
      .toString("latin1")
      .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)|\0/g, ""),
  );
}

/** A list in memory, yielded in pieces so that other work can run in between. */
export const bytesSource = (bytes: Uint8Array): Source =>
  async function* () {
    const size = 64 * 1024;
    for (let from = 0; from < bytes.length; from += size) {
      yield bytes.subarray(from, from + size);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
