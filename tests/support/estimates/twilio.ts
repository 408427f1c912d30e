/** The fake Twilio without sockets, and generated requests to it: plausible and odd ones, over all operations of it that are priced. */
import { builtInPriceCard, formatUsd, instant, microUsd, priceOf } from "@keybrake/core";
import type { Pricing, Vendor, VendorRequest } from "@keybrake/core";
import { twilio } from "@keybrake/vendors";
import { seededRandom } from "../../../packages/sandbox/src/shared/random.ts";
import { Engine } from "../../../packages/sandbox/src/twilio/engine.ts";
import { COUNTRIES, FEES, LOOKUP_PACKAGES, LOOKUP_V1_TYPES } from "../../../packages/sandbox/src/twilio/prices.ts";
import { randomBody } from "../../../packages/vendors/src/twilio/segments.test-support.ts";
import { Dice, Shelf } from "./dice.ts";
import { answerOf, arrivedOf, NOON, type Generator } from "./driver.ts";
import { encodeJson, encodePlain, encodeQuery } from "./encode.ts";
import { credentialFor, Teller, type Fake, type Outcome } from "./teller.ts";

const ACCOUNT = `AC${"fa4e".repeat(8)}`;
const TOKEN = "estimates0000000000000000000000";
const API = `/2010-04-01/Accounts/${ACCOUNT}`;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

// ----------------------------------------------------------------------------------------------------------------- prices

/** What the fake Twilio charges and does not publish, as its operator would write it down. */
const FILE = builtInPriceCard([
  {
    source: "the fake vendor's own fees",
    as_of: "2026-11-25",
    prices: {
      "messages.create": {
        carrier_fee_segment: byCountry((country) => country.carrierFee),
        carrier_fee_mms: "0",
        mms: byCountry(({ mms }) => mms),
        whatsapp_message: usd(FEES.whatsappMessage),
        messenger_message: usd(FEES.messengerMessage),
      },
      "calls.create": {
        minute: { client: usd(FEES.clientMinute), sip: usd(FEES.sipMinute) },
        recording_minute: usd(FEES.recordingMinute),
        machine_detection: usd(FEES.machineDetection),
      },
      "verify.verifications.create": {
        attempt: {
          ...prefixed("sms", ({ carriers }) => dearest(carriers.map(({ sms }) => sms.mobile ?? sms.local ?? 0n))),
          ...prefixed("call", ({ voice }) => dearest(voice.map(({ perMinute }) => perMinute))),
          whatsapp: usd(FEES.verifyWhatsapp),
          email: usd(FEES.verifyEmail),
          sna: usd(FEES.verifySilent),
          rcs: "0.01",
        },
      },
      "verify.verification_checks.create": { success: usd(FEES.verificationSuccess) },
      "lookups.phone_numbers.fetch": fees(LOOKUP_PACKAGES),
      "lookups.v1.phone_numbers.fetch": fees(LOOKUP_V1_TYPES),
    },
  },
]);

type Country = (typeof COUNTRIES)[number];

function usd(amount: bigint): string {
  return formatUsd(microUsd(amount));
}

function byCountry(price: (country: Country) => bigint | null): Record<string, string> {
  return Object.fromEntries(
    COUNTRIES.flatMap((country) => {
      const found = price(country);
      return found === null ? [] : [[country.iso, usd(found)]];
    }),
  );
}

function prefixed(channel: string, price: (country: Country) => bigint): Record<string, string> {
  return Object.fromEntries(COUNTRIES.map((country) => [`${channel}:${country.iso}`, usd(price(country))]));
}

function fees(packages: Readonly<Record<string, bigint>>): Record<string, string> {
  return Object.fromEntries(Object.entries(packages).map(([name, fee]) => [name, usd(fee)]));
}

function dearest(prices: readonly bigint[]): bigint {
  return prices.reduce((most, each) => (each > most ? each : most), 0n);
}

// ------------------------------------------------------------------------------------------------------------------- fake

