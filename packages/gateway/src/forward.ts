/**
 * Step 7: the request goes to the vendor, with the secret in it. The only file that opens one. Each request is written at most
 * once: never retried, never redirected. What comes back is told apart by the one thing that matters to money: whether a byte
 * of the request may have left (then nobody knows what it did) or none has (then it did nothing).
 */
import { Fault, invariant, type Credential, type KeyId, type Secret, type Vendor } from "@keybrake/core";
import type { Transform } from "node:stream";
import { Pool, type Dispatcher } from "undici";
import type { StreamedBody } from "./body.ts";
import type { Limits } from "./limits.ts";
import { Bag, type Item } from "./bag.ts";
import { createRedactor, type Redactor } from "./redact.ts";
import type { Registry } from "./registry.ts";

export interface Outgoing {
  readonly vendor: Vendor;
  readonly credential: Credential;
  readonly secret: Secret<string>;
  readonly baseUrl: string;
  readonly keyId: KeyId;
  readonly method: string;
  /** Path and query, as judged. */
  readonly target: string;
  /** In order and case; without a credential, whose place is `authorizationAt`. */
  readonly headers: readonly string[];
  readonly authorizationAt: number;
  readonly body: Uint8Array | StreamedBody | null;
  /** How much of the answer is waited for; a longer one comes as `long`. */
  bufferBytes(status: number): number;
  /** Asked at the last moment: false if nobody waits for the answer any more. */
  stillWanted(): boolean;
}

/** Why nothing left: the key was revoked, nobody wants it any more, or there was no way to the vendor. */
type NotSentReason = "revoked" | "unwanted" | "unreachable" | "stopping";

export interface AnswerHead {
  readonly status: number;
  readonly statusText: string;
  /** Names and values as they came. */
  readonly headers: readonly string[];
}

export type Forwarded =
  | { readonly kind: "whole"; readonly head: AnswerHead; readonly body: Uint8Array; readonly redactor: Redactor }
  /** The answer is longer than the buffer; the rest is waiting in `rest`. */
  | { readonly kind: "long"; readonly head: AnswerHead; readonly rest: AnswerRest; readonly redactor: Redactor }
  | { readonly kind: "not_sent"; readonly reason: NotSentReason; readonly why: string }
  /** Bytes left, and no whole answer came. */
  | { readonly kind: "lost"; readonly timedOut: boolean; readonly why: string };

/** A long answer, standing still until it is read. */
export interface AnswerRest {
  /** `data` answers false to be asked to wait; `resume` goes on. Exactly one of `end` and `lost` comes last. */
  read(reader: AnswerReader): void;
  resume(): void;
  /** Nobody wants the rest. */
  abort(): void;
}

interface AnswerReader {
  data(chunk: Uint8Array): boolean;
  end(): void;
  lost(why: string): void;
}

/** One request on its way, from being queued to the last byte of the answer. */
export interface Passage {
  readonly result: Promise<Forwarded>;
  /** Milliseconds from the moment it was written to the last byte so far; null while it has not left. */
  upstreamMs(): number | null;
  readonly left: boolean;
  /** Ends it now: as not sent if nothing has left, else as lost. */
  abort(why: string): void;
}

export interface Forwarder {
  send(outgoing: Outgoing): Passage;
  /** Drops all sockets. */
  close(): Promise<void>;
}

export function createForwarder(registry: Registry, limits: Limits): Forwarder {
  const upstreams = new Map<string, Upstream>();
  const authorized = new WeakMap<Secret<string>, Authorized>();
  const underWay = new Bag<Exchange>();

  // One timer for all: a deadline in minutes needs no timer of its own in every call.
  const sweepMs = Math.max(5, Math.min(1_000, limits.queueMs / 4, limits.exchangeMs / 4));
  const sweeper = setInterval(() => {
    const now = performance.now();
    for (const exchange of underWay.list()) if (now >= exchange.dueAt) exchange.overdue();
  }, sweepMs);
  sweeper.unref();

  const upstreamAt = (baseUrl: string): Upstream => {
    let upstream = upstreams.get(baseUrl);
    if (upstream === undefined) upstreams.set(baseUrl, (upstream = openUpstream(baseUrl, limits)));
    return upstream;
  };

  return {
    send(outgoing) {
      const upstream = upstreamAt(outgoing.baseUrl);
      let credentials = authorized.get(outgoing.secret);
      if (credentials === undefined) authorized.set(outgoing.secret, (credentials = authorize(outgoing)));
      const headers = outgoing.headers.toSpliced(outgoing.authorizationAt, 0, ...credentials.headers);
      const exchange = new Exchange(outgoing, credentials.redactor, registry, limits, (each) => underWay.delete(each));
      underWay.add(exchange);
      try {
        upstream.pool.dispatch(
          {
            path: upstream.pathPrefix + outgoing.target,
            method: outgoing.method,
            ...headersAndBody(headers, outgoing.body),
          },
          exchange,
        );
      } catch (problem) {
        exchange.onResponseError(null, problem instanceof Error ? problem : new Error(String(problem)));
      }
      return exchange;
    },
    async close() {
      clearInterval(sweeper);
      for (const exchange of underWay.list()) exchange.abort("Keybrake stopped before the exchange was over.");
      await Promise.all([...upstreams.values()].map(({ pool }) => pool.destroy()));
    },
  };
}

