// The search endpoints' query language (docs.stripe.com/search): `field:'value'`, `field~'part'`, `field>1`, `-field:...`,
// `metadata['key']:'value'`, joined by AND or by OR (not both, as at Stripe).

import { invalidParameter, missingParameter } from "./errors.ts";
import type { Json, JsonObject } from "../shared/json.ts";
import type { StripeObject } from "./objects.ts";
import { isObject, textOf } from "../shared/json.ts";
import type { Params } from "./params.ts";
import { readLimit } from "./shelf.ts";

const CLAUSE =
  /^\s*(-?)([a-z_]+)(?:\[(["'])(.*?)\3\])?\s*(>=|<=|:|~|>|<)\s*(?:(["'])((?:\\.|(?!\6).)*)\6|(null|[\w.@+-]+))\s*/;

type Test = (object: StripeObject) => boolean;

export function search(params: Params, newestFirst: readonly StripeObject[]): JsonObject {
  const query = params.text("query");
  if (query === undefined || query === "") throw missingParameter("query");
  const keep = parse(query);
  const limit = readLimit(params);
  const start = readPage(params);
  const found = newestFirst.filter(keep);
  const hasMore = found.length > start + limit;
  return {
    object: "search_result",
    data: found.slice(start, start + limit),
    has_more: hasMore,
    next_page: hasMore ? Buffer.from(`page:${start + limit}`).toString("base64url") : null,
    total_count: found.length,
  };
}

function readPage(params: Params): number {
  const page = params.text("page");
  if (page === undefined || page === "") return 0;
  const match = /^page:(\d{1,9})$/.exec(Buffer.from(page, "base64url").toString("latin1"));
  if (match?.[1] === undefined) throw invalidParameter("Invalid page token.", null, "page");
  return Number(match[1]);
}

function parse(query: string): Test {
  const tests: Test[] = [];
  const joins = new Set<string>();
  let rest = query;
  while (rest !== "") {
    const match = CLAUSE.exec(rest);
    if (match === null) throw invalidParameter(`We were unable to parse your search query: ${query}`, null, "query");
    const [whole, minus, field, , key, operator, , quoted, bare] = match;
    const wanted = quoted === undefined ? (bare ?? "") : quoted.replaceAll(/\\(.)/g, "$1");
    const test = compare(field ?? "", key, operator ?? ":", wanted, bare === "null");
    tests.push(minus === "-" ? (object) => !test(object) : test);
    rest = rest.slice(whole.length);
    if (rest === "") break;
    const join = /^(AND|OR)\b/i.exec(rest);
    joins.add((join?.[1] ?? "AND").toUpperCase());
    rest = rest.slice(join?.[0].length ?? 0);
  }
  if (joins.size > 1) throw invalidParameter("AND and OR cannot be combined in one query.", null, "query");
  return joins.has("OR")
    ? (object) => tests.some((test) => test(object))
    : (object) => tests.every((test) => test(object));
}

function compare(field: string, key: string | undefined, operator: string, wanted: string, isNull: boolean): Test {
  return (object) => {
    const value = fieldOf(object[field], key);
    if (isNull) return value === null || value === undefined;
    if (value === null || value === undefined) return false;
    if (operator === ":") return textOf(value).toLowerCase() === wanted.toLowerCase();
    if (operator === "~") return textOf(value).toLowerCase().includes(wanted.toLowerCase());
    const number = Number(value);
    const bound = Number(wanted);
    if (operator === ">") return number > bound;
    if (operator === "<") return number < bound;
    return operator === ">=" ? number >= bound : number <= bound;
  };
}

function fieldOf(value: Json | undefined, key: string | undefined): Json | undefined {
  if (key === undefined) return value;
  return isObject(value) ? value[key] : undefined;
}
