/**
 * The official SDKs of all three vendors, in four languages and unmodified, through a running Keybrake: what a program sees of a success,
 * a list of several pages, the vendor's own errors, Keybrake's refusals, and answers that do not come; how often the SDK asked; and that
 * the vendor received what it receives without Keybrake, byte for byte, but for the documented list. Prints the matrix at the end.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MisbehaviourRule } from "@keybrake/sandbox";
import {
  DRIVEN,
  startDriver,
  type Driver,
  type DrivenVendor,
  type Instruction,
  type Language,
  type Scenario,
} from "./support/drivers.ts";
import type { Json } from "./support/keybrake.ts";
import {
  booksOf,
  carryOut,
  MATRIX_VENDORS,
  rowsOf,
  startStage,
  withoutLot,
  type Carried,
  type Issued,
  type Stage,
  type Targets,
} from "./support/matrix.ts";

const LANGUAGES = Object.keys(DRIVEN) as Language[];
/** The first start compiles three SDKs (tools/go.ts, tools/java.ts). */
const BUILD_TIMEOUT_MS = 600_000;

// -------------------------------------------------------------------------------------------------------------- the matrix

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
  /** Held: the vendor tells the price later, or nobody knows whether it was done. */
  | "held";

interface Case {
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
const PATIENCE_MS = 1500;

const POST = { method: "POST" } as const;
const NEVER_ANSWERED: MisbehaviourRule = { action: "hang_after_work", match: POST };
const LOST: MisbehaviourRule = { action: "reset_after_work", match: POST };
const FAILED_AFTER_WORK: MisbehaviourRule = { action: "500_after_work", match: POST };
const FAILED_READ: MisbehaviourRule = { action: "500_before_work", match: { method: "GET" } };

const pages = (count: number): ByLanguage<number> => Object.fromEntries(LANGUAGES.map((each) => [each, count]));

const CASES: readonly Case[] = [
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
const MORE: readonly Case[] = [
  { what: "delete", vendor: "stripe", scenario: "delete", target: "customer", money: "nothing" },
  { what: "upload of 300 kB", vendor: "stripe", scenario: "upload", money: "nothing" },
  { what: "download", vendor: "stripe", scenario: "download", target: "quote", money: "nothing" },
  { what: "v2 list, three pages", vendor: "stripe", scenario: "v2", attempts: pages(3), money: "nothing" },
  {
    what: "v2 write",
    vendor: "stripe",
    scenario: "v2_write",
    key: { allow_unbounded: { "v2.billing.meter_events.create": { max_usd_per_call: 1 } } },
    money: "held",
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
  { what: "verification", vendor: "twilio", scenario: "verify", target: "service", money: "held" },
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

// --------------------------------------------------------------------------------------------------------------- the tests

/** What the matrix shows of one cell. */
interface Shown {
  readonly vendor: DrivenVendor;
  readonly what: string;
  readonly language: Language;
  readonly text: string;
}

const shown: Shown[] = [];

describe.each(LANGUAGES)("%s", (language) => {
  let driver: Driver;
  let stage: Stage;
  beforeAll(async () => {
    driver = await startDriver(language);
    stage = await startStage();
  }, BUILD_TIMEOUT_MS);
  afterAll(async () => {
    // First what is called: a driver may wait for connections that are kept alive for it.
    await stage[Symbol.asyncDispose]();
    await driver[Symbol.asyncDispose]();
  });

  test.each(casesOf(language))("$vendor: $what", async (tried) => {
    const { vendor, scenario, rule, timeout_ms, target, slash } = tried;
    const key = await stage.issue(vendor, tried.key);
    if (tried.revoked) await stage.keybrake.api("DELETE", `/vault/keys/${key.keyId}`);
    const order: Omit<Instruction, "base_url" | "key"> = {
      vendor,
      scenario,
      ...(timeout_ms === undefined ? {} : { timeout_ms }),
      ...(target === undefined ? {} : { target: stage.targets[target] }),
    };
    const { keyId: _keyId, ...access } = key;
    const base_url = slash === true ? `${access.base_url}/` : access.base_url;
    const stopBehind = rule === undefined ? null : stage.behind[vendor].misbehave(rule);
    const stopPlain = rule === undefined ? null : stage.plain[vendor].misbehave(rule);
    stage.tap.clear();
    const through = await carryOut(driver, { ...order, ...access, base_url }, stage.behind[vendor]);
    const plain =
      tried.refusal === undefined
        ? await carryOut(driver, { ...order, ...stage.direct(vendor) }, stage.plain[vendor])
        : null;
    stopBehind?.();
    stopPlain?.();

    const attempts = tried.attempts?.[language] ?? 1;
    checkTold(tried, language, through);
    await checkRows(stage, tried, key, attempts);
    checkReceived(tried, through, plain, attempts);
    checkNothingLeaked(stage, vendor, key, through);
    expect(driver.strayed).toEqual([]);
    await checkMoney(stage, tried, key, through);
    shown.push({ vendor, what: tried.what, language, text: summary(through, attempts, plain) });
  });
});

function casesOf(language: Language): readonly Case[] {
  return [...CASES, ...MORE].filter(
    ({ vendor, languages }) =>
      MATRIX_VENDORS.includes(vendor) &&
      DRIVEN[language].includes(vendor) &&
      (languages === undefined || languages.includes(language)),
  );
}

/** The SDK's own typed error, or its success. */
function checkTold(tried: Case, language: Language, { result }: Carried): void {
  const expected = tried.told?.[language];
  if (tried.told === undefined) {
    expect(result.error).toBeUndefined();
    expect(result.ok).toBe(true);
    return;
  }
  expect(result.ok).toBe(false);
  const { class: name, code, status, inner } = result.error ?? {};
  expect({ class: name, code, status, ...(inner === undefined ? {} : { inner }) }).toEqual(expected);
  // One SDK shows nothing but the message, so it begins with the word.
  if (tried.refusal !== undefined) expect(result.error?.message).toContain(`${tried.refusal}: `);
}

/** One row for each attempt, as what it was. */
async function checkRows(stage: Stage, tried: Case, key: Issued, attempts: number): Promise<void> {
  const rows = await rowsOf(stage, key.keyId);
  expect(rows).toHaveLength(attempts);
  for (const row of rows) {
    expect(row["verdict"]).toBe(tried.refusal === undefined ? "allowed" : "refused");
    expect(row["refusal"]).toBe(tried.refusal ?? null);
  }
}

/** What was refused never reached the vendor; everything else did once for each attempt, and as it does without Keybrake. */
function checkReceived(tried: Case, through: Carried, plain: Carried | null, attempts: number): void {
  expect(through.received).toHaveLength(plain === null ? 0 : attempts);
  if (plain === null) {
    expect(through.lookUps.filter((request) => request.method !== "GET")).toEqual([]);
    return;
  }
  // Without Keybrake an SDK asks again after a lost connection; here it is told that nobody knows.
  const without = tried.answeredHere === true ? plain.received.slice(0, attempts) : plain.received;
  expect(through.received.map(withoutLot)).toEqual(without.map(withoutLot));
  if (tried.answeredHere !== true) {
    const { id: _one, ms: _fast, ...answer } = through.result;
    const { id: _other, ms: _faster, ...same } = plain.result;
    expect(withoutPlace(answer)).toEqual(withoutPlace(same));
  }
}

/** Without request ids, which run ahead behind Keybrake because look-ups are requests too; and without where it was and what stood there. */
function withoutPlace(answer: unknown): unknown {
  const text = JSON.stringify(answer)
    .replaceAll(/\breq_\w{14}\b/g, "req_(any)")
    .replaceAll(/127\.0\.0\.1(?::|', port=)\d+(?:\/resend)?/g, "(host)")
    .replaceAll(/\bAC[0-9a-f]{32}\b/g, "AC(any)")
    .replaceAll(/ object at 0x[0-9a-f]+/g, " object");
  return JSON.parse(text) as unknown;
}

/** No vault key at the vendor, no credential at the caller. */
function checkNothingLeaked(stage: Stage, vendor: DrivenVendor, key: Issued, { received, lookUps }: Carried): void {
  const secrets = vendor === "twilio" ? [stage.behind.twilio.authToken] : [stage.behind[vendor].secretKey];
  if (vendor === "twilio") secrets.push(Buffer.from(stage.behind.twilio.secretKey).toString("base64"));
  const onTheWire = stage.tap.asked() + stage.tap.answered();
  expect(onTheWire.length).toBeGreaterThan(0);
  for (const secret of secrets) expect(onTheWire.includes(secret)).toBe(false);

  const asked = [key.key, ...(key.account_sid === undefined ? [] : [key.account_sid])];
  if (key.account_sid !== undefined) asked.push(Buffer.from(`${key.account_sid}:${key.key}`).toString("base64"));
  for (const request of [...received, ...lookUps]) {
    const whole = `${request.path}\n${request.rawHeaders.join("\n")}\n${request.body.toString("latin1")}`;
    for (const name of asked) expect(whole.includes(name)).toBe(false);
  }
}

/** What is settled or held covers what the vendor took, and is not more than it must be. */
async function checkMoney(stage: Stage, { vendor, money }: Case, key: Issued, through: Carried): Promise<void> {
  const { settled, held } = await booksOf(stage, key.keyId);
  if (money === "nothing") return void expect({ settled, held }).toEqual({ settled: 0, held: 0 });
  expect(money === "held" ? settled : held).toBe(0);
  const taken = takenBy(stage, vendor, through);
  if (money === "settled" && vendor !== "twilio") expect(settled).toBeCloseTo(taken, 6);
  else expect(settled + held).toBeGreaterThanOrEqual(taken);
  expect(settled + held).toBeGreaterThan(0);
  expect(settled + held).toBeLessThanOrEqual(AT_MOST_USD[vendor]);
}

/** More than any call of the matrix may hold or settle. */
const AT_MOST_USD: Readonly<Record<DrivenVendor, number>> = { stripe: 10, twilio: 0.1, resend: 0.0027 };
/** Of the built-in card. */
const MAIL_USD = 0.0009;

/** Dollars that these requests moved, by the fake vendor's own books. */
function takenBy({ behind }: Stage, vendor: DrivenVendor, { received }: Carried): number {
  const orders = new Set(received.map((request) => request.order));
  const sum = (amounts: readonly number[]): number => amounts.reduce((all, each) => all + each, 0);
  switch (vendor) {
    case "stripe":
      return sum(
        behind.stripe
          .moneyMoved()
          .charges.filter((charge) => orders.has(charge.order))
          .map((charge) => Number(charge.amountMinor) / 100),
      );
    case "twilio":
      return sum(
        [...orders].flatMap((order) => behind.twilio.billsOf(order)).map((bill) => Number(bill.microUsd) / 1e6),
      );
    case "resend":
      return sum([...orders].map((order) => behind.resend.mailsSentBy(order))) * MAIL_USD;
  }
}

// ---------------------------------------------------------------------------------------------------------------- the table

/** `RateLimitError 1>0`: what was raised, how often Keybrake was asked, how often the vendor; `=` where its bytes were compared. */
function summary({ result, received }: Carried, attempts: number, plain: Carried | null): string {
  return `${result.error?.class ?? "ok"} ${attempts}>${received.length}${plain === null ? "" : " ="}`;
}

/** A table of texts, its columns aligned. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function cellOf({ vendor, what }: Case, language: Language): string {
  if (!DRIVEN[language].includes(vendor)) return "(no base URL)";
  const tried = casesOf(language).some((each) => each.vendor === vendor && each.what === what);
  const found = shown.find((each) => each.vendor === vendor && each.what === what && each.language === language);
  return tried ? (found?.text ?? "FAILED") : "-";
}

afterAll(() => {
  const known = [...CASES, ...MORE].filter(({ vendor }) => MATRIX_VENDORS.includes(vendor));
  const rows = MATRIX_VENDORS.flatMap((id) => known.filter(({ vendor }) => vendor === id)).map((each) => [
    each.vendor,
    each.what,
    ...LANGUAGES.map((language) => cellOf(each, language)),
  ]);
  const legend =
    "what the SDK raised, attempts that reached Keybrake > the vendor, = the same bytes as without Keybrake";
  console.log(["", ...aligned([["", "", ...LANGUAGES], ...rows]), "", legend].join("\n"));
});
