/**
 * The drivers of tests/support/drivers.ts do what they say, without Keybrake in between: in every language a scenario sends the same
 * request and reads the same answer, and an error is told by the SDK's own class and numbers. What Keybrake makes of it is another test's.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  startResendSandbox,
  startStripeSandbox,
  startTwilioSandbox,
  TWILIO_SANDBOX_ACCOUNT_SID,
  type Sandbox,
} from "@keybrake/sandbox";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  DRIVEN,
  startDriver,
  type DrivenVendor,
  type Driver,
  type Instruction,
  type Language,
  type Scenario,
} from "./support/drivers.ts";

const LANGUAGES = Object.keys(DRIVEN) as Language[];
/** The first start compiles three SDKs (tools/go.ts, tools/java.ts). */
const BUILD_TIMEOUT_MS = 600_000;

const KEY = "kbtest0123456789";
const ACCOUNT = `AC${"a1".repeat(16)}`;

// --------------------------------------------------------------------------------------------------------------- the stage

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Seen {
  /** `GET /v1/customers?limit=2`, the query's names in order. */
  readonly line: string;
  readonly parameters: unknown;
  readonly authorization: string;
}

/** Plays all three vendors by a table of answers, and keeps what it was asked. */
interface Stage extends AsyncDisposable {
  readonly origin: string;
  readonly seen: Seen[];
  /** Answers everything until `null`; "never" lets the caller wait. */
  instead: Answer | "never" | null;
}

async function startStage(): Promise<Stage> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A listening TCP server has a port.");
  const stage: Stage = {
    origin: `http://127.0.0.1:${address.port}`,
    seen,
    instead: null,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", stage.origin);
    url.searchParams.sort();
    const line = `${request.method} ${decodeURIComponent(url.pathname)}${url.search}`;
    const type = request.headers["content-type"] ?? "";
    seen.push({
      line,
      parameters: parametersOf(type, Buffer.concat(chunks)),
      authorization: request.headers.authorization ?? "",
    });
    if (stage.instead === "never") return;
    const answer = stage.instead ?? answersOf(stage.origin)[line] ?? { status: 418, body: { error: `no ${line}` } };
    const isPdf = Buffer.isBuffer(answer.body);
    response.writeHead(answer.status, {
      "content-type": isPdf ? "application/pdf" : "application/json",
      ...answer.headers,
    });
    response.end(answer.status === 204 ? undefined : isPdf ? answer.body : JSON.stringify(answer.body));
  }
  return stage;
}

/** A form or JSON as an object, a file by its digest, nothing as null. */
function parametersOf(type: string, body: Buffer): unknown {
  if (body.length === 0) return null;
  if (type.startsWith("application/json")) return JSON.parse(body.toString("utf8"));
  if (type.startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(body.toString("utf8")));
  if (!type.startsWith("multipart/form-data")) return body.toString("utf8");
  return { holdsFile: body.includes(FILE), holdsPurpose: body.includes("dispute_evidence") };
}

const FILE = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, index) => index % 251));
const PDF = Buffer.concat([Buffer.from("%PDF-1.7\n"), FILE.subarray(0, 100_000)]);

const ok = (body: unknown): Answer => ({ status: 200, body });

const twilioMessages = `/2010-04-01/Accounts/${ACCOUNT}/Messages`;
const sid = (prefix: string, n: number): string => prefix + String(n).padStart(32, "0");

function messagesPage(numbers: readonly number[], next: string | null): Answer {
  return ok({
    messages: numbers.map((n) => ({ sid: sid("SM", n), status: "sent" })),
    page: 0,
    page_size: 2,
    next_page_uri: next === null ? null : `${twilioMessages}.json?${next}`,
    uri: `${twilioMessages}.json`,
  });
}

