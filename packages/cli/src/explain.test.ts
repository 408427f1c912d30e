import type { BudgetAnswer } from "@keybrake/client";
import { describe, expect, test } from "vitest";
import { contentOf, explanation, targetOf, type DryRunAnswer } from "./explain.ts";
import { UserProblem } from "./problems.ts";
import { shown } from "./terminal.ts";

function problemOf(work: () => unknown): UserProblem {
  try {
    work();
  } catch (problem) {
    if (problem instanceof UserProblem) return problem;
    throw problem;
  }
  throw new Error("it worked");
}

describe("the path", () => {
  const key = { vendor: "acme", account_sid: "AC1" };
  test.each([
    ["as the vendor has it", "/v1/things", "/acme/v1/things"],
    ["as Keybrake has it", "/acme/v1/things", "/acme/v1/things"],
    ["with a query", "/v1/things?a={b}", "/acme/v1/things?a={b}"],
    ["with the account's place", "/Accounts/{account_sid}/Things.json", "/acme/Accounts/AC1/Things.json"],
  ])("%s", (_what, path, target) => {
    expect(targetOf(path, key)).toBe(target);
  });

  test("needs its slash, and an account only where there is one", () => {
    expect(problemOf(() => targetOf("v1/things", key)).message).toContain("first slash");
    expect(problemOf(() => targetOf("https://acme.example/v1/things", key)).message).toContain("the path only");
    expect(problemOf(() => targetOf("/{account_sid}", { vendor: "acme", account_sid: null })).message).toContain(
      "acme",
    );
  });
});

describe("what is sent", () => {
  const content = (more: Partial<Parameters<typeof contentOf>[0]>): ReturnType<typeof contentOf> =>
    contentOf({ data: [], header: [], ...more });

  test("form parameters are encoded, so that a plus stays a plus and an ampersand ends nothing", () => {
    const { headers, body } = content({ data: ["To=+14155551234", "Body=a & b=ü", "items[0][price]=p"] });
    expect(headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect([...new URLSearchParams(body)]).toEqual([
      ["To", "+14155551234"],
      ["Body", "a & b=ü"],
      ["items[0][price]", "p"],
    ]);
  });

  test("JSON goes as it is written, beside the headers that were given", () => {
    expect(content({ json: '{ "a": 1.0 }', header: ["X-Mode: strict"] })).toEqual({
      headers: { "content-type": "application/json", "x-mode": "strict" },
      body: '{ "a": 1.0 }',
    });
  });

  test.each<[string, Parameters<typeof content>[0], string]>([
    ["a parameter without a value", { data: ["to"] }, "name=value"],
    ["JSON that is none", { json: "{" }, "--json takes"],
    ["a file that is not there", { json: "@/nowhere/body.json" }, "/nowhere/body.json cannot be read"],
    ["both kinds of body", { json: "{}", data: ["a=b"] }, "not both"],
    ["a header without a name", { header: [": x"] }, "-H takes"],
    [
      "another key than the one that is asked with",
      { header: ["Authorization: Bearer x"] },
      "Authorization is set here",
    ],
  ])("%s is refused with what to do", (_what, more, says) => {
    const problem = problemOf(() => content(more));
    expect([problem.status, problem.message]).toEqual([2, expect.stringContaining(says)]);
  });
});

describe("the explanation", () => {
  const budget: BudgetAnswer = {
    window: "day",
    limit_usd: "10",
    settled_usd: "1",
    held_usd: "2",
    remaining_usd: "7",
    resets_at: null,
    directions: ["usage"],
    time_zone: "UTC",
  };
  const answer: DryRunAnswer = {
    operation: "messages.create",
    class: "money",
    direction: "usage",
    estimate_usd: "0.0166",
    basis: ["2 segments at $0.0083 each."],
    budgets: [budget],
    refusal: null,
  };
  const told = (more: Partial<DryRunAnswer> = {}): string =>
    explanation("POST", { vendor: "acme" }, { ...answer, ...more })
      .map(shown)
      .join("\n");

  test("says what it is, what it can move, why, and what the budgets say", () => {
    expect(told()).toBe(`This is messages.create of acme, able to move money.
It can move at most $0.0166, billed by the vendor for usage.

Why:
  2 segments at $0.0083 each.

Budgets:
  day cap of $10.00: $1.00 settled, $2.00 held, $7.00 left; there is room.

It would be forwarded.
Nothing was held and nothing was sent on.`);
  });

  test("says which budgets have no room, and which do not count it", () => {
    expect(told({ estimate_usd: "7.000001" })).toContain("$7.00 left; too little.");
    expect(told({ estimate_usd: "7" })).toContain("$7.00 left; there is room.");
    expect(told({ direction: "paid_out" })).toContain("it does not count paid_out.");
  });

  test("says what would be refused, in the words of the refusal", () => {
    const message = "price_unknown: Nothing says what one segment costs.";
    const text = told({ estimate_usd: null, direction: null, basis: [], refusal: { code: "price_unknown", message } });
    expect(text).toContain("What it could move was not computed, or cannot be.");
    expect(text).toContain(`It would be refused: ${message}`);
    expect(text).not.toContain("forwarded");
  });

  test("of what is no operation says so, and a read moves nothing", () => {
    expect(told({ operation: null, class: null })).toContain("This POST is no operation of acme");
    expect(told({ class: "read", direction: null, estimate_usd: "0", basis: [] })).toContain("It moves nothing.");
  });

  test("lets nothing that the vendor or a label says move the cursor", () => {
    expect(told({ basis: ["a\u001b[2Jb"] })).not.toContain("\u001b[2J");
  });
});
