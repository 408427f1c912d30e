/**
 * What a call to Twilio can cost at most, before it is sent: the units that its parameters ask for, times the dearest price that each
 * of them may have. What the request does not say is `unbounded`, beside what is known of it; what nobody gives a price for, and a
 * number that cannot be placed, is refused, never guessed.
 */
import { formatUsdForPeople, MICRO_USD_MAX, microUsd, refusal, ZERO_USD } from "@keybrake/core";
import type { Estimate, LookUpAnswer, Pricing, RefusalCode, VendorCall } from "@keybrake/core";
import { quoted } from "../form.ts";
import { ALL_COUNTRIES, countryName, destinationOf, nameOf } from "./destinations.ts";
import { BATCH_ROOTS, LEG_OPERATIONS, rootOf, TIME_LIMIT_SECONDS, valueOf, valuesOf } from "./parameters.ts";
import { casesOf, priceOf, readLists, speaksOf } from "./prices.ts";
import type { Case, ListPrices, UnitPrice } from "./prices.ts";
import { countSegments, segmentsAtMost, smartSegmentsAtMost } from "./segments.ts";
import { readTwiml } from "./twiml.ts";
import type { Speech } from "./twiml.ts";

type Refused = Extract<Estimate, { kind: "refused" }>;
type Estimator = (call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]) => Estimate;

const ESTIMATORS: ReadonlyMap<string, Estimator> = new Map<string, Estimator>([
  ["calls.create", estimateLeg],
  ["conferences.participants.create", estimateLeg],
  ["lookups.batch.query", estimateBatch],
  ["lookups.phone_numbers.fetch", estimateLookup],
  ["lookups.v1.phone_numbers.fetch", estimateOldLookup],
  ["messages.create", estimateMessage],
  ["verify.verification_checks.create", estimateSuccess],
  ["verify.verifications.create", estimateAttempt],
  ["verify.verifications.update", estimateSuccess],
]);

export function estimate(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  if (call.operation.class !== "money" && call.operation.class !== "unbounded") return { kind: "nothing" };
  const estimator = ESTIMATORS.get(call.operation.name);
  if (estimator === undefined) return refused("amount_unknown", `Nothing says what ${call.operation.name} can cost.`);
  return estimator(call, pricing, lookUps);
}

// -------------------------------------------------------------------------------------------------------------- messages

/** Twilio's own calculator and its bill differ where a sender type packs fewer characters into a part: toll-free 152 and 66. */
const PARTS_MARGIN = 1;
/** Longer than Twilio's own links to media, and in letters that change no encoding. */
const LINK = "-".repeat(100);
/** Countries in which networks add a fee of their own to every message: https://www.twilio.com/en-us/sms/pricing/us */
const FEE_COUNTRIES: ReadonlySet<string> = new Set(["CA", "US"]);

function estimateMessage(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  const { parameters } = call;
  // A template's text is not in the request: then one segment is what is known of it.
  const known = estimateKnownMessage(call, pricing, lookUps);
  if (valueOf(parameters, "ContentSid") !== undefined)
    return withoutBound(known, "the text of a content template is not in the request");
  if (shortensLinks(call)) return withoutBound(known, "shortened links bill by what becomes of them");
  return known;
}

/** Whether a message costs more than what its own price will tell. */
export function shortensLinks({ parameters }: VendorCall): boolean {
  return isOn(valueOf(parameters, "ShortenUrls"));
}

function estimateKnownMessage(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  const to = receiverOf(valueOf(call.parameters, "To"), call);
  if (to.kind === "refused") return to;
  const from = senderOf(call);
  if (from.kind === "refused") return from;
  const { name } = call.operation;
  const channels = new Set([to.channel, from.channel].filter((channel) => channel !== null));
  const ways = [...channels].map((channel) => sum(messageOf(channel, to, call, pricing)));
  // What cannot be delivered over a channel may be sent as a text instead, from another sender of the service.
  const maybeText = channels.size === 0 || channels.has("rcs") || from.isService || hasFallback(call);
  if (!maybeText) return dearestOf(ways);
  const asked = readLists("messaging", pricing, name, "sms_segment", to.cases, lookUps);
  if (asked.kind === "look_up") return asked;
  return dearestOf([...ways, ...textWays(call, pricing, to, from, asked.lists)]);
}

