/**
 * What a call to Twilio may not reach, whatever its path is allowed: other accounts, and parameters of money operations that nobody
 * has thought through. Those are allowed by name, each counted in estimate.ts or free; one that is not known is refused like an
 * operation that is not known. Addresses that Twilio calls back are free: they hear of money and move none. Counts no money.
 */
import { refusal } from "@keybrake/core";
import type { Refusal, VaultKey, VendorCall } from "@keybrake/core";
import { quoted } from "../form.ts";
import { standInAccount } from "./addresses.ts";
import { BATCH_ROOTS, rootOf } from "./parameters.ts";

export function checkReach(call: VendorCall, key: VaultKey): Refusal | null {
  return checkHeaders(call) ?? checkAccounts(call, key) ?? checkParameters(call);
}

function no(message: string): Refusal {
  return refusal("parameter_not_allowed", message);
}

// --------------------------------------------------------------------------------------------------------------- headers

/**
 * Headers of Twilio's own that its SDKs send (npm twilio 6.2.0; twilio-python 9.13.0 and twilio-java 13.0.1 say their version in
 * `X-Twilio-Client`). `I-Twilio-Idempotency-Token`, which Twilio sends with its webhooks,
 * passes like every other header: nothing documents that it would do anything.
 */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "x-twilio-api-version",
  "x-twilio-client",
  "x-twilio-webhook-enabled",
]);

function checkHeaders({ request, operation }: VendorCall): Refusal | null {
  for (const name of request.headers.keys()) {
    if (!name.startsWith("x-twilio-")) continue;
    if (!OWN_HEADERS.has(name)) return no(`The header ${quoted(name)} is none that Keybrake knows of Twilio.`);
    // Another version may read the same parameters in another way.
    if (name === "x-twilio-api-version" && operation.class === "money")
      return no(`The header ${name} may change what the parameters of ${operation.name} mean.`);
  }
  return null;
}

// -------------------------------------------------------------------------------------------------------------- accounts

const ACCOUNT_SID = /AC[0-9a-f]{32}/gi;
/** Words for people, in which an id is only mentioned. */
const WORDS: ReadonlySet<string> = new Set(["Attributes", "Body", "Description", "FriendlyName"]);

/**
 * Sub-accounts only where the key names them, also where a parameter does: a number can be handed to another account, for one.
 * A parameter goes upstream as it came, so the key's stand-in means nothing there.
 */
function checkAccounts(call: VendorCall, key: VaultKey): Refusal | null {
  const standIn = standInAccount(key);
  const own = call.pathParameters["AccountSid"];
  for (const [name, value] of call.parameters) {
    if (WORDS.has(rootOf(name))) continue;
    for (const [sid] of value.matchAll(ACCOUNT_SID)) {
      if (sid === own || key.accounts.includes(sid)) continue;
      if (sid === standIn)
        return no(
          `The parameter ${quoted(name)} has this vault key's account_sid, which only paths may have: Twilio does not know it.`,
        );
      return no(`The parameter ${quoted(name)} names an account that this vault key does not name.`);
    }
  }
  return null;
}

// ------------------------------------------------------------------------------------------------------------ parameters

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** What a leg may be told: whom and how long to call, what to do when it is answered, whom to tell of it. */
const LEG = words(`
  To From CallerId CallToken CallReason Byoc Passports SipAuthUsername SipAuthPassword
  TimeLimit Timeout
  Record RecordingChannels RecordingConfigurationId RecordingTrack Trim
  RecordingStatusCallback RecordingStatusCallbackMethod RecordingStatusCallbackEvent
  MachineDetection MachineDetectionTimeout MachineDetectionSpeechThreshold MachineDetectionSpeechEndThreshold
  MachineDetectionSilenceTimeout
  StatusCallback StatusCallbackEvent StatusCallbackMethod ClientNotificationUrl
`);

