// What the sandbox will do later, by its own clock: deliver a message, end a call, publish a price. A heap, because a test
// may have a hundred thousand messages on their way. Nothing runs by itself: `run` is called before every request.

interface Due {
  readonly at: number;
  readonly sequence: number;
  readonly work: (at: number) => void;
}

export class DueQueue {
  #heap: Due[] = [];
  #sequence = 0;

  /** `work` is told the moment it was due, which may be long ago when the clock has leapt. */
  at(at: number, work: (at: number) => void): void {
    this.#sequence += 1;
    const heap = this.#heap;
    heap.push({ at, sequence: this.#sequence, work });
    for (let child = heap.length - 1; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfEarlier(child, parent)) break;
      child = parent;
    }
  }

  /** Everything due until `now`, in order, with what that work makes due in its turn. */
  run(now: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.#pop();
      first.work(first.at);
    }
  }

  clear(): void {
    this.#heap = [];
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let parent = 0; ;) {
      const left = 2 * parent + 1;
      const right = left + 1;
      const earlier = right < heap.length && this.#earlier(right, left) ? right : left;
      if (earlier >= heap.length || !this.#swapIfEarlier(earlier, parent)) return;
      parent = earlier;
    }
  }

  #earlier(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined) return false;
    return x.at < y.at || (x.at === y.at && x.sequence < y.sequence);
  }

  #swapIfEarlier(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a], this.#heap[b]];
    if (x === undefined || y === undefined || !this.#earlier(a, b)) return false;
    this.#heap[a] = y;
    this.#heap[b] = x;
    return true;
  }
}
