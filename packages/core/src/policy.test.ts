import { describe, expect, test } from "vitest";
import { operationTable } from "./operation.ts";
import type { Operation, OperationClass } from "./operation.ts";
import { allowlistOf, decide } from "./policy.ts";
import type { RefusalCode } from "./refusal.ts";
import { keyOf, usd } from "./test-support.ts";

function operation(name: string, operationClass: OperationClass, route: string, reason?: string): Operation {
  const [method = "", path = ""] = route.split(" ");
  const directions = operationClass === "money" || operationClass === "unbounded" ? (["collected"] as const) : [];
  if (method !== "GET" && method !== "POST") throw new Error(method);
  return { name, method, path, class: operationClass, directions, ...(reason === undefined ? {} : { reason }) };
}

const table = operationTable([
  operation("payments.create", "money", "POST /v1/payments"),
  operation("payments.retrieve", "read", "GET /v1/payments/{payment}"),
  operation("payments.update", "free", "POST /v1/payments/{payment}"),
  operation("plans.create", "unbounded", "POST /v1/plans", "a plan charges for ever"),
  operation("tokens.create", "secret-bearing", "POST /v1/tokens"),
  operation("secrets.list", "secret-bearing", "GET /v1/secrets", "its answer is a secret"),
]);

function judge(route: string, ...allowedEndpoints: string[]): { code: RefusalCode; message: string } | null {
  const [method = "", path = ""] = route.split(" ");
  const segments = path.slice(1).split("/");
  return decide(
    { method, path, segments, match: table.match(method, segments) },
    allowlistOf(keyOf({ allowedEndpoints })),
    keyOf({ allowedEndpoints }),
  );
}

describe("a call is let through", () => {
  test.each([
    ["by its route", "POST /v1/payments", ["POST /v1/payments"]],
    ["by a route with a wildcard", "GET /v1/payments/p_1", ["GET /v1/payments/*"]],
    ["by its operation", "POST /v1/payments", ["payments.create"]],
    ["by its family of operations", "POST /v1/payments/p_1", ["payments.*"]],
    ["by any one of several patterns", "GET /v1/payments/p_1", ["POST /v1/nothing", "payments.retrieve"]],
    ["where everything is allowed", "POST /v1/payments", ["**"]],
  ])("%s", (_, route, allowed) => {
    expect(judge(route, ...allowed)).toBeNull();
  });
});

describe("a call is refused", () => {
  test.each<[string, string, string[], RefusalCode]>([
    ["when nothing is allowed", "POST /v1/payments", [], "endpoint_not_allowed"],
    ["when another route is allowed", "POST /v1/payments", ["GET /v1/payments/*"], "endpoint_not_allowed"],
    ["with a method that is not the one allowed", "POST /v1/payments", ["GET /v1/payments"], "endpoint_not_allowed"],
    ["one segment below what is allowed", "POST /v1/payments/p_1", ["POST /v1/payments"], "endpoint_not_allowed"],
    ["when its operation's neighbour is allowed", "POST /v1/payments/p_1", ["payments.create"], "endpoint_not_allowed"],
    ["that no operation matches, also where everything is allowed", "DELETE /v1/payments", ["**"], "operation_unknown"],
    ["that no operation matches, also by name", "POST /v1/payouts", ["payouts.*"], "endpoint_not_allowed"],
    ["that has no bound, also where it is named", "POST /v1/plans", ["plans.create", "**"], "operation_unbounded"],
    [
      "that hands out a secret, also where it is named",
      "POST /v1/tokens",
      ["POST /v1/tokens"],
      "operation_exposes_secret",
    ],
    ["that is only a read but hands out a secret", "GET /v1/secrets", ["**"], "operation_exposes_secret"],
    [
      "by a pattern that no longer parses",
      "POST /v1/payments",
      ["POST  /v1/payments", "", "/v1/**"],
      "endpoint_not_allowed",
    ],
  ])("%s", (_, route, allowed, code) => {
    const refused = judge(route, ...allowed);
    expect(refused?.code).toBe(code);
    expect(refused?.message).toMatch(/^\S.*\.$/);
  });

  test("and told first that it is not on the list, so that nobody learns from it what exists", () => {
    expect(judge("POST /v1/tokens", "payments.*")?.code).toBe("endpoint_not_allowed");
    expect(judge("POST /v1/whatever", "payments.*")?.code).toBe("endpoint_not_allowed");
  });

  test("that has no bound, unless the key gives it a ceiling", () => {
    const segments = ["v1", "plans"];
    const question = { method: "POST", path: "/v1/plans", segments, match: table.match("POST", segments) };
    const allowed = allowlistOf(keyOf());
    const allowUnbounded = { "plans.create": { maxPerCall: usd(5) } };
    expect(decide(question, allowed, keyOf())?.code).toBe("operation_unbounded");
    expect(decide(question, allowed, keyOf({ allowUnbounded }))).toBeNull();
  });

  test("with the reason of the table", () => {
    expect(judge("POST /v1/plans", "**")?.message).toBe(
      "plans.create is not forwarded: a plan charges for ever. " +
        'A key may call it with a ceiling: allow_unbounded {"plans.create": {"max_usd_per_call": ...}}.',
    );
    expect(judge("POST /v1/tokens", "**")?.message).toBe("tokens.create is not forwarded.");
  });
});
