import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInstant, instant, parseInstant } from "./time.ts";
import type { Instant } from "./time.ts";
import { isTimeZone, windowAt } from "./windows.ts";
import type { WindowKind } from "./windows.ts";

function time(text: string): Instant {
  const at = parseInstant(text);
  if (at === null) throw new Error(`${text} is no time`);
  return at;
}

function check(kind: WindowKind, zone: string, at: string): string {
  const { start, end } = windowAt(kind, zone, time(at));
  return `${formatInstant(start)} ${end === null ? "forever" : formatInstant(end)}`.replaceAll(":00.000Z", "Z");
}

describe("a window", () => {
  test.each<[string, WindowKind, string, string, string]>([
    ["a plain day", "day", "UTC", "2026-11-24T05:06:07.890Z", "2026-11-24T00:00Z 2026-11-25T00:00Z"],
    ["the last millisecond of a day", "day", "UTC", "2026-11-24T23:59:59.999Z", "2026-11-24T00:00Z 2026-11-25T00:00Z"],
    ["a week begins on Monday", "week", "UTC", "2026-11-29T23:59:59.999Z", "2026-11-23T00:00Z 2026-11-30T00:00Z"],
    ["Monday is in its own week", "week", "UTC", "2026-11-30T00:00:00Z", "2026-11-30T00:00Z 2026-12-07T00:00Z"],
    ["a leap February", "month", "UTC", "2028-02-29T12:00:00Z", "2028-02-01T00:00Z 2028-03-01T00:00Z"],
    ["December ends the year", "month", "UTC", "2026-12-31T23:59:59Z", "2026-12-01T00:00Z 2027-01-01T00:00Z"],
    ["all of time", "total", "Asia/Tokyo", "2026-11-24T05:06:07Z", "1970-01-01T00:00Z forever"],
    ["the day of 23 hours", "day", "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00Z 2026-03-29T22:00Z"],
    ["the day of 25 hours", "day", "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00Z 2026-10-25T23:00Z"],
    // Clocks went from 00:00 to 01:00: the day has no midnight.
    [
      "no midnight in Sao Paulo",
      "day",
      "America/Sao_Paulo",
      "2018-11-04T15:00:00Z",
      "2018-11-04T03:00Z 2018-11-05T02:00Z",
    ],
    ["no midnight in Cairo", "day", "Africa/Cairo", "2024-04-26T12:00:00Z", "2024-04-25T22:00Z 2024-04-26T21:00Z"],
    ["no midnight in Beirut", "day", "Asia/Beirut", "2022-03-27T12:00:00Z", "2022-03-26T22:00Z 2022-03-27T21:00Z"],
    // Clocks went from 24:00 back to 23:00: the same hour of the evening twice, one day.
    [
      "two evenings in Sao Paulo",
      "day",
      "America/Sao_Paulo",
      "2018-02-18T02:30:00Z",
      "2018-02-17T02:00Z 2018-02-18T03:00Z",
    ],
    // Clocks went from 00:01 back to 23:01: by then the new day had begun, and it does not begin twice.
    ["a minute of tomorrow", "day", "America/St_Johns", "2006-10-29T03:15:00Z", "2006-10-29T02:30Z 2006-10-30T03:30Z"],
    // Samoa went without 30 December 2011.
    [
      "the day before the one that was skipped",
      "day",
      "Pacific/Apia",
      "2011-12-30T09:00:00Z",
      "2011-12-29T10:00Z 2011-12-30T10:00Z",
    ],
    [
      "the day after the one that was skipped",
      "day",
      "Pacific/Apia",
      "2011-12-30T11:00:00Z",
      "2011-12-30T10:00Z 2011-12-31T10:00Z",
    ],
    [
      "the month with a day skipped",
      "month",
      "Pacific/Apia",
      "2011-12-15T00:00:00Z",
      "2011-12-01T10:00Z 2011-12-31T10:00Z",
    ],
    [
      "an hour of a zone half an hour off",
      "hour",
      "Asia/Kolkata",
      "2026-11-24T05:06:07Z",
      "2026-11-24T04:30Z 2026-11-24T05:30Z",
    ],
    [
      "an hour of a zone three quarters off",
      "hour",
      "Asia/Kathmandu",
      "2026-11-24T05:06:07Z",
      "2026-11-24T04:15Z 2026-11-24T05:15Z",
    ],
    [
      "the first of two equal hours",
      "hour",
      "Europe/Berlin",
      "2026-10-25T00:30:00Z",
      "2026-10-25T00:00Z 2026-10-25T01:00Z",
    ],
    [
      "the second of two equal hours",
      "hour",
      "Europe/Berlin",
      "2026-10-25T01:30:00Z",
      "2026-10-25T01:00Z 2026-10-25T02:00Z",
    ],
    // Lord Howe Island puts its clocks by half an hour: 02:00 back to 01:30, and 02:00 on to 02:30.
    [
      "Lord Howe, back: the hour before",
      "hour",
      "Australia/Lord_Howe",
      "2026-04-04T14:59:59Z",
      "2026-04-04T14:00Z 2026-04-04T15:00Z",
    ],
    [
      "Lord Howe, back: the half hour again",
      "hour",
      "Australia/Lord_Howe",
      "2026-04-04T15:10:00Z",
      "2026-04-04T15:00Z 2026-04-04T15:30Z",
    ],
    [
      "Lord Howe, on: the half hour left",
      "hour",
      "Australia/Lord_Howe",
      "2026-10-03T15:45:00Z",
      "2026-10-03T15:30Z 2026-10-03T16:00Z",
    ],
  ])("%s", (_, kind, zone, at, expected) => {
    expect(check(kind, zone, at)).toBe(expected);
  });

  test("is not asked for before 1970 or in a zone that does not exist", () => {
    expect(() => windowAt("day", "UTC", instant(-1))).toThrow();
    expect(() => windowAt("day", "Mars/Olympus_Mons", instant(0))).toThrow();
  });
});

