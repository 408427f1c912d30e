// The sandbox's sockets: reads requests, records them, lets the engine work, and delivers the answer, or spoils the delivery
// as the fault rules say. Fake money only; it knows no real secret and calls nobody.

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { performance } from "node:perf_hooks";
import { handleControl } from "./control.ts";
import { badGateway, deliver, deliverSplit, garbage, reset, truncate } from "./delivery.ts";
import type { Admission, Answer, Request } from "./engine.ts";
import { Engine } from "./engine.ts";
import type { StripeFailure } from "./errors.ts";
import { idempotencyKeyInUse, internalError, lockTimeout, rateLimited } from "./errors.ts";
import type { RecordedRequest } from "./journal.ts";
import { Journal } from "./journal.ts";
import type { MisbehaviourRule, Plan } from "./misbehaviour.ts";
import { Misbehaviours } from "./misbehaviour.ts";
import type { JsonObject, PaymentIntentStatus, Refund } from "./objects.ts";
import { isObject } from "./objects.ts";
import { seededRandom } from "./random.ts";
import type { MovedCharge, Movement } from "./truth.ts";

/** Clearly fake, and shaped so that nothing mistakes it for a real key. */
export const SANDBOX_SECRET_KEY = "sk_test_keybrakeSandboxFakeMoneyOnly0000000000";
export const SANDBOX_PUBLISHABLE_KEY = "pk_test_keybrakeSandboxFakeMoneyOnly0000000000";

type Admitted = Extract<Admission, { kind: "admitted" }>;

const BODY_BYTES_MAX = 20 * 1024 * 1024;
const CONNECTIONS_MAX = 10_000;
/** Longer than any client's own idle limit, so that it is never the sandbox that closes a connection in use. */
const KEEP_ALIVE_MS = 120_000;
const JOURNAL_REQUESTS_DEFAULT = 20_000;

export interface StripeSandboxOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly secretKey?: string;
  /** Further keys of the same account, as when a key is being rotated. */
  readonly otherSecretKeys?: readonly string[];
  /** Milliseconds since the epoch: `created`, and the 24 hours of idempotency keys. */
  readonly now?: () => number;
  /** The same seed gives the same ids and the same misfortunes. Without one, the clock is the seed. */
  readonly seed?: number;
  /** Fault rules from the start. */
  readonly failures?: readonly MisbehaviourRule[];
  /** false: none; a number: the latest so many; true (the default): the latest 20,000. */
  readonly recordRequests?: boolean | number;
  /** Compress for clients that accept gzip, as Stripe does. Default false. */
  readonly compress?: boolean;
  /** Every error repeats the whole Authorization value, in its message and in a header. Default false. */
  readonly echoSecretInErrors?: boolean;
  /** Believe `//`, `..`, `%2f`, trailing slashes, `_method` and X-HTTP-Method-Override: whatever passes does harm here. */
  readonly gullible?: boolean;
  /** Serve `/_sandbox/*`. Default true. */
  readonly controlPlane?: boolean;
  /** How much is kept; the oldest leave first. Totals of moved money are exact whatever leaves. */
  readonly limits?: {
    readonly objectsPerKind?: number;
    readonly events?: number;
    readonly idempotencyKeys?: number;
    readonly movements?: number;
  };
}

export interface PaymentIntentFacts {
  readonly id: string;
  readonly amountMinor: bigint;
  readonly receivedMinor: bigint;
  readonly capturableMinor: bigint;
  readonly currency: string;
  readonly status: PaymentIntentStatus;
  /** The request that created it. */
  readonly order: number;
  readonly idempotencyKey: string | null;
  readonly account: string | null;
}

export interface RefundFacts {
  readonly id: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly status: Refund["status"];
  readonly chargeId: string;
  readonly paymentIntentId: string | null;
  readonly order: number;
  readonly idempotencyKey: string | null;
  readonly account: string | null;
}

/** The truth about the sandbox's money. Directions are never netted. */
export interface MoneyMoved {
  readonly collectedMinor: ReadonlyMap<string, bigint>;
  readonly paidOutMinor: ReadonlyMap<string, bigint>;
  /** On hold on customers' cards, neither captured nor released. */
  readonly authorizedMinor: ReadonlyMap<string, bigint>;
  /** Charges that really collected something, in order. */
  readonly charges: readonly MovedCharge[];
  /** Every PaymentIntent that exists, paid or not. */
  readonly paymentIntents: readonly PaymentIntentFacts[];
  readonly refunds: readonly RefundFacts[];
  readonly movements: readonly Movement[];
  /** False when details were dropped for the sake of a limit; the totals are exact even then. */
  readonly whole: boolean;
}

