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

export interface PublishedOperation {
  /** Upper case. */
  readonly method: string;
  /** As on its host, with the SDK's parameter names: `/v2/Services/{serviceSid}/Verifications`. */
  readonly path: string;
  /** `verify.twilio.com` */
  readonly host: string;
}

/** Sorted by host, path and method, without repetitions. Throws where the package is not built as described above. */
export function publishedTwilio(): readonly PublishedOperation[] {
  const rest = join(dirname(createRequire(import.meta.url).resolve("twilio")), "rest");
  const found = new Map<string, PublishedOperation>();
  for (const file of readdirSync(rest).filter((name) => name.endsWith("Base.js")))
    for (const operation of readProduct(join(rest, file))) {
      const key = `${operation.host} ${pathShape(operation.path)} ${operation.method}`;
      if (!found.has(key)) found.set(key, operation);
    }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, operation]) => operation);
}

/** Two paths are the same operation's when only the names of their parameters differ. */
export function pathShape(path: string): string {
  return path.replaceAll(/\{[^}]*\}/g, "{}");
}

/** The version of the package that was read. Its `exports` hide package.json, so the file is read. */
export function publishedTwilioVersion(): string {
  const lib = dirname(createRequire(import.meta.url).resolve("twilio"));
  const { version }: { version: string } = JSON.parse(readFileSync(join(lib, "..", "package.json"), "utf8"));
  return version;
}

function readProduct(file: string): readonly PublishedOperation[] {
  const text = readFileSync(file, "utf8");
  const host = only(text, /super\(twilio, "https:\/\/([^"]+)"\)/g, file);
  const product = join(dirname(file), only(text, /require\("\.\/(\w+)\/\w+"\)/g, file));
  return scripts(product, false).flatMap((versionFile) => {
    const versionText = readFileSync(versionFile, "utf8");
    const version = only(versionText, /super\(domain, "([^"]+)"\)/g, versionFile);
    const folder = join(product, only(versionText, /require\("\.\/(\w+)\/\w+"\)/g, versionFile));
    return scripts(folder, true).flatMap((resource) => readResource(resource, host, version));
  });
}

function readResource(file: string, host: string, version: string): readonly PublishedOperation[] {
  const operations: PublishedOperation[] = [];
  let uri: string | null = null;
  const marks = /_uri =\s*([`"'])(.*?)\1|\bmethod: "([a-z]+)"/g;
  for (const [, , template, method] of readFileSync(file, "utf8").matchAll(marks)) {
    if (template !== undefined) uri = template.replaceAll("${", "{");
    else if (method !== undefined) {
      if (uri === null) throw new Error(`${file} has a method before any path`);
      operations.push({ method: method.toUpperCase(), path: `/${version}${uri}`, host });
    }
  }
  return operations;
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
