/** Names near a mistyped one. Only for messages: nothing is ever guessed. */
import type { Operation } from "@keybrake/core";

const SUGGESTIONS_MAX = 3;
/** Further away than this, a name was not meant. */
const DISTANCE_MAX = 6;
/** Nobody mistypes more letters than this into a name; keeps the comparison cheap. */
const COMPARED_LENGTH_MAX = 64;

/** The operations, or groups of them (`refunds.*`), whose names are nearest to `text`; at most three, nearest first. */
export function suggest(text: string, operations: readonly Operation[]): readonly string[] {
  const asked = text.slice(0, COMPARED_LENGTH_MAX);
  const names = operations.map((operation) => operation.name);
  const candidates = asked.endsWith(".*") ? names.map((name) => `${name.slice(0, name.lastIndexOf("."))}.*`) : names;
  return [...new Set(candidates)]
    .map((name) => ({ name, distance: distance(asked, name.slice(0, COMPARED_LENGTH_MAX)) }))
    .filter((each) => each.distance <= DISTANCE_MAX)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, SUGGESTIONS_MAX)
    .map((each) => each.name);
}

/** Levenshtein's: how many letters must be put in, left out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
