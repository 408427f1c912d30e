/**
 * The ledger: decides what a key may spend, and what an answer did to what was held. Pure: it reads no clock, no store and no
 * vendor; it turns a key's state and a question into an entry, and an entry into the next state.
 *
 *   admit(state, request, now)  -> admitted entry | refusal
 *   end(state, ending, now)     -> ended entry
 *   correct(state, ...)         -> corrected entry
 *   apply(state, entry)         -> state, changed in place
 *
 * A hold ends exactly once: settled, released, or a mixture that adds up. What is unknown stays held. See ARCHITECTURE.md.
 */
import type { CallAdmitted, CallCorrected, CallEnded, CallFacts, Effect, Entry, HoldOutcome, Slot } from "./entry.ts";
import { applyKeyPatch } from "./entry.ts";
import type { CallId } from "./ids.ts";
import { invariant } from "./invariant.ts";
import type { Cap, RateLimit, VaultKey } from "./key.ts";
import { formatUsd, formatUsdForPeople, maxUsd, microUsd, ZERO_USD, type MicroUsd } from "./money.ts";
import type { Direction } from "./operation.ts";
import { refusal, type Refusal } from "./refusal.ts";
import { formatInstant, type Instant } from "./time.ts";
import type { Estimate, MeterReading } from "./vendor.ts";
import { windowAt } from "./windows.ts";

/**
 * How many idempotency keys of one vault key are remembered. Beyond it the oldest is forgotten, which is safe: its replay is
 * held like a new call and released when the vendor says that it was one.
 */
export const IDEMPOTENCY_USES_MAX = 4096;
/** Beyond it this many go at once: finding the oldest one in a Map costs more the more of its elders were deleted. */
export const IDEMPOTENCY_USES_FORGOTTEN = 512;

/** One budget of a key in its current window. Balances are sums of effects; nothing else ever sets them. */
export interface BudgetState {
  cap: Cap;
  windowStart: Instant;
  /** Null: the window never ends. */
  windowEnd: Instant | null;
  settled: MicroUsd;
  held: MicroUsd;
}

export interface Hold {
  readonly callId: CallId;
  readonly direction: Direction;
  readonly slots: readonly Slot[];
  objectId: string | null;
  held: MicroUsd;
  settled: MicroUsd;
  /** Calls on their way that this hold stands for: its own, and identical ones under the same idempotency key. */
  inFlight: number;
  /** The vendor has shown the object: from now on only facts about the object end this hold. */
  claimed: boolean;
  /** Some call that this hold stands for ended without a readable answer. */
  doubtful: boolean;
  /** Set when the money is accounted for; the record itself stays as long as a call on its way refers to it. */
  ended: "settled" | "released" | null;
}

interface ObjectState {
  /** Everything it has moved, as far as this key knows. */
  moved: MicroUsd;
  final: boolean;
}

interface IdempotencyUse {
  readonly callId: CallId;
  readonly fingerprint: string;
  readonly firstUsedAt: Instant;
}

/** A call on its way. */
interface CallState {
  /** The hold that stands for it: its own, or that of the call that covers it. Null when it holds nothing. */
  readonly holdOf: CallId | null;
  readonly coveredBy: CallId | null;
  readonly idempotencyKey: string | null;
}

export interface KeyState {
  key: VaultKey;
  readonly budgets: BudgetState[];
  /** Holds that have not ended, or that a call on its way still refers to. `putHold` is the only way in. */
  readonly holds: Map<CallId, Hold>;
  /** The same by object, because a key may have thousands of payments open and each call asks only for its own. */
  readonly holdsByObject: Map<string, Hold[]>;
  readonly objects: Map<string, ObjectState>;
  readonly calls: Map<CallId, CallState>;
  /** By the caller's idempotency key, oldest first. */
  readonly idempotency: Map<string, IdempotencyUse>;
  readonly rate: { windowStart: number; calls: number };
}

export interface AdmitRequest {
  readonly call: CallFacts;
  readonly estimate: Extract<Estimate, { kind: "nothing" | "money" }>;
  /** Only where the caller sent an idempotency key that the vendor will honour. */
  readonly idempotency: { readonly fingerprint: string; readonly rememberedMs: number } | null;
}

