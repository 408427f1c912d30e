/** What the embedded store promises beyond the port: its files, its start, its faults. The port's contract is in store.test.ts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import {
  asApiKeyId,
  asBudgetId,
  asCallId,
  asCredentialId,
  asKeyId,
  Fault,
  instant,
  type AdmitRequest,
  type CallFilter,
  type CallId,
  type KeyId,
  type VaultKey,
} from "@keybrake/core";
import { cap, ending, makeKey, moneyRequest, objectMeter, readRequest, TestClock, usd } from "@keybrake/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openTables } from "./files.ts";
import { rebuildTables, verifyJournal } from "./maintenance.ts";
import { Queries } from "./queries.ts";
import { openSqliteStore, type SqliteStore, type SqliteStoreOptions, type StoreEvent } from "./store.ts";
import { Tables } from "./tables.ts";

const BY = asApiKeyId("api_test");
const FIRST_PAGE = { limit: 100, cursor: null };

let directory: string;
let clock: TestClock;
let events: StoreEvent[];
let stores: SqliteStore[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keybrake-store-"));
  clock = new TestClock();
  events = [];
  stores = [];
});
afterEach(async () => {
  // Rejected where the test has broken its disk.
  for (const store of stores) await store.close().catch(() => {});
  await rm(directory, { recursive: true, force: true });
});

async function open(more: Partial<SqliteStoreOptions> = {}): Promise<SqliteStore> {
  const store = await openSqliteStore({ directory, clock: clock.now, log: (event) => events.push(event), ...more });
  stores.push(store);
  return store;
}

async function issue(store: SqliteStore, more: Partial<VaultKey> = {}): Promise<VaultKey> {
  const key = makeKey(clock.now(), more);
  await store.issueKey(key);
  return key;
}

async function held(store: SqliteStore, key: VaultKey, dollars: number): Promise<AdmitRequest> {
  const request = moneyRequest(key, clock.now(), usd(dollars));
  const [admission] = await store.admit([request]);
  expect(admission?.kind).toBe("admitted");
  return request;
}

async function heldUsd(store: SqliteStore, id: KeyId): Promise<number> {
  return Number((await store.getKey(id))?.budgets[0]?.held ?? 0n) / 1e6;
}

/** Calls of every kind of outcome, on two keys, over several flushes. */
async function live(store: SqliteStore): Promise<void> {
  const key = await issue(store, {
    rateLimit: { calls: 1_000, per: "hour" },
    caps: [cap(usd(500)), cap(usd(900), { id: asBudgetId("b2") })],
  });
  const other = await issue(store, { temporal: { namespace: "default", workflowId: "wf", runId: "run" } });
  for (let i = 0; i < 30; i++) {
    clock.advance(1_000);
    const request = moneyRequest(i % 3 === 0 ? other : key, clock.now(), usd(3), { idempotencyKey: `k${i % 20}` });
    await store.admit([request]);
    if (i % 5 === 0) continue;
    if (i % 5 === 1) await store.end([ending(request, { kind: "unknown", why: "reset" })]);
    else if (i % 5 === 2) await store.end([ending(request, { kind: "definite_no" })]);
    else await store.end([ending(request, objectMeter(`pi_${i}`, usd(2), { final: i % 2 === 0 }))]);
  }
  await store.patchKey(key.id, { label: "renamed" }, BY);
  await store.revokeKey(other.id, BY, null);
}

