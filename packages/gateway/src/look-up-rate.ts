/**
 * Look-ups are calls to the vendor too, made for a call that may be refused in the end. A key with a rate limit gets no more of them
 * in a window than it gets calls, so that refused calls cannot use up what the vendor grants the whole account. In memory only.
 */
import { rateRefusal, rateWindow, type Instant, type KeyId, type Refusal, type VaultKey } from "@keybrake/core";

/** Keys counted at once. Beyond it all counts begin again, which errs on the side of letting look-ups through. */
const KEYS_MAX = 10_000;

/** Counts one look-up, or says why there is none. */
export type LookUpRate = (key: VaultKey, now: Instant) => Refusal | null;

export function createLookUpRate(): LookUpRate {
  const counts = new Map<KeyId, { start: number; lookUps: number }>();
  return ({ id, rateLimit }, now) => {
    if (rateLimit === null) return null;
    const { start } = rateWindow(rateLimit, now);
    let count = counts.get(id);
    if (count?.start !== start) {
      if (counts.size >= KEYS_MAX) counts.clear();
      counts.set(id, (count = { start, lookUps: 0 }));
    }
    if (count.lookUps >= rateLimit.calls) return rateRefusal(rateLimit, now);
    count.lookUps += 1;
    return null;
  };
}