/** Absolute, as Twilio has them, and leading to where the program already is, as Keybrake must have them. twilio-java needs them all. */
function servicesPage(origin: string, numbers: readonly number[], next: string | null): Answer {
  const url = `${origin}/twilio/verify/v2/Services`;
  const next_page_url = next === null ? null : `${url}?${next}`;
  return ok({
    services: numbers.map((n) => ({ sid: sid("VA", n) })),
    meta: { key: "services", page: 0, page_size: 2, url, first_page_url: url, previous_page_url: null, next_page_url },
  });
}

function mailsPage(ids: readonly string[], hasMore: boolean): Answer {
  return ok({ object: "list", has_more: hasMore, data: ids.map((id) => ({ id })) });
}

function answersOf(origin: string): Readonly<Record<string, Answer>> {
  const destinations = "/v2/core/event_destinations";
  const next = "Page=1&PageSize=2&PageToken=PT1";
  const last = "Page=2&PageSize=2&PageToken=PT2";
  return {
    "DELETE /v1/customers/cus_9": ok({ id: "cus_9", object: "customer", deleted: true }),
    "POST /v1/files": ok({ id: "file_1", object: "file", size: FILE.length }),
    "GET /v1/quotes/qt_1/pdf": { status: 200, body: PDF },
    [`GET ${destinations}?limit=2`]: ok({
      data: [{ id: "ed_1", object: "v2.core.event_destination" }],
      next_page_url: `${destinations}?limit=2&page=p2`,
    }),
    [`GET ${destinations}?limit=2&page=p2`]: ok({
      data: [{ id: "ed_2", object: "v2.core.event_destination" }],
      next_page_url: null,
    }),
    "POST /v2/billing/meter_events": ok({ object: "v2.billing.meter_event", identifier: "keybrake-1" }),

    [`POST /twilio${twilioMessages}.json`]: { status: 201, body: { sid: sid("SM", 9), status: "queued" } },
    [`GET /twilio${twilioMessages}.json?PageSize=2`]: messagesPage([1, 2], next),
    [`GET /twilio${twilioMessages}.json?${next}`]: messagesPage([3, 4], last),
    [`GET /twilio${twilioMessages}.json?${last}`]: messagesPage([5], null),
    "GET /twilio/verify/v2/Services?PageSize=2": servicesPage(origin, [1, 2], next),
    [`GET /twilio/verify/v2/Services?${next}`]: servicesPage(origin, [3, 4], last),
    [`GET /twilio/verify/v2/Services?${last}`]: servicesPage(origin, [5], null),
    [`GET /twilio${twilioMessages}/${sid("SM", 0)}.json`]: { status: 404, body: twilioError(404, 20404, "not there") },
    [`DELETE /twilio${twilioMessages}/${sid("SM", 9)}.json`]: { status: 204, body: null },
    "GET /twilio/lookups/v2/PhoneNumbers/+14155550100?Fields=line_type_intelligence": ok({
      phone_number: "+14155550100",
      valid: true,
    }),
    [`POST /twilio/verify/v2/Services/${sid("VA", 1)}/Verifications`]: {
      status: 201,
      body: { sid: sid("VE", 1), status: "pending" },
    },

    "POST /resend/emails": ok({ id: "mail-9" }),
    "GET /resend/emails?limit=2": mailsPage(["mail-1", "mail-2"], true),
    "GET /resend/emails?after=mail-2&limit=2": mailsPage(["mail-3", "mail-4"], true),
    "GET /resend/emails?after=mail-4&limit=2": mailsPage(["mail-5"], false),
    [`GET /resend/emails/${NO_MAIL}`]: { status: 404, body: resendError(404, "not_found", "not there") },
    "DELETE /resend/domains/domain-1": ok({ object: "domain", id: "domain-1", deleted: true }),
    "POST /resend/emails/batch": ok({ data: [{ id: "mail-1" }, { id: "mail-2" }, { id: "mail-3" }] }),
  };
}

const NO_MAIL = "00000000-0000-4000-8000-000000000000";

function stripeError(type: string, code: string, message: string): unknown {
  return { error: { type, code, message, limit: "25" } };
}

