// Allowlists: what a key may call, written as routes (`POST /v1/payment_intents`, `GET /v1/customers/*`, `POST /v1/**`), as
// operations (`payment_intents.create`, `refunds.*`) or as everything (`**`); and whether one list allows no more than
// another, for the ceiling of an issue key. Knows no vendor: operations are handed in.

import { unreachable } from "./invariant.ts";

/** `*` in `segments` is exactly one segment, `**` any number of them; `*` as the method is any method. */
export type AllowPattern =
  | { readonly kind: "everything"; readonly text: string }
  | { readonly kind: "route"; readonly text: string; readonly method: string; readonly segments: readonly string[] }
  | { readonly kind: "operation"; readonly text: string; readonly parts: readonly string[] };

/** A request as it is judged: decoded path segments, and the operation it was matched to. */
export interface PatternCall {
  readonly method: string;
  readonly segments: readonly string[];
  readonly operation: string | null;
}

/** The part of a vendor's operation that patterns look at; `{id}` in `path` stands for exactly one segment. */
export interface PatternOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

/**
 * Whether a pattern allows a call. Literal text is compared exactly; nothing is case-folded or decoded here.
 *
 * @example patternMatches(pattern, { method: "POST", segments: ["v1", "refunds"], operation: "refunds.create" })
 */
export function patternMatches(pattern: AllowPattern, call: PatternCall): boolean {
  switch (pattern.kind) {
    case "everything":
      return true;
    case "route":
      return methodMatches(pattern.method, call.method) && segmentsMatch(pattern.segments, call.segments);
    case "operation":
      return call.operation !== null && nameMatches(pattern.parts, call.operation);
    default:
      return unreachable(pattern);
  }
}

/**
 * Whether every call that `inner` allows is allowed by one of `outer`. Never says yes wrongly; may say no where only a
 * longer look would find a yes. Where operations decide, calls that match none of the table do not count, because they
 * are refused whatever an allowlist says; an `inner` that meets no operation at all is never covered in this way.
 */
export function patternCovers(
  outer: readonly AllowPattern[],
  inner: AllowPattern,
  operations: readonly PatternOperation[],
): boolean {
  if (outer.some((pattern) => pattern.kind === "everything")) return true;
  const routes = outer.filter((pattern) => pattern.kind === "route");
  const names = outer.filter((pattern) => pattern.kind === "operation");

  // By what the patterns say, whatever the table holds today or tomorrow.
  if (inner.kind === "everything") return routesCover(routes, "*", ["**"]);
  if (inner.kind === "route" && routesCover(routes, inner.method, inner.segments)) return true;
  if (inner.kind === "operation" && names.some((name) => namesCover(name.parts, inner.parts))) return true;

  // By the table: every operation that `inner` meets must be named, or, where `inner` itself names operations, routed.
  let met = 0;
  for (const operation of operations) {
    const shapes = shapesMet(inner, operation, operations);
    if (shapes === "too many") return false;
    if (shapes.length === 0) continue;
    met++;
    if (names.some((name) => nameMatches(name.parts, operation.name))) continue;
    if (inner.kind === "route") return false; // routes were compared with routes above
    if (!shapes.every((shape) => routesCover(routes, operation.method, shape))) return false;
  }
  return met > 0;
}

// --- reading --------------------------------------------------------------------------------------------------------

/** Longer than any vendor's path; keeps comparing two patterns cheap. */
const PATTERN_LENGTH_MAX = 256;

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export function parseAllowPattern(
  text: string,
): { readonly ok: true; readonly pattern: AllowPattern } | { readonly ok: false; readonly problem: string } {
  if (text === "") return no("The pattern is empty.");
  if (text.length > PATTERN_LENGTH_MAX) return no(`The pattern is longer than ${PATTERN_LENGTH_MAX} characters.`);
  if (text === "**") return { ok: true, pattern: { kind: "everything", text } };
  if (text.trim() !== text) return no("The pattern begins or ends with white space.");
  return /[/\s]/.test(text) ? parseRoute(text) : parseOperation(text);
}

function parseRoute(text: string): ReturnType<typeof parseAllowPattern> {
  const [method = "", path, ...more] = text.split(" ");
  if (path === undefined || more.length > 0) {
    return no('Write a route as a method, one space and a path: "POST /v1/payment_intents".');
  }
  if (method !== "*" && !METHODS.includes(method)) {
    return METHODS.includes(method.toUpperCase())
      ? no(`Write the method in capitals: ${method.toUpperCase()}.`)
      : no(`There is no such method; write one of ${METHODS.join(", ")}, or * for any.`);
  }
  if (!path.startsWith("/")) return no("The path begins with a slash.");
  if (path === "/") return no("The path names nothing; write /** for every path.");
  if (path.includes("?")) return no("A pattern has no query string; it is compared with the path only.");
  if (path.includes("%")) return no("A pattern is compared with the decoded path; write no percent signs.");
  if (path.endsWith("/")) return no("The path ends with a slash; leave it out.");
  const segments = path.slice(1).split("/");
  for (const segment of segments) {
    const problem = segmentProblem(segment);
    if (problem !== null) return no(problem);
  }
  return { ok: true, pattern: { kind: "route", text, method, segments } };
}

