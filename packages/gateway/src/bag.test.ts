import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Bag } from "./bag.ts";

test("a bag holds exactly what was put in and not taken out, whatever the order", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ puts: fc.boolean(), which: fc.nat(12) }), { maxLength: 200 }), (steps) => {
      const things = Array.from({ length: 13 }, (_, name) => ({ name, place: -1 }));
      const bag = new Bag<(typeof things)[number]>();
      const model = new Set<(typeof things)[number]>();
      for (const { puts, which } of steps) {
        const thing = things[which];
        if (thing === undefined) continue;
        if (puts && !model.has(thing)) {
          bag.add(thing);
          model.add(thing);
        } else {
          bag.delete(thing);
          model.delete(thing);
        }
        expect(new Set(bag.list())).toEqual(model);
        expect(bag.size).toBe(model.size);
      }
    }),
  );
});

test("a thing is not put in twice", () => {
  const bag = new Bag<{ place: number }>();
  const thing = { place: -1 };
  bag.add(thing);
  expect(() => bag.add(thing)).toThrow("once");
});

test("things may be taken out while the list is gone through", () => {
  const bag = new Bag<{ place: number }>();
  for (let count = 0; count < 5; count += 1) bag.add({ place: -1 });
  for (const each of bag.list()) bag.delete(each);
  expect(bag.size).toBe(0);
});
