import { parsePriceCard } from "@keybrake/core";
import type { Estimate, Pricing } from "@keybrake/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimate } from "./estimate.ts";
import { operations } from "./operations.ts";
import {
  BATCH,
  callOf,
  CALLS,
  CHECKS,
  estimated,
  JSON_TYPE,
  MESSAGES,
  messagingList,
  moneyOf,
  PARTICIPANTS,
  pricingOf,
  VERIFICATIONS,
  voiceList,
} from "./test-support.ts";

const US = "+14155552671";
const ALASKA = "+19075551234";
const CANADA = "+16045551234";
const FRANCE = "+33612345678";
const TOLL_FREE = "+18005551234";
/** Guernsey or the United Kingdom. */
const GUERNSEY = "+447911123456";

type Form = Readonly<Record<string, string>>;

function message(form: Form, pricing: Pricing = pricingOf(), lists = {}): bigint {
  return moneyOf(callOf(MESSAGES, { From: "+15005550006", ...form }), pricing, lists).exposure;
}

function refusalOf(found: Estimate): { readonly code: string; readonly message: string } {
  if (found.kind !== "refused") throw new Error(`it was ${found.kind}`);
  return found.refusal;
}

function refusedMessage(form: Form, pricing: Pricing = pricingOf(), lists = {}): string {
  return refusalOf(estimated(callOf(MESSAGES, form), pricing, lists).estimate).code;
}

describe("a message to a number costs", () => {
  // The built-in card: $0.0083 a segment, and $0.0062 for the dearest network.
  it.each<[string, Form, bigint]>([
    ["its one part, and the network's fee", { To: US, Body: "Hello" }, 14_500n],
    ["one part also when it is empty", { To: US, Body: "" }, 14_500n],
    ["one more than its two parts", { To: US, Body: "a".repeat(161) }, 3n * 14_500n],
    ["one more than its two parts in UCS-2", { To: US, Body: "ж".repeat(71) }, 3n * 14_500n],
    ["as if it were not encoded smartly", { To: US, Body: "“".repeat(71), SmartEncoded: "true" }, 3n * 14_500n],
    [
      "what smart encoding makes of it where that is longer",
      { To: US, Body: `${"ж".repeat(68)}…`, SmartEncoded: "true" },
      3n * 14_500n,
    ],
    [
      "the same where a service may be set to it",
      { To: US, Body: `${"ж".repeat(68)}…`, MessagingServiceSid: "MG1" },
      3n * 14_500n,
    ],
    [
      "the same later as now",
      { To: US, Body: "Hello", ScheduleType: "fixed", SendAt: "2026-12-01T00:00:00Z" },
      14_500n,
    ],
    ["the same from a service", { To: US, Body: "Hello", From: "", MessagingServiceSid: "MG1" }, 14_500n],
  ])("%s", (_, form, expected) => {
    expect(message(form)).toBe(expected);
  });

  it("what its media costs, or the text with a link to it: the dearer of the two", () => {
    const pricing = pricingOf({ "messages.create": { carrier_fee_mms: { US: "0.01" } } });
    expect(message({ To: US, Body: "Look", MediaUrl: "https://a.example/1.jpg" }, pricing)).toBe(32_000n);
    expect(message({ To: US, Body: "a".repeat(600), SendAsMms: "true" }, pricing)).toBe(5n * 14_500n);
    // One part with a link in it is two, and the margin.
    expect(message({ To: US, Body: "a".repeat(100), MediaUrl: "https://a.example/1.jpg" }, pricing)).toBe(43_500n);
  });

  it("nothing that is known, where nobody says what its media costs", () => {
    expect(refusedMessage({ To: US, MediaUrl: "https://a.example/1.jpg" })).toBe("price_unknown");
  });

  it("what it says to people", () => {
    expect(moneyOf(callOf(MESSAGES, { To: US, Body: "Hello" })).basis).toEqual([
      "1 segment (GSM-7) to the United States at $0.0083 by the built-in card of 2026-11-09, and 1 carrier fee at $0.0062 by the built-in card of 2026-07-05: $0.0145.",
    ]);
  });
});