const zones = fc.constantFrom("UTC", "Etc/GMT+12", ...Intl.supportedValuesOf("timeZone"));
const trickyZones = fc.constantFrom(
  "America/Sao_Paulo",
  "Africa/Cairo",
  "Asia/Beirut",
  "Australia/Lord_Howe",
  "America/St_Johns",
  "Pacific/Apia",
  "Pacific/Kwajalein",
  "Africa/Monrovia",
  "Africa/Casablanca",
  "Antarctica/Troll",
  "Asia/Kathmandu",
  "Europe/Dublin",
);
const years1970To2100 = fc.integer({ min: 60 * 86_400_000, max: 4_102_444_800_000 }).map(instant);
const kinds = fc.constantFrom<WindowKind>("hour", "day", "week", "month", "total");

/** What a wall clock shows, as text that sorts: an oracle that shares no code with windows.ts but Intl itself. */
const clocks = new Map<string, Intl.DateTimeFormat>();
function wallClock(zone: string, at: number): string {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "medium",
      hourCycle: "h23",
    });
    clocks.set(zone, clock);
  }
  return clock.format(at);
}

/** A change of the zone's clock near `at`, if there is one within half a year: where mistakes live. */
function nearAChange(zone: string, at: Instant): Instant {
  const ahead = (t: number): number =>
    Date.parse(`${wallClock(zone, t).replace(" ", "T")}Z`) - Math.floor(t / 1_000) * 1_000;
  let low: number = at;
  let high = at + 183 * 86_400_000;
  const before = ahead(low);
  if (ahead(high) === before) return at;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (ahead(middle) === before) low = middle;
    else high = middle;
  }
  return instant(high);
}

