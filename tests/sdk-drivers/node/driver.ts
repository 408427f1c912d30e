/**
 * stripe-node, twilio-node and resend-node as they are, driven by lines of JSON on stdin and answering with lines of JSON on stdout
 * (tests/support/drivers.ts has the protocol). It replaces nothing in them: what they send and raise is theirs.
 */
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { Resend } from "resend";
import Stripe from "stripe";
import twilio from "twilio";
import type { DriverError, DriverResult, Instruction, Scenario } from "../../support/drivers.ts";

interface Order extends Instruction {
  readonly id: string;
}

type Act = (order: Order) => Promise<unknown>;
type Acts = Readonly<Partial<Record<Scenario, Act>>>;

/** resend-node never throws what the vendor said: it hands back `{ data, error }`. Carried here as an exception, and told apart. */
class ErrorReturned extends Error {
  readonly error: { readonly name: string; readonly statusCode: number | null; readonly message: string };

  constructor(error: ErrorReturned["error"]) {
    super(error.message);
    this.error = error;
  }
}

/** An order that this driver cannot read: the test's mistake, not an SDK's error. */
class NotAnOrder extends Error {}

// ------------------------------------------------------------------------------------------------------------------ Stripe

function stripeOf(order: Order): Stripe {
  const { protocol, hostname, port } = new URL(order.base_url);
  return new Stripe(order.key, {
    protocol: protocol === "https:" ? "https" : "http",
    host: hostname,
    port,
    ...(order.timeout_ms === undefined ? {} : { timeout: order.timeout_ms }),
    ...(order.retries === undefined ? {} : { maxNetworkRetries: order.retries }),
  });
}

async function idsOf(pages: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const each of pages) ids.push(each.id);
  return ids;
}

async function pay(order: Order): Promise<unknown> {
  const intent = await stripeOf(order).paymentIntents.create({
    amount: 1000,
    currency: "usd",
    payment_method: "pm_card_visa",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true,
  });
  return { id: intent.id, status: intent.status };
}

async function readIntent(order: Order): Promise<unknown> {
  const intent = await stripeOf(order).paymentIntents.retrieve(order.target ?? "pi_missing");
  return { id: intent.id, status: intent.status };
}

const STRIPE: Acts = {
  create: pay,
  refused: pay,
  revoked: pay,
  timeout: pay,
  not_found: readIntent,
  server_error: readIntent,
  list: async (order) => ({ ids: await idsOf(stripeOf(order).customers.list({ limit: 2 })) }),
  delete: async (order) => {
    const gone = await stripeOf(order).customers.del(order.target ?? "cus_missing");
    return { id: gone.id, deleted: gone.deleted };
  },
  upload: async (order) => {
    const file = await stripeOf(order).files.create({
      purpose: "dispute_evidence",
      file: { data: fileOf300KB(), name: "evidence.txt", type: "application/octet-stream" },
    });
    return { id: file.id, size: file.size };
  },
  download: async (order) => {
    const stream = await stripeOf(order).quotes.pdf(order.target ?? "qt_missing");
    return digestOf(stream);
  },
  v2: async (order) => ({ ids: await idsOf(stripeOf(order).v2.core.eventDestinations.list({ limit: 2 })) }),
  v2_write: async (order) => {
    const event = await stripeOf(order).v2.billing.meterEvents.create({
      event_name: "calls",
      identifier: "keybrake-1",
      payload: { stripe_customer_id: "cus_1", value: "3" },
    });
    return { identifier: event.identifier };
  },
};

/** 300,000 bytes, the same in every language: byte i is i modulo 251. */
function fileOf300KB(): Buffer {
  return Buffer.from(Uint8Array.from({ length: 300_000 }, (_, index) => index % 251));
}

async function digestOf(chunks: NodeJS.ReadableStream): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += Buffer.byteLength(chunk);
  }
  return { sha256: hash.digest("hex"), bytes };
}

// ------------------------------------------------------------------------------------------------------------------ Twilio

function twilioOf(order: Order): twilio.Twilio {
  const client = twilio(
    order.account_sid ?? "",
    order.key,
    order.timeout_ms === undefined ? {} : { timeout: order.timeout_ms },
  );
  client.api.baseUrl = order.base_url;
  client.verify.baseUrl = `${order.base_url}/verify`;
  client.lookups.baseUrl = `${order.base_url}/lookups`;
  return client;
}

async function sendMessage(order: Order): Promise<unknown> {
  const message = await twilioOf(order).messages.create({
    to: "+14155550100",
    from: "+15005550006",
    body: "Your table is ready.",
  });
  return { id: message.sid, status: message.status };
}

async function readMessage(order: Order): Promise<unknown> {
  const message = await twilioOf(order)
    .messages(order.target ?? `SM${"0".repeat(32)}`)
    .fetch();
  return { id: message.sid, status: message.status };
}

