// Messages: accepted at once, sent and delivered as the clock goes on, and priced minutes after that, as at Twilio.
// The price is settled by the seed when the message is accepted (which carrier, which sender of a service), and told late.

import type { JsonObject } from "../../shared/json.ts";
import { isSender, readAddress, senderType, type Address } from "../address.ts";
import { TwilioFailure, invalid } from "../errors.ts";
import { FEES, countryOf, smsPrice, type Country } from "../prices.ts";
import { NO_CONTENT, charged, created, found, ok, page, rfc2822 } from "../reply.ts";
import { countSegments, smartEncode } from "../segments.ts";
import type { OpenBill, Origin } from "../truth.ts";
import type { Account, Ask, Handler, World } from "../world.ts";

export interface Message {
  readonly sid: string;
  readonly account: string;
  readonly to: string;
  readonly origin: Origin;
  readonly service: string | null;
  readonly media: number;
  readonly segments: number;
  readonly createdAt: number;
  /** What a service has chosen when it sends. */
  readonly chosenFrom: string;
  readonly bill: OpenBill;
  from: string | null;
  body: string;
  status: "accepted" | "scheduled" | "queued" | "sent" | "delivered" | "canceled" | "failed";
  segmentsShown: number;
  updatedAt: number;
  sentAt: number | null;
  priceMicroUsd: bigint | null;
  error: { readonly code: number; readonly message: string } | null;
}

const BODY_LENGTH_MAX = 1600;
const MEDIA_MAX = 10;
const SENT_AFTER_MS = 1000;
const DELIVERED_AFTER_MS = 3000;
// twilio.com/docs/api/errors/35114, read 2026-11.
const SCHEDULE_MIN_MS = 15 * 60_000;
const SCHEDULE_MAX_MS = 35 * 86_400_000;
const CONTENT_LENGTH_MAX = BODY_LENGTH_MAX;

/** Twilio's magic numbers (twilio.com/docs/iam/test-credentials). Here they work with every credential. */
const MAGIC_TO: Readonly<Record<string, readonly [code: number, message: string] | undefined>> = {
  "+15005550001": [21211, "The 'To' number +15005550001 is not a valid phone number."],
  "+15005550002": [21612, "The 'To' phone number +15005550002 is not currently reachable via SMS."],
  "+15005550003": [
    21408,
    "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: +15005550003.",
  ],
  "+15005550004": [21610, "Attempt to send to unsubscribed recipient"],
  "+15005550009": [21614, "'To' number +15005550009 is not a mobile number"],
};
const MAGIC_FROM: Readonly<Record<string, readonly [code: number, message: string] | undefined>> = {
  "+15005550001": [
    21212,
    "The 'From' number +15005550001 is not a valid phone number, shortcode, or alphanumeric sender ID.",
  ],
  "+15005550007": [21606, "The 'From' phone number +15005550007 is not a valid, message-capable Twilio phone number."],
  "+15005550008": [21611, "This 'From' number has exceeded the maximum number of queued messages"],
};

const create: Handler = (ask) => {
  const { params } = ask;
  const service = params.text("MessagingServiceSid") ?? null;
  const from = params.text("From") ?? null;
  const to = params.text("To");
  if (to === undefined) throw invalid(21604, "A 'To' phone number is required.");
  if (service === null && from === null) throw invalid(21603, "A 'From' phone number is required.");
  if (service !== null && !/^MG[0-9a-f]{32}$/i.test(service)) {
    throw invalid(21701, `The Messaging Service Sid ${service} is not valid.`);
  }
  const content = params.text("ContentSid");
  const media = params.all("MediaUrl");
  const body = content === undefined ? (params.text("Body") ?? "") : contentOf(ask.world, content);
  if (body === "" && media.length === 0) throw invalid(21619, "A text message body or media urls must be specified.");
  if (body.length > BODY_LENGTH_MAX) {
    throw invalid(21617, "The concatenated message body exceeds the 1600 character limit");
  }
  if (media.length > MEDIA_MAX) throw invalid(21623, "Number of media files exceeds allowed limit");
  const sendAt = scheduleOf(ask, service);
  const message = accept(ask.world, ask.account, ask.origin, {
    to,
    from,
    service,
    body: params.flag("SmartEncoded") ? smartEncode(body) : body,
    media: media.length,
    asMms: media.length > 0 || params.flag("SendAsMms"),
    template: content !== undefined,
    sendAt,
  });
  return created("Message", write(message));
};

export interface Draft {
  readonly to: string;
  readonly from: string | null;
  readonly service: string | null;
  readonly body: string;
  readonly media: number;
  readonly asMms: boolean;
  readonly template: boolean;
  readonly sendAt: number | null;
}

