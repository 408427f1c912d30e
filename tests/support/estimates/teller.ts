/**
 * One vault key's calls, without sockets: each request is judged, estimated, held for, sent to a fake vendor, metered and settled by the
 * product's own vendor port and ledger, as the gateway does it. After every call what the fake vendor has really moved is compared with
 * what the books have settled and still hold: for the object, for the request alone, and for the key as a whole.
 */
import {
  admit,
  apply,
  asApiKeyId,
  asBudgetId,
  asCallId,
  asCredentialId,
  asKeyId,
  correct,
  DIRECTIONS,
  end,
  formatUsd,
  instant,
  microUsd,
  openKey,
} from "@keybrake/core";
import type {
  CallFacts,
  CallId,
  Credential,
  Direction,
  Effect,
  Estimate,
  Instant,
  KeyState,
  LookUpAnswer,
  Meter,
  MeterReading,
  MoneyEstimate,
  Pricing,
  Vendor,
  VendorCall,
  VendorRequest,
  VaultKey,
} from "@keybrake/core";
import { hash } from "node:crypto";

/** What really moved, as the fake vendor knows it. */
interface Moved {
  readonly direction: Direction;
  /** `micro-usd`, or a currency's lower-case code with minor units. */
  readonly unit: string;
  readonly amount: bigint;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** A fake vendor, driven without sockets. */
export interface Fake {
  readonly vendor: Vendor;
  readonly credential: Credential;
  /** Connected accounts that the key may name. */
  readonly accounts: readonly string[];
  pricing(): Pricing;
  /** `order` is the request's place among all; the truth knows it by that. */
  send(request: VendorRequest, order: number): FakeAnswer;
  /** What one request has moved so far, and what it set going has moved. */
  movedBy(order: number): readonly Moved[];
  /** Everything that has ever moved, in micro-USD at the reference rate, by direction. */
  movedInAll(): ReadonlyMap<Direction, bigint>;
  toUsd(moved: Pick<Moved, "unit" | "amount">): bigint;
  /** Whether the answers about what this call made tell to the last digit what it cost. */
  tellsExactly(call: VendorCall, meter: Meter): boolean;
}

/** One request of a generator. */
export interface Wanted {
  readonly method: string;
  readonly path: string;
  readonly query?: string;
  readonly body?: Uint8Array;
  readonly contentType?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Sent {
  readonly kind: "sent";
  readonly callId: CallId;
  readonly order: number;
  readonly status: number;
  /** Parsed; null where there is none. */
  readonly json: unknown;
}

interface SendOptions {
  readonly idempotencyKey?: string;
  /** What the call is booked under where several objects come to one sum in the end: everything on one customer's bills. */
  readonly account?: string;
}

export type Outcome = Sent | { readonly kind: "refused"; readonly code: string } | { readonly kind: "lost" };

/** All calls on one object: what they moved must never be more than what is settled and held for them. */
interface Group {
  readonly name: string;
  readonly orders: number[];
  readonly calls: CallId[];
  readonly settled: Map<Direction, bigint>;
  readonly held: Map<Direction, bigint>;
  /** False where no answer ever says what it cost, so that what was held is what it counts as. */
  exact: boolean;
  /** Something came to it that no call of the key has brought about, and the vendor took it back. */
  excused: boolean;
  reported: boolean;
  /** The requests on it and what was made of them, for people. */
  readonly history: string[];
  readonly operation: string;
}

/** For the table: how far an estimate was above what moved in the end. */
interface Over {
  readonly operation: string;
  readonly group: Group;
  readonly direction: Direction;
  readonly exposure: bigint;
  /** What the object had moved before. */
  readonly before: bigint;
  readonly request: string;
  readonly order: number;
  /** Of what is booked under an account, the request's own movements count: the rest of the bills is not its doing. */
  readonly isBooked: boolean;
}

export interface OperationRow {
  readonly operation: string;
  sent: number;
  movedNothing: number;
  declined: number;
  /** exposure : moved, of those that moved. */
  worstRatio: number;
  worstRatioRequest: string;
  worstUsd: bigint;
  worstUsdRequest: string;
  exposure: bigint;
  moved: bigint;
}

export interface Violation {
  readonly rule: string;
  readonly operation: string;
  readonly example: string;
  count: number;
}

const LOOK_UPS_MAX = 5;
const REQUEST_SHOWN_MAX = 900;

/** In the life of a call: what it is about was looked up; it was admitted; the vendor has done it, and the answer is on its way. */
export type Moment = "looked" | "admitted" | "sent";

export class Teller {
  readonly fake: Fake;
  readonly key: VaultKey;
  readonly state: KeyState;
  readonly violations: Map<string, Violation> = new Map<string, Violation>();
  readonly refusals: Map<string, number> = new Map<string, number>();
  /** Requests of money operations that were sent. */
  sent = 0;
  refused = 0;
  replayed = 0;
  lost = 0;
  settledExactly = 0;
  /** Objects for which something is still held at the end. */
  stillHeld = 0;
  /** Deficits that were reported already: one mistake is said once. */
  readonly #forgiven = new Map<Direction, bigint>();
  readonly #groups = new Map<string, Group>();
  readonly #open = new Set<Group>();
  readonly #groupOf = new Map<CallId, Group>();
  readonly #overs: Over[] = [];
  readonly #rows = new Map<string, OperationRow>();
  readonly #facts = new Map<string, LookUpAnswer>();
  readonly #waiting = new Map<CallId, { readonly operation: string; readonly object: string }>();
  readonly #disowned: number[] = [];
  #interruption: { readonly at: Moment; readonly run: () => void } | null = null;
  /** Calls that overlap with another: by itself, each of them may move what was estimated and held for the other. */
  #overlapping = 0;
  #depth = 0;
  /** The answer of the next call is lost on its way. */
  #losesNext = false;
  #ofOthers = new Map<Direction, bigint>();
  #orders = 0;
  #calls = 0;

