import { REFUSALS, refusal } from "@keybrake/core";
import type { RefusalCode } from "@keybrake/core";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { isOwnError, renderRefusal } from "./errors.ts";
import { answerOf } from "./test-support.ts";

/* oxlint-disable typescript/no-unsafe-type-assertion -- the keys of the table are the codes */
const CODES = Object.keys(REFUSALS) as RefusalCode[];

function render(code: RefusalCode): ReturnType<typeof renderRefusal> {
  return renderRefusal(
    refusal(code, "It was refused.", { facts: { limit_usd: "500", resets_at: null }, retryAfterSeconds: 7 }),
    "call_1",
  );
}

describe("renderRefusal", () => {
  it.each(CODES)("gives %s an error object, its own status, and advice that no SDK mistakes", (code) => {
    const { status, headers, body } = render(code);
    const { error } = JSON.parse(body) as { error: Record<string, unknown> };
    expect(status).toBe(REFUSALS[code].status);
    expect(status).not.toBe(409);
    expect(error["code"]).not.toBe("lock_timeout");
    expect(error["message"]).toMatch(new RegExp(`^${String(error["code"])}: It was refused\\. `));
    expect(error["limit_usd"]).toBe("500");
    const named = new Map(headers);
    expect(named.get("Content-Type")).toBe("application/json");
    expect(named.get("Request-Id")).toBe("call_1");
    expect(named.get("Stripe-Should-Retry")).toBe(REFUSALS[code].retry === "safe" ? "true" : "false");
    expect(named.get("Retry-After")).toBe(code === "rate_limited" ? "7" : undefined);
  });

  it("lets no fact overwrite the code, the type or the message", () => {
    const facts = { code: "lock_timeout", type: "x", message: "y" };
    const { body } = renderRefusal(refusal("spend_cap_exceeded", "Too much.", { facts }), "call_1");
    expect(JSON.parse(body)).toMatchObject({ error: { code: "spend_cap_exceeded", type: "invalid_request_error" } });
  });

  const TYPED: readonly [RefusalCode, string][] = [
    ["vault_key_revoked", "StripeAuthenticationError"],
    ["per_call_cap_exceeded", "StripePermissionError"],
    ["spend_cap_exceeded", "StripeRateLimitError"],
    ["rate_limited", "StripeRateLimitError"],
    ["request_ambiguous", "StripeInvalidRequestError"],
    ["outcome_unknown", "StripeAPIError"],
    ["outcome_unknown_timeout", "StripeAPIError"],
    ["vendor_answer_unusable", "StripeAPIError"],
  ];

  it.each(TYPED)("makes stripe-node raise its typed error for %s after one request", async (code, type) => {
    const { client, requests } = clientAnsweredWith(render(code));
    const charge = client.paymentIntents.create({ amount: 1000, currency: "usd" });
    await expect(charge).rejects.toMatchObject({ type, code: JSON.parse(render(code).body).error.code });
    expect(requests()).toBe(1);
  });

  it("lets stripe-node try again only where nothing was forwarded", async () => {
    const { client, requests } = clientAnsweredWith(render("unavailable"), 1);
    await expect(client.paymentIntents.create({ amount: 1000, currency: "usd" })).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(requests()).toBe(2);
  });
});

/** The real SDK over a fetch that never leaves the process. */
function clientAnsweredWith(
  answer: ReturnType<typeof renderRefusal>,
  maxNetworkRetries = 2,
): { client: Stripe; requests: () => number } {
  let count = 0;
  const fetchAnswer = (): Promise<Response> => {
    count += 1;
    const headers = answer.headers.map(([name, value]): [string, string] => [name, value]);
    return Promise.resolve(new Response(answer.body, { status: answer.status, headers }));
  };
  const client = new Stripe("vk_test", {
    httpClient: Stripe.createFetchHttpClient(fetchAnswer),
    maxNetworkRetries,
    telemetry: false,
  });
  return { client, requests: () => count };
}

describe("isOwnError", () => {
  it.each([
    ["Stripe's own error", { error: { type: "card_error", message: "declined" } }, true],
    ["an error that is text, as OAuth has it", { error: "invalid_grant" }, false],
    ["no error at all", { message: "bad gateway" }, false],
    ["an error that is a list", { error: [] }, false],
    ["an error that is null", { error: null }, false],
    ["a page of HTML", "<html>502</html>", false],
    ["JSON that is no object", "[1]", false],
    ["an empty body", "", false],
    ["no body", undefined, false],
  ])("tells %s", (_, body, own) => {
    expect(isOwnError(answerOf(502, body))).toBe(own);
  });

  it("takes invalid UTF-8 for no error of Stripe's", () => {
    const body = new Uint8Array([...new TextEncoder().encode('{"error":{"a":"'), 0xff, 0x22, 0x7d, 0x7d]);
    expect(isOwnError({ status: 400, headers: new Map(), body })).toBe(false);
  });
});
