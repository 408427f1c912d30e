// Idempotency keys as Stripe keeps them (docs.stripe.com/api/idempotent_requests): per account, 24 hours, the first answer
// byte for byte whether it succeeded or failed, 400 for other parameters, 409 while the first is still running.

import type { Answer } from "../shared/vendor.ts";
import { fingerprint, readParams } from "./params.ts";

/** v1: "pruned after they're at least 24 hours old"; v2: 30 days (docs.stripe.com/api-v2-overview). */
const WINDOW_MS: number = 24 * 60 * 60 * 1000;
const WINDOW_V2_MS: number = 30 * WINDOW_MS;
export const KEY_LENGTH_MAX = 255;

export interface KeyedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly contentType: string | undefined;
  readonly body: Buffer;
}

interface Entry {
  readonly request: KeyedRequest;
  readonly at: number;
  answer: Answer | null;
}

export type Begun =
  | { readonly kind: "first" }
  | { readonly kind: "in_use" }
  | { readonly kind: "other_request"; readonly first: KeyedRequest }
  | { readonly kind: "replay"; readonly answer: Answer };

export class IdempotencyKeys {
  readonly #entries = new Map<string, Entry>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  begin(key: string, request: KeyedRequest, now: number): Begun {
    const entry = this.#entries.get(key);
    const window = request.path.startsWith("/v2/") ? WINDOW_V2_MS : WINDOW_MS;
    if (entry !== undefined && (entry.answer === null || now - entry.at < window)) {
      if (!same(entry.request, request)) return { kind: "other_request", first: entry.request };
      return entry.answer === null ? { kind: "in_use" } : { kind: "replay", answer: entry.answer };
    }
    this.#entries.delete(key);
    this.#entries.set(key, { request, at: now, answer: null });
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

function same(a: KeyedRequest, b: KeyedRequest): boolean {
  if (a.method !== b.method || a.path !== b.path) return false;
  if (a.query === b.query && a.contentType === b.contentType && a.body.equals(b.body)) return true;
  // v2 is JSON: equal when its bytes are.
  if (a.path.startsWith("/v2/")) return false;
  // Written differently (order, %5B, another multipart boundary), perhaps still the same parameters.
  return (
    fingerprint(readParams(a.query, a.contentType, a.body)) === fingerprint(readParams(b.query, b.contentType, b.body))
  );
}
