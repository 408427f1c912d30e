import { describe, expect, it } from "vitest";
import { standInAccount } from "./addresses.ts";
import { operations } from "./operations.ts";
import { parameterNames } from "./parameter-names.ts";
import { checkReach } from "./policy.ts";
import {
  ACCOUNT,
  BATCH,
  callOf,
  CALLS,
  CHECKS,
  JSON_TYPE,
  keyOf,
  MESSAGES,
  PARTICIPANTS,
  SUB_ACCOUNT,
  VERIFICATIONS,
} from "./test-support.ts";

type Form = string | Readonly<Record<string, string>>;

/** Null when the call may go, otherwise the sentence against it. */
function reach(
  line: string,
  body: Form = "",
  headers: Readonly<Record<string, string>> = {},
  accounts: readonly string[] = [],
): string | null {
  const refused = checkReach(callOf(line, body, headers), keyOf({ accounts }));
  if (refused !== null) expect(refused.code).toBe("parameter_not_allowed");
  return refused?.message ?? null;
}

const NUMBER = `POST /2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers/PN${"1".repeat(32)}.json`;
const LOOKUP = "GET /lookups/v2/PhoneNumbers/+14155552671";
const OLD_LOOKUP = "GET /lookups/v1/PhoneNumbers/+14155552671";

describe("an ordinary call goes:", () => {
  it.each<[string, string, Form]>([
    [
      "a message",
      MESSAGES,
      {
        To: "+14155552671",
        From: "+15005550006",
        Body: "Hello",
        StatusCallback: "https://a.example/",
        ValidityPeriod: "60",
      },
    ],
    ["a message with media", MESSAGES, "To=a&From=b&MediaUrl=c&MediaUrl=d&SendAsMms=true&SmartEncoded=true"],
    ["a template", MESSAGES, { To: "a", MessagingServiceSid: "MG1", ContentSid: "HX1", ContentVariables: "{}" }],
    [
      "a call",
      CALLS,
      "To=a&From=b&Url=c&Method=GET&StatusCallbackEvent=ringing&StatusCallbackEvent=answered&Timeout=9",
    ],
    ["a participant", PARTICIPANTS, { To: "a", From: "b", Label: "c", EndConferenceOnExit: "true", Beep: "false" }],
    ["a verification", VERIFICATIONS, { To: "a", Channel: "sms", Locale: "de", CustomCode: "1234" }],
    ["its check", CHECKS, { To: "a", Code: "1234" }],
    ["a look-up", `${LOOKUP}?Fields=sim_swap&CountryCode=US`, ""],
    ["an old look-up with an add-on", `${OLD_LOOKUP}?AddOns=a&AddOns.a.b=c`, ""],
    [
      "anything of an operation that costs nothing",
      "POST /messaging/v1/Services",
      { FriendlyName: "a", Whatever: "b" },
    ],
  ])("%s", (_, line, body) => {
    expect(reach(line, body)).toBeNull();
  });

  it("a batch of look-ups", () => {
    const body = JSON.stringify({
      phone_numbers: [{ phone_number: "+1", fields: ["sim_swap"], correlation_id: "1", identity_match: { city: "a" } }],
    });
    expect(reach(BATCH, body, JSON_TYPE)).toBeNull();
  });

  it("with headers of the SDKs, and one that Twilio itself only sends", () => {
    const headers = {
      "user-agent": "twilio-node/6.2.0",
      "i-twilio-idempotency-token": "a",
      "x-twilio-webhook-enabled": "true",
    };
    expect(reach(MESSAGES, { To: "a" }, headers)).toBeNull();
  });
});

