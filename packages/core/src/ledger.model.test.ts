/**
 * The ledger against two others who keep their own books. The auditor knows nothing but the entries and adds them up again after
 * every step, whatever nonsense the vendor says. The honest vendor knows what really moved, however calls overtake each other, are
 * lost, repeated or refused: it must never be more than the cap.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { CallAdmitted, CallCorrected, CallEnded, Entry } from "./entry.ts";
import { asBudgetId } from "./ids.ts";
import type { BudgetId, CallId } from "./ids.ts";
import type { Cap, VaultKey } from "./key.ts";
import type { Hold } from "./ledger.ts";
import { ZERO_USD } from "./money.ts";
import type { Direction } from "./operation.ts";
import { capOf, Desk, keyOf, NO, reading, replay, shows, stateText, UNKNOWN, usd } from "./test-support.ts";
import type { Asking } from "./test-support.ts";
import { HOUR_MS, instant } from "./time.ts";
import type { MeterReading } from "./vendor.ts";

// -------------------------------------------------------------------------------------------------------------- the auditor

interface Account {
  readonly hold: bigint;
  readonly slots: CallAdmitted["slots"];
  held: bigint;
  settled: bigint;
  ended: boolean;
}

/** Adds up entries, with no code of the ledger's. */
class Auditor {
  readonly accounts: Map<CallId, Account> = new Map();
  readonly limits: Map<BudgetId, bigint> = new Map();
  /** By budget and window. */
  readonly used: Map<string, { settled: bigint; held: bigint }> = new Map();
  /** Where a fact went beyond a hold, or a limit was lowered: only there may a budget be overdrawn. */
  readonly excused: Set<string> = new Set();

  constructor(caps: readonly Cap[]) {
    for (const cap of caps) this.limits.set(cap.id, cap.limit);
  }

  take(entry: Entry): void {
    switch (entry.kind) {
      case "admitted":
        return this.#admitted(entry);
      case "ended":
      case "corrected":
        return this.#effects(entry);
      case "key_patched":
        for (const cap of entry.patch.caps ?? []) {
          const lowered = cap.limit < (this.limits.get(cap.id) ?? 0n);
          this.limits.set(cap.id, cap.limit);
          if (lowered)
            for (const place of this.used.keys()) if (place.startsWith(`${cap.id}@`)) this.excused.add(place);
        }
        return;
      case "refused":
      case "key_issued":
      case "key_revoked":
      case "credential_added":
      case "credential_rotated":
      case "credential_removed":
      case "credential_made_default":
      case "api_key_created":
      case "api_key_revoked":
        return;
    }
  }

