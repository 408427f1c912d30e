import type { OperationAnswer } from "@keybrake/client";
import { expect, test } from "vitest";
import { unmatchedRoutes } from "./allowlist.ts";

const operations: readonly OperationAnswer[] = [
  "POST /v1/things",
  "GET /v1/things/{id}",
  "POST /v1/things/{id}/close",
].map((route) => {
  const [method = "", path = ""] = route.split(" ");
  return { operation: route, vendor: "v", method, path, class: "money", directions: [], reason: null };
});

test.each([
  "POST /v1/things",
  "GET /v1/things/*",
  "GET /v1/things/thing_1",
  "POST /v1/**",
  "* /**",
  "POST /**/close",
  "POST /v1/things/**/close",
  // No routes, so not judged here.
  "things.*",
  "**",
])("%s matches something", (pattern) => {
  expect(unmatchedRoutes([pattern], operations)).toEqual([]);
});

test.each([
  ["POST /v1/thing", ' Did you mean "POST /v1/things"?'],
  ["GET /v1/things", ' Did you mean "POST /v1/things"?'],
  ["POST /v1/things/*/clse", ' Did you mean "POST /v1/things/*/close"?'],
  ["DELETE /elsewhere/**/entirely", ""],
])("%s matches nothing", (pattern, hint) => {
  expect(unmatchedRoutes([pattern], operations)).toEqual([
    `"${pattern}" matches no operation that is known, so it allows nothing.${hint}`,
  ]);
});