/** From here on the message is billed, unless it is canceled before it is sent. */
export function accept(world: World, account: Account, origin: Origin, draft: Draft): Message {
  const to = readAddress(draft.to);
  const magicTo = MAGIC_TO[to.value];
  if (magicTo !== undefined) throw invalid(...magicTo);
  if (!to.isNumber && to.channel !== "messenger") {
    throw invalid(21211, `The 'To' number ${draft.to} is not a valid phone number.`);
  }
  const from = draft.from === null ? chosenSender(world, to) : readAddress(draft.from);
  const magicFrom = MAGIC_FROM[from.value];
  if (magicFrom !== undefined) throw invalid(...magicFrom);
  if (!isSender(from) && from.channel !== "messenger") {
    const message = `The 'From' number ${draft.from} is not a valid phone number, shortcode, or alphanumeric sender ID.`;
    throw invalid(21212, message);
  }
  if (from.channel !== to.channel) {
    throw invalid(63007, "Twilio could not find a Channel with the specified From address");
  }
  const sid = world.newSid(draft.asMms ? "MM" : "SM");
  const { segments, ...price } = priceOf(world, to, from, draft);
  const at = world.now();
  const message: Message = {
    sid,
    account: account.sid,
    to: to.channel === "sms" ? to.value : `${to.channel}:${to.value}`,
    origin,
    service: draft.service,
    media: draft.media,
    segments,
    createdAt: at,
    chosenFrom: from.channel === "sms" ? from.value : `${from.channel}:${from.value}`,
    bill: world.truth.open({ kind: "message", objectId: sid, account: account.sid, ...price }, origin, at),
    from: draft.from,
    body: draft.body,
    status: draft.sendAt !== null ? "scheduled" : draft.service !== null ? "accepted" : "queued",
    segmentsShown: draft.service !== null || draft.sendAt !== null ? 0 : segments,
    updatedAt: at,
    sentAt: null,
    priceMicroUsd: null,
    error: null,
  };
  world.messages.add(message);
  world.due.at((draft.sendAt ?? at) + SENT_AFTER_MS, (sentAt) => send(world, message, sentAt));
  return message;
}

type Priced = Pick<ReturnType<OpenBill["current"]>, "category" | "what" | "unit" | "units" | "unitMicroUsd"> & {
  readonly segments: number;
};

function priceOf(world: World, to: Address, from: Address, draft: Draft): Priced {
  if (to.channel !== "sms") {
    const country = countryOf(to.value);
    const template = draft.template && to.channel === "whatsapp" ? (country?.whatsappTemplate ?? 0n) : 0n;
    const fee = to.channel === "whatsapp" ? FEES.whatsappMessage : FEES.messengerMessage;
    const category = `channels-${to.channel}-outbound`;
    return { category, what: to.channel, unit: "message", units: 1, unitMicroUsd: fee + template, segments: 1 };
  }
  const country = countryOf(to.value);
  if (country === undefined) throw regionNotEnabled(to.value);
  if (draft.asMms) return mmsPrice(country, to, from);
  const carrier = world.pick(carriersOf(country));
  const { count } = countSegments(draft.body);
  const fee = world.options.carrierFees ? country.carrierFee : 0n;
  return {
    category: "sms-outbound",
    what: `${country.iso} ${carrier.name}`,
    unit: "segment",
    units: count,
    unitMicroUsd: smsPrice(carrier, senderType(from.value)) + fee,
    segments: count,
  };
}

function mmsPrice(country: Country, to: Address, from: Address): Priced {
  if (country.mms === null) {
    const message = `The 'To' phone number: ${to.value}, is not currently reachable using the 'From' phone number: ${from.value} via MMS.`;
    throw invalid(21612, message);
  }
  const what = `${country.iso} MMS`;
  return { category: "mms-outbound", what, unit: "message", units: 1, unitMicroUsd: country.mms, segments: 1 };
}

function regionNotEnabled(to: string): TwilioFailure {
  const message = `Permission to send an SMS has not been enabled for the region indicated by the 'To' number: ${to}.`;
  return invalid(21408, message);
}

function carriersOf(country: Country): readonly [Country["carriers"][number], ...Country["carriers"][number][]] {
  const [first, ...rest] = country.carriers;
  if (first === undefined) throw new Error(`${country.iso} has no carrier`);
  return [first, ...rest];
}

/** A service's pool has a number of every kind; which one sends is the seed's. */
function chosenSender(world: World, to: Address): Address {
  const value = world.pick(["+15005550006", "+18885550006", "55501"]);
  return { channel: to.channel, value, isNumber: value.startsWith("+") };
}

/** A template's text is not in the request, and may be as long as any message and of any letters. */
function contentOf(world: World, contentSid: string): string {
  if (!/^HX[0-9a-f]{32}$/i.test(contentSid)) throw invalid(21656, "The ContentSid Parameter is Invalid");
  return world.pick(["t", "ж"]).repeat(world.whole(1, CONTENT_LENGTH_MAX));
}

/**
 * When it is to be sent; null is now. Without a service Twilio drops the scheduling parameters and sends at once (support
 * article 4412165297947, on the feature's beta), so a schedule is no brake on money.
 */
function scheduleOf(ask: Ask, service: string | null): number | null {
  const { params, world } = ask;
  if (params.text("ScheduleType") === undefined || service === null) return null;
  const at = Date.parse(params.text("SendAt") ?? "");
  const ahead = at - world.now();
  if (ahead >= SCHEDULE_MIN_MS && ahead <= SCHEDULE_MAX_MS) return at;
  throw invalid(35114, "SendAt must be between 15 minutes and 35 days in the future");
}

