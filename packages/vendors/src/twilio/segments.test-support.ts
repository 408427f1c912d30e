// Message bodies to count: random mixes of everything that a segment counter can get wrong, from a seed. For tests only.

/** Mulberry32: small, seeded, good enough to choose characters. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const BASIC = [
  ...Array.from('@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà'),
  "'",
];
const BREAKS = ["\n", "\r", "\r\n", "\n\r", "\r\r\n"];
const EXTENSION = Array.from("^{}\\[~]|€\f");
/** What people take for GSM-7 and what looks like nothing: curly quotes, dashes, spaces, ç, controls, zero width, bidi. */
const NEARLY = Array.from("‘’“”–—…çêñÁ`´©\u00a0\u2009\t\0\u001b\u007f\u200b\u200e\u202e\ufeff\u00ad");
const SCRIPTS = Array.from("жЯ中文字あア한글각힣각กำเहिन्दीกِمؤمنשלוםதமிழ்\u0600\u06dd\u0d4e");
const MARKS = Array.from("\u0301\u0300\u0308\u0327\u20dd\u0903\u093f\u0e33\ufe0f\ufe0e\u034f\u{e0101}\u{e0067}");
const EMOJI = Array.from("😀🎉🏠🚀☝⛹✌👍🙏👩👨👦👧💋❤♀♂⚕✈🌾💻🔬🚒🧑🧝🫠🫱🏿🦰\u{1d400}\u{20000}\u{10ffff}");
const SKIN_TONES = Array.from("🏻🏼🏽🏾🏿");
const REGIONALS = Array.from("🇦🇧🇨🇩🇪🇫🇺🇸🇿");
/** Joined, toned, flagged and marked, as keyboards send them; the last are tag flags and keycaps. */
const SEQUENCES = [
  "👨‍👩‍👧‍👦",
  "👩‍❤️‍💋‍👨",
  "👩🏽‍❤️‍💋‍👨🏿",
  "👩🏾‍⚕️",
  "🧑‍🤝‍🧑",
  "🏳️‍🌈",
  "🏴‍☠️",
  "🇩🇪",
  "🇺🇸🇨🇦🇲",
  "👍🏿",
  "☝️🏽",
  "❤️‍🔥",
  "1️⃣",
  "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "é",
  "Z̸͍̈́͊a̵̰̔l̴̫̇g̵",
  "각",
  "क्षि",
];
/** Korean letters, which join to syllables: initial, vowel, final, and syllables without and with a final. */
const HANGUL = ["\u1100", "\u1161", "\u11a8", "\uac00", "\uac01"];
const JOINER = "\u200d";
const HALVES = ["\ud800", "\ud83d", "\udbff", "\udc00", "\ude00", "\udfff"];

/** A kind of body: what its characters are drawn from. Repeats are weights. */
const KINDS: readonly (readonly (readonly string[])[])[] = [
  [BASIC],
  [BASIC, BASIC, BASIC, BREAKS],
  [BASIC, EXTENSION],
  [EXTENSION],
  [BASIC, BASIC, BASIC, BASIC, BASIC, BASIC, BASIC, NEARLY],
  [SCRIPTS, BASIC, BREAKS],
  [SCRIPTS, EMOJI],
  [HANGUL],
  [EMOJI],
  [SEQUENCES, BASIC],
  [SEQUENCES],
  [EMOJI, SKIN_TONES, [JOINER], MARKS],
  [REGIONALS, REGIONALS, MARKS, [JOINER]],
  [MARKS, MARKS, MARKS, MARKS, MARKS, MARKS, MARKS, BASIC],
  [HALVES, EMOJI, BASIC],
  [BASIC, BREAKS, EXTENSION, NEARLY, SCRIPTS, MARKS, EMOJI, SKIN_TONES, REGIONALS, SEQUENCES, [JOINER], HALVES],
];

/** Lengths in units at which a count changes, in both encodings: one part, the parts of several, the longest body. */
const EDGES: readonly number[] = [0, 1, 67, 70, 134, 153, 160, 201, 306, 459];

/** A body of one of the kinds: most of them short, the rest within a few units of an edge. */
export function randomBody(random: () => number): string {
  const kind = pick(KINDS, random);
  const target = random() < 0.8 ? Math.floor(random() * 24) : pick(EDGES, random) + Math.floor(random() * 7) - 3;
  let body = "";
  while (body.length < target) body += pick(pick(kind, random), random);
  // One odd character anywhere turns the whole body into UCS-2.
  if (random() < 0.1) {
    const at = Math.floor(random() * (body.length + 1));
    body = body.slice(0, at) + pick(pick(KINDS[KINDS.length - 1] ?? [BASIC], random), random) + body.slice(at);
  }
  return body;
}

function pick<T>(list: readonly T[], random: () => number): T {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}