const TWILIO: Acts = {
  create: sendMessage,
  refused: sendMessage,
  revoked: sendMessage,
  timeout: sendMessage,
  not_found: readMessage,
  server_error: readMessage,
  list: async (order) => {
    const client = twilioOf(order);
    const messages = await client.messages.list({ pageSize: 2 });
    const services = await client.verify.v2.services.list({ pageSize: 2 });
    return { ids: messages.map((each) => each.sid), services: services.map((each) => each.sid) };
  },
  delete: async (order) => {
    const target = order.target ?? `SM${"0".repeat(32)}`;
    return { id: target, deleted: await twilioOf(order).messages(target).remove() };
  },
  lookup: async (order) => {
    const found = await twilioOf(order)
      .lookups.v2.phoneNumbers("+14155550100")
      .fetch({ fields: "line_type_intelligence" });
    return { phone_number: found.phoneNumber, valid: found.valid };
  },
  verify: async (order) => {
    const sent = await twilioOf(order)
      .verify.v2.services(order.target ?? `VA${"0".repeat(32)}`)
      .verifications.create({ to: "+14155550100", channel: "sms" });
    return { id: sent.sid, status: sent.status };
  },
};

// ------------------------------------------------------------------------------------------------------------------ Resend

function resendOf(order: Order): Resend {
  return new Resend(order.key, { baseUrl: order.base_url });
}

/** The client has no timeout; a signal per call is its way to give up. */
function patience(order: Order): { readonly signal?: AbortSignal } {
  return order.timeout_ms === undefined ? {} : { signal: AbortSignal.timeout(order.timeout_ms) };
}

function dataOf<Data>(answer: { readonly data: Data | null; readonly error: ErrorReturned["error"] | null }): Data {
  if (answer.error !== null) throw new ErrorReturned(answer.error);
  if (answer.data === null) throw new TypeError("neither data nor an error");
  return answer.data;
}

interface Mail {
  readonly from: string;
  readonly to: string[];
  readonly subject: string;
  readonly text: string;
}

function mail(to: string): Mail {
  return { from: "Keybrake <hello@example.com>", to: [to], subject: "Your table", text: "Your table is ready." };
}

async function sendMail(order: Order): Promise<unknown> {
  return { id: dataOf(await resendOf(order).emails.send(mail("ada@example.org"), patience(order))).id };
}

async function readMail(order: Order): Promise<unknown> {
  return { id: dataOf(await resendOf(order).emails.get(order.target ?? NO_MAIL)).id };
}

/** Well-formed, and nobody's. */
const NO_MAIL = "00000000-0000-4000-8000-000000000000";

const RESEND: Acts = {
  create: sendMail,
  refused: sendMail,
  revoked: sendMail,
  timeout: sendMail,
  not_found: readMail,
  server_error: readMail,
  list: async (order) => {
    const client = resendOf(order);
    const ids: string[] = [];
    for (;;) {
      const after = ids.at(-1);
      const page = dataOf(await client.emails.list({ limit: 2, ...(after === undefined ? {} : { after }) }));
      ids.push(...page.data.map((each) => each.id));
      if (!page.has_more) return { ids };
    }
  },
  delete: async (order) => {
    const gone = dataOf(await resendOf(order).domains.remove(order.target ?? NO_MAIL));
    return { id: gone.id, deleted: gone.deleted };
  },
  batch: async (order) => {
    const mails = ["ada@example.org", "bob@example.org", "eve@example.org"].map(mail);
    return { ids: dataOf(await resendOf(order).batch.send(mails, patience(order))).data.map((each) => each.id) };
  },
};

// ------------------------------------------------------------------------------------------------------------- the protocol

const VENDORS: Readonly<Record<string, Acts | undefined>> = { stripe: STRIPE, twilio: TWILIO, resend: RESEND };

/** What a program can read of an error, by the SDK's own names. */
function saidBy(error: unknown): DriverError {
  if (error instanceof ErrorReturned) {
    const { name, statusCode, message, ...details } = error.error;
    return { class: "{ error }", code: name, status: statusCode, message, details };
  }
  if (error instanceof Stripe.errors.StripeError) {
    const { code, statusCode, message } = error;
    return {
      class: error.constructor.name,
      code: code ?? null,
      status: statusCode ?? null,
      message,
      details: vendorsOwn(error.raw),
    };
  }
  if (error instanceof twilio.RestException) {
    const { code, status, message } = error;
    return { class: error.constructor.name, code: code ?? null, status, message, details: error.details ?? null };
  }
  if (!(error instanceof Error)) return { class: typeof error, code: null, status: null, message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  return { class: error.constructor.name, code, status: null, message: error.message };
}

/** The vendor's error object without what stripe-node adds to it. */
function vendorsOwn(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null) return null;
  const added = new Set(["headers", "statusCode", "requestId", "exception"]);
  return Object.fromEntries(Object.entries(raw).filter(([name]) => !added.has(name)));
}

async function obey(order: Order): Promise<DriverResult> {
  const act = VENDORS[order.vendor]?.[order.scenario];
  if (act === undefined) throw new NotAnOrder(`no ${order.vendor} ${order.scenario}`);
  const started = performance.now();
  const ms = (): number => Math.round(performance.now() - started);
  try {
    const value = await act(order);
    return { id: order.id, ok: true, value, ms: ms() };
  } catch (error) {
    return { id: order.id, ok: false, error: saidBy(error), ms: ms() };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as Order;
  const answer = await obey(order).catch((problem: unknown) => {
    if (!(problem instanceof NotAnOrder)) throw problem;
    return { id: order.id, fault: problem.message };
  });
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
