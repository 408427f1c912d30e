/**
 * The projector thread: keeps the tables up with the journal and answers what is asked of them. A question that must see what was
 * written before it carries a position, and waits until the tables have passed it. Decides nothing.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import {
  invariant,
  type ApiKey,
  type AuditRow,
  type CallFilter,
  type CallId,
  type ChainVerification,
  type Credential,
  type Instant,
  type KeyFilter,
  type KeyId,
  type KeyState,
  type KeyView,
  type Page,
  type PageRequest,
} from "@keybrake/core";
import { applyDiskFault, openJournalToRead, tablesFault, type DiskFault } from "./files.ts";
import { ChainCheck, JournalReader } from "./journal.ts";
import { Projector } from "./projector.ts";
import { Queries } from "./queries.ts";
import type { CallRecord } from "./rows.ts";
import { serve } from "./worker-link.ts";

export interface ProjectorSettings {
  readonly directory: string;
}

export type ProjectorNews =
  | { readonly kind: "projected"; readonly position: number }
  | { readonly kind: "rebuilding"; readonly why: string };

interface Asked {
  /** The tables must have passed this flush before the question is answered. */
  readonly position: number;
}

export type WantedKey = { readonly id: KeyId } | { readonly tokenHash: string };

export interface Catalog {
  readonly credentials: readonly Credential[];
  readonly apiKeys: readonly ApiKey[];
  readonly callsInFlight: readonly { readonly keyId: KeyId; readonly callId: CallId }[];
}

export interface ProjectorApi {
  /** Opens the tables and brings them up to this position. */
  open(asked: Asked): Promise<Catalog>;
  project(asked: Asked): Promise<null>;
  keyStates(wanted: readonly WantedKey[]): (KeyState | null)[];
  call(asked: Asked & { readonly id: CallId }): Promise<CallRecord | null>;
  calls(asked: Asked & { readonly filter: CallFilter; readonly page: PageRequest }): Promise<Page<AuditRow>>;
  keys(
    asked: Asked & { readonly filter: KeyFilter; readonly page: PageRequest; readonly now: Instant },
  ): Promise<Page<KeyView>>;
  verify(asked: Asked): Promise<ChainVerification>;
  /** For tests: from now on the disk of the tables fails like this. */
  injectFault(fault: DiskFault | null): null;
  close(asked: Asked): Promise<null>;
}

const settings = workerData as ProjectorSettings; // given by store.ts, typed there
let opened: { readonly projector: Projector; readonly queries: Queries } | null = null;
let target = 0;
let running: Promise<void> | null = null;

function open(): { readonly projector: Projector; readonly queries: Queries } {
  invariant(opened !== null, "the projector was opened before it was asked");
  return opened;
}

async function upTo(position: number): Promise<void> {
  const { projector } = open();
  if (position > target) target = position;
  while (projector.tables.position < position) {
    // Cleared in a later turn and so after it was set, also when the very first step fails: the next question tries again.
    running ??= run(projector).finally(() => {
      running = null;
    });
    await running;
  }
}

/** Between two batches the thread takes other questions: the key of a waiting call comes before a long list. */
async function run(projector: Projector): Promise<void> {
  while (projector.tables.position < target) {
    try {
      projector.step(target);
    } catch (problem) {
      throw tablesFault(settings.directory, problem);
    }
    tell({ kind: "projected", position: projector.tables.position });
    await nextTurn();
  }
}

/** Flushes verified between two looks at other questions. */
const VERIFIED_AT_ONCE = 200;

async function verify(position: number): Promise<ChainVerification> {
  const database = openJournalToRead(settings.directory);
  try {
    const reader = new JournalReader(database);
    const check = new ChainCheck();
    while (check.position < position && !check.broken) {
      const before = check.position;
      for (const flush of reader.after(before, Math.min(VERIFIED_AT_ONCE, position - before))) check.step(flush);
      if (check.position === before) break;
      await nextTurn();
    }
    check.mustReach({ position, hash: "" });
    return check.result();
  } finally {
    database.close();
  }
}

const api: ProjectorApi = {
  async open({ position }) {
    const projector = new Projector(settings.directory, (why) => tell({ kind: "rebuilding", why }));
    opened = { projector, queries: new Queries(projector.database, projector.tables) };
    await upTo(position);
    const { tables } = projector;
    return { credentials: tables.credentials(), apiKeys: tables.apiKeys(), callsInFlight: tables.callsInFlight() };
  },
  async project({ position }) {
    await upTo(position);
    return null;
  },
  // A key that is asked for is in nobody's cache, so all its entries have been projected: no need to wait.
  keyStates(wanted) {
    const { tables } = open().projector;
    return wanted.map((key) => ("id" in key ? tables.keyState(key.id) : tables.keyStateByToken(key.tokenHash)));
  },
  async call({ position, id }) {
    await upTo(position);
    return open().projector.tables.call(id);
  },
  async calls({ position, filter, page }) {
    await upTo(position);
    return open().queries.calls(filter, page);
  },
  async keys({ position, filter, page, now }) {
    await upTo(position);
    return open().queries.keys(filter, page, now);
  },
  verify: ({ position }) => verify(position),
  injectFault(fault) {
    applyDiskFault(open().projector.database, fault);
    return null;
  },
  async close({ position }) {
    try {
      await upTo(position);
    } finally {
      opened?.projector.close();
      opened = null;
    }
    return null;
  },
};

const tell: (news: ProjectorNews) => void = serve({ ...api });