function twilioError(status: number, code: number, message: string, details: unknown = {}): unknown {
  return { code, message, more_info: "https://example.com", status, details };
}

function resendError(statusCode: number, name: string, message: string): unknown {
  return { statusCode, name, message };
}

// ---------------------------------------------------------------------------------------------------------- the scenarios

interface Play {
  readonly vendor: DrivenVendor;
  readonly scenario: Scenario;
  readonly target?: string;
  readonly asks: readonly string[];
  /** Of the first request. */
  readonly parameters?: unknown;
  readonly value: unknown;
}

const mailTo = (to: string): Readonly<Record<string, unknown>> => ({
  from: "Keybrake <hello@example.com>",
  to: [to],
  subject: "Your table",
  text: "Your table is ready.",
});

const PLAYS: readonly Play[] = [
  {
    vendor: "stripe",
    scenario: "delete",
    target: "cus_9",
    asks: ["DELETE /v1/customers/cus_9"],
    value: { id: "cus_9", deleted: true },
  },
  {
    vendor: "stripe",
    scenario: "upload",
    asks: ["POST /v1/files"],
    parameters: { holdsFile: true, holdsPurpose: true },
    value: { id: "file_1", size: FILE.length },
  },
  {
    vendor: "stripe",
    scenario: "download",
    target: "qt_1",
    asks: ["GET /v1/quotes/qt_1/pdf"],
    value: { sha256: createHash("sha256").update(PDF).digest("hex"), bytes: PDF.length },
  },
  {
    vendor: "stripe",
    scenario: "v2",
    asks: ["GET /v2/core/event_destinations?limit=2", "GET /v2/core/event_destinations?limit=2&page=p2"],
    value: { ids: ["ed_1", "ed_2"] },
  },
  {
    vendor: "stripe",
    scenario: "v2_write",
    asks: ["POST /v2/billing/meter_events"],
    parameters: {
      event_name: "calls",
      identifier: "keybrake-1",
      payload: { stripe_customer_id: "cus_1", value: "3" },
    },
    value: { identifier: "keybrake-1" },
  },
  {
    vendor: "twilio",
    scenario: "create",
    asks: [`POST /twilio${twilioMessages}.json`],
    parameters: { To: "+14155550100", From: "+15005550006", Body: "Your table is ready." },
    value: { id: sid("SM", 9), status: "queued" },
  },
  {
    vendor: "twilio",
    scenario: "list",
    asks: [
      `GET /twilio${twilioMessages}.json?PageSize=2`,
      `GET /twilio${twilioMessages}.json?Page=1&PageSize=2&PageToken=PT1`,
      `GET /twilio${twilioMessages}.json?Page=2&PageSize=2&PageToken=PT2`,
      "GET /twilio/verify/v2/Services?PageSize=2",
      "GET /twilio/verify/v2/Services?Page=1&PageSize=2&PageToken=PT1",
      "GET /twilio/verify/v2/Services?Page=2&PageSize=2&PageToken=PT2",
    ],
    value: { ids: [1, 2, 3, 4, 5].map((n) => sid("SM", n)), services: [1, 2, 3, 4, 5].map((n) => sid("VA", n)) },
  },
  {
    vendor: "twilio",
    scenario: "delete",
    target: sid("SM", 9),
    asks: [`DELETE /twilio${twilioMessages}/${sid("SM", 9)}.json`],
    value: { id: sid("SM", 9), deleted: true },
  },
  {
    vendor: "twilio",
    scenario: "lookup",
    asks: ["GET /twilio/lookups/v2/PhoneNumbers/+14155550100?Fields=line_type_intelligence"],
    value: { phone_number: "+14155550100", valid: true },
  },
  {
    vendor: "twilio",
    scenario: "verify",
    target: sid("VA", 1),
    asks: [`POST /twilio/verify/v2/Services/${sid("VA", 1)}/Verifications`],
    parameters: { To: "+14155550100", Channel: "sms" },
    value: { id: sid("VE", 1), status: "pending" },
  },
  {
    vendor: "resend",
    scenario: "create",
    asks: ["POST /resend/emails"],
    parameters: mailTo("ada@example.org"),
    value: { id: "mail-9" },
  },
  {
    vendor: "resend",
    scenario: "list",
    asks: [
      "GET /resend/emails?limit=2",
      "GET /resend/emails?after=mail-2&limit=2",
      "GET /resend/emails?after=mail-4&limit=2",
    ],
    value: { ids: ["mail-1", "mail-2", "mail-3", "mail-4", "mail-5"] },
  },
  {
    vendor: "resend",
    scenario: "delete",
    target: "domain-1",
    asks: ["DELETE /resend/domains/domain-1"],
    value: { id: "domain-1", deleted: true },
  },
  {
    vendor: "resend",
    scenario: "batch",
    asks: ["POST /resend/emails/batch"],
    parameters: ["ada@example.org", "bob@example.org", "eve@example.org"].map(mailTo),
    value: { ids: ["mail-1", "mail-2", "mail-3"] },
  },
];

