// Verify: a fee for every attempt, told late; another for every number that proves itself, billed at once. The right code is
// the seed's, and a test may ask the sandbox for it.

import type { JsonObject } from "../../shared/json.ts";
import { e164 } from "../address.ts";
import { TwilioFailure, invalid } from "../errors.ts";
import { FEES, countryOf, smsPrice, voicePrice } from "../prices.ts";
import { NO_CONTENT, created, dollars, found, hostUrl, iso8601, ok, page } from "../reply.ts";
import type { OpenBill, Origin } from "../truth.ts";
import type { Ask, Handler, World } from "../world.ts";

export interface VerifyService {
  readonly sid: string;
  readonly account: string;
  readonly codeLength: number;
  readonly createdAt: number;
  friendlyName: string;
}

export interface Verification {
  readonly sid: string;
  readonly account: string;
  readonly service: string;
  readonly to: string;
  readonly code: string;
  readonly createdAt: number;
  readonly attempts: Attempt[];
  channel: string;
  status: "pending" | "approved" | "canceled" | "max_attempts_reached" | "expired";
  checks: number;
  updatedAt: number;
}

export interface Attempt {
  readonly sid: string;
  readonly account: string;
  readonly service: string;
  readonly verification: Verification;
  readonly channel: string;
  readonly createdAt: number;
  readonly bill: OpenBill;
}

const LIFE_MS = 600_000;
const SENDS_MAX = 5;
const CHECKS_MAX = 5;
const URL = `${hostUrl("verify")}/v2/Services`;

const createService: Handler = ({ world, account, params }) => {
  const service = world.verifyServices.add({
    sid: world.newSid("VA"),
    account: account.sid,
    codeLength: params.whole("CodeLength", 4, 10) ?? 6,
    createdAt: world.now(),
    friendlyName: params.required("FriendlyName"),
  });
  return created("Service", writeService(service));
};

const serviceOf = (ask: Ask, [sid = ""]: readonly string[]): VerifyService =>
  found(ask.world.verifyServices.find(ask.account.sid, sid), ask);

const listServices: Handler = (ask) =>
  page(ask, "services", ask.world.verifyServices.newestFirst(ask.account.sid), writeService);

const fetchService: Handler = (ask, ids) => ok("Service", writeService(serviceOf(ask, ids)));

const removeService: Handler = (ask, ids) => {
  ask.world.verifyServices.delete(serviceOf(ask, ids).sid);
  return NO_CONTENT;
};

function writeService(service: VerifyService): JsonObject {
  const url = `${URL}/${service.sid}`;
  const at = iso8601(service.createdAt);
  return {
    sid: service.sid,
    account_sid: service.account,
    friendly_name: service.friendlyName,
    code_length: service.codeLength,
    lookup_enabled: false,
    psd2_enabled: false,
    skip_sms_to_landlines: false,
    dtmf_input_required: true,
    tts_name: null,
    do_not_share_warning_enabled: false,
    custom_code_enabled: true,
    default_template_sid: null,
    verify_event_subscription_enabled: false,
    date_created: at,
    date_updated: at,
    url,
    links: {
      verification_checks: `${url}/VerificationCheck`,
      verifications: `${url}/Verifications`,
      rate_limits: `${url}/RateLimits`,
      messaging_configurations: `${url}/MessagingConfigurations`,
      entities: `${url}/Entities`,
      webhooks: `${url}/Webhooks`,
      access_tokens: `${url}/AccessTokens`,
    },
  };
}

/** Another attempt where one is pending for the same receiver, as at Twilio; a new verification otherwise. */
const create: Handler = (ask, ids) => {
  const service = serviceOf(ask, ids);
  const { world, account, params, origin } = ask;
  const given = params.text("To");
  const channel = params.text("Channel")?.toLowerCase();
  if (given === undefined || channel === undefined) throw invalid(60200, "Missing required parameter To or Channel");
  const to = receiver(given, channel);
  const fee = feeOf(world, to, channel);
  const at = world.now();
  const pending = pendingFor(ask, service, to);
  if (pending !== undefined && pending.attempts.length >= SENDS_MAX) {
    throw new TwilioFailure(429, 60203, "Max send attempts reached");
  }
  const verification =
    pending ??
    world.verifications.add({
      sid: world.newSid("VE"),
      account: account.sid,
      service: service.sid,
      to,
      code:
        params.text("CustomCode") ??
        String(world.whole(0, 10 ** service.codeLength - 1)).padStart(service.codeLength, "0"),
      createdAt: at,
      attempts: [],
      channel,
      status: "pending",
      checks: 0,
      updatedAt: at,
    });
  verification.channel = channel;
  verification.updatedAt = at;
  attempt(world, verification, channel, fee, origin);
  return created("Verification", write(verification));
};