/** Everything in the tables, as text. */
function dump(): string {
  const database = new DatabaseSync(join(directory, "tables.sqlite"), { readOnly: true });
  try {
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
    return names
      .map(({ name }) => {
        const rows = database.prepare(`SELECT * FROM "${String(name)}"`);
        rows.setReadBigInts(true);
        return [
          name,
          ...rows
            .all()
            .map((row) =>
              JSON.stringify(row, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
            ),
        ].join("\n");
      })
      .join("\n\n");
  } finally {
    database.close();
  }
}

/** Edits the journal as somebody with the file could. */
function tamper(sql: string): void {
  const database = new DatabaseSync(join(directory, "journal.sqlite"));
  database.exec(`DROP TRIGGER flushes_are_never_changed; DROP TRIGGER flushes_are_never_removed; ${sql}`);
  database.close();
}

function bytesOnDisk(): Buffer {
  return Buffer.concat(readdirSync(directory).map((file) => readFileSync(join(directory, file))));
}

describe("the tables come from the journal", () => {
  test("rebuilt tables are identical, whatever the batches were", async () => {
    const store = await open();
    await live(store);
    await store.close();
    const before = dump();
    const progress: number[] = [];
    const { flushes } = await rebuildTables(directory, (done) => progress.push(done));
    expect(dump()).toBe(before);
    expect(progress.at(-1)).toBe(flushes);
  });

  test("a rebuild says how many entries it has read, as verify does", async () => {
    const store = await open();
    await live(store);
    await store.close();
    const { flushes, entries } = await verifyJournal(directory);
    expect(await rebuildTables(directory)).toEqual({ flushes, entries });
  });

  test.each([
    [
      "a tampered journal is named with its place",
      "UPDATE flushes SET body = replace(body, 'kind', 'kine') WHERE position = 7",
      { code: "journal_broken", publicMessage: expect.stringMatching(/at flush 7: its content does not fit its hash/) },
    ],
    [
      "a journal with nothing in it is no journal to rebuild from",
      "DELETE FROM flushes",
      { code: "journal_empty", publicMessage: expect.stringMatching(/is empty/) },
    ],
  ])("%s, and the tables stay as they are", async (_, sql, fault) => {
    const store = await open();
    await live(store);
    await store.close();
    const before = dump();
    tamper(sql);
    await expect(rebuildTables(directory)).rejects.toMatchObject(fault);
    expect(dump()).toBe(before);
  });

  test("tables that the disk does not give are not thrown away, and nobody says that they are rebuilt", async () => {
    await (await open()).close();
    for (const suffix of ["", "-wal", "-shm"]) await rm(join(directory, `tables.sqlite${suffix}`), { force: true });
    await mkdir(join(directory, "tables.sqlite"));
    await expect(open()).rejects.toMatchObject({
      code: "store_unavailable",
      publicMessage: `The tables cannot be written: unable to open database file in ${directory}.`,
    });
    expect(events.map(({ event }) => event)).not.toContain("tables_rebuilt");
    expect(existsSync(join(directory, "tables.sqlite"))).toBe(true);
  });

  test("deleted tables are made again at the next start", async () => {
    const store = await open();
    await live(store);
    await store.close();
    const before = dump();
    for (const suffix of ["", "-wal", "-shm"]) await rm(join(directory, `tables.sqlite${suffix}`), { force: true });
    await (await open()).close();
    // The start has also found what was on its way; those entries come after.
    expect(dump().length).toBeGreaterThan(before.length / 2);
    expect(await verifyJournal(directory)).toMatchObject({ ok: true });
  });

  test("tables of another journal, and files that are no tables, are thrown away with a word in the log", async () => {
    const store = await open();
    const key = await issue(store);
    await store.close();
    const tables = new DatabaseSync(join(directory, "tables.sqlite"));
    tables.exec("UPDATE meta SET hash = 'of another journal'");
    tables.close();
    expect(await (await open()).getKey(key.id)).not.toBeNull();
    expect(events.map(({ event }) => event)).toContain("tables_rebuilt");
  });

  test("a rebuild is refused while a server runs, and where there is no journal", async () => {
    await open();
    await expect(rebuildTables(directory)).rejects.toThrow(/Another Keybrake is running/);
    await expect(rebuildTables(join(directory, "nothing"))).rejects.toMatchObject({ code: "journal_missing" });
    expect(existsSync(join(directory, "nothing"))).toBe(false);
  });
});

describe("verify", () => {
  async function written(): Promise<void> {
    const store = await open();
    await live(store);
    await store.close();
  }

  test("a whole journal verifies, beside a running server too", async () => {
    const store = await open();
    await live(store);
    const beside = await verifyJournal(directory);
    expect(beside).toMatchObject({ ok: true, problem: null });
    expect(beside).toEqual(await store.verifyChain());
  });

  test.each([
    [
      "a changed byte",
      "UPDATE flushes SET body = replace(body, 'kind', 'kine') WHERE position = 7",
      7,
      /does not fit its hash/,
    ],
    ["a changed time", "UPDATE flushes SET at = at - 1 WHERE position = 7", 7, /does not fit its hash/],
    ["a removed flush", "DELETE FROM flushes WHERE position = 9", 9, /flush 9 is missing/],
    [
      "two swapped flushes",
      "UPDATE flushes SET position = -5 WHERE position = 5; UPDATE flushes SET position = 5 WHERE position = 6; UPDATE flushes SET position = 6 WHERE position = -5",
      5,
      /does not link/,
    ],
    ["a removed end", "DELETE FROM flushes WHERE position > 20", 21, /ends at flush 20, but the tables have seen/],
    ["a removed beginning", "DELETE FROM flushes WHERE position < 3", 1, /flush 1 is missing/],
  ])("%s is named with its place", async (_, sql, position, why) => {
    await written();
    tamper(sql);
    const { ok, problem } = await verifyJournal(directory);
    expect({ ok, position: problem?.position, why: problem?.why }).toEqual({
      ok: false,
      position,
      why: expect.stringMatching(why),
    });
  });

  test("the first call of a damaged flush is named", async () => {
    const store = await open();
    const request = await held(store, await issue(store), 3);
    await store.close();
    tamper("UPDATE flushes SET body = replace(body, '3000000', '3000001') WHERE position = 2");
    expect((await verifyJournal(directory)).problem).toMatchObject({ position: 2, callId: request.call.callId });
  });

  test("a store does not start on a journal whose end is damaged, and says where", async () => {
    await written();
    tamper("UPDATE flushes SET body = body || ' ' WHERE position = 12");
    await expect(open()).rejects.toThrow(/does not add up at flush 12.*audit verify/);
  });

  test("a store does not start on a journal that ends before what its tables have seen", async () => {
    await written();
    tamper("DELETE FROM flushes WHERE position > 20");
    await expect(open()).rejects.toMatchObject({ code: "journal_cut" });
  });

  test("the journal itself refuses edits by mistake", async () => {
    await written();
    const database = new DatabaseSync(join(directory, "journal.sqlite"));
    expect(() => database.exec("UPDATE flushes SET body = ''")).toThrow(/never changed/);
    expect(() => database.exec("DELETE FROM flushes")).toThrow(/never removed/);
    database.close();
  });
});

describe("a directory that cannot be", () => {
  async function refusedIn(place: string, code: string, says: RegExp): Promise<void> {
    await expect(open({ directory: place })).rejects.toMatchObject({
      code,
      publicMessage: expect.stringMatching(says),
    });
  }

  test("a file in its place is named", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    await refusedIn(file, "data_directory_unusable", /file is a file\. Set KEYBRAKE_DATA_DIR/);
    await refusedIn(join(file, "below"), "data_directory_unusable", /below cannot be used: .*file is a file/);
  });

  test("where nothing can be made it is refused at once, also where Node's own way never returns", async () => {
    await refusedIn("/proc/keybrake/data", "data_directory_unusable", /\/proc\/keybrake\/data cannot be used: it/);
  });

  test("where no file can be made it is refused", async () => {
    await refusedIn(`/proc/${process.pid}`, "data_directory_unusable", /cannot be used/);
  });

  test("missing levels are made, all for their owner alone", async () => {
    const place = join(directory, "a", "b");
    await open({ directory: place });
    for (const level of [place, join(directory, "a")]) expect(statSync(level).mode & 0o777).toBe(0o700);
  });

  test.each([
    [
      "is no database",
      "this is not SQLite ".repeat(1000),
      /journal\.sqlite cannot be read as a journal: .*Restore a copy/,
    ],
    ["is cut in its first page", null, /journal\.sqlite cannot be read as a journal: .*Restore a copy/],
  ])("a journal that %s is named, by the start, verify and rebuild", async (_, content, says) => {
    const file = join(directory, "journal.sqlite");
    const store = await open();
    await live(store);
    await store.close();
    const whole = readFileSync(file);
    await writeFile(file, content ?? Buffer.concat([whole.subarray(0, 200), Buffer.alloc(whole.length - 200, 7)]));
    const fault = { code: "journal_unreadable", publicMessage: expect.stringMatching(says) };
    await expect(open()).rejects.toMatchObject(fault);
    await expect(verifyJournal(directory)).rejects.toMatchObject(fault);
    await expect(rebuildTables(directory)).rejects.toMatchObject(fault);
  });

  test("a journal that is damaged further in is named when that place is read", async () => {
    const file = join(directory, "journal.sqlite");
    const store = await open();
    await live(store);
    await store.close();
    const whole = readFileSync(file);
    await writeFile(file, Buffer.concat([whole.subarray(0, 8 * 4096), Buffer.alloc(whole.length - 8 * 4096, 7)]));
    await expect(verifyJournal(directory)).rejects.toMatchObject({ code: "journal_unreadable" });
    await expect(rebuildTables(directory)).rejects.toMatchObject({ code: "journal_unreadable" });
  });

  test("a file without a journal in it is no journal", async () => {
    await writeFile(join(directory, "journal.sqlite"), "");
    await expect(verifyJournal(directory)).rejects.toMatchObject({ code: "journal_unreadable" });
  });
});

