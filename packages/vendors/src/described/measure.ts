/**
 * Counts what a vendor bills by: in the parameters of a request before it is sent, or in its answer. Exact, with whole numbers only,
 * and never less than what any reader could count. What cannot be counted is told apart from nothing.
 */
import { isDecimal, minorUnitDigits } from "@keybrake/core";
import type { MinorAmount, Parameters } from "@keybrake/core";
import type { Amount, Measure, Source } from "./description.ts";
import { parametersAt } from "./pointer.ts";
import type { FoundParameter } from "./pointer.ts";

/** Where values are looked for. */
export interface Place {
  readonly parameters: Parameters;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** A count as a fraction: JSON's numbers may have decimals. */
export interface Count {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export type Counted =
  | { readonly kind: "count"; readonly count: Count }
  | { readonly kind: "absent" }
  /** `why` completes "the count of characters ...". */
  | { readonly kind: "unreadable"; readonly why: string };

/** Digits of a count, before and behind the point: enough for everything that is billed by the piece. */
const COUNT_DIGITS_MAX = 15;

export function measure(of: Measure, place: Place): Counted {
  const found = valuesAt(of.source, place);
  if (found.length === 0) return of.otherwise === null ? { kind: "absent" } : whole(of.otherwise);
  switch (of.kind) {
    case "number":
      return sumOfNumbers(found);
    case "characters":
      // Code points: every vendor that counts otherwise counts fewer, but those that count UTF-16 units or bytes.
      return whole(sum(found.map(({ value }) => codePoints(value))));
    case "bytes":
      return whole(sum(found.map(({ value }) => utf8Bytes(value))));
    case "items":
      return whole(BigInt(itemsIn(found)));
  }
}

function valuesAt(source: Source, { parameters, pathParameters }: Place): readonly FoundParameter[] {
  if (source.kind === "pointer") return parametersAt(parameters, source.pointer);
  const value = Object.hasOwn(pathParameters, source.name) ? pathParameters[source.name] : undefined;
  return value === undefined ? [] : [{ value, below: [], place: source.name }];
}

/** The one value that stands there; null for none, undefined for several, or for a list or an object. */
export function textAt(source: Source, place: Place): string | null | undefined {
  const found = valuesAt(source, place);
  const [first] = found;
  if (first === undefined) return null;
  return found.length === 1 && first.below.length === 0 ? first.value : undefined;
}

function sumOfNumbers(found: readonly FoundParameter[]): Counted {
  let [numerator, denominator] = [0n, 1n];
  for (const { value, below } of found) {
    if (below.length > 0) return { kind: "unreadable", why: "is no number" };
    if (!isDecimal(value) || value.startsWith("-")) return { kind: "unreadable", why: "is no plain number" };
    const [digits = "", decimals = ""] = value.split(".");
    if (digits.length > COUNT_DIGITS_MAX || decimals.length > COUNT_DIGITS_MAX)
      return { kind: "unreadable", why: `has more than ${COUNT_DIGITS_MAX} digits` };
    const scale = 10n ** BigInt(decimals.length);
    numerator = numerator * scale + BigInt(digits + decimals) * denominator;
    denominator *= scale;
    if (denominator > 10n ** 60n) return { kind: "unreadable", why: "has too many decimals" };
  }
  return { kind: "count", count: { numerator, denominator } };
}

/** Elements of lists and members of objects; a text is one, and nothing (null, "", [] and {} are read alike) is none. */
function itemsIn(found: readonly FoundParameter[]): number {
  const items = new Set<string>();
  for (const { value, below, place } of found) {
    const [child] = below;
    if (child !== undefined) items.add(`${place}[${child}`);
    else if (value !== "") items.add(place);
  }
  return items.size;
}

function whole(count: bigint): Counted {
  return { kind: "count", count: { numerator: count, denominator: 1n } };
}

function sum(counts: readonly number[]): bigint {
  return BigInt(counts.reduce((total, each) => total + each, 0));
}

function codePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xff_ff ? 2 : 1) count += 1;
  return count;
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

// ---------------------------------------------------------------------------------------------------------------- amounts

export type AmountFound =
  | { readonly kind: "amount"; readonly amount: MinorAmount }
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "unpriced"; readonly why: string };

/** docs.stripe.com/currencies: the largest amount of any currency has twelve digits. */
const AMOUNT_DIGITS_MAX = 12;

/** The amount in minor units. Whatever a lenient reader might read as another number is unreadable. */
export function amountAt({ value, currency, form, max }: Amount, place: Place): AmountFound {
  const text = textAt(value, place);
  if (text === null) return { kind: "absent" };
  const code = currency.kind === "code" ? currency.code : textAt(currency.source, place);
  if (code === null) return { kind: "absent" };
  if (text === undefined || !isDecimal(text) || text.startsWith("-"))
    return { kind: "unreadable", why: "The amount is not written as one plain number." };
  if (code === undefined || !/^[A-Za-z]{3}$/.test(code))
    return { kind: "unpriced", why: "The currency is not one ISO code." };
  const digits = minorUnitDigits(code.toLowerCase());
  if (digits === undefined)
    return { kind: "unpriced", why: `The currency ${JSON.stringify(code)} is not one that Keybrake knows.` };
  const [wholePart = "", decimals = ""] = text.split(".");
  const kept = form === "minor" ? 0 : digits;
  if (/[1-9]/.test(decimals.slice(kept)))
    return { kind: "unreadable", why: `The amount has more than ${kept} decimals.` };
  if (wholePart.length + kept > AMOUNT_DIGITS_MAX)
    return { kind: "unreadable", why: `The amount has more than ${AMOUNT_DIGITS_MAX} digits.` };
  if (max !== null && isMore(text, max)) return { kind: "unreadable", why: `The amount is more than ${max}.` };
  const minor = BigInt(wholePart + decimals.slice(0, kept).padEnd(kept, "0"));
  return { kind: "amount", amount: { minor, currency: code.toLowerCase() } };
}

/** Of two plain decimals. */
function isMore(a: string, b: string): boolean {
  const scale = 20;
  const scaled = (text: string): bigint => {
    const [digits = "", decimals = ""] = text.split(".");
    return BigInt(digits + decimals.slice(0, scale).padEnd(scale, "0"));
  };
  return scaled(a) > scaled(b);
}
