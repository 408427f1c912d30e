import { mkdirSync } from "node:fs";
import { KeybrakeApiError } from "@keybrake/client";
import { expect, test } from "vitest";
import { sentenceOf } from "./sentence.ts";

function thrownBy(what: () => void): unknown {
  try {
    what();
  } catch (problem) {
    return problem;
  }
  throw new Error("it worked");
}

test("what the operating system refuses is a sentence with its code, and names the setting", () => {
  const sentence = sentenceOf(thrownBy(() => mkdirSync(`${import.meta.filename}/below`)));
  expect(sentence).toMatch(/^ENOTDIR: .*KEYBRAKE_DATA_DIR\)\.$/);
  const address = Object.assign(new Error("listen EADDRNOTAVAIL: address not available 203.0.113.9:1"), {
    code: "EADDRNOTAVAIL",
    syscall: "listen",
  });
  expect(sentenceOf(address)).toBe(`${address.message}. Check KEYBRAKE_HOST and KEYBRAKE_PORT.`);
});

test("what is our own fault comes with its stack", () => {
  expect(sentenceOf(new TypeError("x is not a function"))).toContain("    at ");
});

test.each([
  ["daily_usd_cap must be more.", "--daily-cap must be more."],
  ["ceilings.total_usd_cap is required.", "--total-cap is required."],
  ["allowed_endpoints[2] is no pattern: x.", "--allow (value 3) is no pattern: x."],
  ["expires_at and expires_in say the same thing.", "--expires-at and --expires-in say the same thing."],
  ["credential is beyond this API key's ceiling.", "--credential is beyond this API key's ceiling."],
  ["temporal.run_id is required.", "--run-id is required."],
  ["A vendor has no credential yet.", "A vendor has no credential yet."],
  [
    "Start it: keybrake serve. Then keybrake audit verify.",
    "Start it: npm start. Then npm run -s keybrake -- audit verify.",
  ],
])("the server's words %j become the command line's own", (message, expected) => {
  expect(sentenceOf(new KeybrakeApiError(message, { status: 400, code: "invalid_field" }))).toBe(expected);
});

test("nothing in a message moves the cursor", () => {
  expect(sentenceOf(new KeybrakeApiError("a\u001b[2Jb\nc", { status: 400, code: "x" }))).toBe("a\ufffd[2Jb\nc");
});
