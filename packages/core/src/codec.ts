/**
 * Entries as text and back: one line of JSON each, amounts as decimal strings. The text is what the journal keeps and what the
 * hash chain covers, so a field, once written, keeps its name and meaning for ever; new fields are added, with a default on read.
 */
import type { Entry } from "./entry.ts";

/** Fields that are `bigint` in memory and a decimal string in text. No text field may ever be called like one of these. */
const AMOUNT_FIELDS: ReadonlySet<string> = new Set([
  "dailyCap",
  "estimate",
  "held",
  "hold",
  "limit",
  "minor",
  "moved",
  "movedBefore",
  "perCallCap",
  "settled",
  "totalCap",
]);

export function encodeEntry(entry: Entry): string {
  return JSON.stringify(entry, (_name, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
}

/** `text` was written by `encodeEntry` and is covered by the hash chain, so its shape is proved before it is read. */
export function decodeEntry(text: string): Entry {
  return JSON.parse(text, (name, value: unknown) =>
    typeof value === "string" && AMOUNT_FIELDS.has(name) ? BigInt(value) : value,
  ) as Entry;
}
