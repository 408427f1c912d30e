/** The command line against a running server: every command does what it says, for people and, with --json, for programs. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADMIN_API_KEY, issueKey, type Json } from "./support/keybrake.ts";
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
    expect((await keybrake(["credentials", "add", "--vendor", "stripe", "--name", "x", SECRET])).code).toBe(2);
    expect((await keybrake(["credentials", "add", "--vendor", "stripe", "--name", "x"])).code).not.toBe(0);
    expect((await keybrake(["credentials", "remove", id])).out).toContain("erased");
    expect(list.out + list.err + rotated.out + wrong.err).not.toContain(SECRET);
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
    expect((await keybrake(["api-keys", "revoke", String(made["id"])])).code).toBe(0);
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
