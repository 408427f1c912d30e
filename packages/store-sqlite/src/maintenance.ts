/** What `keybrake audit verify` and `keybrake audit rebuild` do: without a server, and verify also beside one. */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { ChainVerification } from "@keybrake/core";
import { lockDirectory, openJournalToRead, removeTables, tablesFile } from "./files.ts";
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
    if (seen !== null) check.mustReach(seen);
    return check.result();
  } finally {
    database.close();
  }
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

/** Throws the tables away and makes them again from the journal. Refused while a server runs on the directory. */
export async function rebuildTables(
  directory: string,
  onProgress: OnProgress = () => {},
): Promise<{ flushes: number }> {
  openJournalToRead(directory).close(); // a clear fault where there is no journal, before anything is made or removed
  const lock = lockDirectory(directory);
  try {
    removeTables(directory);
    const projector = new Projector(directory, () => {});
    try {
      const total = projector.tail();
      while (projector.tables.position < total) {
        projector.step(total);
        onProgress(projector.tables.position, total);
        await Promise.resolve();
      }
      return { flushes: total };
    } finally {
      projector.close();
    }
  } finally {
    lock.close();
  }
}
