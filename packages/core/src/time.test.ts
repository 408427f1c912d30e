import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DURATION_MAX_MS, formatInstant, instant, parseDuration, parseInstant } from "./time.ts";

const anyInstant = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }).map(instant);

describe("instant", () => {
  test("refuses fractions, NaN and years that cannot be written", () => {
    for (const ms of [0.5, Number.NaN, Infinity, 253_402_300_800_000, -62_167_219_200_001]) {
      expect(() => instant(ms)).toThrow();
    }
    expect(Object.is(instant(-0), 0)).toBe(true);
  });
});

describe("RFC 3339", () => {
  test("every instant survives being written and read", () => {
    fc.assert(fc.property(anyInstant, (at) => parseInstant(formatInstant(at)) === at));
  });

  test("text sorts in the order of time", () => {
    fc.assert(fc.property(anyInstant, anyInstant, (a, b) => a < b === formatInstant(a) < formatInstant(b)));
  });

  test("an offset names the same instant as UTC does", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.constantFrom("+", "-"),
        (seconds, hours, minutes, sign) => {
          const ahead = (sign === "+" ? 1 : -1) * (hours * 60 + minutes) * 60_000;
          const wall = formatInstant(instant(seconds * 1_000 + ahead)).slice(0, 19);
          const offset = `${sign}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
          expect(parseInstant(wall + offset)).toBe(seconds * 1_000);
        },
      ),
    );
  });

  test.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2026-11-24t05:00:00z", 1_795_496_400_000],
    ["2026-11-24T05:00:00.5Z", 1_795_496_400_500],
    ["2026-11-24T05:00:00.123456789+00:00", 1_795_496_400_123],
    ["2024-02-29T00:00:00Z", 1_709_164_800_000],
    ["0001-01-01T00:00:00Z", -62_135_596_800_000],
  ])("reads %s", (text, ms) => {
    expect(parseInstant(text)).toBe(ms);
  });

  test.each([
    "",
    "2026-11-24",
    "2026-11-24T05:00Z",
    "2026-11-24T05:00:00",
    "2026-11-24 05:00:00Z",
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2016-12-31T23:59:60Z",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00+01:60",
    "2026-01-01T00:00:00+0100",
    "+002026-01-01T00:00:00Z",
    "2026-1-1T00:00:00Z",
    "2026-01-01T00:00:00Z\n",
    " 2026-01-01T00:00:00Z",
    "9999-12-31T23:59:59-00:01",
    "٢٠٢٦-01-01T00:00:00Z",
  ])("refuses %j", (text) => {
    expect(parseInstant(text)).toBeNull();
  });
});

describe("durations", () => {
  test.each([
    ["1s", 1_000],
    ["90m", 5_400_000],
    ["8h", 28_800_000],
    ["45d", 3_888_000_000],
    ["2w", 1_209_600_000],
    ["3653d", DURATION_MAX_MS],
  ])("%s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    "",
    "0s",
    "8",
    "h",
    "-8h",
    "+8h",
    "1.5h",
    "8H",
    "8 h",
    "08h",
    "1e3s",
    "8h\n",
    "3654d",
    "99999999999s",
    "9y",
    "1h30m",
  ])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
