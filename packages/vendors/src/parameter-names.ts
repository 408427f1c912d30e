/**
 * Which parameters an operation has: reads the generated tables beside the vendors' operations. Only names: a constraint on a
 * parameter that does not exist is refused with them.
 */
import type { Operation } from "@keybrake/core";

/**
 * `table` has one line an operation: its name, then the roots of its parameters' names. The answer adds those in the path; null for an
 * operation without a line, of which nothing is known. The table is taken apart when it is first asked.
 */
export function parameterNamesOf(table: string): (operation: Operation) => readonly string[] | null {
  let lines: ReadonlyMap<string, readonly string[]> | null = null;
  return ({ name, path }) => {
    lines ??= readTable(table);
    const known = lines.get(name);
    return known === undefined ? null : [...inPath(path), ...known];
  };
}

function readTable(table: string): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, readonly string[]>();
  for (const line of table.split("\n")) {
    const [name, ...names] = line.split(" ");
    if (name !== undefined && name !== "") lines.set(name, names);
  }
  return lines;
}

/** `["intent"]` of `/v1/payment_intents/{intent}/confirm`. */
function inPath(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}
