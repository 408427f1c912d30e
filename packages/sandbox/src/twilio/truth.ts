// What the sandbox really bills, kept apart from the resources that answers are made of: tests compare the product's ledger
// with this. Totals and usage are exact for ever; the list of bills is bounded and says so when it is no longer whole.

/** The request that caused a bill. `order` counts the requests the sandbox has received, from 1. */
export interface Origin {
  readonly order: number;
  readonly requestId: string;
}

export type BillKind =
  | "message"
  | "failed_message"
  | "call_leg"
  | "machine_detection"
  | "recording"
  | "payment"
  | "phone_number"
  | "verification"
  | "verification_success"
  | "lookup"
  | "conversation_message";

export interface Bill extends Origin {
  /** The place of the bill among all bills, from 1. */
  readonly sequence: number;
  readonly kind: BillKind;
  /** The message, call, number, verification; for a look-up the number asked about. */
  readonly objectId: string;
  readonly account: string;
  /** The category that usage records count it under. */
  readonly category: string;
  /** Where it goes, or what was bought: for people who read a failing test. */
  readonly what: string;
  readonly unit: "segment" | "message" | "minute" | "month" | "attempt" | "request";
  readonly units: number;
  readonly unitMicroUsd: bigint;
  /** What has been billed, or what it will come to if nothing else happens. */
  readonly microUsd: bigint;
  /** `void`: accepted, and never billed (canceled, not answered). */
  readonly state: "pending" | "billed" | "void";
  /** Milliseconds since the epoch, by the sandbox's clock. */
  readonly acceptedAt: number;
  readonly billedAt: number | null;
}

export type BillFacts = Pick<
  Bill,
  "kind" | "objectId" | "account" | "category" | "what" | "unit" | "units" | "unitMicroUsd"
>;

/** A bill in its owner's hands, until it is billed or void. */
export interface OpenBill {
  current(): Bill;
  revise(units: number): void;
  bill(at: number): void;
  void(): void;
}

export interface Usage {
  readonly count: number;
  readonly units: number;
  readonly microUsd: bigint;
}

type Writable<T> = { -readonly [field in keyof T]: T[field] };

export class Truth {
  readonly #max: number;
  readonly #bills: Writable<Bill>[] = [];
  readonly #byOrder = new Map<number, Writable<Bill>[]>();
  /** account -> day -> category. */
  readonly #usage = new Map<string, Map<string, Map<string, Usage>>>();
  #sequence = 0;
  #pendingMicroUsd = 0n;
  #billedMicroUsd = 0n;

  constructor(max: number) {
    this.#max = max;
  }

  /** Micro-USD over all accounts. */
  get pendingMicroUsd(): bigint {
    return this.#pendingMicroUsd;
  }

  get billedMicroUsd(): bigint {
    return this.#billedMicroUsd;
  }

  open(facts: BillFacts, origin: Origin, at: number): OpenBill {
    this.#sequence += 1;
    const bill: Writable<Bill> = {
      sequence: this.#sequence,
      ...facts,
      ...origin,
      microUsd: facts.unitMicroUsd * BigInt(facts.units),
      state: "pending",
      acceptedAt: at,
      billedAt: null,
    };
    this.#pendingMicroUsd += bill.microUsd;
    this.#keep(bill);
    const end = (state: "billed" | "void", billedAt: number | null): void => {
      if (bill.state !== "pending") return;
      this.#pendingMicroUsd -= bill.microUsd;
      bill.state = state;
      bill.billedAt = billedAt;
      if (state === "void") bill.microUsd = 0n;
    };
    return {
      current: () => ({ ...bill }),
      revise: (units) => {
        if (bill.state !== "pending") return;
        this.#pendingMicroUsd -= bill.microUsd;
        bill.units = units;
        bill.microUsd = bill.unitMicroUsd * BigInt(units);
        this.#pendingMicroUsd += bill.microUsd;
      },
      bill: (billedAt) => {
        if (bill.state !== "pending") return;
        end("billed", billedAt);
        this.#billedMicroUsd += bill.microUsd;
        this.#count(bill, billedAt);
      },
      void: () => end("void", null),
    };
  }

  /** Opened and billed at once. */
  billNow(facts: BillFacts, origin: Origin, at: number): void {
    this.open(facts, origin, at).bill(at);
  }

  bills(): readonly Bill[] {
    return this.#bills.map((bill) => ({ ...bill }));
  }

  billsOf(order: number): readonly Bill[] {
    return (this.#byOrder.get(order) ?? []).map((bill) => ({ ...bill }));
  }

  /** By day ("2026-11-25", UTC) and category, of what has been billed to one account. */
  usageOf(account: string): ReadonlyMap<string, ReadonlyMap<string, Usage>> {
    return this.#usage.get(account) ?? new Map<string, Map<string, Usage>>();
  }

  billedTo(account: string): bigint {
    let sum = 0n;
    for (const day of this.usageOf(account).values()) for (const usage of day.values()) sum += usage.microUsd;
    return sum;
  }

  /** False once bills were left out for the sake of the bound; the totals never are. */
  whole(): boolean {
    return this.#sequence === this.#bills.length;
  }

  #keep(bill: Writable<Bill>): void {
    if (this.#bills.length >= this.#max) return;
    this.#bills.push(bill);
    const others = this.#byOrder.get(bill.order);
    if (others === undefined) this.#byOrder.set(bill.order, [bill]);
    else others.push(bill);
  }

  #count(bill: Bill, at: number): void {
    const days = this.#usage.get(bill.account) ?? new Map<string, Map<string, Usage>>();
    this.#usage.set(bill.account, days);
    const day = new Date(at).toISOString().slice(0, 10);
    const categories = days.get(day) ?? new Map<string, Usage>();
    days.set(day, categories);
    const { count = 0, units = 0, microUsd = 0n } = categories.get(bill.category) ?? {};
    categories.set(bill.category, {
      count: count + 1,
      units: units + bill.units,
      microUsd: microUsd + bill.microUsd,
    });
  }
}