export type Admission =
  | { readonly kind: "admitted"; readonly entry: CallAdmitted }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface CallEnding {
  readonly callId: CallId;
  readonly keyId: VaultKey["id"];
  readonly reading: MeterReading;
  /** True when no byte of the call left Keybrake: the hold is released, whatever else. */
  readonly notSent?: boolean;
  readonly why: string | null;
  readonly httpStatus: number | null;
  readonly latencyMs: number;
  readonly upstreamMs: number | null;
}

/** A decision that did not come from an answer. `settled` is the call's new total; the rest of its hold is released when `final`. */
export interface Correction {
  readonly settled: MicroUsd;
  readonly final: boolean;
  readonly object: { readonly id: string; readonly moved: MicroUsd; readonly final: boolean } | null;
  readonly evidence: { readonly source: string; readonly note: string };
}

export function openKey(key: VaultKey, now: Instant): KeyState {
  return {
    key,
    budgets: key.caps.map((cap) => {
      const window = windowAt(cap.window, cap.timeZone, now);
      return { cap, windowStart: window.start, windowEnd: window.end, settled: ZERO_USD, held: ZERO_USD };
    }),
    holds: new Map(),
    holdsByObject: new Map(),
    objects: new Map(),
    calls: new Map(),
    idempotency: new Map(),
    rate: { windowStart: 0, calls: 0 },
  };
}

// ---------------------------------------------------------------------------------------------------------------- admit

export function admit(state: KeyState, request: AdmitRequest, now: Instant): Admission {
  const { key } = state;
  const { estimate } = request;
  if (key.revokedAt !== null)
    return no(refusal("vault_key_revoked", `This vault key was revoked at ${formatInstant(key.revokedAt)}.`));
  if (now >= key.expiresAt)
    return no(refusal("vault_key_expired", `This vault key expired at ${formatInstant(key.expiresAt)}.`));
  const rateRefusal = rateLimited(state, now);
  if (rateRefusal !== null) return no(rateRefusal);

  if (estimate.kind === "nothing") return yes(request, now, { estimate: null, hold: null, slots: [], coveredBy: null });

  const covering = coveringHold(state, request, now);
  // The vendor answers an identical request under the same key with what it stored: it moves nothing, so no cap refuses it (G4).
  if (covering !== null)
    return yes(request, now, { estimate: estimate.exposure, hold: null, slots: [], coveredBy: covering });

  if (key.perCallCap !== null && estimate.exposure > key.perCallCap)
    return no(perCallCapExceeded(key.perCallCap, estimate.exposure));
  const asked = notYetHeld(state, estimate.exposure, estimate.object?.id ?? null);
  const counting = state.budgets.filter((budget) => budget.cap.directions.includes(estimate.direction));
  if (counting.length === 0 && !key.uncapped) return no(directionUncounted(estimate.direction, asked));
  for (const budget of counting) if (!hasRoom(budget, asked, now)) return no(capExceeded(budget, asked, now));

  // From here on the call is admitted.
  const slots = counting.map((budget) => ({ budgetId: budget.cap.id, windowStart: currentWindow(budget, now).start }));
  return yes(request, now, { estimate: estimate.exposure, hold: asked, slots, coveredBy: null });
}

function no(refused: Refusal): Admission {
  return { kind: "refused", refusal: refused };
}

function yes(
  request: AdmitRequest,
  now: Instant,
  decided: Pick<CallAdmitted, "estimate" | "hold" | "slots" | "coveredBy">,
): Admission {
  const { call, estimate } = request;
  invariant(call.keyId !== null, "an admitted call has a key");
  const money = estimate.kind === "money" ? estimate : null;
  return {
    kind: "admitted",
    entry: {
      kind: "admitted",
      at: now,
      call,
      keyId: call.keyId,
      direction: money?.direction ?? null,
      amount: money?.amount ?? null,
      rateDate: money?.rateDate ?? null,
      objectId: money?.object?.id ?? null,
      movedBefore: money?.object?.movedBefore ?? ZERO_USD,
      fingerprint: money === null ? null : (request.idempotency?.fingerprint ?? null),
      ...decided,
    },
  };
}

