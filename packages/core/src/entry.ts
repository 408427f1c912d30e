/**
 * Entries: the vocabulary of the journal. Everything that ever happened to a call, a key, a credential or an API key is one of
 * these, in order; balances, tables and audit rows are derived from them and never edited.
 * Amounts are micro-USD. A new fact is a new entry; no entry is ever changed.
 */
import type { ApiKeyId, BudgetId, CallId, CredentialId, KeyId } from "./ids.ts";
import type { ApiKey, Cap, Credential, RateLimit, TemporalRun, VaultKey } from "./key.ts";
import type { MicroUsd } from "./money.ts";
import type { Direction, OperationClass } from "./operation.ts";
import type { RefusalCode } from "./refusal.ts";
import type { Instant } from "./time.ts";

/** Where a hold counts: one budget, in the window in which it was placed. Its settlement counts in the same window. */
export interface Slot {
  readonly budgetId: BudgetId;
  readonly windowStart: Instant;
}

/** Who called what: the part of a call's audit row that is known before anything is decided. */
export interface CallFacts {
  readonly callId: CallId;
  readonly keyId: KeyId | null;
  readonly label: string | null;
  readonly temporal: TemporalRun | null;
  readonly activityId: string | null;
  readonly attempt: number | null;
  readonly vendor: string | null;
  readonly livemode: boolean | null;
  readonly sandbox: boolean;
  /** Null when the request matched none. */
  readonly operation: string | null;
  readonly operationClass: OperationClass | null;
  readonly method: string;
  /** The vendor's path, without our prefix and without the query (which may carry what people typed). */
  readonly path: string;
  readonly idempotencyKey: string | null;
}

/** The vendor's own amount: integer minor units and lower-case ISO currency, as the vendor counts them. */
export interface MinorAmount {
  readonly minor: bigint;
  readonly currency: string;
}

export interface CallRefused {
  readonly kind: "refused";
  readonly at: Instant;
  readonly call: CallFacts;
  readonly refusal: RefusalCode;
  readonly estimate: MicroUsd | null;
  readonly direction: Direction | null;
  readonly amount: MinorAmount | null;
  readonly latencyMs: number;
}

export interface CallAdmitted {
  readonly kind: "admitted";
  readonly at: Instant;
  readonly call: CallFacts;
  readonly keyId: KeyId;
  readonly direction: Direction | null;
  /** Worst case of the call in micro-USD; null where the call can move nothing. */
  readonly estimate: MicroUsd | null;
  readonly amount: MinorAmount | null;
  /** Date of the exchange rate the estimate used, if any. */
  readonly rateDate: string | null;
  /** What was set aside for this call; less than the estimate where the object was held before. Null: no hold at all. */
  readonly hold: MicroUsd | null;
  readonly slots: readonly Slot[];
  /** The vendor's object that the call acts on, where the request named it. */
  readonly objectId: string | null;
  /** What that object had moved before this key touched it; counts as settled elsewhere. */
  readonly movedBefore: MicroUsd;
  /** The call whose hold stands for this one too: an identical request under the same idempotency key. */
  readonly coveredBy: CallId | null;
  /** Digest of method, path and parameters; only with a caller's idempotency key. */
  readonly fingerprint: string | null;
}

export type HoldOutcome = "held" | "unknown" | "settled" | "released";

/** What an answer did to one hold: deltas, applied to every slot of the hold. */
export interface Effect {
  readonly callId: CallId;
  readonly settled: MicroUsd;
  readonly held: MicroUsd;
  readonly slots: readonly Slot[];
  readonly direction: Direction;
  /** The object that the hold belongs to from now on. */
  readonly objectId: string | null;
  /** Where that call stands after this effect. */
  readonly outcome: HoldOutcome;
}

/** What the vendor has said of one object, as totals over the object's life. */
export interface ObjectStanding {
  readonly id: string;
  readonly moved: MicroUsd;
  readonly final: boolean;
}

export interface CallEnded {
  readonly kind: "ended";
  readonly at: Instant;
  readonly callId: CallId;
  readonly keyId: KeyId;
  /** `none`: the call held nothing and moved nothing (a read, a free call, a replay). */
  readonly outcome: HoldOutcome | "none";
  /** Why the outcome is unknown, or why nothing was sent. */
  readonly why: string | null;
  readonly httpStatus: number | null;
  readonly vendorRequestId: string | null;
  readonly vendorObjectId: string | null;
  /** What the vendor said it moved, or can still move. */
  readonly amount: MinorAmount | null;
  /** The vendor's own fee, where the answer told it. */
  readonly fee?: MinorAmount;
  readonly replayed: boolean;
  readonly latencyMs: number;
  readonly upstreamMs: number | null;
  readonly effects: readonly Effect[];
  readonly object: ObjectStanding | null;
}

/** Facts that came later than the answer: a reconciler's finding, a webhook, an operator's decision. */
export interface CallCorrected {
  readonly kind: "corrected";
  readonly at: Instant;
  readonly callId: CallId;
  readonly keyId: KeyId;
  readonly effects: readonly Effect[];
  readonly object: ObjectStanding | null;
  readonly evidence: { readonly source: string; readonly note: string };
}

export interface KeyIssued {
  readonly kind: "key_issued";
  readonly at: Instant;
  readonly key: VaultKey;
}

/** Only what changed. Budgets are named by id; a key's windows and directions never change. */
export interface KeyPatch {
  readonly caps?: readonly Cap[];
  readonly perCallCap?: MicroUsd | null;
  readonly allowedEndpoints?: readonly string[];
  readonly rateLimit?: RateLimit | null;
  readonly onDecline?: "keep" | "release";
  readonly expiresAt?: Instant;
  readonly label?: string | null;
}

export interface KeyPatched {
  readonly kind: "key_patched";
  readonly at: Instant;
  readonly keyId: KeyId;
  readonly by: ApiKeyId;
  readonly patch: KeyPatch;
}

export interface KeyRevoked {
  readonly kind: "key_revoked";
  readonly at: Instant;
  readonly keyId: KeyId;
  readonly by: ApiKeyId;
  readonly reason: string | null;
}

export interface CredentialAdded {
  readonly kind: "credential_added";
  readonly at: Instant;
  readonly by: ApiKeyId;
  readonly credential: Credential;
}

export interface CredentialChanged {
  readonly kind: "credential_rotated" | "credential_removed" | "credential_made_default";
  readonly at: Instant;
  readonly by: ApiKeyId;
  readonly credentialId: CredentialId;
  /** Only on rotation: what the new secret says of itself. */
  readonly livemode?: boolean;
}

export interface ApiKeyCreated {
  readonly kind: "api_key_created";
  readonly at: Instant;
  readonly by: ApiKeyId;
  readonly apiKey: ApiKey;
}

export interface ApiKeyRevoked {
  readonly kind: "api_key_revoked";
  readonly at: Instant;
  readonly by: ApiKeyId;
  readonly apiKeyId: ApiKeyId;
}

export type CallEntry = CallRefused | CallAdmitted | CallEnded | CallCorrected;
export type KeyEntry = KeyIssued | KeyPatched | KeyRevoked;
export type AdminEntry = CredentialAdded | CredentialChanged | ApiKeyCreated | ApiKeyRevoked;
export type Entry = CallEntry | KeyEntry | AdminEntry;

export function applyKeyPatch(key: VaultKey, patch: KeyPatch): VaultKey {
  return { ...key, ...patch };
}
