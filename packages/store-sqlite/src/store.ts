/**
 * The embedded store. The ledger decides here, in memory, one key at a time; the journal's thread makes the entries durable; the
 * projector's thread answers questions. This file loads, decides, queues and waits: it touches no database and has no rule about money.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import {
  admit,
  apply,
  budgetStanding,
  applyCredentialEntry,
  correct,
  encodeEntry,
  end,
  Fault,
  instant,
  invariant,
  openKey,
  preview,
  refusal,
  type Admission,
  type AdmitRequest,
  type ApiKey,
  type ApiKeyId,
  type AuditRow,
  type CallAdmitted,
  type CallEnding,
  type CallFilter,
  type CallId,
  type ChainVerification,
  type Correction,
  type Credential,
  type CredentialChanged,
  type CredentialAdded,
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
  type Store,
  type StoreStatus,
  type VaultKey,
} from "@keybrake/core";
import type { DiskFault } from "./files.ts";
import { JournalQueue, type Flush } from "./journal-queue.ts";
import type { Tail } from "./journal.ts";
import { KeyCache, type CachedKey } from "./key-cache.ts";
import type { Catalog, ProjectorApi, ProjectorNews, ProjectorSettings, WantedKey } from "./projector-worker.ts";
import type { CallRecord } from "./rows.ts";
import { WorkerLink } from "./worker-link.ts";
import type { WriterApi, WriterSettings } from "./writer-worker.ts";

export interface StoreEvent {
  readonly level: "info" | "warn" | "error";
  /** Stable, for programs. */
  readonly event: string;
  readonly message: string;
}

export interface SqliteStoreOptions {
  /** Made with mode 0700 where it does not exist. One process at a time. */
  readonly directory: string;
  /** The wall clock, UTC milliseconds. */
  readonly clock: () => number;
  readonly log?: (event: StoreEvent) => void;
  /** Keys kept in memory. */
  readonly cacheKeysMax?: number;
}

const CACHE_KEYS_MAX = 20_000;
/** The tables are this far behind at most while nobody asks: enough calls in one batch to make each of them cheap. */
const PROJECT_AFTER_MS = 500;
const RETRY_AFTER_MS = 1_000;
/** Keys beyond the cache's bound that wait for the tables to take them in, some 2 KB each. Beyond it, new ones wait too. */
const CACHE_OVERFLOW_KEYS_MAX = 10_000;

interface WantedBatch {
  readonly keys: WantedKey[];
  readonly states: Promise<(KeyState | null)[]>;
}

const STOPPED = "Keybrake stopped before the answer was recorded";

// A bundler puts the workers beside this file, under the same names.
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";
const WRITER: URL = new URL(`./writer-worker.${EXTENSION}`, import.meta.url);
const PROJECTOR: URL = new URL(`./projector-worker.${EXTENSION}`, import.meta.url);

