/**
 * The vendor port: what Keybrake must know of an API that moves money. One implementation a vendor, under vendors/<vendor>/,
 * with the same file names; the gateway is handed these and never knows a vendor's name.
 * Everything here is a function from values to values: no input or output, no clock, no secret kept.
 */
import type { MinorAmount } from "./entry.ts";
import type { Credential, VaultKey } from "./key.ts";
import type { MicroUsd } from "./money.ts";
import type { Direction, Operation, OperationTable } from "./operation.ts";
import type { PriceCard } from "./price-card.ts";
import type { Conversion } from "./rates.ts";
import type { Refusal } from "./refusal.ts";
import type { Instant } from "./time.ts";

/** Header names and values in the order they came or go: [name, value, name, value, ...]. */
export type RawHeaders = readonly string[];

/** Merged parameters of query and body. Keys keep their brackets, decoded: `payment_method_options[card][cvc]`, `expand[0]`. */
export type Parameters = ReadonlyMap<string, string>;

/** A request in its one canonical form: what is judged is what is sent. */
export interface VendorRequest {
  readonly method: string;
  /** As it goes upstream, without our prefix: begins with one slash, no query. */
  readonly path: string;
  /** Decoded segments of `path`. */
  readonly segments: readonly string[];
  /** Raw query without the question mark; "" when there is none. Goes upstream unchanged. */
  readonly query: string;
  /** Lower-case names; the gateway has refused duplicates of the ones that matter. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export interface VendorCall {
  readonly request: VendorRequest;
  readonly operation: Operation;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly parameters: Parameters;
}

export type ParametersRead =
  | { readonly kind: "parameters"; readonly parameters: Parameters }
  /** `why` is a sentence that says what was ambiguous. */
  | { readonly kind: "ambiguous"; readonly why: string };

/** What an estimate may ask of the world. All of it is passed in. */
export interface Pricing {
  readonly now: Instant;
  /** Lower-case ISO currency and minor units to micro-USD, worst case and reference, or why not. */
  convert(amount: MinorAmount): Conversion;
  /**
   * What one unit of an operation costs: by the operator's own file, which wins over everything, or by the dated card that came
   * with this version, which is asked last. What the vendor's own price list says comes in between, by look-ups.
   */
  price(from: PriceSource, query: PriceQuery): PriceAnswer;
}

export type PriceSource = "file" | "card";

export interface PriceQuery {
  readonly operation: string;
  /** What is counted: `sms_segment`, `minute`, `email`. */
  readonly unit: string;
  /**
   * What is known of this one case (the digits of a phone number, then its country), the one that counts most first. Where it is not
   * known which of several cases it will be, ask for each: the dearest counts, and one without a price has no upper bound.
   */
  readonly qualifiers: readonly string[];
}

export type PriceAnswer =
  | { readonly kind: "price"; readonly price: MicroUsd; readonly source: string; readonly asOf: string }
  /** `refuses`: the source says that there is no price, and nobody else is to be asked. */
  | { readonly kind: "none"; readonly why: string; readonly refuses?: true };

/** The answer to a look-up: parsed JSON of a 200, or the vendor's refusal of it. */
export interface LookUpAnswer {
  /** 0 where an optional look-up was not answered at all. */
  readonly status: number;
  readonly json: unknown;
}

/** One question to the vendor. Always a GET, always a read, and it costs nothing. */
export interface LookUp {
  /** In the form of the operations table. */
  readonly path: string;
  readonly query: string;
  /**
   * For facts that are the same for every call of a credential, such as a price list: an answer is good for `freshMs`, and while the
   * vendor does not answer for `staleMs`.
   */
  readonly cache?: { readonly freshMs: number; readonly staleMs: number };
  /** Lower-case names of the caller's headers that it carries, besides those that choose the account. */
  readonly carries?: readonly string[];
  /** The estimate can go on without it: a vendor that does not answer is no reason to refuse. */
  readonly optional?: true;
}

export interface MoneyEstimate {
  readonly kind: "money";
  readonly direction: Direction;
  /** The vendor's own amount behind the estimate; null where it has none (a price times a count). */
  readonly amount: MinorAmount | null;
  /**
   * Upper bound, micro-USD, of what may still move once this call is done: for a new object its amount; for a known object
   * everything that it may still move (the ledger holds only what is not held for it already).
   */
  readonly exposure: MicroUsd;
  /** The object the call acts on, where the request names it; null for a new one. */
  readonly object: { readonly id: string; readonly movedBefore: MicroUsd } | null;
  readonly rateDate: string | null;
  /** How the exposure came about, in sentences for people. */
  readonly basis?: readonly string[];
  /** Form parameters that are added to the request, because without them it would have no bound. */
  readonly inject?: readonly (readonly [name: string, value: string])[];
}

export type Estimate =
  /** Moves nothing, holds nothing. */
  | { readonly kind: "nothing" }
  | MoneyEstimate
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Nothing bounds this request. It is forwarded only for a key that gives its operation a ceiling, which is then held. */
  | {
      readonly kind: "unbounded";
      readonly direction: Direction;
      readonly why: string;
      /** What it costs at most as far as that is known (a call's first leg): a ceiling below it lets nothing through. */
      readonly atLeast?: MicroUsd;
      /** As in `MoneyEstimate`. */
      readonly inject?: MoneyEstimate["inject"];
    }
  /** Asks the vendor first; the same function is called again with the answer added. */
  | ({ readonly kind: "look_up" } & LookUp);

export interface VendorAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  /** Decoded (decompressed) body; null when it was cut off, too large or not decodable. */
  readonly body: Uint8Array | null;
}

