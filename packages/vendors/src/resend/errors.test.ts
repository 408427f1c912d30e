import { REFUSALS, refusal } from "@keybrake/core";
import type { RefusalCode } from "@keybrake/core";
import { Resend } from "resend";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isOwnError, renderRefusal } from "./errors.ts";
import { answerOf, MAIL } from "./test-support.ts";

/* oxlint-disable typescript/no-unsafe-type-assertion -- the keys of the table are the codes */
const CODES = Object.keys(REFUSALS) as RefusalCode[];

function render(code: RefusalCode): ReturnType<typeof renderRefusal> {
  return renderRefusal(
    refusal(code, "It was refused.", { facts: { limit_usd: "500", resets_at: null }, retryAfterSeconds: 7 }),
    "call_1",
  );
}

afterEach(() => vi.unstubAllGlobals());

describe("renderRefusal", () => {
  it.each(CODES)("gives %s Resend's flat shape, its own status, and the code at the beginning", (code) => {
    const { status, headers, body } = render(code);
    const json = JSON.parse(body) as Record<string, unknown>;
    expect(status).toBe(REFUSALS[code].status);
    expect(json["statusCode"]).toBe(status);
    // One of the SDKs shows nothing but the message.
    expect(json["message"]).toMatch(new RegExp(`^${String(json["name"])}: It was refused\\. `));
    expect(json["limit_usd"]).toBe("500");
    const named = new Map(headers);
    expect(named.get("Content-Type")).toBe("application/json");
    expect(named.get("Retry-After")).toBe(code === "rate_limited" ? "7" : undefined);
    expect(isOwnError(answerOf(status, body))).toBe(true);
  });

  it("lets no fact overwrite the name, the status or the message", () => {
    const facts = { name: "x", statusCode: 1, message: "y" };
    const { body } = renderRefusal(refusal("spend_cap_exceeded", "Too much.", { facts }), "call_1");
    expect(JSON.parse(body)).toMatchObject({ name: "spend_cap_exceeded", statusCode: 429 });
  });

  it.each(CODES)("makes resend-node answer with an error named after %s, after one request", async (code) => {
    const { status, headers, body } = render(code);
    const fetched = vi.fn<typeof fetch>(() =>
      Promise.resolve(
        new Response(body, { status, headers: headers.map(([name, value]): [string, string] => [name, value]) }),
      ),
    );
    vi.stubGlobal("fetch", fetched);
    const { data, error } = await new Resend("vault_test_x").emails.send(MAIL);
    expect(data).toBeNull();
    expect(error).toMatchObject({ name: JSON.parse(body).name, statusCode: status });
    expect(fetched).toHaveBeenCalledTimes(1);
  });
});

describe("isOwnError", () => {
  it.each([
    ["Resend's flat errors", { statusCode: 422, name: "validation_error", message: "Invalid `to` field." }, true],
    ["a page of something in between", "<html>502</html>", false],
    ["Cloudflare's 1010", "error code: 1010", false],
    ["another vendor's errors", { error: { message: "No", name: "x" } }, false],
    ["a message without a name", { message: "No" }, false],
    ["a list", [{ name: "x", message: "y" }], false],
    ["nothing", undefined, false],
  ])("knows %s", (_, body, own) => {
    expect(isOwnError(answerOf(500, body))).toBe(own);
  });
});