describe("a journal that loses its name under a running store", () => {
  /** Admissions of the first second may still go in: the store looks once a second. */
  async function refuses(store: SqliteStore, key: VaultKey): Promise<void> {
    const admits = (): Promise<unknown> => store.admit([moneyRequest(key, clock.now(), usd(1))]);
    await vi.waitFor(() => expect(admits()).rejects.toThrow(`the journal file is gone from ${directory}`), {
      timeout: 10_000,
      interval: 50,
    });
    expect(store.status()).toMatchObject({ accepting: false, why: expect.stringContaining("journal file is gone") });
  }

  test("with its whole directory: nothing more is admitted, nothing is made in its place, and the end is told", async () => {
    const store = await open();
    const key = await issue(store, { caps: [cap(usd(100_000))] });
    await held(store, key, 1);
    await rm(directory, { recursive: true });
    await refuses(store, key);
    await mkdir(directory);
    await expect(store.close()).rejects.toMatchObject({ code: "store_unavailable" });
    expect(existsSync(join(directory, "journal.sqlite"))).toBe(false);
  });

  test("to a copy: the copy is not written; with the right one back, all goes on", async () => {
    const store = await open();
    const key = await issue(store, { caps: [cap(usd(100_000))] });
    const [file, aside] = [join(directory, "journal.sqlite"), join(directory, "aside")];
    await rename(file, aside);
    await copyFile(aside, file);
    const copy = readFileSync(file);
    await refuses(store, key);
    expect(readFileSync(file).equals(copy)).toBe(true);
    await rename(aside, file);
    await vi.waitFor(() => expect(store.status().accepting).toBe(true), { timeout: 10_000, interval: 20 });
    await held(store, key, 5);
    expect(await store.verifyChain()).toMatchObject({ ok: true });
  });
});

