export interface LoggedCall {
  /** Number of the HTTP request; commands of one batch share it. */
  request: number;
  method: string;
  /** By the portal's clock, in milliseconds. */
  at: number;
  /** Names of the parameters, one level into `fields`, `filter` and the like; never their values. */
  keys: string[];
  inBatch: boolean;
  executed: boolean;
  /** The error's code, or empty. */
  error: string;
  /** Only of writes: whether anything was different afterwards. */
  changed?: boolean;
}

/** The newest calls, in a ring so that a long run stays small, and counts over all of them. */
export class CallLog {
  readonly #size: number;
  #calls: LoggedCall[] = [];
  #oldest = 0;
  /** HTTP requests received, refused and cut ones included. */
  requests = 0;
  /** Requests refused by the rate limit. */
  refused = 0;
  /** Writes that were executed and changed nothing. */
  idleWrites = 0;
  /** Executed calls by method; a batch counts as itself and by its commands. */
  readonly executed = new Map<string, number>();

  constructor(size: number) {
    this.#size = size;
  }

  add(call: LoggedCall): LoggedCall {
    if (this.#calls.length < this.#size) this.#calls.push(call);
    else {
      this.#calls[this.#oldest] = call;
      this.#oldest = (this.#oldest + 1) % this.#size;
    }
    return call;
  }

  /** Marks a call as run; a refused one stays as it was received. */
  markExecuted(call: LoggedCall, changed: boolean | undefined): void {
    call.executed = true;
    this.executed.set(call.method, (this.executed.get(call.method) ?? 0) + 1);
    if (changed === undefined) return;
    call.changed = changed;
    if (!changed) this.idleWrites++;
  }

  /** Oldest first. */
  list(): LoggedCall[] {
    return [...this.#calls.slice(this.#oldest), ...this.#calls.slice(0, this.#oldest)];
  }
}