  #admitted({ call, hold, slots, coveredBy }: CallAdmitted): void {
    if (hold === null) return expect(slots).toEqual([]);
    expect(coveredBy).toBeNull();
    expect(hold).toBeGreaterThanOrEqual(0n);
    this.accounts.set(call.callId, { hold, slots, held: hold, settled: 0n, ended: false });
    for (const { budgetId, windowStart } of slots) {
      const used = this.#at(`${budgetId}@${windowStart}`);
      used.held += hold;
      if (hold > 0n) expect(used.settled + used.held).toBeLessThanOrEqual(this.limits.get(budgetId) ?? 0n);
    }
  }

  #effects(entry: CallEnded | CallCorrected): void {
    for (const effect of entry.effects) {
      const account = this.accounts.get(effect.callId) ?? expect.fail("an effect on a call without a hold");
      const excess = effect.settled + effect.held;
      account.settled += effect.settled;
      account.held += effect.held;
      expect(effect.slots).toEqual(account.slots);
      expect(account.held).toBeGreaterThanOrEqual(0n);
      expect(effect.held).toBeLessThanOrEqual(0n);
      if (entry.kind === "ended") expect(effect.settled).toBeGreaterThanOrEqual(0n);
      if (account.ended) {
        expect(["settled", "released"]).toContain(effect.outcome);
        expect(effect.held).toBe(0n);
        // Nothing ends twice: what comes after the end is a fact that moves money, or a correction.
        if (entry.kind === "ended") expect(effect.settled).toBeGreaterThan(0n);
      }
      account.ended ||= effect.outcome === "settled" || effect.outcome === "released";
      if (account.ended) expect(account.held).toBe(0n);
      if (effect.outcome === "released") expect(account.settled).toBe(0n);
      for (const { budgetId, windowStart } of effect.slots) {
        const used = this.#at(`${budgetId}@${windowStart}`);
        used.settled += effect.settled;
        used.held += effect.held;
        if (excess > 0n) this.excused.add(`${budgetId}@${windowStart}`);
      }
    }
  }

  #at(place: string): { settled: bigint; held: bigint } {
    const known = this.used.get(place);
    if (known !== undefined) return known;
    const fresh = { settled: 0n, held: 0n };
    this.used.set(place, fresh);
    return fresh;
  }

  check({ state, rebuilt }: Desk): void {
    for (const { cap, windowStart, settled, held } of state.budgets) {
      const place = `${cap.id}@${windowStart}`;
      expect([place, { settled, held }]).toEqual([place, this.used.get(place) ?? { settled: 0n, held: 0n }]);
    }
    for (const [place, { settled, held }] of this.used) {
      expect(held).toBeGreaterThanOrEqual(0n);
      const budgetId = asBudgetId(place.slice(0, place.indexOf("@")));
      if (!this.excused.has(place)) expect(settled + held).toBeLessThanOrEqual(this.limits.get(budgetId) ?? 0n);
    }
    const open = [...this.accounts].filter(([, account]) => !account.ended);
    expect([...state.holds.values()].filter((hold) => hold.ended === null).map((hold) => hold.callId)).toEqual(
      open.map(([callId]) => callId),
    );
    for (const [callId, account] of open)
      expect(state.holds.get(callId)).toMatchObject({ held: account.held, settled: account.settled });
    for (const hold of state.holds.values()) {
      const onTheirWay = [...state.calls.values()].filter((call) => call.holdOf === hold.callId).length;
      expect(hold.inFlight).toBe(onTheirWay);
      if (hold.ended !== null) expect(hold.inFlight).toBeGreaterThan(0);
    }
    const named = new Set([...state.holds.values()].map((hold) => hold.objectId));
    for (const objectId of state.objects.keys()) expect(named).toContain(objectId);
    expect(stateText(rebuilt)).toBe(stateText(state));
  }
}

// ------------------------------------------------------------------------------------------ the auditor and a lying vendor

type Step =
  | {
      readonly do: "send";
      readonly dollars: number;
      readonly object: number;
      readonly direction: Direction;
      readonly key: number;
      readonly body: string;
      readonly movedBefore: number;
    }
  | { readonly do: "read" }
  | { readonly do: "answer"; readonly which: number; readonly says: MeterReading; readonly notSent: boolean }
  | { readonly do: "wait"; readonly hours: number }
  | {
      readonly do: "correct";
      readonly which: number;
      readonly settled: number;
      readonly final: boolean;
      readonly object: number;
      readonly moved: number;
    }
  | { readonly do: "patch"; readonly limit: number; readonly onDecline: "keep" | "release" }
  | { readonly do: "revoke" };

const OBJECTS = ["pi_1", "pi_2", "pi_3"];
const dollars = fc.constantFrom(0, 1, 10, 25, 60, 100);
const says: fc.Arbitrary<MeterReading> = fc.oneof(
  fc.constantFrom(NO, UNKNOWN, replay(NO), replay(UNKNOWN), reading({ kind: "nothing" })),
  fc
    .tuple(fc.constantFrom(...OBJECTS), dollars, fc.subarray(["final", "declined"] as const), fc.boolean())
    .map(([id, moved, words, replayed]) =>
      replayed ? replay(shows(id, moved, ...words)) : shows(id, moved, ...words),
    ),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("send"),
      dollars,
      object: fc.nat({ max: 5 }),
      direction: fc.constantFrom<Direction>("collected", "collected", "paid_out", "usage"),
      key: fc.nat({ max: 5 }),
      body: fc.constantFrom("a", "a", "a", "b"),
      movedBefore: dollars,
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "read" }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant("answer"),
      which: fc.nat(),
      says,
      notSent: fc.constantFrom(false, false, false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wait"), hours: fc.constantFrom(1, 5, 23, 24, 30) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("correct"),
      which: fc.nat(),
      settled: dollars,
      final: fc.boolean(),
      object: fc.nat({ max: 5 }),
      moved: dollars,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("patch"), limit: dollars, onDecline: fc.constantFrom("keep", "release") }),
  },
);

