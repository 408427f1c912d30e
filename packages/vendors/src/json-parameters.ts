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

const BLANKS = /[ \t\n\r]*/y;
/** Inside a text (RFC 8259 section 7): everything from the space on but the quote and the backslash. */
const PLAIN = /[ !#-[\]-\uffff]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;
/** What a name may not have: brackets, which are ours and show where one value stands inside another, and controls. */
const UNFIT_IN_NAMES = /[^ -Z\\^-~\u00a0-\uffff]/;
/** RFC 8259 section 6 without exponents: 1e3 and 1000 are the same number to some readers only. */
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![0-9.eE+-])/y;
const WORD = /(?:true|false|null)(?![A-Za-z0-9_])/y;

function readValue(reader: Reader, name: string, depth: number): void {
  const first = reader.text[reader.at];
  if (first === "{") return readObject(reader, name, depth + 1);
  if (first === "[") return readList(reader, name, depth + 1);
  if (first === '"') return put(reader, name, readString(reader, name));
  const number = take(reader, NUMBER);
  if (number !== null) {
    if (number.length > NUMBER_CHARS_MAX)
      throw new Ambiguous(`The body's ${quoted(name)} has more than ${NUMBER_CHARS_MAX} digits.`);
    return put(reader, name, number);
  }
  const word = take(reader, WORD);
  if (word !== null) return put(reader, name, word === "null" ? "" : word);
  if (first !== undefined && /[0-9+.-]/.test(first))
    throw new Ambiguous(`The body's ${quoted(name)} is a number that is not written in plain digits.`);
  throw new Ambiguous("The body is not valid JSON.");
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

/** In pieces, and not by one expression: a long text with many escapes would outgrow an expression's stack. */
function readString(reader: Reader, name: string): string {
  const start = reader.at;
  reader.at += 1;
  for (let escapes = 0; ; escapes += 1) {
    take(reader, PLAIN);
    if (isAt(reader, '"')) {
      reader.at += 1;
      const raw = reader.text.slice(start, reader.at);
      if (escapes === 0) return raw.slice(1, -1);
      const read: unknown = JSON.parse(raw);
      return String(read);
    }
    if (take(reader, ESCAPE) === null)
      throw new Ambiguous(`The body has a text in ${quoted(name)} that is not valid JSON.`);
  }
}

function isAt(reader: Reader, character: string): boolean {
  return reader.text[reader.at] === character;
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
  take(reader, BLANKS);
}

function take(reader: Reader, pattern: RegExp): string | null {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text);
  if (match === null) return null;
  reader.at = pattern.lastIndex;
  return match[0];
}