function send(world: World, message: Message, at: number): void {
  if (message.status === "canceled" || message.status === "failed" || message.sentAt !== null) return;
  message.status = "sent";
  message.from = message.chosenFrom;
  message.segmentsShown = message.segments;
  message.sentAt = at;
  message.updatedAt = at;
  world.due.at(at + DELIVERED_AFTER_MS, (deliveredAt) => {
    if (message.status !== "sent") return;
    message.status = "delivered";
    message.updatedAt = deliveredAt;
  });
  world.due.at(at + DELIVERED_AFTER_MS + world.options.priceDelayMs, (pricedAt) => publishPrice(message, pricedAt));
}

function publishPrice(message: Message, at: number): void {
  message.bill.bill(at);
  const bill = message.bill.current();
  if (bill.state === "billed") message.priceMicroUsd = bill.microUsd;
}

/** At once what the clock would have brought; or a failure, which is not billed as a message but as one that failed. */
export function finishMessage(world: World, message: Message, outcome: "succeed" | "fail"): void {
  const at = world.now();
  if (message.status === "canceled" || message.status === "failed" || message.priceMicroUsd !== null) return;
  message.from = message.chosenFrom;
  message.segmentsShown = message.segments;
  message.sentAt ??= at;
  message.updatedAt = at;
  if (outcome === "succeed") {
    message.status = "delivered";
    publishPrice(message, at);
    return;
  }
  message.status = "failed";
  message.error = { code: 30008, message: "Unknown error" };
  message.bill.void();
  const fee = {
    category: "failed-message-processing-fee",
    what: "a message that failed",
    unit: "message",
    units: 1,
  } as const;
  const facts = { kind: "failed_message", objectId: message.sid, account: message.account, ...fee } as const;
  world.truth.billNow({ ...facts, unitMicroUsd: FEES.failedMessage }, message.origin, at);
}

const list: Handler = (ask) => {
  const { params, world, account } = ask;
  const to = params.text("To");
  const from = params.text("From");
  const keep = (message: Message): boolean =>
    (to === undefined || message.to === to) &&
    (from === undefined || message.from === from) &&
    sentWithin(ask, message.sentAt ?? message.createdAt);
  return page(ask, "messages", world.messages.newestFirst(account.sid).filter(keep), write);
};

/** `DateSent` is a day; `DateSent>` and `DateSent<` take a day or a moment, and mean "or the same". */
function sentWithin(ask: Ask, at: number): boolean {
  const { params } = ask;
  const on = params.text("DateSent");
  const after = params.text("DateSent>");
  const before = params.text("DateSent<");
  const moment = (text: string): number => {
    const value = Date.parse(text);
    if (Number.isNaN(value)) throw invalid(20001, "DateSent is not a date");
    return value;
  };
  if (on !== undefined && new Date(at).toISOString().slice(0, 10) !== new Date(moment(on)).toISOString().slice(0, 10)) {
    return false;
  }
  return (after === undefined || at >= moment(after)) && (before === undefined || at <= moment(before));
}

const byId = (ask: Ask, [sid = ""]: readonly string[]): Message =>
  found(ask.world.messages.find(ask.account.sid, sid), ask);

const fetch: Handler = (ask, ids) => ok("Message", write(byId(ask, ids)));

const update: Handler = (ask, ids) => {
  const message = byId(ask, ids);
  const { params, world } = ask;
  const status = params.text("Status");
  if (status !== undefined && status !== "canceled") throw invalid(20001, "Status can only be set to canceled");
  if (status === "canceled") {
    if (message.status !== "scheduled") throw new TwilioFailure(409, 30409, "This message cannot be canceled");
    message.status = "canceled";
    message.bill.void();
  }
  if (params.raw("Body") === "") message.body = "";
  message.updatedAt = world.now();
  return ok("Message", write(message));
};

/** What it cost stays on the bill. */
const remove: Handler = (ask, ids) => {
  ask.world.messages.delete(byId(ask, ids).sid);
  return NO_CONTENT;
};

function write(message: Message): JsonObject {
  const uri = `/2010-04-01/Accounts/${message.account}/Messages/${message.sid}`;
  return {
    body: message.body,
    num_segments: String(message.segmentsShown),
    direction: "outbound-api",
    from: message.from,
    date_updated: rfc2822(message.updatedAt),
    price: message.priceMicroUsd === null ? null : charged(message.priceMicroUsd),
    error_message: message.error?.message ?? null,
    uri: `${uri}.json`,
    account_sid: message.account,
    num_media: String(message.media),
    to: message.to,
    date_created: rfc2822(message.createdAt),
    status: message.status,
    sid: message.sid,
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    messaging_service_sid: message.service,
    error_code: message.error?.code ?? null,
    price_unit: "USD",
    api_version: "2010-04-01",
    subresource_uris: { media: `${uri}/Media.json` },
  };
}

export const messages: Readonly<Record<string, Handler>> = {
  "POST api Messages": create,
  "GET api Messages": list,
  "GET api Messages/*": fetch,
  "POST api Messages/*": update,
  "DELETE api Messages/*": remove,
};
