// All objects of one kind, in the order they were made, with Stripe's cursor pagination. Bounded: the oldest leave first.

import { noSuchObject } from "./errors.ts";
import type { StripeObject } from "./objects.ts";
import type { Params } from "./params.ts";
import { positiveInteger } from "./params.ts";
import { invalidParameter } from "./errors.ts";

/** The request that made an object or moved money. `order` counts the requests the sandbox has received, from 1. */
export interface Origin {
  readonly order: number;
  readonly requestId: string;
  readonly idempotencyKey: string | null;
}

interface Entry<T> {
  readonly object: T;
  readonly position: number;
  readonly origin: Origin;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly hasMore: boolean;
}

export class Shelf<T extends StripeObject> {
  readonly #entries = new Map<string, Entry<T>>();
  #row: (Entry<T> | undefined)[] = [];
  #base = 0;
  readonly #max: number;
  readonly kind: string;

  constructor(kind: string, max: number) {
    this.kind = kind;
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  add(object: T, origin: Origin): T {
    const entry = { object, position: this.#base + this.#row.length, origin };
    this.#entries.set(object.id, entry);
    this.#row.push(entry);
    if (this.#entries.size > this.#max) this.#dropOldest();
    return object;
  }

  find(id: string): T | undefined {
    return this.#entries.get(id)?.object;
  }

  originOf(id: string): Origin | undefined {
    return this.#entries.get(id)?.origin;
  }

  delete(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#row[entry.position - this.#base] = undefined;
  }

  *oldestFirst(): Generator<{ readonly object: T; readonly origin: Origin }> {
    for (const entry of this.#row) if (entry !== undefined) yield entry;
  }

  /** Newest first, as Stripe lists; `limit`, `starting_after` and `ending_before` are read from the parameters. */
  page(params: Params, keep: (object: T) => boolean): Page<T> {
    const limit = readLimit(params);
    const after = this.#cursor(params, "starting_after");
    const before = this.#cursor(params, "ending_before");
    const found: T[] = [];
    const end = this.#base + this.#row.length;
    const step = before === undefined ? -1 : 1;
    for (let at = before === undefined ? (after ?? end) - 1 : before + 1; found.length <= limit; at += step) {
      if (at < this.#base || at >= end) break;
      const entry = this.#row[at - this.#base];
      if (entry !== undefined && keep(entry.object)) found.push(entry.object);
    }
    const hasMore = found.length > limit;
    if (hasMore) found.pop();
    return { data: before === undefined ? found : found.reverse(), hasMore };
  }

  #cursor(params: Params, name: "starting_after" | "ending_before"): number | undefined {
    const id = params.text(name);
    if (id === undefined || id === "") return undefined;
    const entry = this.#entries.get(id);
    if (entry === undefined) throw noSuchObject(this.kind, id, name, 400);
    return entry.position;
  }

  #dropOldest(): void {
    for (const id of this.#entries.keys()) {
      this.delete(id);
      break;
    }
    // Compacting only when half of the row is holes keeps the cost of a drop constant.
    let holes = 0;
    while (holes < this.#row.length && this.#row[holes] === undefined && holes <= this.#max) holes += 1;
    if (holes <= this.#max / 2) return;
    this.#row = this.#row.slice(holes);
    this.#base += holes;
  }
}

export function readLimit(params: Params): number {
  const limit = positiveInteger(params, "limit") ?? 10;
  if (limit > 100) {
    throw invalidParameter("This value must be less than or equal to 100.", "parameter_invalid_integer", "limit");
  }
  return limit;
}
