/**
 * Stripe's parameters: query and body as the one set that Stripe makes of them, or what was ambiguous about them. v1 and OAuth take
 * forms (facts: Rack's nested forms), also in parts (multipart); v2 takes JSON in its body, which comes out under the same names:
 * `amount[value]`, `events[0][identifier]`. It answers only where every reader would answer the same; it never picks one of two values.
 * https://docs.stripe.com/api (form-encoded bodies), https://docs.stripe.com/api-v2-overview (JSON); the nesting is that of
 * Rack::QueryParser#normalize_params.
 */
import { refusal } from "@keybrake/core";
import type { Parameters, ParametersRead, Refusal, VendorCall, VendorRequest } from "@keybrake/core";
import { decodeUtf8, FORM_PAIRS_MAX, formBodyProblem, quoted, readFormBody, readFormQuery } from "../form.ts";
import type { FormPair, FormRead } from "../form.ts";
import { readJsonParameters } from "../json-parameters.ts";
import { isMultipart, readMultipart } from "../multipart.ts";

/** Segments of one name. Stripe's deepest published parameter has six; Rack gives up at 32. */
export const DEPTH_MAX = 10;
/** docs.stripe.com/currencies: the largest amount of any currency has twelve digits. */
export const AMOUNT_DIGITS_MAX = 12;

/** Headers that some frameworks take for the real method (Rack::MethodOverride and its kin). */
const METHOD_OVERRIDES = ["x-http-method-override", "x-http-method", "x-method-override"];

export function readParameters(request: VendorRequest): ParametersRead {
  const override = METHOD_OVERRIDES.find((header) => request.headers.has(header));
  if (override !== undefined) return ambiguous(`The header ${override} would change the method.`);
  if (request.method === "GET" && request.body.length > 0) return ambiguous("A GET request has a body.");
  const query = readFormQuery(request.query);
  if (query.kind === "ambiguous") return query;
  if (request.segments[0] === "v2") return readV2(request, query.pairs);
  const body = readForm(request);
  if (body.kind === "ambiguous") return body;
  if (query.pairs.length + body.pairs.length > FORM_PAIRS_MAX) return tooMany();
  const twice = inBoth(
    query.pairs,
    body.pairs.map((pair) => pair.name),
  );
  return twice ?? merge([...query.pairs, ...body.pairs]);
}

function readForm({ headers, body }: VendorRequest): FormRead {
  if (isMultipart(headers)) return readMultipart(headers, body);
  const problem = formBodyProblem(headers, body);
  return problem === null ? readFormBody(body) : { kind: "ambiguous", why: problem };
}

/** Query and body are merged at the root only: of `a[b]` in one and `a[c]` in the other, one would silently vanish. */
function inBoth(query: readonly FormPair[], namesOfBody: Iterable<string>): ParametersRead | null {
  const rootsOfQuery = new Set(query.map((pair) => rootOf(pair.name)));
  for (const name of namesOfBody)
    if (rootsOfQuery.has(rootOf(name)))
      return ambiguous(`The parameter ${quoted(rootOf(name))} is in the query and in the body.`);
  return null;
}

function tooMany(): ParametersRead {
  return ambiguous(`The request has more than ${FORM_PAIRS_MAX} parameters.`);
}

// ------------------------------------------------------------------------------------------------------------------ JSON

/** Values in JSON are text, true or false, numbers in their digits; null, `{}` and `[]` are the empty text, which unsets like it. */
function readV2(request: VendorRequest, query: readonly FormPair[]): ParametersRead {
  const merged = merge(query);
  if (merged.kind === "ambiguous" || request.body.length === 0) return merged;
  const problem = jsonBodyProblem(request.headers);
  if (problem !== null) return ambiguous(problem);
  const body = readJsonParameters(request.body, { valuesMax: FORM_PAIRS_MAX, depthMax: DEPTH_MAX });
  if (body.kind === "ambiguous") return body;
  if (merged.parameters.size + body.parameters.size > FORM_PAIRS_MAX) return tooMany();
  const text = decodeUtf8(request.body) ?? "";
  if (!text.trimStart().startsWith("{")) return ambiguous("The body's JSON is not an object.");
  const number = unplainNumber(text);
  if (number !== null)
    return ambiguous(`The body has the number ${quoted(number)}, which not every reader takes for the same.`);
  for (const [name, value] of body.parameters) {
    const why = jsonNameProblem(name) ?? jsonValueProblem(name, value);
    if (why !== null) return ambiguous(why);
  }
  const twice = inBoth(query, body.parameters.keys());
  return twice ?? { kind: "parameters", parameters: new Map([...merged.parameters, ...body.parameters]) };
}

function jsonBodyProblem(headers: ReadonlyMap<string, string>): string | null {
  if (headers.has("content-encoding"))
    return "The body is compressed (Content-Encoding), so its parameters cannot be read.";
  const contentType = headers.get("content-type");
  if (contentType === undefined) return "The body has no Content-Type. Send application/json.";
  return /^application\/json(?:; ?charset=(?:utf-8|"utf-8"))?$/i.test(contentType.trim())
    ? null
    : `The body's Content-Type is ${quoted(contentType)}. Send application/json.`;
}

/** Names that are no names of parameters, or mean something else to the object that a reader builds. */
const NOT_NAMES: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

function jsonNameProblem(name: string): string | null {
  const segments = segmentsOf(name);
  if (segments === null || segments.some((segment) => NOT_NAMES.has(segment)))
    return `The parameter ${quoted(name)} has a name that not every reader takes in the same way.`;
  return segments[0] === "_method" ? 'The parameter "_method" would change the method.' : null;
}

/** As in forms: text of several lines is ordinary, nothing else below the space is, and half of a character is no text. */
function jsonValueProblem(name: string, value: string): string | null {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f)
      return `The body's ${quoted(name)} has a control character.`;
  }
  return value.isWellFormed() ? null : `The body's ${quoted(name)} has half of a character.`;
}

/**
 * The first number of a valid JSON text that is not the one way to write it: 2000.0 is 2000 to some and no integer to others, -0 is 0
 * or not, and beyond 2^53 or with too many digits it depends on the reader's arithmetic (RFC 8259 section 6). Null: none.
 */
function unplainNumber(text: string): string | null {
  const outside = text.replaceAll(/"(?:[^"\\]+|\\.)*"/g, '""');
  for (const [token] of outside.matchAll(/-?[0-9][0-9.]*/g)) {
    const number = Number(token);
    if (String(number) !== token || Math.abs(number) > Number.MAX_SAFE_INTEGER) return token;
  }
  return null;
}

// ----------------------------------------------------------------------------------------------------------------- names

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
  const set = new Map([...parameters, ...Object.entries(pathParameters)]);
  // Stripe takes either case, and so does a constraint that names it as Stripe's documents do.
  const currency = set.get("currency");
  if (currency !== undefined) set.set("currency", currency.toLowerCase());
  return [set];
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
