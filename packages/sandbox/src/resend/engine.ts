// From a request to an answer, without a socket: whose key, which operation, under which idempotency key. All work is synchronous, so
// a request is either not begun or done; what can go wrong on the way out is the common server's.

import type { Json, JsonObject } from "../shared/json.ts";
import type { Random } from "../shared/random.ts";
import type { Admission, Answer, Arrived, FakeVendor, FaultError } from "../shared/vendor.ts";
import {
  ResendFailure,
  internalError,
  invalidApiKey,
  invalidIdempotencyKey,
  missingApiKey,
  otherPayload,
  rateLimited,
  restrictedApiKey,
  stillInProgress,
  unreadableBody,
} from "./errors.ts";
import { IdempotencyKeys, KEY_LENGTH_MAX, fingerprint } from "./idempotency.ts";
import { REQUESTS_PER_SECOND, RateLimit } from "./rate.ts";
import { findHandler, segmentsOf } from "./router.ts";
import type { WorldOptions } from "./world.ts";
import { World } from "./world.ts";

export interface EngineOptions extends WorldOptions {
  /** A stream of its own: a request more or less does not change the ids of objects. */
  readonly requestIds: Random;
  readonly secretKeys: readonly string[];
  readonly idempotencyKeysMax: number;
}

/** "currently supported on the POST /emails and the POST /emails/batch endpoints" */
const KEYED: ReadonlySet<string> = new Set(["emails", "emails/batch"]);
/** Longer bodies are not kept in the logs. */
const LOGGED_BYTES_MAX: number = 64 * 1024;

