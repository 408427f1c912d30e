/** The command line against a running server: every command does what it says, for people and, with --json, for programs. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADMIN_API_KEY, issueKey, startKeybrake, temporaryDirectory, type Json } from "./support/keybrake.ts";
import { charge, startWorld, type World } from "./support/vendor.ts";

const CLI = join(import.meta.dirname, "..", "packages", "cli", "src", "main.ts");
// Put together here, so that no scanner of this repository takes it for a real one.
const SECRET = ["sk", "test", "51SecretOfTheCommandLineTest000000"].join("_");

let world: World;
beforeAll(async () => {
  world = await startWorld({ otherSecretKeys: [SECRET] });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function keybrake(
  args: readonly string[],
  input = "",
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: {
      PATH: process.env["PATH"],
      KEYBRAKE_URL: world.keybrake.url,
      KEYBRAKE_API_KEY: ADMIN_API_KEY,
      KEYBRAKE_DATA_DIR: world.keybrake.dataDirectory,
      ...environment,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

/** On a terminal of that many columns; what it shows, with its colours. */
async function onTerminal(columns: number, args: readonly string[]): Promise<string> {
  const command = [`stty cols ${columns};`, "exec", process.execPath, CLI, ...args].join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    env: {
      PATH: process.env["PATH"],
      TERM: "xterm-256color",
      KEYBRAKE_URL: world.keybrake.url,
      KEYBRAKE_API_KEY: ADMIN_API_KEY,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  await once(child, "close");
  return out.replaceAll("\r\n", "\n");
}

/** Every cell of these left-aligned columns begins below its title. */
function expectAligned(text: string, titles: readonly string[]): void {
  const [head = "", ...rows] = stripVTControlCharacters(text).trimEnd().split("\n");
  expect(rows.length).toBeGreaterThan(0);
  for (const title of titles) {
    const at = head.indexOf(title);
    expect(at, title).toBeGreaterThan(0);
    for (const row of rows) expect(row.slice(at - 2, at + 1), `${title}: ${row}`).toMatch(/^ {2}\S$/);
  }
}

async function json<T = Json>(args: readonly string[], input?: string): Promise<T> {
  const { code, out, err } = await keybrake([...args, "--json"], input);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out) as T;
}

describe("keys", () => {
  test("create, list, show and revoke", async () => {
    const key = await json([
      "keys",
      "create",
      "--vendor",
      "stripe",
      "--daily-cap",
      "200",
      "--total-cap",
      "500.50",
      "--per-call-cap",
      "50",

      "--allow",
      "POST /v1/payment_intents",
      "customers.*",
      "--expires-in",
      "45d",
      "--label",
      "cli/one",
      "--workflow-id",
      "w-1",
      "--run-id",
      "r-1",
    ]);
    expect(key).toMatchObject({
      agent_run_label: "cli/one",
      per_call_usd_cap: "50",
      allowed_endpoints: ["POST /v1/payment_intents", "customers.*"],
      temporal: { namespace: "default", workflow_id: "w-1", run_id: "r-1" },
      livemode: false,
    });
    expect(key["vault_key"]).toMatch(/^kbtest[0-9A-Za-z]{38}$/);
    const keyId = String(key["key_id"]);
    expect(await json<Json[]>(["keys", "list", "--label", "cli/one"])).toHaveLength(1);
    const shown = await keybrake(["keys", "show", keyId]);
    expect(shown.out).toContain("$500.50");
    expect(shown.out).not.toContain(String(key["vault_key"]));
    expect((await keybrake(["keys", "revoke", keyId])).out).toContain(`${keyId} revoked at`);
    expect((await keybrake(["keys", "revoke", keyId])).code).toBe(0);
    expect(await json(["keys", "show", keyId])).toMatchObject({ status: "revoked" });
  });

  test("what is wrong is said in a sentence, with a status other than 0", async () => {
    const noCap = await keybrake(["keys", "create", "--vendor", "stripe", "--allow", "**"]);
    expect([noCap.code, noCap.out]).toEqual([1, ""]);
    expect(noCap.err).toContain("needs a cap");
    const unknown = await keybrake(["keys", "show", "key_none"]);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining("no vault key of this id")]);
    const option = await keybrake(["keys", "list", "--labl", "x"]);
    expect([option.code, option.err]).toEqual([2, expect.stringContaining("--label")]);
    const nobody = await keybrake(["keys", "list"], "", { KEYBRAKE_URL: "http://127.0.0.1:9" });
    expect([nobody.code, nobody.err]).toEqual([1, expect.stringContaining("http://127.0.0.1:9")]);
    const stranger = await keybrake(["keys", "list"], "", { KEYBRAKE_API_KEY: "kbapik" });
    expect([stranger.code, stranger.err.includes("    at ")]).toEqual([1, false]);
  });
});