describe("one process at a time", () => {
  test("a second store on the same directory is refused with a clear sentence, and the first goes on", async () => {
    const store = await open();
    await expect(open()).rejects.toThrow(/Another Keybrake is running on .* data directory of its own/);
    await issue(store);
  });

  test("the directory is its owner's alone", async () => {
    await open();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });
});

describe("kill -9", () => {
  /** Admits $1 a call on one key, 16 at a time, ends every second one, and says what was acknowledged. */
  const CHILD = `
    import { writeSync } from "node:fs";
    const [storeUrl, directory, key] = process.argv.slice(2);
    const { openSqliteStore } = await import(storeUrl);
    const store = await openSqliteStore({ directory, clock: Date.now });
    const call = { keyId: key, label: null, temporal: null, activityId: null, attempt: null, vendor: "stripe", livemode: false,
      sandbox: false, operation: null, operationClass: "money", method: "POST", path: "/", idempotencyKey: null };
    let count = 0;
    const caller = async () => {
      for (;;) {
        const callId = "call_" + ++count;
        const estimate = { kind: "money", direction: "collected", amount: { minor: 100n, currency: "usd" }, exposure: 1000000n, object: null, rateDate: null };
        const [admission] = await store.admit([{ call: { ...call, callId }, estimate, idempotency: null }]);
        writeSync(1, "held " + callId + "\\n");
        if (count % 2 === 0) continue;
        const meter = { kind: "object", id: "pi_" + callId, moved: 1000000n, final: true, declined: false, amount: { minor: 100n, currency: "usd" } };
        await store.end([{ callId, keyId: key, reading: { meter, replayed: false, vendorRequestId: null, vendorObjectId: null }, why: null, httpStatus: 200, latencyMs: 1, upstreamMs: 1 }]);
        writeSync(1, "ended " + callId + "\\n");
      }
    };
    await Promise.all(Array.from({ length: 16 }, caller));
  `;

  test.each([40, 700])(
    "after %i acknowledgements: every one is there, calls on their way are unknown",
    async (lines) => {
      const first = await open();
      const key = await issue(first, {
        caps: [cap(usd(1_000_000), { window: "total" })],
        expiresAt: instant(Date.UTC(2100, 0)),
      });
      await first.close();

      const url = new URL("./store.ts", import.meta.url).href;
      const script = join(directory, "child.mjs");
      await writeFile(script, CHILD);
      const child = spawn(process.execPath, [script, url, directory, key.id], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const said = { held: new Set<CallId>(), ended: new Set<CallId>() };
      let count = 0;
      for await (const line of createInterface({ input: child.stdout })) {
        const [what, callId] = line.split(" ");
        if (what === "held" || what === "ended") said[what].add(asCallId(callId ?? ""));
        if (++count === lines) child.kill("SIGKILL");
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      expect(child.signalCode).toBe("SIGKILL");

      const store = await open({ clock: Date.now });
      expect(await store.verifyChain()).toMatchObject({ ok: true });
      let settled = 0;
      let unknown = 0;
      let cursor: string | null = null;
      const outcomes = new Map<CallId, string>();
      do {
        const page: Awaited<ReturnType<SqliteStore["queryCalls"]>> = await store.queryCalls(
          { keyId: key.id },
          { limit: 500, cursor },
        );
        for (const { call, outcome, inFlight } of page.rows) {
          expect(inFlight).toBe(false);
          outcomes.set(call.callId, outcome);
          if (outcome === "settled") settled += 1;
          else if (outcome === "unknown") unknown += 1;
        }
        cursor = page.nextCursor;
      } while (cursor !== null);
      for (const callId of said.held) expect(["settled", "unknown"]).toContain(outcomes.get(callId));
      for (const callId of said.ended) expect(outcomes.get(callId)).toBe("settled");
      expect(settled + unknown).toBe(outcomes.size);
      expect(store.status().recoveredUnknown).toBe(unknown);
      expect((await store.getKey(key.id))?.budgets[0]).toMatchObject({ settled: usd(settled), held: usd(unknown) });
    },
  );
});

describe("secrets", () => {
  const CANARY = Buffer.from("sealed-canary-0123456789abcdef0123456789abcdef");
  const credential = {
    id: asCredentialId("cred_1"),
    vendor: "stripe",
    name: "main",
    livemode: true,
    sandbox: false,
    accountId: null,
    isDefault: false,
    createdAt: instant(0),
    rotatedAt: null,
    removedAt: null,
  };

  test("a removed secret is in no file any more", async () => {
    const store = await open();
    await store.addCredential(credential, CANARY, BY);
    expect(bytesOnDisk().includes(CANARY)).toBe(true);
    await store.removeCredential(credential.id, BY);
    expect(bytesOnDisk().includes(CANARY)).toBe(false);
  });

  test("a rotated secret is in no file any more, and the new one is there after a crash", async () => {
    const store = await open();
    await store.addCredential(credential, CANARY, BY);
    await store.rotateCredential(credential.id, Buffer.from("new"), true, BY);
    expect(bytesOnDisk().includes(CANARY)).toBe(false);
    await store.abandon();
    expect(await (await open()).sealedSecret(credential.id)).toEqual(Uint8Array.from(Buffer.from("new")));
  });
});

describe("a disk that fails", () => {
  const recovered = (store: SqliteStore): Promise<void> =>
    vi.waitFor(() => expect(store.status().accepting).toBe(true), { timeout: 10_000, interval: 20 });

  test("admissions fail closed and leave no hold; answers and revocations wait and become durable", async () => {
    const store = await open();
    const [key, doomed] = [await issue(store), await issue(store)];
    const onItsWay = await held(store, key, 10);
    await store.injectDiskFault("read-only");

    const refused = moneyRequest(key, clock.now(), usd(20));
    await expect(store.admit([refused])).rejects.toMatchObject({ code: "store_unavailable" });
    expect(store.status()).toMatchObject({ accepting: false, why: expect.stringContaining("readonly") });
    expect(await heldUsd(store, key.id)).toBe(10);
    await expect(store.admit([moneyRequest(key, clock.now(), usd(1))])).rejects.toThrow(Fault);
    await expect(store.issueKey(makeKey(clock.now()))).rejects.toThrow(Fault);

    const ended = store.end([ending(onItsWay, objectMeter("pi_1", usd(10)))]);
    await expect(store.revokeKey(doomed.id, BY, null)).rejects.toThrow(Fault);
    expect((await store.getKey(doomed.id))?.key.revokedAt).toBe(clock.now());

    await store.injectDiskFault(null);
    await ended;
    await recovered(store);
    expect(await store.getCall(refused.call.callId)).toMatchObject({ outcome: "released", held: 0n, inFlight: false });
    await held(store, key, 5);
    await store.abandon();
    const again = await open();
    expect((await again.getKey(key.id))?.budgets[0]).toMatchObject({ settled: usd(10), held: usd(5) });
    expect((await again.getKey(doomed.id))?.key.revokedAt).toBe(clock.now());
    expect(await again.verifyChain()).toMatchObject({ ok: true });
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(["journal_failed", "journal_recovered"]));
  });

  test("a full disk refuses what no longer fits, and takes it when there is room", async () => {
    const store = await open();
    const key = await issue(store, { label: "x".repeat(100_000) });
    await store.injectDiskFault("full");
    await expect(store.admit([moneyRequest(key, clock.now(), usd(20))])).rejects.toThrow(/disk is full/);
    expect(store.status().accepting).toBe(false);
    await store.injectDiskFault(null);
    await recovered(store);
    await held(store, key, 500);
    expect(await store.verifyChain()).toMatchObject({ ok: true });
  });

  test("tables whose first step fails once take the next: questions and admissions go on", async () => {
    const store = await open();
    const key = await issue(store);
    await store.injectDiskFault("read-only", "tables");
    const why = `The tables cannot be written: attempt to write a readonly database in ${directory}.`;
    await expect(store.listKeys({}, FIRST_PAGE)).rejects.toMatchObject({ publicMessage: why });
    await vi.waitFor(() => expect(store.status()).toMatchObject({ accepting: false, why }), { timeout: 10_000 });
    await store.injectDiskFault(null, "tables");
    expect((await store.listKeys({}, FIRST_PAGE)).rows).toHaveLength(1);
    await recovered(store);
    await held(store, key, 5);
    expect((await store.queryCalls({}, FIRST_PAGE)).rows).toHaveLength(1);
    expect(events.map(({ event }) => event)).toEqual(expect.arrayContaining(["tables_failed", "tables_recovered"]));
    expect(events.map(({ event }) => event)).not.toContain("tables_rebuilt");
    await store.close();
  });

  test("a full disk is named by its directory", async () => {
    const store = await open();
    await store.injectDiskFault("full");
    const key = makeKey(clock.now(), { label: "x".repeat(100_000) });
    const publicMessage = `The journal cannot be written: database or disk is full in ${directory}.`;
    await expect(store.issueKey(key)).rejects.toMatchObject({ publicMessage });
    expect(store.status().why).toBe(publicMessage);
  });

  test("a key is stopped at once, and its caller is told that it must ask again, until it is durable", async () => {
    const store = await open();
    const key = await issue(store);
    await store.injectDiskFault("read-only");
    const told = {
      code: "store_unavailable",
      publicMessage: expect.stringMatching(
        /^The journal cannot be written: .*\. The key is stopped here at once; ask again to make it durable\.$/,
      ),
    };
    await expect(store.revokeKey(key.id, BY, null)).rejects.toMatchObject(told);
    await expect(store.revokeKey(key.id, BY, null)).rejects.toMatchObject(told);
    expect((await store.findKey(key.tokenHash))?.revokedAt).toBe(clock.now());
    await store.injectDiskFault(null);
    await recovered(store);
    expect((await store.revokeKey(key.id, BY, null))?.key.revokedAt).toBe(clock.now());
    await store.abandon();
    expect((await (await open()).findKey(key.tokenHash))?.revokedAt).toBe(clock.now());
  });

  test("an API key is stopped at once too, and its caller is told that it must ask again, until it is durable", async () => {
    const store = await open();
    const id = asApiKeyId("api_stolen");
    const scopes = ["issue"] as const;
    const stolen = { id, name: "w", tokenHash: "h", scopes, ceilings: null, createdAt: clock.now(), revokedAt: null };
    await store.createApiKey(stolen, BY);
    await store.injectDiskFault("read-only");
    const told = {
      code: "store_unavailable",
      publicMessage: expect.stringContaining("The key is stopped here at once"),
    };
    await expect(store.revokeApiKey(id, BY)).rejects.toMatchObject(told);
    expect((await store.findApiKey("h"))?.revokedAt).toBe(clock.now());
    await store.injectDiskFault(null);
    await recovered(store);
    expect((await store.revokeApiKey(id, BY))?.revokedAt).toBe(clock.now());
    await store.abandon();
    expect((await (await open()).findApiKey("h"))?.revokedAt).toBe(clock.now());
  });

  test("every one of many waiting admissions is told no, and what they held is free again", async () => {
    const store = await open();
    const key = await issue(store);
    await store.injectDiskFault("read-only");
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, () => store.admit([moneyRequest(key, clock.now(), usd(10))])),
    );
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    expect(await heldUsd(store, key.id)).toBe(0);
    await store.injectDiskFault(null);
    await recovered(store);
    await held(store, key, 500);
    const page = await store.queryCalls({ keyId: key.id, outcome: "released" }, FIRST_PAGE);
    expect(page.rows.every(({ why }) => why?.includes("not sent") === true)).toBe(true);
  });

  test("a key whose issue failed is of no use to anybody when it is written after all", async () => {
    const store = await open();
    await store.injectDiskFault("read-only");
    const key = makeKey(clock.now());
    await expect(store.issueKey(key)).rejects.toThrow(Fault);
    await store.injectDiskFault(null);
    await recovered(store);
    expect((await store.listKeys({ status: "active" }, FIRST_PAGE)).rows).toEqual([]);
  });

  test("closing gives up after one more try, and whoever waited is told", async () => {
    const store = await open();
    const key = await issue(store);
    const request = await held(store, key, 10);
    await store.injectDiskFault("read-only");
    const ended = store.end([ending(request, objectMeter("pi_1", usd(10)))]);
    const told = expect(ended).rejects.toThrow(Fault);
    await vi.waitFor(() => expect(store.status().accepting).toBe(false));
    await expect(store.close()).rejects.toMatchObject({
      code: "store_unavailable",
      publicMessage: expect.stringMatching(/journal cannot be written: .*readonly.* What waited to be written is lost/),
    });
    await told;
    expect((await (await open()).getCall(request.call.callId))?.outcome).toBe("unknown");
  });

  test("closing says when the tables could not be brought up, and the journal is closed in order all the same", async () => {
    const store = await open();
    const key = await issue(store);
    await store.injectDiskFault("read-only", "tables");
    await expect(store.close()).rejects.toMatchObject({ publicMessage: expect.stringContaining("The tables") });
    expect(existsSync(join(directory, "journal.sqlite-wal"))).toBe(false);
    expect(await (await open()).getKey(key.id)).not.toBeNull();
  });
});

