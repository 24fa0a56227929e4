import { decode, type Encoding } from "./encoding";
import { maxTitleLines, separatorOf } from "./header";
import { ImportFileError } from "./import-file-error";

export interface CsvRecord {
  /** The line on which it begins, from 1. */
  line: number;
  cells: string[];
  /** What parts the cells in this file. */
  separator: string;
}

/** More than any record of a person: otherwise a quotation mark that is never closed would swallow the file. */
const maxRecordLength = 64 * 1024;
/** More columns than any program writes for a person. */
const maxCells = 1_000;
/** Excel and others name the separator on a line of its own. */
const separatorLine = /^[ \t]*"?sep=(?:"(.)"|(.))"?[;,\t ]*(?:\r\n|\r|\n|$)/i;

/**
 * The records of a CSV file, without blank ones. Our own reader, since it must report the exact line, understand
 * `sep=`, stop at an endless record, and read text in pieces. Throws ImportFileError.
 */
export async function* readRecords(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<CsvRecord> {
  let reader: RecordReader | undefined;
  let head = "";
  for await (const piece of decode(bytes, encoding)) {
    if (!reader) {
      head += piece;
      if (!hasFirstLines(head)) continue;
      reader = openReader(head);
    } else reader.push(piece);
    yield* reader.records();
  }
  reader ??= openReader(head);
  yield* reader.end();
}

/** The cells of a text that is one record; null if it is none. */
export function cellsOf(text: string, separator: string): string[] | null {
  const reader = new RecordReader(separator);
  reader.push(text);
  try {
    const [record, ...others] = reader.end();
    return record && others.length === 0 ? record.cells : null;
  } catch (error) {
    if (error instanceof ImportFileError) return null;
    throw error;
  }
}

/** Whether the lines that may be titles are complete, with the header, or more text is there than any line of a list has. */
function hasFirstLines(text: string): boolean {
  // A carriage return at the end may be half of a line end.
  const ends = text.trimStart().match(/\r\n|\n|\r(?!$)/g) ?? [];
  return ends.length > maxTitleLines || text.length > maxRecordLength;
}

function openReader(head: string): RecordReader {
  const blank = head.length - head.trimStart().length;
  const [line = "", quoted, plain] = separatorLine.exec(head.slice(blank)) ?? [];
  const said = quoted ?? plain;
  if (said === undefined || /[\p{L}\p{N}"\s]/u.test(said.replace("\t", ""))) {
    const reader = new RecordReader(separatorOf(head));
    reader.push(head);
    return reader;
  }
  const reader = new RecordReader(said);
  // Kept as an empty line, so that line numbers stay correct.
  reader.push(head.slice(0, blank) + line.replace(/[^\r\n]/g, "") + head.slice(blank + line.length));
  return reader;
}

/** The text ends within a record. */
const unfinished = Symbol("unfinished");

class RecordReader {
  readonly #separator: string;
  #text = "";
  /** Where the next record begins, as an offset and as a line. */
  #start = 0;
  #line = 1;
  #complete = false;

  constructor(separator: string) {
    this.#separator = separator;
  }

  push(text: string): void {
    this.#text = this.#text.slice(this.#start) + text;
    this.#start = 0;
  }

  *records(): Generator<CsvRecord> {
    while (this.#start < this.#text.length) {
      const record = this.#record();
      if (record === unfinished) return;
      if (record.cells.some((cell) => cell !== "")) yield record;
    }
  }

  *end(): Generator<CsvRecord> {
    this.#complete = true;
    yield* this.records();
  }

  #record(): CsvRecord | typeof unfinished {
    const cells: string[] = [];
    let line = this.#line;
    let at = this.#start;
    for (;;) {
      const cell = this.#quotedCell(at, line) ?? this.#bareCell(at);
      if (cell === unfinished || cell.end - this.#start > maxRecordLength || cells.length >= maxCells) {
        if (cell === unfinished && this.#text.length - this.#start <= maxRecordLength) return unfinished;
        throw new ImportFileError("long_line", { line: this.#line });
      }
      cells.push(cell.value);
      line += cell.lines;
      at = cell.end;
      if (this.#text[at] !== this.#separator) break;
      at += 1;
    }
    const lineEnd = this.#lineEnd(at);
    if (lineEnd === unfinished) return unfinished;
    const record = { line: this.#line, cells, separator: this.#separator };
    this.#start = at + lineEnd;
    this.#line = line + 1;
    return record;
  }

  /** Undefined if the cell does not begin with a quotation mark; quotation marks inside are then literal. */
  #quotedCell(from: number, line: number) {
    const text = this.#text;
    const open = this.#skipBlanks(from);
    if (text[open] !== '"') return undefined;
    let value = "";
    for (let at = open + 1; ; ) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return this.#unclosed(line);
      value += text.slice(at, quote);
      if (text[quote + 1] === '"') {
        value += '"';
        at = quote + 2;
        continue;
      }
      const end = this.#skipBlanks(quote + 1);
      if (end >= text.length && !this.#complete) return this.#unclosed(line);
      if (end < text.length && text[end] !== this.#separator && !isLineEnd(text[end]))
        throw new ImportFileError("quote", { line });
      return { value, end, lines: value.match(/\r\n|\r|\n/g)?.length ?? 0 };
    }
  }

  #unclosed(line: number): typeof unfinished {
    if (this.#complete || this.#text.length - this.#start > maxRecordLength)
      throw new ImportFileError("quote", { line });
    return unfinished;
  }

  #bareCell(from: number) {
    const text = this.#text;
    let end = from;
    while (end < text.length && text[end] !== this.#separator && !isLineEnd(text[end])) end += 1;
    if (end >= text.length && !this.#complete) return unfinished;
    return { value: text.slice(from, end).trim(), end, lines: 0 };
  }

  #skipBlanks(from: number): number {
    let at = from;
    while (this.#text[at] === " " || (this.#text[at] === "\t" && this.#separator !== "\t")) at += 1;
    return at;
  }

  /** Length of the line end at this offset. */
  #lineEnd(at: number): number | typeof unfinished {
    if (at >= this.#text.length) return 0;
    if (this.#text[at] === "\n") return 1;
    if (at + 1 >= this.#text.length && !this.#complete) return unfinished;
    return this.#text[at + 1] === "\n" ? 2 : 1;
  }
}

const isLineEnd = (character: string | undefined) => character === "\n" || character === "\r";
