/**
 * The projection: entries in, tables out. Every batch of flushes is one transaction that also moves the position, so the tables are
 * always exactly the journal up to some flush. Key states are changed by the ledger's own `apply`, never by rules of this file.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  apply,
  applyCredentialEntry,
  asBudgetId,
  asCallId,
  decodeEntry,
  decodeKey,
  encodeKey,
  decodeRecord,
  encodeRecord,
  IDEMPOTENCY_USES_FORGOTTEN,
  IDEMPOTENCY_USES_MAX,
  instant,
  invariant,
  openKey,
  putHold,
  rowAfterEffect,
  rowAfterEnded,
  rowOfAdmitted,
  rowOfRefused,
  type ApiKey,
  type BudgetState,
  type CallAdmitted,
  type CallCorrected,
  type CallEnded,
  type CallId,
  type Credential,
  type Direction,
  type Effect,
  type Entry,
  type Hold,
  type KeyId,
  type KeyState,
  type Slot,
  type VaultKey,
} from "@keybrake/core";
import type { StoredFlush } from "./journal.ts";
import {
  CALL_COLUMNS,
  flag,
  INSERT_CALL,
  insertValues,
  money,
  number,
  readRecord,
  text,
  UPDATE_CALL,
  updateValues,
  type CallRecord,
} from "./rows.ts";

/** Key states kept between batches; beyond it the one that was used longest ago is read again from the tables. */
const KEY_STATES_MAX = 20_000;

/** What one batch has changed of one key, and must be written back. */
interface Touched {
  readonly state: KeyState;
  record: boolean;
  readonly holds: Set<CallId>;
  readonly objects: Set<string>;
  /** By the call that a use may stand for: the caller's key. */
  readonly uses: Map<CallId, string>;
}