describe("the cache of keys", () => {
  test("no decision is lost while hundreds of keys push each other out", async () => {
    const store = await open({ cacheKeysMax: 8 });
    const keys = await Promise.all(Array.from({ length: 300 }, () => issue(store, { caps: [cap(usd(10))] })));
    for (let round = 0; round < 7; round++) {
      await store.queryCalls({}, FIRST_PAGE); // the tables know all of them: they may go
      const kinds = await Promise.all(
        keys.map(async (key) => {
          const request = moneyRequest(key, clock.now(), usd(2));
          const [admission] = await store.admit([request]);
          if (admission?.kind === "admitted") await store.end([ending(request, objectMeter("pi_1", usd(2)))]);
          return admission?.kind;
        }),
      );
      expect(new Set(kinds)).toEqual(new Set([round < 5 ? "admitted" : "refused"]));
    }
  });

  test("with room for four keys, forty keys decide as if all were in memory", async () => {
    const store = await open({ cacheKeysMax: 4 });
    const keys: VaultKey[] = [];
    for (let i = 0; i < 40; i++) keys.push(await issue(store, { caps: [cap(usd(10))] }));
    for (let round = 0; round < 3; round++) {
      await Promise.all(
        keys.map(async (key) => {
          const request = await held(store, key, 3);
          if (round === 1) await store.end([ending(request, { kind: "definite_no" })]);
          else await store.end([ending(request, objectMeter(`pi_${round}`, usd(3)))]);
        }),
      );
      await store.queryCalls({}, FIRST_PAGE); // the tables have taken everything in: keys may go
    }
    for (const key of keys)
      expect((await store.getKey(key.id))?.budgets[0]).toMatchObject({ settled: usd(6), held: 0n, remaining: usd(4) });
  });

  test("a key that everybody asks for at once after a start is one key", async () => {
    const first = await open();
    const key = await issue(first, { caps: [cap(usd(50))] });
    await first.close();
    const store = await open();
    const results = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        if (index % 2 === 0) await store.findKey(key.tokenHash);
        return (await store.admit([moneyRequest(key, clock.now(), usd(10))]))[0]?.kind;
      }),
    );
    expect(results.filter((kind) => kind === "admitted")).toHaveLength(5);
  });
});

