/**
 * Twilio's published operations, read out of the npm package `twilio`: every request that its client can send. Nothing is called
 * and nothing is listed by hand, so a new release of the package shows up here by itself.
 *
 * How the generated files are built (6.2.0): `rest/<Product>Base.js` names the host and requires `rest/<product>/<Version>.js`,
 * which names the version's path segment in `super(domain, "v1")` and requires its resources from one folder, and in a resource
 * each `method: "get"` belongs to the last `_uri =` before it. Traps: every method stands there twice (`WithHttpInfo`), and paging
 * repeats the GET; `preview` has named versions (HostedNumbers, marketplace, wireless); one version of `preview-iam` is the word
 * Organizations, and its base does not require it; two resources are required by nothing. So folders are read, not requirements.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { PublishedOperation } from "./published.ts";

export interface TwilioOperation {
  /** Upper case. */
  readonly method: string;
  /** As on its host, with the SDK's parameter names: `/v2/Services/{serviceSid}/Verifications`. */
  readonly path: string;
  /** `verify.twilio.com` */
  readonly host: string;
}

/** A field of an answer whose name looks as if its value were a secret. */
export interface SecretLookingField {
  readonly field: string;
  /** `METHOD /path/{}` as in the vendor's table, of the operations whose answers may have it. */
  readonly operations: readonly string[];
}

/**
 * Names that are looked at. Wide on purpose: what it catches wrongly is listed as harmless, with a reason, in
 * twilio-secret-fields.json.
 */
export const LOOKS_SECRET: RegExp =
  /secret|token|password|passphrase|credential|binding|(?:validation|verification|activation)_?code|matching_?id|signature|private|(?:^|_)(?:pin|puk|otp|jwt)(?:_|$)|_key$|^key$|user_?name$|ice_servers|session_?(?:id|key|expiry)$|redirect_?to$|^session$|certificate|totp|nonce|api_?key|cookie|authoriz|auth_/i;

/** Sorted by host, path and method, without repetitions. Throws where the package is not built as described above. */
export function publishedTwilio(): readonly TwilioOperation[] {
  const found = new Map<string, TwilioOperation>();
  for (const { operations } of resources())
    for (const operation of operations) {
      const key = `${operation.host} ${shapeOf(operation.path)} ${operation.method}`;
      if (!found.has(key)) found.set(key, operation);
    }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, operation]) => operation);
}

/** The same as rows to hold the table against: addressed as at Keybrake, where the path tells the host. */
export function publishedTwilioRows(): readonly PublishedOperation[] {
  return publishedTwilio().map((operation) => ({
    method: operation.method,
    path: shapeOf(addressed(operation)),
    source: "npm",
  }));
}

/**
 * Fields of answers, of all resources, that `LOOKS_SECRET` catches. A generated class reads the fields of an answer from `payload`;
 * classes that only build requests are left out, and so is DELETE, which answers with nothing.
 */
export function secretLookingFieldsTwilio(): readonly SecretLookingField[] {
  const found = new Map<string, Set<string>>();
  for (const { text, operations } of resources())
    for (const field of answerFields(text).filter((name) => LOOKS_SECRET.test(name))) {
      const lines = found.get(field) ?? new Set();
      found.set(field, lines);
      for (const operation of operations)
        if (operation.method !== "DELETE") lines.add(`${operation.method} ${shapeOf(addressed(operation))}`);
    }
  return [...found].map(([field, lines]) => ({ field, operations: [...lines].sort() }));
}

/** `/2010-04-01/...` for the api host, `/<subdomain>/...` for every other. */
function addressed({ host, path }: TwilioOperation): string {
  return host === "api.twilio.com" ? path : `/${host.slice(0, -".twilio.com".length)}${path}`;
}

/** Two paths are the same operation's when only the names of their parameters differ. */
function shapeOf(path: string): string {
  return path.replaceAll(/\{[^}]*\}/g, "{}");
}

interface Resource {
  /** Source of one generated file. */
  readonly text: string;
  readonly operations: readonly TwilioOperation[];
}

function resources(): readonly Resource[] {
  const rest = join(dirname(createRequire(import.meta.url).resolve("twilio")), "rest");
  return readdirSync(rest)
    .filter((name) => name.endsWith("Base.js"))
    .flatMap((name) => readProduct(join(rest, name)));
}

function readProduct(file: string): readonly Resource[] {
  const text = readFileSync(file, "utf8");
  const host = only(text, /super\(twilio, "https:\/\/([^"]+)"\)/g, file);
  const product = join(dirname(file), only(text, /require\("\.\/(\w+)\/\w+"\)/g, file));
  return scripts(product, false).flatMap((versionFile) => {
    const versionText = readFileSync(versionFile, "utf8");
    const version = only(versionText, /super\(domain, "([^"]+)"\)/g, versionFile);
    const folder = join(product, only(versionText, /require\("\.\/(\w+)\/\w+"\)/g, versionFile));
    return scripts(folder, true).map((resource) => readResource(resource, host, version));
  });
}

function readResource(file: string, host: string, version: string): Resource {
  const text = readFileSync(file, "utf8");
  const operations: TwilioOperation[] = [];
  let uri: string | null = null;
  for (const [, , template, method] of text.matchAll(/_uri =\s*([`"'])(.*?)\1|\bmethod: "([a-z]+)"/g)) {
    if (template !== undefined) uri = template.replaceAll("${", "{");
    else if (method !== undefined) {
      if (uri === null) throw new Error(`${file} has a method before any path`);
      operations.push({ method: method.toUpperCase(), path: `/${version}${uri}`, host });
    }
  }
  return { text, operations };
}

function answerFields(text: string): readonly string[] {
  const [, ...classes] = text.split(/^class /m);
  return classes
    .filter((each) => /^\w*Instance\b/.test(each) || !/^\w*(?:Request|Create|Update)/.test(each))
    .flatMap((each) => [...each.matchAll(/payload(?:\.(\w+)|\["([^"]+)"\])/g)])
    .map(([, dotted, quoted]) => dotted ?? quoted ?? "");
}

function scripts(folder: string, recursive: boolean): readonly string[] {
  return readdirSync(folder, { recursive, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => join(folder, name));
}

/** The one thing that the pattern's group finds, however often. */
function only(text: string, pattern: RegExp, file: string): string {
  const [found, ...more] = new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ""));
  if (found === undefined || more.length > 0) throw new Error(`${file} is not built as expected: ${pattern.source}`);
  return found;
}
