import { asKeyId } from "@keybrake/core";
import { expect, test } from "vitest";
import { createShares } from "./shares.ts";

const limits = { bodiesBytesMax: 100, callsPerKeyMax: 2, bodyBytesPerKeyMax: 60, streamsMax: 3, streamsPerKeyMax: 2 };
const [thief, victim] = [asKeyId("key_thief"), asKeyId("key_victim")];

test("one key gets its share of calls, and another one its own", () => {
  const shares = createShares(limits);
  expect([shares.enter(thief), shares.enter(thief), shares.enter(thief)]).toEqual([true, true, false]);
  expect(shares.enter(victim)).toBe(true);
  shares.leave(thief, { bytes: 0, stream: false });
  expect(shares.enter(thief)).toBe(true);
});

test("one key cannot take all the memory, and all together not more than there is", () => {
  const shares = createShares(limits);
  shares.enter(thief);
  shares.enter(victim);
  expect([shares.takeBytes(thief, 60), shares.takeBytes(thief, 1)]).toEqual([true, false]);
  expect([shares.takeBytes(victim, 41), shares.takeBytes(victim, 40)]).toEqual([false, true]);
  shares.leave(thief, { bytes: 60, stream: false });
  shares.enter(thief);
  expect(shares.takeBytes(thief, 60)).toBe(true);
});

test("uploads are counted a key and in all", () => {
  const shares = createShares(limits);
  shares.enter(thief);
  shares.enter(victim);
  expect([1, 2, 3].map(() => shares.takeStream(thief))).toEqual([true, true, false]);
  expect([1, 2].map(() => shares.takeStream(victim))).toEqual([true, false]);
  shares.leave(thief, { bytes: 0, stream: true });
  expect(shares.takeStream(victim)).toBe(true);
});

test("nothing is granted to a key that has no call on its way", () => {
  const shares = createShares(limits);
  expect(shares.takeBytes(thief, 1)).toBe(false);
  expect(shares.takeStream(thief)).toBe(false);
});
