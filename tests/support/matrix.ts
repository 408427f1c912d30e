/**
 * The stage of the SDK matrix: every vendor twice, with one seed and one clock, so that the same calls get the same answers; Keybrake in
 * front of one of the two; and lines that keep what was on the wire. A call is made once straight to the vendor and once through
 * Keybrake, and the two are laid beside each other.
 */
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import {
  headerOf,
  startResendSandbox,
  startStripeSandbox,
  startTwilioSandbox,
  type RecordedRequest,
  type ResendSandbox,
  type Sandbox,
  type StripeSandbox,
  type TwilioSandbox,
} from "@keybrake/sandbox";
import { auditRows } from "./audit.ts";
import type { Driver, DrivenVendor, DriverResult, Instruction } from "./drivers.ts";
import { startKeybrake, temporaryDirectory, type BudgetAnswer, type Json, type KeybrakeProcess } from "./keybrake.ts";
import { SAME_VENDOR } from "./sdk-checks.ts";
import { startTap, type Tap } from "./tap.ts";
import { comparable, isLookUp, type Comparable } from "./wire.ts";

export const MATRIX_VENDORS: readonly DrivenVendor[] = ["stripe", "twilio", "resend"];

/** Objects of a kind that every vendor starts with: three pages of two. */
export const SEEDED = 5;

interface Fakes {
  readonly stripe: StripeSandbox;
  readonly twilio: TwilioSandbox;
  readonly resend: ResendSandbox;
}

/** What a program is told instead of the vendor's address and secret. */
/** By name, the objects that are there from the start and that scenarios name; the same on both sides. */
export interface Targets {
  readonly customer: string;
  /** Finalised: it has a PDF. */
  readonly quote: string;
  readonly message: string;
  readonly service: string;
  readonly domain: string;
}

interface Access {
  readonly base_url: string;
  readonly key: string;
  readonly account_sid?: string;
}

export interface Issued extends Access {
  readonly keyId: string;
}

export interface Stage extends AsyncDisposable {
  readonly keybrake: KeybrakeProcess;
  /** Behind Keybrake. */
  readonly behind: Fakes;
  /** The same once more, with nobody in between. */
  readonly plain: Fakes;
  readonly targets: Targets;
  /** In front of Keybrake; every program of the matrix calls here. */
  readonly tap: Tap;
  /** As the vendor gives it: its address and its secret. */
  direct(vendor: DrivenVendor): Access;
  /** As Keybrake gives it. `fields` are those of the key. */
  issue(vendor: DrivenVendor, fields?: Json): Promise<Issued>;
}

