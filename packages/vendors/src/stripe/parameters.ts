/**
 * Stripe's parameters: query and body as the one set that Stripe makes of them (v1; facts: Rack's nested forms), or what was
 * ambiguous about them. It answers only where every reader would answer the same; it never picks one of two values.
 * https://docs.stripe.com/api (form-encoded bodies); the nesting is that of Rack::QueryParser#normalize_params.
 */
import { refusal } from "@keybrake/core";
import type { Operation, Parameters, ParametersRead, Refusal, VendorCall, VendorRequest } from "@keybrake/core";
import { FORM_PAIRS_MAX, formBodyProblem, quoted, readFormBody, readFormQuery } from "../form.ts";
import type { FormPair } from "../form.ts";

/** Segments of one name. Stripe's deepest published parameter has six; Rack gives up at 32. */
export const DEPTH_MAX = 10;
/** docs.stripe.com/currencies: the largest amount of any currency has twelve digits. */
export const AMOUNT_DIGITS_MAX = 12;

/** Headers that some frameworks take for the real method (Rack::MethodOverride and its kin). */
const METHOD_OVERRIDES = ["x-http-method-override", "x-http-method", "x-method-override"];

export function readParameters(request: VendorRequest): ParametersRead {
  // v2 and OAuth have no operation in the table: whatever they carry, they are refused as unknown.
  if (request.segments[0] !== "v1") return { kind: "parameters", parameters: new Map() };
  const override = METHOD_OVERRIDES.find((header) => request.headers.has(header));
  if (override !== undefined) return ambiguous(`The header ${override} would change the method.`);
  if (request.method === "GET" && request.body.length > 0) return ambiguous("A GET request has a body.");
  const problem = formBodyProblem(request.headers, request.body);
  if (problem !== null) return ambiguous(problem);
  const query = readFormQuery(request.query);
  if (query.kind === "ambiguous") return query;
  const body = readFormBody(request.body);
  if (body.kind === "ambiguous") return body;
  if (query.pairs.length + body.pairs.length > FORM_PAIRS_MAX)
    return ambiguous(`The request has more than ${FORM_PAIRS_MAX} parameters.`);

  // Query and body are merged at the root only: of `a[b]` in one and `a[c]` in the other, one would silently vanish.
  const rootsOfQuery = new Set(query.pairs.map((pair) => rootOf(pair.name)));
  for (const pair of body.pairs)
    if (rootsOfQuery.has(rootOf(pair.name)))
      return ambiguous(`The parameter ${quoted(rootOf(pair.name))} is in the query and in the body.`);
  return merge([...query.pairs, ...body.pairs]);
}

/** `payment_method_options` of `payment_method_options[card][network]`. */
export function rootOf(name: string): string {
  const bracket = name.indexOf("[");
  return bracket === -1 ? name : name.slice(0, bracket);
}

/** The place of a name in the tree of parameters is a value, a list (`a[]`) or a hash (`a[b]`), and only one of them. */
type Place = "value" | "list" | "hash";

function merge(pairs: readonly FormPair[]): ParametersRead {
  const parameters = new Map<string, string>();
  // Keyed by the path's segments joined with "[", which no segment contains.
  const places = new Map<string, Place>();
  const lengths = new Map<string, number>();
  for (const { name, value } of pairs) {
    const segments = segmentsOf(name);
    if (segments === null)
      return ambiguous(`The parameter ${quoted(name)} has a name that not every reader splits in the same way.`);
    const root = segments[0] ?? "";
    if (root === "_method") return ambiguous('The parameter "_method" would change the method.');
    if (segments.length > DEPTH_MAX)
      return ambiguous(`The parameter ${quoted(name)} is nested more than ${DEPTH_MAX} deep.`);
    if (segments.slice(1, -1).includes(""))
      return ambiguous(`The parameter ${quoted(name)} has [] in its middle. Number the elements: [0], [1].`);

    const isElement = segments.length > 1 && segments.at(-1) === "";
    const path = isElement ? segments.slice(0, -1) : segments;
    let at = "";
    for (const [index, segment] of path.entries()) {
      // "a[0]" and "a[00]" may be the same element, so they count as the same place.
      at += `[${segment.replace(/^0+(?=\d+$)/, "")}`;
      const place: Place = index < path.length - 1 ? "hash" : isElement ? "list" : "value";
      const known = places.get(at);
      if (known === undefined) places.set(at, place);
      else if (known !== place)
        return ambiguous(
          `The parameter ${quoted(nameOf(path.slice(0, index + 1)))} is sent as a ${known} and as a ${place}.`,
        );
      else if (place === "value") return ambiguous(`The parameter ${quoted(name)} is sent twice.`);
    }
    if (!isElement) parameters.set(nameOf(path), value);
    else {
      const length = lengths.get(at) ?? 0;
      lengths.set(at, length + 1);
      parameters.set(`${nameOf(path)}[${length}]`, value);
    }
  }
  return { kind: "parameters", parameters };
}

/**
 * `a[b][]` is ["a", "b", ""]. Null for names that readers take apart in different ways: Rack, for one, drops brackets before
 * the root (`[amount]` is amount) and what stands after a closing bracket.
 */
function segmentsOf(name: string): readonly string[] | null {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)((?:\[[^[\]]*\])*)$/.exec(name);
  if (match === null) return null;
  const [, root = "", nested = ""] = match;
  return nested === "" ? [root] : [root, ...nested.slice(1, -1).split("][")];
}

function nameOf(segments: readonly string[]): string {
  const [root = "", ...nested] = segments;
  return root + nested.map((segment) => `[${segment}]`).join("");
}

function ambiguous(why: string): ParametersRead {
  return { kind: "ambiguous", why };
}

/** One set: query, body and what stands in the path. A name in the path wins: that is the object the call goes to. */
export function constrained({ parameters, pathParameters }: VendorCall): readonly Parameters[] {
  return [new Map([...parameters, ...Object.entries(pathParameters)])];
}

/** Not known yet. */
export function parameterNames(_operation: Operation): readonly string[] | null {
  return null;
}

// --------------------------------------------------------------------------------------------------------------- amounts

export type AmountRead =
  | { readonly kind: "amount"; readonly minor: bigint }
  /** The parameter was not sent. */
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Minor units as plain digits. Whatever a lenient reader might read as another number is refused. */
export function readAmount(parameters: Parameters, name: string): AmountRead {
  const text = parameters.get(name);
  if (text === undefined) {
    for (const key of parameters.keys())
      if (rootOf(key) === name)
        return refusedAmount(`${name} is sent as ${quoted(key)}, which is not a single number.`);
    return { kind: "absent" };
  }
  if (!/^(?:0|[1-9][0-9]*)$/.test(text))
    return refusedAmount(
      `${name} is ${quoted(text)}. An amount is written in plain digits, in the currency's smallest unit.`,
    );
  if (text.length > AMOUNT_DIGITS_MAX)
    return {
      kind: "refused",
      refusal: refusal("amount_unknown", `${name} has more than ${AMOUNT_DIGITS_MAX} digits.`),
    };
  return { kind: "amount", minor: BigInt(text) };
}

function refusedAmount(why: string): AmountRead {
  return { kind: "refused", refusal: refusal("request_ambiguous", why) };
}
