/** What is to happen in a while. Waits in real time, whatever the portal's clock says, and can be awaited or dropped. */
export class Later {
  readonly #pending = new Set<Promise<void>>();
  readonly #waiting = new Map<NodeJS.Timeout, () => void>();

  run(afterMs: number, task: () => void | Promise<void>): void {
    const done = new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(timer);
        Promise.resolve(task()).then(resolve, resolve);
      }, afterMs);
      this.#waiting.set(timer, resolve);
    });
    this.#pending.add(done);
    void done.then(() => this.#pending.delete(done));
  }

  get idle(): boolean {
    return this.#pending.size === 0;
  }

  /** Resolves once nothing is under way, what was added meanwhile included. */
  async settled(): Promise<void> {
    while (!this.idle) await Promise.all(this.#pending);
  }

  /** Drops what has not begun. */
  cancel(): void {
    for (const [timer, drop] of this.#waiting) {
      clearTimeout(timer);
      drop();
    }
    this.#waiting.clear();
  }
}