interface Sender {
  readonly kind: "sender";
  readonly channel: string | null;
  /** A messaging service, which chooses the sender and may encode smartly: the request does not say either. */
  readonly isService: boolean;
  /** A service that was told whom to send from does not choose. */
  readonly isChosen: boolean;
}

/** A service may stand in From as well: https://www.twilio.com/docs/rcs/send-an-rcs-message */
function senderOf({ parameters }: VendorCall): Sender | Refused {
  const from = valueOf(parameters, "From");
  const isService = valueOf(parameters, "MessagingServiceSid") !== undefined;
  if (from === undefined) return { kind: "sender", channel: null, isService, isChosen: isService };
  if (/^\s*MG[0-9a-f]{32}\s*$/i.test(from)) return { kind: "sender", channel: null, isService: true, isChosen: true };
  const channel = channelOf(from) ?? null;
  if (channel === null && from.includes(":"))
    return refused(
      "request_ambiguous",
      `From is ${quoted(from)}. Write the channel in small letters, and nothing before it.`,
    );
  return { kind: "sender", channel, isService, isChosen: false };
}

function hasFallback({ parameters }: VendorCall): boolean {
  return valueOf(parameters, "FallbackFrom") !== undefined;
}

/** A number gets a text, or media: the dearer of the two counts where the network may turn one into the other. */
function textWays(
  call: VendorCall,
  pricing: Pricing,
  to: Receiver,
  from: Sender,
  lists: ListPrices,
): readonly Priced[] {
  const { parameters } = call;
  const { name } = call.operation;
  const media = valuesOf(parameters, "MediaUrl").length;
  const asMedia = media > 0 || isOn(valueOf(parameters, "SendAsMms"));
  const body = parameters.get("Body") ?? "";
  // Where a phone or a network takes no media, a link to each stands in the text instead.
  const maySmarten = isOn(valueOf(parameters, "SmartEncoded")) || from.isService;
  const parts = withMargin((maySmarten ? smartSegmentsAtMost : segmentsAtMost)(body + LINK.repeat(media)));
  const { encoding } = countSegments(body);
  const packed = parts > 1 ? `${encoding}, with a margin` : encoding;
  const risk = riskItems(call, pricing, to);
  const text = [
    item(`${counted(parts, "segment")} (${packed}) to ${to.shown}`, parts, pricing, name, "sms_segment", to, lists),
    fee("carrier_fee_segment", parts, pricing, name, to),
    ...risk,
  ];
  const ways: Priced[] = [sum(text)];
  if (asMedia)
    ways.push(
      sum([
        item(`1 MMS to ${to.shown}`, 1, pricing, name, "mms", to),
        fee("carrier_fee_mms", 1, pricing, name, to),
        ...risk,
      ]),
    );
  // A messaging service may hold a sender of rich messages, which then sends it; `FallbackFrom` says that it does.
  if (hasFallback(call) || (from.isChosen && speaksOf(pricing, name, "rcs_message", to.cases)))
    ways.push(sum(messageOf("rcs", to, call, pricing)));
  return ways;
}

/** WhatsApp, Messenger, RCS and their kind: one price a message, and only where the operator writes it. */
function messageOf(channel: string, to: Receiver, call: VendorCall, pricing: Pricing): readonly Item[] {
  const { name } = call.operation;
  const shown = `1 ${channel === "rcs" ? "RCS" : channel} message to ${to.shown}`;
  return [
    item(shown, 1, pricing, name, `${channel}_message`, to),
    ...(channel === "rcs" ? riskItems(call, pricing, to) : []),
  ];
}

/** A check against artificially inflated traffic, on accounts where it is billed. */
function riskItems(call: VendorCall, pricing: Pricing, to: Receiver): readonly Item[] {
  const { name } = call.operation;
  if (valueOf(call.parameters, "RiskCheck") === "disable" || !speaksOf(pricing, name, "risk_check", to.cases))
    return [];
  return [item("1 risk check", 1, pricing, name, "risk_check", to)];
}

