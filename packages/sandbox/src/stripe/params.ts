// Reads parameters as Stripe's Rack-style parser does: query and body merged into one tree (the body wins), `a[b]`, `a[0]`,
// `a[]`, `%5B`, `+`, multipart. Duplicated scalars: the last one wins. It is deliberately forgiving where the product must
// be strict, so that whatever the product lets through by mistake becomes visible here.

import { invalidParameter, missingParameter } from "./errors.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import { isObject } from "../shared/json.ts";

interface Upload {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export type Param = string | Upload | Params;

/** A tree of parameters. Arrays are maps whose keys are "0", "1", ... as in the form encoding itself. */
export class Params {
  readonly entries: Map<string, Param> = new Map<string, Param>();

  get(name: string): Param | undefined {
    return this.entries.get(name);
  }

  /** The names that really are there, for `parameter_unknown`. */
  names(): IterableIterator<string> {
    return this.entries.keys();
  }

  /** undefined when absent. An empty text is returned as "" (Stripe reads it as "unset"). */
  text(name: string): string | undefined {
    const value = this.entries.get(name);
    if (value === undefined || typeof value === "string") return value;
    throw invalidParameter(`Invalid string: ${JSON.stringify(toJson(value))}`, "parameter_invalid_string", name);
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw missingParameter(name);
    if (value === "") throw emptyParameter(name);
    return value;
  }

  map(name: string): Params | undefined {
    const value = this.entries.get(name);
    if (value === undefined || value === "") return undefined;
    if (value instanceof Params) return value;
    throw invalidParameter(`Invalid object`, "parameter_invalid_empty", name);
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value === "") throw emptyParameter(name);
    if (!/^[+-]?\d{1,15}$/.test(value)) {
      throw invalidParameter(`Invalid integer: ${value}`, "parameter_invalid_integer", name);
    }
    return Number(value);
  }

  boolean(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value === "true" || value === "1") return true;
    if (value === "false" || value === "0") return false;
    throw invalidParameter(`Invalid boolean: ${value}`, "parameter_invalid_boolean", name);
  }

  list(name: string): readonly Param[] {
    const value = this.entries.get(name);
    if (value === undefined || value === "") return [];
    if (value instanceof Params) return [...value.entries.values()];
    return [value];
  }

  texts(name: string): readonly string[] {
    return this.list(name).filter((item): item is string => typeof item === "string");
  }
}

/** A positive amount in minor units; which amounts a currency allows is `currency.ts`. */
export function positiveInteger(params: Params, name: string): number | undefined {
  const value = params.integer(name);
  if (value !== undefined && value < 1) {
    throw invalidParameter("This value must be greater than or equal to 1.", "parameter_invalid_integer", name);
  }
  return value;
}

function emptyParameter(name: string): Error {
  const message = `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`;
  return invalidParameter(message, "parameter_invalid_empty", name);
}

/** Parameters as an object would show them. Texts stay texts; "true" and "false" become booleans only if asked. */
function toJson(value: Param, booleans = false): Json {
  if (typeof value === "string") {
    if (booleans && (value === "true" || value === "false")) return value === "true";
    return value;
  }
  if (!(value instanceof Params)) return value.filename;
  const keys = [...value.entries.keys()];
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) {
    return [...value.entries.values()].map((item) => toJson(item, booleans));
  }
  const out: Record<string, Json> = {};
  for (const [key, item] of value.entries) out[key] = toJson(item, booleans);
  return out;
}

/** A text that is equal for equal parameters, whatever their order or encoding: what an idempotency key remembers. */
export function fingerprint(params: Params): string {
  const sorted = (value: Param): Json => {
    if (typeof value === "string") return value;
    if (!(value instanceof Params)) return ["upload", value.filename, value.bytes.toString("base64")];
    return [...value.entries.keys()].sort().map((key) => [key, sorted(value.entries.get(key) ?? "")]);
  };
  return JSON.stringify(sorted(params));
}

