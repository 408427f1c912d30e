/**
 * The rows of the SDK matrix, as data: what is asked of which vendor's SDK, what goes wrong meanwhile, and what a program in each language
 * is then told. Classes, codes and numbers of attempts were seen, with the versions that the lockfile, go.mod, pom.xml and the
 * requirements name.
 */
import type { MisbehaviourRule } from "@keybrake/sandbox";
import { DRIVEN, type DrivenVendor, type Language, type Scenario } from "./drivers.ts";
import type { Json } from "./keybrake.ts";
import type { Targets } from "./matrix.ts";

export const LANGUAGES: readonly Language[] = Object.keys(DRIVEN) as Language[];

type ByLanguage<Value> = Readonly<Partial<Record<Language, Value>>>;

interface Told {
  readonly class: string;
  readonly code: string | number | null;
  readonly status: number | null;
  readonly inner?: string;
}

/** What the money of the call has come to. */
type Money =
  | "nothing"
  /** Settled. */
  | "settled"
  /** Settled at the key's ceiling, because nothing else says what it costs. */
  | "at its ceiling"
  /** Held: the vendor tells the price later, or nobody knows whether it was done. */
  | "held";

export interface Case {
  readonly what: string;
  readonly vendor: DrivenVendor;
  readonly scenario: Scenario;
  /** What goes wrong at the vendor, with Keybrake in between and without. */
  readonly rule?: MisbehaviourRule;
  readonly key?: Json;
  readonly revoked?: true;
  /** What the scenario names of what is there. */
  readonly target?: keyof Targets;
  /** The base URL ends in a slash. */
  readonly slash?: true;
  /** Where not all languages can. */
  readonly languages?: readonly Language[];
  /** How long the SDK waits. */
  readonly timeout_ms?: number;
  /** Absent: it succeeds. */
  readonly told?: ByLanguage<Told>;
  /** Keybrake says no, so there is nothing to compare. */
  readonly refusal?: string;
  /** The answer is Keybrake's, in place of the vendor's or of none: what the program is told differs from what it is told without. */
  readonly answeredHere?: true;
  /** How often the SDK asks, where it is not once; of a list, the pages. */
  readonly attempts?: ByLanguage<number>;
  readonly money: Money;
}

const told = (name: string, code: string | number | null, status: number | null, inner?: string): Told =>
  inner === undefined ? { class: name, code, status } : { class: name, code, status, inner };

/** Long enough for a busy machine to have carried the request to the vendor, which then says nothing. */
const PATIENCE_MS = 1000;

const POST = { method: "POST" } as const;
const NEVER_ANSWERED: MisbehaviourRule = { action: "hang_after_work", match: POST };
const LOST: MisbehaviourRule = { action: "reset_after_work", match: POST };
const FAILED_AFTER_WORK: MisbehaviourRule = { action: "500_after_work", match: POST };
const FAILED_READ: MisbehaviourRule = { action: "500_before_work", match: { method: "GET" } };

const pages = (count: number): ByLanguage<number> => Object.fromEntries(LANGUAGES.map((each) => [each, count]));

