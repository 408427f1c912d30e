/**
 * The store port, spoken in whole decisions. Obligations of every adapter, shown by one contract suite (testing/store-contract.ts):
 *
 * - `admit` answers only after the hold and the row are durable; if it throws, nothing is held for the caller.
 * - Decisions on one key are serial: no two admissions see the same room (G1). Within one batch earlier requests count for later ones.
 * - `end` may become durable after it has been taken, but is never lost while the process lives, and a call whose end was lost
 *   with the process is found at the next start and kept as unknown.
 * - After `revokeKey` has answered, no `admit` on any node says yes for that key (G5).
 * - Queries see everything that was answered, and every ending that was taken, before they were asked.
 * - The budget clock (`now`) never goes back, also not over a restart.
 */
import type { AuditRow } from "./audit.ts";
import type { CallRefused, KeyPatch } from "./entry.ts";
import type { ApiKeyId, CallId, CredentialId, KeyId } from "./ids.ts";
import type { ApiKey, Credential, VaultKey } from "./key.ts";
import type { AdmitRequest, Admission, BudgetStanding, CallEnding, Correction, Preview } from "./ledger.ts";
import type { Instant } from "./time.ts";

export interface KeyView {
  readonly key: VaultKey;
  readonly budgets: readonly BudgetStanding[];
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Opaque; null on the last page. Stable while rows arrive. */
  readonly nextCursor: string | null;
}

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

/** All conditions must hold; a missing one is no condition. */
export interface CallFilter {
  readonly label?: string;
  readonly labelPrefix?: string;
  readonly keyId?: KeyId;
  readonly vendor?: string;
  readonly verdict?: AuditRow["verdict"];
  readonly outcome?: AuditRow["outcome"];
  readonly workflowId?: string;
  readonly runId?: string;
  /** Inclusive. */
  readonly from?: Instant;
  /** Exclusive. */
  readonly to?: Instant;
}

export interface KeyFilter {
  readonly label?: string;
  readonly labelPrefix?: string;
  readonly vendor?: string;
  readonly issuedBy?: ApiKeyId;
  readonly status?: "active" | "revoked" | "expired";
}

/** A refused call as the gateway knows it; the store adds the time. */
export type RefusedCall = Omit<CallRefused, "kind" | "at">;

export interface ChainVerification {
  readonly ok: boolean;
  readonly flushes: number;
  readonly entries: number;
  /** The last hash of an unbroken chain. */
  readonly head: string;
  /** The first bad place, when not ok. */
  readonly problem: { readonly position: number; readonly callId: CallId | null; readonly why: string } | null;
}

export interface StoreStatus {
  /** False: every admission is refused as unavailable until it is true again. */
  readonly accepting: boolean;
  readonly why: string | null;
  /** Calls that a crash left on their way and that the last start kept as unknown. */
  readonly recoveredUnknown: number;
}

export interface Store {
  /** The budget clock, UTC milliseconds: the wall clock, but it never goes back. */
  now(): Instant;

  // Data plane.
  findKey(tokenHash: string): Promise<VaultKey | null>;
  admit(requests: readonly AdmitRequest[]): Promise<readonly Admission[]>;
  /** What `admit` would answer, without admitting: nothing is held and nothing is written. */
  preview(request: AdmitRequest): Promise<Preview>;
  /** Rows of refused calls. Answers when they are durable. */
  refuse(calls: readonly RefusedCall[]): Promise<void>;
  /** Takes the endings at once (in-memory standing changes before the first await) and answers when they are durable. */
  end(endings: readonly CallEnding[]): Promise<void>;
  correct(callId: CallId, correction: Correction): Promise<AuditRow | null>;

  // Keys.
  issueKey(key: VaultKey): Promise<KeyView>;
  patchKey(id: KeyId, patch: KeyPatch, by: ApiKeyId): Promise<KeyView | null>;
  /** Idempotent; the first revocation's time stands. */
  revokeKey(id: KeyId, by: ApiKeyId, reason: string | null): Promise<KeyView | null>;
  getKey(id: KeyId): Promise<KeyView | null>;
  /** Newest first. */
  listKeys(filter: KeyFilter, page: PageRequest): Promise<Page<KeyView>>;

  // Credentials. The sealed secret is stored beside the journal and erased on removal and rotation.
  addCredential(credential: Credential, sealed: Uint8Array, by: ApiKeyId): Promise<void>;
  rotateCredential(id: CredentialId, sealed: Uint8Array, livemode: boolean, by: ApiKeyId): Promise<Credential | null>;
  /** Removes and erases. Keys that use it are refused from then on. */
  removeCredential(id: CredentialId, by: ApiKeyId): Promise<Credential | null>;
  makeDefaultCredential(id: CredentialId, by: ApiKeyId): Promise<Credential | null>;
  /** Not removed ones, oldest first. */
  listCredentials(): Promise<readonly Credential[]>;
  sealedSecret(id: CredentialId): Promise<Uint8Array | null>;

  // API keys.
  createApiKey(apiKey: ApiKey, by: ApiKeyId): Promise<void>;
  revokeApiKey(id: ApiKeyId, by: ApiKeyId): Promise<ApiKey | null>;
  findApiKey(tokenHash: string): Promise<ApiKey | null>;
  listApiKeys(): Promise<readonly ApiKey[]>;

  // Audit.
  /** Newest first. */
  queryCalls(filter: CallFilter, page: PageRequest): Promise<Page<AuditRow>>;
  getCall(id: CallId): Promise<AuditRow | null>;
  verifyChain(): Promise<ChainVerification>;

  status(): StoreStatus;
  /** Writes what is pending, then lets go. */
  close(): Promise<void>;
}