describe("the price of a message is", () => {
  const list = { "/pricing/v1/Messaging/Countries/FR": messagingList("FR", [["0.07", "0.0745"], ["0.0711"]]) };

  it("that of Twilio's list, the dearest of carriers and senders", () => {
    const { estimate: found, asked } = estimated(callOf(MESSAGES, { To: FRANCE, Body: "Salut" }), pricingOf(), list);
    expect(found).toMatchObject({ kind: "money", exposure: 74_500n, direction: "usage" });
    expect(asked).toEqual(["/pricing/v1/Messaging/Countries/FR"]);
  });

  it("a question that may stay without an answer, and whose answer is kept for a day", () => {
    expect(estimate(callOf(MESSAGES, { To: FRANCE }), pricingOf(), [])).toEqual({
      kind: "look_up",
      path: "/pricing/v1/Messaging/Countries/FR",
      query: "",
      cache: { freshMs: 86_400_000, staleMs: 604_800_000 },
      optional: true,
    });
  });

  it("that of the file, which wins and asks nobody", () => {
    const file = pricingOf({ "messages.create": { sms_segment: { FR: "0.05" } } });
    const { estimate: found, asked } = estimated(callOf(MESSAGES, { To: FRANCE }), file, list);
    expect(found).toMatchObject({ kind: "money", exposure: 50_000n });
    expect(asked).toEqual([]);
  });

  it("that of the card only where neither says anything", () => {
    const us = { "/pricing/v1/Messaging/Countries/US": messagingList("US", [["0.0079"]]) };
    expect(message({ To: US }, pricingOf(), us)).toBe(7_900n + 6_200n);
    expect(message({ To: US }, pricingOf(), {})).toBe(14_500n);
  });

  it("unknown where a list cannot be read, because the card may say less", () => {
    const broken = messagingList("US", [["0.0079", "many"]]);
    expect(refusedMessage({ To: US }, pricingOf(), { "/pricing/v1/Messaging/Countries/US": broken })).toBe(
      "price_unknown",
    );
  });

  it("unknown in a country of which nobody says anything, with what to write and where", () => {
    const found = refusalOf(estimated(callOf(MESSAGES, { To: FRANCE }), pricingOf()).estimate);
    expect(found).toMatchObject({
      code: "price_unknown",
      facts: { operation: "messages.create", unit: "sms_segment", qualifier: "FR" },
    });
    const [, file = ""] = /"keybrake prices refresh": (.*)\.$/.exec(found.message) ?? [];
    const filled = file.replace('"..."', '"0.08"');
    expect(parsePriceCard(JSON.parse(filled)).ok, filled).toBe(true);
    expect(filled).toContain('{"messages.create": {"sms_segment": {"FR": "0.08"}}}');
  });

  it("the dearest of the countries that a number may be in", () => {
    const file = pricingOf({ "messages.create": { sms_segment: { GB: "0.04", GG: "0.09" } } });
    expect(message({ To: GUERNSEY }, file)).toBe(90_000n);
    const lists = {
      "/pricing/v1/Messaging/Countries/GB": messagingList("GB", [["0.04"]]),
      "/pricing/v1/Messaging/Countries/GG": messagingList("GG", [["0.05"]]),
    };
    expect(message({ To: GUERNSEY }, pricingOf(), lists)).toBe(50_000n);
    expect(refusedMessage({ To: GUERNSEY }, pricingOf({ "messages.create": { sms_segment: { GB: "0.04" } } }))).toBe(
      "price_unknown",
    );
  });

  it("not asked for in more countries than the gateway asks, as for a toll-free number", () => {
    const { estimate: found, asked } = estimated(callOf(MESSAGES, { To: TOLL_FREE }), pricingOf());
    expect(refusalOf(found).code).toBe("price_unknown");
    expect(asked).toEqual([]);
    const file = pricingOf({ "messages.create": { sms_segment: { "1800": "0.02" }, carrier_fee_segment: "0.01" } });
    expect(message({ To: TOLL_FREE }, file)).toBe(30_000n);
  });

  it("unknown without the network's fee in Canada and the United States, and without one elsewhere", () => {
    const ca = { "/pricing/v1/Messaging/Countries/CA": messagingList("CA", [["0.008"]]) };
    expect(refusedMessage({ To: CANADA }, pricingOf(), ca)).toBe("price_unknown");
    const file = pricingOf({ "messages.create": { carrier_fee_segment: { CA: "0.0085" } } });
    expect(message({ To: CANADA }, file, ca)).toBe(16_500n);
    const everywhere = pricingOf({ "messages.create": { carrier_fee_segment: { FR: "0.01" } } });
    expect(message({ To: FRANCE }, everywhere, list)).toBe(84_500n);
  });

  it("with a check of its risk, where that has a price and is not switched off", () => {
    const file = pricingOf({ "messages.create": { sms_segment: { FR: "0.05" }, risk_check: "0.02" } });
    expect(message({ To: FRANCE }, file)).toBe(70_000n);
    expect(message({ To: FRANCE, RiskCheck: "disable" }, file)).toBe(50_000n);
  });

  it("that of a rich message too, where a service may send one", () => {
    const file = pricingOf({ "messages.create": { sms_segment: { FR: "0.05" }, rcs_message: { FR: "0.2" } } });
    expect(message({ To: FRANCE, From: "", MessagingServiceSid: "MG1" }, file)).toBe(200_000n);
    expect(message({ To: FRANCE, MessagingServiceSid: "MG1" }, file)).toBe(50_000n);
    expect(refusedMessage({ To: US, MessagingServiceSid: "MG1", FallbackFrom: "+15005550006" })).toBe("price_unknown");
  });
});