// -------------------------------------------------------------------------------------------------------------- the errors

type ByLanguage<Value> = Readonly<Partial<Record<Language, Value>>>;

interface Told {
  readonly class: string;
  readonly code: string | number | null;
  readonly status: number | null;
  readonly inner?: string;
}

interface Trouble {
  readonly what: string;
  readonly vendor: DrivenVendor;
  readonly scenario: Scenario;
  readonly instead: Answer | "never";
  readonly timeout_ms?: number;
  readonly told: ByLanguage<Told>;
  /** How often the SDK asked, where it is not once. */
  readonly attempts?: ByLanguage<number>;
}

const told = (name: string, code: string | number | null, status: number | null, inner?: string): Told =>
  inner === undefined ? { class: name, code, status } : { class: name, code, status, inner };

const FINAL = { "stripe-should-retry": "false" };
const OVER_CAP = "spend_cap_exceeded: too much";

/** What each SDK makes of it was seen here, with the versions that the lockfile, go.mod, pom.xml and the requirements name. */
const TROUBLES: readonly Trouble[] = [
  {
    what: "a refusal by a cap",
    vendor: "stripe",
    scenario: "refused",
    instead: {
      status: 429,
      headers: FINAL,
      body: stripeError("invalid_request_error", "spend_cap_exceeded", OVER_CAP),
    },
    told: {
      node: told("StripeRateLimitError", "spend_cap_exceeded", 429),
      python: told("RateLimitError", "spend_cap_exceeded", 429),
      go: told("*stripe.Error", "spend_cap_exceeded", 429, "*stripe.InvalidRequestError"),
      java: told("RateLimitException", "spend_cap_exceeded", 429),
    },
  },
  {
    what: "a dead key",
    vendor: "stripe",
    scenario: "revoked",
    instead: {
      status: 401,
      headers: FINAL,
      body: stripeError("invalid_request_error", "vault_key_revoked", "vault_key_revoked: x"),
    },
    told: {
      node: told("StripeAuthenticationError", "vault_key_revoked", 401),
      python: told("AuthenticationError", "vault_key_revoked", 401),
      go: told("*stripe.Error", "vault_key_revoked", 401, "*stripe.InvalidRequestError"),
      java: told("AuthenticationException", "vault_key_revoked", 401),
    },
  },
  {
    what: "a 500 that is to be asked once",
    vendor: "stripe",
    scenario: "server_error",
    instead: { status: 500, headers: FINAL, body: stripeError("api_error", "broken", "broken") },
    told: {
      node: told("StripeAPIError", "broken", 500),
      python: told("APIError", "broken", 500),
      go: told("*stripe.Error", "broken", 500, "*stripe.APIError"),
      java: told("ApiException", "broken", 500),
    },
  },
  {
    what: "no answer",
    vendor: "stripe",
    scenario: "timeout",
    instead: "never",
    timeout_ms: 600,
    told: {
      node: told("StripeConnectionError", null, null),
      python: told("APIConnectionError", null, null),
      go: told("*url.Error", null, null),
      java: told("ApiConnectionException", null, 0),
    },
    attempts: { node: 3, go: 3 },
  },
  {
    what: "a refusal by a cap",
    vendor: "twilio",
    scenario: "refused",
    instead: { status: 429, body: twilioError(429, 20003, OVER_CAP, { reason: "spend_cap_exceeded" }) },
    told: {
      node: told("RestException", 20003, 429),
      python: told("TwilioRestException", 20003, 429),
      go: told("*client.TwilioRestError", 20003, 429),
      java: told("ApiException", 20003, 429),
    },
    attempts: { java: 2 },
  },
  {
    what: "a message that is not there",
    vendor: "twilio",
    scenario: "not_found",
    instead: { status: 404, body: twilioError(404, 20404, "not there") },
    told: {
      node: told("RestException", 20404, 404),
      python: told("TwilioRestException", 20404, 404),
      go: told("*client.TwilioRestError", 20404, 404),
      java: told("ApiException", 20404, 404),
    },
  },
  {
    what: "a 500",
    vendor: "twilio",
    scenario: "server_error",
    instead: { status: 500, body: twilioError(500, 20500, "broken") },
    told: {
      node: told("RestException", 20500, 500),
      python: told("TwilioRestException", 20500, 500),
      go: told("*client.TwilioRestError", 20500, 500),
      java: told("ApiException", 20500, 500),
    },
    attempts: { java: 3 },
  },
  {
    what: "no answer",
    vendor: "twilio",
    scenario: "timeout",
    instead: "never",
    timeout_ms: 600,
    told: {
      node: told("AxiosError", "ECONNABORTED", null),
      python: told("ReadTimeout", null, null),
      go: told("*url.Error", null, null),
      java: told("ApiException", null, null),
    },
  },
  {
    what: "a refusal by a cap",
    vendor: "resend",
    scenario: "refused",
    instead: { status: 429, body: resendError(429, "spend_cap_exceeded", OVER_CAP) },
    told: {
      node: told("{ error }", "spend_cap_exceeded", 429),
      python: told("ResendError", "spend_cap_exceeded", 429),
      go: told("*resend.RateLimitError", null, null),
    },
  },
  {
    what: "a mail that is not there",
    vendor: "resend",
    scenario: "not_found",
    instead: { status: 404, body: resendError(404, "not_found", "not there") },
    told: {
      node: told("{ error }", "not_found", 404),
      python: told("ResendError", "not_found", 404),
      go: told("*errors.errorString", null, null),
    },
  },
  {
    what: "a 500",
    vendor: "resend",
    scenario: "server_error",
    instead: { status: 500, body: resendError(500, "internal_server_error", "broken") },
    told: {
      node: told("{ error }", "internal_server_error", 500),
      python: told("ResendError", "internal_server_error", 500),
      go: told("*errors.errorString", null, null),
    },
  },
  {
    what: "no answer",
    vendor: "resend",
    scenario: "timeout",
    instead: "never",
    timeout_ms: 600,
    told: {
      node: told("{ error }", "application_error", null),
      python: told("ResendError", "HttpClientError", 500),
      go: told("*url.Error", null, null),
    },
  },
];

