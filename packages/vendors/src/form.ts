/**
 * Forms: reads application/x-www-form-urlencoded text (queries and bodies) into name and value pairs, in order.
 * It accepts only what every reader of forms reads alike; the rest comes back as a sentence that says what was ambiguous. It
 * knows no vendor: what a repeated name or a bracket means is decided where the vendor's parameters are read.
 */

/** Far above what any SDK sends for one call; keeps the cost of one request small whatever it holds. */
export const FORM_PAIRS_MAX = 1_000;
/** Decoded characters of one name. The longest that SDKs send, nested five deep, has under 100. */
export const FORM_NAME_CHARS_MAX = 512;

export interface FormPair {
  /** Decoded. */
  readonly name: string;
  /** Decoded. */
  readonly value: string;
}

export type FormRead =
  | { readonly kind: "pairs"; readonly pairs: readonly FormPair[] }
  | { readonly kind: "ambiguous"; readonly why: string };

const NO_PAIRS: FormRead = { kind: "pairs", pairs: [] };

/** A raw query, without the question mark. Names and values may be encoded or bare, but only in printable ASCII. */
export function readFormQuery(query: string): FormRead {
  if (query === "") return NO_PAIRS;
  for (let i = 0; i < query.length; i++) {
    const code = query.charCodeAt(i);
    // RFC 3986 section 3.4; a fragment never travels, so a "#" would be read as data by one and as an end by another.
    if (code <= 0x20 || code >= 0x7f || code === 0x23)
      return ambiguous("The query has a character that must be percent-encoded.");
  }
  return readPairs(query, "query");
}

/** A request body, as it arrived. */
export function readFormBody(body: Uint8Array): FormRead {
  if (body.length === 0) return NO_PAIRS;
  const text = decodeUtf8(body);
  return text === null ? ambiguous("The body is not valid UTF-8.") : readPairs(text, "body");
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Null unless the bytes are UTF-8. A byte order mark stays in the text: dropping it would hide it from the vendor's reader. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Why a body with these headers cannot be read as a form, as a sentence; null when it can. An empty body has nothing to read,
 * so its content type does not matter.
 */
export function formBodyProblem(headers: ReadonlyMap<string, string>, body: Uint8Array): string | null {
  if (headers.has("content-encoding"))
    return "The body is compressed (Content-Encoding), so its parameters cannot be read.";
  if (body.length === 0) return null;
  const contentType = headers.get("content-type");
  if (contentType === undefined) return "The body has no Content-Type. Send application/x-www-form-urlencoded.";
  const [mediaType = "", ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  if (mediaType === "multipart/form-data")
    return "The body is multipart (a file upload), which Keybrake does not forward yet. Send application/x-www-form-urlencoded.";
  if (mediaType !== "application/x-www-form-urlencoded")
    return `The body's Content-Type is ${quoted(mediaType)}. Send application/x-www-form-urlencoded.`;
  // The form's own standard knows no charset (url.spec.whatwg.org, "application/x-www-form-urlencoded"); clients add this one.
  for (const parameter of parameters)
    if (parameter !== "charset=utf-8" && parameter !== 'charset="utf-8"')
      return `The body's Content-Type has the parameter ${quoted(parameter)}. Only charset=utf-8 may stand there.`;
  return null;
}

function readPairs(text: string, where: "query" | "body"): FormRead {
  // Some readers take a bare semicolon for an ampersand (W3C recommended it once; Rack did until version 3).
  if (text.includes(";")) return ambiguous(`The ${where} has a bare semicolon. Write it as %3B.`);
  const pairs: FormPair[] = [];
  for (const piece of text.split("&")) {
    if (piece === "") continue; // "a=1&&b=2": every reader skips the nothing in between
    if (pairs.length === FORM_PAIRS_MAX) return ambiguous(`The ${where} has more than ${FORM_PAIRS_MAX} parameters.`);
    const equals = piece.indexOf("=");
    if (equals === -1) return ambiguous(`The ${where} has ${quoted(piece)} without an equals sign.`);
    const name = decode(piece.slice(0, equals));
    if (name === null) return ambiguous(`The ${where} has a name with an invalid percent-escape or invalid UTF-8.`);
    if (name === "") return ambiguous(`The ${where} has a value without a name.`);
    if (name.length > FORM_NAME_CHARS_MAX)
      return ambiguous(`The ${where} has a name of more than ${FORM_NAME_CHARS_MAX} characters.`);
    if (hasControl(name, "")) return ambiguous(`The ${where} has a name with a control character.`);
    const value = decode(piece.slice(equals + 1));
    if (value === null)
      return ambiguous(`The ${where}'s ${quoted(name)} has an invalid percent-escape or invalid UTF-8.`);
    // Text of several lines is ordinary in descriptions and metadata; nothing else below the space is.
    if (hasControl(value, "\t\n\r")) return ambiguous(`The ${where}'s ${quoted(name)} has a control character.`);
    pairs.push({ name, value });
  }
  return { kind: "pairs", pairs };
}

function decode(text: string): string | null {
  try {
    // Throws on a broken escape and on bytes that are no UTF-8, overlong forms and surrogates included (ECMA-262, Decode).
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

function hasControl(text: string, allowed: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 || code === 0x7f) && !allowed.includes(text.charAt(i))) return true;
  }
  return false;
}

function ambiguous(why: string): FormRead {
  return { kind: "ambiguous", why };
}

/** For a sentence that people read: short, and unable to break out of it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
