/**
 * The model store: the ledger, a list of flushes and plain maps. What it answers is what every adapter must answer, so it is
 * written to be read, not to be fast. Keeps nothing when the process ends.
 */
import { createHash } from "node:crypto";
import {
  CHAIN_START,
  Fault,
  admit,
  apply,
  applyCredentialEntry,
  budgetStanding,
  chainHash,
  correct,
  decodeEntry,
  encodeEntry,
  end,
  formatCursor,
  instant,
  keyStatus,
  openKey,
  preview,
  readCursor,
  refusal,
  rowAfterEffect,
  rowAfterEnded,
  rowOfAdmitted,
  rowOfRefused,
  type Admission,
  type AdmitRequest,
  type ApiKey,
  type ApiKeyId,
  type AuditRow,
  type CallEnding,
  type CallFilter,
  type CallId,
  type ChainVerification,
  type Correction,
  type Credential,
  type CredentialId,
  type Entry,
  type Hold,
  type Instant,
  type KeyFilter,
  type KeyId,
  type KeyPatch,
  type Preview,
  type KeyState,
  type KeyView,
  type Page,
  type PageRequest,
  type RefusedCall,
  type Slot,
  type Store,
  type StoreStatus,
  type VaultKey,
} from "@keybrake/core";

export interface MemoryStoreOptions {
  /** The wall clock. It may go back; the store's does not. */
  readonly now: () => Instant;
}

interface Flush {
  readonly position: number;
  readonly at: Instant;
  readonly previous: string;
  readonly hash: string;
  readonly body: string;
}

export class MemoryStore implements Store {
  readonly #wall: () => Instant;
  #latest: Instant = instant(0);
  #closed = false;
  readonly #flushes: Flush[] = [];
  readonly #keys: Map<KeyId, KeyState> = new Map();
  /** In the order of the journal; a row's place is its cursor. */
  readonly #rows: AuditRow[] = [];
  readonly #places: Map<CallId, number> = new Map();
  readonly #slots: Map<CallId, readonly Slot[]> = new Map();
  #credentials: readonly Credential[] = [];
  readonly #sealed: Map<CredentialId, Uint8Array> = new Map();
  readonly #apiKeys: Map<ApiKeyId, ApiKey> = new Map();

  constructor(options: MemoryStoreOptions) {
    this.#wall = options.now;
  }

