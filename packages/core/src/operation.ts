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
 * - `unbounded`: no request carries its worst case; needs an explicit opt-in.
 * - `secret-bearing`: its answer hands out a credential, or it redirects money; always refused.
 */
export type OperationClass = "read" | "free" | "money" | "unbounded" | "secret-bearing";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Operation {
  /** Unique within a vendor, ends in a verb: `payment_intents.create`. */
  readonly name: string;
  readonly method: HttpMethod;
  /** Path template; `{name}` stands for exactly one segment: `/v1/payment_intents/{intent}/confirm`. */
  readonly path: string;
  readonly class: OperationClass;
  /** Only for `money` and `unbounded`. */
  readonly directions: readonly Direction[];
  /** One line, where the class is not obvious. */
  readonly reason?: string;
}

export interface OperationMatch {
  readonly operation: Operation;
  /** Values of the template's `{name}` segments, decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Node {
  readonly literals: Map<string, Node>;
  parameter: Node | null;
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
      if (segment.startsWith("{")) at = at.parameter ??= node();
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
  return { literals: new Map(), parameter: null, operations: new Map() };
}

function find(at: Node, method: string, segments: readonly string[], index: number): Operation | null {
  if (index === segments.length) return at.operations.get(method) ?? null;
  const literal = at.literals.get(segments[index] ?? "");
  if (literal !== undefined) {
    const found = find(literal, method, segments, index + 1);
    if (found !== null) return found;
  }
  return at.parameter === null ? null : find(at.parameter, method, segments, index + 1);
}

function pathParameters(operation: Operation, segments: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  operation.path
    .slice(1)
    .split("/")
    .forEach((segment, index) => {
      if (segment.startsWith("{")) values[segment.slice(1, -1)] = segments[index] ?? "";
    });
  return values;
}