export function objectOf(value: Param | undefined): JsonObject | null {
  if (!(value instanceof Params)) return null;
  const json = toJson(value, true);
  return isObject(json) ? json : null;
}

// Reading -----------------------------------------------------------------------------------------------------------

const PAIRS_MAX = 10_000;
const DEPTH_MAX = 16;

export function readParams(query: string, contentType: string | undefined, body: Buffer): Params {
  const params = new Params();
  if (query !== "") readPairs(params, query);
  if (body.length === 0) return params;
  const type = contentType ?? "application/x-www-form-urlencoded";
  if (/^multipart\/form-data\b/i.test(type)) readMultipart(params, type, body);
  else if (/^application\/x-www-form-urlencoded\b/i.test(type)) readPairs(params, body.toString("utf8"));
  else {
    throw invalidParameter(
      "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.",
      null,
      null,
    );
  }
  return params;
}

function readPairs(into: Params, text: string): void {
  let count = 0;
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    count += 1;
    if (count > PAIRS_MAX) throw invalidParameter("Too many parameters.", null, null);
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    put(into, name, equals < 0 ? "" : decode(pair.slice(equals + 1)));
  }
}

function decode(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw invalidParameter("Invalid request: the parameters are not valid URL-encoded UTF-8.", null, null);
  }
}

function put(into: Params, name: string, value: string | Upload): void {
  const bracket = name.indexOf("[");
  if (bracket <= 0) {
    into.entries.set(name, value);
    return;
  }
  const path = [name.slice(0, bracket)];
  for (const match of name.slice(bracket).matchAll(/\[([^\]]*)\]/g)) path.push(match[1] ?? "");
  if (path.length > DEPTH_MAX) throw invalidParameter("Parameters are nested too deeply.", null, null);
  let node = into;
  for (let i = 0; i < path.length - 1; i += 1) {
    const key = path[i] === "" ? lastOrNext(node, path[i + 1] ?? "") : (path[i] ?? "");
    let child = node.entries.get(key);
    if (!(child instanceof Params)) {
      child = new Params();
      node.entries.set(key, child);
    }
    node = child;
  }
  const last = path.at(-1) ?? "";
  node.entries.set(last === "" ? String(node.entries.size) : last, value);
}

/** `a[][b]=1&a[][c]=2` is one element; a repeated `b` begins the next (Rack). */
function lastOrNext(node: Params, wanted: string): string {
  const last = String(node.entries.size - 1);
  const element = node.entries.get(last);
  return element instanceof Params && wanted !== "" && !element.entries.has(wanted) ? last : String(node.entries.size);
}

function readMultipart(into: Params, contentType: string, body: Buffer): void {
  const match = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw invalidParameter("Invalid multipart body: no boundary.", null, null);
  const marker = Buffer.from(`--${boundary}`);
  let at = body.indexOf(marker);
  for (let parts = 0; at >= 0 && parts < PAIRS_MAX; parts += 1) {
    const start = at + marker.length;
    if (body.subarray(start, start + 2).toString("latin1") === "--") return;
    const end = body.indexOf(marker, start);
    if (end < 0) break;
    readPart(into, body.subarray(start + 2, end - 2));
    at = end;
  }
  throw invalidParameter("Invalid multipart body: it ends too early.", null, null);
}

function readPart(into: Params, part: Buffer): void {
  const split = part.indexOf("\r\n\r\n");
  if (split < 0) throw invalidParameter("Invalid multipart body: a part has no header.", null, null);
  const head = part.subarray(0, split).toString("utf8");
  const name = /\bname="([^"]*)"/i.exec(head)?.[1];
  if (name === undefined) throw invalidParameter("Invalid multipart body: a part has no name.", null, null);
  const filename = /\bfilename="([^"]*)"/i.exec(head)?.[1];
  const bytes = Buffer.from(part.subarray(split + 4));
  if (filename === undefined) put(into, name, bytes.toString("utf8"));
  else {
    const type = /^content-type:\s*(\S+)/im.exec(head)?.[1] ?? "application/octet-stream";
    put(into, name, { filename, contentType: type, bytes });
  }
}
