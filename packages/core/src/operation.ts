/**
 * Operations: one published endpoint of a vendor each, classified, and how a request is matched to one.
 * A vendor's table is data (vendors/<vendor>/operations.ts); this file only reads it and never knows a vendor.
 */
import { invariant } from "./invariant.ts";

export type Direction = "collected" | "paid_out" | "usage";
export const DIRECTIONS: readonly Direction[] = ["collected", "paid_out", "usage"];

/**
 * - `read`: moves nothing, changes nothing.
 * - `free`: changes something, but can move no money by itself.
 * - `money`: can move money; its worst case is computed before it is sent.
 * - `unbounded`: no request carries its worst case; needs an explicit opt-in with a ceiling.
 * - `secret-bearing`: its answer hands out a credential, or it redirects money. Refused, unless the table names the fields that
 *   are blanked out in the answer.
 */
export const OPERATION_CLASSES = ["read", "free", "money", "unbounded", "secret-bearing"] as const;
export type OperationClass = (typeof OPERATION_CLASSES)[number];

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Operation {
  /** Unique within a vendor, ends in a verb: `payment_intents.create`. */
  readonly name: string;
  readonly method: HttpMethod;
  /**
   * Path template; `{name}` stands for exactly one segment, `{name}.json` for one that ends so:
   * `/v1/payment_intents/{intent}/confirm`.
   */
  readonly path: string;
  readonly class: OperationClass;
  /** Only for `money` and `unbounded`. */
  readonly directions: readonly Direction[];
  /** One line, where the class is not obvious. */
  readonly reason?: string;
  /** The vendor's word for the host that serves it, where that is not its main one. */
  readonly host?: string;
  /** Names of fields, at any depth of the answer's JSON, whose values never reach the caller. */
  readonly redacts?: readonly string[];
  /** The request's body is a file that says nothing of money: it is forwarded as it comes, and its parameters are not read. */
  readonly streamsBody?: true;
}

export interface OperationMatch {
  readonly operation: Operation;
  /** Values of the template's `{name}` segments, decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Node {
  readonly literals: Map<string, Node>;
  /** By what follows the parameter in its segment, the longest first; "" comes last. */
  readonly parameters: { readonly suffix: string; readonly next: Node }[];
  readonly operations: Map<string, Operation>;
}

export interface OperationTable {
  readonly operations: readonly Operation[];
  byName(name: string): Operation | null;
  /** `segments` are the decoded path segments, without the leading slash. Literal segments win over parameters. */
  match(method: string, segments: readonly string[]): OperationMatch | null;
}

export function operationTable(operations: readonly Operation[]): OperationTable {
  const root: Node = node();
  const names = new Map<string, Operation>();
  for (const operation of operations) {
    invariant(!names.has(operation.name), `two operations are called ${operation.name}`);
    names.set(operation.name, operation);
    let at = root;
    for (const segment of operation.path.slice(1).split("/")) {
      const suffix = suffixOf(segment);
      if (suffix !== null) at = parameterNode(at, suffix);
      else {
        let next = at.literals.get(segment);
        if (next === undefined) at.literals.set(segment, (next = node()));
        at = next;
      }
    }
    invariant(!at.operations.has(operation.method), `two operations match ${operation.method} ${operation.path}`);
    at.operations.set(operation.method, operation);
  }
  return {
    operations,
    byName: (name) => names.get(name) ?? null,
    match(method, segments) {
      const operation = find(root, method, segments, 0);
      if (operation === null) return null;
      return { operation, pathParameters: pathParameters(operation, segments) };
    },
  };
}

function node(): Node {
  return { literals: new Map(), parameters: [], operations: new Map() };
}

/** What follows the parameter in a segment of a template; null for a literal. */
function suffixOf(segment: string): string | null {
  return segment.startsWith("{") ? segment.slice(segment.indexOf("}") + 1) : null;
}

function parameterNode(at: Node, suffix: string): Node {
  const known = at.parameters.find((each) => each.suffix === suffix);
  if (known !== undefined) return known.next;
  const next = node();
  at.parameters.push({ suffix, next });
  at.parameters.sort((a, b) => b.suffix.length - a.suffix.length);
  return next;
}

function find(at: Node, method: string, segments: readonly string[], index: number): Operation | null {
  if (index === segments.length) return at.operations.get(method) ?? null;
  const literal = at.literals.get(segments[index] ?? "");
  if (literal !== undefined) {
    const found = find(literal, method, segments, index + 1);
    if (found !== null) return found;
  }
  const segment = segments[index] ?? "";
  for (const { suffix, next } of at.parameters) {
    if (segment.length <= suffix.length || !segment.endsWith(suffix)) continue;
    const found = find(next, method, segments, index + 1);
    if (found !== null) return found;
  }
  return null;
}

function pathParameters(operation: Operation, segments: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  operation.path
    .slice(1)
    .split("/")
    .forEach((segment, index) => {
      const suffix = suffixOf(segment);
      if (suffix === null) return;
      const value = segments[index] ?? "";
      values[segment.slice(1, segment.indexOf("}"))] = value.slice(0, value.length - suffix.length);
    });
  return values;
}