/** What the vendor's answer says of money. */
export type Meter =
  /** The call was not about money. */
  | { readonly kind: "nothing" }
  /** A definite no: this call moved nothing and can move nothing later. */
  | { readonly kind: "definite_no" }
  /** Totals over the life of one object. */
  | {
      readonly kind: "object";
      readonly id: string;
      /** Everything this object has moved so far, at the reference rate. */
      readonly moved: MicroUsd;
      /** Nothing more can move, whatever happens. */
      readonly final: boolean;
      /** Upper bound of what may move yet, at the worst rate, where the answer tells it: held at least, whatever was asked. */
      readonly mayStillMove?: MicroUsd;
      /** The vendor declined, but the object stays and can still move its amount. */
      readonly declined: boolean;
      readonly amount: MinorAmount | null;
      /** Milliseconds until the vendor may be asked what it cost in the end (`followUp`); absent: only a later call tells. */
      readonly askAgainMs?: number;
    }
  /** This call moved exactly this, and nothing of it moves later. */
  | { readonly kind: "spent"; readonly moved: MicroUsd; readonly amount: MinorAmount | null }
  /** Cannot be told from the answer: the hold stays. */
  | { readonly kind: "unknown"; readonly why: string };

export interface MeterReading {
  readonly meter: Meter;
  /** The vendor says that this is the stored answer to an earlier request under the same idempotency key. */
  readonly replayed: boolean;
  readonly vendorRequestId: string | null;
  readonly vendorObjectId: string | null;
  /** What the vendor kept for itself of this movement, where the answer tells; a fact for the books, not money of a budget. */
  readonly fee?: MinorAmount;
}

/** An answer that Keybrake itself gives, in the vendor's own shape. */
export interface RenderedAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface SecretCheck {
  /** Null where the secret does not tell; then it is taken for live. */
  readonly livemode: boolean | null;
  /** A sentence when the secret cannot be right; never contains it. */
  readonly problem: string | null;
  /** The account that the secret names or needs; absent where the vendor's authentication has none. */
  readonly accountId?: string;
}

/** Path and decoded segments in the form of the operations table, with the real account in them. */
export interface Address {
  readonly path: string;
  readonly segments: readonly string[];
}

/** Where the vendor itself serves a request. */
export interface Destination {
  readonly baseUrl: string;
  /** Without the query. */
  readonly path: string;
}

