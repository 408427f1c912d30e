/** For the tests beside this file: a key, calls on it, the vendor's readings, and a desk that keeps one key's books. Never imported by the product. */
import { decodeEntry, encodeEntry } from "./codec.ts";
import type { CallFacts, Entry, KeyPatch } from "./entry.ts";
import { asApiKeyId, asBudgetId, asCallId, asCredentialId, asKeyId } from "./ids.ts";
import type { CallId } from "./ids.ts";
import { invariant } from "./invariant.ts";
import type { Cap, VaultKey } from "./key.ts";
import { admit, apply, budgetStanding, correct, end, openKey, preview } from "./ledger.ts";
import type {
  Admission,
  AdmitRequest,
  BudgetStanding,
  CallEnding,
  Correction,
  Hold,
  KeyState,
  Preview,
} from "./ledger.ts";
import { formatUsd, parseUsd } from "./money.ts";
import type { MicroUsd } from "./money.ts";
import type { Direction } from "./operation.ts";
import type { Refusal } from "./refusal.ts";
import { HOUR_MS, instant } from "./time.ts";
import type { Instant } from "./time.ts";
import type { Meter, MeterReading, MoneyEstimate } from "./vendor.ts";

/** A Tuesday, noon. */
export const NOON: Instant = instant(Date.UTC(2026, 10, 24, 12));

export function usd(dollars: number): MicroUsd {
  const amount = parseUsd(dollars);
  invariant(amount !== null, `${dollars} is no amount`);
  return amount;
}

export function capOf(more: Partial<Cap> = {}): Cap {
  return {
    id: asBudgetId("total"),
    window: "total",
    limit: usd(100),
    timeZone: "UTC",
    directions: ["collected", "paid_out", "usage"],
    ...more,
  };
}

export function keyOf(more: Partial<VaultKey> = {}): VaultKey {
  return {
    id: asKeyId("key_1"),
    tokenHash: "0".repeat(64),
    vendor: "acme",
    credentialId: asCredentialId("cred_1"),
    livemode: false,
    sandbox: false,
    label: null,
    temporal: null,
    allowedEndpoints: ["**"],
    caps: [capOf()],
    perCallCap: null,
    uncapped: false,
    rateLimit: null,
    onDecline: "keep",
    accounts: [],
    constraints: {},
    allowUnbounded: {},
    issuedBy: asApiKeyId("api_1"),
    createdAt: NOON,
    expiresAt: instant(NOON + 10 * 365 * 24 * HOUR_MS),
    revokedAt: null,
    ...more,
  };
}

export function callFacts(callId: CallId, more: Partial<CallFacts> = {}): CallFacts {
  return {
    callId,
    keyId: asKeyId("key_1"),
    label: null,
    temporal: null,
    activityId: null,
    attempt: null,
    vendor: "acme",
    livemode: false,
    sandbox: false,
    operation: "payments.create",
    operationClass: "money",
    method: "POST",
    path: "/v1/payments",
    idempotencyKey: null,
    ...more,
  };
}

export function reading(meter: Meter, replayed = false): MeterReading {
  return { meter, replayed, vendorRequestId: "req_1", vendorObjectId: meter.kind === "object" ? meter.id : null };
}

export const NO: MeterReading = reading({ kind: "definite_no" });
export const UNKNOWN: MeterReading = reading({ kind: "unknown", why: "no answer" });

/** What an answer says of an object: `shows("pi_1", 10, "final")`. */
export function shows(id: string, moved: number, ...says: readonly ("final" | "declined")[]): MeterReading {
  return reading({
    kind: "object",
    id,
    moved: usd(moved),
    final: says.includes("final"),
    declined: says.includes("declined"),
    amount: { minor: usd(moved) / 10_000n, currency: "usd" },
  });
}

/** The same, and what it may still move. */
export function showsOpen(id: string, moved: number, mayStillMove: number): MeterReading {
  const shown = shows(id, moved);
  return { ...shown, meter: { ...shown.meter, mayStillMove: usd(mayStillMove) } as Meter };
}

export function replay(first: MeterReading): MeterReading {
  return { ...first, replayed: true };
}

export interface Asking {
  /** The object that the request names. */
  readonly object?: string;
  readonly movedBefore?: number;
  readonly direction?: Direction;
  /** The caller's idempotency key. */
  readonly key?: string;
  /** What tells two bodies apart. */
  readonly body?: string;
}

function estimateOf(dollars: number, { object, movedBefore = 0, direction = "collected" }: Asking): MoneyEstimate {
  return {
    kind: "money",
    direction,
    amount: { minor: usd(dollars) / 10_000n, currency: "usd" },
    exposure: usd(dollars),
    object: object === undefined ? null : { id: object, movedBefore: usd(movedBefore) },
    rateDate: null,
  };
}

/** One vault key's books: what a store does with the ledger, without a store. */
export class Desk {
  now: Instant;
  readonly state: KeyState;
  readonly entries: Entry[] = [];
  /** Fed with the entries as the journal keeps them; always the same as `state`, or the journal is not the truth. */
  readonly rebuilt: KeyState;
  #calls = 0;

