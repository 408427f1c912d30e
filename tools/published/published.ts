/**
 * What vendors publish, and how a vendor's table is held against it. Used by tools/coverage.ts and by each vendor's tests.
 */
import type { OperationTable } from "../../packages/core/src/index.ts";

export interface PublishedOperation {
  readonly method: string;
  /** As in the vendor's table, with `{}` for each parameter: `/v1/charges/{}/capture`. */
  readonly path: string;
  /** The vendor's word for the host, where it is not the main one: `Operation.host` of the table. */
  readonly host?: string;
  /** Where it is published: `npm`, `spec`, `npm+spec`. */
  readonly source: string;
}

/** Lines `METHOD /path/{}`, with ` host:word` where the host is not the main one. */
export interface Coverage {
  /** Published, and not in the table: without a class, and refused as unknown. */
  readonly missing: readonly string[];
  /** In the table, and published nowhere (or on another host). */
  readonly invented: readonly string[];
}

/** @example coverageOf(operations, publishedStripe()).missing // [] */
export function coverageOf(table: OperationTable, published: readonly PublishedOperation[]): Coverage {
  const known = new Set(table.operations.map(lineOf));
  const real = new Set(published.map(lineOf));
  return {
    missing: [...real].filter((line) => !known.has(line)).sort(),
    invented: [...known].filter((line) => !real.has(line)).sort(),
  };
}

/** A sentence for people when something is missing or too much; null when the table is complete. */
export function coverageProblem(vendor: string, { missing, invented }: Coverage): string | null {
  const sentences: string[] = [];
  if (missing.length > 0)
    sentences.push(`${missing.length} published operations of ${vendor} have no class: ${missing.join(", ")}.`);
  if (invented.length > 0)
    sentences.push(
      `${invented.length} operations of the table of ${vendor} are not published: ${invented.join(", ")}.`,
    );
  return sentences.length === 0 ? null : sentences.join("\n");
}

function lineOf(operation: { readonly method: string; readonly path: string; readonly host?: string }): string {
  const path = operation.path.replace(/\{[^}]*\}/g, "{}");
  return `${operation.method} ${path}${operation.host === undefined ? "" : ` host:${operation.host}`}`;
}
