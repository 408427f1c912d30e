/**
 * JSON bodies as one flat set of parameters, named as forms name them: `{"a": {"b": [1]}}` is `a[b][0]` = `1`, and of a body that is a
 * list, `[0][a]`. It accepts only what every reader of JSON reads alike (RFC 8259 section 4 and 6, RFC 7493); the rest comes back as a
 * sentence that says what was ambiguous. It knows no vendor.
 */
import type { ParametersRead } from "@keybrake/core";
import { decodeUtf8, FORM_NAME_CHARS_MAX, FORM_PAIRS_MAX, quoted } from "./form.ts";

export interface JsonLimits {
  /** Values in the whole body. */
  readonly valuesMax: number;
  /** Objects and lists inside each other. */
  readonly depthMax: number;
}

export const JSON_LIMITS: JsonLimits = { valuesMax: FORM_PAIRS_MAX, depthMax: 16 };

/** Characters of one number: more than any amount of money or any id has. */
const NUMBER_CHARS_MAX = 64;

/**
 * Text and true or false as they are; a number in the digits in which it came; null, `{}` and `[]` as the empty text, so that no name
 * goes unseen. An empty body has no parameters.
 */
export function readJsonParameters(body: Uint8Array, limits: JsonLimits = JSON_LIMITS): ParametersRead {
  const parameters = new Map<string, string>();
  if (body.length === 0) return { kind: "parameters", parameters };
  const text = decodeUtf8(body);
  if (text === null) return { kind: "ambiguous", why: "The body is not valid UTF-8." };
  try {
    const reader: Reader = { text, at: 0, parameters, limits };
    skipBlanks(reader);
    if (text[reader.at] !== "{" && text[reader.at] !== "[")
      throw new Ambiguous("The body's JSON is neither an object nor a list.");
    readValue(reader, "", 0);
    skipBlanks(reader);
    if (reader.at < text.length) throw new Ambiguous("The body has something after its JSON.");
  } catch (problem) {
    if (problem instanceof Ambiguous) return { kind: "ambiguous", why: problem.message };
    throw problem;
  }
  return { kind: "parameters", parameters };
}

/** Never leaves this file. */
class Ambiguous extends Error {}

interface Reader {
  readonly text: string;
  at: number;
  readonly parameters: Map<string, string>;
  readonly limits: JsonLimits;
}

/** What a name may not have: brackets, which are ours and show where one value stands inside another, and controls. */
const UNFIT_IN_NAMES = /[^ -Z\\^-~\u00a0-\uffff]/;
/** RFC 8259 section 6 without exponents: 1e3 and 1000 are the same number to some readers only. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
const WORD = /^(?:true|false|null)$/;

function readValue(reader: Reader, name: string, depth: number): void {
  const first = reader.text[reader.at];
  if (first === "{") return readObject(reader, name, depth + 1);
  if (first === "[") return readList(reader, name, depth + 1);
  if (first === '"') return put(reader, name, readString(reader, name));
  const scalar = readScalar(reader);
  if (WORD.test(scalar)) return put(reader, name, scalar === "null" ? "" : scalar);
  if (!/^[0-9+.-]/.test(scalar)) throw new Ambiguous("The body is not valid JSON.");
  if (scalar.length > NUMBER_CHARS_MAX)
    throw new Ambiguous(`The body's ${quoted(name)} has more than ${NUMBER_CHARS_MAX} digits.`);
  if (NUMBER.test(scalar)) return put(reader, name, scalar);
  // 0x10 is no JSON; 1e3 and 01 are numbers to some reader.
  throw new Ambiguous(
    /^[0-9.eE+-]*$/.test(scalar)
      ? `The body's ${quoted(name)} is a number that is not written in plain digits.`
      : "The body is not valid JSON.",
  );
}

/** What a number or a word is made of, and no more of it than is needed to see that it is too long. */
function readScalar(reader: Reader): string {
  const start = reader.at;
  while (reader.at - start <= NUMBER_CHARS_MAX && isOfScalar(reader.text.charCodeAt(reader.at))) reader.at += 1;
  return reader.text.slice(start, reader.at);
}

/** Letters, digits and `+ - . _`. Not a number (the end of the text) is none. */
function isOfScalar(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x5f
  );
}

