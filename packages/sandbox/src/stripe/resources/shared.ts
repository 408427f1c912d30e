// What several resources do alike: lists, filters, metadata, texts that may be unset.

import { invalidParameter, noSuchObject } from "../errors.ts";
import type { Json, JsonObject } from "../../shared/json.ts";
import type { StripeObject } from "../objects.ts";
import { textOf } from "../../shared/json.ts";
import type { Params } from "../params.ts";
import { Params as ParamTree, objectOf } from "../params.ts";
import { search } from "../search.ts";
import type { Shelf } from "../shelf.ts";
import type { Call } from "../world.ts";

export function list<T extends StripeObject>(
  call: Call,
  shelf: Shelf<T>,
  url: string,
  keep: (object: T) => boolean = () => true,
): JsonObject {
  const inTime = createdFilter(call.params);
  const page = shelf.page(call.params, (object) => inTime(object) && keep(object));
  return { object: "list", data: page.data, has_more: page.hasMore, url };
}

/** The object of that id, if it is one of those that are meant; 404 otherwise. */
export function found<T extends StripeObject>(
  shelf: Shelf<T>,
  id: string,
  param: string,
  isMeant: (object: T) => boolean = () => true,
): T {
  const object = shelf.find(id);
  if (object === undefined || !isMeant(object)) throw noSuchObject(shelf.kind, id, param);
  return object;
}

export function searchResult<T extends StripeObject>(call: Call, shelf: Shelf<T>, url: string): JsonObject {
  return { url, ...search(call.params, [...shelf.oldestFirst()].map((entry) => entry.object).reverse()) };
}

/** Keeps the objects whose fields equal the parameters of the same name, where these were given. */
export function equalTo(params: Params, ...fields: readonly string[]): (object: StripeObject) => boolean {
  const wanted: [string, string][] = [];
  for (const field of fields) {
    const value = params.text(field);
    if (value !== undefined && value !== "") wanted.push([field, value]);
  }
  return (object) => wanted.every(([field, value]) => textOf(object[field]) === value);
}

function createdFilter(params: Params): (object: StripeObject) => boolean {
  const created = params.get("created");
  if (created === undefined || created === "") return () => true;
  if (!(created instanceof ParamTree)) {
    const exact = params.integer("created");
    return (object) => object.created === exact;
  }
  const gt = created.integer("gt");
  const gte = created.integer("gte");
  const lt = created.integer("lt");
  const lte = created.integer("lte");
  return ({ created: at }) =>
    typeof at === "number" &&
    (gt === undefined || at > gt) &&
    (gte === undefined || at >= gte) &&
    (lt === undefined || at < lt) &&
    (lte === undefined || at <= lte);
}

/** Metadata is merged; an empty value removes its key, an empty whole removes all (docs.stripe.com/api/metadata). */
export function metadata(
  params: Params,
  before: { readonly [key: string]: string } = {},
): { readonly [key: string]: string } {
  const given = params.get("metadata");
  if (given === undefined) return before;
  if (given === "") return {};
  if (!(given instanceof ParamTree)) throw invalidParameter("Invalid object", "parameter_invalid_empty", "metadata");
  const out: Record<string, string> = { ...before };
  for (const key of given.names()) {
    const value = given.text(key) ?? "";
    if (key.length > 40 || value.length > 500) {
      const what = key.length > 40 ? `key names can have up to 40` : `values can have up to 500`;
      throw invalidParameter(`Metadata ${what} characters.`, "parameter_invalid_string", `metadata[${key}]`);
    }
    if (value === "") delete out[key];
    else out[key] = value;
  }
  if (Object.keys(out).length > 50) throw invalidParameter("You may only have 50 metadata keys.", null, "metadata");
  return out;
}

/** The given text, null when it was unset with an empty one, or what it was before. */
export function textOr<T extends Json>(params: Params, name: string, before: T): string | null | T {
  const value = params.text(name);
  return value === undefined ? before : value === "" ? null : value;
}

export function objectOr<T extends Json>(params: Params, name: string, before: T): JsonObject | null | T {
  const value = params.get(name);
  return value === undefined ? before : objectOf(value);
}

export function oneOf<T extends string>(params: Params, name: string, allowed: readonly T[]): T | undefined {
  const value = params.text(name);
  if (value === undefined) return undefined;
  const found = allowed.find((item) => item === value);
  if (found !== undefined) return found;
  throw invalidParameter(`Invalid ${name}: must be one of ${allowed.join(", ")}`, null, name);
}