function receiver(given: string, channel: string): string {
  if (channel === "email") {
    if (/^[^@\s]+@[^@\s]+$/.test(given)) return given;
    throw invalid(60200, `Invalid parameter \`To\`: ${given}`);
  }
  // Strictly with its plus (twilio.com/docs/api/errors/60200), unlike a message's receiver.
  const to = given.startsWith("+") ? e164(given) : undefined;
  if (to === undefined) throw invalid(60200, `Invalid parameter \`To\`: ${given}`);
  return to;
}

interface Fee {
  readonly what: string;
  readonly microUsd: bigint;
}

function feeOf(world: World, to: string, channel: string): Fee {
  if (channel === "email") return { what: channel, microUsd: FEES.verifyEmail };
  const country = countryOf(to);
  const [first, ...rest] = country?.carriers ?? [];
  if (country === undefined || first === undefined) {
    throw new TwilioFailure(403, 60605, "The destination phone number has been blocked by Verify Geo-Permissions");
  }
  const what = `${channel} ${country.iso}`;
  switch (channel) {
    case "sms":
    case "auto":
      return { what, microUsd: smsPrice(world.pick([first, ...rest]), "mobile") };
    case "call":
      return { what, microUsd: voicePrice(to, "")?.perMinute ?? 0n };
    case "whatsapp":
      return { what, microUsd: FEES.verifyWhatsapp };
    case "sna":
      return { what, microUsd: FEES.verifySilent };
    default:
      throw invalid(60200, `Invalid parameter \`Channel\`: ${channel}`);
  }
}

function attempt(world: World, verification: Verification, channel: string, fee: Fee, origin: Origin): void {
  const at = world.now();
  const sid = world.newSid("VL");
  const { account, service } = verification;
  const facts = {
    kind: "verification",
    objectId: sid,
    account,
    category: `verify-${channel}-attempts`,
    what: fee.what,
    unit: "attempt",
    units: 1,
    unitMicroUsd: fee.microUsd,
  } as const;
  const bill = world.truth.open(facts, origin, at);
  const made: Attempt = { sid, account, service, verification, channel, createdAt: at, bill };
  verification.attempts.push(made);
  world.attempts.add(made);
  world.due.at(at + world.options.priceDelayMs, (pricedAt) => bill.bill(pricedAt));
}

/** The verification that still waits for its code; what has waited too long has expired. */
function pendingFor({ world, account }: Ask, service: VerifyService, to: string): Verification | undefined {
  return world.verifications
    .group(account.sid, to)
    .find((each) => each.service === service.sid && stillPending(world, each));
}

function stillPending(world: World, verification: Verification): boolean {
  if (verification.status !== "pending") return false;
  if (world.now() - verification.createdAt <= LIFE_MS) return true;
  verification.status = "expired";
  return false;
}

/** By its SID, or by the receiver's number while it is pending. */
function verificationOf(ask: Ask, [serviceSid = "", id = ""]: readonly string[]): Verification {
  const service = serviceOf(ask, [serviceSid]);
  const byId = ask.world.verifications.find(ask.account.sid, id);
  if (byId !== undefined && byId.service === service.sid) return byId;
  return found(pendingFor(ask, service, id), ask);
}

const fetch: Handler = (ask, ids) => ok("Verification", write(verificationOf(ask, ids)));

/** Who approves by hand has verified too: the fee for success is due. */
const update: Handler = (ask, ids) => {
  const verification = verificationOf(ask, ids);
  const status = ask.params.text("Status");
  if (status !== "approved" && status !== "canceled") throw invalid(60200, "Invalid parameter `Status`");
  if (verification.status === "pending") conclude(ask, verification, status);
  return ok("Verification", write(verification));
};

