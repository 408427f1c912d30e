/**
 * Twilio's parameters: a form with PascalCase names, in which a name that comes several times is a list; a query on what reads;
 * JSON at the newer products. Or what was ambiguous about them: where two readers could see two requests, there is no answer.
 * https://www.twilio.com/docs/usage/requests-to-twilio
 */
import type { Parameters, ParametersRead, VendorCall, VendorRequest } from "@keybrake/core";
import { FORM_PAIRS_MAX, formBodyProblem, quoted, readFormBody, readFormQuery } from "../form.ts";
import type { FormPair } from "../form.ts";
import { readJsonParameters } from "../json-parameters.ts";
import { operations } from "./operations.ts";

/** Seconds that a call may last where its request does not say; Twilio's own default is four hours. */
export const TIME_LIMIT_SECONDS = 3_600;

/** Operations that open a leg. `TimeLimit` bounds it, and is added where it is missing. */
export const LEG_OPERATIONS: ReadonlySet<string> = new Set(["calls.create", "conferences.participants.create"]);

/** The specification writes `phone_numbers`, and one SDK sends its own spelling, `phoneNumbers`: all that is in either is counted. */
export const BATCH_ROOTS: readonly string[] = ["phone_numbers", "phoneNumbers"];

/** Parameters of money operations that are lists. Of everything else in them, one value counts, and nobody says which of two. */
const LISTS: ReadonlySet<string> = new Set([
  "AddOns",
  "ConferenceRecordingStatusCallbackEvent",
  "ConferenceStatusCallbackEvent",
  "MediaUrl",
  "Passports",
  "PersistentAction",
  "RecordingStatusCallbackEvent",
  "StatusCallbackEvent",
  "Type",
]);

export function readParameters(request: VendorRequest): ParametersRead {
  const operation = operations.match(request.method, request.segments)?.operation ?? null;
  const pays = operation?.class === "money" || operation?.class === "unbounded";
  const isRead = request.method === "GET";
  if (isRead && request.body.length > 0) return ambiguous("A GET request has a body.");
  // Twilio documents parameters of a POST in its body only. Whether it would also read them from the query is not for us to find out.
  if (pays && !isRead && request.query !== "")
    return ambiguous("The request has a query beside its body. Send all parameters in the body.");
  const query = readFormQuery(request.query);
  if (query.kind === "ambiguous") return query;
  if (isJson(request)) return readJsonBody(request, query.pairs);
  const problem = formBodyProblem(request.headers, request.body);
  if (problem !== null) return ambiguous(problem);
  const body = readFormBody(request.body);
  if (body.kind === "ambiguous") return body;
  return merge(query.pairs, body.pairs, operation?.class === "money");
}

/** `application/json`, and what is written like it (`application/scim+json`, `application/merge-patch+json`). */
function isJson({ headers, body }: VendorRequest): boolean {
  const mediaType = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  return body.length > 0 && /^application\/(?:[a-z0-9.-]+\+)?json$/.test(mediaType);
}

/** The largest body that is published, a thousand profiles of customers in one, has some ten values in each. */
const JSON_LIMITS = { valuesMax: 20_000, depthMax: 16 };

function readJsonBody(request: VendorRequest, query: readonly FormPair[]): ParametersRead {
  const body = readJsonParameters(request.body, JSON_LIMITS);
  if (body.kind === "ambiguous") return body;
  const merged = merge(query, [], false);
  if (merged.kind === "ambiguous") return merged;
  for (const [name, value] of body.parameters) {
    if (changesMethod(name)) return ambiguous(`The parameter ${quoted(name)} would change the method.`);
    if (query.some((pair) => pair.name === rootOf(name)))
      return ambiguous(`The parameter ${quoted(rootOf(name))} is in the query and in the body.`);
    merged.parameters.set(name, value);
  }
  return merged;
}

type Merged =
  | { readonly kind: "parameters"; readonly parameters: Map<string, string> }
  | { readonly kind: "ambiguous"; readonly why: string };

function merge(query: readonly FormPair[], body: readonly FormPair[], isMoney: boolean): Merged {
  if (query.length + body.length > FORM_PAIRS_MAX)
    return ambiguous(`The request has more than ${FORM_PAIRS_MAX} parameters.`);
  const inQuery = new Set(query.map((pair) => pair.name.toLowerCase()));
  for (const { name } of body)
    if (inQuery.has(name.toLowerCase()))
      return ambiguous(`The parameter ${quoted(name)} is in the query and in the body.`);
  const values = new Map<string, string[]>();
  const spellings = new Map<string, string>();
  for (const { name, value } of [...query, ...body]) {
    if (changesMethod(name)) return ambiguous(`The parameter ${quoted(name)} would change the method.`);
    // Brackets are ours: they number what came several times.
    if (/[[\]]/.test(name) || name.trim() !== name)
      return ambiguous(
        `The parameter ${quoted(name)} has a name that Twilio has none of. For a list, repeat the name.`,
      );
    const spelling = spellings.get(name.toLowerCase());
    if (spelling !== undefined && spelling !== name)
      return ambiguous(`The parameters ${quoted(spelling)} and ${quoted(name)} differ only in upper and lower case.`);
    spellings.set(name.toLowerCase(), name);
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else if (isMoney && !LISTS.has(name)) return ambiguous(`The parameter ${quoted(name)} is sent twice.`);
    else known.push(value);
  }
  const parameters = new Map<string, string>();
  for (const [name, [first = "", ...more]] of values) {
    if (more.length === 0) parameters.set(name, first);
    else [first, ...more].forEach((value, index) => parameters.set(`${name}[${index}]`, value));
  }
  return { kind: "parameters", parameters };
}

/**
 * `_method`, which some servers read as the method of the request, also with anything around it that a reader may drop or turn into
 * an underscore (`_Method`, ` _method`, `.method`, `_method[]`), at any depth. `Method` is a parameter of Twilio's own.
 */
function changesMethod(name: string): boolean {
  return name.split(/[[\]]/).some((segment) => /^[^a-z0-9]+method(?![a-z0-9])/i.test(segment));
}

function ambiguous(why: string): Extract<ParametersRead, { kind: "ambiguous" }> {
  return { kind: "ambiguous", why };
}

/** `MediaUrl` of `MediaUrl[0]`. */
export function rootOf(name: string): string {
  const bracket = name.indexOf("[");
  return bracket === -1 ? name : name.slice(0, bracket);
}

/** Every value of a name, in order; without the empty ones, which Twilio reads as not sent. */
export function valuesOf(parameters: Parameters, name: string): readonly string[] {
  const values: string[] = [];
  for (const [key, value] of parameters) if (rootOf(key) === name && value !== "") values.push(value);
  return values;
}

/** The one value of a name; undefined where it is not sent, or empty, or a list. */
export function valueOf(parameters: Parameters, name: string): string | undefined {
  const value = parameters.get(name);
  return value === "" ? undefined : value;
}

/**
 * One set: query, body and what stands in the path; a name in the path wins. With the `TimeLimit` that is added to a call that has
 * none, because that is what is sent.
 */
export function constrained({ operation, parameters, pathParameters }: VendorCall): readonly Parameters[] {
  const set = new Map([...parameters, ...Object.entries(pathParameters)]);
  if (LEG_OPERATIONS.has(operation.name) && !set.has("TimeLimit")) set.set("TimeLimit", String(TIME_LIMIT_SECONDS));
  return [set];
}
