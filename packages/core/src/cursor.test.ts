import * as fc from "fast-check";
import { expect, test } from "vitest";
import { formatCursor, readCursor } from "./cursor.ts";
import { Fault } from "./invariant.ts";

test("a cursor reads back as the place it was made of", () => {
  fc.assert(
    fc.property(fc.nat({ max: 10 ** 15 }), (place) => {
      expect(readCursor(formatCursor(place))).toBe(place);
      expect(formatCursor(place)).toMatch(/^after[0-9a-z]+$/);
    }),
  );
});

test.each([
  ["nothing", ""],
  ["no place", "after"],
  ["a bare number", "12"],
  ["another word", "before1"],
  ["a sign", "after-1"],
  ["a fraction", "after1.5"],
  ["capitals", "afterA"],
  ["a space before", " after1"],
  ["a line break behind", "after1\n"],
  ["a quote of SQL", "after1' OR 1=1"],
  ["more digits than any place has", "afterzzzzzzzzzzz"],
  ["other digits", "after١"],
])("%s is no cursor, and the fault says what to do", (_, text) => {
  expect(() => readCursor(text)).toThrow(Fault);
  expect(() => readCursor(text)).toThrow(/cursor_invalid.*Start again without one/);
});

test("no text at all is read as a place that is not a whole number", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^(?:after)?[0-9a-z]{0,12}$/), (text) => {
      try {
        expect(Number.isSafeInteger(readCursor(text))).toBe(true);
      } catch (problem) {
        expect(problem).toBeInstanceOf(Fault);
      }
    }),
  );
});