/** What networks add. Elsewhere than where they are known to, it is nothing unless somebody writes a price for it. */
function fee(unit: string, count: number, pricing: Pricing, operation: string, to: Receiver): Item {
  const cases = to.cases.filter(
    (each) => (each.iso !== null && FEE_COUNTRIES.has(each.iso)) || speaksOf(pricing, operation, unit, [each]),
  );
  if (cases.length === 0) return { kind: "free" };
  return item(counted(count, "carrier fee"), count, pricing, operation, unit, { ...to, cases });
}

function withMargin(parts: number): number {
  return parts > 1 ? parts + PARTS_MARGIN : parts;
}

// ----------------------------------------------------------------------------------------------------------------- calls

/** Accounts may be raised to a day at most: https://www.twilio.com/docs/voice/api/call-resource#timelimit */
const TIME_LIMIT_SECONDS_MAX = 86_400;
/** Text-to-speech bills by the begun hundred characters: https://www.twilio.com/docs/voice/twiml/say/text-speech */
const SPEECH_CHARACTERS = 100;

/** What a request makes of its leg, beyond the minutes. */
interface LegPlan {
  /** What of the request leaves the call without a bound; null: nothing does. */
  readonly open: string | null;
  readonly isRecorded: boolean;
  readonly detectsMachines: boolean;
  readonly isBranded: boolean;
  readonly viaOwnCarrier: boolean;
  readonly said: readonly Speech[];
}

function readLeg({ parameters }: Pick<VendorCall, "parameters">): LegPlan {
  const sent = (name: string): string | undefined => valueOf(parameters, name);
  const document = sent("Twiml");
  const twiml = document === undefined ? null : readTwiml(document);
  const record = sent("Record")?.toLowerCase();
  return {
    open: whyOpen(sent) ?? (twiml?.kind === "unbounded" ? `its TwiML ${twiml.why}` : null),
    isRecorded: record !== undefined && record !== "false",
    detectsMachines: sent("MachineDetection") !== undefined,
    isBranded: sent("CallReason") !== undefined,
    viaOwnCarrier: sent("Byoc") !== undefined,
    said: twiml?.kind === "speech" ? twiml.said : [],
  };
}

function whyOpen(sent: (name: string) => string | undefined): string | null {
  const what = UNBOUNDED.find(([name]) => sent(name) !== undefined);
  if (what !== undefined) return what[1];
  if (!["false", "do-not-record", undefined].includes(sent("ConferenceRecord")?.toLowerCase()))
    return "ConferenceRecord records everybody in the conference for as long as it lasts";
  const to = sent("To") ?? "";
  if (to.startsWith("app:")) return "an application answers with TwiML that is not in the request";
  // A SIP address at Twilio is a domain or trunk of somebody's account, which may dial on.
  return /^sips?:/i.test(to) && /twilio\.com/i.test(to) ? "a SIP address at Twilio may dial on" : null;
}

const FETCHES = "fetches TwiML that is not in the request, and that may dial";
const UNBOUNDED: readonly (readonly [name: string, why: string])[] = [
  ["Url", `Url ${FETCHES}`],
  ["FallbackUrl", `FallbackUrl ${FETCHES}`],
  ["ApplicationSid", "the application's TwiML is not in the request, and may dial"],
  ["WaitUrl", "WaitUrl fetches TwiML that is not in the request"],
  ["RecordingConfigurationId", "a recording configuration may switch on what is not in the request"],
];

function estimateLeg(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  const plan = readLeg(call);
  const known = estimateOwnLeg(call, plan, pricing, lookUps);
  if (plan.open !== null) return withoutBound(known, plan.open);
  // Priced as if it spoke once, which is what is known of it.
  if (plan.said.some(({ loops }) => loops === null) && speaksOf(pricing, call.operation.name, "tts", casesOfLeg(call)))
    return withoutBound(known, "its TwiML speaks until the call ends, and speech has a price");
  return known;
}

