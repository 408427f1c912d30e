/**
 * From a request to the values that its route takes, or to a sentence that names the part which is wrong. The shapes are the
 * contract's; here stands only how a query and a body are read, and how a schema's complaint is put into words.
 */
import type { z } from "zod";
import type { Route, RouteName } from "./contract.ts";
import { readBody, TOO_BIG } from "./json.ts";
import { badField, problem, type Problem } from "./problem.ts";

/** How much of a name that the caller chose an error repeats. */
const NAME_LENGTH_MAX = 64;

export function parseQuery(route: Route<RouteName>, request: Request): unknown {
  // Probes add what they like; nothing on an open route depends on it.
  if (route.access.kind === "open") return null;
  const { search } = new URL(request.url);
  const read = readQuery(search.slice(1));
  if (!(read instanceof Map)) return read;
  if (route.query !== null) return parsed(route.query, Object.fromEntries(read), "query parameter");
  const [first] = read.keys();
  return first === undefined ? null : unknownField(shortened(first), "query parameter");
}

export async function parseBody(route: Route<RouteName>, request: Request): Promise<unknown> {
  if (route.body === null) return null;
  // Whatever the content type says, it is read as JSON, so that `curl -d` works as it stands. A page in a browser gains nothing by it:
  // every route with a body wants an Authorization header, and for that one the browser asks first, which is answered with no.
  const read = await readBody(request);
  if (!read.ok) return problem(400, read.problem === TOO_BIG ? "body_too_large" : "invalid_json", read.problem);
  return parsed(route.body, read.value, "field");
}

/** Each name once, decoded without guessing: what two readers could read differently is refused. */
function readQuery(text: string): ReadonlyMap<string, string> | Problem {
  const query = new Map<string, string>();
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const name = decoded(at === -1 ? pair : pair.slice(0, at));
    const value = decoded(at === -1 ? "" : pair.slice(at + 1));
    if (name === null || value === null)
      return problem(400, "invalid_query", "The query is not percent-encoded UTF-8; encode it again.");
    if (query.has(name)) return badField(shortened(name), `${shortened(name)} is given twice; give it once.`);
    query.set(name, value);
  }
  return query;
}

// https://url.spec.whatwg.org/#urlencoded-parsing, but for bytes that are not UTF-8: there it says to replace them.
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

function parsed(schema: z.ZodType, value: unknown, what: "field" | "query parameter"): unknown {
  const read = schema.safeParse(value);
  return read.success ? read.data : complaint(read.error.issues, value, what);
}

/** One complaint at a time. An unknown name comes first, because a mistyped one is why another is missing. */
function complaint(issues: readonly z.core.$ZodIssue[], value: unknown, what: "field" | "query parameter"): Problem {
  const issue = issues.find((each) => each.code === "unrecognized_keys") ?? issues[0];
  if (issue === undefined) return problem(400, "invalid_body", "The body is not what this route takes.");
  if (issue.code === "unrecognized_keys") return unknownField(fieldName([...issue.path, issue.keys[0] ?? ""]), what);
  const why = issue.message.replace(/^[A-Z][a-z ]+: /, "");
  if (issue.path.length === 0)
    return problem(400, "invalid_body", `The body ${why.replace(/^expected/, "is wrong: expected")}.`);
  const field = fieldName(issue.path);
  if (at(value, issue.path) === undefined) return badField(field, `${field} is required.`);
  // The contract's own words go on from the field's name; the library's stand alone.
  return badField(field, issue.message === why ? `${field} ${why}.` : `${field} is wrong: ${why}.`);
}

function unknownField(name: string, what: string): Problem {
  return badField(name, `There is no ${what} ${name} here. GET /openapi.json has the ones there are.`);
}

/** `caps[0].limit_usd` */
function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === "number") return `${name}[${part}]`;
    return name === "" ? shortened(String(part)) : `${name}.${shortened(String(part))}`;
  }, "");
}

function shortened(name: string): string {
  return name.length > NAME_LENGTH_MAX ? `${name.slice(0, NAME_LENGTH_MAX)}...` : name;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, part) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, part) : undefined),
    value,
  );
}
