import type { KeyId } from "@keybrake/core";
import { makeKey, TestClock } from "@keybrake/testing";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createRegistry } from "./registry.ts";

const at = new TestClock().now();
const A: KeyId = makeKey(at).id;
const B: KeyId = makeKey(at).id;
const C: KeyId = makeKey(at).id;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What a promise has come to by now, without waiting for it. */
async function settledNow(promise: Promise<number>): Promise<number | "waiting"> {
  let now: number | "waiting" = "waiting";
  void promise.then((value) => (now = value));
  await vi.advanceTimersByTimeAsync(0);
  return now;
}

describe("a revocation", () => {
  test("lets nothing of its key leave any more, and everything of other keys", async () => {
    const registry = createRegistry(10);
    expect(registry.leave(A)).toBe(true);
    registry.arrived(A);
    expect(await registry.drain(A, 1_000)).toBe(0);
    expect(registry.leave(A)).toBe(false);
    expect(registry.isRevoked(A)).toBe(true);
    expect(registry.leave(B)).toBe(true);
    expect(registry.isRevoked(B)).toBe(false);
  });

  test("is in force before its promise is looked at", () => {
    const registry = createRegistry(10);
    registry.leave(A);
    void registry.drain(A, 1_000);
    expect(registry.leave(A)).toBe(false);
  });

  test("waits for every call that had left, and for no other key's", async () => {
    const registry = createRegistry(10);
    registry.leave(A);
    registry.leave(A);
    registry.leave(B);
    const drained = registry.drain(A, 1_000);
    registry.arrived(A);
    expect(await settledNow(drained)).toBe("waiting");
    registry.arrived(A);
    expect(await settledNow(drained)).toBe(0);
  });

  test("gives up after its time and says how many are still out", async () => {
    const registry = createRegistry(10);
    registry.leave(A);
    registry.leave(A);
    registry.leave(A);
    const drained = registry.drain(A, 1_000);
    registry.arrived(A);
    await vi.advanceTimersByTimeAsync(999);
    expect(await settledNow(drained)).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1);
    expect(await settledNow(drained)).toBe(2);
    // Late ones disturb nobody.
    registry.arrived(A);
    registry.arrived(A);
    expect(await registry.drain(A, 1_000)).toBe(0);
  });

  test("asked for twice is answered twice, each in its own time", async () => {
    const registry = createRegistry(10);
    registry.leave(A);
    const hasty = registry.drain(A, 10);
    const patient = registry.drain(A, 1_000);
    await vi.advanceTimersByTimeAsync(10);
    expect(await settledNow(hasty)).toBe(1);
    expect(await settledNow(patient)).toBe("waiting");
    registry.arrived(A);
    expect(await settledNow(patient)).toBe(0);
  });

  test("leaves no timer behind", async () => {
    const registry = createRegistry(10);
    registry.leave(A);
    const drained = registry.drain(A, 60_000);
    registry.arrived(A);
    await drained;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("is remembered as long as promised, the oldest forgotten first", async () => {
    const registry = createRegistry(2);
    for (const key of [A, B, A, C]) await registry.drain(key, 0);
    // A was named again after B, so B is the oldest.
    expect([A, B, C].map((key) => registry.isRevoked(key))).toEqual([true, false, true]);
  });
});

describe("the count", () => {
  test("does not go below nothing: an arrival of a key that had not left frees no other", async () => {
    const registry = createRegistry(10);
    registry.arrived(A);
    registry.leave(A);
    expect(await settledNow(registry.drain(A, 1_000))).toBe("waiting");
  });

  test("is of those that left, whatever the order of leaving, arriving and revoking", async () => {
    const step = fc.tuple(fc.constantFrom("leave", "arrived", "drain"), fc.constantFrom(A, B));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const registry = createRegistry(10);
        const out = new Map([A, B].map((key) => [key, 0]));
        const revoked = new Set<KeyId>();
        for (const [what, key] of steps) {
          const count = out.get(key) ?? 0;
          if (what === "leave") {
            expect(registry.leave(key)).toBe(!revoked.has(key));
            if (!revoked.has(key)) out.set(key, count + 1);
          } else if (what === "arrived" && count > 0) {
            registry.arrived(key);
            out.set(key, count - 1);
          } else if (what === "drain") {
            revoked.add(key);
            expect(await settledNow(registry.drain(key, 60_000))).toBe(count === 0 ? 0 : "waiting");
          }
        }
        for (const [key, count] of out) {
          const drained = registry.drain(key, 60_000);
          for (let each = 0; each < count; each++) {
            expect(await settledNow(drained)).toBe("waiting");
            registry.arrived(key);
          }
          expect(await settledNow(drained)).toBe(0);
        }
      }),
    );
  });
});