describe("a message over a channel", () => {
  it("costs what the file says of the channel and the country", () => {
    const file = pricingOf({ "messages.create": { whatsapp_message: { US: "0.03", "*": "0.11" } } });
    expect(message({ To: `whatsapp:${US}`, From: "whatsapp:+15005550006", Body: "a".repeat(1600) }, file)).toBe(
      30_000n,
    );
    expect(message({ To: `whatsapp:${FRANCE}`, From: "whatsapp:+15005550006" }, file)).toBe(110_000n);
    expect(message({ To: US, From: "whatsapp:+15005550006" }, file)).toBe(30_000n);
  });

  const both = (rcs: string, sms: string, parts = "0") =>
    pricingOf({
      "messages.create": { rcs_message: rcs, whatsapp_message: rcs, sms_segment: sms, carrier_fee_segment: parts },
    });

  it.each<[string, Form]>([
    ["from a sender of rich messages", { From: "rcs:brand" }],
    ["to a receiver of rich messages", { To: `rcs:${US}`, From: "+15005550006" }],
    ["to one from a service", { To: `rcs:${US}`, From: "", MessagingServiceSid: "MG1" }],
    ["to one from a service that stands in From", { To: `rcs:${US}`, From: `MG${"0".repeat(32)}` }],
    ["with somebody to fall back to", { To: `whatsapp:${US}`, From: "whatsapp:+15005550006", FallbackFrom: "+1500" }],
    ["over WhatsApp from a service", { To: `whatsapp:${US}`, From: "", MessagingServiceSid: "MG1" }],
  ])("may be sent as a text %s: the dearer counts, and both have a price", (_, form) => {
    const sent = { To: US, From: "rcs:brand", Body: "a".repeat(300), ...form };
    expect(message(sent, both("0.5", "0.01"))).toBe(500_000n);
    expect(message(sent, both("0.005", "0.01"))).toBe(30_000n);
    expect(message(sent, both("0.005", "0.01", "0.02"))).toBe(90_000n);
    const channelOnly = pricingOf({
      "messages.create": { rcs_message: "0.5", whatsapp_message: "0.5", sms_segment: { US: null } },
    });
    expect(refusedMessage(sent, channelOnly)).toBe("price_unknown");
    expect(refusedMessage(sent)).toBe("price_unknown");
  });

  it("asks for the list of texts where one may be sent", () => {
    const file = pricingOf({ "messages.create": { rcs_message: "0.01" } });
    const lists = { "/pricing/v1/Messaging/Countries/FR": messagingList("FR", [["0.07"]]) };
    const call = callOf(MESSAGES, { To: `rcs:${FRANCE}`, From: "rcs:brand", Body: "a" });
    expect(estimated(call, file, lists)).toMatchObject({
      estimate: { exposure: 70_000n },
      asked: ["/pricing/v1/Messaging/Countries/FR"],
    });
  });

  it("that its sender and its receiver say differently costs the dearer of both", () => {
    const file = pricingOf({ "messages.create": { whatsapp_message: "0.03", viber_message: "0.2" } });
    expect(message({ To: `whatsapp:${US}`, From: "viber:1" }, file)).toBe(200_000n);
  });

  it("is not taken for a text because its sender is written in another way", () => {
    expect(refusedMessage({ To: US, From: "RCS:brand" })).toBe("request_ambiguous");
    expect(refusedMessage({ To: US, From: " whatsapp:+15005550006" })).toBe("request_ambiguous");
  });

  it("has its price by E.164 alone, whatever stands beside *", () => {
    const file = pricingOf({
      "messages.create": { whatsapp_message: { US: "0.3", "*": "0.01" }, messenger_message: { "*": "0.02" } },
    });
    for (const to of ["4155552671", "+1 415 555 2671", "+1-415-555-2671", "1", "", " +14155552671", "whatsapp:+1415"]) {
      const found = refusalOf(estimated(callOf(MESSAGES, { To: `whatsapp:${to}`, From: "" }), file).estimate);
      expect([to, found.code]).toEqual([to, "amount_unknown"]);
      if (to !== "") expect(found.message).toContain("Write it as E.164");
    }
    expect(message({ To: `whatsapp:${US}`, From: "" }, file)).toBe(300_000n);
    expect(message({ To: `whatsapp:${FRANCE}`, From: "" }, file)).toBe(10_000n);
    // A user of Messenger has no number.
    expect(message({ To: "messenger:12345", From: "messenger:1" }, file)).toBe(20_000n);
  });

  it("is refused where nobody says it", () => {
    expect(refusedMessage({ To: `whatsapp:${US}` })).toBe("price_unknown");
    expect(refusedMessage({ To: "messenger:12345" })).toBe("price_unknown");
    expect(refusedMessage({ To: US, From: "rcs:brand" })).toBe("price_unknown");
  });
});

