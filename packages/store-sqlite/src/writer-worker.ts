/**
 * The writer thread: owns the lock on the data directory and the only connection that writes the journal. One message is one flush,
 * one INSERT, one fsync, one answer. Decides nothing.
 */
import type { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import { Fault } from "@keybrake/core";
import {
  applyDiskFault,
  journalFault,
  journalInode,
  lockDirectory,
  migrateJournal,
  openJournalToWrite,
  prepareDirectory,
  type DiskFault,
} from "./files.ts";
import { Journal, tailProblem, type FlushText, type Tail } from "./journal.ts";
import { serve } from "./worker-link.ts";

export interface WriterSettings {
  readonly directory: string;
}

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
/** The file that was opened at the start. Another under its name is never written: it has another history. */
let inode: bigint | null = null;
let lookedAt = 0;
/** A secret was erased, and its old pages are still in the write-ahead log. */
let eraseOwed = false;

function openJournal(): Journal {
  database = openJournalToWrite(settings.directory);
  migrateJournal(database);
  if (fault !== null) applyDiskFault(database, fault);
  return new Journal(database);
}

/** What is written into a file that has lost its name survives no restart. One look costs microseconds, and a second is soon enough. */
const LOOK_AFTER_MS = 1_000;

function refuseLost(): void {
  const now = performance.now();
  if (journal !== null && now - lookedAt < LOOK_AFTER_MS) return;
  lookedAt = now;
  if (journalInode(settings.directory) === inode) return;
  lookedAt = -LOOK_AFTER_MS; // until it is there again, every try looks
  throw new Fault(
    "store_unavailable",
    `The journal cannot be written: the journal file is gone from ${settings.directory}, or another was put in its place. ` +
      "Put the one that was there back, or stop Keybrake and start it on a directory with a journal that verifies.",
  );
}

function append(flush: FlushText): null {
  try {
    refuseLost();
    journal ??= openJournal();
    journal.append(flush);
  } catch (problem) {
    // After a failed write or fsync nothing that this connection remembers can be trusted: the next try starts from the file.
    closeJournal();
    throw journalFault(settings.directory, problem);
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
  } catch {
    // It could not be written, or it is no database: whatever it was, this connection has ended.
  } finally {
    database = null;
    journal = null;
  }
}

const api: WriterApi = {
  open() {
    prepareDirectory(settings.directory);
    lock = lockDirectory(settings.directory);
    try {
      journal = openJournal();
      inode = journalInode(settings.directory);
      if (database !== null) refuseBroken(database);
      return { tail: journal.tail, sealed: journal.sealedSecrets() };
    } catch (problem) {
      throw journalFault(settings.directory, problem);
    }
  },
  append,
  injectFault(injected) {
    fault = injected;
    if (database !== null) applyDiskFault(database, fault);
    return null;
  },
  close() {
    try {
      journal?.truncateLog();
    } catch (problem) {
      throw journalFault(settings.directory, problem);
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