describe("queries use indexes", () => {
  const key = asKeyId("key_1");
  const filters: [string, CallFilter, RegExp][] = [
    ["no condition", {}, /SCAN calls$/],
    ["label", { label: "a" }, /INDEX calls_by_label \(label=\?\)/],
    ["labelPrefix", { labelPrefix: "a" }, /INDEX calls_by_label \(label>\? AND label<\?\)/],
    ["keyId", { keyId: key }, /INDEX calls_by_key \(key_id=\?\)/],
    ["vendor", { vendor: "stripe" }, /INDEX calls_by_vendor \(vendor=\?\)/],
    ["verdict", { verdict: "refused" }, /INDEX calls_by_verdict \(verdict=\?\)/],
    ["outcome", { outcome: "unknown" }, /INDEX calls_by_outcome \(outcome=\?\)/],
    ["workflowId", { workflowId: "wf" }, /INDEX calls_by_workflow \(workflow_id=\?\)/],
    ["runId", { runId: "run" }, /INDEX calls_by_run \(run_id=\?\)/],
    ["from", { from: instant(1) }, /USING INTEGER PRIMARY KEY \(rowid>\?/],
    ["to", { to: instant(Date.UTC(2026, 10, 24, 9, 30, 20)) }, /USING INTEGER PRIMARY KEY \(rowid<\?/],
    ["keyId and a span of time", { keyId: key, from: instant(1) }, /INDEX calls_by_key \(key_id=\? AND rowid>\?\)/],
    ["two common conditions", { vendor: "stripe", verdict: "allowed" }, /INDEX calls_by_/],
  ];

  test("every condition of a call filter walks an index, newest first, and nothing is sorted but a prefix", async () => {
    const store = await open();
    await live(store);
    await store.refuse([
      {
        call: { ...readRequest(makeKey(clock.now()), clock.now()).call },
        refusal: "endpoint_not_allowed",
        estimate: null,
        direction: null,
        amount: null,
        latencyMs: 1,
      },
    ]);
    await store.close();
    const database = openTables(directory);
    const queries = new Queries(database, new Tables(database));
    for (const [name, filter, expected] of filters) {
      const statement = queries.callsStatement(filter, { limit: 50, cursor: null });
      if (statement === null) throw new Error(`${name} finds something`);
      const plan = database
        .prepare(`EXPLAIN QUERY PLAN ${statement.sql}`)
        .all(...statement.values)
        .map((step) => String(step["detail"]));
      expect(plan[0], name).toMatch(expected);
      if (name !== "labelPrefix") expect(plan.join(), name).not.toMatch(/TEMP B-TREE/);
    }
    database.close();
  });
});