/**
 * What is asked beyond what the object's holds cover already: "a higher amount adds the difference". The hold of a call that can
 * still be refused covers nobody else: it would go with the refusal, and the other call would be on its way with nothing held.
 */
function notYetHeld(state: KeyState, exposure: MicroUsd, objectId: string | null): MicroUsd {
  if (objectId === null) return exposure;
  let held = 0n;
  for (const hold of state.holdsByObject.get(objectId) ?? []) if (hold.claimed || hold.doubtful) held += hold.held;
  return exposure > held ? microUsd(exposure - held) : ZERO_USD;
}

function coveringHold(state: KeyState, request: AdmitRequest, now: Instant): CallId | null {
  const { idempotency, call } = request;
  if (idempotency === null || call.idempotencyKey === null) return null;
  const use = state.idempotency.get(call.idempotencyKey);
  if (use === undefined || use.fingerprint !== idempotency.fingerprint) return null;
  return now < use.firstUsedAt + idempotency.rememberedMs ? use.callId : null;
}

const RATE_MS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

function rateLimited(state: KeyState, now: Instant): Refusal | null {
  const limit = state.key.rateLimit;
  if (limit === null) return null;
  const { start } = rateWindow(limit, now);
  return state.rate.windowStart !== start || state.rate.calls < limit.calls ? null : rateRefusal(limit, now);
}

/** The calendar second, minute, hour or day that a rate limit counts in, milliseconds since 1970; `end` null: all calls for ever. */
export function rateWindow(limit: RateLimit, now: Instant): { readonly start: number; readonly end: number | null } {
  if (limit.per === "total") return { start: 0, end: null };
  const per = RATE_MS[limit.per];
  const start = now - (now % per);
  return { start, end: start + per };
}

export function rateRefusal(limit: RateLimit, now: Instant): Refusal {
  const { end } = rateWindow(limit, now);
  const facts = { limit_calls: limit.calls, per: limit.per };
  if (end === null)
    return refusal("rate_limited", `This vault key may make ${limit.calls} calls in all, and has made them.`, {
      facts,
    });
  return refusal("rate_limited", `This vault key may make ${limit.calls} calls each ${limit.per}.`, {
    retryAfterSeconds: Math.ceil((end - now) / 1000),
    facts,
  });
}

function currentWindow(budget: BudgetState, now: Instant): { start: Instant; end: Instant | null; fresh: boolean } {
  if (budget.windowEnd === null || now < budget.windowEnd)
    return { start: budget.windowStart, end: budget.windowEnd, fresh: false };
  return { ...windowAt(budget.cap.window, budget.cap.timeZone, now), fresh: true };
}

function hasRoom(budget: BudgetState, asked: MicroUsd, now: Instant): boolean {
  if (asked === 0n) return true;
  const used = currentWindow(budget, now).fresh ? 0n : budget.settled + budget.held;
  return used + asked <= budget.cap.limit;
}

function capExceeded(budget: BudgetState, asked: MicroUsd, now: Instant): Refusal {
  const standing = budgetStanding(budget, now);
  const { limit, window } = budget.cap;
  return refusal(
    "spend_cap_exceeded",
    `The call can move ${formatUsdForPeople(asked)}, and the ${window} cap of ${formatUsdForPeople(limit)} has ` +
      `${formatUsdForPeople(standing.remaining)} left (${formatUsdForPeople(standing.settled)} settled, ${formatUsdForPeople(standing.held)} held). ` +
      (standing.resetsAt === null ? "It never resets." : `It resets at ${formatInstant(standing.resetsAt)}.`),
    {
      facts: {
        window,
        limit_usd: formatUsd(limit),
        settled_usd: formatUsd(standing.settled),
        held_usd: formatUsd(standing.held),
        asked_usd: formatUsd(asked),
        remaining_usd: formatUsd(standing.remaining),
        resets_at: standing.resetsAt === null ? null : formatInstant(standing.resetsAt),
      },
    },
  );
}

