/**
 * Step 9, what is changed in an answer besides the credential: the fields that the operations table names as secret are blanked out,
 * and links to the vendor's own hosts lead back to Keybrake, so that an SDK that follows a page link stays here with its vault key.
 * Everything else stays byte for byte: the JSON is walked through, not read and written again.
 */
import type { Operation, Vendor, VendorAnswer } from "@keybrake/core";

const REPLACEMENT = '"[redacted]"';

/** Whether this operation's answers must be whole in memory before any of it goes out. */
export function mayRewrite(vendor: Vendor, operation: Operation): boolean {
  return operation.redacts !== undefined || vendor.ownLinkMark !== null;
}

/** Whether an answer must not pass as it is. A file has no links; a secret could be anywhere. */
export function needsRewriting(vendor: Vendor, operation: Operation, answer: VendorAnswer): boolean {
  return operation.redacts !== undefined || (vendor.ownLinkMark !== null && isJson(answer));
}

/** The same bytes where there is nothing to change; null where secrets may be in it and cannot be found. */
export function rewrite(
  vendor: Vendor,
  operation: Operation,
  answer: VendorAnswer,
  linkBase: string,
): Uint8Array | null {
  const { body } = answer;
  if (body === null || body.length === 0) return body ?? EMPTY;
  const redacts = operation.redacts ?? [];
  const mark = vendor.ownLinkMark;
  const hasLinks = mark !== null && isJson(answer) && asBuffer(body).includes(mark);
  if (redacts.length === 0 && !hasLinks) return body;
  const text = decoded(body);
  const changed = text === null ? null : walk(text, { redacts: new Set(redacts), vendor, linkBase });
  // Not JSON after all: nothing in it is followed as a link, but a secret would be read.
  if (changed === null) return redacts.length === 0 ? body : null;
  return changed === text ? body : Buffer.from(changed, "utf8");
}

const EMPTY = new Uint8Array(0);

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isJson({ headers }: VendorAnswer): boolean {
  return /^application\/(?:[a-z0-9.+-]+\+)?json\b/i.test(headers.get("content-type")?.trim() ?? "");
}

function decoded(body: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    JSON.parse(text); // From here on the walk below may trust its shape.
    return text;
  } catch {
    return null;
  }
}

interface Changes {
  readonly redacts: ReadonlySet<string>;
  readonly vendor: Vendor;
  readonly linkBase: string;
}

/** One object or list that the walk is inside of. */
interface Level {
  readonly isObject: boolean;
  /** The member whose value the list or object is. */
  readonly name: string;
  /** Everything inside is secret. */
  readonly secret: boolean;
  /** Of an object: the member whose value comes, or null while its name comes. */
  member: string | null;
}

/** Strings, numbers and the signs between them; the text is known to be JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function walk(text: string, { redacts, vendor, linkBase }: Changes): string {
  const levels: Level[] = [];
  let result = "";
  let copied = 0;
  const replace = (token: RegExpExecArray, by: string): void => {
    result += text.slice(copied, token.index) + by;
    copied = token.index + token[0].length;
  };
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const [word] = token;
    const level = levels.at(-1);
    const name = level === undefined ? "" : level.isObject ? (level.member ?? "") : level.name;
    const secret = level !== undefined && (level.secret || redacts.has(name));
    switch (word) {
      case "{":
      case "[":
        levels.push({ isObject: word === "{", name, secret, member: null });
        continue;
      case "}":
      case "]":
        levels.pop();
        continue;
      case ",":
        if (level?.isObject === true) level.member = null;
        continue;
      case ":":
        continue;
    }
    if (level?.isObject === true && level.member === null) {
      level.member = stringOf(word);
      continue;
    }
    // True, false and null are no secrets, and whether there is one may be known.
    if (secret) {
      if (!/^[tfn]/.test(word)) replace(token, REPLACEMENT);
    } else if (word.startsWith('"') && isLink(name, level?.name ?? "")) {
      const path = vendor.ownLink(stringOf(word));
      if (path !== null) replace(token, JSON.stringify(linkBase + path));
    }
  }
  return result + text.slice(copied);
}

/** `url`, `next_page_url`, and the members of `links`. What people wrote (the body of a message) is no link, whatever it says. */
function isLink(name: string, parent: string): boolean {
  return name === "url" || name.endsWith("_url") || parent === "links";
}

function stringOf(token: string): string {
  const value: unknown = JSON.parse(token);
  return typeof value === "string" ? value : "";
}