export interface StripeSandbox extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly secretKey: string;
  /** What a browser has: may confirm a PaymentIntent whose client secret it knows. */
  readonly publishableKey: string;
  journal(): readonly RecordedRequest[];
  clearJournal(): void;
  /** How many requests have arrived, recorded or not. */
  requestCount(): number;
  moneyMoved(): MoneyMoved;
  /** Adds a fault rule; the returned function takes it away again. */
  misbehave(rule: MisbehaviourRule): () => void;
  clearMisbehaviour(): void;
  /** Called for every request as soon as it has arrived. A promise that it returns holds the request back: a gate. */
  onRequest(listener: (request: RecordedRequest) => void | Promise<void>): () => void;
  /** Ends what waits for a customer or a bank: `requires_action`, `processing`, pending refunds. Returns the object. */
  advance(id: string, outcome?: "succeed" | "fail"): JsonObject;
  /** Forgets everything: objects, money, keys, rules, journal. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts a fake Stripe on 127.0.0.1.
 *
 * ```ts
 * await using sandbox = await startStripeSandbox();
 * sandbox.misbehave({ action: "500_after_work", match: { method: "POST", path: "/v1/payment_intents" }, times: 1 });
 * ```
 */
export async function startStripeSandbox(options: StripeSandboxOptions = {}): Promise<StripeSandbox> {
  const sandbox = new RunningSandbox(options);
  await sandbox.listen(options.port ?? 0, options.host ?? "127.0.0.1");
  return sandbox;
}

class RunningSandbox implements StripeSandbox {
  readonly secretKey: string;
  readonly publishableKey: string = SANDBOX_PUBLISHABLE_KEY;
  readonly #options: StripeSandboxOptions;
  readonly #now: () => number;
  readonly #engine: Engine;
  readonly #journal: Journal;
  readonly #misbehaviours: Misbehaviours;
  readonly #server: Server;
  readonly #listeners = new Set<(request: RecordedRequest) => void | Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #order = 0;
  #url = "";
  #port = 0;
  #closing = false;

