import { operationTable, type Vendor } from "@keybrake/core";
import { stripe } from "@keybrake/vendors";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRouter, matchOperation } from "./match.ts";

const FIRST: Vendor = { ...stripe, id: "first", rootPaths: ["/v1", "/oauth"] };
const SECOND: Vendor = { ...stripe, id: "second", rootPaths: ["/v1", "/2010-04-01"] };
const router = createRouter([FIRST, SECOND]);

/** `vendor named|root target`, or null. */
function routed(url: string): string | null {
  const route = router.route(url);
  return route === null ? null : `${route.vendor.id} ${route.named ? "named" : "root"} ${route.target}`;
}

describe("a URL belongs to", () => {
  test.each<[string, string, string]>([
    ["the vendor that its first segment names", "/second/v1/refunds", "second named /v1/refunds"],
    ["that vendor whatever follows, which is judged later", "/first/../x", "first named /../x"],
    ["that vendor with its query", "/first/v1/refunds?limit=3", "first named /v1/refunds?limit=3"],
    ["that vendor when nothing follows", "/first", "first named /"],
    ["that vendor when only a query follows", "/first?a=b", "first named /?a=b"],
    ["that vendor though its base URL ended in a slash", "/first//v1/refunds", "first named /v1/refunds"],
    ["the first vendor of a root path, for now", "/v1/refunds", "first root /v1/refunds"],
    ["the only vendor of a root path", "/2010-04-01/Accounts.json", "second root /2010-04-01/Accounts.json"],
    ["a root path's vendor though a base URL ended in a slash", "//v1/refunds", "first root /v1/refunds"],
    ["a root path's vendor when nothing follows", "/oauth", "first root /oauth"],
    ["a root path's vendor when a query follows at once", "/v1?a=/second/v1", "first root /v1?a=/second/v1"],
    ["a vendor in absolute form too, to be refused there", "http://host:1/first/v1", "first named /v1"],
    ["a vendor in absolute form of any case", "HTTPS://host/v1/x", "first root /v1/x"],
  ])("%s", (_whose, url, expected) => {
    expect(routed(url)).toBe(expected);
  });

  test.each<[string, string]>([
    ["another first segment", "/healthz"],
    ["the root", "/"],
    ["nothing", ""],
    ["no path", "v1/refunds"],
    ["the target of OPTIONS *", "*"],
    ["an authority", "first:443"],
    ["a prefix of a vendor's name", "/firs/v1"],
    ["a vendor's name with more behind it", "/firstly/v1"],
    ["a vendor's name in capitals", "/First/v1"],
    ["a vendor's name behind an escape", "/%66irst/v1"],
    ["a root path with more behind it", "/v10/refunds"],
    ["a vendor's name behind a doubled slash", "//first/v1"],
    ["a root path behind three slashes", "///v1/refunds"],
    ["a host before a root path", "//host/v1/refunds"],
    ["a vendor's name only in the query", "/x?/first/v1"],
    ["a vendor's name only in the host", "http://first"],
    ["a vendor's name behind the query of a host", "http://host?/first/v1"],
    ["another scheme", "ftp://host/first/v1"],
    ["what every object has", "/constructor/v1"],
    ["what every object has, at the root", "/__proto__"],
  ])("nobody: %s", (_what, url) => {
    expect(routed(url)).toBeNull();
  });

  test("more than one doubled slash is left for the next step to refuse", () => {
    expect(routed("/first///v1/refunds")).toBe("first named ///v1/refunds");
    expect(routed("/first//v1//refunds")).toBe("first named /v1//refunds");
  });

  test("whatever stands behind the prefix is the vendor's path, byte for byte", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (rest) => {
        fc.pre(!rest.startsWith("/"));
        expect(routed(`/second/${rest}`)).toBe(`second named /${rest}`);
      }),
    );
  });
});

describe("a key may use the root", () => {
  test.each<[string, Vendor, string, boolean]>([
    ["for its vendor's paths", SECOND, "/2010-04-01/Accounts.json", true],
    ["for a path that two vendors share", SECOND, "/v1/x", true],
    ["not for another vendor's", SECOND, "/oauth/token", false],
    ["not for a path that only begins alike", FIRST, "/v1x", false],
    ["not for the root itself", FIRST, "/", false],
  ])("%s", (_when, vendor, target, expected) => {
    expect(router.mayUseRoot(vendor, target)).toBe(expected);
  });

  test("and is found by its vendor's name alone", () => {
    expect(router.byId("second")).toBe(SECOND);
    expect(router.byId("toString")).toBeNull();
    expect(router.byId("")).toBeNull();
  });
});

describe("an operation", () => {
  const vendor: Vendor = {
    ...FIRST,
    operations: operationTable([
      { name: "things.get", method: "GET", path: "/v1/things/{thing}", class: "read", directions: [] },
      { name: "things.search", method: "GET", path: "/v1/things/search", class: "read", directions: [] },
    ]),
  };

  test.each<[string, string, readonly string[], string | null]>([
    ["is found by method and path", "GET", ["v1", "things", "t_1"], "things.get"],
    ["that is spelled out wins over one with a parameter", "GET", ["v1", "things", "search"], "things.search"],
    ["has its own method", "POST", ["v1", "things", "t_1"], null],
    ["has its method in capitals", "get", ["v1", "things", "t_1"], null],
    ["has no segment more", "GET", ["v1", "things", "t_1", "x"], null],
    ["has no segment less", "GET", ["v1", "things"], null],
  ])("%s", (_what, method, segments, expected) => {
    expect(matchOperation(vendor, { method, segments })?.operation.name ?? null).toBe(expected);
  });

  test("carries its path's parameters", () => {
    expect(matchOperation(vendor, { method: "GET", segments: ["v1", "things", "é 1"] })?.pathParameters).toEqual({
      thing: "é 1",
    });
  });
});
