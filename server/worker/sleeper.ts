/** How long the worker's loop rests, and whether a new job may end the rest early. */
export interface Rest {
  ms: number;
  wakeable: boolean;
}

/** The rests between the rounds of the worker's loop. */
export class Sleeper {
  /** A job was committed since the round began, and the round may have missed it. */
  #woken = false;
  #ended = false;
  #interrupt: (() => void) | undefined;

  beginRound(): void {
    this.#woken = false;
  }

  /** A job was committed. */
  wake(): void {
    this.#woken = true;
    this.#interrupt?.();
  }

  /** Ends the present rest, whatever its kind; from now on there is none. */
  end(): void {
    this.#ended = true;
    this.#interrupt?.();
  }

  async sleep({ ms, wakeable }: Rest): Promise<void> {
    if (ms <= 0 || this.#ended || (wakeable && this.#woken)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#interrupt = () => {
        if (!wakeable && !this.#ended) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#interrupt = undefined;
  }
}
