import type { WriteStream } from "node:tty";
import type { ImportProgress } from "../import/import-people";

const width = 30;
/** Without a terminal, print a line after each such part of the whole. */
const plainSteps = 10;

/** A progress bar on a terminal; occasional lines in a file or a pipe. */
export class ProgressLine {
  readonly #stream: WriteStream;
  readonly #rows: number;
  /** The first progress shown: a continued run has not done the rows before it in this process. */
  #first: { nextRow: number; at: number } | undefined;
  #step = 0;

  constructor(stream: WriteStream, rows: number) {
    this.#stream = stream;
    this.#rows = rows;
  }

  show(progress: ImportProgress): void {
    const share = progress.nextRow / this.#rows;
    if (this.#stream.isTTY) {
      const bar = "█".repeat(Math.round(share * width)).padEnd(width, "░");
      this.#stream.write(`\r${bar} ${Math.floor(share * 100)}% ${this.#words(progress)}\x1b[K`);
      return;
    }
    const step = Math.floor(share * plainSteps);
    if (step > this.#step) this.#stream.write(`${this.#words(progress)}\n`);
    this.#step = step;
  }

  /** Keeps the last output and starts a new line. */
  end(): void {
    if (this.#stream.isTTY && this.#first) this.#stream.write("\n");
  }

  #words({ nextRow, imported, refused }: ImportProgress): string {
    const words = `${nextRow} of ${this.#rows} rows, ${imported} imported, ${refused} rejected`;
    if (!this.#first) {
      this.#first = { nextRow, at: Date.now() };
      return words;
    }
    const rowsPerSecond = (nextRow - this.#first.nextRow) / Math.max(0.001, (Date.now() - this.#first.at) / 1_000);
    return `${words}, ${Math.round(rowsPerSecond)} rows/s, ${Math.ceil((this.#rows - nextRow) / rowsPerSecond)} s left`;
  }
}