  constructor(fake: Fake) {
    this.fake = fake;
    const now = fake.pricing().now;
    this.key = keyFor(fake, now);
    this.state = openKey(this.key, now);
  }

  /** What that request has moved, and will, is none of this key's: it only prepared something. */
  disown(order: number): void {
    this.#disowned.push(order);
    this.#ofOthers = this.#movedByOthers();
  }

  #movedByOthers(): Map<Direction, bigint> {
    const total = new Map<Direction, bigint>();
    for (const order of this.#disowned)
      for (const { direction, unit, amount } of this.fake.movedBy(order))
        add(total, direction, this.fake.toUsd({ unit, amount }));
    return total;
  }

  /** A request that is nobody's call: preparations, and what customers and banks do. Returns its place. */
  nextOrder(): number {
    this.#orders += 1;
    return this.#orders;
  }

  /** What that request moved belongs to the object. */
  attribute(order: number, object: string): void {
    const group = this.#groups.get(object);
    if (group === undefined) return;
    group.orders.push(order);
    group.history.push("somebody else's request");
    this.#check(group, "another's request");
  }

  /**
   * From here on nothing is expected of the object: what it has moved comes back before it arrived anywhere, and the truth, which never
   * nets, does not say so.
   */
  excuse(object: string): void {
    const group = this.#groups.get(object);
    if (group === undefined || group.excused) return;
    group.excused = true;
    for (const order of group.orders) this.disown(order);
  }

  send(wanted: Wanted, more: SendOptions = {}): Outcome {
    this.#depth += 1;
    try {
      return this.#send(wanted, more);
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#overlapping = 0;
    }
  }

