/**
 * multipart/form-data: reads a body of plain fields into the same name and value pairs as a form (RFC 7578, RFC 2046 section 5.1).
 * Readers of multipart differ in what they forgive: text around the parts, bare line feeds, a boundary that also stands inside a value,
 * headers that come twice or go on in the next line, escapes in a name. All of that is refused, and so is a file, because what is
 * read here is sent to operations that take none. It knows no vendor.
 */
import { decodeUtf8, FORM_NAME_CHARS_MAX, FORM_PAIRS_MAX, quoted } from "./form.ts";
import type { FormPair, FormRead } from "./form.ts";

/** Whether the request says that its body is multipart/form-data; then `readMultipart` reads it, or says why not. */
export function isMultipart(headers: ReadonlyMap<string, string>): boolean {
  return mediaTypeOf(headers.get("content-type") ?? "") === "multipart/form-data";
}

/** An empty body has no parameters. */
export function readMultipart(headers: ReadonlyMap<string, string>, body: Uint8Array): FormRead {
  if (headers.has("content-encoding"))
    return ambiguous("The body is compressed (Content-Encoding), so its parameters cannot be read.");
  if (body.length === 0) return { kind: "pairs", pairs: [] };
  const boundary = boundaryOf(headers.get("content-type") ?? "");
  if (boundary === null)
    return ambiguous(
      "The body's Content-Type is not multipart/form-data with one plain boundary. Send application/x-www-form-urlencoded.",
    );
  const text = decodeUtf8(body);
  if (text === null) return ambiguous("The body is not valid UTF-8, or it has a file. No file is expected here.");

  // The first piece stands before the first boundary, the last one after the last: every other is one part.
  const [before, ...pieces] = text.split(`--${boundary}`);
  const end = pieces.pop();
  if (before !== "" || pieces.length === 0 || (end !== "--" && end !== "--\r\n"))
    return ambiguous("The body has no part, no end, or something before its first or after its last boundary.");
  if (pieces.length > FORM_PAIRS_MAX) return ambiguous(`The body has more than ${FORM_PAIRS_MAX} parameters.`);
  const pairs: FormPair[] = [];
  for (const piece of pieces) {
    const part = readPart(piece);
    if (typeof part === "string") return ambiguous(part);
    pairs.push(part);
  }
  return { kind: "pairs", pairs };
}

function mediaTypeOf(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

/**
 * Letters, digits and what needs no quotes: RFC 2046 allows more (up to 70 characters, spaces and colons among them), which has to be
 * quoted, and readers differ in whether the quotes belong to it.
 */
function boundaryOf(contentType: string): string | null {
  return /^multipart\/form-data; ?boundary=([A-Za-z0-9'+_.-]{1,70})$/i.exec(contentType.trim())?.[1] ?? null;
}

/** A header that is allowed: which field it is, and that it is text. */
const DISPOSITION = /^content-disposition: ?form-data; ?name="([^"]*)"$/i;
const TEXT = /^content-type: ?text\/plain(?:; ?charset=utf-8)?$/i;

/** `piece` is what stands between two boundaries. A sentence when it is not one field that every reader reads alike. */
function readPart(piece: string): FormPair | string {
  if (!piece.startsWith("\r\n") || !piece.endsWith("\r\n") || piece.length < 4)
    return "The body has a boundary that is not alone in its line.";
  const blank = piece.indexOf("\r\n\r\n");
  // Without one it has no headers, or no value; the line break before the next boundary is not the blank line's.
  if (blank < 2 || blank + 4 > piece.length - 2) return "The body has a part without headers or without an end.";
  const value = piece.slice(blank + 4, -2);
  let name: string | null = null;
  let hasType = false;
  for (const line of piece.slice(2, blank).split("\r\n")) {
    if (/[^\u0020-\u007e]/.test(line)) return "The body has a part whose headers are not one line of plain ASCII each.";
    const named = DISPOSITION.exec(line)?.[1];
    if (named !== undefined && name === null) name = named;
    else if (TEXT.test(line) && !hasType) hasType = true;
    else if (/\bfilename\b/i.test(line)) return "The body has a file. No file is expected here.";
    else return `The body has a part with the header ${quoted(line)}. Send a name and its value only.`;
  }
  if (name === null || name === "") return "The body has a part without a name.";
  // Backslashes and percent signs are escapes to some readers, and semicolons are an end.
  if (/[\\%;]/.test(name)) return `The body's ${quoted(name)} has a name that not every reader takes in the same way.`;
  if (name.length > FORM_NAME_CHARS_MAX) return `The body has a name of more than ${FORM_NAME_CHARS_MAX} characters.`;
  if (hasControl(value)) return `The body's ${quoted(name)} has a control character.`;
  return { name, value };
}

/** Text of several lines is ordinary; nothing else below the space is. */
function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f) return true;
  }
  return false;
}

function ambiguous(why: string): FormRead {
  return { kind: "ambiguous", why };
}