function perCallCapExceeded(limit: MicroUsd, asked: MicroUsd): Refusal {
  return refusal(
    "per_call_cap_exceeded",
    `The call can move ${formatUsdForPeople(asked)}, and the per-call cap is ${formatUsdForPeople(limit)}.`,
    { facts: { limit_usd: formatUsd(limit), asked_usd: formatUsd(asked) } },
  );
}

function directionUncounted(direction: Direction, asked: MicroUsd): Refusal {
  return refusal(
    "spend_cap_exceeded",
    `No cap of this vault key counts the direction "${direction}", so none of it may move.`,
    {
      facts: {
        window: null,
        limit_usd: "0",
        settled_usd: "0",
        held_usd: "0",
        asked_usd: formatUsd(asked),
        remaining_usd: "0",
        resets_at: null,
      },
    },
  );
}

/**
 * What `admit` would say, and how the budgets stand: for those who ask before they act. Changes nothing.
 */
export interface Preview {
  readonly refusal: Refusal | null;
  readonly budgets: readonly BudgetStanding[];
}

export function preview(state: KeyState, request: AdmitRequest, now: Instant): Preview {
  const admission = admit(state, request, now);
  return {
    refusal: admission.kind === "refused" ? admission.refusal : null,
    budgets: state.budgets.map((budget) => budgetStanding(budget, now)),
  };
}

export interface BudgetStanding {
  readonly cap: Cap;
  readonly settled: MicroUsd;
  readonly held: MicroUsd;
  /** Never negative, also where a late fact went beyond the limit. */
  readonly remaining: MicroUsd;
  readonly resetsAt: Instant | null;
}

/** A budget as it stands at `now`: a window that has passed counts as empty. */
export function budgetStanding(budget: BudgetState, now: Instant): BudgetStanding {
  const window = currentWindow(budget, now);
  const settled = window.fresh ? ZERO_USD : budget.settled;
  const held = window.fresh ? ZERO_USD : budget.held;
  const left = budget.cap.limit - settled - held;
  return { cap: budget.cap, settled, held, remaining: left > 0n ? microUsd(left) : ZERO_USD, resetsAt: window.end };
}

// ------------------------------------------------------------------------------------------------------------------ end

/**
 * What the answer to an admitted call did. Total: every reading gives an entry, and no reading loses money that may have moved.
 * A call that is not on its way (ended before) is an invariant violation, because a hold ends once.
 */
export function end(state: KeyState, ending: CallEnding, now: Instant): CallEnded {
  const call = state.calls.get(ending.callId);
  invariant(call !== undefined, `call ${ending.callId} is not on its way`);
  const hold = call.holdOf === null ? null : (state.holds.get(call.holdOf) ?? null);
  const { meter, replayed } = ending.reading;
  const result = judge(state, ending, hold);
  const own = result.effects.find((effect) => effect.callId === ending.callId);
  return {
    kind: "ended",
    at: now,
    callId: ending.callId,
    keyId: ending.keyId,
    outcome: own?.outcome ?? standing(ending, hold),
    why: ending.why ?? (meter.kind === "unknown" ? meter.why : null),
    httpStatus: ending.httpStatus,
    vendorRequestId: ending.reading.vendorRequestId,
    vendorObjectId: ending.reading.vendorObjectId,
    amount: meter.kind === "object" || meter.kind === "spent" ? meter.amount : null,
    ...(ending.reading.fee === undefined ? {} : { fee: ending.reading.fee }),
    replayed,
    latencyMs: ending.latencyMs,
    upstreamMs: ending.upstreamMs,
    effects: result.effects,
    object: result.object,
  };
}

/** The outcome of a call whose own hold this answer did not touch. */
function standing(ending: CallEnding, hold: Hold | null): CallEnded["outcome"] {
  if (hold === null) return "none";
  if (hold.callId !== ending.callId)
    return ending.reading.meter.kind === "unknown" && ending.notSent !== true ? "unknown" : "none";
  return hold.ended ?? (hold.doubtful ? "unknown" : "held");
}

interface Judgement {
  readonly effects: readonly Effect[];
  readonly object: CallEnded["object"];
}

