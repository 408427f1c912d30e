import { describe, expect, test } from "vitest";
import { publicCode, refusal, REFUSALS, refusalSentence, refusalStatus } from "./refusal.ts";
import type { RefusalCode } from "./refusal.ts";

/* oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the table are the codes */
const CODES = Object.keys(REFUSALS) as RefusalCode[];

describe("every refusal", () => {
  // Callers' programs know these: a code keeps its status and its advice.
  test("has a code, a status and an advice that callers rely on", () => {
    expect(CODES.map((code) => `${REFUSALS[code].status} ${code} ${REFUSALS[code].retry}`)).toEqual([
      "401 vault_key_invalid never",
      "401 vault_key_expired never",
      "401 vault_key_revoked never",
      "401 run_closed never",
      "403 endpoint_not_allowed never",
      "403 parameter_not_allowed never",
      "403 operation_unbounded never",
      "403 operation_unknown never",
      "403 operation_exposes_secret never",
      "403 currency_unpriced never",
      "403 amount_unknown never",
      "403 price_unknown never",
      "403 per_call_cap_exceeded never",
      "429 spend_cap_exceeded never",
      "429 rate_limited later",
      "400 request_ambiguous never",
      "413 request_too_large never",
      "503 unavailable safe",
      "502 outcome_unknown never",
      "504 outcome_unknown_timeout never",
      "503 vendor_unreachable safe",
      "502 vendor_answer_unusable never",
    ]);
  });

  test.each(CODES)("%s is a sentence that begins with its code and ends with what to do", (code) => {
    const sentence = refusalSentence(refusal(code, "It was refused."));
    expect(sentence).toBe(`${publicCode(code)}: It was refused. ${REFUSALS[code].advice}`);
    expect(REFUSALS[code].advice).toMatch(/^[A-Z].*\.$/);
    expect(refusalStatus(code)).toBe(REFUSALS[code].status);
  });

  test("that may be sent again at once has let nothing leave; one of unknown outcome is never sent again", () => {
    const safe = CODES.filter((code) => REFUSALS[code].retry === "safe");
    expect(safe).toEqual(["unavailable", "vendor_unreachable"]);
    for (const code of CODES.filter((each) => publicCode(each) === "outcome_unknown"))
      expect(REFUSALS[code].retry).toBe("never");
  });

  test("shows one word for both forms of an unknown outcome, and its own for the rest", () => {
    for (const code of CODES)
      expect(publicCode(code)).toBe(code === "outcome_unknown_timeout" ? "outcome_unknown" : code);
  });
});

test("facts and waiting time are kept beside the message, and only where they were given", () => {
  expect(refusal("rate_limited", "Too fast.", { retryAfterSeconds: 3, facts: { limit_calls: 2 } })).toEqual({
    code: "rate_limited",
    message: "Too fast.",
    retryAfterSeconds: 3,
    facts: { limit_calls: 2 },
  });
  expect(refusal("unavailable", "Later.")).toEqual({ code: "unavailable", message: "Later." });
});