  #send(wanted: Wanted, more: SendOptions): Outcome {
    const { vendor } = this.fake;
    const request = requestOf(wanted, more.idempotencyKey);
    const match = vendor.operations.match(request.method, request.segments);
    if (match === null) return this.#refuse("operation_unknown", wanted);
    const { operation } = match;
    if (operation.class === "unbounded") return this.#refuse("operation_unbounded", wanted, operation.name);
    if (operation.class === "secret-bearing" && operation.redacts === undefined)
      return this.#refuse("operation_exposes_secret", wanted, operation.name);
    const read = vendor.readParameters(request);
    if (read.kind === "ambiguous") return this.#refuse("request_ambiguous", wanted, operation.name, read.why);
    const call: VendorCall = { request, ...match, parameters: read.parameters };
    const reach = vendor.checkReach(call, this.key);
    if (reach !== null) return this.#refuse(reach.code, wanted, operation.name, reach.message);
    const pricing = this.fake.pricing();
    const estimate = this.#estimate(call, pricing);
    this.#interrupted("looked");
    if (estimate.kind === "refused")
      return this.#refuse(estimate.refusal.code, wanted, operation.name, estimate.refusal.message);
    if (estimate.kind === "unbounded") return this.#refuse("operation_unbounded", wanted, operation.name, estimate.why);
    return this.#forward(call, estimate, pricing, more);
  }

  /** `first` makes a call, and at that moment of its life `others` make theirs, from their beginning to their end. */
  overlap(at: Moment, first: () => void, others: () => void): void {
    this.#interruption = { at, run: others };
    first();
    this.#interruption = null;
  }

  #interrupted(at: Moment): void {
    const interruption = this.#interruption;
    if (interruption?.at !== at) return;
    this.#interruption = null;
    this.#overlapping += 1;
    interruption.run();
  }

