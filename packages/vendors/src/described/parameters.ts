/**
 * A described vendor's parameters: of a JSON or form body and of a query, as one flat set, or what was ambiguous about them. An operation
 * that pays takes them from its body, or from its query where it has none, and never from both.
 */
import { refusal } from "@keybrake/core";
import type { Operation, Parameters, ParametersRead, Refusal, VendorCall, VendorRequest } from "@keybrake/core";
import { FORM_PAIRS_MAX, formBodyProblem, quoted, readFormBody, readFormQuery } from "../form.ts";
import type { FormPair } from "../form.ts";
import { readJsonParameters } from "../json-parameters.ts";
import type { JsonLimits } from "../json-parameters.ts";
import type { BodyForm, DescribedOperation, Description } from "./description.ts";

/** A chat of a few hundred messages with tools stays below. */
const LIMITS: JsonLimits = { valuesMax: 20_000, depthMax: 32 };

/** Headers that some frameworks take for the real method. */
const METHOD_OVERRIDES = ["x-http-method-override", "x-http-method", "x-method-override"];
/** The same as a parameter, in a query or a body (Rack::MethodOverride, Laravel, Symfony and their kin). */
const METHOD_PARAMETER = /^_(?:http)?_?method(?:\[|$)/i;

export function readParameters(
  { bodies, lists }: Description,
  operation: DescribedOperation | null,
  request: VendorRequest,
): ParametersRead {
  const override = METHOD_OVERRIDES.find((header) => request.headers.has(header));
  if (override !== undefined) return ambiguous(`The header ${override} would change the method.`);
  if (request.method === "GET" && request.body.length > 0) return ambiguous("A GET request has a body.");
  const pays = operation?.class === "money" || operation?.class === "unbounded";
  if (pays && request.query !== "" && takesBody(request.method))
    return ambiguous("The request has a query beside its body. Send all parameters in the body.");
  if (pays && request.body.length > 0 && !takesBody(request.method))
    return ambiguous("The request has a body beside its query. Send all parameters in the query.");
  const query = readFormQuery(request.query);
  if (query.kind === "ambiguous") return query;
  const body = readBody(request, bodies);
  if (body.kind === "ambiguous") return body;
  const read = merge(query.pairs, body, lists);
  if (read.kind === "parameters")
    for (const name of read.parameters.keys())
      if (METHOD_PARAMETER.test(name)) return ambiguous(`The parameter ${quoted(name)} would change the method.`);
  return read;
}

function takesBody(method: string): boolean {
  return method === "POST" || method === "PUT" || method === "PATCH";
}

type BodyRead =
  | { readonly kind: "pairs"; readonly pairs: readonly FormPair[] }
  | { readonly kind: "parameters"; readonly parameters: Parameters }
  | { readonly kind: "ambiguous"; readonly why: string };

function readBody(request: VendorRequest, bodies: ReadonlySet<BodyForm>): BodyRead {
  const { headers, body } = request;
  if (headers.has("content-encoding"))
    return ambiguous("The body is compressed (Content-Encoding), so its parameters cannot be read.");
  if (body.length === 0) return { kind: "pairs", pairs: [] };
  const [mediaType = "", ...more] = (headers.get("content-type") ?? "")
    .split(";")
    .map((part) => part.trim().toLowerCase());
  if (mediaType === "application/json" && bodies.has("json")) {
    for (const parameter of more)
      if (parameter !== "charset=utf-8" && parameter !== 'charset="utf-8"')
        return ambiguous(
          `The body's Content-Type has the parameter ${quoted(parameter)}. Only charset=utf-8 may stand there.`,
        );
    return readJsonParameters(body, LIMITS);
  }
  if (mediaType === "application/x-www-form-urlencoded" && bodies.has("form")) {
    const problem = formBodyProblem(headers, body);
    return problem === null ? readFormBody(body) : ambiguous(problem);
  }
  const known = [...bodies].map((form) => (form === "json" ? "application/json" : "application/x-www-form-urlencoded"));
  return ambiguous(`The body's Content-Type is ${quoted(mediaType)}. Send ${known.join(" or ")}.`);
}

/** Brackets as the flat names of JSON have them: `a[b][0]`. */
const FORM_NAME = /^[^[\]]+(?:\[[^[\]]+\])*(?:\[\])?$/;

function merge(
  query: readonly FormPair[],
  body: Exclude<BodyRead, { kind: "ambiguous" }>,
  lists: ReadonlySet<string>,
): ParametersRead {
  const pairs = body.kind === "pairs" ? body.pairs : [];
  if (query.length + pairs.length > FORM_PAIRS_MAX)
    return ambiguous(`The request has more than ${FORM_PAIRS_MAX} parameters.`);
  const parameters = new Map<string, string>(body.kind === "parameters" ? body.parameters : []);
  const inBody = new Set([...parameters.keys(), ...pairs.map(({ name }) => name)].map(rootOf));
  for (const { name } of query)
    if (inBody.has(rootOf(name)))
      return ambiguous(`The parameter ${quoted(rootOf(name))} is in the query and in the body.`);
  const lengths = new Map<string, number>();
  for (const { name, value } of [...query, ...pairs]) {
    if (!FORM_NAME.test(name))
      return ambiguous(`The parameter ${quoted(name)} has a name that not every reader splits in the same way.`);
    const base = name.endsWith("[]") ? name.slice(0, -2) : name;
    if (lists.has(base)) {
      const length = lengths.get(base) ?? 0;
      lengths.set(base, length + 1);
      const element = `${base}[${length}]`;
      if (parameters.has(element)) return ambiguous(`The parameter ${quoted(element)} is sent twice.`);
      parameters.set(element, value);
    } else if (base !== name)
      return ambiguous(`The parameter ${quoted(base)} is no list that is known of this vendor.`);
    else if (parameters.has(name)) return ambiguous(`The parameter ${quoted(name)} is sent twice.`);
    else parameters.set(name, value);
  }
  return nested(parameters) ?? { kind: "parameters", parameters };
}

/** Refuses a name that is sent as a value and as something with values inside. */
function nested(parameters: Parameters): ParametersRead | null {
  for (const name of parameters.keys())
    for (let at = name.lastIndexOf("["); at > 0; at = name.lastIndexOf("[", at - 1))
      if (parameters.has(name.slice(0, at)))
        return ambiguous(`The parameter ${quoted(name.slice(0, at))} is sent as a value and as a list.`);
  return null;
}

/** `to` of `to[0]`; "" of what stands in a list at the top. */
function rootOf(name: string): string {
  const bracket = name.indexOf("[");
  return bracket === -1 ? name : name.slice(0, bracket);
}

/** One set: query, body and what stands in the path; a name in the path wins. */
export function constrained({ parameters, pathParameters }: VendorCall): readonly Parameters[] {
  return [new Map([...parameters, ...Object.entries(pathParameters)])];
}

/** With those that stand in the path; null where the description does not say. */
export function parameterNames(operation: Operation, described: DescribedOperation | null): readonly string[] | null {
  if (described?.parameters == null) return null;
  return [...described.parameters, ...[...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name)];
}

/** Parameters that the description does not name, and the header that carries the credential: it is Keybrake's to set. */
export function checkReach(
  { authentication }: Description,
  described: DescribedOperation | null,
  { request, parameters, operation }: VendorCall,
): Refusal | null {
  if (authentication.kind === "header" && authentication.name.toLowerCase() !== "authorization") {
    const name = authentication.name.toLowerCase();
    if (request.headers.has(name))
      return refusal(
        "request_ambiguous",
        `The header ${name} carries the credential. Send the vault key as Authorization only.`,
      );
  }
  const known = described?.parameters ?? null;
  if (known === null) return null;
  for (const name of parameters.keys())
    if (!known.includes(rootOf(name)))
      return refusal(
        "parameter_not_allowed",
        `The parameter ${quoted(rootOf(name))} is none that the description names for ${operation.name}.`,
      );
  return null;
}

function ambiguous(why: string): { readonly kind: "ambiguous"; readonly why: string } {
  return { kind: "ambiguous", why };
}
