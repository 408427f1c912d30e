/**
 * What is on its way right now, in no order: put in, taken out, gone through. An array whose places are used again, because a Map or
 * Set of things that come and go by the thousand keeps leaving hash tables behind, each dead one pointing to the next, and the young
 * generation of the garbage collector then drags along whatever they ever held (decisions/0009).
 */
import { invariant } from "@keybrake/core";

export interface Item {
  /** Where the bag has it; -1 while no bag does. Only the bag writes it. */
  place: number;
}

export class Bag<T extends Item> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    invariant(item.place === -1, "a thing is in one bag, once");
    item.place = this.#items.length;
    this.#items.push(item);
  }

  /** Nothing happens when it is not there any more. */
  delete(item: T): void {
    const { place } = item;
    if (place === -1) return;
    const last = this.#items.pop();
    if (last !== undefined && last !== item) {
      last.place = place;
      this.#items[place] = last;
    }
    item.place = -1;
  }

  /** All of them at this moment: things may be taken out while the list is gone through. */
  list(): readonly T[] {
    return [...this.#items];
  }
}
