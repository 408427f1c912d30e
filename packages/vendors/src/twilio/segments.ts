// How many parts a text message is sent, and billed, in. Counts what Twilio's own calculator counts (npm
// sms-segments-calculator 1.3.0, mode "auto", without smart encoding), to the last odd string, in code of its own; and says
// what can be billed at most where that calculator counts too few.

import { clusterLengths } from "./clusters.ts";

export interface SegmentCount {
  readonly encoding: "GSM-7" | "UCS-2";
  /** At least 1: an empty message is one part. */
  readonly segments: number;
  /** What the parts hold: septets in GSM-7, UTF-16 units in UCS-2. */
  readonly units: number;
}

/** A part is 140 octets; in a message of several parts, 6 of them number the part (3GPP TS 23.040, 9.2.3.24). */
interface Capacity {
  readonly alone: number;
  readonly ofSeveral: number;
}

const GSM_7: Capacity = { alone: 160, ofSeveral: 153 };
const UCS_2: Capacity = { alone: 70, ofSeveral: 67 };

/**
 * Parts, encoding and units of a message body, as Twilio's calculator has them. Nothing straddles two parts: no escape and
 * its character, no surrogate pair, no grapheme cluster. Any length is counted; that Twilio refuses more than 1,600
 * characters is no matter of counting.
 *
 * @example countSegments("a".repeat(161)) // { encoding: "GSM-7", segments: 2, units: 161 }
 */
export function countSegments(text: string): SegmentCount {
  const septets = septetsOf(text);
  if (septets !== null) {
    return { encoding: "GSM-7", segments: pack(septets, GSM_7), units: sum(septets) };
  }
  return { encoding: "UCS-2", segments: pack(clusterLengths(text), UCS_2), units: text.length };
}

/**
 * Parts that a body can be billed as at most. The calculator puts a cluster that is longer than a part (a letter under a
 * hundred accents) into one part, which no network can carry: there the text is also packed by its surrogate pairs alone,
 * and the larger count holds.
 */
export function segmentsAtMost(text: string): number {
  const { encoding, segments } = countSegments(text);
  return encoding === "GSM-7" ? segments : Math.max(segments, pack(characterLengths(text), UCS_2));
}

/**
 * What smart encoding puts several characters in the place of, by how many: the table of npm sms-segments-calculator 1.3.0, which is
 * Twilio's. Everything else it replaces one for one, or drops.
 */
const LENGTHENED: ReadonlyMap<string, number> = new Map([
  ...Array.from("\u0080\u008d\u0090\u009b\u009f\u00a0\u202f\u205f\u3000‼", (space) => [space, 2] as const),
  ...Array.from("\u2000\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", (space) => [space, 2] as const),
  ...Array.from("¼½¾…", (character) => [character, 3] as const),
  ["\t", 7],
]);

/**
 * The same where smart encoding may be on. It is meant to save parts, and costs one where it lengthens a text that stays in UCS-2 all
 * the same, or that has many tabs.
 */
export function smartSegmentsAtMost(text: string): number {
  const longer = text.replaceAll(
    /[^\x20-\x7e]/g,
    (character) => " ".repeat(LENGTHENED.get(character) ?? 0) || character,
  );
  return longer === text ? segmentsAtMost(text) : Math.max(segmentsAtMost(text), segmentsAtMost(longer));
}

/**
 * Greedily, as the calculator does: the first part is filled as if it were alone; when a second is needed, what no longer
 * fits beside the numbering moves over, together with what comes next even if both do not fit.
 */
function pack(sizes: Iterable<number>, capacity: Capacity): number {
  const first: number[] = [];
  let segments = 1;
  let used = 0;
  for (const size of sizes) {
    const room = (segments === 1 ? capacity.alone : capacity.ofSeveral) - used;
    if (room < size) {
      used = segments === 1 ? takeOverflow(first, used - capacity.ofSeveral) : 0;
      segments += 1;
    }
    used += size;
    if (segments === 1) first.push(size);
  }
  return segments;
}

/** Takes from the end until at least `overflow` units are gone; answers how many were taken. */
function takeOverflow(sizes: number[], overflow: number): number {
  let taken = 0;
  while (taken < overflow) {
    const size = sizes.pop();
    if (size === undefined) break;
    taken += size;
  }
  return taken;
}

/** One for each character, two for those of the extension table; null when one of them is not GSM-7. */
function septetsOf(text: string): number[] | null {
  const septets: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const size = SEPTETS.get(text.charCodeAt(index));
    if (size === undefined) return null;
    septets.push(size);
  }
  return septets;
}

function* characterLengths(text: string): Generator<number> {
  for (const character of text) yield character.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/**
 * GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1), as far as the calculator maps them: the
 * letters of both tables without U+001B, and form feed in the extension.
 */
const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION = "\f^{}\\[~]|€";

const SEPTETS: ReadonlyMap<number, number> = new Map([
  ...Array.from(BASIC, (character) => [character.charCodeAt(0), 1] as const),
  ...Array.from(EXTENSION, (character) => [character.charCodeAt(0), 2] as const),
]);
