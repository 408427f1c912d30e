/**
 * What one vault key may take of what all share: calls on their way, memory for bodies, uploads that hold a socket. One key that wants
 * everything is turned away before the others notice. In memory only.
 */
import type { KeyId } from "@keybrake/core";
import type { Limits } from "./limits.ts";

interface Share {
  calls: number;
  bodyBytes: number;
  streams: number;
}

export interface Shares {
  /** False: this key has enough calls on their way. Whoever was let in must `leave`. */
  enter(keyId: KeyId): boolean;
  /** False: bodies of this key, or of all keys together, take enough memory. What was granted is given back by `leave`. */
  takeBytes(keyId: KeyId, bytes: number): boolean;
  /** False: this key has enough uploads on their way. */
  takeStream(keyId: KeyId): boolean;
  leave(keyId: KeyId, taken: { readonly bytes: number; readonly stream: boolean }): void;
}

type ShareLimits = Pick<
  Limits,
  "bodiesBytesMax" | "callsPerKeyMax" | "bodyBytesPerKeyMax" | "streamsMax" | "streamsPerKeyMax"
>;

export function createShares(limits: ShareLimits): Shares {
  const shares = new Map<KeyId, Share>();
  const all: Share = { calls: 0, bodyBytes: 0, streams: 0 };
  return {
    enter(keyId) {
      let share = shares.get(keyId);
      if (share === undefined) shares.set(keyId, (share = { calls: 0, bodyBytes: 0, streams: 0 }));
      if (share.calls >= limits.callsPerKeyMax) return false;
      share.calls += 1;
      return true;
    },
    takeBytes(keyId, bytes) {
      const share = shares.get(keyId);
      if (share === undefined || share.bodyBytes + bytes > limits.bodyBytesPerKeyMax) return false;
      if (all.bodyBytes + bytes > limits.bodiesBytesMax) return false;
      share.bodyBytes += bytes;
      all.bodyBytes += bytes;
      return true;
    },
    takeStream(keyId) {
      const share = shares.get(keyId);
      if (share === undefined || share.streams >= limits.streamsPerKeyMax || all.streams >= limits.streamsMax)
        return false;
      share.streams += 1;
      all.streams += 1;
      return true;
    },
    leave(keyId, { bytes, stream }) {
      const share = shares.get(keyId);
      if (share === undefined) return;
      share.calls -= 1;
      share.bodyBytes -= bytes;
      all.bodyBytes -= bytes;
      if (stream) {
        share.streams -= 1;
        all.streams -= 1;
      }
      if (share.calls === 0) shares.delete(keyId);
    },
  };
}
