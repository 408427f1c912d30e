/**
 * What Twilio's answer says of money: a message or call as far as it is, a definite no, or that it cannot be told. A price comes
 * minutes or hours after the answer, so a message stays open until a later answer has it, whoever asked. It never throws.
 * https://www.twilio.com/docs/messaging/api/message-resource and https://www.twilio.com/docs/voice/api/call-resource
 */
import { ZERO_USD } from "@keybrake/core";
import type {
  Address,
  Credential,
  Estimate,
  Meter,
  MeterReading,
  MoneyEstimate,
  Pricing,
  VendorAnswer,
  VendorCall,
} from "@keybrake/core";
import { isRecord, readJson } from "../json.ts";
import { isOwnError } from "./errors.ts";
import { isToldByItsPrice, shortensLinks } from "./estimate.ts";
import { LEG_OPERATIONS } from "./parameters.ts";
import { usdOf } from "./prices.ts";

/** Prices are published within minutes of the end, mostly; the gateway then waits longer from question to question. */
const ASK_AGAIN_MS = 15_000;

export function meter(call: VendorCall, answer: VendorAnswer, pricing: Pricing, estimate: Estimate): MeterReading {
  // Lists are long, name no single object and move nothing.
  const json = call.operation.name.endsWith(".list") ? undefined : readJson(answer.body);
  return {
    meter:
      estimate.kind === "money" ? ofMoney(call, answer, json, pricing, estimate) : ofOther(call, answer, json, pricing),
    // Twilio knows no idempotency keys.
    replayed: false,
    vendorRequestId: requestId(answer.headers.get("twilio-request-id")),
    vendorObjectId: isDone(answer.status) && isRecord(json) ? (sidOf(json["sid"]) ?? sidOf(json["call_sid"])) : null,
  };
}

function isDone(status: number): boolean {
  return status >= 200 && status <= 299;
}

// ---------------------------------------------------------------------------------------------------------- money operations

function ofMoney(
  call: VendorCall,
  answer: VendorAnswer,
  json: unknown,
  pricing: Pricing,
  estimate: MoneyEstimate,
): Meter {
  const { status } = answer;
  const { name } = call.operation;
  const spent: Meter = { kind: "spent", moved: estimate.exposure, amount: null };
  if (isDone(status)) {
    if (answer.body === null) return unknown(`The vendor answered ${status}, and its answer cannot be read.`);
    if (name === "messages.create") return ofMessage(call, status, json, pricing, spent);
    if (LEG_OPERATIONS.has(name)) return ofLeg(call, status, json, pricing, spent);
    if (SUCCESSES.has(name)) return ofSuccess(status, json, spent);
    // Of everything else no answer ever carries a price, so what was held is what it counts as.
    return spent;
  }
  if (status < 400 || status > 499 || status === 408)
    return unknown(`The vendor answered ${status}, which does not say what was done.`);
  // A page from something in between says nothing of what Twilio did, whatever its status.
  if (!isOwnError(answer)) return unknown(`An answer of ${status} came that is no error of the vendor's.`);
  // A number that is not found has been looked for, and no page of Twilio's says that this is free.
  if (status === 404 && name.startsWith("lookups.")) return spent;
  // Also 429: refused by the limiter before anything was done (https://www.twilio.com/docs/api/errors/20429).
  return { kind: "definite_no" };
}

/** Followed to its price, unless its links are billed beside it by what becomes of them, which no answer tells. */
function ofMessage(call: VendorCall, status: number, json: unknown, pricing: Pricing, spent: Meter): Meter {
  const told = objectOf(call, json, pricing);
  if (told === null) return notRead(status);
  return shortensLinks(call) ? spent : told;
}

/**
 * Followed to its price where that is all it costs. Recordings, answering machines, speech and the legs that fetched TwiML dials
 * are billed beside it, and no answer about this call ever tells them: then what was held is what it counts as.
 */
function ofLeg(call: VendorCall, status: number, json: unknown, pricing: Pricing, spent: Meter): Meter {
  const told = objectOf(call, json, pricing);
  if (told === null) return notRead(status);
  return isToldByItsPrice(call, pricing) ? told : spent;
}

const SUCCESSES: ReadonlySet<string> = new Set(["verify.verification_checks.create", "verify.verifications.update"]);