function segmentProblem(segment: string): string | null {
  if (segment === "*" || segment === "**") return null;
  if (segment === "") return "The path has two slashes in a row.";
  if (segment === "." || segment === "..") return "A path is written without . and .. segments.";
  if (segment.includes("*"))
    return "A wildcard stands for whole segments: write * or ** between two slashes, not a part.";
  // https://www.rfc-editor.org/rfc/rfc3986#section-3.3, pchar without percent-encoding
  if (!/^[A-Za-z0-9._~!$&'()+,;=:@-]+$/.test(segment)) return "The path has a character that no vendor's path has.";
  return null;
}

function parseOperation(text: string): ReturnType<typeof parseAllowPattern> {
  if (text === "*") return no('Write "**" for everything.');
  const parts = text.split(".");
  if (parts.at(-1) === "**")
    return no('An operation pattern ends in ".*", which is every operation below it at any depth.');
  const words = parts.at(-1) === "*" ? parts.slice(0, -1) : parts;
  if (words.some((word) => word.includes("*"))) return no('An operation pattern has one *, at its end: "refunds.*".');
  if (parts.length < 2 || !words.every((word) => /^[a-z][a-z0-9_]*$/.test(word))) {
    return no(
      'Write an operation as its name, "payment_intents.create" or "refunds.*", or a route as "POST /v1/refunds".',
    );
  }
  return { ok: true, pattern: { kind: "operation", text, parts } };
}

function no(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem };
}

// --- matching -------------------------------------------------------------------------------------------------------

function methodMatches(pattern: string, method: string): boolean {
  return pattern === "*" || pattern === method;
}

/** `refunds.*` is everything below `refunds`, and not an operation that is called `refunds`. */
function nameMatches(parts: readonly string[], name: string): boolean {
  if (parts.at(-1) !== "*") return parts.join(".") === name;
  const below = `${parts.slice(0, -1).join(".")}.`;
  return name.length > below.length && name.startsWith(below);
}

function namesCover(outer: readonly string[], inner: readonly string[]): boolean {
  // Read as a name, `refunds.*` lies below exactly those patterns that allow all of it.
  return nameMatches(outer, inner.join("."));
}

/** Goes back to the last `**` only: what an earlier one could still give, the last one can give as well. */
function segmentsMatch(pattern: readonly string[], segments: readonly string[]): boolean {
  let p = 0;
  let s = 0;
  let retryP = -1;
  let retryS = 0;
  while (s < segments.length) {
    const want = pattern[p];
    if (want === "**") {
      retryP = ++p;
      retryS = s;
    } else if (want !== undefined && (want === "*" || want === segments[s])) {
      p++;
      s++;
    } else if (retryP >= 0) {
      p = retryP;
      s = ++retryS;
    } else {
      return false;
    }
  }
  while (pattern[p] === "**") p++;
  return p === pattern.length;
}

// --- comparing ------------------------------------------------------------------------------------------------------
// A wildcard can stand for a segment that no pattern names. Whatever covers that unnamed segment covers every named one
// too, since a literal in `outer` can only help; so it is enough to try each wildcard of `inner` with UNNAMED.

const UNNAMED = null;

/** So many steps settle every allowlist that a person would write; beyond, the answer is no. */
const STEPS_MAX = 5_000;
/** One operation met in more shapes of path than this: the answer is no. */
const SHAPES_MAX = 2_000;

/** Whether the routes together allow every path of these segments. Follows all routes at once, as a set of places. */
function routesCover(
  routes: readonly { readonly method: string; readonly segments: readonly string[] }[],
  method: string,
  segments: readonly string[],
): boolean {
  const paths = routes.filter((route) => methodMatches(route.method, method)).map((route) => route.segments);
  const start = atRest(
    paths,
    paths.map((_, route) => ({ route, at: 0 })),
  );
  const todo = [{ at: 0, places: start }];
  const seen = new Set<string>();
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const { at, places } = next;
    if (places.length === 0) return false; // some path gets here, and no route does
    const key = `${at}|${places.map((place) => `${place.route}:${place.at}`).join(" ")}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > STEPS_MAX) return false;
    const segment = segments[at];
    if (segment === undefined) {
      if (!places.some((place) => place.at === paths[place.route]?.length)) return false;
    } else if (segment === "**") {
      todo.push({ at: at + 1, places }, { at, places: advance(paths, places, UNNAMED) });
    } else {
      todo.push({ at: at + 1, places: advance(paths, places, segment === "*" ? UNNAMED : segment) });
    }
  }
  return true;
}

interface Place {
  readonly route: number;
  readonly at: number;
}

function advance(
  paths: readonly (readonly string[])[],
  places: readonly Place[],
  segment: string | typeof UNNAMED,
): readonly Place[] {
  const moved: Place[] = [];
  for (const { route, at } of places) {
    const want = paths[route]?.[at];
    if (want === "**") moved.push({ route, at });
    else if (want !== undefined && (want === "*" || want === segment)) moved.push({ route, at: at + 1 });
  }
  return atRest(paths, moved);
}

/** With the places that a `**` reaches by standing for nothing; each once, in order. */
function atRest(paths: readonly (readonly string[])[], places: readonly Place[]): readonly Place[] {
  const all = new Map<string, Place>();
  for (const place of places) {
    for (let at = place.at; ; at++) {
      all.set(`${place.route}:${at}`, { route: place.route, at });
      if (paths[place.route]?.[at] !== "**") break;
    }
  }
  return [...all.values()].sort((a, b) => a.route - b.route || a.at - b.at);
}

/** The shapes of path (literals and `*`) in which requests that `inner` allows can be this operation. */
function shapesMet(
  inner: AllowPattern,
  operation: PatternOperation,
  operations: readonly PatternOperation[],
): readonly (readonly string[])[] | "too many" {
  const template = templateOf(operation);
  switch (inner.kind) {
    case "everything":
      return [template];
    case "operation":
      return nameMatches(inner.parts, operation.name) ? [template] : [];
    case "route": {
      if (!methodMatches(inner.method, operation.method)) return [];
      const shapes = intersect(inner.segments, template);
      if (shapes === "too many") return shapes;
      return shapes.filter((shape) => !operations.some((other) => takesAll(other, operation, shape)));
    }
    default:
      return unreachable(inner);
  }
}

function templateOf(operation: PatternOperation): readonly string[] {
  return operation.path
    .slice(1)
    .split("/")
    .map((segment) => (segment.startsWith("{") ? "*" : segment));
}

/** Whether `other` is matched instead of `operation` on all of this shape: from the left, a literal wins over `{id}`. */
function takesAll(other: PatternOperation, operation: PatternOperation, shape: readonly string[]): boolean {
  if (other.method !== operation.method) return false;
  const theirs = templateOf(other);
  if (theirs.length !== shape.length) return false;
  if (!theirs.every((segment, index) => segment === "*" || segment === shape[index])) return false;
  const ours = templateOf(operation);
  const differs = theirs.findIndex((segment, index) => segment !== ours[index]);
  return differs >= 0 && ours[differs] === "*";
}

/** All the ways in which a route and a template (no `**`) agree. */
function intersect(route: readonly string[], template: readonly string[]): readonly (readonly string[])[] | "too many" {
  // ways[p] holds the agreements of route[p..] with the part of the template that has been read so far, from its end.
  let ways: ReadonlyMap<string, readonly string[]>[] = route.map(() => new Map());
  ways.push(new Map([["", []]]));
  for (let p = route.length - 1; p >= 0 && route[p] === "**"; p--) ways[p] = new Map([["", []]]);
  for (let t = template.length - 1; t >= 0; t--) {
    const next: Map<string, readonly string[]>[] = [...route, ""].map(() => new Map());
    for (let p = route.length - 1; p >= 0; p--) {
      const agreed = agree(route[p] ?? "", template[t] ?? "");
      const into = next[p];
      if (into === undefined) continue;
      const rest = ways[route[p] === "**" ? p : p + 1] ?? new Map<string, readonly string[]>();
      if (agreed !== null) {
        for (const shape of rest.values()) into.set([agreed, ...shape].join("/"), [agreed, ...shape]);
      }
      if (route[p] === "**") for (const [key, shape] of next[p + 1] ?? []) into.set(key, shape);
      if (into.size > SHAPES_MAX) return "too many";
    }
    ways = next;
  }
  return [...(ways[0]?.values() ?? [])];
}

/** The one segment that both allow: a literal, `*`, or nothing. */
function agree(route: string, template: string): string | null {
  if (route === "*" || route === "**") return template;
  return template === "*" || template === route ? route : null;
}
