import { InvariantViolation } from "@keybrake/core";
import { expect, it } from "vitest";
import { readOperations } from "./table.ts";

it("a line becomes an operation with its reason", () => {
  const { operations } = readOperations(`
POST /v1/a/{id}/pay  a.pay  money collected+paid_out  # both ways
GET  /v1/a           a.list read
`);
  expect(operations).toEqual([
    {
      name: "a.pay",
      method: "POST",
      path: "/v1/a/{id}/pay",
      class: "money",
      directions: ["collected", "paid_out"],
      reason: "both ways",
    },
    { name: "a.list", method: "GET", path: "/v1/a", class: "read", directions: [] },
  ]);
});

it("a line may name its host, what is blanked out, and that its body is a file", () => {
  const [operation] = readOperations(
    "POST /v1/files/{id}.json files.create free host:files redacts:secret,token body:stream # a file",
  ).operations;
  expect(operation).toMatchObject({ host: "files", redacts: ["secret", "token"], streamsBody: true, reason: "a file" });
});

it.each([
  ["an option that is none", "GET /v1/a a.list read colour:red"],
  ["an empty option", "GET /v1/a a.list read host:"],
  ["a method that is none", "FETCH /v1/a a.list read"],
  ["a path that is none", "GET v1/a a.list read"],
  ["no name", "GET /v1/a"],
  ["no class", "GET /v1/a a.list"],
  ["a class that is none", "GET /v1/a a.list harmless"],
  ["a direction that is none", "POST /v1/a a.pay money sideways"],
  ["money without a direction", "POST /v1/a a.pay money"],
  ["a direction where nothing moves", "POST /v1/a a.pay free collected"],
  ["a word too many", "POST /v1/a a.pay money collected paid_out"],
  ["the same name twice", "GET /v1/a a.list read\nGET /v1/b a.list read"],
])("a table with %s stops the start", (_, table) => {
  expect(() => readOperations(table)).toThrow(InvariantViolation);
});
