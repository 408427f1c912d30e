import { describe, expect, test } from "vitest";
import { ConfigProblems, readConfig } from "./config.ts";

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (problem) {
    if (problem instanceof ConfigProblems) return problem.problems;
    throw problem;
  }
}

describe("the first API key from the environment", () => {
  test("is taken as it is, and never stands in a sentence when it cannot be one", () => {
    expect(readConfig({ KEYBRAKE_BOOTSTRAP_API_KEY: "my-first-admin-key-0" }).bootstrapApiKey).toHaveLength(20);
    const problems = problemsOf({ KEYBRAKE_BOOTSTRAP_API_KEY: "two words" });
    expect(problems).toEqual([expect.stringContaining("printable ASCII without spaces")]);
    expect(problems.join()).not.toContain("two words");
  });
});

test("what is wrong is said for all settings at once", () => {
  expect(
    problemsOf({ KEYBRAKE_BOOTSTRAP_API_KEY: "x y", KEYBRAKE_PORT: "none", KEYBRAKE_ACME_BASE_URL: "nowhere" }),
  ).toHaveLength(3);
});

describe("the feed of exchange rates", () => {
  test.each([
    ["nothing", {}, "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml"],
    ["ecb", { KEYBRAKE_RATES_FEED: "ecb" }, "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist-90d.xml"],
    ["off", { KEYBRAKE_RATES_FEED: "off" }, null],
    ["another address", { KEYBRAKE_RATES_FEED: "https://rates.example/x.xml?a=b" }, "https://rates.example/x.xml?a=b"],
    ["this machine", { KEYBRAKE_RATES_FEED: "http://127.0.0.1:8080/x" }, "http://127.0.0.1:8080/x"],
  ])("%s", (_what, environment, expected) => {
    expect(readConfig(environment).ratesFeed).toBe(expected);
  });

  test.each(["on", "http://rates.example/x", "ftp://rates.example/x", "https://me:hunter2@rates.example/x"])(
    "%s is refused, without repeating it",
    (value) => {
      const problems = problemsOf({ KEYBRAKE_RATES_FEED: value, KEYBRAKE_ALLOW_PLAIN_HTTP: "1" });
      expect(problems).toEqual([expect.stringMatching(/^KEYBRAKE_RATES_FEED must be ecb, off, or the address/)]);
      expect(problems.join()).not.toContain("hunter2");
    },
  );
});