const KEY: VaultKey = keyOf({
  caps: [
    capOf({ limit: usd(150) }),
    capOf({
      id: asBudgetId("day"),
      window: "day",
      timeZone: "Asia/Kathmandu",
      limit: usd(100),
      directions: ["collected"],
    }),
    capOf({ id: asBudgetId("hour"), window: "hour", limit: usd(60), directions: ["paid_out"] }),
  ],
});

/** A hold as a store finds it again when it has ended. */
function heldBefore(desk: Desk, auditor: Auditor, callId: CallId): Hold | null {
  const account = auditor.accounts.get(callId);
  if (account === undefined) return null;
  const ended = account.settled > 0n ? ("settled" as const) : ("released" as const);
  const hold: Hold = {
    callId,
    direction: "collected",
    slots: account.slots,
    objectId: null,
    held: ZERO_USD,
    settled: ZERO_USD,
    inFlight: 0,
    claimed: false,
    doubtful: false,
    ended,
  };
  return desk.hold(callId) ?? { ...hold, settled: account.settled as Hold["settled"] };
}

function perform(desk: Desk, auditor: Auditor, each: Step): void {
  switch (each.do) {
    case "send": {
      const object = OBJECTS[each.object];
      const { direction, movedBefore, body } = each;
      const asking: Asking = { direction, movedBefore, body, ...(object === undefined ? {} : { object }) };
      desk.try(each.dollars, each.key < 3 ? { ...asking, key: `k${each.key}` } : asking);
      return;
    }
    case "read":
      desk.admit({ kind: "nothing" });
      return;
    case "answer": {
      const calls = [...desk.state.calls.keys()];
      const callId = calls[each.which % calls.length];
      if (callId !== undefined) desk.answer(callId, each.says, { notSent: each.notSent });
      return;
    }
    case "wait":
      desk.now = instant(desk.now + each.hours * HOUR_MS);
      return;
    case "correct": {
      const calls = [...auditor.accounts.keys()];
      const callId = calls[each.which % calls.length];
      const hold = callId === undefined ? null : heldBefore(desk, auditor, callId);
      if (hold === null || hold.inFlight > 0) return;
      const id = OBJECTS[each.object];
      const object = id === undefined ? null : { id, moved: usd(each.moved), final: each.final };
      desk.correct(hold, each.settled, { final: each.final, object });
      return;
    }
    case "patch":
      desk.patch({
        onDecline: each.onDecline,
        caps: desk.state.key.caps.map((cap) => (cap.id === "total" ? { ...cap, limit: usd(each.limit + 50) } : cap)),
      });
      return;
    case "revoke":
      desk.revoke();
  }
}

test("whatever a vendor says, the books add up, no hold ends twice, and the entries alone give the same state", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40, size: "max" }), fc.boolean(), (steps, revokedAtLast) => {
      const desk = new Desk(KEY);
      const auditor = new Auditor(KEY.caps);
      let audited = 0;
      for (const each of revokedAtLast ? [...steps, { do: "revoke" } as const, ...steps.slice(0, 5)] : steps) {
        perform(desk, auditor, each);
        for (; audited < desk.entries.length; audited++) auditor.take(desk.entries[audited] ?? expect.fail());
        auditor.check(desk);
      }
    }),
    { numRuns: 400 },
  );
});

// ------------------------------------------------------------------------------------------------------ an honest vendor

/** A payment as the vendor has it. */
interface Payment {
  readonly id: string;
  /** Made by this key: whatever it moves is this key's doing, also when somebody pays it from outside. */
  readonly own: boolean;
  /** Authorised first, captured later. */
  readonly manual: boolean;
  amount: number;
  moved: number;
  status: "open" | "capturable" | "succeeded" | "canceled";
}

