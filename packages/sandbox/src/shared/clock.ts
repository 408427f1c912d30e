// A fake vendor's clock: the real one, or one that a test passes in, and ahead of it by what the control plane has added. So
// what a vendor does hours later (publishing a price, forgetting a key) can be had at once.

export class SandboxClock {
  readonly #base: () => number;
  #aheadMs = 0;

  /** `base` gives milliseconds since the epoch. */
  constructor(base: () => number) {
    this.#base = base;
  }

  now(): number {
    return this.#base() + this.#aheadMs;
  }

  /** Milliseconds; a clock is never set back. */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) throw new TypeError("a clock goes on by a number of milliseconds, not back");
    this.#aheadMs += ms;
  }

  reset(): void {
    this.#aheadMs = 0;
  }
}
