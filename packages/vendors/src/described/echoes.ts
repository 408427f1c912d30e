/**
 * The forms in which a secret can come back: as JSON, URLs, HTML and base64 may write it. Vendors and what stands before them escape
 * more or less than they have to, each in its own way, so the forms are made for every choice of characters that somebody makes.
 */

/** Longer than a coincidence. */
const BASE64_CHARS_MIN = 12;

/** @example echoesOf("a/b") holds "a/b", "a\\/b", "a\\u002fb", "a\\u002Fb", "a%2fb", "a%2Fb", "a&#47;b", "a&#x2f;b", "YS9i" */
export function echoesOf(secret: string): readonly string[] {
  const forms = new Set(escapedForms(secret));
  for (const form of base64Forms(secret)) forms.add(form);
  return [...forms];
}

/** Base64 of all of a text, in both alphabets, and as JSON and URLs write it; padding is left off, so that a cut echo is found too. */
export function base64EchoesOf(text: string): readonly string[] {
  const standard = base64(text).replace(/=+$/, "");
  return [...inAlphabets(standard)];
}

// ---------------------------------------------------------------------------------------------------------------- escapes

type Escape = (character: string) => string;

const hex = (character: string): string => character.charCodeAt(0).toString(16).padStart(2, "0");

/** The four that every version of HTML has; for others, and by some for the apostrophe, there are numbers. */
const NAMED_BY_ALL: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
]);
const NAMED: ReadonlyMap<string, string> = new Map([
  ...NAMED_BY_ALL,
  ["'", "&apos;"],
  ["/", "&sol;"],
  ["+", "&plus;"],
  ["=", "&equals;"],
]);

const jsonLower: Escape = (character) => `\\u00${hex(character)}`;
const jsonUpper: Escape = (character) => `\\u00${hex(character).toUpperCase()}`;
const htmlDecimal: Escape = (character) => `&#${character.charCodeAt(0)};`;
const htmlPadded: Escape = (character) => `&#${String(character.charCodeAt(0)).padStart(3, "0")};`;
const htmlLower: Escape = (character) => `&#x${hex(character)};`;
const htmlUpper: Escape = (character) => `&#x${hex(character).toUpperCase()};`;
const backslash: Escape = (character) => `\\${character}`;

const ESCAPES: readonly Escape[] = [
  backslash,
  jsonLower,
  jsonUpper,
  // PHP's: the slash by a backslash and others by their number, in one text.
  (character) => (character === "/" ? "\\/" : jsonLower(character)),
  (character) => (character === "/" ? "\\/" : jsonUpper(character)),
  (character) => `%${hex(character)}`,
  (character) => `%${hex(character).toUpperCase()}`,
  htmlDecimal,
  htmlPadded,
  htmlLower,
  htmlUpper,
  (character) => NAMED.get(character) ?? character,
  ...[htmlDecimal, htmlPadded, htmlLower, htmlUpper].map(
    (numbered): Escape =>
      (character) =>
        NAMED_BY_ALL.get(character) ?? numbered(character),
  ),
];

/** Up to so many different characters, every choice of them is tried: each vendor escapes its own. */
const CHOSEN_FREELY_MAX = 3;

/** What escapers escape, for a secret with more different characters than can be tried in every choice. */
const CHOICES: readonly RegExp[] = [
  /["\\]/, // JSON
  /["\\/]/, // JSON, of PHP
  /["\\<>&]/, // JSON, of Go
  /["\\<>&'=]/, // JSON, of Gson
  /["\\<>&'+`]/, // JSON, of .NET
  /[<>&"']/, // HTML
  /[<>&"'/]/, // HTML, of OWASP
  /[<>&"'`=/]/, // HTML, of Mustache
  /[^A-Za-z0-9_.!~*'()-]/, // encodeURIComponent
  /[^A-Za-z0-9_.~-]/, // RFC 3986
  /[^A-Za-z0-9_.*-]/, // forms
  /[^A-Za-z0-9_.!~*'();/?:@&=+$,#-]/, // encodeURI
  // What base64 and its like have, each alone and together.
  /\//,
  /\+/,
  /=/,
  /[+/]/,
  /[+/=]/,
];

const EVERYTHING = /[^A-Za-z0-9]/;
const EVERY_SPECIAL = /[^A-Za-z0-9]/g;

function escapedForms(secret: string): ReadonlySet<string> {
  const forms = new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret).toLowerCase()]);
  for (const isChosen of choicesFor(secret))
    for (const escape of ESCAPES) {
      const write = (character: string): string => (isChosen(character) ? escape(character) : character);
      forms.add(secret.replaceAll(EVERY_SPECIAL, write));
      // JSON has to escape these, and most escapers do it with a backslash, whatever they do with the rest.
      for (const bound of [/["\\]/, /\\/])
        forms.add(secret.replaceAll(EVERY_SPECIAL, (each) => (bound.test(each) ? `\\${each}` : write(each))));
    }
  return forms;
}

/** Each of them at least escapes one character of the secret. */
function choicesFor(secret: string): readonly ((character: string) => boolean)[] {
  const special = [...new Set(secret)].filter((character) => /[^A-Za-z0-9_-]/.test(character));
  const patterns = [EVERYTHING, ...(special.length > CHOSEN_FREELY_MAX ? CHOICES : [])];
  const byPattern = patterns.map((pattern) => new Set([...new Set(secret)].filter((each) => pattern.test(each))));
  const freely = special.length > CHOSEN_FREELY_MAX ? [] : subsetsOf(special);
  return [...byPattern, ...freely]
    .filter((chosen) => chosen.size > 0)
    .map((chosen) => (character: string) => chosen.has(character));
}

function subsetsOf(characters: readonly string[]): readonly ReadonlySet<string>[] {
  return Array.from(
    { length: 2 ** characters.length },
    (_, bits) => new Set(characters.filter((_each, index) => Math.floor(bits / 2 ** index) % 2 === 1)),
  );
}

// ----------------------------------------------------------------------------------------------------------------- base64

/**
 * Of the secret alone, of a user without a password (Basic), and of the secret inside something longer: there it begins at one of
 * three places in a group of three bytes, and only the characters that are the secret's alone are known.
 */
function base64Forms(secret: string): readonly string[] {
  const forms = [...base64EchoesOf(secret), ...base64EchoesOf(`${secret}:`)];
  for (const before of [0, 1, 2]) {
    const inside = base64("\0".repeat(before) + secret);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor(((before + secret.length) * 8) / 6);
    const own = inside.slice(first, end);
    if (own.length >= BASE64_CHARS_MIN) forms.push(...inAlphabets(own));
  }
  return forms;
}

function inAlphabets(standard: string): ReadonlySet<string> {
  return new Set([
    standard,
    standard.replaceAll("+", "-").replaceAll("/", "_"),
    standard.replaceAll("/", String.raw`\/`),
    standard.replaceAll("+", "%2B").replaceAll("/", "%2F"),
    standard.replaceAll("+", "%2b").replaceAll("/", "%2f"),
  ]);
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