type Request =
  | { readonly kind: "create"; readonly amount: number; readonly confirm: boolean; readonly manual: boolean }
  | { readonly kind: "confirm"; readonly id: string; readonly declined: boolean }
  | { readonly kind: "raise"; readonly id: string; readonly amount: number }
  | { readonly kind: "capture"; readonly id: string; readonly amount: number; readonly last: boolean }
  | { readonly kind: "cancel" | "retrieve"; readonly id: string };

interface Sent {
  readonly callId: CallId;
  readonly request: Request;
  readonly key: string | null;
  /** Null until it has arrived. */
  answer: MeterReading | null;
  /** The gateway has given up on it. It may arrive all the same. */
  lost: boolean;
}

const LIMIT = 100;

class World {
  readonly desk: Desk;
  readonly payments: Map<string, Payment> = new Map();
  readonly #stored: Map<string, { readonly body: string; readonly answer: MeterReading; readonly at: number }> =
    new Map();
  readonly sent: Sent[] = [];
  /** Everything that was ever asked, to be asked again. */
  readonly asked: (readonly [Request, string | null])[] = [];
  /** What this key has really moved. */
  truth = 0;

  constructor(onDecline: "keep" | "release") {
    this.desk = new Desk(keyOf({ onDecline, caps: [capOf({ limit: usd(LIMIT) })] }));
  }

  /** Somebody else's payment, sometimes partly captured already. */
  foreign(amount: number, manual: boolean): void {
    const id = `pi_${this.payments.size + 1}`;
    const moved = manual && amount > 20 ? 10 : 0;
    this.payments.set(id, { id, own: false, manual, amount, moved, status: moved > 0 ? "capturable" : "open" });
  }

  send(request: Request, key: string | null): void {
    this.asked.push([request, key]);
    const { id: callId, admission } = this.#admit(request, key);
    if (admission.kind === "admitted") this.sent.push({ callId, request, key, answer: null, lost: false });
  }

