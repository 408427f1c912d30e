import { describe, expect, test } from "vitest";
import { ConfigProblems, readConfig } from "./config.ts";

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(environment, ["acme"]);
    return [];
  } catch (problem) {
    if (problem instanceof ConfigProblems) return problem.problems;
    throw problem;
  }
}

describe("the first API key from the environment", () => {
  test("is taken as it is, and never stands in a sentence when it cannot be one", () => {
    expect(readConfig({ KEYBRAKE_BOOTSTRAP_API_KEY: "my-first-admin-key-0" }, []).bootstrapApiKey).toHaveLength(20);
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
