/**
 * The journal file: append a flush, read flushes, verify the chain. It alone knows how a flush is stored. Runs in a worker or in a
 * command-line tool, never on the event loop of a server.
 */
import { hash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  CHAIN_START,
  chainHash,
  decodeEntry,
  instant,
  type CallId,
  type ChainVerification,
  type Instant,
} from "@keybrake/core";

export interface Tail {
  readonly position: number;
  readonly at: Instant;
  readonly hash: string;
}

const EMPTY_TAIL: Tail = { position: 0, at: instant(0), hash: CHAIN_START };

export interface SecretChange {
  readonly credentialId: string;
  /** Null: erase it. */
  readonly sealed: Uint8Array | null;
}

export interface FlushText {
  readonly position: number;
  readonly at: Instant;
  /** Entries, one line of JSON each. */
  readonly body: string;
  readonly secrets: readonly SecretChange[];
}

export interface StoredFlush extends Tail {
  readonly previous: string;
  readonly body: string;
}

const sha256 = (text: string): string => hash("sha256", text, "hex");

export class Journal {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #seal: StatementSync;
  readonly #erase: StatementSync;
  #tail: Tail;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#insert = database.prepare("INSERT INTO flushes (position, at, previous, hash, body) VALUES (?, ?, ?, ?, ?)");
    this.#seal = database.prepare(
      "INSERT INTO secrets (credential_id, sealed) VALUES (?, ?) ON CONFLICT DO UPDATE SET sealed = excluded.sealed",
    );
    this.#erase = database.prepare("DELETE FROM secrets WHERE credential_id = ?");
    this.#tail = readTail(database);
  }

  get tail(): Tail {
    return this.#tail;
  }

  /** One INSERT and one fsync for everything in it. Says yes again to a flush that was written before its failure was reported. */
  append(flush: FlushText): void {
    const tail = this.#tail;
    if (flush.position === tail.position && this.#isTail(flush)) return;
    // Never a gap: a flush that does not follow was meant for another file.
    if (flush.position !== tail.position + 1)
      throw new Error(`the journal ends at flush ${tail.position}, so flush ${flush.position} does not follow`);
    const hashed = chainHash(sha256, tail.hash, flush.position, flush.at, flush.body);
    const plain = flush.secrets.length === 0;
    if (!plain) this.#database.exec("BEGIN IMMEDIATE");
    try {
      this.#insert.run(flush.position, flush.at, tail.hash, hashed, flush.body);
      for (const { credentialId, sealed } of flush.secrets) {
        if (sealed === null) this.#erase.run(credentialId);
        else this.#seal.run(credentialId, sealed);
      }
      if (!plain) this.#database.exec("COMMIT");
    } catch (problem) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw problem;
    }
    this.#tail = { position: flush.position, at: flush.at, hash: hashed };
  }

  #isTail(flush: FlushText): boolean {
    const row = this.#database.prepare("SELECT body FROM flushes WHERE position = ?").get(flush.position);
    return row?.["body"] === flush.body;
  }

  sealedSecrets(): Map<string, Uint8Array> {
    const sealed = new Map<string, Uint8Array>();
    for (const row of this.#database.prepare("SELECT credential_id, sealed FROM secrets").all())
      if (row["sealed"] instanceof Uint8Array) sealed.set(String(row["credential_id"]), row["sealed"]);
    return sealed;
  }

  /** What was erased must also leave the write-ahead log. True when it has; false while somebody still reads the old pages. */
  truncateLog(): boolean {
    return this.#database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.["busy"] === 0;
  }
}

export function readTail(database: DatabaseSync): Tail {
  const row = database.prepare("SELECT position, at, hash FROM flushes ORDER BY position DESC LIMIT 1").get();
  if (row === undefined) return EMPTY_TAIL;
  return { position: Number(row["position"]), at: instant(Number(row["at"])), hash: String(row["hash"]) };
}

