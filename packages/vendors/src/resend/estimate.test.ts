import { formatUsd, microUsd } from "@keybrake/core";
import type { Estimate, LookUpAnswer, Pricing } from "@keybrake/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimate } from "./estimate.ts";
import { operations } from "./operations.ts";
import { callOf, found, MAIL, pricing } from "./test-support.ts";

function said(estimated: Estimate): string {
  switch (estimated.kind) {
    case "nothing":
      return "nothing";
    case "money":
      return `${estimated.direction} ${formatUsd(estimated.exposure)}`;
    case "refused":
      return estimated.refusal.code;
    case "unbounded":
      return `unbounded: ${estimated.why}`;
    case "look_up":
      return `GET ${estimated.path}?${estimated.query}${estimated.optional === true ? " optional" : ""}`;
  }
}

function of(line: string, body?: unknown, lookUps: readonly LookUpAnswer[] = []): string {
  return said(estimate(callOf(line, body), pricing, lookUps));
}

const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `a${index}@x.example`);

describe("a mail", () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["to one", {}, "usage 0.001"],
    ["to one in a list", { to: ["a@x.example"] }, "usage 0.001"],
    ["to fifty", { to: many(50) }, "usage 0.05"],
    ["with copies", { cc: many(2), bcc: "b@x.example" }, "usage 0.004"],
    ["to one who stands there twice", { to: ["a@x.example", "a@x.example"] }, "usage 0.002"],
    ["with lists that are empty", { cc: [], bcc: null }, "usage 0.001"],
    ["that goes out later", { scheduled_at: "in 1 hour" }, "usage 0.001"],
    ["with a name that has a comma", { to: '"Lovelace, Ada" <ada@x.example>' }, "usage 0.001"],
    ["to what may be two addresses", { to: "a@x.example, b@x.example" }, "usage 0.002"],
    ["to what may be two lines", { to: "a@x.example\nBcc: b@x.example" }, "usage 0.002"],
    ["to what is no address", { to: "ada" }, "usage 0.001"],
    ["to nobody", { to: [] }, "usage 0"],
    ["to an object", { to: { email: "a@x.example" } }, "request_ambiguous"],
    ["to a list in a list", { to: [many(3)] }, "request_ambiguous"],
  ])("costs by its recipients: %s", (_, more, expected) => {
    expect(of("POST /emails", { ...MAIL, ...more })).toBe(expected);
  });

  it("in a batch costs the sum, also where only some of them are valid", () => {
    expect(of("POST /emails/batch", [MAIL, { ...MAIL, to: many(3), cc: "b@x.example" }, {}])).toBe("usage 0.005");
    expect(of("POST /emails/batch", [])).toBe("usage 0");
    expect(of("POST /emails/batch", MAIL)).toBe("request_ambiguous");
  });

  it("says how its price came about", () => {
    const told = estimate(callOf("POST /emails", { ...MAIL, to: many(2) }), pricing, []);
    expect(told).toMatchObject({ amount: null, object: null, rateDate: null });
    expect(told.kind === "money" ? told.basis : null).toEqual([
      "2 x $0.001, one email each (a made-up list, 2026-11-25).",
    ]);
  });

  it("costs what the operator's own file says, and is refused where nobody says anything", () => {
    const call = callOf("POST /emails", MAIL);
    const file: Pricing = {
      ...pricing,
      price: (from) => ({
        kind: "price",
        price: microUsd(from === "file" ? 7n : 9n),
        source: from,
        asOf: "2026-11-01",
      }),
    };
    expect(said(estimate(call, file, []))).toBe("usage 0.000007");
    expect(said(estimate(call, { ...pricing, price: () => ({ kind: "none", why: "Too old." }) }, []))).toBe(
      "price_unknown",
    );
  });
});