  /** The vendor's own estimator, in short: what the payment may still move once the request is done. */
  #admit(request: Request, key: string | null): ReturnType<Desk["try"]> {
    const asking: Asking = key === null ? {} : { key, body: JSON.stringify(request) };
    if (request.kind === "create") return this.desk.try(request.amount, asking);
    const payment = this.payments.get(request.id) ?? expect.fail();
    const { moved, amount, status } = payment;
    if (request.kind === "cancel" || request.kind === "retrieve") return this.desk.admit({ kind: "nothing" }, asking);
    const remaining = status === "open" || status === "capturable" ? amount - moved : 0;
    const asked =
      request.kind === "raise" ? request.amount - moved : request.kind === "capture" ? request.amount : amount - moved;
    const exposure = Math.max(remaining, remaining === 0 && status !== "open" ? 0 : asked, 0);
    return this.desk.try(exposure, { ...asking, object: payment.id, movedBefore: moved });
  }

  /** The request reaches the vendor, which may turn it away at the door, answer from memory, or do it. */
  arrive(call: Sent, turnedAway: boolean): void {
    const stored = call.key === null ? undefined : this.#stored.get(call.key);
    const body = JSON.stringify(call.request);
    if (turnedAway) call.answer = NO;
    else if (stored === undefined) {
      call.answer = this.#execute(call.request);
      if (call.key !== null) this.#stored.set(call.key, { body, answer: call.answer, at: this.desk.now });
    } else call.answer = stored.body === body ? replay(stored.answer) : NO;
    if (call.lost) this.sent.splice(this.sent.indexOf(call), 1);
  }

  #execute(request: Request): MeterReading {
    if (request.kind === "create") {
      const id = `pi_${this.payments.size + 1}`;
      const { amount, manual } = request;
      const payment: Payment = { id, own: true, manual, amount, moved: 0, status: "open" };
      this.payments.set(id, payment);
      if (request.confirm) this.#pay(payment);
      return this.#view(payment);
    }
    const payment = this.payments.get(request.id) ?? expect.fail();
    const isOpen = payment.status === "open" || payment.status === "capturable";
    switch (request.kind) {
      case "retrieve":
        return this.#view(payment);
      case "cancel":
        if (!isOpen) return NO;
        payment.status = "canceled";
        return this.#view(payment);
      case "confirm":
        if (payment.status !== "open") return NO;
        if (request.declined) return this.#view(payment, "declined");
        this.#pay(payment);
        return this.#view(payment);
      case "raise":
        if (!isOpen || request.amount < payment.moved) return NO;
        if (payment.status === "capturable" && request.amount < payment.amount) return NO;
        payment.amount = request.amount;
        return this.#view(payment);
      case "capture": {
        if (payment.status !== "capturable" || request.amount > payment.amount - payment.moved) return NO;
        payment.moved += request.amount;
        this.truth += request.amount;
        if (request.last || payment.moved === payment.amount) payment.status = "succeeded";
        return this.#view(payment);
      }
    }
  }

  #pay(payment: Payment): void {
    if (payment.manual) payment.status = "capturable";
    else {
      this.truth += payment.amount - payment.moved;
      payment.moved = payment.amount;
      payment.status = "succeeded";
    }
  }

  #view({ id, amount, moved, status }: Payment, ...more: readonly "declined"[]): MeterReading {
    if (status === "succeeded" || status === "canceled") return shows(id, moved, "final");
    const shown = shows(id, moved, ...more);
    return shown.meter.kind === "object"
      ? { ...shown, meter: { ...shown.meter, mayStillMove: usd(amount - moved) } }
      : shown;
  }

  /** With a client secret, by somebody who never asks Keybrake. */
  payFromOutside(payment: Payment): void {
    if (payment.own && payment.status === "open") this.#pay(payment);
  }

  deliver(call: Sent): void {
    if (call.answer === null) return;
    this.desk.answer(call.callId, call.answer);
    this.sent.splice(this.sent.indexOf(call), 1);
  }

  lose(call: Sent): void {
    this.desk.answer(call.callId, UNKNOWN);
    if (call.answer === null) call.lost = true;
    else this.sent.splice(this.sent.indexOf(call), 1);
  }

  neverSend(call: Sent): void {
    if (call.answer !== null || call.lost) return;
    this.desk.answer(call.callId, UNKNOWN, { notSent: true });
    this.sent.splice(this.sent.indexOf(call), 1);
  }

  /** An operator finds out that a lost call never arrived, and says so. */
  bury(call: Sent): void {
    if (!call.lost) return;
    this.sent.splice(this.sent.indexOf(call), 1);
    const hold = this.desk.hold(call.callId);
    const isAlone = hold?.inFlight === 0 && !hold.claimed && hold.objectId === null;
    const neverArrived =
      call.key === null || !(this.#stored.has(call.key) || this.sent.some(({ key }) => key === call.key));
    if (hold !== undefined && isAlone && neverArrived) this.desk.correct(hold, 0);
  }

  /** A day, on which nothing is on its way: the vendor's memory of keys is shorter than that, ours still shorter. */
  sleep(): void {
    if (this.sent.length > 0) return;
    this.desk.now = instant(this.desk.now + 24 * HOUR_MS);
    this.#stored.clear();
  }

  check(): void {
    const { settled, held } = this.desk.budget();
    expect(this.truth, "what really moved is within the cap").toBeLessThanOrEqual(LIMIT);
    expect(settled + held, "what really moved is counted or held").toBeGreaterThanOrEqual(usd(this.truth));
  }
}

interface Turn {
  readonly what: string;
  readonly which: number;
  readonly payment: number;
  readonly amount: number;
  readonly key: number;
  readonly flag: boolean;
}

const WHAT: readonly string[] = `
  create create confirm confirm raise capture cancel retrieve again again foreign pay-from-outside
  arrive arrive arrive arrive turn-away deliver deliver deliver deliver lose never-send bury sleep
`
  .trim()
  .split(/\s+/);

const turn: fc.Arbitrary<Turn> = fc.record({
  what: fc.constantFrom(...WHAT),
  which: fc.nat({ max: 20 }),
  payment: fc.nat({ max: 20 }),
  amount: fc.constantFrom(10, 30, 50, 60, 100),
  key: fc.nat({ max: 7 }),
  flag: fc.boolean(),
});

