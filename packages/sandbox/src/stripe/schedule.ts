// What happens later without any call: an invoice advances, a subscription renews. In the order of its time; nothing runs by
// itself, `run` is called before every request and whenever the truth is asked for.

interface Due {
  readonly at: number;
  readonly work: (at: number) => void;
}

export class Schedule {
  /** Latest first, so that the next is taken from the end. */
  #due: Due[] = [];

  /** `at` in milliseconds since the epoch; `work` is told it, which may be long ago when the clock has leapt. */
  at(at: number, work: (at: number) => void): void {
    let low = 0;
    let high = this.#due.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#due[middle]?.at ?? 0) > at) low = middle + 1;
      else high = middle;
    }
    this.#due.splice(low, 0, { at, work });
  }

  /** Everything due until `now`, with what that work makes due in its turn. */
  run(now: number): void {
    for (let next = this.#due.at(-1); next !== undefined && next.at <= now; next = this.#due.at(-1)) {
      this.#due.pop();
      next.work(next.at);
    }
  }

  clear(): void {
    this.#due = [];
  }
}