/** A stream says its length itself, where there is one; undici counts the bytes of a body that is whole. */
function headersAndBody(
  headers: string[],
  body: Outgoing["body"],
): { readonly headers: string[]; readonly body: Uint8Array | Transform | null } {
  if (body === null || body instanceof Uint8Array) return { headers, body };
  if (body.length === null) return { headers, body: body.stream };
  return { headers: [...headers, "Content-Length", String(body.length)], body: body.stream };
}

interface Upstream {
  readonly pool: Pool;
  /** Of a base URL with a path; "" for most. */
  readonly pathPrefix: string;
}

function openUpstream(baseUrl: string, limits: Limits): Upstream {
  const url = URL.parse(baseUrl);
  if (url === null)
    throw new Fault("base_url_invalid", "The vendor's base URL is not a URL. Correct it in the settings.");
  const pool = new Pool(url.origin, {
    connections: limits.connectionsMax,
    pipelining: 1,
    allowH2: false,
    connectTimeout: limits.connectMs,
    headersTimeout: limits.answerMs,
    bodyTimeout: limits.answerIdleMs,
    keepAliveTimeout: limits.idleSocketMs,
    keepAliveMaxTimeout: limits.idleSocketMsMax,
    maxHeaderSize: limits.answerHeaderBytesMax,
  });
  return { pool, pathPrefix: url.pathname.replace(/\/+$/, "") };
}

interface Authorized {
  readonly headers: readonly string[];
  readonly redactor: Redactor;
}

/** Once a secret, not once a call. */
function authorize(outgoing: Outgoing): Authorized {
  const { headers, needles } = outgoing.vendor.authorization(outgoing.secret.expose(), outgoing.credential);
  return { headers, redactor: createRedactor(needles) };
}

class Exchange implements Passage, Item, Dispatcher.DispatchHandler {
  place = -1;
  readonly result: Promise<Forwarded>;
  /** When it is given up, in `performance.now()` time. */
  dueAt: number;
  left = false;

  readonly #outgoing: Outgoing;
  readonly #redactor: Redactor;
  readonly #registry: Registry;
  readonly #limits: Limits;
  readonly #forget: (exchange: Exchange) => void;
  #resolve!: (forwarded: Forwarded) => void;
  #resolved = false;
  #over = false;
  #controller: Dispatcher.DispatchController | null = null;
  #leftAt = 0;
  #lastAt = 0;
  /** Why we ended it ourselves, if we did. */
  #ownReason: { reason: NotSentReason; why: string; timedOut: boolean } | null = null;
  #head: AnswerHead | null = null;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #bufferBytes = 0;
  #reader: AnswerReader | null = null;
  #ending: { lost: string | null } | null = null;