const NOTHING: Judgement = { effects: [], object: null };

function judge(state: KeyState, ending: CallEnding, hold: Hold | null): Judgement {
  const { meter, replayed } = ending.reading;
  const isOwn = hold !== null && hold.callId === ending.callId;
  if (ending.notSent === true) return definiteNo(state, hold, false);
  switch (meter.kind) {
    case "nothing":
    case "definite_no":
      return definiteNo(state, hold, replayed);
    case "unknown":
      if (hold === null || hold.ended !== null) return NOTHING;
      return { effects: [effect(hold, 0n, 0n, hold.claimed ? "held" : "unknown", hold.objectId)], object: null };
    case "spent":
      // The stored first answer again says nothing new; neither does an identical call's.
      if (hold === null || hold.ended !== null) return NOTHING;
      if (replayed && isOwn && hold.inFlight === 1 && !hold.doubtful)
        return { effects: [releaseOf(hold, hold.objectId)], object: null };
      return { effects: [spentBy(hold, meter.moved)], object: null };
    case "object": {
      if (!replayed) return objectFacts(state, meter, hold);
      // A replay is the vendor's stored first answer. If that first call is known to have been answered, it says nothing new.
      if (hold === null || hold.claimed || hold.ended !== null) return NOTHING;
      // Whoever used the key first holds it. That may be an identical call of this very hold, one that overtook this or was lost.
      const isOnlyOne = isOwn && hold.inFlight === 1 && !hold.doubtful;
      return isOnlyOne ? { effects: [releaseOf(hold, meter.id)], object: null } : objectFacts(state, meter, hold);
    }
  }
}

/** Nothing moved by this call. Its hold ends unless another call on its way, or one of unknown outcome, still stands on it. */
function definiteNo(state: KeyState, hold: Hold | null, replayed: boolean): Judgement {
  if (hold === null || hold.claimed || hold.ended !== null) return NOTHING;
  if (hold.inFlight > 1) return NOTHING;
  // A replayed "no" is the stored answer to the first call too, so it also ends that one's doubt. Other calls on the object may
  // have been let through on the strength of a hold in doubt; then it waits for what the vendor says of the object.
  if (hold.doubtful && (!replayed || holdsOf(state, hold.objectId).some((other) => other !== hold))) return NOTHING;
  return { effects: [releaseOf(hold, hold.objectId)], object: null };
}

/** Those that have not ended. */
function holdsOf(state: KeyState, objectId: string | null): Hold[] {
  if (objectId === null) return [];
  return (state.holdsByObject.get(objectId) ?? []).filter((hold) => hold.ended === null);
}

/**
 * The vendor has shown an object. What it moved beyond what was counted is settled, oldest hold first; when nothing more can
 * move, whatever is still held for it is released. Holds of other calls on their way are left for their own answers.
 */
function objectFacts(
  state: KeyState,
  facts: Extract<MeterReading["meter"], { kind: "object" }>,
  own: Hold | null,
): Judgement {
  const known = state.objects.get(facts.id);
  const holds = (state.holdsByObject.get(facts.id) ?? []).filter((hold) => hold === own || hold.inFlight === 0);
  if (own !== null && !holds.includes(own)) holds.push(own);
  // Ids sort by time. The index knows only in which order the holds came to this object.
  if (holds.length > 1) holds.sort((a, b) => (a.callId < b.callId ? -1 : 1));
  if (holds.length === 0) return NOTHING;
  // A late, older view of an object that has already come to its end opens nothing again.
  const final = facts.final || known?.final === true;
  const moved = maxUsd(facts.moved, known?.moved ?? ZERO_USD);
  const counted = countedOf(state, facts.id, own);
  let toSettle = moved > counted ? moved - counted : 0n;
  const letGo = final || (facts.declined && state.key.onDecline === "release" && !mayStillMove(state, facts.id, own));

  const effects: Effect[] = [];
  holds.forEach((hold, index) => {
    const last = index === holds.length - 1;
    const covered = toSettle < hold.held ? toSettle : hold.held;
    // The vendor moved more than was held: the fact is booked in full, on the last hold, never dropped.
    const settled = last ? toSettle : covered;
    toSettle -= settled;
    if (hold.ended !== null && settled === 0n) return; // an identical call's answer has ended it
    const released = letGo ? hold.held - covered : 0n;
    const hasMoved = hold.settled + settled > 0n || moved > 0n;
    const outcome = letGo || hold.ended !== null ? (hasMoved ? "settled" : "released") : "held";
    effects.push(effect(hold, settled, -(covered + released), outcome, facts.id));
  });
  if (!letGo) holdAtLeast(state, facts, own, effects);
  return { effects, object: { id: facts.id, moved, final } };
}

