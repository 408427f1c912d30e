/**
 * The data plane: a call of an agent goes in, is judged, held, forwarded, metered, answered and settled. `serve` below reads top to
 * bottom as these steps, one file a step. It knows vendors and the store only as ports, and has no rule about money of its own.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  allowlistOf,
  asCallId,
  checkConstraints,
  Fault,
  refusal,
  type Conversion,
  decide,
  type AllowPattern,
  type CallEnding,
  type Credential,
  type CredentialId,
  type Instant,
  type KeyId,
  type MinorAmount,
  type PolicyQuestion,
  type PriceAnswer,
  type PriceQuery,
  type PriceSource,
  type Pricing,
  type Refusal,
  type Secret,
  type Store,
  type Vendor,
  type VaultKey,
  type VendorCall,
  type VendorRequest,
} from "@keybrake/core";
import { admitInTime, admitRequest, notSentEnding } from "./admit.ts";
import { authenticate, keyRevoked } from "./authenticate.ts";
import { Bag } from "./bag.ts";
import { NO_BODY, readBody, streamBody, type BodyRead, type StreamedBody } from "./body.ts";
import { Call } from "./call.ts";
import { sendDryRun } from "./dry-run.ts";
import { estimateCall, targetOf, withInjected, type Estimated, type Upstream } from "./estimate.ts";
import type { GatewayEvent } from "./event.ts";
import { createFollowUps } from "./follow-up.ts";
import { createForwarder, type Forwarded, type Passage } from "./forward.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { createLookUpCache } from "./look-up-cache.ts";
import { createLookUpRate } from "./look-up-rate.ts";
import { createRouter, judgedMethod, matchOperation } from "./match.ts";
import { lostReading, vendorAnswer } from "./meter.ts";
import { normalise } from "./normalise.ts";
import { createRegistry } from "./registry.ts";
import { sendLong, sendRefusal, sendWhole, unusable, type ResponseOptions } from "./respond.ts";
import { mayRewrite, needsRewriting, rewrite } from "./rewrite.ts";
import { createShares } from "./shares.ts";
import { createTurns } from "./turns.ts";

/** Everything that the gateway is handed. It opens no file, reads no setting and knows no vendor by name. */
export interface GatewayParts {
  readonly store: Store;
  readonly vendors: readonly Vendor[];
  readonly credentials: {
    /** Null when there is none of that id, or it was removed. Throws a `Fault` when it cannot be opened. */
    get(id: CredentialId): Promise<{ readonly credential: Credential; readonly secret: Secret<string> } | null>;
  };
  baseOf(vendor: Vendor, credential: Credential): UpstreamBase;
  convert(amount: MinorAmount, now: Instant): Conversion;
  price(vendor: Vendor, from: PriceSource, query: PriceQuery, now: Instant): PriceAnswer;
  /** The address that links in answers lead back to; null: the one that the caller itself used. */
  publicUrl(): string | null;
  newCallId(): string;
  readonly log: (event: GatewayEvent) => void;
  readonly limits?: Limits;
}

/** Where calls with a credential go: to the vendor's own hosts, all to one address, or nowhere, because nothing runs there. */
export type UpstreamBase =
  | { readonly kind: "own" }
  | { readonly kind: "at"; readonly url: string }
  | { readonly kind: "off" };