describe("a broadcast", () => {
  const NEW = { segment_id: "seg_1", from: "a@x.example", subject: "x", html: "x" };
  const contacts = (count: number, hasMore = false): LookUpAnswer =>
    found({
      object: "list",
      has_more: hasMore,
      data: Array.from({ length: count }, (_, index) => ({ id: `c_${index}` })),
    });
  const draft = found({ id: "b_1", segment_id: "seg_1", status: "draft" });

  it("that stays a draft costs nothing", () => {
    expect(of("POST /broadcasts", NEW)).toBe("nothing");
    expect(of("POST /broadcasts", { ...NEW, send: false })).toBe("nothing");
  });

  it.each([true, "true", 1, "yes"])("that is created with send: %j goes out at once", (send) => {
    const body = { ...NEW, send };
    expect(of("POST /broadcasts", body)).toBe("GET /segments/seg_1/contacts?limit=100");
    expect(of("POST /broadcasts", body, [contacts(40)])).toBe("usage 0.04");
  });

  it("is looked up before it is sent", () => {
    const line = "POST /broadcasts/b_1/send";
    expect(of(line)).toBe("GET /broadcasts/b_1?");
    expect(of(line, undefined, [draft])).toBe("GET /segments/seg_1/contacts?limit=100");
    expect(of(line, undefined, [draft, contacts(0)])).toBe("usage 0");
    expect(of(line, {}, [draft, contacts(3)])).toBe("usage 0.003");
    const old = found({ id: "b_1", segment_id: null, audience_id: "aud_1", status: "draft" });
    expect(of(line, undefined, [old])).toBe("GET /segments/aud_1/contacts?limit=100");
  });

  it("to a large segment is counted page by page, and then costs no more than all contacts of the team", () => {
    const line = "POST /broadcasts/b_1/send";
    const page = contacts(100, true);
    const usage = (used: unknown): LookUpAnswer => found({ object: "usage", contacts: { used, limit: 5_000 } });
    const next = "GET /segments/seg_1/contacts?limit=100&after=c_99";
    expect(of(line, undefined, [draft, page])).toBe(next);
    expect(of(line, undefined, [draft, page, page])).toBe(next);
    expect(of(line, undefined, [draft, page, page, contacts(7)])).toBe("usage 0.207");
    expect(of(line, undefined, [draft, page, page, page])).toBe("GET /usage? optional");
    expect(of(line, undefined, [draft, page, page, page, usage(1_234)])).toBe("usage 1.234");
    const unknown = "unbounded: its segment has more than 300 contacts";
    for (const answer of [usage("1234"), usage(299), usage(-1), found({}), { status: 0, json: null }])
      expect(of(line, undefined, [draft, page, page, page, answer])).toBe(unknown);
  });

  it("believes no short page that says there are more, and no full one that says nothing", () => {
    const full = found({ object: "list", data: Array.from({ length: 100 }, (_, index) => ({ id: `c_${index}` })) });
    for (const answer of [contacts(5, true), full])
      expect(of("POST /broadcasts", { ...NEW, send: true }, [answer])).toContain("&after=c_");
  });

  it("has no bound where it waits for its time, because its segment can grow until then", () => {
    const later = { scheduled_at: "2026-12-01T00:00:00Z" };
    expect(of("POST /broadcasts/b_1/send", later)).toMatch(/^unbounded: it is scheduled/);
    expect(of("POST /broadcasts", { ...NEW, send: true, ...later })).toMatch(/^unbounded: it is scheduled/);
    expect(of("POST /broadcasts", { ...NEW, ...later })).toMatch(/^unbounded: it is scheduled/);
  });

  it("that is updated costs nothing, but for another segment where it is on its way", () => {
    const line = "PATCH /broadcasts/b_1";
    expect(of(line, { name: "x", html: "y" })).toBe("nothing");
    expect(of(line, { segment_id: "seg_2" })).toBe("GET /broadcasts/b_1?");
    expect(of(line, { segment_id: "seg_2" }, [draft])).toBe("nothing");
    const scheduled = found({ id: "b_1", segment_id: "seg_1", status: "scheduled" });
    for (const change of [{ segment_id: "seg_2" }, { audience_id: "seg_2" }, { topic_id: null }])
      expect(of(line, change, [scheduled])).toMatch(/^unbounded: it is no draft/);
  });

  it.each<[string, unknown, readonly LookUpAnswer[], string]>([
    ["no segment", { ...NEW, segment_id: "", send: true }, [], "amount_unknown"],
    ["two segments", { ...NEW, audience_id: "seg_2", send: true }, [], "request_ambiguous"],
    ["a path for a segment", { ...NEW, segment_id: "../emails", send: true }, [], "amount_unknown"],
    ["a segment that is none", { ...NEW, send: true }, [{ status: 404, json: {} }], "amount_unknown"],
    ["a vendor that does not answer", { ...NEW, send: true }, [{ status: 500, json: {} }], "unavailable"],
    ["a vendor that has had enough", { ...NEW, send: true }, [{ status: 429, json: {} }], "unavailable"],
    ["a list that is none", { ...NEW, send: true }, [found({ data: 3 })], "amount_unknown"],
  ])("is refused with %s", (_, body, lookUps, code) => {
    expect(of("POST /broadcasts", body, lookUps)).toBe(code);
  });

  it("that the vendor answers about is the one that was meant", () => {
    const other = found({ id: "b_2", segment_id: "seg_1", status: "draft" });
    expect(of("POST /broadcasts/b_1/send", undefined, [other])).toBe("amount_unknown");
  });
});

