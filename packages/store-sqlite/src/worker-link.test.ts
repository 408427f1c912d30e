import { Fault } from "@keybrake/core";
import { expect, test } from "vitest";
import { WorkerLink } from "./worker-link.ts";

interface Api {
  ask(nothing: null): null;
}

test("when a worker dies, whoever waits is told, and so is whoever asks later", async () => {
  const entry = new URL(
    'data:text/javascript,import { parentPort } from "node:worker_threads"; parentPort.once("message", () => process.exit(1));',
  );
  const deaths: Fault[] = [];
  const link = new WorkerLink<Api, never>(entry, {
    name: "doomed",
    data: null,
    onNews: () => {},
    onDeath: (fault) => deaths.push(fault),
  });
  await expect(link.call("ask", null)).rejects.toThrow("The store's doomed thread has ended.");
  await expect(link.call("ask", null)).rejects.toThrow(Fault);
  expect(deaths).toHaveLength(1);
});

test("a worker that is ended on purpose is no death", async () => {
  const deaths: Fault[] = [];
  const link = new WorkerLink<Api, never>(new URL("data:text/javascript,setInterval(() => {}, 1000)"), {
    name: "idle",
    data: null,
    onNews: () => {},
    onDeath: (fault) => deaths.push(fault),
  });
  const asked = expect(link.call("ask", null)).rejects.toThrow("The store is closed.");
  await link.terminate();
  await asked;
  expect(deaths).toEqual([]);
});