  #refuse(code: string, wanted: Wanted, operation = "", why = ""): Outcome {
    this.refused += 1;
    const shown = operation === "" ? `${wanted.method} ${wanted.path}` : operation;
    const sentence = why.replaceAll(/"[^"]*"|\d+|[a-z]{2,4}_\w{8,}/g, "...").slice(0, 110);
    const name = `${code}  ${shown}  ${sentence}`;
    this.refusals.set(name, (this.refusals.get(name) ?? 0) + 1);
    return { kind: "refused", code };
  }

  #estimate(call: VendorCall, pricing: Pricing): Exclude<Estimate, { kind: "look_up" }> {
    const { vendor } = this.fake;
    const answers: LookUpAnswer[] = [];
    for (;;) {
      const estimate = vendor.estimate(call, pricing, answers);
      if (estimate.kind !== "look_up") return estimate;
      if (answers.length === LOOK_UPS_MAX) {
        this.#violate("more look-ups than the gateway makes", call.operation.name, shown(call));
        return { kind: "nothing" };
      }
      const asked = `${estimate.path}?${estimate.query}`;
      const known = estimate.cache === undefined ? undefined : this.#facts.get(asked);
      const answer = known ?? this.#lookUp(call, estimate.path, estimate.query);
      if (estimate.cache !== undefined) this.#facts.set(asked, answer);
      answers.push(answer);
    }
  }

  #lookUp(call: VendorCall, path: string, query: string): LookUpAnswer {
    const { vendor } = this.fake;
    const headers = new Map<string, string>([["user-agent", USER_AGENT]]);
    for (const name of vendor.idempotency?.scopeHeaders ?? []) {
      const value = call.request.headers.get(name);
      if (value !== undefined) headers.set(name, value);
    }
    const segments = path.slice(1).split("/").map(decodeURIComponent);
    const read = vendor.operations.match("GET", segments)?.operation;
    if (read?.class !== "read")
      this.#violate("a look-up that is no read", call.operation.name, `${path} ${shown(call)}`);
    const request: VendorRequest = { method: "GET", path, segments, query, headers, body: new Uint8Array(0) };
    const order = this.nextOrder();
    const answer = this.fake.send(request, order);
    if (this.fake.movedBy(order).length > 0)
      this.#violate("a look-up that moved money", call.operation.name, `${path}?${query}`);
    return { status: answer.status, json: parsed(answer.body) };
  }

  #forward(
    call: VendorCall,
    estimate: Extract<Estimate, { kind: "nothing" | "money" }>,
    pricing: Pricing,
    more: SendOptions,
  ): Outcome {
    const { account } = more;
    const idempotencyKey = more.idempotencyKey ?? null;
    const { vendor } = this.fake;
    const { operation } = call;
    this.#calls += 1;
    const callId = asCallId(`call_${String(this.#calls).padStart(9, "0")}`);
    const now = pricing.now;
    const rememberedMs = vendor.idempotency?.rememberedMs(operation) ?? null;
    const admission = admit(
      this.state,
      {
        call: factsOf(callId, call, idempotencyKey),
        estimate,
        idempotency:
          idempotencyKey !== null && rememberedMs !== null && estimate.kind === "money"
            ? { fingerprint: fingerprintOf(call), rememberedMs }
            : null,
      },
      now,
    );
    if (admission.kind === "refused")
      return this.#refuse(admission.refusal.code, { method: operation.method, path: operation.path }, operation.name);
    apply(this.state, admission.entry);
    const object = estimate.kind === "money" ? (estimate.object?.id ?? null) : null;
    const covering = admission.entry.coveredBy === null ? null : (this.#groupOf.get(admission.entry.coveredBy) ?? null);
    const group = covering ?? this.#groupFor(account ?? object ?? callId, call);
    this.#groupOf.set(callId, group);
    group.calls.push(callId);
    if (admission.entry.hold !== null && admission.entry.direction !== null)
      add(group.held, admission.entry.direction, admission.entry.hold);
    const before = estimate.kind === "money" ? (this.#truthOf(group).get(estimate.direction) ?? 0n) : 0n;

    const isLost = this.#losesNext;
    this.#losesNext = false;
    this.#interrupted("admitted");
    const order = this.nextOrder();
    group.orders.push(order);
    const answer = this.fake.send(withInjected(call.request, estimate), order);
    this.#interrupted("sent");
    const isAlone = this.#overlapping === 0;
    const reading = isLost ? lostReading(estimate) : vendor.meter(call, answer, pricing, estimate);
    const ended = end(
      this.state,
      {
        callId,
        keyId: this.key.id,
        reading,
        why: isLost ? LOST : null,
        httpStatus: isLost ? null : answer.status,
        latencyMs: 1,
        upstreamMs: 1,
      },
      now,
    );
    apply(this.state, ended);
    const { meter } = reading;
    if (operation.class === "money") this.sent += 1;
    if (reading.replayed || covering !== null) this.replayed += 1;
    if (isLost) this.lost += 1;
    else this.#watch(call, callId, answer, meter, estimate);
    this.#take(ended.effects);
    group.history.push(lineOf(call, estimate, answer, meter, admission.entry.hold));
    const final = this.#named(group, callId, meter);
    if (isAlone) this.#checkRequest(call, order, estimate, covering !== null);
    // What was looked up before another call had ended is older than what was counted then, and may be counted once more.
    else final.exact = false;
    if (operation.class === "money") this.#rowOf(operation.name).sent += 1;
    if (estimate.kind === "money") {
      this.#count(call, final, estimate, before, answer.status, order, account !== undefined);
      if (!this.fake.tellsExactly(call, meter)) final.exact = false;
    }
    this.#check(final, shown(call));
    this.#checkAll(shown(call), operation.name);
    if (isLost) return { kind: "lost" };
    return { kind: "sent", callId, order, status: answer.status, json: parsed(answer.body) };
  }

  /** The vendor does what it is asked, and nobody hears of it. */
  loseNext(): void {
    this.#losesNext = true;
  }

  #groupFor(name: string, call: VendorCall): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const group: Group = {
      name,
      orders: [],
      calls: [],
      settled: new Map(),
      held: new Map(),
      exact: true,
      excused: false,
      reported: false,
      history: [],
      operation: call.operation.name,
    };
    this.#groups.set(name, group);
    this.#open.add(group);
    return group;
  }

  /** A call that made an object, or told of one, belongs to that object from now on. */
  #named(group: Group, callId: CallId, meter: Meter): Group {
    if (meter.kind !== "object" || group.name !== callId) return group;
    const owner = this.#groups.get(meter.id);
    if (owner === undefined) {
      this.#groups.delete(callId);
      this.#groups.set(meter.id, group);
      return group;
    }
    if (owner === group) return group;
    for (const order of group.orders) owner.orders.push(order);
    for (const line of group.history) owner.history.push(line);
    for (const id of group.calls) {
      this.#groupOf.set(id, owner);
      owner.calls.push(id);
    }
    for (const [direction, amount] of group.settled) add(owner.settled, direction, amount);
    for (const [direction, amount] of group.held) add(owner.held, direction, amount);
    this.#groups.delete(callId);
    this.#open.delete(group);
    this.#open.add(owner);
    return owner;
  }

  #take(effects: readonly Effect[]): void {
    for (const each of effects) {
      const group = this.#groupOf.get(each.callId);
      if (group === undefined) continue;
      add(group.settled, each.direction, each.settled);
      add(group.held, each.direction, each.held);
    }
  }

  #watch(call: VendorCall, callId: CallId, answer: FakeAnswer, meter: Meter, estimate: Estimate): void {
    const { name } = call.operation;
    if (answer.status >= 500)
      this.#violate("the fake vendor broke", name, `${shown(call)} -> ${excerpt(answer.body, 400)}`);
    if (meter.kind === "unknown") {
      this.#violate(
        `an ordinary answer was not read (${meter.why})`,
        name,
        `${shown(call)} -> ${excerpt(answer.body, 600)}`,
      );
    }
    if (meter.kind === "object" && !meter.final && meter.askAgainMs !== undefined && estimate.kind === "money")
      this.#waiting.set(callId, { operation: name, object: meter.id });
  }

  // -------------------------------------------------------------------------------------------------------------- checks

  #truthOf(group: Group): Map<Direction, bigint> {
    const byUnit = new Map<string, { direction: Direction; unit: string; amount: bigint }>();
    for (const order of group.orders)
      for (const { direction, unit, amount } of this.fake.movedBy(order)) {
        const known = byUnit.get(`${direction} ${unit}`);
        if (known === undefined) byUnit.set(`${direction} ${unit}`, { direction, unit, amount });
        else known.amount += amount;
      }
    const total = new Map<Direction, bigint>();
    for (const { direction, unit, amount } of byUnit.values()) add(total, direction, this.fake.toUsd({ unit, amount }));
    return total;
  }

  /** By itself, a request moves no more than its estimate said, and nothing in another direction. */
  #checkRequest(
    call: VendorCall,
    order: number,
    estimate: Extract<Estimate, { kind: "nothing" | "money" }>,
    replay: boolean,
  ): void {
    for (const { direction, unit, amount } of this.fake.movedBy(order)) {
      if (amount === 0n) continue;
      const usd = this.fake.toUsd({ unit, amount });
      const most = replay || estimate.kind === "nothing" || estimate.direction !== direction ? 0n : estimate.exposure;
      if (usd <= most) continue;
      const rule = replay
        ? "a replay moved money"
        : estimate.kind === "nothing"
          ? "moved, and was estimated at nothing"
          : estimate.direction !== direction
            ? `moved ${direction}, and was estimated as ${estimate.direction}`
            : "moved more than its estimate";
      this.#violate(
        rule,
        call.operation.name,
        `${shown(call)} moved ${dollars(usd)} ${direction} (${amount} ${unit}), estimate ${dollars(most)}`,
      );
    }
  }

  #check(group: Group, request: string): void {
    if (group.excused) return;
    const truth = this.#truthOf(group);
    for (const direction of DIRECTIONS) {
      const moved = truth.get(direction) ?? 0n;
      const settled = group.settled.get(direction) ?? 0n;
      const held = group.held.get(direction) ?? 0n;
      if (moved > settled + held) {
        if (!group.reported)
          this.#violate(
            `an object moved more ${direction} than is settled and held for it`,
            group.operation,
            `${group.name}: moved ${dollars(moved)}, settled ${dollars(settled)}, held ${dollars(held)}; at ${request}; ${story(group)}`,
          );
        group.reported = true;
        add(this.#forgiven, direction, moved - settled - held);
      } else if (held === 0n && settled > moved && group.exact && !group.reported) {
        group.reported = true;
        this.#violate(
          `settled more ${direction} than moved`,
          group.operation,
          `${group.name}: moved ${dollars(moved)}, settled ${dollars(settled)}; at ${request}; ${story(group)}`,
        );
      }
    }
  }

  /** The whole key, by the books' own balances. */
  #checkAll(request: string, operation: string): void {
    const inAll = this.fake.movedInAll();
    for (const budget of this.state.budgets) {
      const direction = budget.cap.directions[0] ?? "usage";
      const forgiven = this.#forgiven.get(direction) ?? 0n;
      const covered = budget.settled + budget.held + forgiven;
      if ((inAll.get(direction) ?? 0n) - (this.#ofOthers.get(direction) ?? 0n) <= covered) continue;
      // The clock may have brought something of what others have prepared.
      this.#ofOthers = this.#movedByOthers();
      const moved = (inAll.get(direction) ?? 0n) - (this.#ofOthers.get(direction) ?? 0n);
      if (moved <= covered) continue;
      this.#violate(
        `the key has moved more ${direction} than is settled and held`,
        operation,
        `moved ${dollars(moved)}, settled ${dollars(budget.settled)}, held ${dollars(budget.held)}; at ${request}`,
      );
      this.#forgiven.set(direction, moved - budget.settled - budget.held);
    }
  }

  /** After the clock has gone on: every object that is still open, and then what has ended is forgotten. */
  checkOpen(): void {
    for (const group of this.#open) {
      this.#check(group, "the clock went on");
      if (isClosed(group)) this.#open.delete(group);
    }
    this.#checkAll("the clock went on", "");
  }

  /** What the vendor says in the end of what it had not priced yet, as the gateway asks for it. */
  followUp(): void {
    const { vendor, credential } = this.fake;
    for (const [callId, { operation, object }] of this.#waiting) {
      const question = vendor.followUp(operation, object, credential, "");
      const match = question === null ? null : vendor.operations.match("GET", question.segments);
      if (question === null || match === null) {
        this.#violate("nothing asks what it cost", operation, object);
        this.#waiting.delete(callId);
        continue;
      }
      const request: VendorRequest = {
        method: "GET",
        ...question,
        query: "",
        headers: new Map(),
        body: new Uint8Array(0),
      };
      const pricing = this.fake.pricing();
      const answer = this.fake.send(request, this.nextOrder());
      const { meter } = vendor.meter({ request, ...match, parameters: new Map() }, answer, pricing, {
        kind: "nothing",
      });
      if (meter.kind !== "object" || meter.id !== object || !meter.final) continue;
      this.#waiting.delete(callId);
      const hold = this.state.holds.get(callId);
      if (hold === undefined) continue;
      const entry = correct(
        this.key,
        hold,
        {
          settled: meter.moved,
          final: true,
          object: { id: meter.id, moved: meter.moved, final: true },
          evidence: { source: "vendor_read", note: "asked" },
        },
        pricing.now,
      );
      apply(this.state, entry);
      this.#take(entry.effects);
      const group = this.#groupOf.get(callId);
      if (group !== undefined) this.#check(group, "its price was told");
    }
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Looks at every object once more, and fills the tables. */
  finish(): readonly OperationRow[] {
    this.checkOpen();
    for (const group of new Set(this.#groups.values())) this.#check(group, "the end");
    const truths = new Map<Group, Map<Direction, bigint>>();
    for (const group of new Set(this.#groups.values())) {
      const truth = this.#truthOf(group);
      truths.set(group, truth);
      if (!isClosed(group)) this.stillHeld += 1;
      if (group.exact && !group.excused && !group.reported && isClosed(group)) {
        const isEqual = DIRECTIONS.every(
          (direction) => (truth.get(direction) ?? 0n) === (group.settled.get(direction) ?? 0n),
        );
        if (isEqual) this.settledExactly += 1;
      }
    }
    for (const over of this.#overs) this.#fill(over, truths.get(over.group) ?? new Map<Direction, bigint>());
    return [...this.#rows.values()].sort((a, b) => (a.operation < b.operation ? -1 : 1));
  }

  #count(
    call: VendorCall,
    group: Group,
    estimate: MoneyEstimate,
    before: bigint,
    status: number,
    order: number,
    isBooked: boolean,
  ): void {
    const row = this.#rowOf(call.operation.name);
    if (status >= 400) {
      row.declined += 1;
      return;
    }
    const { direction, exposure } = estimate;
    this.#overs.push({
      operation: call.operation.name,
      group,
      direction,
      exposure,
      before,
      request: shown(call),
      order,
      isBooked,
    });
  }

  #rowOf(operation: string): OperationRow {
    const known = this.#rows.get(operation);
    if (known !== undefined) return known;
    const row: OperationRow = {
      operation,
      sent: 0,
      movedNothing: 0,
      declined: 0,
      worstRatio: 0,
      worstRatioRequest: "",
      worstUsd: 0n,
      worstUsdRequest: "",
      exposure: 0n,
      moved: 0n,
    };
    this.#rows.set(operation, row);
    return row;
  }

  #fill(over: Over, truth: ReadonlyMap<Direction, bigint>): void {
    const { operation, direction, exposure, before, request } = over;
    const row = this.#rowOf(operation);
    const moved = over.isBooked ? this.#movedBy(over) : (truth.get(direction) ?? 0n) - before;
    row.exposure += exposure;
    row.moved += moved;
    if (moved <= 0n) {
      row.movedNothing += 1;
      return;
    }
    const excess = exposure - moved;
    if (excess > row.worstUsd) [row.worstUsd, row.worstUsdRequest] = [excess, request];
    const ratio = Number((exposure * 1000n) / moved) / 1000;
    if (ratio > row.worstRatio) [row.worstRatio, row.worstRatioRequest] = [ratio, request];
  }

  #movedBy({ order, direction }: Over): bigint {
    let moved = 0n;
    for (const each of this.fake.movedBy(order)) if (each.direction === direction) moved += this.fake.toUsd(each);
    return moved;
  }

  #violate(rule: string, operation: string, example: string): void {
    const name = `${rule} (${operation})`;
    const known = this.violations.get(name);
    if (known === undefined) this.violations.set(name, { rule, operation, example, count: 1 });
    else known.count += 1;
  }
}

