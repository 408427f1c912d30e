import { checkConstraints } from "@keybrake/core";
import type { Constraints, VaultKey } from "@keybrake/core";
import { describe, expect, it } from "vitest";
import { keyOf } from "../stripe/test-support.ts";
import { constrained } from "./parameters.ts";
import { checkReach } from "./policy.ts";
import { callOf, MAIL } from "./test-support.ts";

const KEY: VaultKey = keyOf({ vendor: "resend" });

function many(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `a${index}@x.example`);
}

function reach(line: string, body?: unknown, headers?: Readonly<Record<string, string>>): string | null {
  const refused = checkReach(callOf(line, body, headers), KEY);
  return refused === null ? null : `${refused.code}: ${refused.message}`;
}

describe("checkReach", () => {
  it.each<[string, string, unknown]>([
    [
      "a mail with everything that the description has",
      "POST /emails",
      {
        ...MAIL,
        cc: ["a@x.example"],
        bcc: "b@x.example",
        reply_to: ["c@x.example"],
        html: "<p>",
        template: { id: "t_1", variables: { a: 1 } },
        headers: { "X-Entity-Ref-ID": "1" },
        scheduled_at: "2026-12-01T00:00:00Z",
        attachments: [{ filename: "a.pdf", path: "https://x.example/a.pdf", content_id: "a" }],
        tags: [{ name: "a", value: "b" }],
        topic_id: "t_1",
      },
    ],
    ["a batch", "POST /emails/batch", [MAIL, MAIL]],
    [
      "a new broadcast",
      "POST /broadcasts",
      { segment_id: "s_1", from: "a@x.example", subject: "x", html: "x", send: true },
    ],
    [
      "an answer to everybody",
      "POST /inboxes/i/threads/t/emails/e/reply",
      { text: "x", reply_all: true, headers: null },
    ],
    ["what only reads, whatever it asks", "GET /emails?anything=1", undefined],
    ["what is free, whatever it says", "POST /contacts", { email: "a@x.example", properties: { a: "1\n2" } }],
    ["text of several lines", "POST /emails", { ...MAIL, text: "a\r\nb", html: "<p>\n\t</p>" }],
    ["a file of any bytes", "POST /emails", { ...MAIL, attachments: [{ filename: "a", content: "a\n\u0000" }] }],
    ["letters of any script", "POST /emails", { ...MAIL, subject: "\u017b\u00f3\u0142w \u{1f469}\u200d\u{1f4bb}" }],
    ["as many addresses as there may be", "POST /emails", { ...MAIL, to: many(50), cc: many(60) }],
    ["an address as long as a line", "POST /emails", { ...MAIL, to: `${"a".repeat(986)} <a@x.example>`.slice(-998) }],
    [
      "a batch of as many in each",
      "POST /emails/batch",
      [
        { ...MAIL, to: many(50) },
        { ...MAIL, to: many(50) },
      ],
    ],
    ["a segment without a filter", "POST /segments", { name: "x" }],
  ])("lets through %s", (_, line, body) => {
    expect(reach(line, body)).toBeNull();
  });

  it.each<[string, string, unknown, string]>([
    ["a parameter that nobody knows", "POST /emails", { ...MAIL, audience: "s_1" }, '"audience"'],
    ["one that is written in another way", "POST /emails", { ...MAIL, To: "a@x.example" }, '"To"'],
    [
      "one in the second mail of a batch",
      "POST /emails/batch",
      [MAIL, { ...MAIL, send_to_all: true }],
      '"send_to_all"',
    ],
    ["sending by an update", "PATCH /broadcasts/b_1", { send: true }, '"send"'],
    ["a recipient for a draft that has its own", "POST /inboxes/i/drafts/d/send", { to: "a@x.example" }, '"to"'],
    ["recipients in the mail's own headers", "POST /emails", { ...MAIL, headers: { Bcc: "a@x.example" } }, '"Bcc"'],
    ["the same in another case", "POST /emails", { ...MAIL, headers: { "resent-TO": "a@x.example" } }, '"resent-TO"'],
    ["a segment that fills by itself", "POST /segments", { name: "x", filter: { a: 1 } }, "filter"],
    ["one that begins to", "PATCH /segments/s_1", { filter: {} }, "filter"],
    ["a sender in the mail's own headers", "POST /emails", { ...MAIL, headers: { From: "x@y.example" } }, '"From"'],
    ["the same in a batch", "POST /emails/batch", [{ ...MAIL, headers: { sender: "x@y.example" } }], '"sender"'],
  ])("refuses %s", (_, line, body, words) => {
    expect(reach(line, body)).toMatch(/^parameter_not_allowed: /);
    expect(reach(line, body)).toContain(words);
  });

  it.each<[string, string, unknown]>([
    ["a batch that is no list", "POST /emails/batch", MAIL],
    ["a batch of texts", "POST /emails/batch", ["a"]],
    ["a header with a line break", "POST /emails", { ...MAIL, headers: { "X-A": "b\r\nBcc: a@x.example" } }],
    ["a header whose name has a colon", "POST /emails", { ...MAIL, headers: { "X: a": "b" } }],
    ["a header with an escape", "POST /emails", { ...MAIL, headers: { "X-A": "\u001b[2J" } }],
    ["a subject of two lines", "POST /emails", { ...MAIL, subject: "s\r\nBcc: x@evil.example" }],
    ["a subject that a lenient reader splits", "POST /emails", { ...MAIL, subject: "s\u0085Bcc: x@evil.example" }],
    ["a subject with a line separator", "POST /emails", { ...MAIL, subject: "s\u2028x" }],
    ["a subject with a nothing", "POST /emails", { ...MAIL, subject: "s\u0000" }],
    ["a sender of two lines", "POST /emails", { ...MAIL, from: "A\r\nBcc: x@evil.example\r\n <a@good.example>" }],
    ["a recipient of two lines", "POST /emails", { ...MAIL, to: "a@x.example\nBcc: b@x.example" }],
    ["one of a list", "POST /emails", { ...MAIL, to: ["a@x.example", "b@x.example\n"] }],
    ["a copy of two lines", "POST /emails", { ...MAIL, cc: ["a@x.example\r"] }],
    ["an address for answers of two lines", "POST /emails", { ...MAIL, reply_to: "a@x.example\nBcc: b@x.example" }],
    ["a file name of two lines", "POST /emails", { ...MAIL, attachments: [{ filename: "a\r\nX: y", content: "" }] }],
    ["the same in the second mail of a batch", "POST /emails/batch", [MAIL, { ...MAIL, subject: "a\nb" }]],
    ["a broadcast's subject of two lines", "PATCH /broadcasts/b_1", { subject: "a\nb" }],
    ["a draft's, which is free and sent later", "POST /inboxes/i/drafts", { subject: "a\nBcc: x@evil.example" }],
    ["a template's", "POST /templates", { from: "a\nb" }],
    ["more recipients than there may be", "POST /emails", { ...MAIL, to: many(51) }],
    ["more in one text", "POST /emails", { ...MAIL, to: many(51).join() }],
    ["more in the second mail of a batch", "POST /emails/batch", [MAIL, { ...MAIL, to: many(51) }]],
    ["an address longer than a line", "POST /emails", { ...MAIL, bcc: "@".repeat(999) }],
    ["headers inside headers", "POST /emails", { ...MAIL, headers: { a: { Bcc: "a@x.example" } } }],
    ["headers as a list", "POST /emails", { ...MAIL, headers: ["Bcc: a@x.example"] }],
    ["headers as text", "POST /emails", { ...MAIL, headers: "Bcc: a@x.example" }],
  ])("refuses as unclear %s", (_, line, body) => {
    expect(reach(line, body)).toMatch(/^request_ambiguous: /);
  });

  it("knows two ways to validate a batch, and no third", () => {
    for (const mode of ["strict", "permissive"])
      expect(reach("POST /emails/batch", [MAIL], { "x-batch-validation": mode })).toBeNull();
    for (const mode of ["", "Permissive", "strict, permissive", "off"])
      expect(reach("POST /emails/batch", [MAIL], { "x-batch-validation": mode })).toMatch(/^request_ambiguous: /);
  });
});