export const CASES: readonly Case[] = [
  { what: "success", vendor: "stripe", scenario: "create", money: "settled" },
  { what: "list, three pages", vendor: "stripe", scenario: "list", attempts: pages(3), money: "nothing" },
  {
    what: "4xx",
    vendor: "stripe",
    scenario: "not_found",
    told: {
      node: told("StripeInvalidRequestError", "resource_missing", 404),
      python: told("InvalidRequestError", "resource_missing", 404),
      go: told("*stripe.Error", "resource_missing", 404, "*stripe.InvalidRequestError"),
      java: told("InvalidRequestException", "resource_missing", 404),
    },
    money: "nothing",
  },
  {
    what: "5xx on a read",
    vendor: "stripe",
    scenario: "server_error",
    rule: FAILED_READ,
    told: {
      node: told("StripeAPIError", null, 500),
      python: told("APIError", null, 500),
      go: told("*stripe.Error", null, 500, "*stripe.APIError"),
      java: told("ApiException", null, 500),
    },
    attempts: { node: 3 },
    money: "nothing",
  },
  {
    what: "5xx on money",
    vendor: "stripe",
    scenario: "create",
    rule: FAILED_AFTER_WORK,
    told: {
      node: told("StripeAPIError", null, 500),
      python: told("APIError", null, 500),
      go: told("*stripe.Error", null, 500, "*stripe.APIError"),
      java: told("ApiException", null, 500),
    },
    attempts: { node: 3 },
    money: "held",
  },
  {
    what: "cap refusal",
    vendor: "stripe",
    scenario: "refused",
    key: { total_usd_cap: 9.99 },
    refusal: "spend_cap_exceeded",
    told: {
      node: told("StripeRateLimitError", "spend_cap_exceeded", 429),
      python: told("RateLimitError", "spend_cap_exceeded", 429),
      go: told("*stripe.Error", "spend_cap_exceeded", 429, "*stripe.InvalidRequestError"),
      java: told("RateLimitException", "spend_cap_exceeded", 429),
    },
    money: "nothing",
  },
  {
    what: "revoked",
    vendor: "stripe",
    scenario: "revoked",
    revoked: true,
    refusal: "vault_key_revoked",
    told: {
      node: told("StripeAuthenticationError", "vault_key_revoked", 401),
      python: told("AuthenticationError", "vault_key_revoked", 401),
      go: told("*stripe.Error", "vault_key_revoked", 401, "*stripe.InvalidRequestError"),
      java: told("AuthenticationException", "vault_key_revoked", 401),
    },
    money: "nothing",
  },
  {
    what: "timeout",
    vendor: "stripe",
    scenario: "timeout",
    rule: NEVER_ANSWERED,
    timeout_ms: PATIENCE_MS,
    told: {
      node: told("StripeConnectionError", null, null),
      python: told("APIConnectionError", null, null),
      go: told("*url.Error", null, null),
      java: told("ApiConnectionException", null, 0),
    },
    attempts: { node: 3, go: 3 },
    money: "held",
  },
  {
    what: "answer lost",
    vendor: "stripe",
    scenario: "create",
    rule: LOST,
    answeredHere: true,
    told: {
      node: told("StripeAPIError", "outcome_unknown", 502),
      python: told("APIError", "outcome_unknown", 502),
      go: told("*stripe.Error", "outcome_unknown", 502, "*stripe.APIError"),
      java: told("ApiException", "outcome_unknown", 502),
    },
    money: "held",
  },
  { what: "success", vendor: "twilio", scenario: "create", money: "held" },
  { what: "list, three pages twice", vendor: "twilio", scenario: "list", attempts: pages(6), money: "nothing" },
  {
    what: "4xx",
    vendor: "twilio",
    scenario: "not_found",
    told: {
      node: told("RestException", 20404, 404),
      python: told("TwilioRestException", 20404, 404),
      go: told("*client.TwilioRestError", 20404, 404),
      java: told("ApiException", 20404, 404),
    },
    money: "nothing",
  },
  {
    what: "5xx on a read",
    vendor: "twilio",
    scenario: "server_error",
    rule: FAILED_READ,
    told: {
      node: told("RestException", 20500, 500),
      python: told("TwilioRestException", 20500, 500),
      go: told("*client.TwilioRestError", 20500, 500),
      java: told("ApiException", 20500, 500),
    },
    attempts: { java: 3 },
    money: "nothing",
  },
  {
    what: "cap refusal",
    vendor: "twilio",
    scenario: "refused",
    key: { total_usd_cap: "0.0001" },
    refusal: "spend_cap_exceeded",
    told: {
      node: told("RestException", 990025, 429),
      python: told("TwilioRestException", 990025, 429),
      go: told("*client.TwilioRestError", 990025, 429),
      java: told("ApiException", 990025, 429),
    },
    attempts: { java: 2 },
    money: "nothing",
  },
  {
    what: "revoked",
    vendor: "twilio",
    scenario: "revoked",
    revoked: true,
    refusal: "vault_key_revoked",
    told: {
      node: told("RestException", 990003, 401),
      python: told("TwilioRestException", 990003, 401),
      go: told("*client.TwilioRestError", 990003, 401),
      java: told("ApiException", 990003, 401),
    },
    money: "nothing",
  },
  {
    what: "revoked, on a list",
    vendor: "twilio",
    scenario: "list",
    revoked: true,
    refusal: "vault_key_revoked",
    told: {
      node: told("RestException", 990003, 401),
      python: told("TwilioException", null, 401),
      go: told("*client.TwilioRestError", 990003, 401),
      java: told("ApiException", 990003, 401),
    },
    money: "nothing",
  },
  {
    what: "timeout",
    vendor: "twilio",
    scenario: "timeout",
    rule: NEVER_ANSWERED,
    timeout_ms: PATIENCE_MS,
    told: {
      node: told("AxiosError", "ECONNABORTED", null),
      python: told("ReadTimeout", null, null),
      go: told("*url.Error", null, null),
      java: told("ApiException", null, null),
    },
    money: "held",
  },
  {
    what: "5xx on money",
    vendor: "twilio",
    scenario: "create",
    rule: FAILED_AFTER_WORK,
    answeredHere: true,
    told: {
      node: told("RestException", 990052, 409),
      python: told("TwilioRestException", 990052, 409),
      go: told("*client.TwilioRestError", 990052, 409),
      java: told("ApiException", 990052, 409),
    },
    money: "held",
  },
  {
    what: "answer lost",
    vendor: "twilio",
    scenario: "create",
    rule: LOST,
    answeredHere: true,
    told: {
      node: told("RestException", 990052, 409),
      python: told("TwilioRestException", 990052, 409),
      go: told("*client.TwilioRestError", 990052, 409),
      java: told("ApiException", 990052, 409),
    },
    money: "held",
  },
  { what: "success", vendor: "resend", scenario: "create", money: "settled" },
  { what: "list, three pages", vendor: "resend", scenario: "list", attempts: pages(3), money: "nothing" },
  {
    what: "4xx",
    vendor: "resend",
    scenario: "not_found",
    told: {
      node: told("{ error }", "not_found", 404),
      python: told("ResendError", "not_found", 404),
      go: told("*errors.errorString", null, null),
    },
    money: "nothing",
  },
  {
    what: "5xx on a read",
    vendor: "resend",
    scenario: "server_error",
    rule: FAILED_READ,
    told: {
      node: told("{ error }", "internal_server_error", 500),
      python: told("ResendError", "internal_server_error", 500),
      go: told("*errors.errorString", null, null),
    },
    money: "nothing",
  },
  {
    what: "5xx on money",
    vendor: "resend",
    scenario: "create",
    rule: FAILED_AFTER_WORK,
    told: {
      node: told("{ error }", "internal_server_error", 500),
      python: told("ResendError", "internal_server_error", 500),
      go: told("*errors.errorString", null, null),
    },
    money: "held",
  },
  {
    what: "cap refusal",
    vendor: "resend",
    scenario: "refused",
    key: { total_usd_cap: "0.0001" },
    refusal: "spend_cap_exceeded",
    told: {
      node: told("{ error }", "spend_cap_exceeded", 429),
      python: told("ResendError", "spend_cap_exceeded", 429),
      go: told("*resend.RateLimitError", null, null),
    },
    money: "nothing",
  },
  {
    what: "revoked",
    vendor: "resend",
    scenario: "revoked",
    revoked: true,
    refusal: "vault_key_revoked",
    told: {
      node: told("{ error }", "vault_key_revoked", 401),
      python: told("ResendError", "vault_key_revoked", 401),
      go: told("*errors.errorString", null, null),
    },
    money: "nothing",
  },
  {
    what: "timeout",
    vendor: "resend",
    scenario: "timeout",
    rule: NEVER_ANSWERED,
    timeout_ms: PATIENCE_MS,
    told: {
      node: told("{ error }", "application_error", null),
      python: told("ResendError", "HttpClientError", 500),
      go: told("*url.Error", null, null),
    },
    money: "held",
  },
  {
    what: "answer lost",
    vendor: "resend",
    scenario: "create",
    rule: LOST,
    answeredHere: true,
    told: {
      node: told("{ error }", "outcome_unknown", 502),
      python: told("ResendError", "outcome_unknown", 502),
      go: told("*errors.errorString", null, null),
    },
    money: "held",
  },
];