const HISTORY_SHOWN = 24;

function story({ history }: Group): string {
  return history.slice(-HISTORY_SHOWN).join(" | ");
}

function lineOf(
  call: VendorCall,
  estimate: Estimate,
  { status }: FakeAnswer,
  meter: Meter,
  hold: bigint | null,
): string {
  const most = estimate.kind === "money" ? dollars(estimate.exposure) : "nothing";
  const seen =
    meter.kind === "object"
      ? `${meter.id} moved ${dollars(meter.moved)}, may move ${dollars(meter.mayStillMove ?? 0n)}${meter.final ? ", final" : ""}`
      : meter.kind;
  const held = hold === null ? "" : `, held ${dollars(hold)}`;
  return `${shown(call).slice(0, 240)} (at most ${most}${held}) -> ${status}: ${seen}`;
}

function isClosed(group: Group): boolean {
  return [...group.held.values()].every((held) => held === 0n);
}

function add(totals: Map<Direction, bigint>, direction: Direction, amount: bigint): void {
  totals.set(direction, (totals.get(direction) ?? 0n) + amount);
}

function dollars(amount: bigint): string {
  return `$${formatUsd(microUsd(amount))}`;
}

/** Every client has one. */
const USER_AGENT = "estimates";
const LOST = "The answer was lost.";