describe("the kill switch", () => {
  test("tries every key, says which could not be stopped, and ends badly if any could not", async () => {
    const [first, last] = [await issueKey(world.keybrake), await issueKey(world.keybrake)];
    const ran = await keybrake(["keys", "revoke", first.key_id, "key_none", last.key_id]);
    expect(ran.code).toBe(1);
    for (const key of [first, last]) {
      expect(ran.out).toContain(`${key.key_id} revoked at`);
      expect(await json(["keys", "show", key.key_id])).toMatchObject({ status: "revoked" });
    }
    expect(ran.err).toContain("key_none was not revoked: There is no vault key of this id here.");
    expect(ran.err).toContain("1 of 3 keys");
  });
});

describe("on a terminal", () => {
  test("tables are coloured and aligned, and a row fits", async () => {
    const key = await issueKey(world.keybrake, { agent_run_label: "cli/terminal-with-a-long-label" });
    await charge(key.base_url, key.vault_key, 1234);
    for (const columns of [80, 120, 250]) {
      const keys = await onTerminal(columns, ["keys", "list", "--label", "cli/terminal-with-a-long-label"]);
      const calls = await onTerminal(columns, ["audit", "list", "--label", "cli/terminal-with-a-long-label"]);
      for (const text of [keys, calls]) {
        expect(text).toContain("\u001b[");
        expect(text).not.toContain("\ufffd");
        for (const line of stripVTControlCharacters(text).split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
      }
      expectAligned(keys, ["STATUS", "LABEL"]);
      expectAligned(calls, ["LABEL", "OPERATION", "MODE", "VERDICT"]);
      expect(keys).toContain(key.key_id);
      expect(stripVTControlCharacters(calls).includes("call_")).toBe(columns === 250);
    }
    const piped = await keybrake(["audit", "list", "--label", "cli/terminal-with-a-long-label"]);
    expect(piped.out).toContain("cli/terminal-with-a-long-label");
    expect(piped.out).toContain("call_");
  });

  test("nothing in a label moves the cursor or changes the colours", async () => {
    const label = "\u001b[2J\u001b[31mred\u202e";
    const budget = { window: "total", limit_usd: "5", settled_usd: "0", held_usd: "0", remaining_usd: "5" };
    const key = {
      key_id: "key_1",
      base_url: "http://x",
      status: "active",
      vendor: "v",
      livemode: true,
      sandbox: false,
      agent_run_label: label,
      credential: { id: "c", name: label },
      temporal: null,
      allowed_endpoints: ["**"],
      per_call_usd_cap: null,
      uncapped: false,
      expires_at: "soon",
      account_sid: null,
      constraints: {},
      allow_unbounded: {},
      budgets: [{ ...budget, resets_at: null, directions: ["collected"] }],
    };
    const server = createServer((request, response) =>
      response.end(JSON.stringify(request.url?.includes("key_1") === true ? key : { data: [key], next_cursor: null })),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const KEYBRAKE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const args of [
      ["keys", "list"],
      ["keys", "show", "key_1"],
    ]) {
      const { out } = await keybrake(args, "", { KEYBRAKE_URL, FORCE_COLOR: "1" });
      expect(out).toContain("\ufffd[2J\ufffd[31mred\ufffd");
      expect(out).not.toContain("\u001b[2J");
      expect(out).not.toContain("\u202e");
      expect(out).toContain("\u001b[32mactive");
    }
    server.close();
  });
});

describe("in the command line's own words", () => {
  const create = ["keys", "create", "--vendor", "stripe", "--expires-in", "1h"];

  test.each<[string, readonly string[], string]>([
    [
      "a cap with a dollar sign",
      [...create, "--allow", "**", "--total-cap", "$5"],
      "--total-cap must be dollars without $",
    ],
    [
      "a cap with commas",
      [...create, "--allow", "**", "--daily-cap", "5,000"],
      "--daily-cap must be dollars without $",
    ],
    ["no cap", [...create, "--allow", "**"], "--daily-cap or --total-cap. For none at all say --uncapped."],
    [
      "a pattern that is none",
      [...create, "--total-cap", "5", "--allow", "**", "POST x"],
      "--allow (value 2) is no pattern",
    ],
    ["an option that is none", ["keys", "list", "--labl", "x"], "npm run -s keybrake -- keys list --help"],
    ["a status that is none", ["keys", "list", "--status", "dead"], "--status"],
    ["an API key that is none", ["keys", "list"], "The API key came from KEYBRAKE_API_KEY."],
  ])("%s", async (what, args, says) => {
    const { code, err } = await keybrake(args, "", what.startsWith("an API key") ? { KEYBRAKE_API_KEY: "kbapik" } : {});
    expect(code).toBeGreaterThan(0);
    expect(err).toContain(says);
    expect(err).not.toMatch(/usd_cap|allowed_endpoints|    at /);
  });

  test("an address without http:// is said to be none", async () => {
    const { code, err } = await keybrake(["keys", "list"], "", { KEYBRAKE_URL: "localhost:4747" });
    expect([code, err]).toEqual([2, expect.stringContaining("http://")]);
  });

  test("what was probably not meant is issued, with a warning", async () => {
    const allow = ["--allow", "POST /v1/payment_intent", "GET /v1/customers/cus_1", "POST /v1/**"];
    const { code, err } = await keybrake([...create, "--total-cap", "5", "--per-call-cap", "10", ...allow]);
    expect(code).toBe(0);
    expect(err).toContain('"POST /v1/payment_intent" matches no operation');
    expect(err).toContain('Did you mean "POST /v1/payment_intents"?');
    expect(err).toContain("above the total cap of $5.00");
    expect(err.match(/warning:/g)).toHaveLength(2);
    expect((await keybrake([...create, "--total-cap", "0", "--allow", "**"])).err).toContain(
      "every call that can move",
    );
  });

  test("a filter that matches nothing is not taken for an empty record; the tightest of several caps is listed", async () => {
    expect((await keybrake(["audit", "list", "--label", "nobody"])).err).toBe("No calls match.\n");
    expect((await keybrake(["keys", "list", "--label", "nobody"])).err).toBe("No vault keys match.\n");
    await issueKey(world.keybrake, { agent_run_label: "cli/caps", daily_usd_cap: 20, total_usd_cap: 500 });
    expect((await keybrake(["keys", "list", "--label", "cli/caps"])).out).toContain("$20.00 day +1 more");
  });
});

describe("doctor", () => {
  test("an issue key that may not list credentials is in order", async () => {
    const made = await json(["api-keys", "create", "--name", "doctor", "--scope", "issue"]);
    const { code, out } = await keybrake(["doctor"], "", { KEYBRAKE_API_KEY: String(made["api_key"]) });
    expect([code, out]).toEqual([0, expect.stringMatching(/ok\s+API key\s+accepted \(scope issue/)]);
  });

  test("another server is told from Keybrake in a sentence, and is not shown the API key", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end("<html><body>hello");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { code, out } = await keybrake(["doctor"], "", { KEYBRAKE_URL: `http://127.0.0.1:${port}` });
    server.close();
    expect([code, out]).toEqual([1, expect.stringContaining("not as Keybrake does")]);
    expect(out).not.toContain("<html>");
    expect(seen).toEqual([undefined]);
  });

  test("a server elsewhere is not mixed up with the directory here", async () => {
    const KEYBRAKE_URL = "http://keybrake.invalid";
    const mixed = await keybrake(["doctor"], "", { KEYBRAKE_URL });
    expect(mixed.out).toMatch(/audit chain .*on this machine, not of/);
    const apart = await keybrake(["doctor"], "", { KEYBRAKE_URL, KEYBRAKE_DATA_DIR: "/nowhere" });
    expect(apart.out).not.toContain("audit chain");
  });
});

describe("credentials", () => {
  test("a secret comes by stdin or environment, never by argument, and is never shown", async () => {
    const added = await json(["credentials", "add", "--vendor", "stripe", "--name", "second"], `${SECRET}\n`);
    expect(added).toMatchObject({ name: "second", livemode: false, default: false });
    const list = await keybrake(["credentials", "list"]);
    expect(list.out).toContain("second");
    const id = String(added["id"]);
    const rotated = await keybrake(["credentials", "rotate", id], "", { KEYBRAKE_SECRET: SECRET });
    expect([rotated.code, rotated.out]).toEqual([0, expect.stringContaining("rotated")]);
    const wrong = await keybrake(["credentials", "rotate", id], "pk_test_publishable");
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining("publishable")]);
    const argument = await keybrake(["credentials", "add", "--vendor", "stripe", "--name", "x", SECRET]);
    expect([argument.code, argument.err]).toEqual([2, expect.stringContaining("too many arguments")]);
    const misplaced = await keybrake(["credentials", "rotate", SECRET]);
    expect([misplaced.code, misplaced.err]).toEqual([1, expect.stringContaining(`${id} "second"`)]);
    expect((await keybrake(["credentials", "add", "--vendor", "stripe", "--name", "x"])).code).not.toBe(0);
    // A name will do.
    expect((await keybrake(["credentials", "rotate", "second"], SECRET)).code).toBe(0);
    const removed = await keybrake(["credentials", "remove", "second"]);
    expect([removed.code, removed.out]).toEqual([0, expect.stringContaining(`${id} removed, and its secret erased`)]);
    expect(removed.err).toContain('The default is stripe "main"');
    const said = [list, rotated, wrong, argument, misplaced].map((ran) => ran.out + ran.err).join("");
    expect(said).not.toContain(SECRET);
  });
});