  constructor(options: StripeSandboxOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.secretKey = options.secretKey ?? SANDBOX_SECRET_KEY;
    const seed = options.seed ?? Math.floor(Date.now() * 1000 + performance.now() * 1000);
    const limits = options.limits ?? {};
    this.#engine = new Engine({
      now: this.#now,
      ids: seededRandom(seed, 1),
      requestIds: seededRandom(seed, 3),
      secretKeys: [this.secretKey, ...(options.otherSecretKeys ?? [])],
      publishableKey: this.publishableKey,
      gullible: options.gullible ?? false,
      echoSecretInErrors: options.echoSecretInErrors ?? false,
      objectsMax: limits.objectsPerKind ?? 100_000,
      eventsMax: limits.events ?? 20_000,
      idempotencyKeysMax: limits.idempotencyKeys ?? 50_000,
      movementsMax: limits.movements ?? 200_000,
    });
    const record = options.recordRequests ?? true;
    this.#journal = new Journal(record === true ? JOURNAL_REQUESTS_DEFAULT : record === false ? 0 : record);
    // A stream of its own: adding a rule does not change the ids.
    this.#misbehaviours = new Misbehaviours(seededRandom(seed, 2));
    for (const rule of options.failures ?? []) this.#misbehaviours.add(rule);
    this.#server = createServer(
      { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0, noDelay: true },
      (request, response) => {
        this.#receive(request, response);
      },
    );
    this.#server.maxConnections = CONNECTIONS_MAX;
  }

  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("a TCP server has an address and a port");
    this.#port = address.port;
    this.#url = `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`;
  }

  get url(): string {
    return this.#url;
  }

  get port(): number {
    return this.#port;
  }

  journal(): readonly RecordedRequest[] {
    return this.#journal.requests();
  }

  clearJournal(): void {
    this.#journal.clear();
  }

  requestCount(): number {
    return this.#order;
  }

  moneyMoved(): MoneyMoved {
    const { truth } = this.#engine;
    const paymentIntents: PaymentIntentFacts[] = [];
    const refunds: RefundFacts[] = [];
    for (const world of this.#engine.worlds()) {
      for (const { object, origin } of world.paymentIntents.oldestFirst()) {
        paymentIntents.push({
          id: object.id,
          amountMinor: BigInt(object.amount),
          receivedMinor: BigInt(object.amount_received),
          capturableMinor: BigInt(object.amount_capturable),
          currency: object.currency,
          status: object.status,
          order: origin.order,
          idempotencyKey: origin.idempotencyKey,
          account: world.account,
        });
      }
      for (const { object, origin } of world.refunds.oldestFirst()) {
        refunds.push({
          id: object.id,
          amountMinor: BigInt(object.amount),
          currency: object.currency,
          status: object.status,
          chargeId: object.charge,
          paymentIntentId: object.payment_intent,
          order: origin.order,
          idempotencyKey: origin.idempotencyKey,
          account: world.account,
        });
      }
    }
    return {
      collectedMinor: new Map(truth.collectedMinor),
      paidOutMinor: new Map(truth.paidOutMinor),
      authorizedMinor: new Map(truth.authorizedMinor),
      charges: truth.charges(),
      paymentIntents,
      refunds,
      movements: truth.movements(),
      whole: truth.whole(),
    };
  }

  misbehave(rule: MisbehaviourRule): () => void {
    return this.#misbehaviours.add(rule);
  }

  clearMisbehaviour(): void {
    this.#misbehaviours.clear();
  }

  onRequest(listener: (request: RecordedRequest) => void | Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  advance(id: string, outcome: "succeed" | "fail" = "succeed"): JsonObject {
    return this.#engine.advance(id, outcome);
  }

  reset(): void {
    this.#engine.reset();
    this.#misbehaviours.clear();
    this.#journal.clear();
    this.#order = 0;
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // A request's way ----------------------------------------------------------------------------------------------------

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > BODY_BYTES_MAX) request.destroy();
      else chunks.push(chunk);
    });
    // A client that goes away in the middle has sent no request.
    request.on("error", () => {});
    response.on("error", () => {});
    request.on("end", () => {
      const only = chunks[0];
      this.#arrived(request, chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks), response);
    });
  }

  #arrived(incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const target = incoming.url ?? "/";
    // RFC 9112 section 3.2.2: a server must accept the absolute form.
    const local = target.startsWith("/") ? target : target.replace(/^[a-z]+:\/\/[^/]*/i, "");
    const question = local.indexOf("?");
    const path = question < 0 ? local : local.slice(0, question);
    const query = question < 0 ? "" : local.slice(question + 1);
    const control = path.startsWith("/_sandbox/") && path !== "/_sandbox/elsewhere";
    if (control && this.#options.controlPlane !== false) {
      handleControl(this, { method: incoming.method ?? "GET", path, query, body }, response);
      return;
    }
    this.#order += 1;
    const recorded: RecordedRequest = {
      order: this.#order,
      method: incoming.method ?? "GET",
      path: target,
      rawHeaders: incoming.rawHeaders,
      body,
      receivedAt: this.#now(),
      receivedAtMonotonicMs: performance.now(),
    };
    this.#journal.add(recorded);
    const { headers } = incoming;
    const override = this.#options.gullible === true ? headers["x-http-method-override"] : undefined;
    const request: Request = {
      order: recorded.order,
      method: typeof override === "string" ? override.toUpperCase() : recorded.method,
      path,
      query,
      contentType: headers["content-type"],
      body,
      authorization: headers.authorization,
      idempotencyKey: single(headers["idempotency-key"]),
      stripeAccount: single(headers["stripe-account"]),
      stripeVersion: single(headers["stripe-version"]) ?? undefined,
    };
    const gates = this.#notify(recorded);
    const acceptsGzip = /\bgzip\b/i.test(headers["accept-encoding"] ?? "");
    if (gates.length === 0) this.#serve(request, response, acceptsGzip);
    else void Promise.allSettled(gates).then(() => this.#serve(request, response, acceptsGzip));
  }

  #notify(request: RecordedRequest): readonly Promise<void>[] {
    const gates: Promise<void>[] = [];
    for (const listener of this.#listeners) {
      const gate = listener(request);
      if (gate !== undefined) gates.push(gate);
    }
    return gates;
  }

  #serve(request: Request, response: ServerResponse, acceptsGzip: boolean): void {
    const plan = this.#misbehaviours.plan(request.method, request.path, request.idempotencyKey);
    const gzip = plan.gzip || (acceptsGzip && this.#options.compress === true);
    const requestId = this.#engine.newRequestId();
    if (request.path === "/_sandbox/elsewhere") {
      deliver(response, { status: 200, headers: [], body: Buffer.from('{"elsewhere": true}'), requestId }, gzip);
      return;
    }
    if (this.#spoiltBeforeWork(request, response, requestId, plan, gzip)) return;
    // From here on an idempotency key is in flight, until the work below is done.
    const admission = this.#engine.admit(request, requestId);
    this.#later(plan.delayBeforeMs, () => {
      const answer = admission.kind === "answered" ? admission.answer : this.#work(request, requestId, plan, admission);
      this.#later(plan.delayAfterMs, () => this.#end(request, response, plan, answer, gzip));
    });
  }

  /** What happens in front of Stripe's endpoints: nothing executes, and an idempotency key never hears of it. */
  #spoiltBeforeWork(request: Request, response: ServerResponse, requestId: string, plan: Plan, gzip: boolean): boolean {
    const { ending } = plan;
    const answer = (failure: StripeFailure): Answer => this.#engine.failed(request, requestId, failure);
    switch (ending?.action) {
      case "reset_before_work":
        reset(response);
        return true;
      case "429":
        deliver(response, answer(ending.lockTimeout === true ? lockTimeout() : rateLimited()), gzip);
        return true;
      case "409":
        deliver(response, answer(idempotencyKeyInUse(request.idempotencyKey ?? "")), gzip);
        return true;
      case "redirect": {
        const location = ending.location ?? `${this.#url}/_sandbox/elsewhere`;
        deliver(response, { status: 307, headers: ["Location", location], body: Buffer.from("{}"), requestId }, gzip);
        return true;
      }
      case "html_502":
        if (ending.work !== false) return false;
        badGateway(response, requestId);
        return true;
      case "echo_secret": {
        const status = ending.status ?? 400;
        if (status < 300) return false;
        const body = {
          error: { message: `Refused: Authorization: ${request.authorization ?? ""}`, type: "invalid_request_error" },
        };
        this.#echo(
          request,
          response,
          { status, headers: [], body: json(body), requestId },
          gzip,
          ending.split === true,
        );
        return true;
      }
      case undefined:
      case "402":
      case "500_after_work":
      case "500_before_work":
      case "garbage_200":
      case "hang_after_work":
      case "reset_after_work":
      case "truncate":
        return false;
    }
  }

  #work(request: Request, requestId: string, plan: Plan, admitted: Admitted): Answer {
    const { ending } = plan;
    if (ending?.action === "500_before_work") {
      const stored = ending.stored === true;
      const answer = this.#engine.failed(request, requestId, internalError(stored));
      admitted.answerInstead(answer, stored);
      return answer;
    }
    const answer = admitted.run({ declineAnyway: ending?.action === "402" });
    if (ending?.action !== "500_after_work") return answer;
    const failure = this.#engine.failed(request, requestId, internalError(true));
    admitted.answerInstead(failure, true);
    return failure;
  }

  #end(request: Request, response: ServerResponse, plan: Plan, answer: Answer, gzip: boolean): void {
    const { ending } = plan;
    switch (ending?.action) {
      case "reset_after_work":
        reset(response);
        return;
      case "hang_after_work":
        // Nothing more is ever said; the client's patience, or close(), ends it.
        return;
      case "truncate":
        truncate(response, answer, gzip);
        return;
      case "garbage_200":
        deliver(response, garbage(answer), gzip);
        return;
      case "html_502":
        badGateway(response, answer.requestId);
        return;
      case "echo_secret": {
        const object: unknown = JSON.parse(answer.body.toString("utf8"));
        const body = json({ ...(isObject(object) ? object : {}), sandbox_echo: request.authorization ?? "" });
        this.#echo(request, response, { ...answer, body }, gzip, ending.split === true);
        return;
      }
      case undefined:
      case "402":
      case "409":
      case "429":
      case "500_after_work":
      case "500_before_work":
      case "redirect":
      case "reset_before_work":
        deliver(response, answer, gzip);
    }
  }

  /** `answer` repeats the secret in its body already; here it does so in a header too. */
  #echo(request: Request, response: ServerResponse, answer: Answer, gzip: boolean, split: boolean): void {
    const secret = request.authorization ?? "";
    const loud = { ...answer, headers: [...answer.headers, "X-Sandbox-Authorization", secret] };
    if (split) deliverSplit(response, loud, gzip, secret);
    else deliver(response, loud, gzip);
  }

  #later(ms: number, then: () => void): void {
    if (ms <= 0) {
      then();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, ms);
    this.#timers.add(timer);
  }
}

function json(value: JsonObject): Buffer {
  return Buffer.from(JSON.stringify(value, null, 2));
}

function single(value: string | readonly string[] | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === "string" ? value : (value[0] ?? null);
}