/** By operation: the parameters that were thought through (npm twilio 6.2.0 and twilio-oai of 2026-04-14). */
const ALLOWED: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    "messages.create": words(`
      To From FallbackFrom MessagingServiceSid Body MediaUrl ContentSid ContentVariables
      ShortenUrls SmartEncoded SendAsMms PersistentAction
      ScheduleType SendAt ValidityPeriod Attempt ForceDelivery MaxPrice
      ContentRetention AddressRetention TrafficType MessageIntent RiskCheck ProvideFeedback
      StatusCallback ApplicationSid
    `),
    "calls.create": [
      ...LEG,
      ...words("Url Method Twiml ApplicationSid FallbackUrl FallbackMethod SendDigits"),
      ...words("AsyncAmd AsyncAmdStatusCallback AsyncAmdStatusCallbackMethod"),
    ],
    // Not those for emergency calls (`Emergency...`): their fees are not published in the API.
    "conferences.participants.create": [
      ...LEG,
      ...words("Label Muted Beep StartConferenceOnEnter EndConferenceOnExit EarlyMedia MaxParticipants Region"),
      ...words("WaitUrl WaitMethod Coaching CallSidToCoach JitterBufferSize CallerDisplayName"),
      ...words("ConferenceRecord ConferenceTrim"),
      ...words("ConferenceStatusCallback ConferenceStatusCallbackMethod ConferenceStatusCallbackEvent"),
      ...words("ConferenceRecordingStatusCallback ConferenceRecordingStatusCallbackMethod"),
      ...words("ConferenceRecordingStatusCallbackEvent AmdStatusCallback AmdStatusCallbackMethod"),
    ],
    // Text that the request adds is counted (`CustomMessage`, `TemplateCustomSubstitutions`); names and tags are not sent, or short.
    "verify.verifications.create": words(`
      To Channel CustomFriendlyName CustomMessage CustomCode SendDigits Locale AppHash TemplateSid Templates TemplateCustomSubstitutions
      ChannelConfiguration RateLimits DeviceIp EnableSnaClientToken RiskCheck Tags Amount Payee
    `),
    "verify.verifications.update": words("Status"),
    "verify.verification_checks.create": words("Code To VerificationSid Amount Payee SnaClientToken"),
    "lookups.phone_numbers.fetch": words(`
      Fields CountryCode FirstName LastName AddressLine1 AddressLine2 City State PostalCode AddressCountryCode NationalId
      DateOfBirth LastVerifiedDate VerificationSid PartnerSubId
    `),
    "lookups.v1.phone_numbers.fetch": words("CountryCode Type AddOns"),
    "lookups.batch.query": BATCH_ROOTS,
  }).map(([name, names]) => [name, new Set(names)]),
);

/** What one number of a batch may have, as the specification writes it and as one SDK does. */
const OF_A_NUMBER: ReadonlySet<string> = new Set(
  words(`
    correlation_id phone_number fields country_code identity_match reassigned_number sms_pumping_risk
    correlationId phoneNumber countryCode identityMatch reassignedNumber smsPumpingRisk
  `),
);

function checkParameters({ operation, parameters }: VendorCall): Refusal | null {
  const allowed = ALLOWED.get(operation.name);
  if (allowed === undefined) return null;
  for (const name of parameters.keys()) {
    const isKnown = allowed.has(rootOf(name)) || isAddOnData(operation.name, name);
    if (!isKnown) {
      const meant = [...allowed].find((each) => each.toLowerCase() === rootOf(name).toLowerCase());
      const hint = meant === undefined ? "" : ` It is written ${meant}.`;
      return no(`The parameter ${quoted(rootOf(name))} is none that Keybrake knows of ${operation.name}.${hint}`);
    }
    if (operation.name !== "lookups.batch.query") continue;
    const field = /^\w+\[\d+\]\[([^\]]*)\]/.exec(name)?.[1];
    if (field !== undefined && !OF_A_NUMBER.has(field))
      return no(`The field ${quoted(field)} is none that Keybrake knows of a number in ${operation.name}.`);
  }
  return null;
}

/** `AddOns.<add-on>.<field>`: data for an add-on, which `AddOns` has to name. */
function isAddOnData(operation: string, name: string): boolean {
  return operation === "lookups.v1.phone_numbers.fetch" && name.startsWith("AddOns.");
}