describe("API keys", () => {
  test("one with ceilings issues within them and not beyond", async () => {
    const made = await json([
      "api-keys",
      "create",
      "--name",
      "worker",
      "--scope",
      "issue",
      "--vendor",
      "stripe",
      "--label-prefix",
      "team/",

      "--total-cap",
      "100",
      "--allow",
      "POST /v1/payment_intents",
      "--expires-in",
      "8h",
    ]);
    const worker = { KEYBRAKE_API_KEY: String(made["api_key"]) };
    const within = ["keys", "create", "--vendor", "stripe", "--label", "team/a", "--total-cap", "100"];
    const allow = ["--allow", "POST /v1/payment_intents"];
    expect((await keybrake([...within, ...allow], "", worker)).code).toBe(0);
    const beyond = await keybrake([...within, "--allow", "**"], "", worker);
    expect([beyond.code, beyond.err]).toEqual([1, expect.stringContaining("ceiling")]);
    expect((await keybrake(["audit", "list"], "", worker)).err).toContain("scope");
    expect((await keybrake(["api-keys", "list"])).out).toContain("agent_run_label_prefix=team/");
    expect((await keybrake(["api-keys", "revoke", "worker"])).out).toContain(`${String(made["id"])} revoked`);
    expect((await keybrake(["api-keys", "revoke", "worker"])).err).toContain("bootstrap");
    expect((await keybrake([...within, ...allow], "", worker)).err).toContain("revoked");
  });
});