/** As the gateway reads it; see packages/gateway/src/meter.ts. */
function lostReading(estimate: Estimate): MeterReading {
  return {
    meter: estimate.kind === "money" ? { kind: "unknown", why: LOST } : { kind: "nothing" },
    replayed: false,
    vendorRequestId: null,
    vendorObjectId: null,
  };
}

function requestOf(wanted: Wanted, idempotencyKey: string | undefined): VendorRequest {
  const { method, path, query = "", body = new Uint8Array(0), contentType, headers = {} } = wanted;
  const all = new Map(Object.entries({ "user-agent": USER_AGENT, ...headers }));
  if (contentType !== undefined && contentType !== null) all.set("content-type", contentType);
  if (idempotencyKey !== undefined) all.set("idempotency-key", idempotencyKey);
  return { method, path, segments: path.slice(1).split("/").map(decodeURIComponent), query, headers: all, body };
}

/** As the gateway adds them; see packages/gateway/src/estimate.ts. */
function withInjected(request: VendorRequest, estimate: Estimate): VendorRequest {
  const inject = estimate.kind === "money" ? (estimate.inject ?? []) : [];
  if (inject.length === 0) return request;
  const added = inject.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  const body = Buffer.concat([request.body, Buffer.from(request.body.length === 0 ? added : `&${added}`)]);
  return { ...request, body };
}