/**
 * Opens the store, brings its tables up to the journal, and keeps as unknown what a crash left on its way.
 * Throws a fault with a clear sentence when another process has it or the end of the journal is damaged.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const store = new SqliteStore(options);
  try {
    await store.open();
    return store;
  } catch (problem) {
    await store.abandon();
    throw problem;
  }
}

export class SqliteStore implements Store {
  readonly #clock: () => number;
  readonly #log: (event: StoreEvent) => void;
  readonly #writer: WorkerLink<WriterApi, never>;
  readonly #projector: WorkerLink<ProjectorApi, ProjectorNews>;
  readonly #cacheKeysMax: number;
  readonly #keys: KeyCache;
  readonly #loading: Map<string, Promise<CachedKey | null>> = new Map();
  #wanted: WantedBatch | null = null;
  #queue: JournalQueue;
  #latest: Instant = instant(0);
  #projected = 0;
  /** Until the tables are brought up again. */
  #timer: NodeJS.Timeout | null = null;
  #projecting = false;
  #projectionProblem: string | null = null;
  #credentials: readonly Credential[] = [];
  #apiKeys: Map<ApiKeyId, ApiKey> = new Map();
  /** Where in the journal a revocation stands that nobody has been told of yet. */
  readonly #apiKeyRevocations: Map<ApiKeyId, number> = new Map();
  #sealed: Map<string, Uint8Array> = new Map();
  #recoveredUnknown = 0;
  #corrections: Promise<unknown> = Promise.resolve();
  #stopped: string | null = "The store is being opened.";
  #closing: Promise<void> | null = null;

  /** Use `openSqliteStore`. */
  constructor(options: SqliteStoreOptions) {
    this.#clock = options.clock;
    this.#log = options.log ?? (() => {});
    this.#cacheKeysMax = options.cacheKeysMax ?? CACHE_KEYS_MAX;
    this.#keys = new KeyCache(this.#cacheKeysMax, () => this.#projected);
    const { directory } = options;
    const onDeath = (fault: Fault): void => this.#die(fault);
    this.#writer = new WorkerLink(WRITER, {
      name: "journal",
      data: { directory } satisfies WriterSettings,
      onNews: () => {},
      onDeath,
    });
    this.#projector = new WorkerLink(PROJECTOR, {
      name: "projector",
      data: { directory } satisfies ProjectorSettings,
      onNews: (news) => this.#hear(news),
      onDeath,
    });
    this.#queue = this.#newQueue({ position: 0, at: instant(0), hash: "" });
  }

  /** Only for `openSqliteStore`. */
  async open(): Promise<void> {
    const { tail, sealed } = await this.#writer.call("open", null);
    this.#latest = tail.at;
    this.#queue = this.#newQueue(tail);
    this.#sealed = sealed;
    const catalog = await this.#projector.call("open", { position: tail.position });
    this.#projected = tail.position;
    this.#credentials = catalog.credentials;
    this.#apiKeys = new Map(catalog.apiKeys.map((apiKey) => [apiKey.id, apiKey]));
    this.#stopped = null;
    await this.#recover(catalog.callsInFlight);
  }

  now(): Instant {
    const wall = this.#clock();
    if (wall > this.#latest) this.#latest = instant(Math.floor(wall));
    return this.#latest;
  }

  // ---------------------------------------------------------------------------------------------------------- data plane

  async findKey(tokenHash: string): Promise<VaultKey | null> {
    const cached = this.#keys.byToken(tokenHash) ?? (await this.#loadByToken(tokenHash));
    return cached?.state.key ?? null;
  }

  async admit(requests: readonly AdmitRequest[]): Promise<readonly Admission[]> {
    const pinned: (CachedKey | null)[] = [];
    try {
      for (const { call } of requests) {
        invariant(call.keyId !== null, "an admitted call has a key");
        const known = this.#keys.byId(call.keyId);
        if (known !== undefined) known.pins += 1;
        pinned.push(known ?? (await this.#pin(call.keyId)));
      }
      this.#mustAccept();
      const now = this.now();
      const flush = this.#queue.gathering();
      const admissions = requests.map((request, index) => this.#admitOne(request, pinned[index] ?? null, now, flush));
      // A refusal is nothing to wait for.
      if (admissions.some((admission) => admission.kind === "admitted")) await flush.tried;
      return admissions;
    } finally {
      for (const cached of pinned) if (cached !== null) cached.pins -= 1;
    }
  }

  #admitOne(request: AdmitRequest, cached: CachedKey | null, now: Instant, flush: Flush): Admission {
    if (cached === null)
      return { kind: "refused", refusal: refusal("vault_key_invalid", "There is no such vault key.") };
    const admission = admit(cached.state, request, now);
    if (admission.kind === "admitted") {
      flush.admitted.push(admission.entry);
      this.#take(cached, admission.entry, flush);
    }
    return admission;
  }

  async preview(request: AdmitRequest): Promise<Preview> {
    const { keyId } = request.call;
    invariant(keyId !== null, "a call that is weighed has a key");
    const cached = await this.#pin(keyId);
    if (cached === null) return { refusal: refusal("vault_key_invalid", "There is no such vault key."), budgets: [] };
    try {
      return preview(cached.state, request, this.now());
    } finally {
      cached.pins -= 1;
    }
  }

  async refuse(calls: readonly RefusedCall[]): Promise<void> {
    this.#mustAccept();
    if (calls.length === 0) return;
    const at = this.now();
    const flush = this.#queue.gathering();
    for (const call of calls) flush.add(encodeEntry({ kind: "refused", at, ...call }));
    await flush.tried;
  }

  async end(endings: readonly CallEnding[]): Promise<void> {
    const now = this.now();
    const flush = this.#queue.gathering();
    let problem: unknown = null;
    let taken = 0;
    for (const ending of endings) {
      try {
        const cached = this.#keys.byId(ending.keyId);
        invariant(cached !== undefined, `call ${ending.callId} is not on its way`);
        this.#take(cached, end(cached.state, ending, now), flush);
        taken += 1;
      } catch (cause) {
        problem ??= cause; // the other calls of the batch have nothing to do with it
      }
    }
    if (taken > 0) await flush.durable;
    if (problem !== null) throw problem;
  }

  correct(callId: CallId, correction: Correction): Promise<AuditRow | null> {
    // One at a time: a correction starts from what the one before it has left.
    const corrected = this.#corrections.then(() => this.#correct(callId, correction));
    this.#corrections = corrected.catch(() => {});
    return corrected;
  }

  async #correct(callId: CallId, correction: Correction): Promise<AuditRow | null> {
    const found = await this.#callRecord(callId, this.#queue.durablePosition);
    if (found?.row.call.keyId == null || found.slots === null) return null;
    const cached = await this.#pin(found.row.call.keyId);
    invariant(cached !== null, "a call's key was issued");
    try {
      const hold = cached.state.holds.get(callId) ?? (await this.#endedHold(callId, cached));
      this.#mustAccept();
      const entry = correct(cached.state.key, hold, correction, this.now());
      const flush = this.#queue.gathering();
      this.#take(cached, entry, flush);
      await flush.tried;
      return (await this.#callRecord(callId, flush.position))?.row ?? null;
    } finally {
      cached.pins -= 1;
    }
  }

  /** As its row tells it. Only corrections change it now, and they come one at a time. */
  async #endedHold(callId: CallId, cached: CachedKey): Promise<Hold> {
    const { lastPosition } = cached;
    await this.#queue.durable(lastPosition);
    const record = await this.#callRecord(callId, lastPosition);
    invariant(record?.slots != null && record.row.direction !== null, "a call with a hold has slots and a direction");
    const { row, slots } = record;
    return {
      callId,
      direction: row.direction ?? "usage",
      slots: slots ?? [],
      objectId: row.vendorObjectId,
      held: row.held,
      settled: row.cost,
      inFlight: 0,
      claimed: false,
      doubtful: false,
      ended: row.outcome === "settled" ? "settled" : "released",
    };
  }

  #callRecord(id: CallId, position: number): Promise<CallRecord | null> {
    return this.#projector.call("call", { id, position });
  }

  // ---------------------------------------------------------------------------------------------------------------- keys

  async issueKey(key: VaultKey): Promise<KeyView> {
    await this.#room();
    this.#mustAccept();
    const at = this.now();
    const flush = this.#queue.gathering();
    flush.add(encodeEntry({ kind: "key_issued", at, key }));
    const cached = this.#keys.add(openKey(key, at), flush.position);
    try {
      await flush.tried;
    } catch (problem) {
      // It will be written when the journal can be again, but nobody has its token.
      this.#revoke(cached, key.issuedBy, "the store failed while it was issued");
      throw problem;
    }
    return this.#view(cached.state);
  }

  async patchKey(id: KeyId, patch: KeyPatch, by: ApiKeyId): Promise<KeyView | null> {
    return this.#with(id, async (cached) => {
      this.#mustAccept();
      const flush = this.#queue.gathering();
      this.#take(cached, { kind: "key_patched", at: this.now(), keyId: id, by, patch }, flush);
      await flush.tried;
    });
  }

  /** Also while the journal cannot be written: then it is in force at once and the fault says that it is not durable yet. */
  async revokeKey(id: KeyId, by: ApiKeyId, reason: string | null): Promise<KeyView | null> {
    return this.#with(id, async (cached) => {
      const isNew = cached.state.key.revokedAt === null;
      const tried = isNew ? this.#revoke(cached, by, reason).tried : this.#queue.triedUpTo(cached.lastPosition);
      await tried.catch(stoppedButNotDurable);
    });
  }

  #revoke(cached: CachedKey, by: ApiKeyId, reason: string | null): Flush {
    const flush = this.#queue.gathering();
    this.#take(cached, { kind: "key_revoked", at: this.now(), keyId: cached.state.key.id, by, reason }, flush);
    return flush;
  }

  async getKey(id: KeyId): Promise<KeyView | null> {
    return this.#with(id, async () => {});
  }

  /** Does something to a key, and shows the key after it; null for a key that was never issued. */
  async #with(id: KeyId, work: (cached: CachedKey) => Promise<void>): Promise<KeyView | null> {
    const cached = await this.#pin(id);
    if (cached === null) return null;
    try {
      await work(cached);
      return this.#view(cached.state);
    } finally {
      cached.pins -= 1;
    }
  }

  async listKeys(filter: KeyFilter, page: PageRequest): Promise<Page<KeyView>> {
    const position = await this.#written();
    return this.#projector.call("keys", { filter, page, now: this.now(), position });
  }

  /** The place in the journal that a question must have seen: the endings of answered calls may still be on their way there. */
  async #written(): Promise<number> {
    await this.#queue.tried();
    return this.#queue.durablePosition;
  }

  #view(state: KeyState): KeyView {
    const now = this.now();
    return { key: state.key, budgets: state.budgets.map((budget) => budgetStanding(budget, now)) };
  }

  // --------------------------------------------------------------------------------------------------------- credentials

  async addCredential(credential: Credential, sealed: Uint8Array, by: ApiKeyId): Promise<void> {
    await this.#changeCredential({ kind: "credential_added", at: this.now(), by, credential }, credential.id, sealed);
  }

  async rotateCredential(
    id: CredentialId,
    sealed: Uint8Array,
    livemode: boolean,
    by: ApiKeyId,
  ): Promise<Credential | null> {
    if (this.#credential(id) === null) return null;
    await this.#changeCredential(
      { kind: "credential_rotated", at: this.now(), by, credentialId: id, livemode },
      id,
      sealed,
    );
    return this.#credential(id);
  }

  async removeCredential(id: CredentialId, by: ApiKeyId): Promise<Credential | null> {
    const credential = this.#credential(id);
    if (credential === null) return null;
    const at = this.now();
    this.#sealed.delete(id);
    await this.#changeCredential({ kind: "credential_removed", at, by, credentialId: id }, id, null);
    return { ...credential, isDefault: false, removedAt: at };
  }

  async makeDefaultCredential(id: CredentialId, by: ApiKeyId): Promise<Credential | null> {
    if (this.#credential(id) === null) return null;
    await this.#changeCredential({ kind: "credential_made_default", at: this.now(), by, credentialId: id }, id);
    return this.#credential(id);
  }

  async listCredentials(): Promise<readonly Credential[]> {
    return this.#credentials;
  }

  async sealedSecret(id: CredentialId): Promise<Uint8Array | null> {
    const sealed = this.#sealed.get(id);
    return sealed === undefined ? null : Uint8Array.from(sealed);
  }

  /** `sealed`: the new secret, null to erase it, left out to leave it. */
  #changeCredential(
    entry: CredentialAdded | CredentialChanged,
    id: CredentialId,
    sealed?: Uint8Array | null,
  ): Promise<void> {
    this.#mustAccept();
    const flush = this.#queue.gathering();
    flush.add(encodeEntry(entry));
    if (sealed !== undefined) flush.secrets.push({ credentialId: id, sealed });
    // Seen once it is durable, in the order of the journal, also when the first try failed.
    const seen: Promise<void> = flush.durable.then(() => {
      this.#credentials = applyCredentialEntry(this.#credentials, entry);
      if (sealed === null) this.#sealed.delete(id);
      else if (sealed !== undefined) this.#sealed.set(id, Uint8Array.from(sealed));
      return;
    });
    seen.catch(() => {});
    return flush.tried.then(() => seen);
  }

  #credential(id: CredentialId): Credential | null {
    return this.#credentials.find((each) => each.id === id) ?? null;
  }

  // ------------------------------------------------------------------------------------------------------------ API keys

  async createApiKey(apiKey: ApiKey, by: ApiKeyId): Promise<void> {
    await this.#changeApiKey({ kind: "api_key_created", at: this.now(), by, apiKey }, apiKey);
  }

  async revokeApiKey(id: ApiKeyId, by: ApiKeyId): Promise<ApiKey | null> {
    const apiKey = this.#apiKeys.get(id);
    if (apiKey === undefined) return null;
    if (apiKey.revokedAt === null) {
      // Like a vault key: stopped at once, whatever becomes of the journal.
      const at = this.now();
      this.#apiKeys.set(id, { ...apiKey, revokedAt: at });
      const flush = this.#queue.gathering();
      flush.add(encodeEntry({ kind: "api_key_revoked", at, by, apiKeyId: id }));
      this.#apiKeyRevocations.set(id, flush.position);
    }
    const position = this.#apiKeyRevocations.get(id);
    if (position !== undefined) await this.#queue.triedUpTo(position).catch(stoppedButNotDurable);
    this.#apiKeyRevocations.delete(id);
    return this.#apiKeys.get(id) ?? null;
  }

  async findApiKey(tokenHash: string): Promise<ApiKey | null> {
    for (const apiKey of this.#apiKeys.values()) if (apiKey.tokenHash === tokenHash) return apiKey;
    return null;
  }

  async listApiKeys(): Promise<readonly ApiKey[]> {
    return [...this.#apiKeys.values()];
  }

  #changeApiKey(entry: Entry, after: ApiKey): Promise<void> {
    this.#mustAccept();
    const flush = this.#queue.gathering();
    flush.add(encodeEntry(entry));
    const seen = flush.durable.then(() => void this.#apiKeys.set(after.id, after));
    seen.catch(() => {});
    return flush.tried.then(() => seen);
  }

  // --------------------------------------------------------------------------------------------------------------- audit

  async queryCalls(filter: CallFilter, page: PageRequest): Promise<Page<AuditRow>> {
    return this.#projector.call("calls", { filter, page, position: await this.#written() });
  }

  async getCall(id: CallId): Promise<AuditRow | null> {
    return (await this.#callRecord(id, await this.#written()))?.row ?? null;
  }

  async verifyChain(): Promise<ChainVerification> {
    return this.#projector.call("verify", { position: await this.#written() });
  }

  // ------------------------------------------------------------------------------------------------------------ lifetime

  status(): StoreStatus {
    const why = this.#why();
    return { accepting: why === null, why, recoveredUnknown: this.#recoveredUnknown };
  }

  #why(): string | null {
    return this.#stopped ?? this.#queue.problem ?? this.#projectionProblem;
  }

  #mustAccept(): void {
    const why = this.#why();
    if (why !== null) throw new Fault("store_unavailable", why);
  }

  /** Rejected when something that was to be written could not be; it has let go of the directory all the same. */
  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopped ??= "The store is closed.";
    await this.#queue.drain();
    if (this.#timer !== null) clearTimeout(this.#timer);
    const lost = this.#queue.problem;
    // Each by itself: tables that cannot be written must not keep the journal from being closed in order.
    const position = this.#queue.durablePosition;
    const ends = await Promise.allSettled([this.#projector.call("close", { position })]);
    ends.push(...(await Promise.allSettled([this.#writer.call("close", null)])));
    await this.abandon();
    if (lost !== null)
      throw new Fault(
        "store_unavailable",
        `${lost} What waited to be written is lost; the next start keeps the calls that had not ended as unknown.`,
      );
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  /** Lets go without writing anything, as a crash would. For tests, and for a store that could not be opened. */
  async abandon(): Promise<void> {
    this.#stopped ??= "The store is closed.";
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#queue.end(new Fault("store_unavailable", "The store is closed."));
    await Promise.all([this.#writer.terminate(), this.#projector.terminate()]);
  }

  /** For tests: from now on the disk fails like this; null is a sound disk again. */
  async injectDiskFault(fault: DiskFault | null, under: "journal" | "tables" = "journal"): Promise<void> {
    if (under === "journal") await this.#writer.call("injectFault", fault);
    else await this.#projector.call("injectFault", fault);
  }

  // -------------------------------------------------------------------------------------------------------------- inside

  /** In force at once; durable with its flush. */
  #take(cached: CachedKey, entry: Entry, flush: Flush): void {
    apply(cached.state, entry);
    cached.lastPosition = flush.position;
    flush.add(encodeEntry(entry));
  }

  /** The one state of this key that decisions are made on, kept in memory until its pin is taken away. */
  async #pin(id: KeyId): Promise<CachedKey | null> {
    for (;;) {
      const cached = this.#keys.byId(id) ?? (await this.#shared(id, { id }));
      if (cached === null) return null;
      // Between its arrival and this line it may have been let go again; what is decided on it then would be lost.
      if (this.#keys.byId(id) !== cached) continue;
      cached.pins += 1;
      return cached;
    }
  }

  #loadByToken(tokenHash: string): Promise<CachedKey | null> {
    return this.#shared(tokenHash, { tokenHash });
  }

  /** Concurrent questions for one key share one answer. What was not found is not remembered: guesses cost us no memory. */
  #shared(name: string, key: WantedKey): Promise<CachedKey | null> {
    const underWay = this.#loading.get(name);
    if (underWay !== undefined) return underWay;
    const loading = this.#read(key).finally(() => this.#loading.delete(name));
    this.#loading.set(name, loading);
    return loading;
  }

  /** Keys wanted in one turn of the event loop are asked for together. */
  async #read(key: WantedKey): Promise<CachedKey | null> {
    await this.#room();
    const batch = (this.#wanted ??= this.#readSoon());
    const index = batch.keys.push(key) - 1;
    const state = (await batch.states)[index] ?? null;
    return state === null ? null : this.#keys.add(state, 0);
  }

  /** Keys leave the cache only once the tables know all of them. Under a flood of keys, the next ones wait for that. */
  async #room(): Promise<void> {
    if (this.#keys.size < this.#cacheKeysMax + CACHE_OVERFLOW_KEYS_MAX) return;
    await this.#projector.call("project", { position: this.#queue.durablePosition });
  }

  #readSoon(): WantedBatch {
    const keys: WantedKey[] = [];
    const states = nextTurn().then(() => {
      this.#wanted = null;
      return this.#projector.call("keyStates", keys);
    });
    return { keys, states };
  }

  async #recover(left: Catalog["callsInFlight"]): Promise<void> {
    if (left.length === 0) return;
    let last: Flush | null = null;
    for (const { keyId, callId } of left) {
      const cached = await this.#pin(keyId);
      invariant(cached !== null, "a call's key was issued");
      cached.pins -= 1; // it has a call on its way
      const ending: CallEnding = {
        callId,
        keyId,
        reading: {
          meter: { kind: "unknown", why: STOPPED },
          replayed: false,
          vendorRequestId: null,
          vendorObjectId: null,
        },
        why: STOPPED,
        httpStatus: null,
        latencyMs: 0,
        upstreamMs: null,
      };
      const entry = end(cached.state, ending, this.now());
      if (entry.outcome !== "none") this.#recoveredUnknown += 1;
      last = this.#queue.gathering();
      this.#take(cached, entry, last);
    }
    await last?.tried;
    this.#log({
      level: "warn",
      event: "calls_recovered",
      message: `${left.length} calls were on their way when Keybrake stopped; what ${this.#recoveredUnknown} of them hold stays held.`,
    });
  }

  #newQueue(tail: Tail): JournalQueue {
    return new JournalQueue({
      tail,
      now: () => this.now(),
      write: (flush) => this.#writer.call("append", flush),
      onDurable: () => this.#projectSoon(PROJECT_AFTER_MS),
      onFailure: (abandoned, fault) => this.#releaseAbandoned(abandoned, fault),
      onRecovery: () =>
        this.#log({ level: "info", event: "journal_recovered", message: "The journal is being written again." }),
    });
  }

  /** Their callers were told no, so they were never forwarded. */
  #releaseAbandoned(abandoned: readonly CallAdmitted[], fault: Fault): void {
    this.#log({ level: "error", event: "journal_failed", message: fault.publicMessage });
    const now = this.now();
    for (const { call, keyId } of abandoned) {
      const cached = this.#keys.byId(keyId);
      invariant(cached !== undefined, "a key with calls on their way stays in memory");
      const ending: CallEnding = {
        callId: call.callId,
        keyId,
        reading: { meter: { kind: "definite_no" }, replayed: false, vendorRequestId: null, vendorObjectId: null },
        notSent: true,
        why: "the store could not write the hold, so the call was not sent",
        httpStatus: null,
        latencyMs: 0,
        upstreamMs: null,
      };
      this.#take(cached, end(cached.state, ending, now), this.#queue.gathering());
    }
  }

  #projectSoon(afterMs: number): void {
    if (this.#timer !== null || this.#projecting || this.#stopped !== null) return;
    this.#timer = setTimeout(() => this.#projectNow(), afterMs);
  }

  #projectNow(): void {
    if (this.#projecting || this.#stopped !== null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const position = this.#queue.durablePosition;
    // Another question may have brought the tables up by itself; then this one only finds that all is well again.
    if (this.#projected < position || this.#projectionProblem !== null) void this.#project(position);
  }

  async #project(position: number): Promise<void> {
    this.#projecting = true;
    try {
      await this.#projector.call("project", { position });
      if (this.#projectionProblem !== null)
        this.#log({ level: "info", event: "tables_recovered", message: "The tables are being written again." });
      this.#projectionProblem = null;
      this.#projecting = false;
      if (this.#projected < this.#queue.durablePosition) this.#projectSoon(PROJECT_AFTER_MS);
    } catch (problem) {
      this.#projectionProblem = problem instanceof Fault ? problem.publicMessage : String(problem);
      this.#log({ level: "error", event: "tables_failed", message: this.#projectionProblem });
      this.#projecting = false;
      this.#projectSoon(RETRY_AFTER_MS);
    }
  }

  #hear(news: ProjectorNews): void {
    switch (news.kind) {
      case "projected":
        this.#projected = news.position;
        return;
      case "rebuilding":
        this.#log({ level: "warn", event: "tables_rebuilt", message: `The tables are rebuilt: ${news.why}.` });
    }
  }

  #die(fault: Fault): void {
    this.#stopped ??= fault.publicMessage;
    this.#log({ level: "error", event: "store_thread_ended", message: fault.publicMessage });
    this.#queue.end(fault);
  }
}

function stoppedButNotDurable(problem: unknown): never {
  if (!(problem instanceof Fault)) throw problem;
  const sentence = `${problem.publicMessage} The key is stopped here at once; ask again to make it durable.`;
  throw new Fault(problem.code, sentence, { cause: problem });
}