/** A wrong code bills nothing, and the answer to it is a success of HTTP's. */
function ofSuccess(status: number, json: unknown, spent: Meter): Meter {
  if (!isRecord(json) || typeof json["status"] !== "string") return notRead(status);
  const isApproved = json["status"] === "approved" || json["valid"] === true;
  return isApproved ? spent : { kind: "spent", moved: ZERO_USD, amount: null };
}

// ------------------------------------------------------------------------------------------------------------------ objects

/** Calls that hold nothing: an answer about one message or call still tells how far it is. */
function ofOther(call: VendorCall, answer: VendorAnswer, json: unknown, pricing: Pricing): Meter {
  if (!isDone(answer.status) || !OBJECTS.has(call.operation.name)) return { kind: "nothing" };
  return objectOf(call, json, pricing) ?? { kind: "nothing" };
}

const OBJECTS: ReadonlySet<string> = new Set(["calls.fetch", "messages.fetch", "messages.update"]);

/** Without a price they cost nothing: a message that was called off before it went, a call that nobody answered. */
const FREE_ENDS: ReadonlySet<string> = new Set(["canceled", "busy", "failed", "no-answer"]);

/** Null when the answer is no message or call, or not the one that was asked for. */
function objectOf({ operation, pathParameters }: VendorCall, json: unknown, pricing: Pricing): Meter | null {
  if (!isRecord(json)) return null;
  const isMessage = operation.name.startsWith("messages.");
  const isParticipant = operation.name === "conferences.participants.create";
  const id = sidOf(json[isParticipant ? "call_sid" : "sid"]);
  if (id === null || !(isMessage ? /^(?:SM|MM)/ : /^CA/).test(id)) return null;
  if ((pathParameters["Sid"] ?? id) !== id) return null;
  const open = {
    kind: "object",
    id,
    moved: ZERO_USD,
    final: false,
    declined: false,
    amount: null,
    askAgainMs: ASK_AGAIN_MS,
  } as const;
  const final = { kind: "object", id, final: true, declined: false, amount: null } as const;
  // The participant itself has no price; its call has.
  if (isParticipant) return open;
  const { price, price_unit: currency, status } = json;
  if (price === null || price === undefined || price === "") {
    const isFree = typeof status === "string" && FREE_ENDS.has(status);
    // A message that failed may still be charged a fee, so it stays open.
    return isFree && !(isMessage && status === "failed") ? { ...final, moved: ZERO_USD } : open;
  }
  const usd = usdOf(price, currency, pricing, "reference");
  if (usd.kind === "usd") return { ...final, moved: usd.amount };
  return unknown(usd.kind === "unpriced" ? usd.why : `The price of ${id} cannot be read.`);
}

const SID = /^[A-Za-z]{2}[0-9A-Fa-f]{32}$/;

function sidOf(value: unknown): string | null {
  return typeof value === "string" && SID.test(value) ? value : null;
}

function notRead(status: number): Meter {
  return unknown(`The vendor answered ${status}, and its answer cannot be read.`);
}

function unknown(why: string): Meter {
  return { kind: "unknown", why };
}

function requestId(header: string | undefined): string | null {
  return header !== undefined && /^[\x21-\x7e]{1,255}$/.test(header) ? header : null;
}

// ---------------------------------------------------------------------------------------------------------------- follow-up

const FOLLOWED: ReadonlyMap<string, string> = new Map([
  ["messages.create", "Messages"],
  ["calls.create", "Calls"],
  ["conferences.participants.create", "Calls"],
]);

/**
 * Where the price will be told. `path` is that of the call which made the object: a sub-account's objects are found only in the
 * sub-account, and the credential names only its own account.
 */
export function followUp(operation: string, object: string, credential: Credential, path: string): Address | null {
  const resource = FOLLOWED.get(operation);
  const account = /^\/2010-04-01\/Accounts\/(AC[0-9a-f]{32})\//i.exec(path)?.[1] ?? credential.accountId;
  if (resource === undefined || account === null || !SID.test(object)) return null;
  const segments = ["2010-04-01", "Accounts", account, resource, `${object}.json`];
  return { path: `/${segments.join("/")}`, segments };
}
