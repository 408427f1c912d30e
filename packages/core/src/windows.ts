// Calendar windows of budgets: hours, days, weeks from Monday, months, and all of time, in an IANA time zone. They
// partition time: every instant is in exactly one window, and a window ends where the next one begins, also on days of 23
// or 25 hours, on days without a midnight, and across days that a country skipped. Decides nothing about money.

import { invariant } from "./invariant.ts";
import { DAY_MS, HOUR_MS, instant } from "./time.ts";
import type { Instant } from "./time.ts";

export type WindowKind = "hour" | "day" | "week" | "month" | "total";

/** Holds `start <= at < end`; `end` is null for all of time. */
export interface Window {
  readonly start: Instant;
  readonly end: Instant | null;
}

/**
 * The window of this kind that `at` is in. An hour is one hour of the wall clock; where the clock is put forward or back
 * a new one begins, so an hour that happens twice is two windows.
 *
 * @example windowAt("day", "Europe/Berlin", at) // 23 hours long on the last Sunday of March
 */
export function windowAt(kind: WindowKind, timeZone: string, at: Instant): Window {
  invariant(at >= 0 && at < WINDOW_INSTANT_MAX_MS, "windows are known from 1970 to 9998");
  if (kind === "total") return ALL_TIME;
  const zone = zoneNamed(timeZone);
  invariant(zone !== null, "the time zone of a window was checked when it was made");
  const last = zone.last[kind];
  if (last !== null && last.start <= at && (last.end === null || at < last.end)) return last;
  const found = kind === "hour" ? hourAt(zone, at) : calendarWindowAt(zone, CALENDAR[kind], at);
  zone.last[kind] = found;
  return found;
}

/** Whether windows can be kept in this zone: an IANA name (`Europe/Berlin`, `UTC`), not an offset. */
export function isTimeZone(text: string): boolean {
  return zoneNamed(text) !== null;
}

const ALL_TIME: Window = { start: instant(0), end: null };
const WINDOW_INSTANT_MAX_MS = 253_370_764_800_000; // 9999-01-01T00:00:00Z: the end of every window can still be written

// --- days, weeks and months -----------------------------------------------------------------------------------------

/** A time as a wall clock shows it, written as if that were UTC: arithmetic on it knows no zone. */
type WallMs = number;

interface Calendar {
  /** The beginning of the window that this wall-clock time belongs to. */
  floor(wall: WallMs): WallMs;
  next(start: WallMs): WallMs;
}

const CALENDAR: Readonly<Record<"day" | "week" | "month", Calendar>> = {
  day: {
    floor: (wall) => floorTo(wall, DAY_MS, 0),
    next: (start) => start + DAY_MS,
  },
  week: {
    floor: (wall) => floorTo(wall, 7 * DAY_MS, 4 * DAY_MS), // 1970-01-01 was a Thursday, 1970-01-05 a Monday
    next: (start) => start + 7 * DAY_MS,
  },
  month: {
    floor: (wall) => firstOfMonth(wall, 0),
    next: (start) => firstOfMonth(start, 1),
  },
};

function floorTo(wall: WallMs, size: number, anchor: number): WallMs {
  return Math.floor((wall - anchor) / size) * size + anchor;
}

function firstOfMonth(wall: WallMs, monthsLater: number): WallMs {
  const date = new Date(wall);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsLater, 1);
}

function calendarWindowAt(zone: Zone, calendar: Calendar, at: Instant): Window {
  let wallStart = calendar.floor(at + offsetAt(zone, at));
  let start = firstInstantShowing(zone, wallStart);
  // A clock put back over midnight shows yesterday again: by then today has begun, and it does not begin twice.
  let wallEnd = calendar.next(wallStart);
  let end = firstInstantShowing(zone, wallEnd);
  while (end <= at) {
    [wallStart, start] = [wallEnd, end];
    wallEnd = calendar.next(wallStart);
    end = firstInstantShowing(zone, wallEnd);
  }
  invariant(start <= at, "a clock that shows a time has passed its beginning");
  return { start: instant(start), end: instant(end) };
}