/** The leg that the request itself opens, without what its TwiML or its application may do. */
function estimateOwnLeg(call: VendorCall, plan: LegPlan, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate {
  const { name } = call.operation;
  const limit = readTimeLimit(call);
  if (typeof limit !== "number" && limit !== null) return limit;
  const to = calledOf(valueOf(call.parameters, "To"), call);
  if (to.kind === "refused") return to;
  const unit = plan.viaOwnCarrier ? "byoc_minute" : "minute";
  const asked: ReturnType<typeof readLists> = plan.viaOwnCarrier
    ? { kind: "lists", lists: new Map() }
    : readLists("voice", pricing, name, unit, to.cases, lookUps);
  if (asked.kind === "look_up") return asked;
  const minutes = Math.ceil((limit ?? TIME_LIMIT_SECONDS) / 60);
  const shown = `${counted(minutes, "minute")} to ${to.shown}`;
  const items = [
    item(shown, minutes, pricing, name, unit, to, asked.lists),
    // Keeping the recording bills on by the month; whoever prices it decides for how many.
    ...(plan.isRecorded
      ? [item(`${counted(minutes, "minute")} of recording`, minutes, pricing, name, "recording_minute", to)]
      : []),
    ...(plan.detectsMachines ? [item("1 machine detection", 1, pricing, name, "machine_detection", to)] : []),
    ...(plan.isBranded ? [item("1 call reason", 1, pricing, name, "call_reason", to)] : []),
    ...(isConference(call) && speaksOf(pricing, name, "conference_minute", to.cases)
      ? [item(`${counted(minutes, "minute")} of conference`, minutes, pricing, name, "conference_minute", to)]
      : []),
    speechItem(plan.said, pricing, name, to),
  ];
  const found = ofItems(items);
  if (found.kind !== "money" || limit !== null) return found;
  const basis = `TimeLimit=${TIME_LIMIT_SECONDS} is added, because without it a call may last four hours or more.`;
  return {
    ...found,
    basis: [...(found.basis ?? []), basis],
    inject: [["TimeLimit", String(TIME_LIMIT_SECONDS)]],
  };
}

function casesOfLeg(call: VendorCall): readonly Case[] {
  const to = calledOf(valueOf(call.parameters, "To"), call);
  return to.kind === "refused" ? [] : to.cases;
}

/** Whether what the call resource says in the end is everything that the request cost. */
export function isToldByItsPrice(call: VendorCall, pricing: Pricing): boolean {
  const plan = readLeg(call);
  const { name } = call.operation;
  const anywhere = casesOfLeg(call);
  return !(
    plan.open !== null ||
    plan.isRecorded ||
    plan.detectsMachines ||
    plan.isBranded ||
    (plan.said.length > 0 && speaksOf(pricing, name, "tts", anywhere)) ||
    (isConference(call) && speaksOf(pricing, name, "conference_minute", anywhere))
  );
}

function isConference({ operation }: VendorCall): boolean {
  return LEG_OPERATIONS.has(operation.name) && operation.name !== "calls.create";
}

/** Seconds; null where the request does not say. */
function readTimeLimit({ parameters }: VendorCall): number | null | Refused {
  const text = parameters.get("TimeLimit");
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(text))
    return refused("request_ambiguous", `TimeLimit is ${quoted(text)}. Write whole seconds.`);
  const seconds = Number(text);
  if (seconds > TIME_LIMIT_SECONDS_MAX)
    return refused("amount_unknown", `TimeLimit is more than the ${TIME_LIMIT_SECONDS_MAX} seconds of a day.`);
  return seconds;
}

/** Only on accounts that pay for it, which a price for `tts` says: the built-in voices are free. */
function speechItem(said: readonly Speech[], pricing: Pricing, operation: string, to: Receiver): Item {
  if (said.length === 0 || !speaksOf(pricing, operation, "tts", to.cases)) return { kind: "free" };
  let count = 0;
  for (const { characters, loops } of said) count += Math.ceil(characters / SPEECH_CHARACTERS) * (loops ?? 1);
  return item(
    `${SPEECH_CHARACTERS} characters of speech, ${counted(count, "time")},`,
    count,
    pricing,
    operation,
    "tts",
    to,
  );
}

// ---------------------------------------------------------------------------------------------------------------- verify

/** What `auto` may choose for a number: https://www.twilio.com/docs/verify/api/verification */
const AUTO_CHANNELS: readonly string[] = ["sms", "call", "whatsapp", "sna", "rcs"];

