import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operationTable } from "./operation.ts";
import type { HttpMethod, Operation } from "./operation.ts";
import { parseAllowPattern, patternCovers, patternMatches } from "./pattern.ts";
import type { AllowPattern, PatternCall } from "./pattern.ts";

function pattern(text: string): AllowPattern {
  const read = parseAllowPattern(text);
  if (!read.ok) throw new Error(`${text}: ${read.problem}`);
  return read.pattern;
}

function call(route: string, operation: string | null = null): PatternCall {
  const [method = "", path = ""] = route.split(" ");
  return { method, segments: path.slice(1).split("/"), operation };
}

describe("reading a pattern", () => {
  test.each([
    "POST /v1/payment_intents",
    "GET /v1/customers/*",
    "POST /v1/**",
    "* /v1/**",
    "GET /**",
    "GET /*/customers/**/sources",
    "GET /2010-04-01/Accounts/AC123/Messages.json",
    "DELETE /v1/customers/cus_123",
    "payment_intents.create",
    "refunds.*",
    "issuing.cards.*",
    "**",
  ])("%s is one", (text) => {
    expect(pattern(text).text).toBe(text);
  });

  test("more than 256 characters are none", () => {
    expect(parseAllowPattern(`POST /${"a".repeat(250)}`).ok).toBe(true);
    expect(parseAllowPattern(`POST /${"a".repeat(251)}`)).toEqual({
      ok: false,
      problem: expect.stringMatching(/longer than 256/),
    });
  });

  test.each<[string, RegExp]>([
    ["", /empty/],
    ["post /v1/refunds", /capitals: POST/],
    ["FETCH /v1/refunds", /no such method/],
    ["POST v1/refunds", /begins with a slash/],
    ["/v1/refunds", /a method, one space and a path/],
    ["POST", /operation as its name/],
    ["POST  /v1/refunds", /one space/],
    ["POST /v1/refunds /v1/charges", /one space/],
    ["POST\t/v1/refunds", /one space/],
    ["POST /v1/refunds\n", /white space/],
    [" POST /v1/refunds", /white space/],
    ["POST /", /names nothing/],
    ["POST /v1/refunds/", /ends with a slash/],
    ["POST /v1//refunds", /two slashes/],
    ["POST //v1/refunds", /two slashes/],
    ["POST /v1/../refunds", /without \. and \.\./],
    ["POST /v1/./refunds", /without \. and \.\./],
    ["POST /v1/cus_*", /whole segments/],
    ["POST /v1/***", /whole segments/],
    ["POST /v1/**suffix", /whole segments/],
    ["POST /v1/refunds%2F", /percent/],
    ["POST /v1/refunds?limit=1", /query/],
    ["POST /v1/refunds#top", /character/],
    ["POST /v1/{id}", /character/],
    ["POST /v1\\refunds", /character/],
    ["POST /v1/réfunds", /character/],
    ["*", /"\*\*" for everything/],
    ["refunds", /operation as its name/],
    ["refunds.", /operation as its name/],
    [".create", /operation as its name/],
    ["Refunds.create", /operation as its name/],
    ["refunds.**", /any depth/],
    ["*.create", /at its end/],
    ["refunds.*.create", /at its end/],
    ["refunds.cre*", /at its end/],
  ])("%j is told what is wrong", (text, problem) => {
    const read = parseAllowPattern(text);
    expect(read.ok ? "it was accepted" : read.problem).toMatch(problem);
  });

  test("any text at all is answered, and what is accepted is kept as it was", () => {
    const nearly = fc
      .array(fc.constantFrom("GET", "POST", "*", "**", " ", "/", ".", "v1", "refunds", "%2e", "..", "?", "é"), {
        maxLength: 9,
      })
      .map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), (text) => {
        const read = parseAllowPattern(text);
        if (read.ok) expect(read.pattern.text).toBe(text);
        else expect(read.problem).toMatch(/[.]$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a pattern allows", () => {
  test.each<[string, string, string | null, boolean]>([
    ["POST /v1/payment_intents", "POST /v1/payment_intents", null, true],
    ["POST /v1/payment_intents", "GET /v1/payment_intents", null, false],
    ["POST /v1/payment_intents", "POST /v1/payment_intents/pi_1", null, false],
    ["POST /v1/payment_intents", "POST /V1/payment_intents", null, false],
    ["* /v1/refunds", "DELETE /v1/refunds", null, true],
    ["GET /v1/customers/*", "GET /v1/customers/cus_1", null, true],
    ["GET /v1/customers/*", "GET /v1/customers", null, false],
    ["GET /v1/customers/*", "GET /v1/customers/cus_1/sources", null, false],
    ["GET /v1/customers/*", "HEAD /v1/customers/cus_1", null, false],
    ["POST /v1/**", "POST /v1", null, true],
    ["POST /v1/**", "POST /v1/a/b/c", null, true],
    ["POST /v1/**", "POST /v2/a", null, false],
    ["GET /**/sources", "GET /sources", null, true],
    ["GET /**/sources", "GET /a/sources/b/sources", null, true],
    ["GET /**/sources", "GET /a/sources/b", null, false],
    ["GET /a/**/b/**/c", "GET /a/b/x/b/y/c", null, true],
    ["GET /a/**/b/**/c", "GET /a/x/c", null, false],
    ["payment_intents.create", "POST /v1/payment_intents", "payment_intents.create", true],
    ["payment_intents.create", "POST /v1/payment_intents", null, false],
    ["payment_intents.create", "POST /v1/x", "payment_intents.create_more", false],
    ["refunds.*", "POST /v1/refunds", "refunds.create", true],
    ["refunds.*", "POST /v1/x", "refunds.lines.list", true],
    ["refunds.*", "POST /v1/x", "refunds", false],
    ["refunds.*", "POST /v1/x", "refunds2.create", false],
    ["refunds.*", "POST /v1/x", "charges.refunds.create", false],
    ["**", "DELETE /anything", null, true],
  ])("%s: %s (%s) is %s", (text, route, operation, allowed) => {
    expect(patternMatches(pattern(text), call(route, operation))).toBe(allowed);
  });

  test("the same as a regular expression made of it does, however many wildcards", () => {
    const piece = fc.constantFrom("a", "b", "*", "**");
    const segments = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 7 }), segments, (pieces, path) => {
        const source = pieces.map((p) => (p === "**" ? "(?:/[^/]+)*" : p === "*" ? "/[^/]+" : `/${p}`)).join("");
        const expected = new RegExp(`^${source}$`).test(`/${path.join("/")}`);
        const route = pattern(`GET /${pieces.join("/")}`);
        expect(patternMatches(route, { method: "GET", segments: path, operation: null })).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  test("the most malicious pattern is answered at once", () => {
    const route = pattern(`GET ${"/**/a".repeat(50)}/b`);
    const segments = Array.from({ length: 1_000 }, () => "a");
    expect(patternMatches(route, { method: "GET", segments, operation: null })).toBe(false);
  });
});

const OPERATIONS: readonly Operation[] = (
  [
    ["payment_intents.create", "POST", "/v1/payment_intents"],
    ["payment_intents.list", "GET", "/v1/payment_intents"],
    ["payment_intents.search", "GET", "/v1/payment_intents/search"],
    ["payment_intents.get", "GET", "/v1/payment_intents/{intent}"],
    ["payment_intents.update", "POST", "/v1/payment_intents/{intent}"],
    ["payment_intents.confirm", "POST", "/v1/payment_intents/{intent}/confirm"],
    ["customers.get", "GET", "/v1/customers/{customer}"],
    ["customers.list", "GET", "/v1/customers"],
    ["customers.sources.list", "GET", "/v1/customers/{customer}/sources"],
    ["refunds.create", "POST", "/v1/refunds"],
    ["refunds.cancel", "POST", "/v1/refunds/{refund}/cancel"],
    ["payouts.create", "POST", "/v1/payouts"],
  ] satisfies [string, HttpMethod, string][]
).map(([name, method, path]) => ({ name, method, path, class: "read", directions: [] }));

describe("a ceiling covers", () => {
  test.each<[string, string[], string, boolean]>([
    ["the same pattern", ["POST /v1/refunds"], "POST /v1/refunds", true],
    ["another path not", ["POST /v1/refunds"], "POST /v1/payouts", false],
    ["another method not", ["GET /v1/refunds"], "POST /v1/refunds", false],
    ["any method not", ["POST /v1/refunds", "GET /v1/refunds"], "* /v1/refunds", false],
    ["any method by those that the table has not", ["POST /v1/refunds"], "* /v1/refunds", false],
    ["one method by any", ["* /v1/refunds"], "POST /v1/refunds", true],
    ["a literal by a wildcard", ["GET /v1/customers/*"], "GET /v1/customers/cus_1", true],
    ["a wildcard by a literal not", ["GET /v1/customers/cus_1"], "GET /v1/customers/*", false],
    ["two segments by one not", ["GET /v1/customers/*"], "GET /v1/customers/*/*", false],
    ["any number by one not", ["GET /v1/customers/*"], "GET /v1/customers/**", false],
    ["any number by none, one and more together", ["GET /v1", "GET /v1/*", "GET /v1/*/*/**"], "GET /v1/**", true],
    ["any number by two of its parts not", ["GET /v1", "GET /v1/*/*/**"], "GET /v1/**", false],
    ["everything by everything", ["**"], "**", true],
    ["everything by every route", ["* /**"], "**", true],
    ["everything by a great deal not", ["POST /**", "GET /**", "refunds.*"], "**", false],
    ["anything by everything", ["**"], "refunds.*", true],
    ["nothing, when it is empty", [], "refunds.create", false],
    ["an operation by its family", ["refunds.*"], "refunds.create", true],
    ["a deeper operation by its family", ["customers.*"], "customers.sources.list", true],
    ["a deeper family by its family", ["customers.*"], "customers.sources.*", true],
    ["a family by one of its members not", ["refunds.create"], "refunds.*", false],
    ["a family by all of its members", ["refunds.create", "refunds.cancel"], "refunds.*", true],
    ["a family by a family of similar name not", ["refund.*"], "refunds.*", false],
    ["an operation the table does not have, by name only", ["lunches.*"], "lunches.eat", true],
    ["an operation the table does not have, by a route not", ["POST /v1/**"], "lunches.eat", false],
    ["an operation by the route it is", ["POST /v1/refunds"], "refunds.create", true],
    ["an operation by a wider route", ["POST /v1/**"], "payment_intents.confirm", true],
    ["an operation with an id by one id not", ["GET /v1/customers/cus_1"], "customers.get", false],
    ["a family by routes and operations together", ["POST /v1/refunds", "refunds.cancel"], "refunds.*", true],
    ["a route by the operation it is", ["refunds.create"], "POST /v1/refunds", true],
    ["a route with an id by the operation it is", ["customers.get"], "GET /v1/customers/*", true],
    [
      "a literal that is another operation by that one",
      ["payment_intents.search"],
      "GET /v1/payment_intents/search",
      true,
    ],
    [
      "a literal that is another operation by the general one not",
      ["payment_intents.get"],
      "GET /v1/payment_intents/search",
      false,
    ],
    [
      "a wildcard that is two operations by one of them not",
      ["payment_intents.get"],
      "GET /v1/payment_intents/*",
      false,
    ],
    [
      "a wildcard that is two operations by both",
      ["payment_intents.get", "payment_intents.search"],
      "GET /v1/payment_intents/*",
      true,
    ],
    [
      "a wide route by all the operations it meets",
      ["payment_intents.*", "refunds.*", "payouts.*"],
      "POST /v1/**",
      true,
    ],
    ["a wide route by all but one not", ["payment_intents.*", "refunds.*"], "POST /v1/**", false],
    // Routes are compared with routes as they are written, so that a table that grows later makes no key larger.
    [
      "a wide route by routes to every operation it meets not",
      ["POST /v1/*", "POST /v1/*/*", "POST /v1/*/*/confirm"],
      "POST /v1/**",
      false,
    ],
    ["a route that meets no operation not", ["refunds.*"], "POST /v1/transfers", false],
    ["a route that meets no operation by a route", ["POST /v1/*"], "POST /v1/transfers", true],
  ])("%s", (_, ceiling, inner, covered) => {
    expect(patternCovers(ceiling.map(pattern), pattern(inner), OPERATIONS)).toBe(covered);
  });

  test("never more than it allows: judged over every request of a small world", () => {
    // The world: paths of up to four segments out of a few words, one of which no pattern names.
    const words = ["v", "a", "b", "zz"];
    let paths: string[][] = words.map((word) => [word]);
    const all = [...paths];
    for (let length = 2; length <= 4; length++) {
      paths = paths.flatMap((path) => words.map((word) => [...path, word]));
      all.push(...paths);
    }
    const segment = fc.constantFrom("v", "a", "b", "*", "**");
    const route = fc
      .tuple(fc.constantFrom("GET", "POST", "*"), fc.array(segment, { minLength: 1, maxLength: 4 }))
      .map(([method, segments]) => `${method} /${segments.join("/")}`);
    const names = ["a.get", "a.b.get", "a.post", "b.get", "b.c.post"];
    const operation = fc.constantFrom(...names, "a.*", "a.b.*", "b.*", "b.c.*");
    const patterns = fc.oneof(
      { weight: 5, arbitrary: route },
      { weight: 4, arbitrary: operation },
      { weight: 1, arbitrary: fc.constant("**") },
    );
    const template = fc.array(fc.constantFrom("v", "a", "b", "{id}"), { minLength: 1, maxLength: 4 });
    const tables = fc
      .tuple(...names.map(() => fc.tuple(fc.constantFrom<HttpMethod>("GET", "POST"), template)))
      .map((rows) => {
        const seen = new Set<string>();
        return rows.flatMap(([method, path], index): Operation[] => {
          const key = `${method} ${path.join("/")}`;
          if (seen.has(key)) return [];
          seen.add(key);
          return [{ name: names[index] ?? "", method, path: `/${path.join("/")}`, class: "read", directions: [] }];
        });
      });
    let yes = 0;
    let no = 0;
    fc.assert(
      fc.property(fc.array(patterns, { maxLength: 4 }), patterns, tables, (outerTexts, innerText, operations) => {
        const outer = outerTexts.map(pattern);
        const inner = pattern(innerText);
        if (!patternCovers(outer, inner, operations)) {
          no++;
          return;
        }
        yes++;
        const table = operationTable(operations);
        const byRoutesAlone = patternCovers(outer, inner, []);
        for (const method of ["GET", "POST", "PUT"]) {
          for (const segments of all) {
            const request = { method, segments, operation: table.match(method, segments)?.operation.name ?? null };
            // Refused before any allowlist, unless routes were compared with routes.
            if (request.operation === null && !byRoutesAlone) continue;
            if (!patternMatches(inner, request)) continue;
            if (!outer.some((one) => patternMatches(one, request))) {
              throw new Error(
                `${outerTexts.join(", ")} was said to cover ${innerText}, which allows ${JSON.stringify(request)}`,
              );
            }
          }
        }
      }),
      { numRuns: 3_000 },
    );
    // Both answers were really tried.
    expect(yes).toBeGreaterThan(100);
    expect(no).toBeGreaterThan(100);
  });

  test("every pattern covers itself, and a ceiling that grows covers no less", () => {
    const texts = fc.constantFrom(
      "POST /v1/refunds",
      "GET /v1/**",
      "* /v1/*/confirm",
      "GET /**/a/**/b",
      "refunds.*",
      "payment_intents.get",
      "GET /v1/payment_intents/*",
      "**",
    );
    fc.assert(
      fc.property(fc.array(texts), texts, texts, (ceiling, more, inner) => {
        expect(patternCovers([pattern(inner)], pattern(inner), OPERATIONS)).toBe(true);
        if (patternCovers(ceiling.map(pattern), pattern(inner), OPERATIONS)) {
          expect(patternCovers([...ceiling, more].map(pattern), pattern(inner), OPERATIONS)).toBe(true);
        }
      }),
    );
  });

  test("the most malicious patterns are answered at once, with no", () => {
    const outer = Array.from({ length: 50 }, (_, i) => pattern(`GET ${"/**/a/*".repeat(30)}/x${i}`));
    const inner = pattern(`GET ${"/**/a".repeat(45)}/**`);
    const operations = Array.from({ length: 200 }, (_, i) => ({
      name: `x.o${i}`,
      method: "GET",
      path: `${"/{a}".repeat(24)}/y${i}`,
    }));
    expect(patternCovers(outer, inner, operations)).toBe(false);
  });
});
