// How many parts a text message is sent and billed in. The sandbox's own count, written from 3GPP TS 23.038 (the alphabet)
// and the user data header of TS 23.040 (six octets: 153 septets or 67 UTF-16 units a part). It shares nothing with what it
// audits: a product that reads the standard wrongly must not find its own mistake here. (Twilio's own calculator also keeps
// grapheme clusters whole, flags and skin tones among them, so it counts as many parts as this or more, never fewer.)

const GSM_BASIC: ReadonlySet<string> = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Sent as an escape and a second septet: two septets that one part must hold together. */
const GSM_EXTENSION: ReadonlySet<string> = new Set("^{}\\[~]|€\f");

const GSM = { alone: 160, inParts: 153 } as const;
const UCS2 = { alone: 70, inParts: 67 } as const;

export interface Segments {
  readonly encoding: "GSM-7" | "UCS-2";
  /** At least 1: an empty message is one part. */
  readonly count: number;
}

export function countSegments(body: string): Segments {
  const letters = Array.from(body);
  const septets = letters.map(septetsOf);
  if (septets.every((size) => size !== undefined)) return { encoding: "GSM-7", count: pack(septets, GSM) };
  // A code point outside the basic plane is a surrogate pair, which one part must hold together too.
  return {
    encoding: "UCS-2",
    count: pack(
      letters.map((letter) => letter.length),
      UCS2,
    ),
  };
}

function septetsOf(letter: string): number | undefined {
  if (GSM_BASIC.has(letter)) return 1;
  return GSM_EXTENSION.has(letter) ? 2 : undefined;
}

/** Greedily: what does not fit into what is left of a part opens the next, and the gap is paid for. */
function pack(sizes: readonly number[], part: { readonly alone: number; readonly inParts: number }): number {
  let total = 0;
  for (const size of sizes) total += size;
  if (total <= part.alone) return 1;
  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > part.inParts) {
      count += 1;
      used = 0;
    }
    used += size;
  }
  return count;
}

/** What `SmartEncoded=true` replaces before the count; the most common of Twilio's table, not all of it. */
const SMART: ReadonlyMap<string, string> = new Map([
  ["\u2018", "'"],
  ["\u2019", "'"],
  ["\u201c", '"'],
  ["\u201d", '"'],
  ["\u2013", "-"],
  ["\u2014", "-"],
  ["\u2026", "..."],
  ["\u00a0", " "],
  ["\u0060", "'"],
]);

export function smartEncode(body: string): string {
  return Array.from(body, (letter) => SMART.get(letter) ?? letter).join("");
}