describe("an inbox", () => {
  const PRICED: Pricing = pricing;
  const draftLine = "POST /inboxes/hi%40x.example/drafts/d_1/send";
  const replyLine = "POST /inboxes/i_1/threads/t_1/emails/e_1/reply";
  const email = (more: Readonly<Record<string, unknown>> = {}): LookUpAnswer =>
    found({ id: "e_1", from: "a@x.example", to: ["i@x.example"], cc: [], bcc: [], reply_to: [], ...more });

  it("sends a draft to those who stand in it, found where the call goes", () => {
    expect(said(estimate(callOf(draftLine), PRICED, []))).toBe("GET /inboxes/hi%40x.example/drafts/d_1?");
    const draft = found({ id: "d_1", to: many(2), cc: ["c@x.example"], bcc: [] });
    expect(of(draftLine, undefined, [draft])).toBe("usage 0.003");
    expect(of(draftLine, undefined, [found({ id: "d_1", to: null, cc: [], bcc: [] })])).toBe("usage 0");
    expect(of(draftLine, undefined, [found({ id: "d_1", to: [{ email: "a@x.example" }] })])).toBe("amount_unknown");
  });

  it.each<[string, unknown, LookUpAnswer, string]>([
    ["to the sender", { text: "x" }, email(), "usage 0.001"],
    ["with copies", { text: "x", cc: many(2), bcc: "b@x.example" }, email(), "usage 0.004"],
    ["to all whom it names for answers", { text: "x" }, email({ reply_to: many(3) }), "usage 0.003"],
    ["to those it was sent to, where the inbox sent it", { text: "x" }, email({ to: many(4) }), "usage 0.004"],
    [
      "to everybody",
      { text: "x", reply_all: true },
      email({ to: many(4), cc: many(2), reply_to: many(1) }),
      "usage 0.008",
    ],
    ["with lists that cannot be read", { text: "x" }, email({ cc: [1] }), "amount_unknown"],
  ])("answers a mail %s", (_, body, answer, expected) => {
    expect(of(replyLine, body)).toBe("GET /inboxes/i_1/threads/t_1/emails/e_1?");
    expect(of(replyLine, body, [answer])).toBe(expected);
  });

  it("forwards to those who are named", () => {
    const line = "POST /inboxes/i_1/threads/t_1/emails/e_1/forward";
    expect(of(line, { to: many(2), cc: "c@x.example" })).toBe("usage 0.003");
  });
});

describe("every operation", () => {
  it("that moves money is estimated, and everything else is nothing", () => {
    for (const operation of operations.operations) {
      const path = operation.path.replaceAll(/\{\w+\}/g, "x_1");
      const told = estimate(callOf(`${operation.method} ${path}`), pricing, []);
      if (operation.class !== "money") expect(told.kind, operation.name).toBe("nothing");
      if (told.kind === "refused") expect(told.refusal.message, operation.name).not.toContain("Nothing says");
      // A look-up is a read of the table.
      if (told.kind === "look_up")
        expect(operations.match("GET", told.path.slice(1).split("/"))?.operation.class, told.path).toBe("read");
    }
  });

  it("never throws, whatever the body and the vendor say", () => {
    const money = operations.operations.filter((each) => each.class === "money");
    const field = fc.constantFrom("to", "cc", "bcc", "send", "segment_id", "scheduled_at", "reply_all", "x");
    const body = fc.dictionary(field, fc.jsonValue(), { noNullPrototype: true });
    const answer = fc.record({ status: fc.constantFrom(0, 200, 404, 500), json: fc.jsonValue() });
    fc.assert(
      fc.property(fc.constantFrom(...money), body, fc.array(answer, { maxLength: 5 }), (operation, json, lookUps) => {
        const text = JSON.stringify(json);
        let call;
        try {
          call = callOf(`${operation.method} ${operation.path.replaceAll(/\{\w+\}/g, "x_1")}`, text);
        } catch {
          return; // what cannot be read has no estimate
        }
        estimate(call, pricing, lookUps);
      }),
    );
  });

  it("is never estimated below the addresses that anybody could find in it", () => {
    const address = fc.constantFrom(
      "a@x.example",
      "B <b@x.example>",
      "c@x.example,d@x.example",
      "e@x.example;f@x.example",
      "",
      " ",
    );
    const list = fc.oneof(address, fc.array(address, { maxLength: 5 }), fc.constant(null));
    fc.assert(
      fc.property(list, list, list, (to, cc, bcc) => {
        const told = estimate(callOf("POST /emails", { ...MAIL, to, cc, bcc }), pricing, []);
        const addresses = [to, cc, bcc].flat().flatMap((each) => (each ?? "").match(/@/g) ?? []).length;
        expect(told.kind === "money" ? told.exposure : null).toBe(1_000n * BigInt(addresses));
      }),
    );
  });
});