  now(): Instant {
    const wall = this.#wall();
    if (wall > this.#latest) this.#latest = wall;
    return this.#latest;
  }

  // ---------------------------------------------------------------------------------------------------------- data plane

  async findKey(tokenHash: string): Promise<VaultKey | null> {
    for (const state of this.#keys.values()) if (state.key.tokenHash === tokenHash) return state.key;
    return null;
  }

  async admit(requests: readonly AdmitRequest[]): Promise<readonly Admission[]> {
    this.#mustBeOpen();
    const now = this.now();
    const entries: Entry[] = [];
    const admissions = requests.map((request): Admission => {
      const state = request.call.keyId === null ? undefined : this.#keys.get(request.call.keyId);
      if (state === undefined)
        return { kind: "refused", refusal: refusal("vault_key_invalid", "There is no such vault key.") };
      const admission = admit(state, request, now);
      if (admission.kind === "admitted") {
        this.#apply(admission.entry);
        entries.push(admission.entry);
      }
      return admission;
    });
    this.#flush(entries);
    return admissions;
  }

  async preview(request: AdmitRequest): Promise<Preview> {
    const state = request.call.keyId === null ? undefined : this.#keys.get(request.call.keyId);
    if (state === undefined)
      return { refusal: refusal("vault_key_invalid", "There is no such vault key."), budgets: [] };
    return preview(state, request, this.now());
  }

  async refuse(calls: readonly RefusedCall[]): Promise<void> {
    this.#mustBeOpen();
    const at = this.now();
    this.#append(calls.map((call) => ({ kind: "refused", at, ...call })));
  }

  async end(endings: readonly CallEnding[]): Promise<void> {
    const now = this.now();
    let problem: unknown = null;
    for (const ending of endings) {
      try {
        this.#append([end(this.#state(ending.keyId), ending, now)]);
      } catch (cause) {
        problem ??= cause; // the other calls of the batch have nothing to do with it
      }
    }
    if (problem !== null) throw problem;
  }

  async correct(callId: CallId, correction: Correction): Promise<AuditRow | null> {
    const hold = this.#holdOf(callId);
    const keyId = this.#row(callId)?.call.keyId ?? null;
    if (hold === null || keyId === null) return null;
    this.#append([correct(this.#state(keyId).key, hold, correction, this.now())]);
    return this.#row(callId);
  }

  /** The hold as it stands, also when it has ended; null for a call that never had one. */
  #holdOf(callId: CallId): Hold | null {
    const row = this.#row(callId);
    const slots = this.#slots.get(callId);
    if (row?.call.keyId == null || row.direction === null || slots === undefined) return null;
    const open = this.#state(row.call.keyId).holds.get(callId);
    if (open !== undefined) return open;
    return {
      callId,
      direction: row.direction,
      slots,
      objectId: row.vendorObjectId,
      held: row.held,
      settled: row.cost,
      inFlight: 0,
      claimed: false,
      doubtful: false,
      ended: row.outcome === "settled" ? "settled" : "released",
    };
  }

  // ---------------------------------------------------------------------------------------------------------------- keys

  async issueKey(key: VaultKey): Promise<KeyView> {
    this.#append([{ kind: "key_issued", at: this.now(), key }]);
    return this.#view(this.#state(key.id));
  }

  async patchKey(id: KeyId, patch: KeyPatch, by: ApiKeyId): Promise<KeyView | null> {
    if (!this.#keys.has(id)) return null;
    this.#append([{ kind: "key_patched", at: this.now(), keyId: id, by, patch }]);
    return this.getKey(id);
  }

  async revokeKey(id: KeyId, by: ApiKeyId, reason: string | null): Promise<KeyView | null> {
    const state = this.#keys.get(id);
    if (state !== undefined && state.key.revokedAt === null)
      this.#append([{ kind: "key_revoked", at: this.now(), keyId: id, by, reason }]);
    return this.getKey(id);
  }

  async getKey(id: KeyId): Promise<KeyView | null> {
    const state = this.#keys.get(id);
    return state === undefined ? null : this.#view(state);
  }

  async listKeys(filter: KeyFilter, page: PageRequest): Promise<Page<KeyView>> {
    const now = this.now();
    const found = [...this.#keys.values()].map((state, place) => ({ place, row: this.#view(state) }));
    return newestFirst(
      found.filter(({ row }) => keyMatches(row.key, filter, now)),
      page,
    );
  }

  // --------------------------------------------------------------------------------------------------------- credentials

  async addCredential(credential: Credential, sealed: Uint8Array, by: ApiKeyId): Promise<void> {
    this.#sealed.set(credential.id, Uint8Array.from(sealed));
    this.#append([{ kind: "credential_added", at: this.now(), by, credential }]);
  }

  async rotateCredential(
    id: CredentialId,
    sealed: Uint8Array,
    livemode: boolean,
    by: ApiKeyId,
  ): Promise<Credential | null> {
    if (this.#credential(id) === null) return null;
    this.#sealed.set(id, Uint8Array.from(sealed));
    this.#append([{ kind: "credential_rotated", at: this.now(), by, credentialId: id, livemode }]);
    return this.#credential(id);
  }

  async removeCredential(id: CredentialId, by: ApiKeyId): Promise<Credential | null> {
    const credential = this.#credential(id);
    if (credential === null) return null;
    const at = this.now();
    this.#sealed.delete(id);
    this.#append([{ kind: "credential_removed", at, by, credentialId: id }]);
    return { ...credential, isDefault: false, removedAt: at };
  }

  async makeDefaultCredential(id: CredentialId, by: ApiKeyId): Promise<Credential | null> {
    if (this.#credential(id) === null) return null;
    this.#append([{ kind: "credential_made_default", at: this.now(), by, credentialId: id }]);
    return this.#credential(id);
  }

  async listCredentials(): Promise<readonly Credential[]> {
    return this.#credentials;
  }

  async sealedSecret(id: CredentialId): Promise<Uint8Array | null> {
    const sealed = this.#sealed.get(id);
    return sealed === undefined ? null : Uint8Array.from(sealed);
  }

  // ------------------------------------------------------------------------------------------------------------ API keys

  async createApiKey(apiKey: ApiKey, by: ApiKeyId): Promise<void> {
    this.#append([{ kind: "api_key_created", at: this.now(), by, apiKey }]);
  }

  async revokeApiKey(id: ApiKeyId, by: ApiKeyId): Promise<ApiKey | null> {
    const apiKey = this.#apiKeys.get(id);
    if (apiKey === undefined) return null;
    if (apiKey.revokedAt === null) this.#append([{ kind: "api_key_revoked", at: this.now(), by, apiKeyId: id }]);
    return this.#apiKeys.get(id) ?? null;
  }

  async findApiKey(tokenHash: string): Promise<ApiKey | null> {
    return [...this.#apiKeys.values()].find((each) => each.tokenHash === tokenHash) ?? null;
  }

  async listApiKeys(): Promise<readonly ApiKey[]> {
    return [...this.#apiKeys.values()];
  }

  // --------------------------------------------------------------------------------------------------------------- audit

  async queryCalls(filter: CallFilter, page: PageRequest): Promise<Page<AuditRow>> {
    const found = this.#rows.map((row, place) => ({ place, row })).filter(({ row }) => callMatches(row, filter));
    return newestFirst(found, page);
  }

  async getCall(id: CallId): Promise<AuditRow | null> {
    return this.#row(id);
  }

  async verifyChain(): Promise<ChainVerification> {
    let head = CHAIN_START;
    let entries = 0;
    for (const flush of this.#flushes) {
      const expected = chainHash(sha256, head, flush.position, flush.at, flush.body);
      if (flush.previous !== head || flush.hash !== expected)
        return {
          ok: false,
          flushes: flush.position - 1,
          entries,
          head,
          problem: { position: flush.position, callId: null, why: "the hash does not fit" },
        };
      entries += flush.body.split("\n").length;
      head = flush.hash;
    }
    return { ok: true, flushes: this.#flushes.length, entries, head, problem: null };
  }

  status(): StoreStatus {
    return { accepting: !this.#closed, why: this.#closed ? "The store is closed." : null, recoveredUnknown: 0 };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** Everything that was written, in order: for tests that audit the ledger. */
  entries(): readonly Entry[] {
    return this.#flushes.flatMap((flush) => flush.body.split("\n").map(decodeEntry));
  }

  // -------------------------------------------------------------------------------------------------------------- inside

  #append(entries: readonly Entry[]): void {
    this.#mustBeOpen();
    for (const entry of entries) this.#apply(entry);
    this.#flush(entries);
  }

  #apply(entry: Entry): void {
    switch (entry.kind) {
      case "refused":
        return this.#putRow(rowOfRefused(entry));
      case "admitted":
        if (entry.hold !== null) this.#slots.set(entry.call.callId, entry.slots);
        this.#putRow(rowOfAdmitted(entry));
        return apply(this.#state(entry.keyId), entry);
      case "ended":
      case "corrected": {
        const row = this.#row(entry.callId);
        if (row !== null && entry.kind === "ended") this.#putRow(rowAfterEnded(row, entry));
        for (const effect of entry.effects) {
          const touched = this.#row(effect.callId);
          if (touched !== null) this.#putRow(rowAfterEffect(touched, effect));
        }
        return apply(this.#state(entry.keyId), entry);
      }
      case "key_issued":
        this.#keys.set(entry.key.id, openKey(entry.key, entry.at));
        return;
      case "key_patched":
      case "key_revoked":
        return apply(this.#state(entry.keyId), entry);
      case "credential_added":
      case "credential_rotated":
      case "credential_removed":
      case "credential_made_default":
        this.#credentials = applyCredentialEntry(this.#credentials, entry);
        return;
      case "api_key_created":
        this.#apiKeys.set(entry.apiKey.id, entry.apiKey);
        return;
      case "api_key_revoked": {
        const apiKey = this.#apiKeys.get(entry.apiKeyId);
        if (apiKey !== undefined) this.#apiKeys.set(apiKey.id, { ...apiKey, revokedAt: entry.at });
      }
    }
  }

  #flush(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const previous = this.#flushes.at(-1)?.hash ?? CHAIN_START;
    const position = this.#flushes.length + 1;
    const at = this.now();
    const body = entries.map(encodeEntry).join("\n");
    this.#flushes.push({ position, at, previous, body, hash: chainHash(sha256, previous, position, at, body) });
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Fault("store_unavailable", "The store is closed.");
  }

  #state(id: KeyId): KeyState {
    const state = this.#keys.get(id);
    if (state === undefined) throw new Fault("store_unavailable", "The store does not know this key.", { note: id });
    return state;
  }

  #view(state: KeyState): KeyView {
    const now = this.now();
    return { key: state.key, budgets: state.budgets.map((budget) => budgetStanding(budget, now)) };
  }

  #row(id: CallId): AuditRow | null {
    const place = this.#places.get(id);
    return place === undefined ? null : (this.#rows[place] ?? null);
  }

  #putRow(row: AuditRow): void {
    const place = this.#places.get(row.call.callId) ?? this.#rows.length;
    this.#places.set(row.call.callId, place);
    this.#rows[place] = row;
  }

  #credential(id: CredentialId): Credential | null {
    return this.#credentials.find((each) => each.id === id) ?? null;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** `found` is oldest first; a cursor names the last place shown. */
function newestFirst<Row>(found: readonly { place: number; row: Row }[], page: PageRequest): Page<Row> {
  const before = page.cursor === null ? Number.POSITIVE_INFINITY : readCursor(page.cursor);
  const rest = found.filter(({ place }) => place < before).reverse();
  const shown = rest.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(({ row }) => row),
    nextCursor: last === undefined || shown.length === rest.length ? null : formatCursor(last.place),
  };
}

function keyMatches(key: VaultKey, filter: KeyFilter, now: Instant): boolean {
  if (filter.label !== undefined && key.label !== filter.label) return false;
  if (filter.labelPrefix !== undefined && !(key.label ?? "").startsWith(filter.labelPrefix)) return false;
  if (filter.vendor !== undefined && key.vendor !== filter.vendor) return false;
  if (filter.issuedBy !== undefined && key.issuedBy !== filter.issuedBy) return false;
  return filter.status === undefined || keyStatus(key, now) === filter.status;
}

function callMatches(row: AuditRow, filter: CallFilter): boolean {
  const { call } = row;
  if (filter.label !== undefined && call.label !== filter.label) return false;
  if (filter.labelPrefix !== undefined && !(call.label ?? "").startsWith(filter.labelPrefix)) return false;
  if (filter.keyId !== undefined && call.keyId !== filter.keyId) return false;
  if (filter.vendor !== undefined && call.vendor !== filter.vendor) return false;
  if (filter.verdict !== undefined && row.verdict !== filter.verdict) return false;
  if (filter.outcome !== undefined && row.outcome !== filter.outcome) return false;
  if (filter.workflowId !== undefined && call.temporal?.workflowId !== filter.workflowId) return false;
  if (filter.runId !== undefined && call.temporal?.runId !== filter.runId) return false;
  if (filter.from !== undefined && row.at < filter.from) return false;
  return filter.to === undefined || row.at < filter.to;
}
