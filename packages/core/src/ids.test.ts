import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatId } from "./ids.ts";
import { instant } from "./time.ts";

const random = fc.uint8Array({ minLength: 16, maxLength: 16 });
const at = fc.integer({ min: 0, max: 253_402_300_799_999 }).map(instant);

describe("ids", () => {
  test("are a prefix, one underscore and 26 lower-case letters and digits", () => {
    fc.assert(
      fc.property(fc.constantFrom("key", "call", "cred", "api"), at, random, (prefix, time, bytes) => {
        expect(formatId(prefix, time, bytes)).toMatch(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`));
      }),
    );
  });

  test("sort by the time they were made", () => {
    fc.assert(
      fc.property(at, at, random, random, (a, b, bytesA, bytesB) => {
        if (a < b) expect(formatId("call", a, bytesA) < formatId("call", b, bytesB)).toBe(true);
      }),
    );
  });

  test("of one millisecond differ when the randomness does", () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, i) => i);
    for (let i = 0; i < 16; i++) {
      const other = Uint8Array.from(bytes);
      other[i] = (other[i] ?? 0) ^ 1;
      expect(formatId("key", instant(7), other)).not.toBe(formatId("key", instant(7), bytes));
    }
  });

  test("are not made from too little randomness", () => {
    expect(() => formatId("key", instant(0), new Uint8Array(15))).toThrow();
  });
});