/** Flushes from a position on, oldest first, read row by row. */
export class JournalReader {
  readonly #after: StatementSync;

  constructor(database: DatabaseSync) {
    this.#after = database.prepare(
      "SELECT position, at, previous, hash, body FROM flushes WHERE position > ? ORDER BY position LIMIT ?",
    );
  }

  *after(position: number, limit: number): Generator<StoredFlush> {
    for (const row of this.#after.iterate(position, limit))
      yield {
        position: Number(row["position"]),
        at: instant(Number(row["at"])),
        previous: String(row["previous"]),
        hash: String(row["hash"]),
        body: String(row["body"]),
      };
  }
}

/** Follows the chain flush by flush. The first problem stands. */
export class ChainCheck {
  #head: Tail;
  #flushes = 0;
  #entries = 0;
  #problem: ChainVerification["problem"] = null;

  /** `from` is trusted: the start of the journal, or a flush that stands for everything before it. */
  constructor(from: Tail = EMPTY_TAIL) {
    this.#head = from;
  }

  get position(): number {
    return this.#head.position;
  }

  get broken(): boolean {
    return this.#problem !== null;
  }

  step(flush: StoredFlush): void {
    const why = this.#whyNot(flush);
    if (why !== null) {
      this.#problem ??= { position: this.#head.position + 1, callId: firstCallIn(flush.body), why };
      return;
    }
    this.#flushes += 1;
    this.#entries += countLines(flush.body);
    this.#head = { position: flush.position, at: flush.at, hash: flush.hash };
  }

  #whyNot(flush: StoredFlush): string | null {
    const { position, at, hash: head } = this.#head;
    if (flush.position !== position + 1) return `flush ${position + 1} is missing: flush ${flush.position} comes next`;
    if (flush.previous !== head) return "it does not link to the flush before it";
    if (flush.hash !== chainHash(sha256, flush.previous, flush.position, flush.at, flush.body))
      return "its content does not fit its hash";
    return flush.at < at ? "its time is before the flush before it" : null;
  }

  /** The tables have read up to here, so the journal must reach at least this far. */
  mustReach(seen: { readonly position: number; readonly hash: string }): void {
    if (this.broken || seen.position <= this.#head.position) return;
    this.#problem = {
      position: this.#head.position + 1,
      callId: null,
      why: `the journal ends at flush ${this.#head.position}, but the tables have seen flush ${seen.position}`,
    };
  }

  result(): ChainVerification {
    return {
      ok: this.#problem === null,
      flushes: this.#flushes,
      entries: this.#entries,
      head: this.#head.hash,
      problem: this.#problem,
    };
  }
}

function countLines(body: string): number {
  let lines = 1;
  for (let at = body.indexOf("\n"); at !== -1; at = body.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

/** Helps a person to find the place; the text may be damaged, so whatever can be read is enough. */
function firstCallIn(body: string): CallId | null {
  for (const line of body.split("\n")) {
    try {
      const entry = decodeEntry(line);
      if (entry.kind === "admitted" || entry.kind === "refused") return entry.call.callId;
      if (entry.kind === "ended" || entry.kind === "corrected") return entry.callId;
    } catch {
      // Not readable: the next line may be.
    }
  }
  return null;
}

/** How many flushes at the end of the journal are checked at every start; the whole is checked by `keybrake audit verify`. */
const TAIL_FLUSHES_CHECKED = 1_000;

/** Null when the end of the journal is sound. */
export function tailProblem(database: DatabaseSync): ChainVerification["problem"] {
  const reader = new JournalReader(database);
  const start = readTail(database).position - TAIL_FLUSHES_CHECKED;
  let check: ChainCheck | null = start <= 0 ? new ChainCheck() : null;
  for (const flush of reader.after(Math.max(start - 1, 0), TAIL_FLUSHES_CHECKED + 1)) {
    if (check === null) check = new ChainCheck(flush);
    else check.step(flush);
  }
  return check?.result().problem ?? null;
}