/**
 * The object may move more than is held for it: it was raised elsewhere, or what the call asked for has grown since it was looked at.
 * The last of its holds is raised, also beyond a budget's limit, because this is a fact and not a wish.
 */
function holdAtLeast(
  state: KeyState,
  { id, mayStillMove = ZERO_USD }: Extract<MeterReading["meter"], { kind: "object" }>,
  own: Hold | null,
  effects: Effect[],
): void {
  const last = effects.findLastIndex((each) => each.outcome === "held");
  const raised = effects[last];
  if (raised === undefined) return;
  const holds = new Set(state.holdsByObject.get(id));
  if (own !== null) holds.add(own);
  let held = 0n;
  for (const hold of holds) held += hold.held;
  for (const each of effects) held += each.held;
  if (mayStillMove > held) effects[last] = { ...raised, held: microUsd(raised.held + mayStillMove - held) };
}

/** What of the object's money needs no counting any more: it was counted here, or had moved before this key touched it. */
function countedOf(state: KeyState, objectId: string, own: Hold | null): bigint {
  // Nothing had moved before the call that made the object. Another call may have found it meanwhile, paid by this one.
  if (own !== null && own.objectId === null)
    return holdsOf(state, objectId).reduce((sum, hold) => sum + hold.settled, 0n);
  return state.objects.get(objectId)?.moved ?? 0n;
}

/** Whether another call on the object may yet do something: one on its way, or one of which nobody knows. */
function mayStillMove(state: KeyState, objectId: string, own: Hold | null): boolean {
  return holdsOf(state, objectId).some((hold) => hold !== own && (hold.inFlight > 0 || hold.doubtful));
}

function effect(hold: Hold, settled: bigint, held: bigint, outcome: HoldOutcome, objectId: string | null): Effect {
  return {
    callId: hold.callId,
    settled: microUsd(settled),
    held: microUsd(held),
    slots: hold.slots,
    direction: hold.direction,
    objectId,
    outcome,
  };
}

/** All of the hold ends here: what was spent is settled, also beyond it, and the rest is given back. */
function spentBy(hold: Hold, moved: MicroUsd): Effect {
  const outcome = hold.settled + moved > 0n ? "settled" : "released";
  return effect(hold, moved, -BigInt(hold.held), outcome, hold.objectId);
}

function releaseOf(hold: Hold, objectId: string | null): Effect {
  return effect(hold, 0n, -BigInt(hold.held), hold.settled > 0n ? "settled" : "released", objectId);
}

// -------------------------------------------------------------------------------------------------------------- correct

/**
 * A later fact about one call, from the vendor's records or an operator. `hold` is the call's hold as the store keeps it (also
 * when it has ended). The difference counts in the window of the hold.
 */
export function correct(key: VaultKey, hold: Hold, correction: Correction, now: Instant): CallCorrected {
  invariant(hold.inFlight === 0, `call ${hold.callId} is still on its way`);
  const settled = correction.settled - hold.settled;
  const covered = settled < 0n ? 0n : settled < hold.held ? settled : hold.held;
  const rest = hold.held - covered;
  const released = correction.final ? rest : 0n;
  const hasEnded = correction.final || hold.ended !== null; // what has ended stays ended
  const outcome: HoldOutcome = !hasEnded ? "held" : correction.settled > 0n ? "settled" : "released";
  return {
    kind: "corrected",
    at: now,
    callId: hold.callId,
    keyId: key.id,
    effects: [effect(hold, settled, -(covered + released), outcome, correction.object?.id ?? hold.objectId)],
    object: correction.object,
    evidence: correction.evidence,
  };
}

