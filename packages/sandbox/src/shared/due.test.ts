// Whatever the order in which things are put off, they come in the order of their time.

import { expect, test } from "vitest";
import { seededRandom } from "./random.ts";
import { DueQueue } from "./due.ts";

test("everything due comes once, in order, and what is not due waits", () => {
  const random = seededRandom(7, 1);
  const queue = new DueQueue();
  const times = Array.from({ length: 2000 }, () => Math.floor(random.next() * 500));
  const came: number[] = [];
  for (const time of times) queue.at(time, (at) => came.push(at));
  queue.run(249);
  expect(came).toEqual(times.filter((time) => time <= 249).toSorted((a, b) => a - b));
  queue.run(10_000);
  expect(came).toEqual(times.toSorted((a, b) => a - b));
});

test("what is due at once comes as it was put in, and may put in more", () => {
  const queue = new DueQueue();
  const came: string[] = [];
  queue.at(5, (at) => {
    came.push("first");
    queue.at(at + 1, () => came.push("third"));
    queue.at(at + 100, () => came.push("never"));
  });
  for (let at = 0; at < 20; at += 1) queue.at(5, () => came.push(`second ${at}`));
  queue.run(50);
  expect(came).toEqual(["first", ...Array.from({ length: 20 }, (_, at) => `second ${at}`), "third"]);
});
