/** What `keybrake audit verify` and `keybrake audit rebuild` do: without a server, and verify also beside one. */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { Fault, type ChainVerification } from "@keybrake/core";
import { journalReadFault, lockDirectory, openJournalToRead, rebuildFault, removeTables, tablesFile } from "./files.ts";
import { ChainCheck, JournalReader, readTail } from "./journal.ts";
import { Projector } from "./projector.ts";

/** `done` and `total` are flushes. */
export type OnProgress = (done: number, total: number) => void;

const FLUSHES_AT_ONCE = 1_000;

/**
 * The whole chain, from the first flush to the last one that was there when it began; and that the journal reaches as far as the
 * tables have seen it. Reads only.
 */
export async function verifyJournal(directory: string, onProgress: OnProgress = () => {}): Promise<ChainVerification> {
  const database = openJournalToRead(directory);
  try {
    const seen = seenByTables(directory);
    const check = await checkChain(database, onProgress);
    if (seen !== null) check.mustReach(seen);
    return check.result();
  } catch (problem) {
    throw journalReadFault(directory, problem);
  } finally {
    database.close();
  }
}

async function checkChain(database: DatabaseSync, onProgress: OnProgress): Promise<ChainCheck> {
  const total = readTail(database).position;
  const reader = new JournalReader(database);
  const check = new ChainCheck();
  while (check.position < total && !check.broken) {
    const before = check.position;
    for (const flush of reader.after(before, Math.min(FLUSHES_AT_ONCE, total - before))) check.step(flush);
    if (check.position === before) break;
    onProgress(check.position, total);
    await Promise.resolve();
  }
  return check;
}

function seenByTables(directory: string): { position: number; hash: string } | null {
  if (!existsSync(tablesFile(directory))) return null;
  try {
    const tables = new DatabaseSync(tablesFile(directory), { readOnly: true });
    try {
      const row = tables.prepare("SELECT position, hash FROM meta").get();
      return row === undefined ? null : { position: Number(row["position"]), hash: String(row["hash"]) };
    } finally {
      tables.close();
    }
  } catch {
    return null; // unreadable tables are no witness; they are rebuilt at the next start
  }
}

/**
 * Throws the tables away and makes them again from the journal, once that has proved whole: what it came from is no worse than before.
 * Progress is told twice, for the proof and for the tables. Refused while a server runs on the directory.
 */
export async function rebuildTables(
  directory: string,
  onProgress: OnProgress = () => {},
): Promise<{ flushes: number; entries: number }> {
  openJournalToRead(directory).close(); // a clear fault where there is no journal, before anything is made or removed
  const lock = lockDirectory(directory);
  try {
    const entries = await provenEntries(directory, onProgress);
    removeTables(directory);
    const projector = new Projector(directory, () => {});
    try {
      const total = projector.tail();
      while (projector.tables.position < total) {
        projector.step(total);
        onProgress(projector.tables.position, total);
        await Promise.resolve();
      }
      return { flushes: total, entries };
    } finally {
      projector.close();
    }
  } catch (problem) {
    throw rebuildFault(directory, problem);
  } finally {
    lock.close();
  }
}

/** How many entries the whole chain has; a fault where it is broken or has none. */
async function provenEntries(directory: string, onProgress: OnProgress): Promise<number> {
  const database = openJournalToRead(directory);
  try {
    const { flushes, entries, problem } = (await checkChain(database, onProgress)).result();
    if (problem !== null)
      throw new Fault(
        "journal_broken",
        `The journal in ${directory} does not add up at flush ${problem.position}: ${problem.why}. The tables were left ` +
          "as they are; restore a copy of the journal that verifies (`keybrake audit verify`).",
      );
    if (flushes === 0)
      throw new Fault(
        "journal_empty",
        `The journal in ${directory} is empty, so there is nothing to make tables from. They were left as they are. ` +
          "If it should not be empty, restore a copy that verifies (`keybrake audit verify`).",
      );
    return entries;
  } catch (problem) {
    throw journalReadFault(directory, problem);
  } finally {
    database.close();
  }
}