function fingerprintOf({ request, parameters }: VendorCall): string {
  const sorted = [...parameters].sort(([a], [b]) => (a < b ? -1 : 1));
  const account = request.headers.get("stripe-account") ?? request.headers.get("x-batch-validation") ?? null;
  return hash("sha256", JSON.stringify([request.method, request.path, account, sorted]), "hex");
}

function shown({ request }: Pick<VendorCall, "request">): string {
  const query = request.query === "" ? "" : `?${request.query}`;
  const account = request.headers.get("stripe-account") ?? request.headers.get("x-batch-validation");
  const extra = account === undefined ? "" : ` [${account}]`;
  return `${request.method} ${request.path}${query}${extra} ${excerpt(request.body, REQUEST_SHOWN_MAX)}`;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

/** On one line, and short enough to read. */
function excerpt(bytes: Uint8Array, length: number): string {
  return text(bytes).replaceAll(/\s+/g, " ").slice(0, length);
}

function parsed(body: Uint8Array): unknown {
  if (body.length === 0) return null;
  try {
    return JSON.parse(text(body));
  } catch {
    return null;
  }
}

function factsOf(callId: CallId, { request, operation }: VendorCall, idempotencyKey: string | null): CallFacts {
  return {
    callId,
    keyId: asKeyId("key_1"),
    label: null,
    temporal: null,
    activityId: null,
    attempt: null,
    vendor: null,
    livemode: false,
    sandbox: true,
    operation: operation.name,
    operationClass: operation.class,
    method: request.method,
    path: request.path,
    idempotencyKey,
  };
}

/** Nothing is ever refused for its size: eight trillion dollars in each direction. */
const LIMIT = microUsd(8_000_000_000_000_000_000n);

function keyFor(fake: Fake, now: Instant): VaultKey {
  return {
    id: asKeyId("key_1"),
    tokenHash: "0".repeat(64),
    vendor: fake.vendor.id,
    credentialId: asCredentialId("cred_1"),
    livemode: false,
    sandbox: true,
    label: null,
    temporal: null,
    allowedEndpoints: ["**"],
    caps: DIRECTIONS.map((direction) => ({
      id: asBudgetId(direction),
      window: "total",
      limit: LIMIT,
      timeZone: "UTC",
      directions: [direction],
    })),
    perCallCap: null,
    uncapped: false,
    rateLimit: null,
    onDecline: "keep",
    accounts: fake.accounts,
    constraints: {},
    allowUnbounded: {},
    issuedBy: asApiKeyId("api_1"),
    createdAt: now,
    expiresAt: instant(now + 9 * 365 * 86_400_000),
    revokedAt: null,
  };
}

export function credentialFor(vendor: Vendor, now: Instant, accountId: string | null): Credential {
  return {
    id: asCredentialId("cred_1"),
    vendor: vendor.id,
    name: "default",
    livemode: false,
    sandbox: true,
    accountId,
    isDefault: true,
    createdAt: now,
    rotatedAt: null,
    removedAt: null,
  };
}
