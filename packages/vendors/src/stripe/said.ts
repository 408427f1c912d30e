/** For the tests beside this file: estimates in one line each. Never imported by the product. */
import { invariant } from "@keybrake/core";
import type { Estimate, LookUpAnswer } from "@keybrake/core";
import { estimate } from "./estimate.ts";
import { callOf, pricing } from "./test-support.ts";

const JSON_BODY = { "content-type": "application/json" };

/** `answers` are what look-ups find, or the status with which they are refused. */
function estimateOf(
  line: string,
  body: string,
  answers: readonly unknown[] = [],
  headers: Readonly<Record<string, string>> = {},
): Estimate {
  const lookUps: LookUpAnswer[] = answers.map((answer) =>
    typeof answer === "number" ? { status: answer, json: { error: {} } } : { status: 200, json: answer },
  );
  const call = callOf(line, body, { ...(line.includes(" /v2/") && body !== "" ? JSON_BODY : {}), ...headers });
  return estimate(call, pricing, lookUps);
}

/** `"collected 10.5 of 10.5 usd"`, `"amount_unknown"`, `"nothing"`, `"GET /v1/..."`. */
export function said(
  line: string,
  body: string,
  answers: readonly unknown[] = [],
  headers: Readonly<Record<string, string>> = {},
): string {
  const result = estimateOf(line, body, answers, headers);
  switch (result.kind) {
    case "nothing":
      return "nothing";
    case "look_up":
      return `GET ${result.path}${result.query === "" ? "" : `?${result.query}`}`;
    case "refused":
      invariant(result.refusal.message.endsWith("."), "a refusal is a sentence");
      return result.refusal.code;
    case "unbounded":
      invariant(/^[a-z].*[^.]$/.test(result.why), "why something has no bound is the end of a sentence");
      return `unbounded ${result.direction}`;
    case "money": {
      const { direction, exposure, amount, object, basis = [] } = result;
      invariant(basis.length > 0 && basis.every((sentence) => /^.+\.$/.test(sentence)), "a basis is sentences");
      const on = object === null ? "" : ` on ${object.id} after ${object.movedBefore}`;
      return `${direction} ${exposure} for ${amount?.minor} ${amount?.currency}${on}`;
    }
  }
}
