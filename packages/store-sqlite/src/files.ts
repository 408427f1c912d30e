/** What lies in a data directory, who may look into it, and how its databases get their shape. Knows nothing of their meaning. */
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Fault, invariant } from "@keybrake/core";

const journalFile = (directory: string): string => join(directory, "journal.sqlite");
export const tablesFile = (directory: string): string => join(directory, "tables.sqlite");
const lockFile = (directory: string): string => join(directory, "lock.sqlite");

const JOURNAL_MIGRATIONS: readonly string[] = ["journal-001.sql"];
const TABLES_MIGRATIONS: readonly string[] = ["tables-001.sql", "tables-002.sql"];

/** Only the owner may look into it. */
/** https://man7.org/linux/man-pages/man7/inode.7.html */
const STICKY = 0o1000;

export function prepareDirectory(directory: string): void {
  try {
    makeDirectory(directory);
    // A copy or a restore may have widened it. One that is everybody's by design (/tmp has the sticky bit) is left as it is.
    if ((statSync(directory).mode & STICKY) === 0) chmodSync(directory, 0o700);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (problem) {
    throw unusable(directory, problem);
  }
}

/**
 * Level by level: Node's own `recursive` never returns where a level cannot be made although its parent is there, and the system
 * says ENOENT to that, as it does in /proc.
 */
function makeDirectory(directory: string): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) return;
  if (found !== undefined) throw new Error(`${directory} is a file`);
  const parent = dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (problem) {
    // Another start may have made it a moment ago.
    if (!existsSync(directory)) throw problem;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "it belongs to another user",
  EROFS: "its file system is read-only",
  ENOENT: "it is not there and cannot be made",
  ENOSPC: "the disk is full",
};

function unusable(directory: string, problem: unknown): Fault {
  const code = problem instanceof Error && "code" in problem ? String(problem.code) : "";
  return new Fault(
    "data_directory_unusable",
    `The data directory ${directory} cannot be used: ${REASONS[code] ?? reasonOf(problem)}. ` +
      "Set KEYBRAKE_DATA_DIR to a directory that this user may make or write.",
    { cause: problem },
  );
}

/**
 * One process at a time. SQLite's exclusive lock on a file of its own is held by the open transaction, and the operating system
 * lets go of it when the process ends, however it ends.
 */
export function lockDirectory(directory: string): DatabaseSync {
  const lock = openFile(lockFile(directory), directory);
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (problem) {
    lock.close();
    if (resultCode(problem) !== SQLITE_BUSY) throw unusable(directory, problem);
    throw new Fault(
      "data_directory_in_use",
      `Another Keybrake is running on ${directory}. Stop it first, or give this one a data directory of its own.`,
    );
  }
  return lock;
}

function openFile(path: string, directory: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (problem) {
    throw unusable(directory, problem);
  }
}

// https://www.sqlite.org/rescode.html
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
/** PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN: the disk or the moment is at fault, and not what is in the file. */
const NOT_THE_CONTENT: ReadonlySet<number> = new Set([3, SQLITE_BUSY, 6, 7, 8, 10, 13, 14]);

/** Null: the problem does not come from SQLite. */
function resultCode(problem: unknown): number | null {
  return problem instanceof Error && "errcode" in problem ? Number(problem.errcode) & 0xff : null;
}

function reasonOf(problem: unknown): string {
  if (problem instanceof Fault) return problem.publicMessage;
  return problem instanceof Error ? problem.message : String(problem);
}

/** A sentence for whatever went wrong with the journal, with its place: people have several disks. */
export function journalFault(directory: string, problem: unknown): Fault {
  if (problem instanceof Fault) return problem;
  const code = resultCode(problem);
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return journalUnreadable(directory, problem);
  return new Fault("store_unavailable", `The journal cannot be written: ${reasonOf(problem)} in ${directory}.`, {
    cause: problem,
  });
}

function journalUnreadable(directory: string, problem: unknown): Fault {
  return new Fault(
    "journal_unreadable",
    `${journalFile(directory)} cannot be read as a journal: ${reasonOf(problem)}. Restore a copy that verifies ` +
      "(`keybrake audit verify`).",
    { cause: problem },
  );
}

/** The same for whoever only reads it: what it does not give cannot be read as a journal. */
export function journalReadFault(directory: string, problem: unknown): unknown {
  return resultCode(problem) === null ? problem : journalUnreadable(directory, problem);
}

export function tablesFault(directory: string, problem: unknown): Fault {
  if (problem instanceof Fault) return problem;
  return new Fault("store_unavailable", `The tables cannot be written: ${reasonOf(problem)} in ${directory}.`, {
    cause: problem,
  });
}

/** What SQLite says of the disk becomes a fault; anything else is ours, and stays as it is. */
export function rebuildFault(directory: string, problem: unknown): unknown {
  return resultCode(problem) === null ? problem : tablesFault(directory, problem);
}

/** True: throwing the file away and making it again may help. */
export function isAboutContent(problem: unknown): boolean {
  const code = resultCode(problem);
  return code === null || !NOT_THE_CONTENT.has(code);
}

/** How long one connection waits for another of the same process: a checkpoint, never more. */
const BUSY_TIMEOUT_MS = 5_000;

/** Which file stands under the journal's name, as SQLite itself asks it (`fileHasMoved`); null when there is none. */
export function journalInode(directory: string): bigint | null {
  return statSync(journalFile(directory), { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}

export function openJournalToWrite(directory: string): DatabaseSync {
  const database = new DatabaseSync(journalFile(directory), { timeout: BUSY_TIMEOUT_MS });
  // secure_delete overwrites what is removed: an erased secret is gone from the file, not only from the table.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
  return database;
}

export function openJournalToRead(directory: string): DatabaseSync {
  if (!existsSync(journalFile(directory)))
    throw new Fault("journal_missing", `There is no journal in ${directory}. Is it the right data directory?`);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(journalFile(directory), { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    database.prepare("SELECT position FROM flushes LIMIT 1").get();
    return database;
  } catch (problem) {
    database?.close();
    throw journalUnreadable(directory, problem);
  }
}

/** NORMAL is enough here: whatever a power cut takes from these tables comes back from the journal. */
export function openTables(directory: string): DatabaseSync {
  const database = new DatabaseSync(tablesFile(directory), { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16000;",
    );
    return database;
  } catch (problem) {
    database.close();
    throw problem;
  }
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

/** For tests. `full`: the database cannot grow by a page; `read-only`: nothing can be written at all. */
export type DiskFault = "full" | "read-only";

/** SQLite's own highest; a limit below the size of the file means that size. https://www.sqlite.org/pragma.html#pragma_max_page_count */
const PAGES_MAX = 4_294_967_294;

export function applyDiskFault(database: DatabaseSync, fault: DiskFault | null): void {
  database.exec(
    `PRAGMA max_page_count = ${fault === "full" ? 1 : PAGES_MAX}; PRAGMA query_only = ${fault === "read-only" ? "ON" : "OFF"};`,
  );
}
