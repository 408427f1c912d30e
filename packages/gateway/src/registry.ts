/**
 * Calls on their way, counted per vault key, so that a revocation means now: the last question before a request is written to
 * its socket is asked here, and a drain waits for what had already left. In memory, of this process only; never decides money.
 */
import type { KeyId } from "@keybrake/core";

export interface Registry {
  /** The moment before the bytes go. False: the key has been revoked, and nothing may leave. True: it counts as on its way until `arrived`. */
  leave(keyId: KeyId): boolean;
  /** The answer is in, or none will come. */
  arrived(keyId: KeyId): void;
  isRevoked(keyId: KeyId): boolean;
  /** From now on nothing of this key leaves. Resolves when all that had left is back, or after `ms`, with how many are still out. */
  drain(keyId: KeyId, ms: number): Promise<number>;
}

export function createRegistry(revokedRemembered: number): Registry {
  const out = new Map<KeyId, number>();
  // The store refuses revoked keys by itself. The marks are for calls that were past that question; oldest are forgotten first.
  const revoked = new Set<KeyId>();
  const waiting = new Map<KeyId, Set<() => void>>();

  const wake = (keyId: KeyId): void => {
    const waiters = waiting.get(keyId);
    waiting.delete(keyId);
    for (const each of waiters ?? []) each();
  };

  return {
    leave(keyId) {
      if (revoked.has(keyId)) return false;
      out.set(keyId, (out.get(keyId) ?? 0) + 1);
      return true;
    },
    arrived(keyId) {
      const left = (out.get(keyId) ?? 1) - 1;
      if (left > 0) return void out.set(keyId, left);
      out.delete(keyId);
      if (waiting.size > 0) wake(keyId);
    },
    isRevoked: (keyId) => revoked.has(keyId),
    drain(keyId, ms) {
      revoked.delete(keyId);
      revoked.add(keyId);
      if (revoked.size > revokedRemembered) {
        const oldest = revoked.keys().next();
        if (oldest.done !== true) revoked.delete(oldest.value);
      }
      if (!out.has(keyId)) return Promise.resolve(0);
      return new Promise((resolve) => {
        const waiters = waiting.get(keyId) ?? new Set();
        waiting.set(keyId, waiters);
        const done = (): void => {
          clearTimeout(timer);
          waiters.delete(done);
          resolve(out.get(keyId) ?? 0);
        };
        const timer = setTimeout(done, ms);
        waiters.add(done);
      });
    },
  };
}
