// Resend's limit of requests a second, for the whole team (resend.com/docs/api-reference/rate-limit: 5, read 2026-11-25). Off until
// it is asked for, so that tests of other things are not about it.

export const REQUESTS_PER_SECOND = 5;

export class RateLimit {
  #perSecond: number | null = null;
  #second = -1;
  #count = 0;

  /** null: no limit. */
  set(perSecond: number | null): void {
    this.#perSecond = perSecond;
    this.#second = -1;
  }

  /** Counts one request that arrives at `now`, milliseconds. Null while there is no limit. */
  take(now: number): { readonly perSecond: number; readonly exceeded: boolean; readonly headers: string[] } | null {
    if (this.#perSecond === null) return null;
    const second = Math.floor(now / 1000);
    if (second !== this.#second) this.#count = 0;
    this.#second = second;
    this.#count += 1;
    const left = this.#perSecond - this.#count;
    const headers = ["ratelimit-limit", String(this.#perSecond), "ratelimit-remaining", String(Math.max(0, left))];
    headers.push("ratelimit-reset", "1");
    if (left < 0) headers.push("retry-after", "1");
    return { perSecond: this.#perSecond, exceeded: left < 0, headers };
  }
}