/** What else an SDK does: with the vendor's other hosts and other forms, with files, and with a connection. */
export const MORE: readonly Case[] = [
  { what: "delete", vendor: "stripe", scenario: "delete", target: "customer", money: "nothing" },
  { what: "upload of 300 kB", vendor: "stripe", scenario: "upload", money: "nothing" },
  { what: "download", vendor: "stripe", scenario: "download", target: "quote", money: "nothing" },
  { what: "v2 list, three pages", vendor: "stripe", scenario: "v2", attempts: pages(3), money: "nothing" },
  {
    what: "v2 write",
    vendor: "stripe",
    scenario: "v2_write",
    key: { allow_unbounded: { "v2.billing.meter_events.create": { max_usd_per_call: 1 } } },
    money: "at its ceiling",
  },
  {
    what: "list, compressed",
    vendor: "stripe",
    scenario: "list",
    rule: { action: "gzip" },
    attempts: pages(3),
    // The other two ask for none.
    languages: ["python", "go"],
    money: "nothing",
  },
  { what: "base with a slash", vendor: "stripe", scenario: "list", slash: true, attempts: pages(3), money: "nothing" },
  { what: "delete", vendor: "twilio", scenario: "delete", target: "message", money: "nothing" },
  { what: "look-up", vendor: "twilio", scenario: "lookup", money: "settled" },
  { what: "verification", vendor: "twilio", scenario: "verify", target: "service", money: "settled" },
  {
    what: "list, compressed",
    vendor: "twilio",
    scenario: "list",
    rule: { action: "gzip" },
    attempts: pages(6),
    money: "nothing",
  },
  { what: "base with a slash", vendor: "twilio", scenario: "list", slash: true, attempts: pages(6), money: "nothing" },
  { what: "delete", vendor: "resend", scenario: "delete", target: "domain", money: "nothing" },
  { what: "batch of three", vendor: "resend", scenario: "batch", money: "settled" },
  {
    what: "list, compressed",
    vendor: "resend",
    scenario: "list",
    rule: { action: "gzip" },
    attempts: pages(3),
    money: "nothing",
  },
  { what: "base with a slash", vendor: "resend", scenario: "list", slash: true, attempts: pages(3), money: "nothing" },
];

/** Those that a language's SDKs can be asked, in an order in which lists find only what was there from the start. */
export function casesOf(language: Language): readonly Case[] {
  const rank = ({ scenario, answeredHere }: Case): number => (scenario === "list" ? 0 : answeredHere === true ? 2 : 1);
  return [...CASES, ...MORE]
    .filter(
      ({ vendor, languages }) =>
        DRIVEN[language].includes(vendor) && (languages === undefined || languages.includes(language)),
    )
    .toSorted((one, other) => rank(one) - rank(other));
}