function take(world: World, { what, which, payment: at, amount, key: keyAt, flag }: Turn, outside: boolean): void {
  const key = keyAt < 4 ? `k${keyAt}` : null;
  const payments = [...world.payments.values()];
  const payment = payments[at % payments.length];
  const call = world.sent[which % world.sent.length];
  // Mostly the last one.
  const again = flag ? world.asked.at(-1) : world.asked[which % world.asked.length];
  switch (what) {
    case "create":
      return world.send({ kind: "create", amount, confirm: flag, manual: at % 2 === 0 }, key);
    case "foreign":
      return world.foreign(amount, flag);
    case "sleep":
      return world.sleep();
    case "confirm":
      return payment && world.send({ kind: "confirm", id: payment.id, declined: flag && amount < 60 }, key);
    case "raise":
      return payment && world.send({ kind: "raise", id: payment.id, amount }, key);
    case "capture": {
      const rest = payment === undefined ? 0 : payment.amount - payment.moved;
      return (
        payment &&
        world.send(
          { kind: "capture", id: payment.id, amount: flag ? rest : Math.min(rest, 10), last: at % 2 === 0 },
          key,
        )
      );
    }
    case "cancel":
    case "retrieve":
      return payment && world.send({ kind: what, id: payment.id }, null);
    case "again":
      return again && world.send(...again);
    case "pay-from-outside":
      return outside && payment !== undefined ? world.payFromOutside(payment) : undefined;
    default:
      break;
  }
  if (call === undefined) return;
  if (what === "bury") return world.bury(call);
  if (what === "arrive" || what === "turn-away")
    return call.answer === null ? world.arrive(call, what === "turn-away") : undefined;
  if (call.lost) return;
  if (what === "deliver") world.deliver(call);
  else if (what === "lose") world.lose(call);
  else if (what === "never-send") world.neverSend(call);
}

test.each(["keep", "release"] as const)(
  "however calls overtake each other, are lost, repeated or refused, no more moves than the cap (on_decline: %s)",
  (onDecline) => {
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 60, size: "max" }), (turns) => {
        const world = new World(onDecline);
        for (const each of turns) {
          // A key that releases on a decline has accepted that the client secret can still pay.
          take(world, each, onDecline === "keep");
          world.check();
        }
        // When everything is in and everything has been looked at, nothing that is over is held.
        for (const call of world.sent.slice()) {
          if (call.answer === null) world.arrive(call, false);
          if (!call.lost) world.deliver(call);
        }
        world.check();
        for (const { id } of world.payments.values()) {
          world.send({ kind: "retrieve", id }, null);
          for (const call of world.sent.slice()) {
            world.arrive(call, false);
            world.deliver(call);
          }
        }
        for (const hold of world.desk.state.holds.values()) {
          const status = hold.objectId === null ? "open" : world.payments.get(hold.objectId)?.status;
          expect(status).not.toBe("succeeded");
          expect(status).not.toBe("canceled");
        }
        world.check();
      }),
      { numRuns: 1500 },
    );
  },
);

test("one call after the other, answered each, is counted to the cent and holds nothing that is over", () => {
  const calm = turn.filter(({ what }) =>
    ["create", "confirm", "raise", "capture", "cancel", "pay-from-outside"].includes(what),
  );
  fc.assert(
    fc.property(fc.array(calm, { minLength: 1, maxLength: 40, size: "max" }), (turns) => {
      const world = new World("keep");
      for (const each of turns) {
        take(world, each, true);
        for (const call of world.sent.slice()) {
          world.arrive(call, false);
          world.deliver(call);
        }
      }
      for (const { id } of world.payments.values()) world.desk.look(viewOf(world, id));
      const open = [...world.payments.values()].filter(({ status }) => status === "open" || status === "capturable");
      const { settled, held } = world.desk.budget();
      expect(settled).toBe(usd(world.truth));
      if (open.length === 0) expect(held).toBe(0n);
      const mayMove = open.reduce((sum, { amount, moved }) => sum + amount - moved, 0);
      expect(held).toBeGreaterThanOrEqual(usd(mayMove));
    }),
    { numRuns: 300 },
  );
});

function viewOf(world: World, id: string): MeterReading {
  const { moved, status } = world.payments.get(id) ?? expect.fail();
  return shows(id, moved, ...(status === "succeeded" || status === "canceled" ? (["final"] as const) : []));
}
