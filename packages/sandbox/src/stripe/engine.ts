// From a request to an answer, without a socket: who asks, on which account, under which idempotency key, which operation.
// All work is synchronous, so a request is either not begun or done; what can go wrong on the way out is `server.ts`'s.

import { GENERIC_DECLINE } from "./cards.ts";
import {
  StripeFailure,
  cardDeclined,
  idempotencyKeyInUse,
  idempotencyMismatch,
  internalError,
  invalidParameter,
  lockTimeout,
  noSuchObject,
  notAuthenticated,
  notPermitted,
  rateLimited,
  unrecognisedUrl,
} from "./errors.ts";
import { expand } from "./expand.ts";
import type { KeyedRequest } from "./idempotency.ts";
import { IdempotencyKeys, KEY_LENGTH_MAX } from "./idempotency.ts";
import type { JsonObject } from "../shared/json.ts";
import { API_VERSION } from "./objects.ts";
import type { Admission, Answer, Arrived, FakeVendor, FaultError } from "../shared/vendor.ts";
import type { Params } from "./params.ts";
import { readParams } from "./params.ts";
import type { Random } from "../shared/random.ts";
import { DueQueue } from "../shared/due.ts";
import type { Origin } from "./shelf.ts";
import { advanceIntent } from "./resources/payment-intents.ts";
import { openDispute } from "./resources/disputes.ts";
import { advanceRefund } from "./resources/refunds.ts";
import { checkNames, findRoute, isAttempt } from "./router.ts";
import { Truth } from "./truth.ts";
import { runV2 } from "./v2.ts";
import { Binary, World } from "./world.ts";

interface Request extends Arrived {
  readonly stripeAccount: string | null;
  readonly stripeVersion: string | undefined;
}

export interface EngineOptions {
  readonly now: () => number;
  readonly ids: Random;
  /** A stream of its own: a request more or less does not change the ids of objects. */
  readonly requestIds: Random;
  readonly secretKeys: readonly string[];
  readonly publishableKey: string;
  readonly gullible: boolean;
  readonly echoSecretInErrors: boolean;
  readonly plantedSecret: string;
  readonly objectsMax: number;
  readonly eventsMax: number;
  readonly idempotencyKeysMax: number;
  readonly movementsMax: number;
}

/** v2 lets these pass; v1 has keys on POST only, since GET and DELETE are idempotent by themselves. */
const KEYED_IN_V2: ReadonlySet<string> = new Set(["POST", "DELETE"]);

/** What every browser's preflight hears, whoever asks and for what. */
const PREFLIGHT: readonly string[] = [
  "Allow",
  "GET, HEAD, POST, DELETE, OPTIONS",
  "Access-Control-Allow-Methods",
  "GET, HEAD, PUT, PATCH, POST, DELETE",
  "Access-Control-Allow-Origin",
  "*",
  "Access-Control-Max-Age",
  "300",
];

/** Connected accounts that may be named by `Stripe-Account`; each has a world of its own. */
const ACCOUNTS_MAX = 1000;

