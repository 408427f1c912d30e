// Idempotency keys as Resend keeps them (resend.com/docs/dashboard/emails/idempotency-keys, read 2026-11-25): on two endpoints, 24
// hours, the same answer again without a word about it, 409 for another payload and while the first is still running. A request
// that sent nothing leaves no key behind.

import type { Answer } from "../shared/vendor.ts";

const WINDOW_MS: number = 24 * 60 * 60 * 1000;
export const KEY_LENGTH_MAX = 256;

interface Entry {
  readonly payload: string;
  readonly at: number;
  answer: Answer | null;
}

export type Begun =
  | { readonly kind: "first" }
  | { readonly kind: "in_progress" }
  | { readonly kind: "other_payload" }
  | { readonly kind: "again"; readonly answer: Answer };

export class IdempotencyKeys {
  readonly #entries = new Map<string, Entry>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** `now` is in milliseconds, by the sandbox's clock. */
  begin(key: string, payload: string, now: number): Begun {
    const entry = this.#entries.get(key);
    if (entry !== undefined && (entry.answer === null || now - entry.at < WINDOW_MS)) {
      if (entry.payload !== payload) return { kind: "other_payload" };
      return entry.answer === null ? { kind: "in_progress" } : { kind: "again", answer: entry.answer };
    }
    this.#entries.delete(key);
    this.#entries.set(key, { payload, at: now, answer: null });
    if (this.#entries.size > this.#max) this.#dropOldest();
    return { kind: "first" };
  }

  keep(key: string, answer: Answer): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.answer = answer;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }

  #dropOldest(): void {
    for (const [key, entry] of this.#entries) {
      if (entry.answer === null) continue;
      this.#entries.delete(key);
      return;
    }
  }
}

/** The same payload written in another order, or with other blanks, is the same payload. */
export function fingerprint(path: string, body: Buffer): string {
  const text = body.toString("utf8");
  try {
    return `${path}\n${JSON.stringify(JSON.parse(text), sorted)}`;
  } catch {
    return `${path}\n${text}`;
  }
}

function sorted(_: string, value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
