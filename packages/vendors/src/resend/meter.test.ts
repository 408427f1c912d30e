import { formatUsd, microUsd } from "@keybrake/core";
import type { Meter, MoneyEstimate } from "@keybrake/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimate } from "./estimate.ts";
import { resend } from "./index.ts";
import { meter } from "./meter.ts";
import { answerOf, callOf, MAIL, pricing } from "./test-support.ts";

const HELD: MoneyEstimate = {
  kind: "money",
  direction: "usage",
  amount: null,
  exposure: microUsd(5_000_000n),
  object: null,
  rateDate: null,
};

function said(told: Meter): string {
  return told.kind === "spent" ? `spent ${formatUsd(told.moved)}` : told.kind;
}

function of(line: string, body: unknown, status: number, json: unknown): string {
  const call = callOf(line, body);
  return said(meter(call, answerOf(status, json), pricing, estimate(call, pricing, [])).meter);
}

const error = (name: string): unknown => ({ statusCode: 0, name, message: "No." });

describe("a mail", () => {
  it("that was accepted costs what was held, and is the object of the row", () => {
    const call = callOf("POST /emails", { ...MAIL, cc: ["b@x.example"] });
    const reading = meter(call, answerOf(200, { id: "m_1" }), pricing, estimate(call, pricing, []));
    expect(reading).toEqual({
      meter: { kind: "spent", moved: 2_000n, amount: null },
      replayed: false,
      vendorRequestId: null,
      vendorObjectId: "m_1",
    });
  });

  it.each<[number, unknown, string]>([
    [200, { id: "" }, "unknown"],
    [200, {}, "unknown"],
    [200, "<html>", "unknown"],
    [200, undefined, "unknown"],
    [302, "", "unknown"],
    [400, error("validation_error"), "definite_no"],
    [401, error("restricted_api_key"), "definite_no"],
    [403, error("invalid_api_key"), "definite_no"],
    [404, error("not_found"), "definite_no"],
    [405, error("method_not_allowed"), "definite_no"],
    [409, error("invalid_idempotent_request"), "definite_no"],
    [409, error("concurrent_idempotent_requests"), "definite_no"],
    [422, error("missing_required_field"), "definite_no"],
    [429, error("monthly_quota_exceeded"), "definite_no"],
    [451, error("security_error"), "definite_no"],
    [403, "error code: 1010", "unknown"],
    [418, error("teapot"), "unknown"],
    [500, error("internal_server_error"), "unknown"],
    [502, "<html>", "unknown"],
    [503, undefined, "unknown"],
  ])("answered with %i and %j is read as it is", (status, json, expected) => {
    expect(of("POST /emails", MAIL, status, json)).toBe(expected);
  });
});

describe("a batch", () => {
  const batch = [
    MAIL,
    { ...MAIL, to: ["a@x.example", "b@x.example"] },
    { ...MAIL, cc: "c@x.example", bcc: "d@x.example" },
  ];
  const ids = (count: number): unknown[] => Array.from({ length: count }, (_, index) => ({ id: `m_${index}` }));

  it.each<[string, unknown, string]>([
    ["all of it was accepted", { data: ids(3) }, "spent 0.006"],
    ["all of it was accepted by the permissive mode", { data: ids(3), errors: [] }, "spent 0.006"],
    ["the second was refused", { data: ids(2), errors: [{ index: 1, message: "No." }] }, "spent 0.004"],
    ["only the last was accepted", { data: ids(1), errors: [{ index: 0 }, { index: 1 }] }, "spent 0.003"],
    ["none was accepted", { data: [], errors: [{ index: 0 }, { index: 1 }, { index: 2 }] }, "spent 0"],
    ["it does not add up", { data: ids(2), errors: [] }, "unknown"],
    ["it does not add up the other way", { data: ids(3), errors: [{ index: 0 }] }, "unknown"],
    ["one is named twice", { data: ids(1), errors: [{ index: 0 }, { index: 0 }] }, "unknown"],
    ["one is named that is not there", { data: ids(2), errors: [{ index: 3 }] }, "unknown"],
    ["one is named without its place", { data: ids(2), errors: [{ message: "No." }] }, "unknown"],
    ["the list is none", { data: "3" }, "unknown"],
    ["the errors are none", { data: ids(3), errors: {} }, "unknown"],
  ])("is counted by what was accepted: %s", (_, json, expected) => {
    expect(of("POST /emails/batch", batch, 200, json)).toBe(expected);
  });

  it("is counted at the price it was held at", () => {
    const call = callOf("POST /emails/batch", [MAIL, MAIL]);
    const answer = answerOf(200, { data: ids(1), errors: [{ index: 0 }] });
    expect(said(meter(call, answer, pricing, { ...HELD, exposure: microUsd(18n) }).meter)).toBe("spent 0.000009");
  });
});

describe("what has no bound", () => {
  it("costs its ceiling once it is accepted, whatever the answer names", () => {
    const call = callOf("POST /events/send", { event: "x", email: "a@x.example" });
    expect(said(meter(call, answerOf(202, { object: "event", event: "x" }), pricing, HELD).meter)).toBe("spent 5");
    expect(said(meter(call, answerOf(422, error("validation_error")), pricing, HELD).meter)).toBe("definite_no");
    expect(said(meter(call, answerOf(500, error("application_error")), pricing, HELD).meter)).toBe("unknown");
  });
});

describe("what moves nothing", () => {
  it("says nothing of money", () => {
    expect(of("GET /emails", undefined, 200, { data: [] })).toBe("nothing");
    expect(of("POST /broadcasts", { segment_id: "s_1" }, 200, { id: "b_1" })).toBe("nothing");
    expect(of("GET /emails/m_1", undefined, 500, "<html>")).toBe("nothing");
  });

  it("is never asked for later: no read says what a mail cost", () => {
    expect(resend.followUp.length).toBe(0);
  });
});

describe("any answer", () => {
  it("never throws, and is never more than what was held", () => {
    const call = callOf("POST /emails/batch", [MAIL, MAIL]);
    const shape = fc.oneof(
      fc.jsonValue(),
      fc.record({
        data: fc.array(fc.jsonValue(), { maxLength: 4 }),
        errors: fc.array(fc.record({ index: fc.jsonValue() })),
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), shape, (status, json) => {
        const { meter: told } = meter(call, answerOf(status, json), pricing, HELD);
        if (told.kind === "spent") expect(told.moved <= HELD.exposure).toBe(true);
      }),
    );
  });
});
