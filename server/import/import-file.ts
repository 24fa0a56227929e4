import { createHash } from "node:crypto";
import { type Columns, readHeader } from "./columns";
import { readRecords } from "./csv";
import { type Encoding, guessEncoding, markedEncoding } from "./encoding";
import { ImportFileError } from "./import-file-error";

/** Opens the file at its beginning. It is read more than once: a list must be sound to its end before anything of it is taken. */
export type Source = () => AsyncIterable<Uint8Array>;

/** A list that can be read to its end. */
export interface ImportFile {
  open: Source;
  /** SHA-256 of the bytes, in hex. */
  digest: string;
  encoding: Encoding;
  columns: Columns;
  /** Without the header and blank lines. */
  rows: number;
}

const spreadsheets = ["504b0304", "d0cf11e0"];

/** Reads the whole file once or twice. Throws ImportFileError if it is no list of people. */
export async function surveyFile(open: Source): Promise<ImportFile> {
  const { digest, encoding } = await identify(open);
  let columns: Columns | undefined;
  let rows = 0;
  for await (const { cells } of readRecords(open(), encoding))
    if (columns) rows += 1;
    else columns = readHeader(cells);
  if (!columns || rows === 0) throw new ImportFileError("empty");
  return { open, digest, encoding, columns, rows };
}

async function identify(open: Source): Promise<{ digest: string; encoding: Encoding }> {
  const hash = createHash("sha256");
  let marked: Encoding | undefined;
  let first = true;
  let binary = false;
  for await (const bytes of open()) {
    if (first && spreadsheets.includes(Buffer.from(bytes.subarray(0, 4)).toString("hex")))
      throw new ImportFileError("spreadsheet");
    if (first) marked = markedEncoding(bytes);
    first = false;
    binary ||= bytes.includes(0);
    hash.update(bytes);
  }
  // UTF-16 is full of zeros; without its mark there is no telling the order of its bytes.
  if (binary && !marked?.startsWith("utf-16")) throw new ImportFileError("encoding");
  return { digest: hash.digest("hex"), encoding: marked ?? (await guessEncoding(open)) };
}

/** A list that is in memory, in pieces between which others have their turn. */
export const bytesSource = (bytes: Uint8Array): Source =>
  async function* () {
    const size = 64 * 1024;
    for (let from = 0; from < bytes.length; from += size) {
      yield bytes.subarray(from, from + size);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
