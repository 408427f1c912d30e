/**
 * Strict JSON (RFC 8259): what two readers could read differently is refused with a sentence that says what it was. Duplicate keys,
 * text that is not UTF-8, lone surrogates, numbers that would change by being read, depth and size. Never throws, keeps nothing.
 */

/** The longest request that makes sense (a hundred patterns, sixteen caps) is a tenth of this. */
export const BODY_BYTES_MAX: number = 64 * 1024;
/** The deepest request of the contract has four levels. */
const DEPTH_MAX = 16;
/** Every number that can be read exactly is shorter than this; comparing its digits takes the square of their count. */
const NUMBER_LENGTH_MAX = 400;
/** How much of a caller's own text an error repeats. */
const QUOTE_LENGTH_MAX = 64;

export type JsonRead =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

/**
 * Objects come without a prototype, so that a key called `__proto__` is a key like any other.
 *
 * @example readJson(new TextEncoder().encode('{"a":1,"a":2}')) // { ok: false, problem: 'The key "a" comes twice in one object.' }
 */
export function readJson(bytes: Uint8Array): JsonRead {
  if (bytes.length > BODY_BYTES_MAX) return { ok: false, problem: TOO_BIG };
  let text: string;
  try {
    // Skips a byte order mark, as RFC 8259 section 8.1 allows: some editors write one.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return { ok: false, problem: "The body is not valid UTF-8." };
  }
  const reader: Reader = { text, at: 0 };
  try {
    const value = readValue(reader, 0);
    skipSpace(reader);
    if (reader.at < text.length) throw new Unreadable(`Something follows the JSON value, ${place(reader)}.`);
    return { ok: true, value };
  } catch (problem) {
    if (problem instanceof Unreadable) return { ok: false, problem: problem.message };
    throw problem;
  }
}

export const TOO_BIG: string = `The body is longer than ${BODY_BYTES_MAX / 1024} KiB.`;

/** The body of a request, cut off as soon as it is longer than any request may be. */
export async function readBody(request: Request): Promise<JsonRead> {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity")
    return { ok: false, problem: "The body is compressed (content-encoding); send it as it is." };
  if (request.body === null) return { ok: false, problem: EMPTY };
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > BODY_BYTES_MAX) return { ok: false, problem: TOO_BIG };
      chunks.push(chunk);
    }
  } catch {
    return { ok: false, problem: "The body ended before it was whole." };
  }
  if (length === 0) return { ok: false, problem: EMPTY };
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return readJson(bytes);
}

const EMPTY = "The body is empty; send a JSON object.";

// Thrown within this file only: a recursive reader says no from any depth.
class Unreadable extends Error {}

interface Reader {
  readonly text: string;
  at: number;
}

function place(reader: Reader): string {
  return `at character ${reader.at + 1}`;
}

function skipSpace(reader: Reader): void {
  while (" \t\n\r".includes(reader.text.charAt(reader.at)) && reader.at < reader.text.length) reader.at++;
}

function readValue(reader: Reader, depth: number): unknown {
  if (depth > DEPTH_MAX) throw new Unreadable(`The JSON is nested deeper than ${DEPTH_MAX} levels.`);
  skipSpace(reader);
  const first = reader.text.charAt(reader.at);
  switch (first) {
    case "{":
      return readObject(reader, depth);
    case "[":
      return readArray(reader, depth);
    case '"':
      return readString(reader);
    case "t":
      return readWord(reader, "true", true);
    case "f":
      return readWord(reader, "false", false);
    case "n":
      return readWord(reader, "null", null);
    default:
      return readNumber(reader);
  }
}

function readWord<T>(reader: Reader, word: string, value: T): T {
  if (!reader.text.startsWith(word, reader.at)) throw unexpected(reader);
  reader.at += word.length;
  return value;
}

function readObject(reader: Reader, depth: number): unknown {
  const object = Object.create(null) as Record<string, unknown>;
  reader.at++;
  skipSpace(reader);
  if (take(reader, "}")) return object;
  for (;;) {
    skipSpace(reader);
    if (reader.text.charAt(reader.at) !== '"') throw unexpected(reader);
    const key = readString(reader);
    if (Object.hasOwn(object, key)) throw new Unreadable(`The key ${quote(key)} comes twice in one object.`);
    skipSpace(reader);
    if (!take(reader, ":")) throw unexpected(reader);
    object[key] = readValue(reader, depth + 1);
    skipSpace(reader);
    if (take(reader, "}")) return object;
    if (!take(reader, ",")) throw unexpected(reader);
  }
}

function readArray(reader: Reader, depth: number): unknown[] {
  const array: unknown[] = [];
  reader.at++;
  skipSpace(reader);
  if (take(reader, "]")) return array;
  for (;;) {
    array.push(readValue(reader, depth + 1));
    skipSpace(reader);
    if (take(reader, "]")) return array;
    if (!take(reader, ",")) throw unexpected(reader);
  }
}

function take(reader: Reader, char: string): boolean {
  if (reader.text.charAt(reader.at) !== char) return false;
  reader.at++;
  return true;
}

// https://www.rfc-editor.org/rfc/rfc8259#section-7
// oxlint-disable-next-line no-control-regex -- the grammar names them: below U+0020 must be escaped
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;

function readString(reader: Reader): string {
  STRING.lastIndex = reader.at;
  const match = STRING.exec(reader.text);
  if (match === null)
    throw new Unreadable(`A string is not closed, or has a bad escape or a control character, ${place(reader)}.`);
  // The pattern is exactly the grammar of a JSON string, so the platform's reader takes it from here.
  const text = JSON.parse(match[0]) as string;
  if (!text.isWellFormed()) throw new Unreadable(`A string has half of a surrogate pair, ${place(reader)}.`);
  reader.at += match[0].length;
  return text;
}

// https://www.rfc-editor.org/rfc/rfc8259#section-6
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function readNumber(reader: Reader): number {
  NUMBER.lastIndex = reader.at;
  const match = NUMBER.exec(reader.text);
  if (match === null) throw unexpected(reader);
  const literal = match[0];
  const value = Number(literal);
  if (!Number.isFinite(value)) throw new Unreadable(`A number is too big to be read, ${place(reader)}.`);
  if (literal.length > NUMBER_LENGTH_MAX || normalForm(literal) !== normalForm(String(value)))
    throw new Unreadable(`A number has more digits than can be read exactly, ${place(reader)}; write it as a string.`);
  reader.at += literal.length;
  return value === 0 ? 0 : value;
}

/** Sign, digits without zeros at either end, and the power of ten of the last one: the same for `1.50` and `15e-1`. */
function normalForm(number: string): string {
  const [mantissa = "", exponent = "0"] = number.toLowerCase().replace(/^-/, "").split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${number.startsWith("-") ? "-" : ""}${significant}e${power}`;
}

function unexpected(reader: Reader): Unreadable {
  if (reader.at >= reader.text.length) return new Unreadable("The JSON ends in the middle.");
  const rest = reader.text.slice(reader.at);
  const word = /^-?(?:NaN|Infinity|undefined)\b/.exec(rest);
  if (word !== null) return new Unreadable(`${word[0]} is not JSON, ${place(reader)}.`);
  return new Unreadable(`The body is not JSON: ${quote(rest.charAt(0))} is not expected ${place(reader)}.`);
}

function quote(text: string): string {
  return JSON.stringify(text.length > QUOTE_LENGTH_MAX ? `${text.slice(0, QUOTE_LENGTH_MAX)}...` : text);
}