const moments = fc
  .tuple(
    fc.oneof(zones, trickyZones),
    years1970To2100,
    fc.integer({ min: -100_000_000, max: 100_000_000 }),
    fc.boolean(),
  )
  .map(([zone, at, shift, near]) => ({ zone, at: near ? instant(nearAChange(zone, at) + shift) : at }));

describe("windows partition time:", () => {
  test("every instant is in its window, every instant of that window agrees, and the next begins where it ends", () => {
    fc.assert(
      fc.property(kinds, moments, fc.double({ min: 0, max: 1, noNaN: true }), (kind, { zone, at }, share) => {
        const window = windowAt(kind, zone, at);
        expect(window.start).toBeLessThanOrEqual(at);
        expect(windowAt(kind, zone, window.start)).toEqual(window);
        if (window.end === null) {
          expect(window.start).toBe(0);
          return;
        }
        expect(window.end).toBeGreaterThan(at);
        const inside = instant(window.start + Math.floor((window.end - 1 - window.start) * share));
        const next = windowAt(kind, zone, window.end);
        expect(next.start).toBe(window.end);
        expect(windowAt(kind, zone, inside)).toEqual(window);
        expect(windowAt(kind, zone, instant(window.end - 1))).toEqual(window);
      }),
      { numRuns: 1_500 },
    );
  });

  test("a day, a week and a month begin exactly when the wall clock first shows one", () => {
    const shows: Record<"day" | "week" | "month", (wall: string) => number> = {
      day: (wall) => Number(wall.slice(0, 10).replaceAll("-", "")),
      week: (wall) => Math.floor((Date.parse(`${wall.slice(0, 10)}T00:00:00Z`) / 86_400_000 + 3) / 7),
      month: (wall) => Number(wall.slice(0, 7).replace("-", "")),
    };
    fc.assert(
      fc.property(fc.constantFrom("day", "week", "month"), moments, (kind, { zone, at }) => {
        const { start } = windowAt(kind, zone, at);
        expect(shows[kind](wallClock(zone, start - 1))).toBeLessThan(shows[kind](wallClock(zone, start)));
      }),
      { numRuns: 800 },
    );
  });

  test("an hour begins on a full hour of the wall clock, or where the clock was put", () => {
    fc.assert(
      fc.property(moments, ({ zone, at }) => {
        const { start, end } = windowAt("hour", zone, at);
        expect((end ?? 0) - start).toBeLessThanOrEqual(3_600_000);
        const wall = wallClock(zone, start);
        const jumped =
          Date.parse(`${wall.replace(" ", "T")}Z`) !==
          Date.parse(`${wallClock(zone, start - 1_000).replace(" ", "T")}Z`) + 1_000;
        if (!jumped) expect(wall.slice(14)).toBe("00:00");
      }),
      { numRuns: 800 },
    );
  });

  test("the order of questions does not matter", () => {
    fc.assert(
      fc.property(kinds, zones, fc.array(years1970To2100, { minLength: 2, maxLength: 8 }), (kind, zone, times) => {
        const forth = times.map((at) => windowAt(kind, zone, at));
        const back = [...times].reverse().map((at) => windowAt(kind, zone, at));
        expect(back.reverse()).toEqual(forth);
      }),
      { numRuns: 60 },
    );
  });
});

describe("time zones", () => {
  test("a name of ten thousand letters is none", () => {
    expect(isTimeZone("A".repeat(10_000))).toBe(false);
  });

  test("every zone that Intl knows is one", () => {
    for (const zone of Intl.supportedValuesOf("timeZone")) expect([zone, isTimeZone(zone)]).toEqual([zone, true]);
    expect(isTimeZone("UTC")).toBe(true);
  });

  test.each(["", "Mars/Olympus_Mons", "+05:30", "-08", "UTC+1", " UTC", "UTC\n", "Europe/Berlin/", "é"])(
    "%j is none",
    (text) => {
      expect(isTimeZone(text)).toBe(false);
    },
  );
});
