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

  it("is refused where nobody says it", () => {
    expect(refusedMessage({ To: `whatsapp:${US}` })).toBe("price_unknown");
    expect(refusedMessage({ To: "messenger:12345" })).toBe("price_unknown");
    expect(refusedMessage({ To: US, From: "rcs:brand" })).toBe("price_unknown");
  });
});

describe("a message is refused whose receiver", () => {
  it.each([
    ["is missing", {}, "amount_unknown"],
    ["is written as at home", { To: "(415) 555-2671" }, "request_ambiguous"],
    ["has spaces", { To: "+1 415 555 2671" }, "request_ambiguous"],
    ["is a short code", { To: "12345" }, "request_ambiguous"],
    ["is in capital letters", { To: `WHATSAPP:${US}` }, "request_ambiguous"],
    ["has a code of no country", { To: "+999123456789" }, "price_unknown"],
  ] as const)("%s", (_, form, code) => {
    expect(refusedMessage(form)).toBe(code);
  });

  it("lost its plus on the way, with what to do", () => {
    const found = estimated(callOf(MESSAGES, "To=+14155552671"), pricingOf()).estimate;
    expect(refusalOf(found).message).toContain("written %2B");
  });
});

describe("nothing bounds a message", () => {
  it.each([
    ["whose text is a template", { To: US, ContentSid: "HX1" }],
    ["whose links are shortened", { To: US, Body: "https://a.example", ShortenUrls: "true" }],
  ])("%s", (_, form) => {
    expect(estimated(callOf(MESSAGES, form), pricingOf()).estimate).toMatchObject({
      kind: "unbounded",
      direction: "usage",
    });
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
    ["a SIP address at Twilio", { To: "sip:a@x.pstn.twilio.com" }],
  ])("what nothing bounds with %s", (_, form) => {
    const found = estimated(callOf(CALLS, { To: US, ...form }), pricingOf()).estimate;
    expect(found).toMatchObject({ kind: "unbounded", direction: "usage" });
  });

  it("what nothing bounds where speech has a price and never ends", () => {
    const call = callOf(CALLS, { To: US, Twiml: '<Response><Say loop="0">Hello</Say></Response>' });
    expect(estimated(call, pricingOf({ "calls.create": { tts: "0.001" } })).estimate.kind).toBe("unbounded");
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
    ["an application", { To: "app:AP1" }],
    ["music from elsewhere", { WaitUrl: "https://a.example/" }],
    ["a recording of everybody", { ConferenceRecord: "record-from-start" }],
  ])("what nothing bounds with %s", (_, form) => {
    expect(join(form)).toMatchObject({ kind: "unbounded" });
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
    expect(refusalOf(attempt({ To: "4155552671", Channel: "sms" })).code).toBe("request_ambiguous");
  });

  it("its success, with the check of a code or by hand", () => {
    const check = estimated(callOf(CHECKS, { To: US, Code: "123456" }), file).estimate;
    expect(check).toMatchObject({ kind: "money", exposure: 50_000n });
    const update = (status: string) =>
      estimated(callOf(`${VERIFICATIONS}/VE${"e".repeat(32)}`, { Status: status }), file).estimate;
    expect(update("approved")).toMatchObject({ kind: "money", exposure: 50_000n });
    expect(update("canceled")).toEqual({ kind: "nothing" });
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
    expect(look("GET /lookups/v2/PhoneNumbers/4155552671?Fields=sim_swap")).toMatchObject({ exposure: 100_000n });
    expect(look("GET /lookups/v2/PhoneNumbers/4155552671?Fields=sim_swap&CountryCode=US")).toMatchObject({
      exposure: 10_000n,
    });
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