// --------------------------------------------------------------------------------------------------------------- the tests

let stage: Stage;
let sandboxes: Readonly<Record<DrivenVendor, Sandbox>>;
/** Three pages of two. */
const OBJECTS = 5;

beforeAll(async () => {
  const [stripe, twilio, resend] = await Promise.all([
    startStripeSandbox(),
    startTwilioSandbox(),
    startResendSandbox(),
  ]);
  sandboxes = { stripe, twilio, resend };
  stage = await startStage();
  const basic = `Basic ${Buffer.from(twilio.secretKey).toString("base64")}`;
  for (let n = 1; n <= OBJECTS; n++) {
    await make(`${stripe.url}/v1/customers`, `Bearer ${stripe.secretKey}`, {});
    await make(`${twilio.url}/verify/v2/Services`, basic, { FriendlyName: `Service ${n}` });
    const message = { To: "+14155550100", From: "+15005550006", Body: `Message ${n}` };
    await make(`${twilio.url}/2010-04-01/Accounts/${TWILIO_SANDBOX_ACCOUNT_SID}/Messages.json`, basic, message);
    await make(`${resend.url}/emails`, `Bearer ${resend.secretKey}`, mailTo("ada@example.org"));
  }
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  for (const each of Object.values(sandboxes)) await each.close();
});