describe("audit", () => {
  test("list filters, tail follows, verify proves beside the running server", async () => {
    const key = await issueKey(world.keybrake, { agent_run_label: "cli/audit" });
    await charge(key.base_url, key.vault_key, 1234);
    const rows = await json<Json[]>(["audit", "list", "--label", "cli/audit"]);
    expect(rows).toMatchObject([{ cost_usd: "12.34", outcome: "settled" }]);
    expect((await keybrake(["audit", "list", "--label-prefix", "cli/"])).out).toContain("$12.34");

    const from = new Date(Date.now() - 60_000).toISOString();
    const tail = spawn(process.execPath, [CLI, "audit", "tail", "--json", "--label", "cli/audit", "--from", from], {
      env: { PATH: process.env["PATH"], KEYBRAKE_URL: world.keybrake.url, KEYBRAKE_API_KEY: ADMIN_API_KEY },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let followed = "";
    tail.stdout.setEncoding("utf8").on("data", (text: string) => (followed += text));
    await expect.poll(() => followed, { timeout: 10_000 }).toContain('"12.34"');
    await charge(key.base_url, key.vault_key, 4321);
    await expect.poll(() => followed, { timeout: 10_000 }).toContain('"43.21"');
    tail.kill();
    await once(tail, "exit");
    expect(followed.trim().split("\n")).toHaveLength(2);

    expect(await json(["audit", "verify"])).toMatchObject({ ok: true, problem: null });
    expect((await keybrake(["doctor"])).code).toBe(0);
  });

  test("tail goes on when the server is started again", async () => {
    await using directory = await temporaryDirectory();
    const first = await startKeybrake({ dataDirectory: directory.path });
    const tail = spawn(process.execPath, [CLI, "audit", "tail"], {
      env: { PATH: process.env["PATH"], KEYBRAKE_URL: first.url, KEYBRAKE_API_KEY: ADMIN_API_KEY },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, err] = ["", ""];
    tail.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    tail.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    const charged = async (cents: number): Promise<void> => {
      const key = await issueKey(first);
      await charge(key.base_url, key.vault_key, cents);
    };
    // From the start of the following on, whenever that is.
    const untilShown = async (cents: number, text: string): Promise<void> => {
      await expect.poll(async () => (await charged(cents), out), { timeout: 10_000, interval: 500 }).toContain(text);
    };
    await untilShown(1100, "$11.00");
    await first.stop();
    await expect.poll(() => err, { timeout: 10_000 }).toContain("Asking until it answers");
    const again = { KEYBRAKE_PORT: String(first.port) };
    const second = await startKeybrake({ dataDirectory: directory.path, environment: again });
    await untilShown(2200, "$22.00");
    expect(err).toContain("It answers again.");
    tail.kill();
    await once(tail, "exit");
    await second.stop();
  });

  test("rebuild makes the same tables again, and verify names the place of an edit", async () => {
    const key = await issueKey(world.keybrake, { agent_run_label: "cli/rebuild" });
    for (let count = 1; count <= 5; count += 1) await charge(key.base_url, key.vault_key, count * 100);
    const query = "/audit/calls?limit=500&agent_run_label=cli/rebuild";
    const before = (await world.keybrake.api("GET", query)).body;
    const running = await keybrake(["audit", "rebuild"]);
    expect([running.code, running.err]).toEqual([1, expect.stringMatching(/use|running|another/)]);

    await world.keybrake.stop();
    const directory = world.keybrake.dataDirectory;
    for (const end of ["", "-wal", "-shm"]) writeFileSync(join(directory, `tables.sqlite${end}`), "");
    expect((await keybrake(["audit", "rebuild"])).code).toBe(0);
    await world.restart();
    expect((await world.keybrake.api("GET", query)).body).toEqual(before);
    await world.keybrake.stop();

    const journal = join(directory, "journal.sqlite");
    const intact = readFileSync(journal);
    const database = new DatabaseSync(journal);
    // As someone would who wants to look honest: the guards go first.
    const guards = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all();
    for (const { name } of guards) database.exec(`DROP TRIGGER "${String(name)}"`);
    const table = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%body%'").get();
    const { changes } = database
      .prepare(`UPDATE "${String(table?.["name"])}" SET body = replace(body, '"4000000"', '"1000000"')`)
      .run();
    expect(guards.length * Number(changes)).toBeGreaterThan(0);
    database.close();
    const broken = await keybrake(["audit", "verify"]);
    expect([broken.code, broken.err]).toEqual([1, expect.stringMatching(/broken at position \d+/)]);
    expect((await keybrake(["doctor"])).code).toBe(1);
    writeFileSync(journal, intact);
    expect((await keybrake(["audit", "verify"])).code).toBe(0);
    await world.restart();
  });
});