/** An attempt bills by its channel; that it succeeds bills once more, with the check. */
function estimateAttempt(call: VendorCall, pricing: Pricing): Estimate {
  const { parameters } = call;
  const { name } = call.operation;
  const channel = valueOf(parameters, "Channel");
  if (channel === undefined || !/^[a-z_]{1,32}$/.test(channel))
    return refused("request_ambiguous", `Channel is ${quoted(channel ?? "")}. Write one of Twilio's channels.`);
  const to = valueOf(parameters, "To");
  const called = channel === "email" ? receiver([ANY], "a mail address") : numberOf(to, call);
  if (called.kind === "refused") return called;
  const at = (one: string): Receiver => ({
    ...called,
    cases: called.cases.map(({ iso }) => ({
      qualifiers: iso === null ? [one] : [`${one}:${iso}`, one],
      iso: null,
    })),
  });
  // The text of a template is its own affair, and so in its price; what the request adds to it may need more parts.
  const added = `${parameters.get("CustomMessage") ?? ""}${parameters.get("TemplateCustomSubstitutions") ?? ""}`;
  const count = added === "" ? 1 : withMargin(segmentsAtMost(added)) + 1;
  const attempt = (one: string): Item =>
    item(`${counted(count, `${one} attempt`)} to ${called.shown}`, count, pricing, name, "attempt", at(one));
  if (channel !== "auto") return ofItems([attempt(channel)]);
  const auto = at("auto");
  if (speaksOf(pricing, name, "attempt", auto.cases)) return ofItems([attempt("auto")]);
  return dearestOf(AUTO_CHANNELS.map((one) => sum([attempt(one)])));
}

/** A right code, or an approval by hand. */
function estimateSuccess(call: VendorCall, pricing: Pricing): Estimate {
  const { parameters } = call;
  const { name } = call.operation;
  if (name === "verify.verifications.update" && valueOf(parameters, "Status") === "canceled")
    return { kind: "nothing" };
  const to = valueOf(parameters, "To");
  // Named by its id, or by a mail address, it may be of any country; the dearest counts.
  const who = to === undefined || isMail(to) ? ANYBODY : numberOf(to, call);
  if (who.kind === "refused") return who;
  return ofItems([item(`1 success for ${who.shown}`, 1, pricing, name, "success", who)]);
}

function isMail(to: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(to);
}

// --------------------------------------------------------------------------------------------------------------- lookups

/** Basic validation is free: https://www.twilio.com/docs/lookup/v2-api */
const FREE_FIELDS: ReadonlySet<string> = new Set(["validation"]);

function estimateLookup(call: VendorCall, pricing: Pricing): Estimate {
  const { parameters, pathParameters } = call;
  const fields = (valueOf(parameters, "Fields") ?? "").split(",");
  const asked = { number: pathParameters["PhoneNumber"], country: valueOf(parameters, "CountryCode") };
  return packagesOf(packages(fields, asked, call, pricing));
}

function estimateOldLookup(call: VendorCall, pricing: Pricing): Estimate {
  const { parameters, pathParameters } = call;
  const types = valuesOf(parameters, "Type").flatMap((type) => type.split(","));
  const asked = { number: pathParameters["PhoneNumber"], country: valueOf(parameters, "CountryCode") };
  const known = packagesOf(packages(types, asked, call, pricing));
  if (![...parameters.keys()].some((name) => name.startsWith("AddOns"))) return known;
  const number = lookedUp(asked, call);
  return number.kind === "refused" ? number : withoutBound(known, "the price of an add-on is not published in the API");
}

function estimateBatch(call: VendorCall, pricing: Pricing): Estimate {
  const numbers = new Map<string, { number: string | undefined; country: string | undefined; fields: string[] }>();
  for (const [name, value] of call.parameters) {
    const [, list = "", field = ""] = /^(\w+\[\d+\])\[(\w+)\]/.exec(name) ?? [];
    if (!BATCH_ROOTS.includes(rootOf(name)) || value === "") continue;
    if (field === "") return refused("request_ambiguous", `${rootOf(name)} is not a list of objects.`);
    const known = numbers.get(list) ?? { number: undefined, country: undefined, fields: [] };
    numbers.set(list, known);
    const isNumber = field === "phone_number" || field === "phoneNumber";
    const isCountry = field === "country_code" || field === "countryCode";
    if ((isNumber && known.number !== undefined) || (isCountry && known.country !== undefined))
      return refused("request_ambiguous", `${list} has its number or country in two spellings.`);
    if (isNumber) known.number = value;
    else if (isCountry) known.country = value;
    else if (field === "fields") known.fields.push(value);
  }
  return packagesOf(
    [...numbers.values()].flatMap(({ number, country, fields }) =>
      packages(fields, { number, country }, call, pricing),
    ),
  );
}