/** No zone was ever further than this from UTC (Manila until 1844: 15 h 56 min). */
const OFFSET_MAX_MS: number = 16 * HOUR_MS;
/** Between two changes of one zone's clock there is more than this. */
const BETWEEN_CHANGES_MS: number = 4 * HOUR_MS;

/**
 * The first instant at which the zone's clock shows this time or a later one. That is midnight where there is one, the
 * end of the gap where it was skipped, and the earlier of the two where it comes twice. It never falls as `wall` grows,
 * which is why windows made of it cannot overlap.
 */
function firstInstantShowing(zone: Zone, wall: WallMs): number {
  let from = wall - OFFSET_MAX_MS;
  let offset = offsetAt(zone, from);
  for (;;) {
    const change = nextChange(zone, from, offset, wall + OFFSET_MAX_MS);
    const candidate = Math.max(from, wall - offset);
    if (change === null || candidate < change) return candidate;
    from = change;
    offset = offsetAt(zone, change);
  }
}

/** The first instant in (from, until] at which the clock is no longer `offset` from UTC; null if there is none. */
function nextChange(zone: Zone, from: number, offset: number, until: number): number | null {
  for (let before = from; before < until;) {
    const after = Math.min(before + BETWEEN_CHANGES_MS, until);
    if (offsetAt(zone, after) !== offset) return bisectChange(zone, before, offset, after);
    before = after;
  }
  return null;
}

/** Clocks are changed at whole seconds. The clock is `offset` from UTC at `before` and is not at `after`. */
function bisectChange(zone: Zone, before: number, offset: number, after: number): number {
  let low = Math.floor(before / 1_000);
  let high = Math.ceil(after / 1_000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(zone, middle * 1_000) === offset) low = middle;
    else high = middle;
  }
  return high * 1_000;
}

// --- hours ----------------------------------------------------------------------------------------------------------

function hourAt(zone: Zone, at: Instant): Window {
  const offset = offsetAt(zone, at);
  let start = floorTo(at + offset, HOUR_MS, 0) - offset;
  let end = start + HOUR_MS;
  const startOffset = offsetAt(zone, start);
  if (startOffset !== offset) start = bisectChange(zone, start, startOffset, at);
  if (offsetAt(zone, end - 1) !== offset) end = bisectChange(zone, at, offset, end);
  return { start: instant(start), end: instant(end) };
}

// --- zones ----------------------------------------------------------------------------------------------------------

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** The window found last, of each kind: nearly every question is about the present. Only a memory, never a truth. */
  readonly last: Record<Exclude<WindowKind, "total">, Window | null>;
}

/** There are some 600 names; more can only be different spellings, and those are not worth remembering. */
const ZONES_REMEMBERED_MAX = 1_000;
/** The longest name today has 30 letters (America/Argentina/Buenos_Aires). */
const ZONE_NAME_LENGTH_MAX = 64;

const zones: Map<string, Zone> = new Map();

function zoneNamed(name: string): Zone | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  // Intl also takes offsets ("+05:30"); a budget's day should be the day of a place.
  if (name.length > ZONE_NAME_LENGTH_MAX || !/^[A-Za-z]/.test(name)) return null;
  const format = formatIn(name);
  if (format === null) return null;
  const zone: Zone = { format, last: { hour: null, day: null, week: null, month: null } };
  if (zones.size >= ZONES_REMEMBERED_MAX) zones.clear();
  zones.set(name, zone);
  return zone;
}

function formatIn(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
  } catch (problem) {
    if (problem instanceof RangeError) return null; // no such zone: ECMA-402 CreateDateTimeFormat
    throw problem;
  }
}

/** How far the zone's clock is ahead of UTC at this instant, in milliseconds. */
function offsetAt(zone: Zone, at: number): number {
  const second = Math.floor(at / 1_000) * 1_000;
  const shown = /^(\d\d)\/(\d\d)\/(\d+), (\d\d):(\d\d):(\d\d)$/.exec(zone.format.format(second));
  invariant(shown !== null, "Intl writes en-US dates as 12/31/2026, 23:59:59");
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, sec = 0] = shown.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, sec) - second;
}