/** JSON for Resend, a form for the others, as the vendors read them. */
async function make(url: string, authorization: string, body: Readonly<Record<string, unknown>>): Promise<void> {
  const isJson = url.endsWith("/emails");
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization, "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded" },
    body: isJson ? JSON.stringify(body) : new URLSearchParams(body as Record<string, string>).toString(),
  });
  expect(answer.ok, `${url}: ${await answer.text()}`).toBe(true);
}

afterEach(() => {
  stage.instead = null;
  stage.seen.length = 0;
});

/** On the stage. Only Stripe's base is a root; only Twilio has a user name. */
function on(vendor: DrivenVendor, more: Pick<Instruction, "scenario" | "target" | "timeout_ms">): Instruction {
  const base_url = vendor === "stripe" ? stage.origin : `${stage.origin}/${vendor}`;
  return { vendor, base_url, key: KEY, ...(vendor === "twilio" ? { account_sid: ACCOUNT } : {}), ...more };
}

function expectedAuthorization(vendor: DrivenVendor): string {
  return vendor === "twilio" ? `Basic ${Buffer.from(`${ACCOUNT}:${KEY}`).toString("base64")}` : `Bearer ${KEY}`;
}

describe.each(LANGUAGES)("%s", (language) => {
  let driver: Driver;
  beforeAll(async () => {
    driver = await startDriver(language);
  }, BUILD_TIMEOUT_MS);
  afterAll(async () => {
    await driver[Symbol.asyncDispose]();
  });

  describe("the sandboxes", () => {
    const atSandbox = (vendor: DrivenVendor, scenario: Scenario): Instruction => ({
      vendor,
      base_url: sandboxes[vendor].url,
      // Twilio's secret is the whole of what Basic carries.
      key: sandboxes[vendor].secretKey.replace(`${TWILIO_SANDBOX_ACCOUNT_SID}:`, ""),
      ...(vendor === "twilio" ? { account_sid: TWILIO_SANDBOX_ACCOUNT_SID } : {}),
      scenario,
    });

    test.each(DRIVEN[language])("%s: create does the work, once", async (vendor) => {
      const before = sandboxes[vendor].requestCount();
      const { ok: done, value } = await driver.run(atSandbox(vendor, "create"));
      expect(done).toBe(true);
      expect(value).toMatchObject({ id: expect.stringMatching(/^(?:pi_|SM|[0-9a-f]{8}-)/) });
      expect(sandboxes[vendor].requestCount()).toBe(before + 1);
    });

    test.each(DRIVEN[language])("%s: not_found raises the SDK's error, with the vendor's words", async (vendor) => {
      const { ok: done, error } = await driver.run(atSandbox(vendor, "not_found"));
      expect(done).toBe(false);
      expect(error?.message).toMatch(/pi_missing|SM0+|Email not found/);
      // resend-go tells neither.
      const isMute = language === "go" && vendor === "resend";
      expect(error?.status).toBe(isMute ? null : 404);
      expect(error?.code).toBe(
        isMute ? null : { stripe: "resource_missing", twilio: 20404, resend: "not_found" }[vendor],
      );
    });

    test.each(DRIVEN[language].filter((vendor) => vendor !== "twilio"))("%s: list reads every page", async (vendor) => {
      const before = sandboxes[vendor].requestCount();
      const { value } = await driver.run(atSandbox(vendor, "list"));
      const { ids } = value as { ids: string[] };
      expect(ids.length).toBeGreaterThanOrEqual(OBJECTS);
      expect(new Set(ids).size).toBe(ids.length);
      expect(sandboxes[vendor].requestCount() - before).toBe(Math.ceil(ids.length / 2));
    });

    test("twilio: list follows Twilio's own absolute links, which Node and Python take off the base URL", async () => {
      const { value, error } = await driver.run(atSandbox("twilio", "list"));
      if (language === "node" || language === "python") {
        expect(error).toBeDefined();
        expect(new Set(driver.strayed)).toEqual(new Set(["verify.twilio.com:443"]));
      } else {
        const { ids, services } = value as { ids: string[]; services: string[] };
        expect(ids.length).toBeGreaterThanOrEqual(OBJECTS);
        expect(services).toHaveLength(OBJECTS);
        expect(driver.strayed).toEqual([]);
      }
    });
  });

  test.each(PLAYS.filter(({ vendor }) => DRIVEN[language].includes(vendor)))(
    "$vendor $scenario asks what it should and reads the answer",
    async ({ vendor, scenario, target, asks, parameters, value }) => {
      const result = await driver.run(on(vendor, { scenario, ...(target === undefined ? {} : { target }) }));
      expect(stage.seen.map(({ line }) => line)).toEqual(asks);
      expect(result.error).toBeUndefined();
      expect(result).toMatchObject({ ok: true, value });
      // resend-python gives every request a body, also where it has nothing to say.
      const nothing = language === "python" && vendor === "resend" ? {} : null;
      expect(stage.seen[0]?.parameters).toEqual(parameters ?? nothing);
      for (const { authorization } of stage.seen) expect(authorization).toBe(expectedAuthorization(vendor));
    },
  );

  test.each(TROUBLES.filter((trouble) => trouble.told[language] !== undefined))(
    "$vendor $scenario: $what is told by the SDK's own class",
    async ({ vendor, scenario, instead, timeout_ms, told, attempts }) => {
      stage.instead = instead;
      const { ok: done, error } = await driver.run(
        on(vendor, { scenario, ...(timeout_ms === undefined ? {} : { timeout_ms }) }),
      );
      expect(done).toBe(false);
      const { class: name, code, status, inner } = error ?? {};
      expect({ class: name, code, status, ...(inner === undefined ? {} : { inner }) }).toEqual(told[language]);
      expect(stage.seen).toHaveLength(attempts?.[language] ?? 1);
      if (scenario === "refused") expect(error?.message).toMatch(/^(?:Unable to create record: )?spend_cap_exceeded: /);
    },
  );

  test("a scenario that the driver does not know is an error of the test", async () => {
    await expect(driver.run(on("stripe", { scenario: "batch" }))).rejects.toThrow("no stripe batch");
  });
});

test("no language is left out of an error that its SDK can raise", () => {
  for (const { what, vendor, told } of TROUBLES)
    expect(Object.keys(told), `${vendor}: ${what}`).toEqual(LANGUAGES.filter((each) => DRIVEN[each].includes(vendor)));
});

test("a redirect off the machine is seen, and leads nowhere", async () => {
  await using go = await startDriver("go");
  stage.instead = { status: 307, headers: { location: "https://elsewhere.example/" }, body: {} };
  expect(await go.run(on("resend", { scenario: "not_found" }))).toMatchObject({ ok: false });
  expect(go.strayed).toEqual(["elsewhere.example:443"]);
});

test("a driver that has died says what it died of", async () => {
  await using python = await startDriver("python");
  const order = on("stripe", { scenario: "create" });
  // JSON, and no order.
  const nonsense = { ...order, toJSON: () => "nonsense" };
  await expect(python.run(nonsense)).rejects.toThrow(/python driver ended with 1: [\s\S]*TypeError/);
  await expect(python.run(order)).rejects.toThrow("ended with 1");
});
