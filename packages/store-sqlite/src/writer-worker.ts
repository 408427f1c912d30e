/**
 * The writer thread: owns the lock on the data directory and the only connection that writes the journal. One message is one flush,
 * one INSERT, one fsync, one answer. Decides nothing.
 */
import type { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import { Fault } from "@keybrake/core";
import { lockDirectory, migrateJournal, openJournalToWrite, prepareDirectory } from "./files.ts";
import { Journal, tailProblem, type FlushText, type Tail } from "./journal.ts";
import { serve } from "./worker-link.ts";

export interface WriterSettings {
  readonly directory: string;
}

/** For tests. `full`: the journal cannot grow by a page; `read-only`: nothing can be written at all. */
export type DiskFault = "full" | "read-only";

export interface WriterApi {
  open(nothing: null): { readonly tail: Tail; readonly sealed: Map<string, Uint8Array> };
  append(flush: FlushText): null;
  /** For tests. */
  injectFault(fault: DiskFault | null): null;
  close(nothing: null): null;
}

const settings = workerData as WriterSettings; // given by store.ts, typed there
let fault: DiskFault | null = null;
let journal: Journal | null = null;
let database: DatabaseSync | null = null;
let lock: DatabaseSync | null = null;
/** A secret was erased, and its old pages are still in the write-ahead log. */
let eraseOwed = false;

/** SQLite's own highest; a limit below the size of the file means that size. https://www.sqlite.org/pragma.html#pragma_max_page_count */
const PAGES_MAX = 4_294_967_294;

function applyFault(journal: DatabaseSync): void {
  journal.exec(
    `PRAGMA max_page_count = ${fault === "full" ? 1 : PAGES_MAX}; PRAGMA query_only = ${fault === "read-only" ? "ON" : "OFF"};`,
  );
}

function openJournal(): Journal {
  database = openJournalToWrite(settings.directory);
  migrateJournal(database);
  if (fault !== null) applyFault(database);
  return new Journal(database);
}

function append(flush: FlushText): null {
  try {
    journal ??= openJournal();
    journal.append(flush);
  } catch (problem) {
    // After a failed write or fsync nothing that this connection remembers can be trusted: the next try starts from the file.
    closeJournal();
    throw problem;
  }
  if (eraseOwed || flush.secrets.length > 0) {
    try {
      eraseOwed = !journal.truncateLog();
    } catch {
      eraseOwed = true; // the flush itself is durable; the next one tries again
    }
  }
  return null;
}

function closeJournal(): void {
  try {
    database?.close();
  } finally {
    database = null;
    journal = null;
  }
}

const api: WriterApi = {
  open() {
    prepareDirectory(settings.directory);
    lock = lockDirectory(settings.directory);
    journal = openJournal();
    if (database !== null) refuseBroken(database);
    return { tail: journal.tail, sealed: journal.sealedSecrets() };
  },
  append,
  injectFault(injected) {
    fault = injected;
    if (database !== null) applyFault(database);
    return null;
  },
  close() {
    try {
      journal?.truncateLog();
    } finally {
      closeJournal();
      lock?.close();
      lock = null;
    }
    return null;
  },
};

function refuseBroken(journal: DatabaseSync): void {
  const problem = tailProblem(journal);
  if (problem === null) return;
  const { position, why } = problem;
  throw new Fault(
    "journal_broken",
    `The journal in ${settings.directory} does not add up at flush ${position}: ${why}. Keybrake does not start on it; ` +
      "look closer with `keybrake audit verify`, and restore a copy that verifies.",
  );
}

serve({ ...api });