export class Engine implements FakeVendor {
  readonly id = "stripe";
  readonly requestIdHeader = "Request-Id";
  readonly everyAnswer: readonly string[] = [
    "Server",
    "nginx",
    "Cache-Control",
    "no-cache, no-store",
    "Vary",
    "Origin",
  ];
  readonly #options: EngineOptions;
  #truth: Truth;
  #keys: IdempotencyKeys;
  #worlds = new Map<string, World>();
  readonly #due = new DueQueue();
  /** While something runs that was due earlier: then. */
  #moment: number | null = null;
  plantedSecret: string;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.plantedSecret = options.plantedSecret;
    this.#truth = new Truth(options.movementsMax);
    this.#keys = new IdempotencyKeys(options.idempotencyKeysMax);
  }

  get truth(): Truth {
    return this.#truth;
  }

  worlds(): readonly World[] {
    return [...this.#worlds.values()];
  }

  now(): number {
    return this.#moment ?? this.#options.now();
  }

  /** What is due by now happens: invoices advance, subscriptions renew. */
  tick(): void {
    this.#due.run(this.#options.now());
  }

  reset(): void {
    this.#due.clear();
    this.plantedSecret = this.#options.plantedSecret;
    this.#truth = new Truth(this.#options.movementsMax);
    this.#keys = new IdempotencyKeys(this.#options.idempotencyKeysMax);
    this.#worlds = new Map();
  }

  newRequestId(): string {
    return `req_${this.#options.requestIds.text(14)}`;
  }

  /** Authentication, idempotency, routing: everything before the endpoint begins to execute. */
  admit(arrived: Arrived, requestId: string): Admission {
    const request = readHeaders(arrived);
    this.tick();
    if (request.method === "OPTIONS") {
      return { kind: "answered", answer: { status: 200, headers: PREFLIGHT, body: Buffer.alloc(0), requestId } };
    }
    try {
      const publishable = this.#authenticate(request);
      const world = this.#world(request.stripeAccount);
      const key = this.#keyOf(request);
      if (key === null) return this.#admitted(request, requestId, world, publishable, null);
      const begun = this.#keys.begin(key, keyed(request), this.now());
      switch (begun.kind) {
        case "in_use":
          throw idempotencyKeyInUse(request.idempotencyKey ?? "");
        case "other_request":
          throw idempotencyMismatch(request.idempotencyKey ?? "", begun.first.path, request.path);
        case "replay": {
          const { answer } = begun;
          const headers = [...answer.headers, "Idempotent-Replayed", "true"];
          return { kind: "answered", answer: { ...answer, headers, requestId } };
        }
        case "first":
          return this.#admitted(request, requestId, world, publishable, key);
      }
    } catch (error) {
      return { kind: "answered", answer: this.#failed(request, requestId, error) };
    }
  }

  #admitted(request: Request, requestId: string, world: World, publishable: boolean, key: string | null): Admission {
    const finish = (answer: Answer, stored: boolean): Answer => {
      if (key !== null && stored) this.#keys.keep(key, answer);
      else if (key !== null) this.#keys.forget(key);
      return answer;
    };
    let done = false;
    return {
      kind: "admitted",
      run: ({ declineAnyway }) => {
        try {
          const result = this.#execute(request, requestId, world, publishable, declineAnyway);
          done = true;
          return finish(this.#succeeded(request, requestId, result), true);
        } catch (error) {
          return finish(this.#failed(request, requestId, error), error instanceof StripeFailure && error.stored);
        }
      },
      answerInstead: (answer, stored) => {
        if (!isV2(request)) finish(answer, stored);
        // v2 does a failed request again without doing its work twice: what was done stays what the key remembers.
        else if (!done) finish(answer, false);
      },
    };
  }

  #execute(
    request: Request,
    requestId: string,
    world: World,
    publishable: boolean,
    declineAnyway: boolean,
  ): JsonObject | Binary {
    const origin = { order: request.order, requestId, idempotencyKey: request.idempotencyKey };
    const segments = this.#segments(request.path);
    if (segments[0] === "v2") return this.#executeV2(request, segments.slice(1), world, publishable, origin);
    const params = readParams(
      request.query,
      request.contentType,
      request.method === "GET" || request.method === "HEAD" ? Buffer.alloc(0) : request.body,
    );
    const method = this.#method(request, params);
    const found = segments[0] === "v1" ? findRoute(method, segments.slice(1)) : undefined;
    if (found === undefined) throw unrecognisedUrl(method, request.path);
    const { route, ids } = found;
    checkNames(route, params);
    if (publishable) checkClientSecret(world, route.pattern, ids[0] ?? "", params);
    if (declineAnyway && !isAttempt(route.pattern, params)) throw cardDeclined(GENERIC_DECLINE, {});
    const object = route.handler({ world, params, origin, declineAnyway }, ids);
    return object instanceof Binary ? object : expand(world, params, object);
  }

  #executeV2(
    request: Request,
    segments: readonly string[],
    world: World,
    publishable: boolean,
    origin: Origin,
  ): JsonObject {
    if (publishable)
      throw notPermitted("This API call cannot be made with a publishable API key.", "secret_key_required");
    const { query, contentType, body } = request;
    const method = request.method === "HEAD" ? "GET" : request.method;
    const object = runV2({ world, origin, method, segments, query, contentType, body });
    if (object === undefined) throw unrecognisedUrl(request.method, request.path);
    return object;
  }

  /** HEAD is GET without a body, which the server leaves out by itself. A gullible vendor also believes an override. */
  #method(request: Request, params: Params): string {
    const { method } = request;
    if (method === "HEAD") return "GET";
    const override = this.#options.gullible && method === "POST" ? params.get("_method") : undefined;
    if (typeof override !== "string") return method;
    params.entries.delete("_method");
    return override.toUpperCase();
  }

  /** A gullible vendor also follows what a careful one would refuse to read. */
  #segments(path: string): readonly string[] {
    if (!this.#options.gullible) return path.split("/").slice(1).map(decodeSegment);
    const segments: string[] = [];
    for (const part of decodeSegment(path).split("/")) {
      if (part === "..") segments.pop();
      else if (part !== "" && part !== ".") segments.push(part);
    }
    return segments;
  }

  #authenticate(request: Request): boolean {
    const given = keyIn(request.authorization);
    if (given === null) {
      throw notAuthenticated(
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
      );
    }
    if (this.#options.secretKeys.includes(given)) return false;
    if (given === this.#options.publishableKey) return true;
    throw notAuthenticated(`Invalid API Key provided: ${"*".repeat(Math.min(24, given.length))}${given.slice(-4)}`);
  }

  #world(account: string | null): World {
    const name = account ?? "";
    const known = this.#worlds.get(name);
    if (known !== undefined) return known;
    if (account !== null && (!/^acct_\w{1,40}$/.test(account) || this.#worlds.size > ACCOUNTS_MAX)) {
      throw notPermitted(
        `The provided key does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`,
        "account_invalid",
      );
    }
    const platform = account === null ? null : this.#world(null);
    const { ids, objectsMax, eventsMax } = this.#options;
    const world = new World({
      account,
      platform,
      now: () => this.now(),
      random: ids,
      truth: this.#truth,
      objectsMax,
      eventsMax,
      plantedSecret: () => this.plantedSecret,
      later: (at, work) => this.#later(at, work),
    });
    this.#worlds.set(name, world);
    return world;
  }

  #later(due: number, work: () => void): void {
    this.#due.at(due, (at) => {
      this.#moment = at;
      try {
        work();
      } finally {
        this.#moment = null;
      }
    });
  }

  /** The key with its scope (the account), or null where keys mean nothing. */
  #keyOf(request: Request): string | null {
    const keyable = isV2(request) ? KEYED_IN_V2.has(request.method) : request.method === "POST";
    if (!keyable || request.idempotencyKey === null) return null;
    if (request.idempotencyKey.length > KEY_LENGTH_MAX) {
      throw invalidParameter(`Idempotency keys may be at most ${KEY_LENGTH_MAX} characters long.`, null, null);
    }
    return `${request.stripeAccount ?? ""}\n${request.idempotencyKey}`;
  }

  /** A customer's bank takes money of a charge back. `amount` in minor units; undefined: all of it. */
  dispute(chargeId: string, amount: number | undefined): JsonObject {
    for (const world of this.#worlds.values()) {
      const charge = world.charges.find(chargeId);
      if (charge !== undefined) return { ...openDispute(world, charge, amount) };
    }
    throw noSuchObject("charge", chargeId, "charge");
  }

  /** `processing`, `requires_action`, pending refunds: what the customer or the bank does later. */
  advance(id: string, outcome: "succeed" | "fail"): JsonObject {
    for (const world of this.#worlds.values()) {
      if (world.paymentIntents.find(id) !== undefined) return { ...advanceIntent(world, id, outcome) };
      if (world.refunds.find(id) !== undefined) return { ...advanceRefund(world, id, outcome) };
    }
    throw noSuchObject("payment_intent or refund", id, "id");
  }

  fault(arrived: Arrived, requestId: string, error: FaultError): Answer {
    const request = readHeaders(arrived);
    switch (error.kind) {
      case "rate_limited":
        return this.#failed(request, requestId, error.lockTimeout ? lockTimeout() : rateLimited());
      case "conflict":
        return this.#failed(request, requestId, idempotencyKeyInUse(request.idempotencyKey ?? ""));
      case "internal":
        return this.#failed(request, requestId, internalError(error.stored));
      case "echo": {
        const message = `Refused: Authorization: ${request.authorization ?? ""}`;
        const body = JSON.stringify({ error: { message, type: "invalid_request_error" } }, null, 2);
        return { status: error.status, headers: [], body: Buffer.from(body), requestId };
      }
    }
  }

  #succeeded(request: Request, requestId: string, done: JsonObject | Binary): Answer {
    if (!(done instanceof Binary)) return this.#answer(request, requestId, 200, done, []);
    return { ...this.#answer(request, requestId, 200, {}, []), body: done.bytes, contentType: done.contentType };
  }

  #failed(request: Request, requestId: string, error: unknown): Answer {
    if (!(error instanceof StripeFailure)) {
      const message = `The sandbox itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      return this.#answer(request, requestId, 500, { error: { message, type: "api_error" } }, []);
    }
    const log = { request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}` };
    if (!this.#options.echoSecretInErrors || request.authorization === undefined) {
      return this.#answer(request, requestId, error.status, { error: { ...error.body, ...log } }, error.headers);
    }
    const body = { ...error.body, ...log, message: `${error.message} (Authorization: ${request.authorization})` };
    const headers = [...error.headers, "X-Sandbox-Authorization", request.authorization];
    return this.#answer(request, requestId, error.status, { error: body }, headers);
  }

  #answer(request: Request, requestId: string, status: number, object: JsonObject, extra: readonly string[]): Answer {
    const headers = ["Stripe-Version", request.stripeVersion ?? API_VERSION, ...extra];
    if (request.idempotencyKey !== null && request.method === "POST") {
      headers.push("Idempotency-Key", request.idempotencyKey, "Original-Request", requestId);
    }
    return { status, headers, body: Buffer.from(JSON.stringify(object, null, 2)), requestId };
  }
}

