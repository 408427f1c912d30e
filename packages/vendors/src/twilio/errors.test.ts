import { REFUSALS, refusal } from "@keybrake/core";
import type { RefusalCode } from "@keybrake/core";
import { describe, expect, it } from "vitest";
import { isOwnError, renderRefusal } from "./errors.ts";
import { answerOf, errorJson } from "./test-support.ts";

/* oxlint-disable typescript/no-unsafe-type-assertion -- the keys of the table are the codes, and the body is our own */
const CODES = Object.keys(REFUSALS) as RefusalCode[];

function render(code: RefusalCode, facts = {}) {
  const { status, headers, body } = renderRefusal(
    refusal(code, "It was refused.", { facts: { limit_usd: "5", ...facts }, retryAfterSeconds: 7 }),
    "call_1",
  );
  return { status, headers: new Map(headers), json: JSON.parse(body) as Record<string, unknown> };
}

describe("renderRefusal", () => {
  it.each(CODES)("gives %s what every SDK reads, in the one form that is read by it", (code) => {
    const { status, headers, json } = render(code);
    // One SDK sends a 5xx again: what may have been done is answered as a conflict.
    expect(status).toBe(code.startsWith("outcome_unknown") ? 409 : REFUSALS[code].status);
    expect(json).toMatchObject({ status, httpStatusCode: status, params: {}, userError: status < 500 });
    // Go decodes it into an integer, and Twilio's own have five or six digits.
    expect(json["code"]).toSatisfy((value: unknown) => Number.isInteger(value) && Number(value) >= 990_000);
    const word = code === "outcome_unknown_timeout" ? "outcome_unknown" : code;
    expect(json["message"]).toMatch(new RegExp(`^${word}: It was refused\\. `));
    expect(json["details"]).toEqual({ limit_usd: "5", reason: word });
    expect(headers.get("Content-Type")).toBe("application/json");
    expect(headers.get("Twilio-Request-Id")).toBe("call_1");
    expect(headers.get("Retry-After")).toBe(code === "rate_limited" ? "7" : undefined);
  });

  it("gives each word a number of its own, and lets no fact replace the word", () => {
    const words = CODES.filter((code) => code !== "outcome_unknown_timeout");
    expect(new Set(words.map((code) => render(code).json["code"])).size).toBe(words.length);
    expect(render("price_unknown", { reason: "x" }).json["details"]).toMatchObject({ reason: "price_unknown" });
  });

  it("is itself an error of the usual shape", () => {
    for (const code of CODES) {
      const { status, json } = render(code);
      expect(isOwnError(answerOf(status, json))).toBe(true);
    }
  });
});

describe("isOwnError", () => {
  it.each([
    ["the usual one", errorJson(400)],
    ["one of the newest products", { code: 20_001, message: "No.", httpStatusCode: 400, params: {}, userError: true }],
    [
      "a problem as RFC 9457 has it",
      { type: "https://a.example", title: "No", status: 400, code: 20_001, detail: "d" },
    ],
    ["one without a code", { message: "No.", status: 500 }],
  ])("knows %s", (_, json) => {
    expect(isOwnError(answerOf(400, json))).toBe(true);
  });

  it.each([
    ["a page", "<html>Bad gateway</html>"],
    ["nothing", undefined],
    ["an empty body", ""],
    ["a message alone, as load balancers send it", { message: "Forbidden" }],
    ["another vendor's", { error: { message: "No." } }],
    ["a list", [errorJson(400)]],
    ["a message that is no text", { message: { text: "No." }, status: 400 }],
  ])("does not take %s for one", (_, json) => {
    expect(isOwnError(answerOf(400, json))).toBe(false);
  });
});
