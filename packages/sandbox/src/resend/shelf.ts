// All objects of one kind, in the order they were made, with Resend's pagination (`limit`, `after`, `before`; newest first).
// Bounded: the oldest leave first.

import type { Json, JsonObject } from "../shared/json.ts";
import { invalidParameter, notFound } from "./errors.ts";

export interface Thing {
  readonly id: string;
}

const LIMIT_DEFAULT = 20;
const LIMIT_MAX = 100;

export class Shelf<T extends Thing> {
  readonly #things = new Map<string, T>();
  readonly #max: number;
  readonly #kind: string;

  /** `kind` is the word of the vendor's sentence: "Email not found". */
  constructor(kind: string, max: number) {
    this.#kind = kind;
    this.#max = max;
  }

  add(thing: T): T {
    this.#things.set(thing.id, thing);
    if (this.#things.size > this.#max) {
      for (const id of this.#things.keys()) {
        this.#things.delete(id);
        break;
      }
    }
    return thing;
  }

  find(id: string | undefined): T | undefined {
    return id === undefined ? undefined : this.#things.get(id);
  }

  get(id: string | undefined): T {
    const found = this.find(id);
    if (found === undefined) throw notFound(this.#kind);
    return found;
  }

  delete(id: string): void {
    this.#things.delete(id);
  }

  all(): IterableIterator<T> {
    return this.#things.values();
  }
}

/** One page of `things`, which come oldest first. */
export function page<T extends Thing>(
  things: Iterable<T>,
  query: URLSearchParams,
  show: (thing: T) => Json,
): JsonObject {
  const newestFirst = [...things].reverse();
  const limit = Number(query.get("limit") ?? LIMIT_DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX) {
    throw invalidParameter(`The \`limit\` parameter must be between 1 and ${LIMIT_MAX}.`);
  }
  const [after, before] = [query.get("after"), query.get("before")];
  if (after !== null && before !== null) throw invalidParameter("Use either `after` or `before`, not both.");
  const place = (id: string): number => {
    const at = newestFirst.findIndex((thing) => thing.id === id);
    if (at < 0) throw invalidParameter("The pagination cursor is unknown.");
    return at;
  };
  const start = after === null ? 0 : place(after) + 1;
  const end = before === null ? newestFirst.length : place(before);
  const from = before === null ? start : Math.max(0, end - limit);
  const data = newestFirst.slice(from, Math.min(end, from + limit)).map(show);
  const more = before === null ? from + limit < newestFirst.length : from > 0;
  return { object: "list", has_more: more, data };
}
