import { describe, expect, it } from "vitest";
import { operations } from "./operations.ts";

const VERBS =
  /\.(?:attach|cancel|capture|confirm|create|delete|detach|increment_authorization|list|retrieve|search|update)$/;

const METHOD_OF_VERB: Readonly<Record<string, string>> = {
  list: "GET",
  retrieve: "GET",
  search: "GET",
  delete: "DELETE",
};

describe("Stripe's operations", () => {
  it("are the 48 that are known, and each is found by its own name", () => {
    expect(operations.operations).toHaveLength(48);
    for (const operation of operations.operations) expect(operations.byName(operation.name)).toBe(operation);
  });

  it("have of payment intents exactly what can be priced", () => {
    const names = operations.operations.map(({ name }) => name).filter((name) => name.startsWith("payment_intents."));
    expect(new Set(names.map((name) => name.split(".")[1]))).toEqual(
      new Set([
        "cancel",
        "capture",
        "confirm",
        "create",
        "increment_authorization",
        "list",
        "retrieve",
        "search",
        "update",
      ]),
    );
  });

  it("leave no resource of this version without what its SDK calls first", () => {
    const resources = "charges customers events payment_intents payment_methods prices products refunds".split(" ");
    for (const resource of resources)
      for (const verb of resource === "events" ? ["list", "retrieve"] : ["create", "list", "retrieve", "update"])
        expect(operations.byName(`${resource}.${verb}`), `${resource}.${verb}`).not.toBeNull();
    expect(operations.byName("balance.retrieve")).not.toBeNull();
  });

  it.each(operations.operations.map((operation) => [operation.name, operation] as const))(
    "%s is named after what its route does",
    (name, operation) => {
      expect(name).toMatch(VERBS);
      const parts = name.split(".");
      const verb = parts.at(-1) ?? "";
      expect(operation.method).toBe(METHOD_OF_VERB[verb] ?? "POST");
      const literals = operation.path
        .slice("/v1/".length)
        .split("/")
        .filter((segment) => !segment.startsWith("{"));
      const named = literals.at(-1) === verb ? literals.slice(0, -1) : literals;
      expect(parts.slice(0, -1)).toEqual(named);
    },
  );

  it.each(operations.operations.map((operation) => [operation.name, operation] as const))(
    "%s is matched by its own path and by no other",
    (name, { method, path }) => {
      const segments = path
        .slice(1)
        .split("/")
        .map((segment) => (segment.startsWith("{") ? "x_1" : segment));
      expect(operations.match(method, segments)?.operation.name).toBe(name);
      expect(operations.match(method, [...segments, "more"])?.operation.name).not.toBe(name);
      expect(operations.match("PUT", segments)).toBeNull();
    },
  );

  it("move money exactly where a direction is named", () => {
    const money = operations.operations.filter((operation) => operation.class === "money");
    expect(money.map((operation) => `${operation.name} ${operation.directions.join("+")}`)).toEqual([
      "charges.create collected",
      "charges.capture collected",
      "payment_intents.create collected",
      "payment_intents.update collected",
      "payment_intents.capture collected",
      "payment_intents.confirm collected",
      "payment_intents.increment_authorization collected",
      "refunds.create paid_out",
    ]);
    for (const operation of operations.operations)
      expect(operation.directions.length > 0).toBe(operation.class === "money" || operation.class === "unbounded");
  });

  it("only read with GET, and never read with anything else", () => {
    for (const operation of operations.operations) expect(operation.class === "read").toBe(operation.method === "GET");
  });

  it("all belong to v1, the only API whose parameters are read", () => {
    for (const operation of operations.operations) expect(operation.path).toMatch(/^\/v1\//);
  });

  it.each([
    "POST /v1/subscriptions",
    "POST /v1/transfers",
    "POST /v1/payouts",
    "POST /v1/customers/cus_1/balance_transactions",
    "POST /v1/customers/cus_1/subscriptions",
    "POST /v1/customers/cus_1/sources",
    "POST /v1/charges/ch_1/refund",
    "POST /v1/charges/ch_1/refunds",
    "POST /v1/payment_intents/pi_1/apply_customer_balance",
    "POST /v1/ephemeral_keys",
    "POST /v1/files",
    "POST /v2/core/accounts",
    "POST /oauth/token",
    "GET /v1/balance/history",
  ])("do not include %s", (line) => {
    const [method = "", path = ""] = line.split(" ");
    expect(operations.match(method, path.slice(1).split("/"))).toBeNull();
  });

  it("take a search for a search and not for an object called so", () => {
    expect(operations.match("GET", ["v1", "payment_intents", "search"])?.operation.name).toBe("payment_intents.search");
  });
});
