/** What lies in a data directory, who may look into it, and how its databases get their shape. Knows nothing of their meaning. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Fault, invariant } from "@keybrake/core";

const journalFile = (directory: string): string => join(directory, "journal.sqlite");
export const tablesFile = (directory: string): string => join(directory, "tables.sqlite");
const lockFile = (directory: string): string => join(directory, "lock.sqlite");

const JOURNAL_MIGRATIONS: readonly string[] = ["journal-001.sql"];
const TABLES_MIGRATIONS: readonly string[] = ["tables-001.sql"];

/** Only the owner may look into it. */
export function prepareDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
}

/**
 * One process at a time. SQLite's exclusive lock on a file of its own is held by the open transaction, and the operating system
 * lets go of it when the process ends, however it ends.
 */
export function lockDirectory(directory: string): DatabaseSync {
  const lock = new DatabaseSync(lockFile(directory), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (problem) {
    lock.close();
    if (!isBusy(problem)) throw problem;
    throw new Fault(
      "data_directory_in_use",
      `Another Keybrake is running on ${directory}. Stop it first, or give this one a data directory of its own.`,
    );
  }
  return lock;
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

function isBusy(problem: unknown): boolean {
  return problem instanceof Error && "errcode" in problem && (Number(problem.errcode) & 0xff) === SQLITE_BUSY;
}

/** How long one connection waits for another of the same process: a checkpoint, never more. */
const BUSY_TIMEOUT_MS = 5_000;

export function openJournalToWrite(directory: string): DatabaseSync {
  const database = new DatabaseSync(journalFile(directory), { timeout: BUSY_TIMEOUT_MS });
  // secure_delete overwrites what is removed: an erased secret is gone from the file, not only from the table.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
  return database;
}

export function openJournalToRead(directory: string): DatabaseSync {
  if (!existsSync(journalFile(directory)))
    throw new Fault("journal_missing", `There is no journal in ${directory}. Is it the right data directory?`);
  return new DatabaseSync(journalFile(directory), { readOnly: true, timeout: BUSY_TIMEOUT_MS });
}

/** NORMAL is enough here: whatever a power cut takes from these tables comes back from the journal. */
export function openTables(directory: string): DatabaseSync {
  const database = new DatabaseSync(tablesFile(directory), { timeout: BUSY_TIMEOUT_MS });
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16000;",
  );
  return database;
}

export function removeTables(directory: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(tablesFile(directory) + suffix, { force: true });
}

export const migrateJournal = (database: DatabaseSync): void => migrate(database, JOURNAL_MIGRATIONS, "journal");
export const migrateTables = (database: DatabaseSync): void => migrate(database, TABLES_MIGRATIONS, "tables");

/** `user_version` is the number of the last migration that has run. */
function migrate(database: DatabaseSync, files: readonly string[], what: string): void {
  const row = database.prepare("PRAGMA user_version").get();
  const version = Number(row?.["user_version"] ?? 0);
  if (version > files.length)
    throw new Fault(
      "data_too_new",
      `The ${what} of this data directory was written by a newer Keybrake. Use that one.`,
    );
  files.slice(version).forEach((file, index) => {
    const sql = readFileSync(new URL(`./migrations/${file}`, import.meta.url), "utf8");
    database.exec(`BEGIN;\n${sql}\nPRAGMA user_version = ${version + index + 1};\nCOMMIT;`);
  });
  invariant(files.length > 0, "a database has migrations");
}