describe("a message is refused whose receiver", () => {
  it.each([
    ["is missing", {}, "amount_unknown"],
    ["is written as at home", { To: "(415) 555-2671" }, "amount_unknown"],
    ["has spaces", { To: "+1 415 555 2671" }, "amount_unknown"],
    ["is a short code", { To: "12345" }, "amount_unknown"],
    ["is in capital letters", { To: `WHATSAPP:${US}` }, "amount_unknown"],
    ["has a code of no country", { To: "+999123456789" }, "price_unknown"],
  ] as const)("%s", (_, form, code) => {
    expect(refusedMessage(form)).toBe(code);
  });

  it("lost its plus on the way, with what to do", () => {
    const found = estimated(callOf(MESSAGES, "To=+14155552671"), pricingOf()).estimate;
    expect(refusalOf(found).message).toContain("written %2B");
  });
});

describe("nothing bounds a message, but what is known of it,", () => {
  const open = (form: Form, pricing: Pricing = pricingOf(), lists = {}) =>
    estimated(callOf(MESSAGES, { To: US, From: "+15005550006", ...form }), pricing, lists).estimate;
  const SHORTENED = { ShortenUrls: "true" };

  it("whose text is a template: one part of it", () => {
    expect(open({ ContentSid: "HX1" })).toEqual({
      kind: "unbounded",
      direction: "usage",
      why: "the text of a content template is not in the request",
      atLeast: 14_500n,
    });
  });

  it("whose links are shortened: its text", () => {
    expect(open({ ...SHORTENED, Body: "a".repeat(161) })).toMatchObject({ kind: "unbounded", atLeast: 3n * 14_500n });
    expect(open({ ShortenUrls: "false", Body: "a" })).toMatchObject({ kind: "money" });
  });

  it.each([[{ ContentSid: "HX1" }], [SHORTENED]])("%j: its receiver and its price are asked for as ever", (form) => {
    expect(refusalOf(open({ ...form, To: "" })).code).toBe("amount_unknown");
    expect(refusalOf(open({ ...form, To: "4155552671" })).code).toBe("amount_unknown");
    expect(refusalOf(open({ ...form, To: FRANCE })).code).toBe("price_unknown");
    expect(refusalOf(open({ ...form, To: `whatsapp:${US}` })).code).toBe("price_unknown");
    const path = "/pricing/v1/Messaging/Countries/FR";
    expect(estimate(callOf(MESSAGES, { To: FRANCE, ...form }), pricingOf(), [])).toMatchObject({
      kind: "look_up",
      path,
    });
    expect(open({ ...form, To: FRANCE }, pricingOf(), { [path]: messagingList("FR", [["0.07"]]) })).toMatchObject({
      kind: "unbounded",
      atLeast: 70_000n,
    });
    const none = pricingOf({ "messages.create": { sms_segment: { US: null, "*": "0.01" } } });
    expect(refusalOf(open(form, none)).code).toBe("price_unknown");
  });
});

