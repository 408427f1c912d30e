// Names of things. An id sorts by the time it was made, holds letters, digits and one underscore, and says what it names.
// Ids are not secrets: nothing may be allowed because somebody knows one.

import type { Brand } from "./brand.ts";
import { invariant } from "./invariant.ts";
import type { Instant } from "./time.ts";

export type KeyId = Brand<string, "KeyId">;
export type CallId = Brand<string, "CallId">;
export type CredentialId = Brand<string, "CredentialId">;
export type ApiKeyId = Brand<string, "ApiKeyId">;
export type BudgetId = Brand<string, "BudgetId">;

// Crockford's base 32, lower-case: no i, l, o, u; in the order of ASCII, so that text sorts as numbers do.
// https://www.crockford.com/base32.html
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** 50 bits of milliseconds: until the year 37648. */
const TIME_CHARS = 10;
/** 80 random bits: a million ids in one millisecond collide with a probability below one in two trillion. */
const RANDOM_CHARS = 16;

/**
 * `call_` and 26 characters: ten of time, sixteen of randomness. `random` gives at least sixteen bytes, of which the low
 * five bits each are used.
 */
export function formatId(prefix: "key" | "call" | "cred" | "api", at: Instant, random: Uint8Array): string {
  invariant(at >= 0, "an id is not made before 1970");
  invariant(random.length >= RANDOM_CHARS, "an id needs sixteen random bytes");
  let time = "";
  for (let rest: number = at, i = 0; i < TIME_CHARS; i++) {
    time = char(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let suffix = "";
  for (let i = 0; i < RANDOM_CHARS; i++) suffix += char((random[i] ?? 0) % 32); // 256 is a multiple of 32: no bias
  return `${prefix}_${time}${suffix}`;
}

function char(index: number): string {
  return ALPHABET.charAt(index);
}

/* oxlint-disable typescript/no-unsafe-type-assertion -- the proof of an id is that the store finds something under it */
// Casts, for text that came out of our own store or that the store will be asked about: a wrong id finds nothing.
export function asKeyId(text: string): KeyId {
  return text as KeyId;
}
export function asCallId(text: string): CallId {
  return text as CallId;
}
export function asCredentialId(text: string): CredentialId {
  return text as CredentialId;
}
export function asApiKeyId(text: string): ApiKeyId {
  return text as ApiKeyId;
}
export function asBudgetId(text: string): BudgetId {
  return text as BudgetId;
}