describe("a parameter that nobody has thought through is refused:", () => {
  it.each<[string, string, Form, RegExp]>([
    ["a new one", MESSAGES, { To: "a", Recipients: "b" }, /"Recipients" is none that Keybrake knows/],
    ["one in other letters", MESSAGES, { to: "a" }, /It is written To\.$/],
    ["a transcription", CALLS, { To: "a", Transcribe: "true" }, /"Transcribe" is none/],
    ["the old detection of machines", CALLS, { To: "a", IfMachine: "Continue" }, /"IfMachine" is none/],
    ["an emergency call", PARTICIPANTS, { To: "a", EmergencyName: "b" }, /"EmergencyName" is none/],
    ["one of a verification", VERIFICATIONS, { To: "a", Channel: "sms", Template: "b" }, /"Template" is none/],
    ["one of a look-up", `${LOOKUP}?AddOns=a`, "", /"AddOns" is none/],
  ])("%s", (_, line, body, why) => {
    expect(reach(line, body)).toMatch(why);
  });

  it("one of a batch, at any depth", () => {
    expect(reach(BATCH, '{"phone_numbers":[],"numbers":[]}', JSON_TYPE)).toMatch(/"numbers" is none/);
    expect(reach(BATCH, '{"phone_numbers":[{"phone_number":"+1","Fields":["sim_swap"]}]}', JSON_TYPE)).toMatch(
      /"Fields" is none/,
    );
    expect(reach(BATCH, '{"phone_numbers":[{"add_ons":["a"]}]}', JSON_TYPE)).toMatch(/"add_ons" is none/);
  });
});

it("every published parameter of what costs money has been thought through", () => {
  // Refused on purpose: the fees of emergency calls are not published in the API.
  const refused = /^Emergency/;
  for (const operation of operations.operations.filter((each) => each.class === "money")) {
    const call = { ...callOf(MESSAGES), operation };
    const names = parameterNames(operation)?.filter((name) => !operation.path.includes(`{${name}}`)) ?? [];
    for (const name of names) {
      const found = checkReach({ ...call, parameters: new Map([[name, "x"]]) }, keyOf());
      expect([operation.name, name, found === null]).toEqual([operation.name, name, !refused.test(name)]);
    }
  }
});

describe("another account is out of reach", () => {
  it("where a parameter names it, unless the key does", () => {
    expect(reach(NUMBER, { AccountSid: SUB_ACCOUNT })).toMatch(/names an account that this vault key does not name/);
    expect(reach(NUMBER, { AccountSid: SUB_ACCOUNT }, {}, [SUB_ACCOUNT])).toBeNull();
    expect(reach(NUMBER, { AccountSid: ACCOUNT })).toBeNull();
    expect(reach("GET /monitor/v1/Events?ActorSid=" + SUB_ACCOUNT)).toMatch(/names an account/);
    expect(reach("POST /iam/v1/Keys", JSON.stringify({ a: [{ b: SUB_ACCOUNT }] }), JSON_TYPE)).toMatch(
      /names an account/,
    );
  });

  it("also in a list, and in other letters", () => {
    expect(reach(NUMBER, { Accounts: `${ACCOUNT},${SUB_ACCOUNT}` })).toMatch(/names an account/);
    expect(reach(NUMBER, { AccountSid: SUB_ACCOUNT.toLowerCase() })).toMatch(/names an account/);
  });

  it("but not where people only mention it", () => {
    expect(reach(MESSAGES, { To: "a", Body: `Your account is ${SUB_ACCOUNT}` })).toBeNull();
  });

  it("and the stand-in is one that Twilio does not know", () => {
    expect(reach(NUMBER, { AccountSid: standInAccount(keyOf()) })).toMatch(/which only paths may have/);
  });
});

describe("a header of Twilio's", () => {
  it("that is not known is refused", () => {
    expect(reach(MESSAGES, { To: "a" }, { "x-twilio-account": "AC" })).toMatch(/none that Keybrake knows/);
  });

  it("that changes the version is refused where money moves", () => {
    expect(reach(MESSAGES, { To: "a" }, { "x-twilio-api-version": "2" })).toMatch(/may change what the parameters/);
    expect(reach("GET /pricing/v1/Messaging/Countries", "", { "x-twilio-api-version": "2" })).toBeNull();
  });
});