  constructor(
    outgoing: Outgoing,
    redactor: Redactor,
    registry: Registry,
    limits: Limits,
    forget: (exchange: Exchange) => void,
  ) {
    this.#outgoing = outgoing;
    this.#redactor = redactor;
    this.#registry = registry;
    this.#limits = limits;
    this.#forget = forget;
    this.dueAt = performance.now() + limits.queueMs;
    this.result = new Promise((resolve) => (this.#resolve = resolve));
  }

  upstreamMs(): number | null {
    return this.left ? Math.round(this.#lastAt - this.#leftAt) : null;
  }

  abort(why: string): void {
    this.#end({ reason: "stopping", why, timedOut: false });
  }

  overdue(): void {
    if (this.left) this.#end({ reason: "stopping", why: "The vendor's answer took too long.", timedOut: true });
    else this.#end({ reason: "unreachable", why: "No connection to the vendor became free in time.", timedOut: false });
  }

  #end(own: { reason: NotSentReason; why: string; timedOut: boolean }): void {
    if (this.#over) return;
    this.#ownReason ??= own;
    // Not written yet: undici still has it in its queue, and `onRequestStart` will turn it away there.
    if (this.#controller === null) return this.#fail(this.#ownReason.why);
    this.#controller.abort(new Error(own.why));
  }

  // ---------------------------------------------------------------------------------------------- what undici calls

  /** Called in the same turn in which the request is written to its socket, just before. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Undici writes a request again only if it takes it for unsent; we do not share that risk.
    const turnedAway = this.left || this.#over ? this.#ownReason : this.#askToLeave();
    if (this.left || this.#over || turnedAway !== null) {
      this.#ownReason ??= turnedAway;
      controller.abort(new Error(turnedAway?.why ?? "A request is written once."));
      return;
    }
    this.left = true;
    this.#controller = controller;
    this.#leftAt = this.#lastAt = performance.now();
    this.dueAt = this.#leftAt + this.#limits.exchangeMs;
  }

  #askToLeave(): { reason: NotSentReason; why: string; timedOut: boolean } | null {
    if (!this.#outgoing.stillWanted())
      return { reason: "unwanted", why: "The caller went away before the call was sent.", timedOut: false };
    if (!this.#registry.leave(this.#outgoing.keyId))
      return { reason: "revoked", why: "The vault key was revoked before the call was sent.", timedOut: false };
    return null;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    statusText?: string,
  ): void {
    if (status < 200) return; // Interim answers (RFC 9110, section 15.2) say nothing that counts.
    this.#lastAt = performance.now();
    this.#head = { status, statusText: statusText ?? "", headers: textOf(controller.rawHeaders) };
    this.#bufferBytes = this.#outgoing.bufferBytes(status);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#lastAt = performance.now();
    if (this.#reader !== null) {
      if (!this.#reader.data(chunk)) controller.pause();
      return;
    }
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size <= this.#bufferBytes || this.#resolved) return;
    controller.pause();
    invariant(this.#head !== null, "an answer's body comes after its head");
    this.#settle({ kind: "long", head: this.#head, rest: this.#rest(), redactor: this.#redactor });
  }

  onResponseEnd(): void {
    this.#lastAt = performance.now();
    if (this.#over) return;
    if (this.#resolved) return this.#finishRest(null);
    const head = this.#head;
    if (head === null) return this.#fail("The vendor's answer has no head.");
    const [only] = this.#chunks;
    const body = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks, this.#size);
    this.#leaveQuietly();
    this.#settle({ kind: "whole", head, body, redactor: this.#redactor });
  }

  onResponseError(_controller: unknown, problem: Error): void {
    this.#fail(this.#ownReason?.why ?? sentenceOf(problem), isTimeout(problem));
  }

  // ------------------------------------------------------------------------------------------------------- endings

  #fail(why: string, timedOut = false): void {
    if (this.#over) return;
    if (this.#resolved) return this.#finishRest(why);
    this.#leaveQuietly();
    const own = this.#ownReason;
    if (this.left) this.#settle({ kind: "lost", timedOut: own?.timedOut ?? timedOut, why });
    else this.#settle({ kind: "not_sent", reason: own?.reason ?? "unreachable", why });
  }

  #settle(forwarded: Forwarded): void {
    this.#resolved = true;
    this.#resolve(forwarded);
  }

  /** The exchange is over, whatever it was. */
  #leaveQuietly(): void {
    this.#over = true;
    if (this.left) this.#registry.arrived(this.#outgoing.keyId);
    this.#forget(this);
  }

  #finishRest(lost: string | null): void {
    this.#leaveQuietly();
    this.#ending = { lost };
    if (this.#reader !== null) this.#tellEnding(this.#reader);
  }

  #tellEnding(reader: AnswerReader): void {
    if (this.#ending === null) return;
    if (this.#ending.lost === null) reader.end();
    else reader.lost(this.#ending.lost);
  }

  #rest(): AnswerRest {
    return {
      read: (reader) => {
        const chunks = this.#chunks;
        this.#chunks = [];
        let wantsMore = true;
        // A reader may abort in the middle of these: it gets no more of them, and hears of its end once, below.
        for (const chunk of chunks) if (this.#ownReason === null) wantsMore = reader.data(chunk);
        this.#reader = reader;
        this.#tellEnding(reader);
        if (wantsMore) this.#controller?.resume();
      },
      resume: () => this.#controller?.resume(),
      abort: () => this.abort("The rest of the answer was not wanted."),
    };
  }
}

/** Undici hands over the bytes as they came; HTTP's header text is latin1 (https://www.rfc-editor.org/rfc/rfc9110#section-5.5). */
function textOf(rawHeaders: Dispatcher.DispatchController["rawHeaders"]): string[] {
  if (!Array.isArray(rawHeaders)) return [];
  return rawHeaders.map((part: Buffer | string) => (typeof part === "string" ? part : part.toString("latin1")));
}

function codeOf(problem: Error): string {
  return "code" in problem && typeof problem.code === "string" ? problem.code : problem.name;
}

function isTimeout(problem: Error): boolean {
  return ["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"].includes(codeOf(problem));
}

/** Only the code: messages of network errors can quote what was sent. */
function sentenceOf(problem: Error): string {
  return `The exchange with the vendor failed (${codeOf(problem)}).`;
}