describe("a call costs", () => {
  const SAY = "<Response><Say>Hello</Say></Response>";
  const leg = (form: Form, pricing: Pricing = pricingOf(), lists = {}) =>
    moneyOf(callOf(CALLS, { From: "+15005550006", Twiml: SAY, ...form }), pricing, lists);

  it("its begun minutes", () => {
    expect(leg({ To: US, TimeLimit: "60" }).exposure).toBe(14_000n);
    expect(leg({ To: US, TimeLimit: "61" }).exposure).toBe(28_000n);
    expect(leg({ To: US, TimeLimit: "14400" }).exposure).toBe(240n * 14_000n);
  });

  it("an hour where it does not say, which is then added", () => {
    expect(leg({ To: US })).toMatchObject({ exposure: 840_000n, inject: [["TimeLimit", "3600"]] });
    expect(leg({ To: US, TimeLimit: "3600" })).not.toHaveProperty("inject");
  });

  it("the dearest of Twilio's prefixes that fit, whatever number calls", () => {
    const lists = {
      "/pricing/v2/Voice/Countries/FR": voiceList("FR", [
        ["0.019", ["33"]],
        ["0.048", ["336", "337"]],
        ["0.3", ["336"], ["30", "31"]],
        ["0.9", ["339"]],
      ]),
    };
    expect(leg({ To: FRANCE, TimeLimit: "60" }, pricingOf(), lists).exposure).toBe(300_000n);
    expect(leg({ To: "+33123456789", TimeLimit: "60" }, pricingOf(), lists).exposure).toBe(19_000n);
  });

  it("nothing that is known in Alaska, of which the card says that it is dearer", () => {
    const found = estimated(callOf(CALLS, { To: ALASKA, Twiml: SAY }), pricingOf()).estimate;
    expect(refusalOf(found).code).toBe("price_unknown");
    const lists = {
      "/pricing/v2/Voice/Countries/US": voiceList("US", [
        ["0.013", ["1"]],
        ["0.09", ["1907"]],
      ]),
    };
    expect(leg({ To: ALASKA, TimeLimit: "60" }, pricingOf(), lists).exposure).toBe(90_000n);
  });

  it.each<[string, Form, Record<string, string>, bigint]>([
    ["its recording", { Record: "true" }, { recording_minute: "0.0025" }, 2n * 16_500n],
    ["the detection of machines", { MachineDetection: "Enable" }, { machine_detection: "0.0075" }, 35_500n],
    ["its reason shown", { CallReason: "Your order" }, { call_reason: "0.1" }, 128_000n],
    [
      "speech, where that has a price",
      { Twiml: `<Response><Say loop="2">${"a".repeat(101)}</Say></Response>` },
      { tts: "0.001" },
      32_000n,
    ],
  ])("and %s", (_, form, prices, expected) => {
    const call = callOf(CALLS, { To: US, TimeLimit: "120", ...form });
    expect(moneyOf(call, pricingOf({ "calls.create": prices })).exposure).toBe(expected);
    if (!("tts" in prices)) expect(refusalOf(estimated(call, pricingOf()).estimate).code).toBe("price_unknown");
  });

  it("what the file says of another carrier, of clients and of SIP", () => {
    const file = pricingOf({ "calls.create": { byoc_minute: "0.004", minute: { client: "0.004", sip: "0.005" } } });
    expect(leg({ To: US, TimeLimit: "60", Byoc: "BY1" }, file).exposure).toBe(4_000n);
    expect(leg({ To: "client:alice", TimeLimit: "60" }, file).exposure).toBe(4_000n);
    expect(leg({ To: "sip:a@b.example", TimeLimit: "60" }, file).exposure).toBe(5_000n);
    const found = estimated(callOf(CALLS, { To: "client:alice", Twiml: SAY }), pricingOf()).estimate;
    expect(refusalOf(found)).toMatchObject({ code: "price_unknown", facts: { qualifier: "client" } });
  });

  it.each([
    ["Url", { Url: "https://a.example/twiml", Twiml: SAY }],
    ["FallbackUrl", { Twiml: SAY, FallbackUrl: "https://a.example/twiml" }],
    ["ApplicationSid", { ApplicationSid: "AP1" }],
    ["RecordingConfigurationId", { RecordingConfigurationId: "x" }],
    ["TwiML that dials", { Twiml: "<Response><Dial>+15005550006</Dial></Response>" }],
  ])("what nothing bounds with %s, but its own leg", (_, form) => {
    const open = (more: Form, pricing: Pricing = pricingOf(), lists = {}) =>
      estimated(callOf(CALLS, { To: US, ...form, ...more }), pricing, lists).estimate;
    expect(open({})).toEqual({
      kind: "unbounded",
      direction: "usage",
      why: expect.any(String) as string,
      atLeast: 840_000n,
      inject: [["TimeLimit", "3600"]],
    });
    expect(open({ TimeLimit: "86400" })).toMatchObject({ kind: "unbounded", atLeast: 1_440n * 14_000n });
    expect(open({ TimeLimit: "60" })).not.toHaveProperty("inject");
    expect(refusalOf(open({ TimeLimit: "86401" })).code).toBe("amount_unknown");
    expect(refusalOf(open({ To: "4155552671" })).code).toBe("amount_unknown");
    expect(refusalOf(open({ To: ALASKA })).code).toBe("price_unknown");
    expect(refusalOf(open({ To: FRANCE })).code).toBe("price_unknown");
    const lists = { "/pricing/v2/Voice/Countries/FR": voiceList("FR", [["0.05", ["336"]]]) };
    expect(open({ To: FRANCE, TimeLimit: "60" }, pricingOf(), lists)).toMatchObject({ atLeast: 50_000n });
    expect(refusalOf(open({ Record: "true" })).code).toBe("price_unknown");
    const none = pricingOf({ "calls.create": { minute: { US: null, "*": "0.01" } } });
    expect(refusalOf(open({}, none)).code).toBe("price_unknown");
  });

  it("what nothing bounds with a SIP address at Twilio, where a call to one has a price", () => {
    const call = callOf(CALLS, { To: "sip:a@x.pstn.twilio.com", Twiml: SAY, TimeLimit: "60" });
    expect(refusalOf(estimated(call, pricingOf()).estimate).code).toBe("price_unknown");
    const file = pricingOf({ "calls.create": { minute: { sip: "0.004" } } });
    expect(estimated(call, file).estimate).toMatchObject({ kind: "unbounded", atLeast: 4_000n });
  });

  it("what nothing bounds where speech has a price and never ends", () => {
    const call = callOf(CALLS, { To: US, Twiml: '<Response><Say loop="0">Hello</Say></Response>' });
    expect(estimated(call, pricingOf({ "calls.create": { tts: "0.001" } })).estimate).toMatchObject({
      kind: "unbounded",
      atLeast: 841_000n,
      inject: [["TimeLimit", "3600"]],
    });
    const none = pricingOf({ "calls.create": { tts: { US: null } } });
    expect(refusalOf(estimated(call, none).estimate).code).toBe("price_unknown");
    expect(estimated(call, pricingOf()).estimate.kind).toBe("money");
  });

  it.each([
    ["0", "request_ambiguous"],
    ["", "request_ambiguous"],
    ["60s", "request_ambiguous"],
    ["1e3", "request_ambiguous"],
    ["-1", "request_ambiguous"],
    ["86401", "amount_unknown"],
  ])("nothing with TimeLimit=%s, which is refused", (limit, code) => {
    expect(refusalOf(estimated(callOf(CALLS, { To: US, TimeLimit: limit }), pricingOf()).estimate).code).toBe(code);
  });
});

