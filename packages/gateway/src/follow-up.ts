/**
 * Step 10 for prices that come later: a vendor that says what a call cost only minutes or hours afterwards is asked again, from time
 * to time, and the answer settles the call as a correction with its evidence. It only ever reads. What it knows is in memory; at a
 * start it is found again in the audit, so nothing is lost with the process.
 */
import {
  asKeyId,
  formatUsdForPeople,
  type AuditRow,
  type CallId,
  type CredentialId,
  type Instant,
  type Meter,
  type Pricing,
  type Refusal,
  type Store,
  type Vendor,
  type VaultKey,
  type VendorCall,
} from "@keybrake/core";
import type { Call } from "./call.ts";
import { targetOf, type Upstream } from "./estimate.ts";
import type { GatewayEvent } from "./event.ts";
import type { Forwarder } from "./forward.ts";
import type { Limits } from "./limits.ts";
import { vendorAnswer } from "./meter.ts";

interface FollowUpParts {
  readonly store: Store;
  readonly vendors: readonly Vendor[];
  upstreamFor(credentialId: CredentialId, vendor: Vendor): Promise<Upstream | Refusal>;
  pricingNow(vendor: Vendor): Pricing;
  readonly forwarder: Forwarder;
  readonly limits: Limits;
  readonly log: (event: GatewayEvent) => void;
}

export interface FollowUps {
  /** After an answer: remembers the call if its price is still to come. */
  add(call: Call, vendorCall: VendorCall, meter: Meter): void;
  /** Finds what an earlier process left open. */
  resume(): Promise<void>;
  stop(): void;
}

interface Open {
  readonly callId: CallId;
  readonly vendor: Vendor;
  readonly credentialId: CredentialId;
  readonly operation: string;
  readonly objectId: string;
  /** Of the call that made the object. */
  readonly path: string;
  asked: number;
  dueAt: Instant;
  asking: boolean;
}

/** Not a vault key: a revoked key's last messages have a price too. */
const ASKING_KEY = asKeyId("keybrake_follow_up");
/** Waits between two questions, milliseconds of the budget clock; the last one repeats. Vendors publish within a day, mostly within minutes. */
const WAITS_MS: readonly number[] = [15_000, 60_000, 300_000, 1_800_000, 7_200_000, 21_600_000];
/** How often the list is looked through, milliseconds of real time. */
const TICK_MS = 500;
/** Questions on their way at once: the caller's own calls come first. */
const ASKING_MAX = 8;
const PAGE_ROWS = 500;

export function createFollowUps(parts: FollowUpParts): FollowUps {
  const { store, vendors, limits, log } = parts;
  const open = new Map<CallId, Open>();
  let asking = 0;
  let stopped = false;
  const timer = setInterval(tick, TICK_MS);
  timer.unref();

  function remember(item: Omit<Open, "asked" | "asking">): void {
    if (open.size < limits.followUpsMax && !open.has(item.callId))
      open.set(item.callId, { ...item, asked: 0, asking: false });
  }

  function tick(): void {
    if (open.size === 0) return;
    const now = store.now();
    for (const item of open.values()) {
      if (asking >= ASKING_MAX || stopped) return;
      if (item.asking || item.dueAt > now) continue;
      item.asking = true;
      asking += 1;
      void ask(item)
        .then((isDone) => {
          if (isDone) open.delete(item.callId);
          return;
        })
        .catch((problem: unknown) => {
          log({ level: "warn", event: "follow_up_failed", callId: item.callId, message: String(problem) });
        })
        .finally(() => {
          asking -= 1;
          item.asking = false;
          if (item.asked >= limits.followUpAsksMax && open.delete(item.callId))
            log({
              level: "warn",
              event: "price_never_told",
              callId: item.callId,
              message: `The vendor has not told in a month what ${item.objectId} cost. It stays held.`,
            });
          item.dueAt = later(store.now(), item.asked);
          item.asked += 1;
        });
    }
  }

  /** True when there is nothing more to ask. */
  async function ask(item: Open): Promise<boolean> {
    const { vendor, callId } = item;
    const upstream = await parts.upstreamFor(item.credentialId, vendor);
    if ("code" in upstream) return true; // The credential is gone: nobody can ask any more.
    const question = vendor.followUp(item.operation, item.objectId, upstream.credential, item.path);
    if (question === null) return true;
    const match = vendor.operations.match("GET", question.segments);
    if (match === null) return true;
    const passage = parts.forwarder.send({
      ...upstream,
      ...targetOf(vendor, upstream, question.path, "", match.operation),
      vendor,
      keyId: ASKING_KEY,
      method: "GET",
      headers: ["Accept", "application/json", "User-Agent", "Keybrake"],
      authorizationAt: 4,
      body: null,
      bufferBytes: () => limits.lookUpBytesMax,
      stillWanted: () => !stopped,
    });
    const forwarded = await passage.result;
    if (forwarded.kind === "long") forwarded.rest.abort();
    if (forwarded.kind !== "whole") return false;
    const { head, body } = forwarded;
    const request = { method: "GET", ...question, query: "", headers: new Map(), body: new Uint8Array(0) };
    const call: VendorCall = { request, ...match, parameters: new Map() };
    const reading = vendor.meter(call, vendorAnswer(head, body, limits), parts.pricingNow(vendor), { kind: "nothing" });
    const { meter } = reading;
    if (meter.kind !== "object" || meter.id !== item.objectId || !meter.final) return false;
    await store.correct(callId, {
      settled: meter.moved,
      final: true,
      object: { id: meter.id, moved: meter.moved, final: true },
      evidence: {
        source: "vendor_read",
        note: `GET ${question.path} answered ${head.status}: ${meter.id} cost ${formatUsdForPeople(meter.moved)}.`,
      },
    });
    return true;
  }

  async function resume(): Promise<void> {
    const keys = new Map<string, VaultKey | null>();
    let cursor: string | null = null;
    do {
      const page: { rows: readonly AuditRow[]; nextCursor: string | null } = await store.queryCalls(
        { outcome: "held" },
        { limit: PAGE_ROWS, cursor },
      );
      for (const row of page.rows) {
        const vendor = vendors.find((each) => each.id === row.call.vendor);
        const { keyId, operation } = row.call;
        if (vendor === undefined || keyId === null || operation === null || row.vendorObjectId === null) continue;
        let key = keys.get(keyId);
        if (key === undefined) keys.set(keyId, (key = (await store.getKey(keyId))?.key ?? null));
        if (key === null) continue;
        const { credentialId } = key;
        remember({
          callId: row.call.callId,
          vendor,
          credentialId,
          operation,
          objectId: row.vendorObjectId,
          path: row.call.path,
          dueAt: store.now(),
        });
      }
      cursor = stopped || open.size >= limits.followUpsMax ? null : page.nextCursor;
    } while (cursor !== null);
  }

  return {
    add(call, { operation, request }, meter) {
      const { key, vendor } = call;
      if (key === null || meter.kind !== "object" || meter.final || meter.askAgainMs === undefined) return;
      remember({
        callId: call.id,
        vendor,
        credentialId: key.credentialId,
        operation: operation.name,
        objectId: meter.id,
        path: request.path,
        dueAt: later(store.now(), 0),
      });
    },
    resume,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}

function later(now: Instant, asked: number): Instant {
  const wait = WAITS_MS[Math.min(asked, WAITS_MS.length - 1)] ?? 0;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the sum of an instant and whole milliseconds is one
  return (now + wait) as Instant;
}
