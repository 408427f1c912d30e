/** A clock that a test moves by hand. Never the real time: a test that waits for a clock is a test that fails on a slow machine. */
import { instant, type Instant } from "@keybrake/core";

/** A Tuesday morning, in no window's last hour. */
const START_MS: number = Date.UTC(2026, 10, 24, 9, 30);

export class TestClock {
  #at: number;

  constructor(at: number = START_MS) {
    this.#at = at;
  }

  readonly now = (): Instant => instant(this.#at);

  set(at: number): void {
    this.#at = at;
  }

  /** Backwards too: wall clocks do that. */
  advance(ms: number): void {
    this.#at += ms;
  }
}
