/** Seeded choices for generated requests: the same seed throws the same dice. */

export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Uniform in [0, 1). Mulberry32: small, and good enough to choose by. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from `min` to `max`, both possible. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  pick<T>(items: readonly [T, ...T[]]): T;
  pick<T>(items: readonly T[]): T | undefined;
  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.next() * items.length)];
  }

  /** One of the names, by its weight. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries<number>(weights);
    let at = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      at -= weight;
      if (at < 0) return name as T;
    }
    return entries[0]?.[0] as T;
  }

  times<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }

  /** Letters and digits, as the middle of ids and keys. */
  word(length: number): string {
    let text = "";
    while (text.length < length) text += Math.floor(this.next() * 36 ** 5).toString(36);
    return text.slice(0, length);
  }
}

/** What has been made and can be acted on again: bounded, mostly the latest, some old ones. */
export class Shelf<T> {
  readonly #items: T[] = [];
  readonly #max: number;

  constructor(max = 64) {
    this.#max = max;
  }

  put(item: T, dice: Dice): void {
    if (this.#items.length < this.#max) this.#items.push(item);
    else this.#items[dice.whole(0, this.#max - 1)] = item;
  }

  /** Takes it away; whoever finds that it can be acted on again puts it back. */
  take(dice: Dice): T | undefined {
    const at = Math.floor(dice.next() * this.#items.length);
    const [taken] = this.#items.splice(at, 1);
    return taken;
  }

  any(dice: Dice): T | undefined {
    return dice.pick(this.#items);
  }
}