function fakeTwilio(
  vendor: Vendor,
  seed: number,
  clock: { now: number },
): { readonly fake: Fake; readonly engine: Engine } {
  const engine = new Engine({
    now: () => clock.now,
    ids: seededRandom(seed, 1),
    requestIds: seededRandom(seed, 3),
    fate: seededRandom(seed, 4),
    accountSid: ACCOUNT,
    authToken: TOKEN,
    gullible: false,
    priceDelayMs: 5 * 60_000,
    carrierFees: true,
    documents: {},
    objectsMax: 1_000_000,
    billsMax: 10_000_000,
  });
  const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString("base64")}`;
  const fake: Fake = {
    vendor,
    credential: credentialFor(vendor, instant(clock.now), ACCOUNT),
    accounts: [],
    pricing: (): Pricing => ({
      now: instant(clock.now),
      convert: () => ({ kind: "unpriced", why: "Everything here is in dollars." }),
      price: (from, { operation, unit, qualifiers }) => {
        const card = from === "file" ? FILE : vendor.rateCard;
        const found = card === null ? null : priceOf(card, operation, unit, qualifiers);
        return found === null
          ? { kind: "none", why: "" }
          : { kind: "price", price: found.each, source: found.source, asOf: found.asOf };
      },
    }),
    send: (request, order) =>
      answerOf(engine, arrivedOf(request, order, { ...Object.fromEntries(request.headers), authorization })),
    movedBy: (order) =>
      engine.world.truth
        .billsOf(order)
        .map(({ microUsd: amount }) => ({ direction: "usage", unit: "micro-usd", amount }) as const),
    movedInAll: () => {
      const { truth } = engine.world;
      return new Map([["usage", truth.billedMicroUsd + truth.pendingMicroUsd]]);
    },
    toUsd: ({ amount }) => amount,
    // A message's price, and a call's where nothing is billed beside it. Of all else no answer tells any.
    tellsExactly: (_call, meter) => meter.kind === "object",
  };
  return { fake, engine };
}

// -------------------------------------------------------------------------------------------------------------- generator

/** National parts by country; x is any digit. The last few are sold by nobody here. */
const NUMBERS: Readonly<Record<string, readonly string[]>> = {
  us: ["+1212xxxxxxx", "+1415xxxxxxx", "+1646xxxxxxx", "+1907xxxxxxx", "+1808xxxxxxx", "+1512xxxxxxx"],
  tollFree: ["+1800xxxxxxx", "+1888xxxxxxx", "+1833xxxxxxx"],
  ca: ["+1416xxxxxxx", "+1604xxxxxxx", "+1867xxxxxxx", "+1514xxxxxxx"],
  islands: ["+1787xxxxxxx", "+1939xxxxxxx", "+1876xxxxxxx", "+1658xxxxxxx", "+18763xxxxxx"],
  gb: ["+4420xxxxxxxx", "+44131xxxxxxx", "+44161xxxxxxx", "+447400xxxxxx", "+447700xxxxxx", "+447971xxxxxx"],
  de: ["+4930xxxxxxx", "+4915xxxxxxxxx", "+4917xxxxxxxx", "+49891xxxxxx"],
  fr: ["+331xxxxxxxx", "+336xxxxxxxx", "+337xxxxxxxx"],
  rest: ["+9198xxxxxxxx", "+55119xxxxxxxx", "+5561xxxxxxxx", "+614xxxxxxxx", "+612xxxxxxxx"],
  nobody: ["+1242xxxxxxx", "+1809xxxxxxx", "+7495xxxxxxx", "+447797xxxxxx", "+8821xxxxxxxx", "+1500555000x"],
};
const WEIGHTS = { us: 34, tollFree: 1, ca: 14, islands: 9, gb: 12, de: 10, fr: 6, rest: 10, nobody: 1 };
const EVENTS = ["initiated", "ringing", "answered", "completed"] as const;

export function twilioGenerator(seed: number, vendor: Vendor = twilio): Generator {
  const dice = new Dice(seed);
  const clock = { now: NOON };
  const { fake, engine } = fakeTwilio(vendor, seed, clock);
  const teller = new Teller(fake);
  const messages = new Shelf<string>();
  const calls = new Shelf<string>();
  const verifications = new Shelf<{ readonly sid: string; readonly service: string; readonly to: string }>();
  const random = (): number => dice.next();

  const prepare = (path: string, body: string): string => {
    const request: VendorRequest = {
      method: "POST",
      path,
      segments: path.slice(1).split("/"),
      query: "",
      headers: new Map([["content-type", "application/x-www-form-urlencoded"]]),
      body: Buffer.from(body),
    };
    const answer = fake.send(request, teller.nextOrder());
    return (
      sidOf({
        kind: "sent",
        callId: "" as never,
        order: 0,
        status: answer.status,
        json: JSON.parse(Buffer.from(answer.body).toString()),
      }) ?? ""
    );
  };
  const services = ["first", "second"].map((name) => prepare("/verify/v2/Services", `FriendlyName=${name}`));

  // -------------------------------------------------------------------------------------------------------------- parts

  const number = (): string =>
    (dice.pick(NUMBERS[dice.weighted(WEIGHTS)] ?? []) ?? "").replaceAll("x", () => String(dice.whole(0, 9)));
  const to = (): string => {
    const made = number();
    switch (dice.weighted({ plain: 96, spaced: 1, national: 1, none: 0.5, words: 0.5 })) {
      case "plain":
        return made;
      case "spaced":
        return `${made.slice(0, 5)} ${made.slice(5)}`;
      case "national":
        return made.startsWith("+1") ? made.slice(2) : made;
      case "none":
        return "";
      case "words":
        return dice.pick(["nobody", "+", "+1415", "12345", "55501"] as const);
    }
  };
  const from = (): string =>
    dice.weighted({
      "+14155550199": 40,
      "+18885550199": 10,
      "55501": 10,
      "+447700900123": 8,
      "+4915112345678": 8,
      Keybrake: 5,
      "+15005550007": 0.3,
      "?!": 0.3,
    });
  const body = (): string => {
    const made = dice.chance(0.7)
      ? randomBody(random)
      : dice.times(dice.whole(1, 6), () => randomBody(random)).join(" ");
    // Control characters are refused for what they are; now and then one is there all the same.
    const clean = dice.chance(0.02) ? made : made.replaceAll(/(?![\t\n\r])\p{Cc}/gu, ".");
    const padded = dice.chance(0.1)
      ? clean.padEnd(dice.whole(1, 1_700), dice.pick(["a", "€", "ж", "[", "😀"] as const))
      : clean;
    return dice.chance(0.97) ? padded.slice(0, 1_600) : padded;
  };
  const form = (path: string, pairs: readonly (readonly [string, string])[]): Outcome => {
    // Where two are equal in name they keep their order; the rest may come in any.
    const shuffled = dice.chance(0.3) ? [...pairs].reverse() : pairs;
    return teller.send({ method: "POST", path, ...encodePlain(shuffled, dice) });
  };

  // ----------------------------------------------------------------------------------------------------------- messages

  const channelled = (pairs: [string, string][], channel: string): void => {
    pairs.push(["To", `${channel}:${dice.chance(0.98) ? number() : "12345"}`]);
    if (dice.chance(0.95)) pairs.push(["From", `${channel}:${dice.chance(0.9) ? "+14155550199" : "1234567"}`]);
    else pairs.push(["From", "+14155550199"]);
  };
  const service = (pairs: [string, string][]): void => {
    pairs.push(["MessagingServiceSid", `MG${dice.word(30).replaceAll(/[^0-9a-f]/g, "0")}00`]);
    if (dice.chance(0.2)) pairs.push(["From", from()]);
    if (dice.chance(0.5)) return;
    pairs.push(["ScheduleType", "fixed"]);
    pairs.push(["SendAt", new Date(clock.now + dice.pick([600_000, HOUR_MS, 20 * DAY_MS] as const)).toISOString()]);
  };
  const message = (): void => {
    const pairs: [string, string][] = [];
    const kind = dice.weighted({ text: 70, service: 12, media: 10, channel: 8 });
    if (kind === "channel") channelled(pairs, dice.weighted({ whatsapp: 8, messenger: 1, rcs: 0.2 }));
    else {
      pairs.push(["To", to()]);
      if (kind === "service") service(pairs);
      else pairs.push(["From", from()]);
    }
    const media = kind === "media" ? dice.whole(0, dice.chance(0.05) ? 11 : 4) : 0;
    for (let index = 0; index < media; index += 1) pairs.push(["MediaUrl", `https://example.com/${dice.word(6)}.png`]);
    if (kind === "media" && (media === 0 || dice.chance(0.1))) pairs.push(["SendAsMms", "true"]);
    if (media === 0 || dice.chance(0.7)) pairs.push(["Body", body()]);
    if (dice.chance(0.12)) pairs.push(["SmartEncoded", dice.pick(["true", "false", "True"] as const)]);
    if (dice.chance(0.1)) pairs.push(["StatusCallback", "https://example.com/status?a=1&b=2"]);
    if (dice.chance(0.05)) pairs.push(["ValidityPeriod", String(dice.whole(1, 36_000))]);
    if (dice.chance(0.05)) pairs.push(["MaxPrice", "0.01"]);
    if (dice.chance(0.03)) pairs.push(["PersistentAction", "geo:37.787890,-122.391664|375 Beale St"]);
    if (dice.chance(0.01)) pairs.push(["ContentSid", `HX${"0".repeat(32)}`]);
    if (dice.chance(0.01)) pairs.push(["ShortenUrls", "true"]);
    if (dice.chance(0.005)) pairs.push(["to", "+14155550100"]);
    const sid = sidOf(form(`${API}/Messages.json`, pairs));
    if (sid !== null) messages.put(sid, dice);
  };

  // -------------------------------------------------------------------------------------------------------------- calls

  const speech = (): string => {
    const verbs = [
      "<Say>Hello &amp; goodbye</Say>",
      '<Say voice="alice" language="en-GB" loop="3">Grüße</Say>',
      '<Pause length="10"/>',
      '<Play loop="0">https://example.com/a.mp3</Play>',
      '<Play digits="1234"></Play>',
      "<Hangup/>",
      '<Reject reason="busy"/>',
    ];
    return dice.times(dice.whole(0, 4), () => dice.pick(verbs) ?? "").join(dice.chance(0.5) ? "\n  " : "");
  };
  const money = (): string =>
    dice.pick([
      "<Dial>+14155550100</Dial>",
      '<Dial record="record-from-answer"><Number>+4915112345678</Number></Dial>',
      "<Sms to='+4915112345678'>Hello</Sms>",
      "<Record/>",
      "<Pay/>",
      "<Redirect>https://example.com/more</Redirect>",
      "<Gather><Say>Press</Say></Gather>",
      "<!-- --><Dial>+14155550100</Dial>",
      "<![CDATA[<Dial>+14155550100</Dial>]]>",
    ] as const);
  const twiml = (): string => {
    const declaration = dice.chance(0.3) ? '<?xml version="1.0" encoding="UTF-8"?>\n' : "";
    const inner = `${speech()}${dice.chance(0.02) ? money() : ""}${dice.chance(0.3) ? speech() : ""}`;
    return `${declaration}<Response>${inner}</Response>${dice.chance(0.1) ? "\n" : ""}`;
  };
  const leg = (): [string, string][] => {
    const pairs: [string, string][] = [];
    const called = dice.weighted({ number: 90, client: 5, sip: 4, twilioSip: 0.5, app: 0.5 });
    pairs.push([
      "To",
      {
        number: to(),
        client: "client:alice",
        sip: "sip:bob@example.com",
        twilioSip: "sip:bob@a.sip.twilio.com",
        app: `app:AP${"0".repeat(32)}`,
      }[called],
    ]);
    pairs.push([
      "From",
      dice.pick(["+14155550199", "+447700900123", "+4915112345678", "client:me", "+13075550100"] as const),
    ]);
    if (dice.chance(0.5)) {
      const limit = dice.weighted({ short: 5, whole: 3, hours: 1, long: 0.3, odd: 0.1 });
      const seconds = {
        short: dice.whole(1, 300),
        whole: 60 * dice.whole(1, 60),
        hours: dice.whole(3_600, 14_400),
        long: dice.whole(14_401, 86_400),
        odd: 0,
      };
      pairs.push([
        "TimeLimit",
        limit === "odd" ? dice.pick(["0", "60.5", "99999999", "", "1e3"] as const) : String(seconds[limit]),
      ]);
    }
    if (dice.chance(0.15)) pairs.push(["Timeout", String(dice.whole(5, 120))]);
    if (dice.chance(0.15)) pairs.push(["Record", dice.pick(["true", "false", "record-from-answer-dual"] as const)]);
    if (dice.chance(0.1)) pairs.push(["MachineDetection", dice.pick(["Enable", "DetectMessageEnd", "none"] as const)]);
    if (dice.chance(0.1))
      for (const event of EVENTS.slice(0, dice.whole(1, 4))) pairs.push(["StatusCallbackEvent", event]);
    if (dice.chance(0.01)) pairs.push(["CallReason", "Your order"]);
    return pairs;
  };
  const call = (): void => {
    const pairs = leg();
    const what = dice.weighted({ twiml: 97, url: 1.5, application: 0.5, none: 1 });
    if (what === "twiml") pairs.push(["Twiml", twiml()]);
    if (what === "url") pairs.push(["Url", "https://example.com/twiml"]);
    if (what === "application") pairs.push(["ApplicationSid", `AP${"0".repeat(32)}`]);
    if (dice.chance(0.05)) pairs.push(["SendDigits", "wwww1234#"]);
    const sid = sidOf(form(`${API}/Calls.json`, pairs));
    if (sid !== null) calls.put(sid, dice);
  };
  const participant = (): void => {
    const pairs = leg();
    if (dice.chance(0.3)) pairs.push(["Label", dice.word(6)]);
    if (dice.chance(0.2)) pairs.push(["Muted", "true"]);
    if (dice.chance(0.03))
      pairs.push(["ConferenceRecord", dice.pick(["true", "do-not-record", "record-from-start"] as const)]);
    const outcome = form(
      `${API}/Conferences/${dice.pick(["room-1", "room-2", "Daily%20call"] as const)}/Participants.json`,
      pairs,
    );
    const sid = fieldOf(outcome, "call_sid");
    if (sid !== null) calls.put(sid, dice);
  };

  // ------------------------------------------------------------------------------------------------------------- verify

  const verification = (): void => {
    const chosen = dice.pick(services) ?? "";
    const channel = dice.weighted({ sms: 10, call: 4, whatsapp: 2, email: 2, sna: 1, auto: 2, rcs: 0.1, SMS: 0.2 });
    const known = dice.chance(0.4) ? verifications.any(dice) : undefined;
    const receiver = known?.to ?? (channel === "email" ? `${dice.word(6)}@example.com` : to());
    const pairs: [string, string][] = [
      ["To", receiver],
      ["Channel", channel],
    ];
    if (dice.chance(0.1)) pairs.push(["Locale", "de"]);
    if (dice.chance(0.05)) pairs.push(["CustomFriendlyName", "Shop"]);
    if (dice.chance(0.05)) pairs.push(["CustomCode", "4711"]);
    if (dice.chance(0.03)) pairs.push(["TemplateCustomSubstitutions", JSON.stringify({ name: dice.word(80) })]);
    const sid = sidOf(form(`/verify/v2/Services/${known?.service ?? chosen}/Verifications`, pairs));
    if (sid !== null) verifications.put({ sid, service: known?.service ?? chosen, to: receiver }, dice);
  };
  const check = (): void => {
    const known = verifications.any(dice);
    if (known === undefined) return;
    const right = engine.world.verifications.any(known.sid)?.code ?? "0000";
    const pairs: [string, string][] = [["Code", dice.chance(0.7) ? right : dice.chance(0.9) ? "000000" : ""]];
    pairs.push(dice.chance(0.5) ? ["To", known.to] : ["VerificationSid", known.sid]);
    form(`/verify/v2/Services/${known.service}/VerificationCheck`, pairs);
  };
  const approve = (): void => {
    const known = verifications.any(dice);
    if (known === undefined) return;
    const id = dice.chance(0.7) ? known.sid : encodeURIComponent(known.to);
    form(`/verify/v2/Services/${known.service}/Verifications/${id}`, [
      ["Status", dice.pick(["approved", "approved", "canceled", "pending"] as const)],
    ]);
  };

  // ------------------------------------------------------------------------------------------------------------ look-ups

  const FIELDS = Object.keys(LOOKUP_PACKAGES);
  const fields = (): string[] => {
    const some = dice.times(dice.whole(0, 4), () => dice.pick(FIELDS) ?? "");
    if (dice.chance(0.02)) some.push(dice.pick(["nothing_known", "", " "] as const));
    return some;
  };
  const lookedUp = (): string => {
    const made = number();
    return dice.chance(0.85) ? made : dice.chance(0.7) ? made.slice(made.startsWith("+1") ? 2 : 3) : "not-a-number";
  };
  const lookup = (): void => {
    const asked = lookedUp();
    const pairs: [string, string][] = [];
    const names = fields().join(dice.chance(0.9) ? "," : ", ");
    if (names !== "" || dice.chance(0.2)) pairs.push(["Fields", names]);
    if (dice.chance(0.3)) pairs.push(["CountryCode", dice.pick(["US", "GB", "DE", "CA", "us"] as const)]);
    const path = `/lookups/v2/PhoneNumbers/${dice.chance(0.5) ? encodeURIComponent(asked) : asked}`;
    teller.send({ method: "GET", path, query: encodeQuery(pairs, dice) });
  };
  const oldLookup = (): void => {
    const pairs: [string, string][] = [];
    if (dice.chance(0.8)) pairs.push(["Type", dice.pick(["carrier", "caller-name"] as const)]);
    if (dice.chance(0.4)) pairs.push(["Type", dice.pick(["carrier", "caller-name"] as const)]);
    if (dice.chance(0.02)) pairs.push(["AddOns", "payfone_tcpa_compliance"]);
    teller.send({ method: "GET", path: `/lookups/v1/PhoneNumbers/${lookedUp()}`, query: encodeQuery(pairs, dice) });
  };
  const batch = (): void => {
    const numbers = dice.times(dice.chance(0.9) ? dice.whole(1, 5) : dice.whole(1, 101), () => ({
      phone_number: lookedUp(),
      ...(dice.chance(0.9) ? { fields: fields() } : {}),
      ...(dice.chance(0.2) ? { country_code: dice.pick(["US", "GB"] as const) } : {}),
      ...(dice.chance(0.1) ? { correlation_id: dice.word(8) } : {}),
    }));
    teller.send({ method: "POST", path: "/lookups/v2/batch/query", ...encodeJson({ phone_numbers: numbers }, dice) });
  };

  // -------------------------------------------------------------------------------------------------------------- others

  const look = (shelf: Shelf<string>, resource: string): void => {
    const sid = shelf.any(dice);
    if (sid !== undefined) teller.send({ method: "GET", path: `${API}/${resource}/${sid}.json` });
  };
  const actions = {
    message,
    call,
    participant,
    verification,
    check,
    approve,
    lookup,
    oldLookup,
    batch,
    lookAtMessage: () => look(messages, "Messages"),
    lookAtCall: () => look(calls, "Calls"),
    cancelMessage(): void {
      const sid = messages.any(dice);
      if (sid !== undefined) form(`${API}/Messages/${sid}.json`, [["Status", "canceled"]]);
    },
    redact(): void {
      const sid = messages.any(dice);
      if (sid !== undefined) form(`${API}/Messages/${sid}.json`, [["Body", ""]]);
    },
    /** Redirecting a live call, recording it, buying a number: these have no bound. */
    unbounded(): void {
      const sid = calls.any(dice);
      if (sid !== undefined)
        form(`${API}/Calls/${sid}.json`, [["Twiml", "<Response><Dial>+14155550100</Dial></Response>"]]);
    },
    /** The network fails a message; nobody answers; or both end before their time. */
    advance(): void {
      const sid = (dice.chance(0.5) ? messages : calls).any(dice);
      if (sid !== undefined) engine.advance(sid, dice.chance(0.5) ? "succeed" : "fail");
    },
    moment(): void {
      clock.now += dice.whole(1_000, 120_000);
    },
    wait(): void {
      clock.now += dice.pick([600_000, 5 * HOUR_MS] as const);
      if (dice.chance(0.02)) clock.now += 10 * DAY_MS;
      teller.followUp();
      teller.checkOpen();
    },
  } satisfies Record<string, () => void>;
  const weights: Record<keyof typeof actions, number> = {
    message: 52,
    call: 14,
    participant: 5,
    verification: 9,
    check: 6,
    approve: 1,
    lookup: 6,
    oldLookup: 2,
    batch: 2,
    lookAtMessage: 0.5,
    lookAtCall: 0.5,
    cancelMessage: 1,
    redact: 0.3,
    unbounded: 0.2,
    advance: 1,
    moment: 3,
    wait: 0.03,
  };
  return {
    teller,
    step(): void {
      if (dice.chance(0.005)) teller.loseNext();
      actions[dice.weighted(weights)]();
    },
    settle(): void {
      clock.now += 60 * DAY_MS;
      teller.followUp();
      teller.checkOpen();
    },
  };
}

function fieldOf(outcome: Outcome, field: string): string | null {
  if (outcome.kind !== "sent" || outcome.status >= 300) return null;
  const { json } = outcome;
  const value = typeof json === "object" && json !== null ? (json as Record<string, unknown>)[field] : null;
  return typeof value === "string" ? value : null;
}

function sidOf(outcome: Outcome): string | null {
  return fieldOf(outcome, "sid");
}