// ---------------------------------------------------------------------------------------------------------------- apply

/** The only place where state changes. Entries of other keys and of other kinds are not for this function. */
export function apply(state: KeyState, entry: Entry): void {
  switch (entry.kind) {
    case "admitted":
      return applyAdmitted(state, entry);
    case "ended":
      return applyEnded(state, entry);
    case "corrected":
      applyEffects(state, entry.effects);
      return applyObject(state, entry.object);
    case "key_patched":
      state.key = applyKeyPatch(state.key, entry.patch);
      for (const budget of state.budgets)
        budget.cap = state.key.caps.find((cap) => cap.id === budget.cap.id) ?? budget.cap;
      return;
    case "key_revoked":
      // Revoked once: a second revocation changes neither the time nor anything else.
      if (state.key.revokedAt === null) state.key = { ...state.key, revokedAt: entry.at };
      return;
    case "refused":
    case "key_issued":
    case "credential_added":
    case "credential_rotated":
    case "credential_removed":
    case "credential_made_default":
    case "api_key_created":
    case "api_key_revoked":
      return;
  }
}

function applyAdmitted(state: KeyState, entry: CallAdmitted): void {
  const { callId, idempotencyKey } = entry.call;
  countForRate(state, entry.at);
  const covering = entry.coveredBy === null ? undefined : state.holds.get(entry.coveredBy);
  if (covering !== undefined) covering.inFlight += 1;
  if (entry.hold !== null) {
    invariant(entry.direction !== null, "a hold has a direction");
    putHold(state, {
      callId,
      direction: entry.direction,
      slots: entry.slots,
      objectId: entry.objectId,
      held: entry.hold,
      settled: ZERO_USD,
      inFlight: 1,
      claimed: false,
      doubtful: false,
      ended: null,
    });
    for (const slot of entry.slots) count(state, slot, entry.at, 0n, entry.hold);
    if (entry.objectId !== null && !state.objects.has(entry.objectId))
      state.objects.set(entry.objectId, { moved: entry.movedBefore, final: false });
    if (entry.fingerprint !== null && idempotencyKey !== null)
      remember(state, idempotencyKey, entry, entry.fingerprint);
  }
  state.calls.set(callId, {
    holdOf: entry.hold === null ? entry.coveredBy : callId,
    coveredBy: entry.coveredBy,
    idempotencyKey: entry.fingerprint === null ? null : idempotencyKey,
  });
}

function applyEnded(state: KeyState, entry: CallEnded): void {
  const call = state.calls.get(entry.callId);
  state.calls.delete(entry.callId);
  const hold = call?.holdOf == null ? undefined : state.holds.get(call.holdOf);
  if (hold !== undefined) {
    hold.inFlight -= 1;
    if (entry.outcome === "unknown") hold.doubtful = true;
    // One answer about the object is the answer to all identical calls: a lost one among them can do nothing else any more.
    else if (entry.object !== null) hold.doubtful = false;
  }
  applyEffects(state, entry.effects);
  applyObject(state, entry.object);
  if (hold !== undefined && hold.ended !== null && hold.inFlight === 0) dropHold(state, hold);
}

function applyEffects(state: KeyState, effects: readonly Effect[]): void {
  for (const each of effects) {
    for (const slot of each.slots) count(state, slot, null, each.settled, each.held);
    const hold = state.holds.get(each.callId);
    // The vendor need not remember a key whose first use it refused, or never saw; the next use is a new call with its own hold.
    if (each.outcome === "released" && (hold === undefined || hold.doubtful || !hold.claimed))
      forgetUse(state, each.callId);
    if (hold === undefined) continue;
    hold.settled = microUsd(hold.settled + each.settled);
    hold.held = microUsd(hold.held + each.held);
    invariant(hold.held >= 0n, `hold of ${each.callId} fell below zero`);
    giveTo(state, hold, each.objectId);
    if (each.outcome === "unknown") hold.doubtful = true;
    if (each.outcome === "held" && each.objectId !== null) hold.claimed = true;
    if (each.outcome === "settled" || each.outcome === "released") {
      hold.ended = each.outcome;
      if (hold.inFlight === 0) dropHold(state, hold);
    }
  }
}

