import { createWriteStream, renameSync } from "node:fs";
import { parse, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Stringifier, stringify } from "csv-stringify";
import { cellText } from "../import/cell";
import { refusedColumns } from "../import/refused-columns";
import type { ImportRow } from "../import/rows";
import { formulaGuard } from "../platform/formula-guard";
import { wordsOf } from "./failure";
import { rowProblemText } from "./import-words";

/** On the screen; the file has all of them. */
const shown = 20;

/**
 * Reports the rejected lines: the first on stderr, without their content; all in FILE.refused.csv, with their cells and
 * the reasons, so that they can be corrected and imported. Without a path no file is written. A file that cannot be written
 * is told of at the end: the import itself does not need it.
 */
export class Refusals {
  readonly #header: string[];
  readonly #path: string | undefined;
  readonly #first: string[] = [];
  #count = 0;
  /** Why there is no file. */
  #failure: unknown;
  #file: { rows: Stringifier; written: Promise<void> } | undefined;

  constructor(header: string[], importedPath?: string) {
    this.#header = header;
    if (importedPath === undefined) return;
    const { dir, name } = parse(importedPath);
    this.#path = resolve(dir, `${name}.refused.csv`);
    this.#setAside(
      this.#path,
      resolve(dir, `${name}.refused-${new Date().toISOString().replaceAll(/[:.]/g, "-")}.csv`),
    );
  }

  /** A file of an earlier attempt would be mistaken for this one's, but its lines may be mended already. */
  #setAside(path: string, aside: string): void {
    try {
      renameSync(path, aside);
      console.error(`The earlier ${path} was renamed to ${aside}.`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#failure = error;
    }
  }

  /** Passes the rows on and records the rejected ones. */
  async *watch(rows: AsyncIterable<ImportRow>): AsyncGenerator<ImportRow> {
    for await (const row of rows) {
      if (row.kind === "refused") this.#note(row.line, row.problems.map(rowProblemText).join("; "), row.cells);
      yield row;
    }
  }

  async end(): Promise<void> {
    this.#file?.rows.end();
    await this.#file?.written.catch((error: unknown) => {
      this.#failure = error;
    });
    if (this.#count === 0) return;
    const more = this.#count > shown ? [`… and ${this.#count - shown} more`] : [];
    console.error(["Rejected:", ...this.#first, ...more, ...this.#wordsOfFile()].join("\n"));
  }

  #wordsOfFile(): string[] {
    if (this.#path === undefined) return [];
    if (this.#failure === undefined) return [`All rejected lines: ${this.#path}`];
    return [
      `The rejected lines could not be written to ${this.#path}: ${wordsOf(this.#failure)}. Copy the list into a folder that ` +
        "this account may write and run the command there: people who are registered stay as they are.",
    ];
  }

  #note(line: number, reasons: string, cells: string[]): void {
    this.#count += 1;
    if (this.#count <= shown) this.#first.push(`  line ${line}: ${reasons}`);
    if (this.#path === undefined || this.#failure !== undefined) return;
    this.#file ??= this.#open(this.#path);
    this.#file.rows.write([line, reasons, ...cells.map(cellText)]);
  }

  #open(path: string): { rows: Stringifier; written: Promise<void> } {
    // For spreadsheets: the byte order mark tells the encoding, and no cell is run as a formula.
    const rows = stringify({ bom: true, delimiter: ";", ...formulaGuard });
    // Personal data: readable by the operator alone.
    const written = pipeline(rows, createWriteStream(path, { mode: 0o600 }));
    // The error is taken where the pipeline is awaited.
    written.catch(() => {});
    rows.write([...refusedColumns, ...this.#header.map(cellText)]);
    return { rows, written };
  }
}
