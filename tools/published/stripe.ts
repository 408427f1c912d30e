/**
 * Every operation that Stripe publishes: what the installed npm package `stripe` calls, and what the OpenAPI document lists (old
 * aliases among it that no SDK calls any more). Reads files only; a call in the package that cannot be read stops it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import specification from "./stripe-spec-2026-08-26.json" with { type: "json" };
import type { PublishedOperation } from "./published.ts";

const RESOURCES = join(dirname(createRequire(import.meta.url).resolve("stripe")), "resources");

/** `fetchRelatedObject()` of a thin event: a GET of another operation's path, which the event names. */
const FETCH_RELATED = "'GET', pulledEvent.related_object.url";

/** The union, by path. */
export function publishedStripe(): readonly PublishedOperation[] {
  const union = new Map<string, PublishedOperation>();
  for (const operation of [...readPackage(), ...specification.map(readSpecificationLine)]) {
    const line = `${operation.method} ${operation.path}`;
    const known = union.get(line);
    const sources = new Set([...(known?.source.split("+") ?? []), operation.source]);
    union.set(line, { ...operation, ...known, source: [...sources].join("+") });
  }
  return [...union.values()].sort((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1,
  );
}

/** Every resource sends through `this._makeRequest('GET', '/v1/...', params, options, { apiBase? ... })`. */
function readPackage(): PublishedOperation[] {
  return readdirSync(RESOURCES, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => {
      const [, ...calls] = readFileSync(join(RESOURCES, file), "utf8").split("._makeRequest(");
      return calls.filter((call) => !call.startsWith(FETCH_RELATED)).map((call) => readCall(call, file));
    });
}

/** `call` is the text after the opening parenthesis, up to the file's next call. */
function readCall(call: string, file: string): PublishedOperation {
  const [, method, quotedPath] = /^\s*'([A-Z]+)',\s*('[^']*'|`[^`]*`)/.exec(call) ?? [];
  if (method === undefined || quotedPath === undefined)
    throw new Error(`A call in ${file} of the package stripe cannot be read: ${call.slice(0, 80)}`);
  const host = /apiBase: '([a-z_]+)'/.exec(call)?.[1];
  return {
    method,
    path: quotedPath.slice(1, -1).replace(/\$\{[^}]*\}/g, "{}"),
    ...(host === undefined ? {} : { host: host.replaceAll("_", "-") }),
    source: "npm",
  };
}

/** `POST /v1/files https://files.stripe.com/` */
function readSpecificationLine(line: string): PublishedOperation {
  const [method = "", path = "", server] = line.split(" ");
  const host = server === undefined ? undefined : new URL(server).hostname.split(".")[0];
  return { method, path, ...(host === undefined ? {} : { host }), source: "spec" };
}