function readObject(reader: Reader, name: string, depth: number): void {
  checkDepth(reader, name, depth);
  reader.at += 1;
  const members = new Set<string>();
  if (isNext(reader, "}")) return put(reader, name, "");
  for (;;) {
    skipBlanks(reader);
    if (reader.text[reader.at] !== '"') throw new Ambiguous("The body is not valid JSON.");
    const member = readString(reader, name);
    // First, because whatever is asked of a name costs by its length.
    if (member.length > FORM_NAME_CHARS_MAX)
      throw new Ambiguous(`The body has a name of more than ${FORM_NAME_CHARS_MAX} characters.`);
    // Readers keep the first, the last, or both (RFC 8259 section 4).
    if (members.has(member)) throw new Ambiguous(`The body has ${quoted(memberOf(name, member))} twice.`);
    members.add(member);
    if (member === "" || member === "__proto__" || UNFIT_IN_NAMES.test(member) || !member.isWellFormed())
      throw new Ambiguous(`The body has the name ${quoted(member)}, which not every reader takes in the same way.`);
    const inner = memberOf(name, member);
    if (inner.length > FORM_NAME_CHARS_MAX)
      throw new Ambiguous(`The body has a name of more than ${FORM_NAME_CHARS_MAX} characters.`);
    if (!isNext(reader, ":")) throw new Ambiguous("The body is not valid JSON.");
    skipBlanks(reader);
    readValue(reader, inner, depth);
    if (isNext(reader, "}")) return;
    if (!isNext(reader, ",")) throw new Ambiguous("The body is not valid JSON.");
  }
}

function readList(reader: Reader, name: string, depth: number): void {
  checkDepth(reader, name, depth);
  reader.at += 1;
  if (isNext(reader, "]")) return put(reader, name, "");
  for (let index = 0; ; index += 1) {
    skipBlanks(reader);
    readValue(reader, `${name}[${index}]`, depth);
    if (isNext(reader, "]")) return;
    if (!isNext(reader, ",")) throw new Ambiguous("The body is not valid JSON.");
  }
}

const [TAB, LINE_FEED, RETURN, SPACE, QUOTE, BACKSLASH] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x5c];

/**
 * Character by character: an expression would outgrow its stack by a long text with many escapes, or be asked again for each of them,
 * and nobody else is served meanwhile.
 */
function readString(reader: Reader, name: string): string {
  const { text } = reader;
  const start = reader.at;
  let hasEscapes = false;
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) break;
    if (code === BACKSLASH) {
      hasEscapes = true;
      at += escapeLength(text, at, name);
    }
    // RFC 8259 section 7: everything from the space on. At the end of the text it is not a number.
    else if (code >= SPACE) at += 1;
    else throw invalidText(name);
  }
  reader.at = at + 1;
  if (!hasEscapes) return text.slice(start + 1, at);
  const read: unknown = JSON.parse(text.slice(start, reader.at));
  return String(read);
}

/** How long the escape is that begins here. */
function escapeLength(text: string, at: number, name: string): number {
  const code = text.charCodeAt(at + 1);
  switch (code) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return 2;
    case 0x75: // u
      for (let digit = at + 2; digit < at + 6; digit += 1)
        if (!isHexDigit(text.charCodeAt(digit))) throw invalidText(name);
      return 6;
    default:
      throw invalidText(name);
  }
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

function invalidText(name: string): Ambiguous {
  return new Ambiguous(`The body has a text in ${quoted(name)} that is not valid JSON.`);
}

function memberOf(name: string, member: string): string {
  return name === "" ? member : `${name}[${member}]`;
}

function put(reader: Reader, name: string, value: string): void {
  if (name === "") return; // the whole body is empty
  if (reader.parameters.size === reader.limits.valuesMax)
    throw new Ambiguous(`The body has more than ${reader.limits.valuesMax} values.`);
  reader.parameters.set(name, value);
}

function checkDepth({ limits }: Reader, name: string, depth: number): void {
  if (depth > limits.depthMax)
    throw new Ambiguous(`The body's ${quoted(name)} is nested more than ${limits.depthMax} deep.`);
}

/** Steps over blanks and, if it is there, over the character. */
function isNext(reader: Reader, character: string): boolean {
  skipBlanks(reader);
  if (reader.text[reader.at] !== character) return false;
  reader.at += 1;
  return true;
}

function skipBlanks(reader: Reader): void {
  const { text } = reader;
  let { at } = reader;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== LINE_FEED && code !== RETURN && code !== TAB) break;
    at += 1;
  }
  reader.at = at;
}
