/**
 * Key states in memory, bounded. A state that is not yet wholly in the tables, or has calls on their way, is never let go: it could
 * not be read back as it is. Knows no database.
 */
import { invariant, type KeyId, type KeyState } from "@keybrake/core";

export interface CachedKey {
  readonly state: KeyState;
  /** The flush that holds the last entry of this key. */
  lastPosition: number;
  /** Somebody is about to decide on it. */
  pins: number;
  /** Used since the last time somebody looked for room. */
  used: boolean;
}

/** How many are looked at to make room for one: beyond it the cache grows for a while. */
const LOOKED_AT_MAX = 16;

export class KeyCache {
  readonly #max: number;
  readonly #projected: () => number;
  readonly #byId: Map<KeyId, CachedKey> = new Map();
  readonly #byToken: Map<string, CachedKey> = new Map();
  /** All of them again, in a circle for the hand of the clock: taking the first of a Map costs more the more were taken before. */
  readonly #ring: CachedKey[] = [];
  #hand = 0;

  /** `projected` tells the last flush that the tables have taken in. */
  constructor(max: number, projected: () => number) {
    invariant(max > 0, "a cache holds at least one key");
    this.#max = max;
    this.#projected = projected;
  }

  get size(): number {
    return this.#byId.size;
  }

  byId(id: KeyId): CachedKey | undefined {
    const cached = this.#byId.get(id);
    if (cached !== undefined) cached.used = true;
    return cached;
  }

  byToken(tokenHash: string): CachedKey | undefined {
    const cached = this.#byToken.get(tokenHash);
    if (cached !== undefined) cached.used = true;
    return cached;
  }

  /** The state that is here already wins: it may have been changed since the given one was read. */
  add(state: KeyState, lastPosition: number): CachedKey {
    const known = this.byId(state.key.id);
    if (known !== undefined) return known;
    this.#makeRoom();
    const cached: CachedKey = { state, lastPosition, pins: 0, used: true };
    this.#byId.set(state.key.id, cached);
    this.#ring.push(cached);
    this.#byToken.set(state.key.tokenHash, cached);
    return cached;
  }

  /** A clock: what was used since the hand last came by gets one more round (second chance). */
  #makeRoom(): void {
    for (let looked = 0; this.#ring.length >= this.#max && looked < LOOKED_AT_MAX; looked++) {
      this.#hand %= this.#ring.length;
      const cached = this.#ring[this.#hand];
      if (cached === undefined) return;
      if (cached.used || !this.#mayGo(cached)) {
        cached.used = false;
        this.#hand += 1;
      } else this.#letGo(cached);
    }
  }

  #letGo(cached: CachedKey): void {
    const { id, tokenHash } = cached.state.key;
    this.#byId.delete(id);
    this.#byToken.delete(tokenHash);
    const last = this.#ring.pop();
    if (last !== undefined && last !== cached) this.#ring[this.#hand] = last;
  }

  #mayGo(cached: CachedKey): boolean {
    return cached.pins === 0 && cached.state.calls.size === 0 && cached.lastPosition <= this.#projected();
  }
}
