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
import { advanceIntent } from "./resources/payment-intents.ts";
import { advanceRefund } from "./resources/refunds.ts";
import { checkNames, findRoute, isAttempt } from "./router.ts";
import { Truth } from "./truth.ts";
import { World } from "./world.ts";

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
  readonly objectsMax: number;
  readonly eventsMax: number;
  readonly idempotencyKeysMax: number;
  readonly movementsMax: number;
}

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

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#truth = new Truth(options.movementsMax);
    this.#keys = new IdempotencyKeys(options.idempotencyKeysMax);
  }

  get truth(): Truth {
    return this.#truth;
  }

  worlds(): readonly World[] {
    return [...this.#worlds.values()];
  }

  reset(): void {
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
    try {
      const publishable = this.#authenticate(request);
      const world = this.#world(request.stripeAccount);
      const key = this.#keyOf(request);
      if (key === null) return this.#admitted(request, requestId, world, publishable, null);
      const begun = this.#keys.begin(key, keyed(request), this.#options.now());
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
    return {
      kind: "admitted",
      run: ({ declineAnyway }) => {
        try {
          const object = this.#execute(request, requestId, world, publishable, declineAnyway);
          return finish(this.#answer(request, requestId, 200, object, []), true);
        } catch (error) {
          return finish(this.#failed(request, requestId, error), error instanceof StripeFailure && error.stored);
        }
      },
      answerInstead: (answer, stored) => void finish(answer, stored),
    };
  }

  #execute(
    request: Request,
    requestId: string,
    world: World,
    publishable: boolean,
    declineAnyway: boolean,
  ): JsonObject {
    const params = readParams(
      request.query,
      request.contentType,
      request.method === "GET" ? Buffer.alloc(0) : request.body,
    );
    const { method, path, segments } = this.#target(request, params);
    const found = segments[0] === "v1" ? findRoute(method, segments.slice(1)) : undefined;
    if (found === undefined) throw unrecognisedUrl(method, path);
    const { route, ids } = found;
    checkNames(route, params);
    if (publishable) checkClientSecret(world, route.pattern, ids[0] ?? "", params);
    if (declineAnyway && !isAttempt(route.pattern, params)) throw cardDeclined(GENERIC_DECLINE, {});
    const origin = { order: request.order, requestId, idempotencyKey: request.idempotencyKey };
    const object = route.handler({ world, params, origin, declineAnyway }, ids);
    return expand(world, params, object);
  }

  /** The operation a request names. A gullible vendor also believes what a careful one would refuse to read. */
  #target(request: Request, params: Params): { method: string; path: string; segments: readonly string[] } {
    const { gullible } = this.#options;
    let { method } = request;
    if (gullible && method === "POST") {
      const override = params.get("_method");
      if (typeof override === "string") {
        method = override.toUpperCase();
        params.entries.delete("_method");
      }
    }
    if (!gullible) return { method, path: request.path, segments: request.path.split("/").slice(1).map(decodeSegment) };
    const segments: string[] = [];
    for (const part of decodeSegment(request.path).split("/")) {
      if (part === "..") segments.pop();
      else if (part !== "" && part !== ".") segments.push(part);
    }
    return { method, path: request.path, segments };
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
    const { now, ids, objectsMax, eventsMax } = this.#options;
    const world = new World({ account, now, random: ids, truth: this.#truth, objectsMax, eventsMax });
    this.#worlds.set(name, world);
    return world;
  }

  /** The key with its scope (the account), or null: only POST has them, GET and DELETE are idempotent by themselves. */
  #keyOf(request: Request): string | null {
    if (request.method !== "POST" || request.idempotencyKey === null) return null;
    if (request.idempotencyKey.length > KEY_LENGTH_MAX) {
      throw invalidParameter(`Idempotency keys may be at most ${KEY_LENGTH_MAX} characters long.`, null, null);
    }
    return `${request.stripeAccount ?? ""}\n${request.idempotencyKey}`;
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
