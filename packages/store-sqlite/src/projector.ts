/**
 * Keeps the tables up with the journal: reads flushes that are durable, hands them to the tables in large batches. Runs in the
 * projector thread, and in the command-line tool that rebuilds the tables.
 */
import type { DatabaseSync } from "node:sqlite";
import { Fault } from "@keybrake/core";
import { isAboutContent, migrateTables, openJournalToRead, openTables, removeTables, tablesFault } from "./files.ts";
import { JournalReader, readTail, type StoredFlush } from "./journal.ts";
import { Tables } from "./tables.ts";

/** One transaction of the tables: large enough to be cheap, small enough that nobody waits long for the thread. */
const BATCH_FLUSHES_MAX = 2_000;
const BATCH_CHARS_MAX = 4_000_000;

export class Projector {
  readonly #journal: DatabaseSync;
  readonly #reader: JournalReader;
  readonly database: DatabaseSync;
  readonly tables: Tables;

  /** `onRebuild` is told when the tables on disk were unusable and begin again from nothing. */
  constructor(directory: string, onRebuild: (why: string) => void) {
    this.#journal = openJournalToRead(directory);
    this.#reader = new JournalReader(this.#journal);
    const opened = openSoundTables(directory, onRebuild);
    this.database = opened.database;
    this.tables = opened.tables;
    const why = this.#mismatch();
    if (why === "behind")
      throw new Fault(
        "journal_cut",
        `The tables in ${directory} have seen flush ${this.tables.position}, but the journal ends at flush ` +
          `${readTail(this.#journal).position}. Restore the whole journal; if the older one was put there on purpose, ` +
          "run `keybrake audit rebuild` and start again.",
      );
    if (why === "other") {
      onRebuild("the tables belong to another journal");
      this.database.close();
      removeTables(directory);
      const fresh = openSoundTables(directory, onRebuild);
      this.database = fresh.database;
      this.tables = fresh.tables;
    }
  }

  /** One batch towards this position. */
  step(to: number): void {
    const { position } = this.tables;
    if (position >= to) return;
    this.tables.project(batch(this.#reader.after(position, Math.min(to - position, BATCH_FLUSHES_MAX))));
  }

  tail(): number {
    return readTail(this.#journal).position;
  }

  close(): void {
    this.#journal.close();
    this.database.close();
  }

  #mismatch(): "behind" | "other" | null {
    const { position, hash } = this.tables;
    if (position === 0) return null;
    if (readTail(this.#journal).position < position) return "behind";
    const row = this.#journal.prepare("SELECT hash FROM flushes WHERE position = ?").get(position);
    return row?.["hash"] === hash ? null : "other";
  }
}

function* batch(flushes: Iterable<StoredFlush>): Generator<StoredFlush> {
  let chars = 0;
  for (const flush of flushes) {
    yield flush;
    chars += flush.body.length;
    if (chars >= BATCH_CHARS_MAX) return;
  }
}

/** Tables that cannot be read are thrown away: everything in them comes from the journal. */
function openSoundTables(
  directory: string,
  onRebuild: (why: string) => void,
): { database: DatabaseSync; tables: Tables } {
  try {
    return readTables(directory);
  } catch (problem) {
    if (!isAboutContent(problem)) throw tablesFault(directory, problem);
    if (problem instanceof Fault) throw problem;
    onRebuild(problem instanceof Error ? problem.message : String(problem));
    removeTables(directory);
    return readTables(directory);
  }
}

function readTables(directory: string): { database: DatabaseSync; tables: Tables } {
  const database = openTables(directory);
  try {
    migrateTables(database);
    return { database, tables: new Tables(database) };
  } catch (problem) {
    database.close();
    throw problem;
  }
}