export interface Vendor {
  /** Lower-case word used in paths, settings and rows. */
  readonly id: string;
  readonly displayName: string;
  /** The host that serves most of its operations. */
  readonly mainHost: string;
  /** Root paths that this vendor's keys may use without the `/<id>` prefix, because some SDKs cannot carry one. */
  readonly rootPaths: readonly string[];
  readonly operations: OperationTable;
  /** rate-card.ts: its list prices that a dated source states, asked last; null where what it charges for is not by the unit. */
  readonly rateCard: PriceCard | null;
  readonly idempotency: {
    /** Lower-case header name. */
    readonly header: string;
    readonly keyLengthMax: number;
    /** Lower-case names of headers that choose the account a key counts in: the same key with another of these is another key. */
    readonly scopeHeaders: readonly string[];
    /** How long the vendor must still remember a key of this operation, less a margin, milliseconds; null: it takes none there. */
    rememberedMs(operation: Operation): number | null;
  } | null;
  /** Biggest request body forwarded, bytes. */
  readonly bodyBytesMax: number;

  /** authenticate.ts: the headers that carry the secret upstream, and every form of it that must never come back. */
  authorization(
    secret: string,
    credential: Credential,
  ): { readonly headers: RawHeaders; readonly needles: readonly string[] };
  /** `accountId`: the account given beside the secret, if any. */
  checkSecret(secret: string, accountId: string | null): SecretCheck;

  /** addresses.ts: the account id that stands for the real one in what the holder of this key sees; null where there is none. */
  standInAccount(key: Pick<VaultKey, "id">): string | null;
  /** addresses.ts: the request's path with the real account in the stand-in's place, or why not: it names another account. */
  address(asked: Address, key: VaultKey, credential: Credential): Address | Refusal;
  /** addresses.ts: which of the vendor's hosts serves it, and under which path. */
  destination(path: string, operation: Operation | null): Destination;
  /** addresses.ts: a link of the vendor's in an answer, as a path below this vendor's prefix; null: not one of its own. */
  ownLink(url: string): string | null;

  /** parameters.ts: one merged set, or what was ambiguous. */
  readParameters(request: VendorRequest): ParametersRead;
  /**
   * parameters.ts: what a key's constraints are judged on: one set, or one for each mail of a batch. Path parameters belong to it.
   */
  constrained(call: VendorCall): readonly Parameters[];
  /** parameters.ts: the names that an operation's parameters have, without brackets; null where they are not known. */
  parameterNames(operation: Operation): readonly string[] | null;
  /** policy.ts: what the key's policy says of parameters and headers that widen its reach; null when nothing. */
  checkReach(call: VendorCall, key: VaultKey): Refusal | null;
  /**
   * Calls of a credential that are in the same turn go one after the other, from the look-ups to the answer, because one could change
   * what another one was priced by (who is in a segment, what a draft says). Null: it changes nothing that is looked up elsewhere.
   */
  turnOf(operation: Operation): string | null;
  /** estimate.ts: called again with one more answer each time it asks for a look-up. */
  estimate(call: VendorCall, pricing: Pricing, lookUps: readonly LookUpAnswer[]): Estimate;
  /** meter.ts: what the answer says of money. `estimate` is the one that was admitted. */
  meter(call: VendorCall, answer: VendorAnswer, pricing: Pricing, estimate: Estimate): MeterReading;
  /**
   * meter.ts: the question that tells what an object has cost in the end, as a call to a read of the table; null: none does. `path`: of the
   * call that made it, which may have been in another account than the credential's. */
  followUp(operation: string, object: string, credential: Credential, path: string): Address | null;
  /** errors.ts: whether an error body (status >= 400) has the vendor's usual shape and may be passed on. */
  isOwnError(answer: VendorAnswer): boolean;
  /** What every link to one of its own hosts holds; null where answers have none that leave Keybrake. */
  readonly ownLinkMark: string | null;
  /** Some SDKs of it re-send a 5xx without being asked: then a money call of unknown outcome is always answered by Keybrake. */
  readonly hidesServerErrors: boolean;
  /** errors.ts: a refusal as this vendor's SDKs understand it. */
  renderRefusal(refusal: Refusal, callId: string): RenderedAnswer;
}