describe("one more participant of a conference costs", () => {
  const join = (form: Form, pricing: Pricing = pricingOf()) =>
    estimated(callOf(PARTICIPANTS, { From: "+15005550006", To: US, ...form }), pricing).estimate;

  it("what a call does, and the conference where that has a price", () => {
    expect(join({ TimeLimit: "120" })).toMatchObject({ kind: "money", exposure: 28_000n });
    expect(join({})).toMatchObject({ exposure: 840_000n, inject: [["TimeLimit", "3600"]] });
    const file = pricingOf({
      "conferences.participants.create": { conference_minute: "0.0018" },
      "calls.create": { recording_minute: "0.0025" },
    });
    expect(join({ TimeLimit: "60", Record: "true" }, file)).toMatchObject({ exposure: 18_300n });
  });

  it.each([
    ["music from elsewhere", { WaitUrl: "https://a.example/" }],
    ["a recording of everybody", { ConferenceRecord: "record-from-start" }],
  ])("what nothing bounds with %s", (_, form) => {
    expect(join(form)).toMatchObject({ kind: "unbounded", atLeast: 840_000n, inject: [["TimeLimit", "3600"]] });
  });

  it("what nothing bounds with an application, where a call to one has a price", () => {
    expect(refusalOf(join({ To: "app:AP1" }))).toMatchObject({ code: "price_unknown", facts: { qualifier: "app" } });
    const file = pricingOf({ "calls.create": { minute: { app: "0.004" } } });
    expect(join({ To: "app:AP1", TimeLimit: "60" }, file)).toMatchObject({ kind: "unbounded", atLeast: 4_000n });
  });
});

describe("a verification costs", () => {
  const file = pricingOf({
    "verify.verifications.create": {
      attempt: { "sms:US": "0.0083", sms: "0.1", call: "0.2", whatsapp: "0.3", sna: "0.01", rcs: "0.4", email: "0" },
    },
    "verify.verification_checks.create": { success: "0.05" },
  });
  const attempt = (form: Form, pricing: Pricing = file) => estimated(callOf(VERIFICATIONS, form), pricing).estimate;

  it("its attempt, by channel and country", () => {
    expect(attempt({ To: US, Channel: "sms" })).toMatchObject({ kind: "money", exposure: 8_300n });
    expect(attempt({ To: FRANCE, Channel: "sms" })).toMatchObject({ exposure: 100_000n });
    expect(attempt({ To: "a@b.example", Channel: "email" })).toMatchObject({ kind: "money", exposure: 0n });
    expect(attempt({ To: US, Channel: "auto" })).toMatchObject({ exposure: 400_000n });
    expect(attempt({ To: US, Channel: "sms", CustomMessage: "a".repeat(161) })).toMatchObject({
      exposure: 4n * 8_300n,
    });
  });

  it("nothing that is known without a price", () => {
    expect(refusalOf(attempt({ To: US, Channel: "sms" }, pricingOf()))).toMatchObject({
      code: "price_unknown",
      facts: { operation: "verify.verifications.create", unit: "attempt", qualifier: "sms" },
    });
    expect(refusalOf(attempt({ To: US, Channel: "SMS" })).code).toBe("request_ambiguous");
    expect(refusalOf(attempt({ To: US })).code).toBe("request_ambiguous");
    expect(refusalOf(attempt({ To: "4155552671", Channel: "sms" })).code).toBe("amount_unknown");
  });

  it("its success, with the check of a code or by hand", () => {
    const check = estimated(callOf(CHECKS, { To: US, Code: "123456" }), file).estimate;
    expect(check).toMatchObject({ kind: "money", exposure: 50_000n });
    const update = (status: string) =>
      estimated(callOf(`${VERIFICATIONS}/VE${"e".repeat(32)}`, { Status: status }), file).estimate;
    expect(update("approved")).toMatchObject({ kind: "money", exposure: 50_000n });
    expect(update("canceled")).toEqual({ kind: "nothing" });
    const success = (form: Form, prices: Readonly<Record<string, string>>) =>
      estimated(
        callOf(CHECKS, { Code: "123456", ...form }),
        pricingOf({ "verify.verification_checks.create": { success: prices } }),
      ).estimate;
    const byCountry = { US: "0.05", FR: "0.2", "*": "0.01" };
    expect(success({ To: US }, byCountry)).toMatchObject({ exposure: 50_000n });
    expect(success({ VerificationSid: "VE1" }, byCountry)).toMatchObject({ exposure: 200_000n });
    expect(success({ To: "a@b.example" }, byCountry)).toMatchObject({ exposure: 200_000n });
    expect(refusalOf(success({ To: "4155552671" }, byCountry)).code).toBe("amount_unknown");
    expect(refusalOf(success({ VerificationSid: "VE1" }, { US: "0.05" })).code).toBe("price_unknown");
    expect(refusalOf(estimated(callOf(CHECKS, { To: US, Code: "1" }), pricingOf()).estimate).code).toBe(
      "price_unknown",
    );
  });
});