export class Engine implements FakeVendor {
  readonly id = "resend";
  // Resend answers through Cloudflare, and publishes no header of its own for a request's id.
  readonly requestIdHeader = "CF-Ray";
  readonly everyAnswer: readonly string[] = ["Server", "cloudflare", "Vary", "accept-encoding"];
  readonly rate: RateLimit = new RateLimit();
  readonly #options: EngineOptions;
  #world: World;
  #keys: IdempotencyKeys;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#world = new World(options);
    this.#keys = new IdempotencyKeys(options.idempotencyKeysMax);
  }

  get world(): World {
    return this.#world;
  }

  reset(): void {
    this.#world = new World(this.#options);
    this.#keys = new IdempotencyKeys(this.#options.idempotencyKeysMax);
    this.rate.set(null);
  }

  newRequestId(): string {
    return this.#options.requestIds.text(16).toLowerCase();
  }

  admit(request: Arrived, requestId: string): Admission {
    this.#world.sendWhatIsDue();
    if ((request.headers["user-agent"] ?? "") === "") return { kind: "answered", answer: withoutUserAgent(requestId) };
    const limit = this.rate.take(this.#options.now());
    const extra = limit?.headers ?? [];
    try {
      if (limit?.exceeded === true) throw rateLimited(limit.perSecond, []);
      const segments = segmentsOf(request.path, this.#options.gullible);
      this.#authenticate(request, segments.join("/"));
      const key = keyOf(request, segments.join("/"));
      if (key === null) return this.#admitted(request, requestId, segments, extra, null);
      const begun = this.#keys.begin(key, fingerprint(segments.join("/"), request.body), this.#options.now());
      switch (begun.kind) {
        case "in_progress":
          throw stillInProgress();
        case "other_payload":
          throw otherPayload();
        case "again":
          // Nothing tells that it is an answer given before.
          return { kind: "answered", answer: { ...begun.answer, headers: extra, requestId } };
        case "first":
          return this.#admitted(request, requestId, segments, extra, key);
      }
    } catch (error) {
      return { kind: "answered", answer: failed(requestId, error, extra) };
    }
  }

  fault(request: Arrived, requestId: string, error: FaultError): Answer {
    switch (error.kind) {
      case "rate_limited": {
        const headers = ["ratelimit-limit", String(REQUESTS_PER_SECOND), "ratelimit-remaining", "0"];
        headers.push("ratelimit-reset", "1", "retry-after", "1");
        return failed(requestId, rateLimited(REQUESTS_PER_SECOND, headers), []);
      }
      case "conflict":
        return failed(requestId, stillInProgress(), []);
      case "internal":
        return failed(requestId, internalError(), []);
      case "echo": {
        const message = `Refused: Authorization: ${request.authorization ?? ""}`;
        return failed(requestId, new ResendFailure(error.status, "validation_error", message), []);
      }
    }
  }

  #admitted(
    request: Arrived,
    requestId: string,
    segments: readonly string[],
    extra: readonly string[],
    key: string | null,
  ): Admission {
    let ran = false;
    return {
      kind: "admitted",
      run: () => {
        ran = true;
        const answer = this.#run(request, requestId, segments, extra);
        // "checks whether an email with the same idempotency key has already been sent": what sent nothing leaves no key.
        if (key !== null && answer.status < 300) this.#keys.keep(key, answer);
        else if (key !== null) this.#keys.forget(key);
        return answer;
      },
      // Once mails were sent the key knows them, whatever the caller heard.
      answerInstead: (answer, stored) => {
        if (key === null || ran) return;
        if (stored) this.#keys.keep(key, answer);
        else this.#keys.forget(key);
      },
    };
  }

  #run(request: Arrived, requestId: string, segments: readonly string[], extra: readonly string[]): Answer {
    let body: unknown;
    let answer: Answer;
    try {
      const { handler, ids } = findHandler(request.method, segments);
      body = readBody(request);
      const reply = handler(
        {
          world: this.#world,
          body,
          query: new URLSearchParams(request.query),
          permissive: request.headers["x-batch-validation"] === "permissive",
          origin: { order: request.order, requestId, idempotencyKey: request.idempotencyKey },
        },
        ids,
      );
      answer = { status: reply.status, headers: extra, body: Buffer.from(JSON.stringify(reply.body)), requestId };
    } catch (error) {
      answer = failed(requestId, error, extra);
    }
    this.#log(request, body, answer);
    return answer;
  }

  #log(request: Arrived, body: unknown, answer: Answer): void {
    this.#world.logs.add({
      id: this.#world.newId(),
      createdAt: this.#world.now(),
      endpoint: request.path,
      method: request.method,
      status: answer.status,
      userAgent: request.headers["user-agent"] ?? null,
      // Both come from JSON.parse.
      requestBody: request.body.length > LOGGED_BYTES_MAX ? null : ((body ?? null) as Json),
      responseBody: answer.body.length > LOGGED_BYTES_MAX ? null : (JSON.parse(answer.body.toString("utf8")) as Json),
    });
  }

  #authenticate(request: Arrived, path: string): void {
    const [, token] = /^Bearer +(\S+)\s*$/i.exec(request.authorization ?? "") ?? [];
    if (token === undefined) throw missingApiKey();
    if (this.#options.secretKeys.includes(token)) return;
    const key = [...this.#world.apiKeys.all()].find((each) => each.token === token);
    if (key === undefined) throw invalidApiKey();
    const sends = request.method === "POST" && KEYED.has(path);
    if (key.permission === "sending_access" && !sends) throw restrictedApiKey();
  }
}

/** Only two endpoints have them; elsewhere the header means nothing. */
function keyOf(request: Arrived, path: string): string | null {
  if (request.method !== "POST" || !KEYED.has(path) || request.idempotencyKey === null) return null;
  if (request.idempotencyKey === "" || request.idempotencyKey.length > KEY_LENGTH_MAX) throw invalidIdempotencyKey();
  return request.idempotencyKey;
}

function readBody(request: Arrived): unknown {
  if (request.method === "GET" || request.body.length === 0) return undefined;
  try {
    return JSON.parse(request.body.toString("utf8"));
  } catch {
    throw unreadableBody();
  }
}

/** Cloudflare's refusal in front of Resend, which is not in Resend's form (resend.com/docs/api-reference/introduction: "403 ... 1010"). */
function withoutUserAgent(requestId: string): Answer {
  return {
    status: 403,
    headers: [],
    body: Buffer.from("error code: 1010"),
    requestId,
    contentType: "text/plain; charset=UTF-8",
  };
}

function failed(requestId: string, error: unknown, extra: readonly string[]): Answer {
  const failure =
    error instanceof ResendFailure
      ? error
      : new ResendFailure(
          500,
          "application_error",
          `The sandbox itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
  const object: JsonObject = { statusCode: failure.status, name: failure.code, message: failure.message };
  const body = Buffer.from(JSON.stringify(object));
  return { status: failure.status, headers: [...extra, ...failure.headers], body, requestId };
}