export async function startStage(): Promise<Stage> {
  const directory = await temporaryDirectory();
  const [behind, plain] = await Promise.all([startFakes(), startFakes()]);
  const prices = join(directory.path, "prices");
  await mkdir(prices);
  await writeFile(join(prices, "twilio.json"), JSON.stringify(TWILIO_PRICES));
  const keybrake = await startKeybrake({
    dataDirectory: join(directory.path, "data"),
    environment: {
      KEYBRAKE_SANDBOX: "off",
      KEYBRAKE_RATES_FEED: "off",
      KEYBRAKE_PRICES_DIR: prices,
      ...Object.fromEntries(
        MATRIX_VENDORS.map((vendor) => [`KEYBRAKE_${vendor.toUpperCase()}_BASE_URL`, behind[vendor].url]),
      ),
    },
  });
  for (const vendor of MATRIX_VENDORS) await addCredential(keybrake, vendor, behind);
  const tap = await startTap(keybrake.port);
  const mirror = await startMirror(plain.twilio.url);
  const [targets, same] = [await seed(behind), await seed(plain)];
  if (!isDeepStrictEqual(targets, same)) throw new Error("The two sides of the stage are not the same.");
  return {
    keybrake,
    targets,
    behind,
    plain,
    tap,
    direct: (vendor) =>
      vendor === "twilio"
        ? { base_url: mirror.url, key: plain.twilio.authToken, account_sid: plain.twilio.accountSid }
        : { base_url: plain[vendor].url, key: plain[vendor].secretKey },
    async issue(vendor, fields = {}) {
      const asked = { vendor, total_usd_cap: 500, allowed_endpoints: ["**"], expires_in: "8h", ...fields };
      const { status, body } = await keybrake.api("POST", "/vault/keys", asked);
      if (status !== 201) throw new Error(`issuing a key answered ${status}: ${JSON.stringify(body)}`);
      const account = body["account_sid"];
      return {
        keyId: String(body["key_id"]),
        key: String(body["vault_key"]),
        // Stripe at the root, because two of its SDKs cannot carry a path.
        base_url: vendor === "stripe" ? tap.url : `${tap.url}/${vendor}`,
        ...(typeof account === "string" ? { account_sid: account } : {}),
      };
    },
    async [Symbol.asyncDispose]() {
      await tap[Symbol.asyncDispose]();
      await mirror[Symbol.asyncDispose]();
      for (const fakes of [behind, plain]) for (const each of Object.values(fakes) as Sandbox[]) await each.close();
      await keybrake.stop();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function startFakes(): Promise<Fakes> {
  const [stripe, twilio, resend] = await Promise.all([
    startStripeSandbox(SAME_VENDOR),
    startTwilioSandbox(SAME_VENDOR),
    startResendSandbox(SAME_VENDOR),
  ]);
  return { stripe, twilio, resend };
}

async function addCredential(keybrake: KeybrakeProcess, vendor: DrivenVendor, fakes: Fakes): Promise<void> {
  const { twilio } = fakes;
  const secret =
    vendor === "twilio"
      ? { secret: twilio.authToken, account_sid: twilio.accountSid }
      : { secret: fakes[vendor].secretKey };
  const { status, body } = await keybrake.api("POST", "/vault/credentials", { vendor, name: "main", ...secret });
  if (status !== 201) throw new Error(`adding a credential answered ${status}: ${JSON.stringify(body)}`);
}

/** What Twilio publishes no price of; invented, and more than the fake one bills. */
const TWILIO_PRICES = {
  source: "invented for a test",
  as_of: new Date().toISOString().slice(0, 10),
  prices: {
    "lookups.phone_numbers.fetch": { line_type_intelligence: "0.05" },
    "verify.verifications.create": { attempt: { sms: "0.1" } },
  },
};

// ------------------------------------------------------------------------------------------------------------ what is there

async function seed(fakes: Fakes): Promise<Targets> {
  const { stripe, twilio, resend } = fakes;
  const basic = `Basic ${Buffer.from(twilio.secretKey).toString("base64")}`;
  const [atStripe, atResend] = [`Bearer ${stripe.secretKey}`, `Bearer ${resend.secretKey}`];
  const messages = `${twilio.url}/2010-04-01/Accounts/${twilio.accountSid}/Messages.json`;
  const mail = { from: "hello@example.com", to: ["ada@example.org"], subject: "Seed", text: "Seed." };
  let [customer, service, message] = ["", "", ""];
  for (let n = 1; n <= SEEDED; n += 1) {
    customer = await make(`${stripe.url}/v1/customers`, atStripe, { name: `Customer ${n}` });
    await make(`${stripe.url}/v2/core/event_destinations`, atStripe, JSON.stringify(destination(n)));
    service = await make(`${twilio.url}/verify/v2/Services`, basic, { FriendlyName: `Service ${n}` });
    message = await make(messages, basic, { To: "+14155550100", From: "+15005550006", Body: `Message ${n}` });
    await make(`${resend.url}/emails`, atResend, JSON.stringify(mail));
  }
  const product = await make(`${stripe.url}/v1/products`, atStripe, { name: "Hours" });
  const price = await make(`${stripe.url}/v1/prices`, atStripe, { product, currency: "usd", unit_amount: "450" });
  const line = { customer, "line_items[0][price]": price, "line_items[0][quantity]": "2" };
  const quote = await make(`${stripe.url}/v1/quotes`, atStripe, line);
  await make(`${stripe.url}/v1/quotes/${quote}/finalize`, atStripe, {});
  const domain = await make(`${resend.url}/domains`, atResend, JSON.stringify({ name: "mail.example.com" }));
  return { customer, quote, message, service, domain };
}

function destination(n: number): object {
  const webhook_endpoint = { url: "https://example.com/hook" };
  return { name: `d${n}`, type: "webhook_endpoint", event_payload: "thin", enabled_events: ["*"], webhook_endpoint };
}

/** Makes one object at a fake, by hand, and answers with its id. A text is JSON, everything else a form. */
async function make(
  url: string,
  authorization: string,
  body: string | Readonly<Record<string, string>>,
): Promise<string> {
  const type = typeof body === "string" ? "application/json" : "application/x-www-form-urlencoded";
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization, "content-type": type },
    body: typeof body === "string" ? body : new URLSearchParams(body).toString(),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  const made = (await answer.json()) as Json;
  return String(made["id"] ?? made["sid"]);
}

/**
 * The fake Twilio at an address to which its absolute links lead back, which is what an SDK needs that is to be seen without Keybrake:
 * otherwise it would follow them to the real hosts.
 */
async function startMirror(origin: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((incoming, outgoing) => pass(incoming, outgoing));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url: path = "/", rawHeaders } = incoming;
    const { hostname, port } = new URL(origin);
    const sent = httpRequest({ hostname, port, path, method, headers: rawHeaders }, (answer) => {
      const chunks: Buffer[] = [];
      answer
        .on("data", (chunk: Buffer) => void chunks.push(chunk))
        .on("error", () => outgoing.destroy())
        .on("end", () => {
          const body = Buffer.concat(chunks);
          const text = (answer.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body)
            .toString("utf8")
            .replaceAll(/https:\/\/([a-z]+)\.twilio\.com\//g, (_whole, product: string) =>
              product === "api" ? `${url}/` : `${url}/${product}/`,
            );
          const { "content-length": _length, "content-encoding": _coding, ...headers } = answer.headers;
          outgoing.writeHead(answer.statusCode ?? 500, headers);
          outgoing.end(answer.statusCode === 204 ? undefined : text);
        });
    });
    sent.on("error", () => incoming.socket.resetAndDestroy());
    incoming.pipe(sent);
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// ----------------------------------------------------------------------------------------------------------------- one call

/** One instruction, carried out somewhere, and what the vendor received meanwhile. */
export interface Carried {
  readonly result: DriverResult;
  /** Without Keybrake's own questions. */
  readonly received: readonly RecordedRequest[];
  readonly lookUps: readonly RecordedRequest[];
}

export async function carryOut(driver: Driver, instruction: Instruction, fake: Sandbox): Promise<Carried> {
  const before = fake.requestCount();
  const result = await driver.run(instruction);
  const since = fake.journal().filter((request) => request.order > before);
  return {
    result,
    received: since.filter((request) => !isLookUp(request)),
    lookUps: since.filter(isLookUp),
  };
}

/** All rows of a key, oldest first. */
export async function rowsOf({ keybrake }: Stage, keyId: string): Promise<readonly Json[]> {
  return (await auditRows(keybrake, `key_id=${keyId}`)).reverse();
}

/** Dollars, of the key's only budget. */
export async function booksOf(
  { keybrake }: Stage,
  keyId: string,
): Promise<{ readonly settled: number; readonly held: number }> {
  const { body } = await keybrake.api<{ budgets: readonly BudgetAnswer[] }>("GET", `/vault/keys/${keyId}`);
  const [budget] = body.budgets;
  return { settled: Number(budget?.settled_usd), held: Number(budget?.held_usd) };
}

// --------------------------------------------------------------------------------------------------------------- comparison

/** A key that Keybrake put in because the SDK sent none; documented. */
const PUT_IN = /^idempotency-key: keybrake-call_\w+$/i;

/** The one SDK that keeps its headers in a map without an order, and sends them as they come out of it. */
const WITHOUT_ORDER = /^User-Agent: Stripe\/v\d JavaBindings\//im;

/**
 * What a vendor received, without what an SDK draws by lot or measures: idempotency keys, boundaries between the parts of a form, and
 * how long the call before took, which is not there at all in a process's first call; in stripe-java the order of the headers, too.
 */
export function withoutLot(request: RecordedRequest): Comparable {
  const boundary = /boundary="?([^";]+)/i.exec(headerOf(request, "content-type") ?? "")?.[1];
  const unbound = (text: string): string => (boundary === undefined ? text : text.replaceAll(boundary, "(boundary)"));
  const { line, headers, body } = comparable({ ...request, rawHeaders: request.rawHeaders.map(unbound) });
  const kept = headers
    .filter((header) => !PUT_IN.test(header) && !/^x-stripe-client-telemetry:/i.test(header))
    .map((header) => header.replace(/^(idempotency-key): .*$/i, "$1: (drawn)"));
  const hasOrder = !kept.some((header) => WITHOUT_ORDER.test(header));
  return { line, headers: hasOrder ? kept : kept.toSorted(), body: unbound(body) };
}
