// Points in time and lengths of time. Reads no clock: whoever needs the present is handed an `Instant`.

import type { Brand } from "./brand.ts";
import { invariant } from "./invariant.ts";

/** Milliseconds since 1970-01-01T00:00:00Z, an integer, in the years that RFC 3339 can write (0000 to 9999). */
export type Instant = Brand<number, "Instant">;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
export const WEEK_MS = 604_800_000;

/** Ten years, leap days included: longer than any key should live, short enough that sums of times stay exact. */
export const DURATION_MAX_MS: number = 3_653 * DAY_MS;

const INSTANT_MIN_MS = -62_167_219_200_000; // 0000-01-01T00:00:00.000Z
const INSTANT_MAX_MS = 253_402_300_799_999; // 9999-12-31T23:59:59.999Z

export function instant(ms: number): Instant {
  const whole = ms === 0 ? 0 : ms; // -0 and 0 are one instant
  invariant(isInstant(whole), "an instant is a whole number of milliseconds in the years 0000 to 9999");
  return whole;
}

function isInstant(ms: number): ms is Instant {
  return Number.isSafeInteger(ms) && ms >= INSTANT_MIN_MS && ms <= INSTANT_MAX_MS;
}

/** RFC 3339 in UTC with milliseconds: `2026-11-24T05:00:00.000Z`. Sorts as text in the order of time. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}

// https://www.rfc-editor.org/rfc/rfc3339#section-5.6 - date, "T", time, offset. More than nine digits of a second are no
// time that any clock has told.
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/**
 * Strict RFC 3339 with any offset; null for everything else, so also for 30 February and for hour 24. Leap seconds are
 * refused, because an `Instant` has no name for them. Finer than a millisecond is cut off, never rounded up.
 */
export function parseInstant(text: string): Instant | null {
  const match = RFC_3339.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  if (hour > 23 || minute > 59 || second > 59) return null;
  // Not Date.UTC: it reads the years 0 to 99 as 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const offsetHour = Number(match[9] ?? 0);
  const offsetMinute = Number(match[10] ?? 0);
  if (offsetHour > 23 || offsetMinute > 59) return null;
  const offsetMs = (match[8] === "-" ? -1 : 1) * (offsetHour * HOUR_MS + offsetMinute * MINUTE_MS);
  const millisecond = Number((match[7] ?? "").slice(0, 3).padEnd(3, "0"));
  const ms = date.getTime() + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + millisecond - offsetMs;
  return isInstant(ms) ? instant(ms) : null;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS, w: WEEK_MS };

/** `"8h"`, `"45d"`: a positive whole number and one of s, m, h, d, w, in milliseconds. A day is 24 hours. At most ten years. */
export function parseDuration(text: string): number | null {
  const match = /^([1-9]\d{0,9})([smhdw])$/.exec(text);
  if (match === null) return null;
  const ms = Number(match[1]) * (UNIT_MS[match[2] ?? ""] ?? Number.NaN);
  return ms <= DURATION_MAX_MS ? ms : null;
}