  constructor(key: VaultKey = keyOf(), now: Instant = NOON) {
    this.now = now;
    this.state = openKey(key, now);
    this.rebuilt = openKey(key, now);
  }

  take<Taken extends Entry>(entry: Taken): Taken {
    apply(this.state, entry);
    apply(this.rebuilt, decodeEntry(encodeEntry(entry)));
    this.entries.push(entry);
    return entry;
  }

  admit(estimate: AdmitRequest["estimate"], { key, body = "body" }: Asking = {}): { id: CallId; admission: Admission } {
    const id = asCallId(`call_${++this.#calls}`);
    const admission = admit(
      this.state,
      {
        call: callFacts(id, { idempotencyKey: key ?? null }),
        estimate,
        idempotency: key === undefined ? null : { fingerprint: body, rememberedMs: 23 * HOUR_MS },
      },
      this.now,
    );
    if (admission.kind === "admitted") this.take(admission.entry);
    return { id, admission };
  }

  try(dollars: number, asking: Asking = {}): { id: CallId; admission: Admission } {
    return this.admit(estimateOf(dollars, asking), asking);
  }

  preview(dollars: number): Preview {
    const call = callFacts(asCallId("call_asked"));
    return preview(this.state, { call, estimate: estimateOf(dollars, {}), idempotency: null }, this.now);
  }

  /** A call that can move at most so much is on its way. */
  send(dollars: number, asking: Asking = {}): CallId {
    const { id, admission } = this.try(dollars, asking);
    invariant(admission.kind === "admitted", admission.kind === "refused" ? admission.refusal.message : "");
    return id;
  }

  sendFree(): CallId {
    return this.admit({ kind: "nothing" }).id;
  }

  refusal(dollars: number, asking: Asking = {}): Refusal {
    const { admission } = this.try(dollars, asking);
    invariant(admission.kind === "refused", "the call was admitted");
    return admission.refusal;
  }

  answer(callId: CallId, answer: MeterReading, more: Partial<CallEnding> = {}): void {
    const ending: CallEnding = {
      callId,
      keyId: this.state.key.id,
      reading: answer,
      why: null,
      httpStatus: 200,
      latencyMs: 5,
      upstreamMs: 4,
      ...more,
    };
    this.take(end(this.state, ending, this.now));
  }

  /** A call that is sent and answered. */
  call(dollars: number, answer: MeterReading, asking: Asking = {}): CallId {
    const id = this.send(dollars, asking);
    this.answer(id, answer);
    return id;
  }

  /** A read that tells of an object. */
  look(answer: MeterReading): void {
    this.answer(this.sendFree(), answer);
  }

  hold(callId: CallId): Hold | undefined {
    return this.state.holds.get(callId);
  }

  correct(hold: Hold, settled: number, more: Partial<Correction> = {}): void {
    const correction: Correction = {
      settled: usd(settled),
      final: true,
      object: null,
      evidence: { source: "operator", note: "looked" },
      ...more,
    };
    this.take(correct(this.state.key, hold, correction, this.now));
  }

  patch(patch: KeyPatch): void {
    this.take({ kind: "key_patched", at: this.now, keyId: this.state.key.id, by: asApiKeyId("api_1"), patch });
  }

  revoke(): void {
    this.take({ kind: "key_revoked", at: this.now, keyId: this.state.key.id, by: asApiKeyId("api_1"), reason: null });
  }

  budget(index = 0): BudgetStanding {
    const budget = this.state.budgets[index];
    invariant(budget !== undefined, "the key has that budget");
    return budgetStanding(budget, this.now);
  }

  /** `"10 settled, 5 held"`. */
  standing(index = 0): string {
    const { settled, held } = this.budget(index);
    return `${formatUsd(settled)} settled, ${formatUsd(held)} held`;
  }

  /** What became of the call, by its entries: the outcomes that answers and corrections gave its hold, in order. */
  outcomes(callId: CallId): string[] {
    return this.entries.flatMap((entry) =>
      entry.kind === "ended" || entry.kind === "corrected"
        ? entry.effects.filter((effect) => effect.callId === callId).map((effect) => effect.outcome)
        : [],
    );
  }

  /** The outcome that its own answer gave it. */
  outcome(callId: CallId): string | undefined {
    const ended = this.entries.find((entry) => entry.kind === "ended" && entry.callId === callId);
    return ended?.kind === "ended" ? ended.outcome : undefined;
  }
}

/** A key's state as text: the same text is the same state, the order of holds and of remembered keys included. */
export function stateText(state: KeyState): string {
  return JSON.stringify(
    {
      ...state,
      holds: [...state.holds],
      objects: [...state.objects].sort(byName),
      calls: [...state.calls],
      idempotency: [...state.idempotency],
    },
    (_name, value: unknown) => (typeof value === "bigint" ? `${value}n` : value),
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
