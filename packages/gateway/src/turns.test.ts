import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

const WAIT_MS = 10_000;

test("turns of one name come one after the other, in the order in which they were asked for", async () => {
  const turns = createTurns();
  const came: number[] = [];
  const first = await turns.take("a", WAIT_MS);
  const others = [1, 2, 3].map(async (number) => {
    const end = await turns.take("a", WAIT_MS);
    came.push(number);
    end?.();
  });
  await Promise.resolve();
  expect(came).toEqual([]);
  first?.();
  await Promise.all(others);
  expect(came).toEqual([1, 2, 3]);
});

test("turns of other names wait for nobody", async () => {
  const turns = createTurns();
  await turns.take("a", WAIT_MS);
  expect(await turns.take("b", WAIT_MS)).not.toBeNull();
});

test("a turn that does not come in time is given up, and holds up nobody behind it", async () => {
  const turns = createTurns();
  const first = await turns.take("a", WAIT_MS);
  const late = turns.take("a", 5);
  const last = turns.take("a", WAIT_MS);
  expect(await late).toBeNull();
  first?.();
  expect(await last).not.toBeNull();
});