describe("a look-up costs", () => {
  const file = pricingOf({
    "lookups.phone_numbers.fetch": { sim_swap: { US: "0.01", "*": "0.1" }, caller_name: { US: "0.02" } },
    "lookups.v1.phone_numbers.fetch": { carrier: "0.005", "caller-name": "0.01" },
  });
  const look = (line: string, pricing: Pricing = file) => estimated(callOf(line), pricing).estimate;
  const one = "GET /lookups/v2/PhoneNumbers/+14155552671";

  it("each package that Fields names, and nothing without one", () => {
    expect(look(one)).toEqual({ kind: "nothing" });
    expect(look(`${one}?Fields=validation`)).toEqual({ kind: "nothing" });
    expect(look(`${one}?Fields=sim_swap%2Ccaller_name,validation`)).toMatchObject({ kind: "money", exposure: 30_000n });
    expect(look(`GET /lookups/v2/PhoneNumbers/${FRANCE}?Fields=sim_swap`)).toMatchObject({ exposure: 100_000n });
  });

  it.each([
    ["4155552671", ""],
    ["4155552671", "&CountryCode=US"],
    ["4155552671", "&CountryCode=us"],
    [US, "&CountryCode=US"],
    ["%2B1%20415%20555%202671", ""],
    ["+1(415)5552671", ""],
    ["whatsapp:+14155552671", ""],
  ])("nothing that is known of %s%s, unless nothing is bought", (number, more) => {
    const dear = (line: string) => refusalOf(look(line));
    const v2 = `GET /lookups/v2/PhoneNumbers/${number}?Fields=`;
    expect(look(`${v2}validation${more}`)).toEqual({ kind: "nothing" });
    expect(dear(`${v2}sim_swap${more}`).code).toBe("amount_unknown");
    expect(dear(`${v2}sim_swap${more}`).message).toContain("E.164");
    const v1 = `GET /lookups/v1/PhoneNumbers/${number}?`;
    expect(dear(`${v1}Type=carrier${more}`).code).toBe("amount_unknown");
    expect(dear(`${v1}AddOns=whitepages${more}`).code).toBe("amount_unknown");
  });

  it("nothing that is known of a number of no country", () => {
    expect(refusalOf(look("GET /lookups/v2/PhoneNumbers/+999123456789?Fields=sim_swap")).code).toBe("price_unknown");
  });

  it("nothing that is known of a package without a price, or that is none", () => {
    expect(refusalOf(look(`${one}?Fields=pre_fill`))).toMatchObject({
      code: "price_unknown",
      facts: { operation: "lookups.phone_numbers.fetch", unit: "pre_fill", qualifier: "US" },
    });
    expect(refusalOf(look(`${one}?Fields=SIM_SWAP`)).code).toBe("request_ambiguous");
  });

  it("each Type of the old version; an add-on is unbounded", () => {
    const old = "GET /lookups/v1/PhoneNumbers/+14155552671";
    expect(look(old)).toEqual({ kind: "nothing" });
    expect(look(`${old}?Type=carrier&Type=caller-name`)).toMatchObject({ kind: "money", exposure: 15_000n });
    expect(look(`${old}?AddOns=whitepages`)).toMatchObject({ kind: "unbounded" });
    expect(look(`${old}?AddOns=whitepages&Type=carrier`)).toMatchObject({ kind: "unbounded", atLeast: 5_000n });
    expect(refusalOf(look(`${old}?AddOns=whitepages&Type=other`)).code).toBe("price_unknown");
  });

  it("all numbers of a batch together", () => {
    const batch = (json: object) => estimated(callOf(BATCH, JSON.stringify(json), JSON_TYPE), file).estimate;
    expect(
      batch({
        phone_numbers: [
          { phone_number: US, fields: ["sim_swap", "caller_name"] },
          { phone_number: FRANCE, fields: ["sim_swap"] },
          { phone_number: US, fields: [] },
        ],
      }),
    ).toMatchObject({ kind: "money", exposure: 130_000n });
    const spelt = { phoneNumbers: [{ phoneNumber: US, fields: ["sim_swap"] }] };
    expect(batch(spelt)).toMatchObject({ kind: "money", exposure: 10_000n });
    expect(batch({ ...spelt, phone_numbers: [{ phone_number: US, fields: ["sim_swap"] }] })).toMatchObject({
      exposure: 20_000n,
    });
    expect(batch({ phone_numbers: [] })).toEqual({ kind: "nothing" });
    for (const number of [
      { phone_number: "4155552671" },
      { phone_number: "4155552671", country_code: "US" },
      { phone_number: US, country_code: "US" },
      { phoneNumber: US, countryCode: "us" },
      {},
    ])
      expect(refusalOf(batch({ phone_numbers: [{ ...number, fields: ["sim_swap"] }] })).code).toBe("amount_unknown");
    expect(refusalOf(batch({ phone_numbers: US })).code).toBe("request_ambiguous");
    expect(refusalOf(batch({ phone_numbers: [{ phone_number: US, phoneNumber: FRANCE }] })).code).toBe(
      "request_ambiguous",
    );
  });
});