function applyObject(state: KeyState, object: CallEnded["object"]): void {
  if (object === null) return;
  if (isHeld(state, object.id)) state.objects.set(object.id, { moved: object.moved, final: object.final });
  else state.objects.delete(object.id);
}

/** Without a hold there is nothing to remember of an object: the next call on it brings what it has moved along. */
function dropHold(state: KeyState, hold: Hold): void {
  state.holds.delete(hold.callId);
  giveTo(state, hold, null);
}

/** For the ledger, and for a store that reads a key's state. */
export function putHold(state: Pick<KeyState, "holds" | "holdsByObject">, hold: Hold): void {
  state.holds.set(hold.callId, hold);
  if (hold.objectId !== null) index(state, hold, hold.objectId);
}

/** The hold belongs to this object from now on; an object that no hold belongs to any more is forgotten. */
function giveTo(state: KeyState, hold: Hold, objectId: string | null): void {
  const before = hold.objectId;
  if (before === objectId) return;
  hold.objectId = objectId;
  if (objectId !== null) index(state, hold, objectId);
  if (before === null) return;
  const left = state.holdsByObject.get(before)?.filter((other) => other !== hold) ?? [];
  if (left.length > 0) return void state.holdsByObject.set(before, left);
  state.holdsByObject.delete(before);
  state.objects.delete(before);
}

function index(state: Pick<KeyState, "holdsByObject">, hold: Hold, objectId: string): void {
  const others = state.holdsByObject.get(objectId);
  if (others === undefined) state.holdsByObject.set(objectId, [hold]);
  else others.push(hold);
}

function isHeld(state: KeyState, objectId: string): boolean {
  return state.holdsByObject.has(objectId);
}

function count(state: KeyState, slot: Slot, rollTo: Instant | null, settled: bigint, held: bigint): void {
  const budget = state.budgets.find((each) => each.cap.id === slot.budgetId);
  if (budget === undefined) return;
  if (rollTo !== null && slot.windowStart > budget.windowStart) {
    const window = windowAt(budget.cap.window, budget.cap.timeZone, rollTo);
    budget.windowStart = window.start;
    budget.windowEnd = window.end;
    budget.settled = ZERO_USD;
    budget.held = ZERO_USD;
  }
  // Holds and settlements of an earlier window count there, and that window decides nothing any more.
  if (slot.windowStart !== budget.windowStart) return;
  budget.settled = microUsd(budget.settled + settled);
  budget.held = microUsd(budget.held + held);
}

function countForRate(state: KeyState, at: Instant): void {
  const limit = state.key.rateLimit;
  if (limit === null) return;
  const { start } = rateWindow(limit, at);
  if (state.rate.windowStart !== start) {
    state.rate.windowStart = start;
    state.rate.calls = 0;
  }
  state.rate.calls += 1;
}

function forgetUse(state: KeyState, callId: CallId): void {
  for (const [idempotencyKey, use] of state.idempotency)
    if (use.callId === callId) return void state.idempotency.delete(idempotencyKey);
}

function remember(state: KeyState, idempotencyKey: string, entry: CallAdmitted, fingerprint: string): void {
  // Another body under a key in use does not replace the first: the vendor will refuse it, and the first may still be re-sent.
  const known = state.idempotency.get(idempotencyKey);
  if (known !== undefined && known.fingerprint !== fingerprint) return;
  state.idempotency.delete(idempotencyKey);
  state.idempotency.set(idempotencyKey, { callId: entry.call.callId, fingerprint, firstUsedAt: entry.at });
  if (state.idempotency.size <= IDEMPOTENCY_USES_MAX) return;
  let forgotten = 0;
  for (const oldest of state.idempotency.keys()) {
    if (forgotten++ === IDEMPOTENCY_USES_FORGOTTEN) return;
    state.idempotency.delete(oldest);
  }
}