interface Asked {
  readonly number: string | undefined;
  readonly country: string | undefined;
}

/** How Twilio completes a number in national form is its own affair, so what costs something takes no such number. */
function lookedUp({ number, country }: Asked, call: VendorCall): Receiver | Refused {
  if (country !== undefined)
    return refused(
      "amount_unknown",
      `The country ${quoted(country)} is given beside the number, which may then be read in another form. Write the number as E.164, such as +14155552671, and leave the country out.`,
    );
  return numberOf(number, call, "");
}

/** Each of them bills by itself, also one that is named twice: nobody says that it would be done once. */
function packages(names: readonly string[], asked: Asked, call: VendorCall, pricing: Pricing): readonly Item[] {
  const paid = names.map((name) => name.trim()).filter((name) => name !== "" && !FREE_FIELDS.has(name));
  if (paid.length === 0) return [];
  const number = lookedUp(asked, call);
  if (number.kind === "refused") return [number];
  return paid.map((name) =>
    /^[a-z][a-z_-]{0,59}$/.test(name)
      ? item(`${name} of ${number.shown}`, 1, pricing, call.operation.name, name, number)
      : refused("request_ambiguous", `${quoted(name)} is not the name of a look-up.`),
  );
}

/** None asked for: then it costs nothing. */
function packagesOf(items: readonly Item[]): Estimate {
  return items.length === 0 ? { kind: "nothing" } : ofItems(items);
}

// ------------------------------------------------------------------------------------------------------------- receivers

interface Receiver {
  readonly kind: "receiver";
  /** Of a message over a channel other than that of telephone numbers: `whatsapp`. */
  readonly channel: string | null;
  readonly cases: readonly Case[];
  /** For sentences. */
  readonly shown: string;
}

const ANY: Case = { qualifiers: [], iso: null };
/** Somebody whom the request does not place: every price that there is may be the one. */
const ANYBODY: Receiver = receiver(
  [
    ANY,
    ...ALL_COUNTRIES.map((iso) => ({
      qualifiers: [iso],
      iso: null,
      missing: { qualifier: iso, shown: `${countryName(iso)} (${iso})` },
    })),
  ],
  "a receiver",
);

/** Channels whose users are not known by a telephone number: https://www.twilio.com/docs/messaging/channels */
const CHANNELS_WITHOUT_NUMBERS: ReadonlySet<string> = new Set(["messenger"]);

/** Whom a message goes to. */
function receiverOf(to: string | undefined, call: VendorCall): Receiver | Refused {
  const channel = to === undefined ? undefined : channelOf(to);
  if (to === undefined || channel === undefined) return numberOf(to, call);
  if (CHANNELS_WITHOUT_NUMBERS.has(channel)) return receiver([ANY], "a user", channel);
  const number = numberOf(to.slice(channel.length + 1), call);
  return number.kind === "refused" ? number : { ...number, channel };
}

function receiver(cases: readonly Case[], shown: string, channel: string | null = null): Receiver {
  return { kind: "receiver", channel, cases, shown };
}

/** `whatsapp` of `whatsapp:+14155552671`. */
function channelOf(address: string): string | undefined {
  return /^([a-z][a-z0-9_]{1,31}):/.exec(address)?.[1];
}

const PLACES: ReadonlyMap<string, readonly [qualifier: string, shown: string]> = new Map([
  ["app", ["app", "an application"]],
  ["client", ["client", "a client"]],
  ["sip", ["sip", "a SIP address"]],
  ["sips", ["sip", "a SIP address"]],
]);

/** Whom a call goes to. A client, a SIP address and an application are cases of their own. */
function calledOf(to: string | undefined, call: VendorCall): Receiver | Refused {
  const [, scheme = ""] = /^([a-z]+):./.exec(to ?? "") ?? [];
  const place = PLACES.get(scheme);
  if (place === undefined) return numberOf(to, call);
  return receiver([{ qualifiers: [place[0]], iso: null }], place[1]);
}