describe("whatever comes", () => {
  const money = operations.operations.filter((operation) => operation.class === "money");
  const names = [
    "To",
    "From",
    "Body",
    "MediaUrl",
    "MediaUrl[0]",
    "MediaUrl[1]",
    "Twiml",
    "TimeLimit",
    "Url",
    "Channel",
    "Fields",
    "Type",
    "Record",
    "SendAsMms",
    "Code",
    "Status",
    "CustomMessage",
    "phone_numbers[0][fields][0]",
    "phone_numbers[0][phone_number]",
  ];
  const value = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      US,
      FRANCE,
      TOLL_FREE,
      `whatsapp:${US}`,
      "sms",
      "auto",
      "true",
      "60",
      "999999999",
      "sim_swap,carrier",
    ),
    fc.constantFrom("client:a", "sip:a@b", "approved", "<Response/>", "<Response><Say loop='999'>a</Say></Response>"),
  );
  const parameters = fc.dictionary(fc.constantFrom(...names), value);
  const generous = pricingOf(
    Object.fromEntries(
      money.map(({ name }) => [
        name,
        Object.fromEntries(
          [
            "sms_segment",
            "mms",
            "carrier_fee_segment",
            "carrier_fee_mms",
            "whatsapp_message",
            "minute",
            "attempt",
            "success",
            "sim_swap",
            "carrier",
            "recording_minute",
            "tts",
          ].map((unit) => [unit, "1000000"]),
        ),
      ]),
    ),
  );

  it("an estimate never throws, and is never negative", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...money),
        parameters,
        fc.boolean(),
        fc.array(fc.jsonValue(), { maxLength: 6 }),
        (operation, sent, isRich, lists) => {
          const call = {
            ...callOf(MESSAGES),
            operation,
            pathParameters: { PhoneNumber: sent["To"] ?? "" },
            parameters: new Map(Object.entries(sent)),
          };
          const found = estimate(
            call,
            isRich ? generous : pricingOf(),
            lists.map((json) => ({ status: 200, json })),
          );
          if (found.kind === "money") expect(found.exposure).toBeGreaterThanOrEqual(0n);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("a longer text or a longer call never costs less", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 400 }), fc.string({ maxLength: 400 }), (body, more) => {
        expect(message({ To: US, Body: body + more })).toBeGreaterThanOrEqual(message({ To: US, Body: body }));
      }),
    );
    const leg = (seconds: number): bigint => moneyOf(callOf(CALLS, { To: US, TimeLimit: String(seconds) })).exposure;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400 }), fc.integer({ min: 1, max: 86_400 }), (one, other) => {
        expect(leg(Math.max(one, other))).toBeGreaterThanOrEqual(leg(Math.min(one, other)));
      }),
    );
  });
});