/** One path and no other: v2 is never reached by a path that merely means the same. */
function isV2(request: Request): boolean {
  return request.path.startsWith("/v2/");
}

function keyed(request: Request): KeyedRequest {
  const { method, path, query, contentType, body } = request;
  return { method, path, query, contentType, body };
}

function readHeaders(arrived: Arrived): Request {
  return {
    ...arrived,
    stripeAccount: single(arrived.headers["stripe-account"]),
    stripeVersion: single(arrived.headers["stripe-version"]) ?? undefined,
  };
}

function single(value: string | readonly string[] | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === "string" ? value : (value[0] ?? null);
}

function keyIn(authorization: string | undefined): string | null {
  const [, scheme = "", value = ""] = /^(\w+) +(\S+)\s*$/.exec(authorization ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return null;
  // The key is the user; the password is empty (`curl -u sk_test_...:`).
  const user = Buffer.from(value, "base64").toString("utf8").split(":")[0] ?? "";
  return user === "" ? null : user;
}

function decodeSegment(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidParameter("The path is not valid URL-encoded UTF-8.", null, null);
  }
}

/** A publishable key, as a browser has it, may look at one intent and pay it, if it knows the intent's client secret. */
function checkClientSecret(world: World, pattern: string, id: string, params: Params): void {
  if (pattern !== "GET payment_intents/*" && pattern !== "POST payment_intents/*/confirm") {
    const message =
      "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.";
    throw notPermitted(message, "secret_key_required");
  }
  const intent = world.paymentIntents.find(id);
  if (intent === undefined || params.text("client_secret") !== intent.client_secret) {
    throw noSuchObject("payment_intent", id, "intent");
  }
}