export interface Gateway {
  /** Whether a request with this URL is a call to a vendor; everything else belongs to the control plane. */
  handles(url: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** From now on nothing of this key leaves. Resolves with how many calls that had left are still unanswered after `ms`. */
  drainKey(keyId: KeyId, ms: number): Promise<number>;
  /** Finds the calls of before the start whose price is still to come, and asks for it from time to time. */
  followUp(): Promise<void>;
  /** Every price of a vendor's own list is asked for again. Returns how many were known. */
  forgetPrices(): number;
  /** Takes no new call, finishes those on their way, and after the deadline ends the rest as unknown. */
  close(options: { readonly deadlineMs: number }): Promise<void>;
}

export function createGateway(parts: GatewayParts): Gateway {
  const { store, credentials, log } = parts;
  const limits = parts.limits ?? LIMITS;
  const router = createRouter(parts.vendors);
  const registry = createRegistry(limits.revokedRemembered);
  const forwarder = createForwarder(registry, limits);
  const calls = new Bag<Call>();
  /** Told once no call is on its way any more. */
  let whenIdle: (() => void) | null = null;
  const lookUpRate = createLookUpRate();
  const lookUpCache = createLookUpCache();
  const followUps = createFollowUps({ store, vendors: parts.vendors, upstreamFor, pricingNow, forwarder, limits, log });
  const shares = createShares(limits);
  const turns = createTurns();
  const allowlists = new WeakMap<VaultKey, readonly AllowPattern[]>();
  let stopping = false;

  async function serve(call: Call): Promise<void> {
    if (stopping) return refuse(call, refusal("unavailable", "Keybrake is stopping."));
    if (calls.size > limits.callsMax) return refuse(call, refusal("unavailable", "Too many calls are on their way."));

    // 1. authenticate
    const caller = await authenticate(call.headers.authorization, call.route, router, store);
    call.vendor = caller.vendor;
    call.key = caller.key;
    if (caller.kind === "refused") return refuse(call, caller.refusal);
    const { vendor } = caller;
    call.authenticated = true;
    if (!shares.enter(caller.key.id))
      return refuse(call, refusal("unavailable", "This vault key has too many calls on their way."));
    call.sharesOf = caller.key.id;
    if (call.dryRun === "unclear")
      return refuse(call, refusal("request_ambiguous", "The header Keybrake-Dry-Run has only one value: true."));

    // 2. normalise
    const canonical = normalise(call.incoming.url ?? "", call.route.target, call.headers, limits);
    if (canonical.kind === "ambiguous") return refuse(call, refusal("request_ambiguous", canonical.why));
    const { query } = canonical;
    const upstream = await upstreamFor(caller.key.credentialId, vendor);
    if ("code" in upstream) return refuse(call, upstream);
    const address = vendor.address(canonical, caller.key, upstream.credential);
    if ("code" in address) return refuse(call, address);
    const { path, segments } = address;
    call.path = path.slice(0, limits.rowPathLengthMax);

    // 3. match
    const method = judgedMethod(call.method);
    call.match = matchOperation(vendor, { method, segments });

    // 4. decide
    const question = { method, path, segments, match: call.match };
    const no = decide(question, allowlist(caller.key), caller.key);
    if (no !== null || call.match === null) return refuse(call, no ?? refusal("operation_unknown", `${path}.`));
    const { operation } = call.match;
    const streamed = operation.streamsBody === true ? stream(call) : null;
    if (streamed !== null && "code" in streamed) return refuse(call, streamed);
    const read =
      streamed === null
        ? readBody(call.incoming, call.headers, vendor.bodyBytesMax, limits.bodyMs, (bytes) => room(call, bytes))
        : NO_BODY;
    const body = read instanceof Promise ? await read : read;
    if (body.kind !== "body") return refuse(call, bodyRefusal(body, vendor.bodyBytesMax));
    // A body may take its time, and the key may have been changed meanwhile. What the ledger decides, it decides on the key of then.
    const key = read instanceof Promise ? ((await store.findKey(caller.key.tokenHash)) ?? caller.key) : caller.key;
    call.key = key;
    const noMore = key === caller.key ? null : decide(question, allowlist(key), key);
    if (noMore !== null) return refuse(call, noMore);
    const request: VendorRequest = {
      method,
      path,
      segments,
      query,
      headers: call.headers.judged,
      body: body.body,
    };
    const parameters = vendor.readParameters(request);
    if (parameters.kind === "ambiguous") return refuse(call, refusal("request_ambiguous", parameters.why));
    const vendorCall: VendorCall = { request, ...call.match, parameters: parameters.parameters };
    const outOfReach = vendor.checkReach(vendorCall, key) ?? constrain(vendor, vendorCall, question, key);
    if (outOfReach !== null) return refuse(call, outOfReach);

    // 5. estimate
    const turn = vendor.turnOf(operation);
    if (turn !== null) {
      call.endTurn = await turns.take(`${key.credentialId} ${turn}`, limits.queueMs);
      if (call.endTurn === null)
        return refuse(call, refusal("unavailable", "Other calls that change the same things did not end in time."));
    }
    const pricing = pricingNow(vendor);
    const estimate = await estimateCall(
      call,
      vendorCall,
      pricing,
      upstream,
      forwarder,
      lookUpRate,
      lookUpCache,
      limits,
    );
    if (estimate.kind === "refused") return refuse(call, estimate.refusal);
    call.estimate = estimate.kind === "money" ? estimate : null;

    // 6. admit
    const callersKey = callersIdempotencyKey(call);
    const injected = callersKey === null && sendsIdempotencyKey(call) ? `keybrake-${call.id}` : null;
    // One that is too long for the vendor counts for nothing, and a row keeps its beginning; any other is kept whole, or two would be one.
    call.idempotencyKey = callersKey?.slice(0, vendor.idempotency?.keyLengthMax) ?? injected;
    const asked = admitRequest(call, vendorCall, estimate, callersKey);
    if (call.dryRun === "yes") return sendDryRun(call, await store.preview(asked), dryRunOptions());
    const admission = await admitInTime(store, asked, limits.storeMs, log);
    if (admission.kind === "refused") return refuse(call, admission.refusal);
    call.admitted = true;

    // 7. forward
    const sent = withInjected(body.body, estimate);
    const passage = forwarder.send({
      ...upstream,
      ...targetOf(vendor, upstream, path, query, operation),
      vendor,
      keyId: key.id,
      method: call.method,
      headers:
        injected === null ? call.headers.sent : [...call.headers.sent, vendor.idempotency?.header ?? "", injected],
      authorizationAt: call.headers.authorizationAt,
      body: streamed ?? (sent.length === 0 ? null : sent),
      bufferBytes: () =>
        estimate.kind === "money" || mayRewrite(vendor, operation)
          ? limits.moneyAnswerBytesMax
          : limits.answerBufferBytesMax,
      stillWanted: () => !call.abandoned,
    });
    call.passage = passage;
    await finish(call, vendorCall, estimate, passage, await passage.result);
  }

  /** Steps 8 to 10. The ending is taken before the answer goes out, so that whoever has the answer also finds it in the books. */
  async function finish(
    call: Call,
    vendorCall: VendorCall,
    estimate: Exclude<Estimated, { kind: "refused" }>,
    passage: Passage,
    forwarded: Forwarded,
  ): Promise<void> {
    const { key, vendor } = call;
    if (key === null) return;
    const options = { lastOnConnection: stopping };
    switch (forwarded.kind) {
      case "not_sent": {
        const settled = settle(call, notSentEnding(call.id, key.id, forwarded.why, call.latencyMs()));
        sendRefusal(call, notSentRefusal(key, forwarded), options);
        return settled;
      }
      case "lost": {
        const reading = lostReading(estimate, forwarded.why);
        const settled = settle(call, ending(call, key, passage, { reading, why: forwarded.why, httpStatus: null }));
        sendRefusal(call, lostRefusal(call, forwarded), options);
        return settled;
      }
      case "whole": {
        // 8. meter
        const { head, body, redactor } = forwarded;
        const answer = vendorAnswer(head, body, limits);
        const reading = vendor.meter(vendorCall, answer, pricingNow(vendor), estimate);
        const rewritten = rewrite(vendor, vendorCall.operation, answer, linkBase(call));
        const unfit =
          unusable(vendor, answer, estimate.kind === "money", reading.meter, redactor, call.method !== "HEAD") ??
          (rewritten === null ? refusal("vendor_answer_unusable", SECRETS_NOT_FOUND) : null);
        const why = unfit?.message ?? null;
        const settled = settle(call, ending(call, key, passage, { reading, why, httpStatus: head.status }));
        followUps.add(call, vendorCall, reading.meter);
        // 9. respond
        if (unfit !== null || answer.body === null || rewritten === null)
          sendRefusal(call, unfit ?? UNREADABLE, options);
        else sendWhole(call, head, rewritten === answer.body ? body : null, rewritten, redactor, options);
        // 10. settle: it is in force already; here it becomes durable.
        return settled;
      }
      case "long": {
        const { head, rest, redactor } = forwarded;
        const answer = vendorAnswer(head, null, limits);
        const reading = vendor.meter(vendorCall, answer, pricingNow(vendor), estimate);
        const unfit =
          estimate.kind === "money" || head.status >= 300 || needsRewriting(vendor, vendorCall.operation, answer);
        let why: string | null = "The vendor's answer is too long.";
        if (unfit) {
          rest.abort();
          const code = reading.meter.kind === "unknown" ? "outcome_unknown" : "vendor_answer_unusable";
          sendRefusal(call, refusal(code, why), options);
        } else {
          const { cut } = await sendLong(call, head, rest, redactor, options);
          why = cut === null ? null : `The answer was cut: ${cut}.`;
          if (cut !== null && !call.response.headersSent)
            sendRefusal(call, refusal("vendor_answer_unusable", why ?? ""), options);
        }
        return settle(call, ending(call, key, passage, { reading, why, httpStatus: head.status }));
      }
    }
  }

  async function refuse(call: Call, refused: Refusal): Promise<void> {
    if (call.dryRun === "yes" && call.authenticated && call.key !== null) {
      const view = await store.getKey(call.key.id);
      return sendDryRun(call, { refusal: refused, budgets: view?.budgets ?? [] }, dryRunOptions());
    }
    let said = refused;
    try {
      await store.refuse([call.refusedRow(refused)]);
    } catch (problem) {
      // No answer without its row: a no that cannot be written down is "unavailable", and nothing was forwarded either way.
      said = refusal("unavailable", sentenceOf(problem));
      log({ level: "error", event: "refusal_not_written", callId: call.id, message: String(problem) });
    }
    sendRefusal(call, said, { lastOnConnection: stopping });
  }

  function settle(call: Call, ended: CallEnding): Promise<void> {
    call.admitted = false;
    return store.end([ended]).catch((problem: unknown) => {
      // Taken, or found as unanswered at the next start: either way the hold is not lost.
      log({ level: "error", event: "ending_not_written", callId: call.id, message: String(problem) });
    });
  }

  /** Something threw. What had been admitted is ended by what is known for sure: whether a byte had left. */
  async function fail(call: Call, problem: unknown): Promise<void> {
    const isFault = problem instanceof Fault;
    log({
      level: "error",
      event: isFault ? "call_failed" : "call_broke",
      callId: call.id,
      message: isFault || !(problem instanceof Error) ? String(problem) : (problem.stack ?? problem.message),
    });
    const { key, passage } = call;
    if (!call.admitted || key === null) return refuse(call, refusal("unavailable", sentenceOf(problem)));
    if (passage?.left !== true) {
      const why = "Keybrake failed before the call was sent.";
      const settled = settle(call, notSentEnding(call.id, key.id, why, call.latencyMs()));
      sendRefusal(call, refusal("unavailable", why), { lastOnConnection: stopping });
      return settled;
    }
    const why = "Keybrake failed while the call was with the vendor.";
    passage.abort(why);
    const reading = lostReading(call.estimate ?? { kind: "nothing" }, why);
    const settled = settle(call, ending(call, key, passage, { reading, why, httpStatus: null }));
    sendRefusal(call, refusal("outcome_unknown", why), { lastOnConnection: stopping });
    return settled;
  }

  async function upstreamFor(credentialId: CredentialId, vendor: Vendor): Promise<Upstream | Refusal> {
    const opened = await credentials.get(credentialId);
    if (opened === null) return refusal("vault_key_revoked", "The credential behind this vault key has been removed.");
    const base = parts.baseOf(vendor, opened.credential);
    // Not "unavailable": trying again would not help.
    if (base.kind === "off")
      return refusal(
        "vault_key_revoked",
        "This vault key was for the sandbox, which is not running (KEYBRAKE_SANDBOX).",
      );
    return { ...opened, baseUrl: base.kind === "at" ? base.url : null };
  }

  function linkBase(call: Call): string {
    const base = parts.publicUrl() ?? `http://${call.headers.host ?? "localhost"}`;
    return `${base}/${call.vendor.id}`;
  }

  function dryRunOptions(): ResponseOptions {
    return { lastOnConnection: stopping };
  }

  function allowlist(key: VaultKey): readonly AllowPattern[] {
    let patterns = allowlists.get(key);
    if (patterns === undefined) allowlists.set(key, (patterns = allowlistOf(key)));
    return patterns;
  }

  function room(call: Call, bytes: number): boolean {
    if (call.sharesOf === null || !shares.takeBytes(call.sharesOf, bytes)) return false;
    call.bodyBytes += bytes;
    return true;
  }

  function stream(call: Call): StreamedBody | Refusal {
    const streamed = streamBody(call.incoming, call.headers, limits);
    if ("code" in streamed) return streamed;
    if (call.sharesOf === null || !shares.takeStream(call.sharesOf))
      return refusal("unavailable", "Too many uploads are on their way.");
    call.streams = true;
    return streamed;
  }

  function pricingNow(vendor: Vendor): Pricing {
    const now = store.now();
    return {
      now,
      convert: (amount) => parts.convert(amount, now),
      price: (from, query) => parts.price(vendor, from, query, now),
    };
  }

  return {
    handles: (url) => router.route(url) !== null,
    handle(incoming, response) {
      const route = router.route(incoming.url ?? "");
      if (route === null) return void response.destroy();
      // A caller that goes away is no error of ours; what it started is finished.
      response.on("error", () => {});
      const call = new Call(asCallId(parts.newCallId()), incoming, response, route, limits.rowPathLengthMax);
      calls.add(call);
      void serve(call)
        .catch((problem: unknown) => fail(call, problem))
        .catch((problem: unknown) => {
          log({ level: "error", event: "call_broke", callId: call.id, message: String(problem) });
          response.destroy();
        })
        .then(() => {
          calls.delete(call);
          call.endTurn?.();
          if (call.streams) readAway(incoming);
          if (call.sharesOf !== null) shares.leave(call.sharesOf, { bytes: call.bodyBytes, stream: call.streams });
          if (calls.size === 0) whenIdle?.();
          return;
        });
    },
    drainKey(keyId, ms) {
      // An upload that is half way there would go on for as long as its caller writes.
      for (const call of calls.list())
        if (call.streams && call.key?.id === keyId && !call.incoming.complete)
          call.passage?.abort("The vault key was revoked in the middle of the upload.");
      return registry.drain(keyId, ms);
    },
    followUp: () => followUps.resume(),
    forgetPrices: () => lookUpCache.clear(),
    async close({ deadlineMs }) {
      stopping = true;
      followUps.stop();
      const timer = setTimeout(() => {
        for (const call of calls.list()) {
          if (call.passage === null) call.incoming.destroy();
          else call.passage.abort("Keybrake stopped before the answer came.");
        }
      }, deadlineMs);
      if (calls.size > 0) await new Promise<void>((resolve) => (whenIdle = resolve));
      clearTimeout(timer);
      await forwarder.close();
    },
  };
}

const SECRETS_NOT_FOUND = "The vendor's answer has a secret that cannot be found in it, so it is not passed on.";
const UNREADABLE: Refusal = refusal("vendor_answer_unusable", "The vendor's answer cannot be read.");

function constrain(vendor: Vendor, call: VendorCall, question: PolicyQuestion, key: VaultKey): Refusal | null {
  const { constraints } = key;
  if (question.match === null || Object.keys(constraints).length === 0) return null;
  const { method, segments, match } = question;
  const isUnread = match.operation.streamsBody === true;
  return checkConstraints(constraints, { method, segments, match, sets: vendor.constrained(call), isUnread });
}

/** What is left of a file that nobody wants any more: a caller that reads no answer before it has written everything must be able to. */
function readAway(incoming: IncomingMessage): void {
  incoming.unpipe();
  incoming.resume();
}

function sentenceOf(problem: unknown): string {
  return problem instanceof Fault ? problem.publicMessage : "Keybrake failed on this call.";
}

function bodyRefusal(read: Exclude<BodyRead, { kind: "body" }>, bytesMax: number): Refusal {
  switch (read.kind) {
    case "too_large":
      return refusal("request_too_large", `The body is longer than ${bytesMax} bytes.`);
    case "no_room":
      return refusal("unavailable", "Too many requests are being read at once.");
    case "too_slow":
      return refusal("request_ambiguous", "The body did not arrive whole in time.");
    case "cut_off":
      return refusal("request_ambiguous", "The connection ended before the body was whole.");
  }
}

function sendsIdempotencyKey(call: Call): boolean {
  const operation = call.match?.operation;
  return operation !== undefined && call.vendor.idempotency?.rememberedMs(operation) != null;
}

/** Null where none was sent, or where the vendor knows none for this method. */
function callersIdempotencyKey(call: Call): string | null {
  const { idempotency } = call.vendor;
  return idempotency === null || !sendsIdempotencyKey(call)
    ? null
    : (call.headers.judged.get(idempotency.header) ?? null);
}

function ending(
  call: Call,
  key: VaultKey,
  passage: Passage,
  end: Pick<CallEnding, "reading" | "why" | "httpStatus">,
): CallEnding {
  return { callId: call.id, keyId: key.id, ...end, latencyMs: call.latencyMs(), upstreamMs: passage.upstreamMs() };
}

function notSentRefusal(key: VaultKey, { reason, why }: Extract<Forwarded, { kind: "not_sent" }>): Refusal {
  switch (reason) {
    case "revoked":
      return keyRevoked(key);
    case "unreachable":
      return refusal("vendor_unreachable", `Nothing reached the vendor: ${why}`);
    case "unwanted":
    case "stopping":
      return refusal("unavailable", why);
  }
}

/** A read that was lost can be asked again; of anything else nobody knows whether it was done. */
function lostRefusal(call: Call, { timedOut, why }: Extract<Forwarded, { kind: "lost" }>): Refusal {
  if (call.match?.operation.class === "read") return refusal("vendor_unreachable", why);
  return refusal(timedOut ? "outcome_unknown_timeout" : "outcome_unknown", why);
}
