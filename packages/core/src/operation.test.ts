import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvariantViolation } from "./invariant.ts";
import { DIRECTIONS, operationTable } from "./operation.ts";
import type { HttpMethod, Operation } from "./operation.ts";

function operation(method: HttpMethod, path: string, name = `${method} ${path}`): Operation {
  return { name, method, path, class: "read", directions: [] };
}

const table = operationTable([
  operation("GET", "/v1/payments"),
  operation("POST", "/v1/payments"),
  operation("GET", "/v1/payments/search"),
  operation("GET", "/v1/payments/{payment}"),
  operation("POST", "/v1/payments/{payment}"),
  operation("POST", "/v1/payments/{payment}/capture"),
  operation("GET", "/v1/payments/{payment}/refunds/{refund}"),
  operation("GET", "/v1/payments/search/help"),
  operation("GET", "/v1/files/{file}.json"),
  operation("GET", "/v1/files/{file}"),
  operation("POST", "/v1/files/{file}.json"),
]);

function match(route: string): string | null {
  const [method = "", path = ""] = route.split(" ");
  const found = table.match(method, path.slice(1).split("/"));
  return found === null ? null : `${found.operation.name} ${JSON.stringify(found.pathParameters)}`;
}

describe("a request is matched", () => {
  test.each([
    ["to the route itself", "GET /v1/payments", "GET /v1/payments {}"],
    ["to the value before an ending", "GET /v1/files/f_1.json", 'GET /v1/files/{file}.json {"file":"f_1"}'],
    ["to the value without the ending", "GET /v1/files/f_1", 'GET /v1/files/{file} {"file":"f_1"}'],
    ["to no value where there is only the ending", "GET /v1/files/.json", 'GET /v1/files/{file} {"file":".json"}'],
    ["by its method", "POST /v1/payments", "POST /v1/payments {}"],
    ["to the value in the path", "POST /v1/payments/p_1", 'POST /v1/payments/{payment} {"payment":"p_1"}'],
    ["to a literal before a parameter", "GET /v1/payments/search", "GET /v1/payments/search {}"],
    // The literal is only a GET: a POST to an object of that name is one to the object.
    [
      "to the parameter where the literal has no such method",
      "POST /v1/payments/search",
      'POST /v1/payments/{payment} {"payment":"search"}',
    ],
    [
      "to the parameter where the literal leads nowhere",
      "POST /v1/payments/search/capture",
      'POST /v1/payments/{payment}/capture {"payment":"search"}',
    ],
    [
      "to several values",
      "GET /v1/payments/p_1/refunds/r_1",
      'GET /v1/payments/{payment}/refunds/{refund} {"payment":"p_1","refund":"r_1"}',
    ],
    [
      "to a value that looks like nothing",
      "GET /v1/payments/%7Bpayment%7D",
      'GET /v1/payments/{payment} {"payment":"%7Bpayment%7D"}',
    ],
  ])("%s", (_, route, expected) => {
    expect(match(route)).toBe(expected);
  });

  test.each([
    ["a method in lower case", "get /v1/payments"],
    ["a method that no route has", "DELETE /v1/payments/p_1"],
    ["HEAD, which is no GET", "HEAD /v1/payments"],
    ["a path in capitals", "GET /V1/payments"],
    ["one segment too few", "GET /v1"],
    ["one segment too many", "POST /v1/payments/p_1/capture/now"],
    ["a slash at the end", "GET /v1/payments/search/help/"],
    ["nothing", "GET /"],
  ])("to nothing: %s", (_, route) => {
    expect(match(route)).toBeNull();
  });

  test("to nothing it was not written for: the values put back into the template give the path", () => {
    const segment = fc.constantFrom(
      "v1",
      "payments",
      "search",
      "help",
      "capture",
      "refunds",
      "p_1",
      "constructor",
      "__proto__",
      "",
    );
    fc.assert(
      fc.property(fc.constantFrom("GET", "POST"), fc.array(segment, { maxLength: 6 }), (method, segments) => {
        const found = table.match(method, segments);
        if (found === null) return;
        const { operation: matched, pathParameters } = found;
        const path = matched.path.replace(
          /\{(\w+)\}/g,
          (_whole, name: string) => pathParameters[name] ?? expect.fail(),
        );
        expect([matched.method, path]).toEqual([method, `/${segments.join("/")}`]);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a table", () => {
  test("finds operations by name, and none by a name that every object has", () => {
    expect(table.byName("GET /v1/payments")).toBe(table.operations[0]);
    for (const name of ["payments.nope", "constructor", "__proto__", ""]) expect(table.byName(name)).toBeNull();
  });

  test("with two operations of one name, or two for one route, is our mistake", () => {
    expect(() => operationTable([operation("GET", "/a", "x"), operation("GET", "/b", "x")])).toThrow(
      InvariantViolation,
    );
    expect(() => operationTable([operation("GET", "/a/{id}", "x"), operation("GET", "/a/{other}", "y")])).toThrow(
      InvariantViolation,
    );
  });

  test("with nothing in it matches nothing", () => {
    expect(operationTable([]).match("GET", [""])).toBeNull();
  });
});

test("the directions are three, and never netted under one name", () => {
  expect(DIRECTIONS).toEqual(["collected", "paid_out", "usage"]);
});
