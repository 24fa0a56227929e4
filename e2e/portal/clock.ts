/** The portal's own time: may be ahead of ours, moved by hand, or run faster, so that limits of minutes fit into a test. */
export class Clock {
  #realAnchor = Date.now();
  #anchor: number;
  #speed = 1;

  /** @param startsAt its first moment; absent: now */
  constructor(startsAt = Date.now()) {
    this.#anchor = startsAt;
  }

  now(): number {
    return this.#anchor + (Date.now() - this.#realAnchor) * this.#speed;
  }

  /** As columns keep it: without the part of a second, so that a filter by a time that was read meets its own row. */
  stamp(): number {
    return Math.floor(this.now() / 1000) * 1000;
  }

  advance(milliseconds: number): void {
    this.#anchor += milliseconds;
  }

  setSpeed(speed: number): void {
    this.#anchor = this.now();
    this.#realAnchor = Date.now();
    this.#speed = speed;
  }
}