describe("a sender's domain", () => {
  const constraints: Constraints = { "emails.*": { from: { domain_in: ["example.com"] } } };

  function judged(line: string, body: unknown): string | null {
    const call = callOf(line, body);
    const { method, segments } = call.request;
    const sets = constrained(call);
    return checkConstraints(constraints, { method, segments, match: call, sets })?.message ?? null;
  }

  it("is judged for one mail, and for each mail of a batch", () => {
    expect(judged("POST /emails", MAIL)).toBeNull();
    expect(judged("POST /emails", { ...MAIL, from: "a@evil.example" })).toContain("domain");
    expect(judged("POST /emails/batch", [MAIL, MAIL])).toBeNull();
    expect(judged("POST /emails/batch", [MAIL, { ...MAIL, from: "a@evil.example" }])).toContain("item 1");
    expect(judged("POST /emails/batch", [MAIL, {}])).toContain("missing");
    expect(judged("POST /emails/batch", [])).toContain("missing");
  });
});

it("turns away a request without a User-Agent, which Resend would answer with a page that says nothing", () => {
  const call = callOf("GET /emails");
  const headers = new Map(call.request.headers);
  headers.delete("user-agent");
  const refused = checkReach({ ...call, request: { ...call.request, headers } }, KEY);
  expect(refused?.code).toBe("request_ambiguous");
  expect(refused?.message).toContain("User-Agent");
});