function conclude({ world, origin }: Ask, verification: Verification, status: "approved" | "canceled"): void {
  const at = world.now();
  verification.status = status;
  verification.updatedAt = at;
  if (status === "canceled") return;
  const facts = {
    kind: "verification_success",
    objectId: verification.sid,
    account: verification.account,
    category: "verify-success",
    what: `approved: ${verification.to}`,
    unit: "attempt",
    units: 1,
    unitMicroUsd: FEES.verificationSuccess,
  } as const;
  world.truth.billNow(facts, origin, at);
}

const check: Handler = (ask, ids) => {
  const service = serviceOf(ask, ids);
  const { params } = ask;
  const sid = params.text("VerificationSid");
  const given = params.text("To");
  if (sid === undefined && given === undefined)
    throw invalid(60200, "Missing required parameter To or VerificationSid");
  const verification = found(waitingFor(ask, service, sid, given ?? ""), ask);
  if (verification.checks >= CHECKS_MAX) {
    verification.status = "max_attempts_reached";
    throw new TwilioFailure(429, 60202, "Max check attempts reached");
  }
  verification.checks += 1;
  if (params.required("Code") === verification.code) conclude(ask, verification, "approved");
  return created("VerificationCheck", { ...common(verification), sna_attempts_error_codes: [] });
};

function waitingFor(
  ask: Ask,
  service: VerifyService,
  sid: string | undefined,
  given: string,
): Verification | undefined {
  if (sid === undefined) return pendingFor(ask, service, e164(given) ?? given);
  const { world, account } = ask;
  const verification = world.verifications.find(account.sid, sid);
  return verification?.service === service.sid && stillPending(world, verification) ? verification : undefined;
}

function common(verification: Verification): Record<string, string | boolean | null> {
  return {
    sid: verification.sid,
    service_sid: verification.service,
    account_sid: verification.account,
    to: verification.to,
    channel: verification.channel,
    status: verification.status,
    valid: verification.status === "approved",
    date_created: iso8601(verification.createdAt),
    date_updated: iso8601(verification.updatedAt),
    amount: null,
    payee: null,
  };
}

function write(verification: Verification): JsonObject {
  return {
    ...common(verification),
    lookup: {},
    send_code_attempts: verification.attempts.map((each) => ({
      time: iso8601(each.createdAt),
      channel: each.channel.toUpperCase(),
      attempt_sid: each.sid,
    })),
    sna: null,
    url: `${URL}/${verification.service}/Verifications/${verification.sid}`,
  };
}

const listAttempts: Handler = (ask) => {
  const sid = ask.params.text("VerificationSid");
  const own = ask.world.attempts.newestFirst(ask.account.sid);
  return page(
    ask,
    "attempts",
    own.filter((each) => sid === undefined || each.verification.sid === sid),
    writeAttempt,
  );
};

const fetchAttempt: Handler = (ask, [sid = ""]) =>
  ok("Attempt", writeAttempt(found(ask.world.attempts.find(ask.account.sid, sid), ask)));

function writeAttempt(one: Attempt): JsonObject {
  const bill = one.bill.current();
  const at = iso8601(one.createdAt);
  return {
    sid: one.sid,
    account_sid: one.account,
    service_sid: one.service,
    verification_sid: one.verification.sid,
    date_created: at,
    date_updated: at,
    conversion_status: one.verification.status === "approved" ? "converted" : "unconverted",
    channel: one.channel,
    price:
      bill.state === "billed" ? { value: dollars(bill.microUsd, 3), currency: "usd" } : { value: null, currency: null },
    channel_data: { verification_sid: one.verification.sid, to: one.verification.to },
    url: `${hostUrl("verify")}/v2/Attempts/${one.sid}`,
  };
}

export const verify: Readonly<Record<string, Handler>> = {
  "POST verify v2/Services": createService,
  "GET verify v2/Services": listServices,
  "GET verify v2/Services/*": fetchService,
  "DELETE verify v2/Services/*": removeService,
  "POST verify v2/Services/*/Verifications": create,
  "GET verify v2/Services/*/Verifications/*": fetch,
  "POST verify v2/Services/*/Verifications/*": update,
  "POST verify v2/Services/*/VerificationCheck": check,
  "GET verify v2/Attempts": listAttempts,
  "GET verify v2/Attempts/*": fetchAttempt,
};