/** A price beside "*" is one of other countries, and never one of other spellings. `where` completes sentences. */
function numberOf(to: string | undefined, call: VendorCall, where = " in To"): Receiver | Refused {
  if (to === undefined || to === "")
    return refused("amount_unknown", `${call.operation.name} names no number${where}.`);
  const destination = destinationOf(to);
  if (destination !== null) return receiver(casesOf(to, destination), nameOf(destination));
  if (/^\+[1-9]\d{6,14}$/.test(to))
    return refused("price_unknown", `No country is known for the number ${quoted(to)}${where}.`);
  const hint = to.startsWith(" ") && / ?\d{7,15}$/.test(to) ? " A plus in a form is written %2B." : "";
  return refused(
    "amount_unknown",
    `${quoted(to)}${where} is no number that Keybrake can place. Write it as E.164, such as +14155552671.${hint}`,
  );
}

// ----------------------------------------------------------------------------------------------------------------- sums

type Item =
  | { readonly kind: "item"; readonly what: string; readonly count: number; readonly price: UnitPrice }
  | { readonly kind: "free" }
  | Refused;

function item(
  what: string,
  count: number,
  pricing: Pricing,
  operation: string,
  unit: string,
  { cases }: Pick<Receiver, "cases">,
  lists?: ListPrices,
): Item {
  const found = priceOf(pricing, operation, unit, cases, lists);
  if (found.kind === "none") return { kind: "refused", refusal: found.refusal };
  return { kind: "item", what, count, price: found.price };
}

interface Total {
  readonly kind: "total";
  readonly cost: bigint;
  readonly rateDate: string | null;
  readonly sentence: string;
}

type Priced = Total | Refused;

function sum(items: readonly Item[]): Priced {
  let cost = 0n;
  let rateDate: string | null = null;
  const pieces: string[] = [];
  for (const each of items) {
    if (each.kind === "refused") return each;
    if (each.kind === "free") continue;
    const { what, count, price } = each;
    cost += BigInt(count) * price.each;
    rateDate = price.rateDate ?? rateDate;
    pieces.push(`${what} at ${formatUsdForPeople(price.each)} ${price.by}`);
  }
  if (cost > MICRO_USD_MAX) return refused("amount_unknown", "It could cost more than Keybrake can count.");
  const text = pieces.join(", and ");
  const total = formatUsdForPeople(microUsd(cost));
  const sentence = `${text.charAt(0).toUpperCase()}${text.slice(1)}: ${total}.`;
  return { kind: "total", cost, rateDate, sentence };
}

function ofItems(items: readonly Item[]): Estimate {
  return dearestOf([sum(items)]);
}

/** One of several ways that it may go: all of them must have a price, and the dearest is held. */
function dearestOf(ways: readonly Priced[]): Estimate {
  let dearest: Total | null = null;
  for (const way of ways) {
    if (way.kind === "refused") return way;
    if (dearest === null || way.cost > dearest.cost) dearest = way;
  }
  if (dearest === null) return { kind: "nothing" };
  return {
    kind: "money",
    direction: "usage",
    amount: null,
    exposure: dearest.cost === 0n ? ZERO_USD : microUsd(dearest.cost),
    object: null,
    rateDate: dearest.rateDate,
    basis: [dearest.sentence],
  };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** As Twilio reads a switch; whatever is not plainly off may be on. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && value.toLowerCase() !== "false";
}

/** What is known of a request that something else leaves without a bound. What is refused by itself is refused here too. */
function withoutBound(known: Estimate, why: string): Estimate {
  switch (known.kind) {
    case "nothing":
      return { kind: "unbounded", direction: "usage", why };
    case "money":
      return {
        kind: "unbounded",
        direction: "usage",
        why,
        atLeast: known.exposure,
        ...(known.inject === undefined ? {} : { inject: known.inject }),
      };
    case "look_up":
    case "refused":
    case "unbounded":
      return known;
  }
}

function refused(code: RefusalCode, message: string): Refused {
  return { kind: "refused", refusal: refusal(code, message) };
}