export class Tables {
  readonly #database: DatabaseSync;
  readonly #sql: Statements;
  readonly #states: Map<KeyId, KeyState> = new Map();
  #position: number;
  #hash: string;
  #lastCall: number;
  #lastKey: number;
  // The batch under way.
  readonly #calls: Map<CallId, { record: CallRecord; isNew: boolean }> = new Map();
  readonly #touched: Map<KeyId, Touched> = new Map();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#sql = prepareStatements(database);
    const meta = database.prepare("SELECT position, hash, calls, keys FROM meta").get();
    this.#position = Number(meta?.["position"] ?? 0);
    this.#hash = String(meta?.["hash"] ?? "");
    this.#lastCall = Number(meta?.["calls"] ?? 0);
    this.#lastKey = Number(meta?.["keys"] ?? 0);
  }

  /** The last flush that the tables have taken in. */
  get position(): number {
    return this.#position;
  }

  get hash(): string {
    return this.#hash;
  }

  project(flushes: Iterable<StoredFlush>): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      for (const flush of flushes) {
        invariant(flush.position === this.#position + 1, "flushes are projected in order");
        for (const line of flush.body.split("\n")) this.#apply(decodeEntry(line));
        this.#position = flush.position;
        this.#hash = flush.hash;
      }
      this.#writeBack();
      this.#database.exec("COMMIT");
    } catch (problem) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      this.#forget();
      throw problem;
    }
    this.#trim();
  }

  /** As of the last flush taken in; null for a key that was never issued. The state is this object's own: do not change it. */
  keyState(id: KeyId): KeyState | null {
    const known = this.#states.get(id);
    if (known !== undefined) return known;
    const state = this.#readState(id);
    if (state === null) return null;
    this.#states.set(id, state);
    return state;
  }

  keyStateByToken(tokenHash: string): KeyState | null {
    const id = this.#sql.keyByToken.get(tokenHash)?.["key_id"];
    return typeof id === "string" ? this.keyState(id as KeyId) : null;
  }

  // ------------------------------------------------------------------------------------------------------------- entries

  #apply(entry: Entry): void {
    switch (entry.kind) {
      case "refused":
        return this.#addCall({ row: rowOfRefused(entry), seq: ++this.#lastCall, slots: null, remembered: false });
      case "admitted":
        return this.#admitted(entry);
      case "ended":
        return this.#ended(entry);
      case "corrected":
        return this.#corrected(entry);
      case "key_issued":
        return this.#keyIssued(entry.key, openKey(entry.key, entry.at));
      case "key_patched":
      case "key_revoked": {
        const touched = this.#touch(entry.keyId);
        touched.record = true;
        return apply(touched.state, entry);
      }
      case "credential_added":
      case "credential_rotated":
      case "credential_removed":
      case "credential_made_default":
        return this.#writeCredentials(applyCredentialEntry(this.credentials(), entry));
      case "api_key_created":
        this.#sql.insertApiKey.run(entry.apiKey.id, encodeRecord(entry.apiKey));
        return;
      case "api_key_revoked": {
        const apiKey = this.apiKeys().find((each) => each.id === entry.apiKeyId);
        if (apiKey !== undefined && apiKey.revokedAt === null)
          this.#sql.updateApiKey.run(encodeRecord({ ...apiKey, revokedAt: entry.at }), apiKey.id);
      }
    }
  }

  #admitted(entry: CallAdmitted): void {
    const { callId, idempotencyKey } = entry.call;
    const touched = this.#touch(entry.keyId);
    if (entry.hold !== null) touched.holds.add(callId);
    if (entry.coveredBy !== null) touched.holds.add(entry.coveredBy);
    if (entry.objectId !== null) touched.objects.add(entry.objectId);
    const remembered = entry.fingerprint !== null && idempotencyKey !== null;
    if (remembered && entry.hold !== null) {
      const { idempotency } = touched.state;
      const before = idempotency.get(idempotencyKey);
      if (before !== undefined) touched.uses.set(before.callId, idempotencyKey);
      touched.uses.set(callId, idempotencyKey);
      if (idempotency.size >= IDEMPOTENCY_USES_MAX) touchOldest(touched);
    }
    const slots = entry.hold === null ? null : entry.slots;
    this.#addCall({ row: rowOfAdmitted(entry), seq: ++this.#lastCall, slots, remembered });
    apply(touched.state, entry);
  }

  #ended(entry: CallEnded): void {
    const touched = this.#touch(entry.keyId);
    const call = touched.state.calls.get(entry.callId);
    if (call?.holdOf != null) {
      touched.holds.add(call.holdOf);
      const objectId = touched.state.holds.get(call.holdOf)?.objectId ?? null;
      if (objectId !== null) touched.objects.add(objectId);
    }
    if (call?.idempotencyKey != null) touched.uses.set(entry.callId, call.idempotencyKey);
    const record = this.#call(entry.callId);
    if (record !== null) record.row = rowAfterEnded(record.row, entry);
    this.#effects(touched, entry);
  }

  #corrected(entry: CallCorrected): void {
    this.#effects(this.#touch(entry.keyId), entry);
  }

  #effects(touched: Touched, entry: CallEnded | CallCorrected): void {
    if (entry.object !== null) touched.objects.add(entry.object.id);
    for (const effect of entry.effects) this.#effect(touched, effect);
    apply(touched.state, entry);
  }

  #effect(touched: Touched, effect: Effect): void {
    touched.holds.add(effect.callId);
    // The ledger forgets the idempotency key of a call that was released, whichever answer or finding released it.
    if (effect.outcome === "released")
      for (const [idempotencyKey, use] of touched.state.idempotency)
        if (use.callId === effect.callId) touched.uses.set(effect.callId, idempotencyKey);
    if (effect.objectId !== null) touched.objects.add(effect.objectId);
    const before = touched.state.holds.get(effect.callId)?.objectId ?? null;
    if (before !== null) touched.objects.add(before);
    const record = this.#call(effect.callId);
    if (record !== null) record.row = rowAfterEffect(record.row, effect);
  }

  #keyIssued(key: VaultKey, state: KeyState): void {
    if (this.keyState(key.id) !== null) return; // an id is issued once; a second time would be a mistake of ours
    this.#sql.insertKey.run(
      ++this.#lastKey,
      key.id,
      key.tokenHash,
      key.vendor,
      key.label,
      key.issuedBy,
      key.expiresAt,
      key.revokedAt,
      encodeKey(key),
    );
    this.#states.set(key.id, state);
    this.#touch(key.id);
  }

  #touch(id: KeyId): Touched {
    const known = this.#touched.get(id);
    if (known !== undefined) return known;
    const state = this.keyState(id);
    invariant(state !== null, `an entry names the key ${id}, which was never issued`);
    const touched: Touched = { state, record: false, holds: new Set(), objects: new Set(), uses: new Map() };
    this.#touched.set(id, touched);
    return touched;
  }

  #addCall(record: CallRecord): void {
    this.#calls.set(record.row.call.callId, { record, isNew: true });
  }

  #call(id: CallId): CallRecord | null {
    const known = this.#calls.get(id);
    if (known !== undefined) return known.record;
    const stored = this.#sql.call.get(id);
    if (stored === undefined) return null;
    const record = readRecord(stored);
    this.#calls.set(id, { record, isNew: false });
    return record;
  }

  // ---------------------------------------------------------------------------------------------------------- write back

  #writeBack(): void {
    for (const { record, isNew } of this.#calls.values()) {
      if (isNew) this.#sql.insertCall.run(...insertValues(record));
      else this.#sql.updateCall.run(...updateValues(record));
    }
    for (const [id, touched] of this.#touched) this.#writeKey(id, touched);
    this.#sql.updateMeta.run(this.#position, this.#hash, this.#lastCall, this.#lastKey);
    this.#calls.clear();
    this.#touched.clear();
  }

  #writeKey(id: KeyId, { state, record, holds, objects, uses }: Touched): void {
    const { key, rate } = state;
    if (record) this.#sql.updateKey.run(key.label, key.expiresAt, key.revokedAt, encodeKey(key), id);
    if (rate.calls !== 0) this.#sql.updateRate.run(rate.windowStart, rate.calls, id);
    for (const { cap, windowStart, windowEnd, settled, held } of state.budgets)
      this.#sql.putBudget.run(id, cap.id, windowStart, windowEnd, settled, held);
    for (const callId of holds) {
      const hold = state.holds.get(callId);
      if (hold === undefined) this.#dropUnlessNew(this.#sql.dropHold, id, callId);
      else this.#putHold(id, hold);
    }
    for (const objectId of objects) {
      const object = state.objects.get(objectId);
      if (object === undefined) this.#sql.dropObject.run(id, objectId);
      else this.#sql.putObject.run(id, objectId, object.moved, Number(object.final));
    }
    for (const [callId, idempotencyKey] of uses) {
      const use = state.idempotency.get(idempotencyKey);
      if (use?.callId !== callId) this.#dropUnlessNew(this.#sql.dropUse, id, callId);
      else this.#sql.putUse.run(id, callId, this.#seqOf(callId), idempotencyKey, use.fingerprint, use.firstUsedAt);
    }
  }

  /** What came and went within one batch was never in the tables. */
  #dropUnlessNew(drop: StatementSync, id: KeyId, callId: CallId): void {
    if (this.#calls.get(callId)?.isNew !== true) drop.run(id, callId);
  }

  #putHold(id: KeyId, hold: Hold): void {
    this.#sql.putHold.run(
      id,
      hold.callId,
      this.#seqOf(hold.callId),
      hold.direction,
      JSON.stringify(hold.slots),
      hold.objectId,
      hold.held,
      hold.settled,
      hold.inFlight,
      Number(hold.claimed),
      Number(hold.doubtful),
      hold.ended,
    );
  }

  #seqOf(callId: CallId): number {
    return this.#calls.get(callId)?.record.seq ?? Number(this.#sql.callSeq.get(callId)?.["seq"] ?? 0);
  }

  #forget(): void {
    this.#calls.clear();
    this.#touched.clear();
    this.#states.clear();
    const meta = this.#database.prepare("SELECT position, hash, calls, keys FROM meta").get();
    this.#position = Number(meta?.["position"] ?? 0);
    this.#hash = String(meta?.["hash"] ?? "");
    this.#lastCall = Number(meta?.["calls"] ?? 0);
    this.#lastKey = Number(meta?.["keys"] ?? 0);
  }

  #trim(): void {
    for (const id of this.#states.keys()) {
      if (this.#states.size <= KEY_STATES_MAX) return;
      this.#states.delete(id);
    }
  }

  // ------------------------------------------------------------------------------------------------------------- reading

  call(id: CallId): CallRecord | null {
    const stored = this.#sql.call.get(id);
    return stored === undefined ? null : readRecord(stored);
  }

  callsInFlight(): { readonly keyId: KeyId; readonly callId: CallId }[] {
    return this.#sql.inFlight.all().map((row) => ({
      keyId: String(row["key_id"]) as KeyId,
      callId: asCallId(String(row["call_id"])),
    }));
  }

  credentials(): readonly Credential[] {
    return this.#sql.credentials.all().map((row) => recordFromJson(row["record"]) as Credential);
  }

  apiKeys(): readonly ApiKey[] {
    return this.#sql.apiKeys.all().map((row) => recordFromJson(row["record"]) as ApiKey);
  }

  #writeCredentials(credentials: readonly Credential[]): void {
    this.#sql.clearCredentials.run();
    for (const credential of credentials) this.#sql.insertCredential.run(credential.id, encodeRecord(credential));
  }

  #readState(id: KeyId): KeyState | null {
    const stored = this.#sql.key.get(id);
    if (stored === undefined) return null;
    const key = keyFromJson(stored["record"]);
    const state: KeyState = {
      key,
      budgets: this.budgets(key),
      holds: new Map(),
      holdsByObject: new Map(),
      objects: new Map(),
      calls: new Map(),
      idempotency: new Map(),
      rate: { windowStart: number(stored, "rate_window") ?? 0, calls: number(stored, "rate_calls") ?? 0 },
    };
    for (const row of this.#sql.holds.all(id)) putHold(state, readHold(row));
    for (const row of this.#sql.objects.all(id))
      state.objects.set(String(row["object_id"]), { moved: money(row, "moved"), final: flag(row, "final") });
    for (const row of this.#sql.uses.all(id))
      state.idempotency.set(String(row["idempotency_key"]), {
        callId: asCallId(String(row["call_id"])),
        fingerprint: String(row["fingerprint"]),
        firstUsedAt: instant(number(row, "first_used_at") ?? 0),
      });
    for (const stored of this.#sql.inFlightOf.all(id)) {
      const { row, slots, remembered } = readRecord(stored);
      state.calls.set(row.call.callId, {
        holdOf: slots === null ? row.replayOf : row.call.callId,
        coveredBy: row.replayOf,
        idempotencyKey: remembered ? row.call.idempotencyKey : null,
      });
    }
    return state;
  }

  budgets(key: VaultKey): BudgetState[] {
    const rows = new Map(this.#sql.budgets.all(key.id).map((row) => [asBudgetId(String(row["budget_id"])), row]));
    return key.caps.flatMap((cap) => {
      const row = rows.get(cap.id);
      if (row === undefined) return [];
      const windowEnd = number(row, "window_end");
      return {
        cap,
        windowStart: instant(number(row, "window_start") ?? 0),
        windowEnd: windowEnd === null ? null : instant(windowEnd),
        settled: money(row, "settled"),
        held: money(row, "held"),
      };
    });
  }
}

/** The ledger is about to forget them, to make room. */
function touchOldest({ state, uses }: Touched): void {
  let touched = 0;
  for (const [idempotencyKey, { callId }] of state.idempotency) {
    if (touched++ === IDEMPOTENCY_USES_FORGOTTEN) return;
    uses.set(callId, idempotencyKey);
  }
}

/* oxlint-disable typescript/no-unsafe-type-assertion -- written by this file from values of these very types */
function readHold(row: ReturnType<StatementSync["all"]>[number]): Hold {
  return {
    callId: asCallId(String(row["call_id"])),
    direction: String(row["direction"]) as Direction,
    slots: JSON.parse(String(row["slots"])) as readonly Slot[],
    objectId: text(row, "object_id"),
    held: money(row, "held"),
    settled: money(row, "settled"),
    inFlight: number(row, "in_flight") ?? 0,
    claimed: flag(row, "claimed"),
    doubtful: flag(row, "doubtful"),
    ended: text(row, "ended") as Hold["ended"],
  };
}

export function keyFromJson(json: unknown): VaultKey {
  return decodeKey(String(json));
}

function recordFromJson(json: unknown): unknown {
  return decodeRecord(String(json));
}
/* oxlint-enable typescript/no-unsafe-type-assertion */

type Statements = ReturnType<typeof prepareStatements>;

// oxlint-disable-next-line typescript/explicit-module-boundary-types -- a table of statements, typed by what it holds
function prepareStatements(database: DatabaseSync) {
  const exact = (sql: string): StatementSync => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true); // amounts go beyond what a double holds
    return statement;
  };
  return {
    insertCall: database.prepare(INSERT_CALL),
    updateCall: database.prepare(UPDATE_CALL),
    call: exact(`SELECT ${CALL_COLUMNS} FROM calls WHERE call_id = ?`),
    callSeq: database.prepare("SELECT seq FROM calls WHERE call_id = ?"),
    inFlight: database.prepare(
      "SELECT key_id, call_id FROM calls INDEXED BY calls_in_flight WHERE in_flight = 1 ORDER BY seq",
    ),
    inFlightOf: exact(
      `SELECT ${CALL_COLUMNS} FROM calls INDEXED BY calls_in_flight WHERE key_id = ? AND in_flight = 1 ORDER BY seq`,
    ),
    key: exact("SELECT record, rate_window, rate_calls FROM keys WHERE key_id = ?"),
    keyByToken: database.prepare("SELECT key_id FROM keys WHERE token_hash = ?"),
    insertKey: database.prepare(
      `INSERT INTO keys (seq, key_id, token_hash, vendor, label, issued_by, expires_at, revoked_at, record, rate_window, rate_calls)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`,
    ),
    updateKey: database.prepare(
      "UPDATE keys SET label = ?, expires_at = ?, revoked_at = ?, record = ? WHERE key_id = ?",
    ),
    updateRate: database.prepare("UPDATE keys SET rate_window = ?, rate_calls = ? WHERE key_id = ?"),
    budgets: exact("SELECT budget_id, window_start, window_end, settled, held FROM budgets WHERE key_id = ?"),
    putBudget: database.prepare(
      "INSERT OR REPLACE INTO budgets (key_id, budget_id, window_start, window_end, settled, held) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    holds: exact("SELECT * FROM holds WHERE key_id = ? ORDER BY seq"),
    putHold: database.prepare(
      `INSERT OR REPLACE INTO holds
         (key_id, call_id, seq, direction, slots, object_id, held, settled, in_flight, claimed, doubtful, ended)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    dropHold: database.prepare("DELETE FROM holds WHERE key_id = ? AND call_id = ?"),
    objects: exact("SELECT object_id, moved, final FROM objects WHERE key_id = ?"),
    putObject: database.prepare("INSERT OR REPLACE INTO objects (key_id, object_id, moved, final) VALUES (?, ?, ?, ?)"),
    dropObject: database.prepare("DELETE FROM objects WHERE key_id = ? AND object_id = ?"),
    uses: exact("SELECT * FROM idempotency_uses WHERE key_id = ? ORDER BY seq"),
    putUse: database.prepare(
      `INSERT OR REPLACE INTO idempotency_uses (key_id, call_id, seq, idempotency_key, fingerprint, first_used_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    dropUse: database.prepare("DELETE FROM idempotency_uses WHERE key_id = ? AND call_id = ?"),
    credentials: database.prepare("SELECT record FROM credentials ORDER BY seq"),
    clearCredentials: database.prepare("DELETE FROM credentials"),
    insertCredential: database.prepare("INSERT INTO credentials (credential_id, record) VALUES (?, ?)"),
    apiKeys: database.prepare("SELECT record FROM api_keys ORDER BY seq"),
    insertApiKey: database.prepare("INSERT INTO api_keys (api_key_id, record) VALUES (?, ?)"),
    updateApiKey: database.prepare("UPDATE api_keys SET record = ? WHERE api_key_id = ?"),
    updateMeta: database.prepare("UPDATE meta SET position = ?, hash = ?, calls = ?, keys = ?"),
  };
}
