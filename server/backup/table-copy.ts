import { once } from "node:events";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import type { ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { quoteName } from "../database/address";
import { columnList, type Table } from "./tables";

/** Writes lines of a backup into a table. */
export class TableCopy {
  readonly #stream: Writable;
  /** When the table is written, or why it cannot be. One for the whole table: each would leave its listeners on the stream. */
  readonly #done: Promise<void>;
  readonly #ended = new AbortController();

  constructor(client: ClientBase, table: Table) {
    this.#stream = client.query(copyFrom(`copy ${quoteName(table.name)} (${columnList(table)}) from stdin`));
    this.#done = finished(this.#stream).finally(() => this.#ended.abort());
    // `write` or `end` throws the error; until one of them is called, nothing handles the rejection.
    this.#done.catch(() => {});
  }

  async write(line: string): Promise<void> {
    if (this.#stream.write(`${line}\n`)) return;
    // A stream that has failed has no room ever again.
    await once(this.#stream, "drain", { signal: this.#ended.signal }).catch(() => this.#done);
  }

  async end(): Promise<void> {
    this.#stream.end();
    await this.#done;
  }
}
