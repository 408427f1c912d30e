/** What a newcomer meets first: `npm start`, the line to paste, the cap, the second server, the settings that cannot be, the end. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { ADMIN_API_KEY, startKeybrake, temporaryDirectory, type Json } from "./support/keybrake.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..");
const CLI = join(ROOT, "packages", "cli", "src", "main.ts");

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs to its end, whatever that is. */
async function ended(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], KEYBRAKE_RATES_FEED: "off", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

async function waitFor(child: ChildProcess, pattern: RegExp): Promise<string> {
  let text = "";
  return await new Promise((resolve, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (pattern.test(text)) resolve(text);
    });
    child.once("exit", (code) => reject(new Error(`it ended with ${code}: ${text}`)));
  });
}

describe("npm start in an empty place", () => {
  test("prints an address, an API key and a line that works as it stands, until the cap refuses it; ends on SIGTERM", async () => {
    await using directory = await temporaryDirectory();
    const child = spawn("npm", ["start"], {
      cwd: ROOT,
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        KEYBRAKE_PORT: "0",
        KEYBRAKE_DATA_DIR: join(directory.path, "data"),
        KEYBRAKE_RATES_FEED: "off",
      },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    try {
      const said = await waitFor(child, /Paste it until/);
      const url = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1] ?? "";
      const apiKey = /^API key\s+(kbapik\w{38})$/m.exec(said)?.[1] ?? "";
      const line = /^\s+(curl .*)$/m.exec(said)?.[1] ?? "";
      expect(said).toContain("sandbox");
      expect(line).not.toContain("|");
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);

      const answers: Json[] = [];
      for (let paste = 0; paste < 6; paste += 1) {
        const { stdout } = await run("sh", ["-c", line]);
        answers.push(JSON.parse(stdout) as Json);
      }
      expect(answers.slice(0, 5).map((answer) => answer["status"])).toEqual(Array(5).fill("succeeded"));
      expect(answers[5]).toMatchObject({ error: { code: "spend_cap_exceeded", limit_usd: "50", settled_usd: "50" } });

      const audit = await fetch(`${url}/audit/calls`, { headers: { authorization: `Bearer ${apiKey}` } });
      const { data } = (await audit.json()) as { data: Json[] };
      expect(data).toHaveLength(6);
      expect(data.every((row) => row["sandbox"] === true && row["livemode"] === false)).toBe(true);

      // What was made on the first start is its owner's alone.
      for (const name of ["master.key", "admin-api-key", "journal.sqlite", "tables.sqlite"])
        expect(statSync(join(directory.path, "data", name)).mode & 0o077, name).toBe(0);
    } finally {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      await once(child, "exit");
    }
  });
});

describe("what a start says next", () => {
  /** What it has printed by the time it stops. */
  async function said(environment: Readonly<Record<string, string>>): Promise<string> {
    const keybrake = await startKeybrake({ environment });
    await expect
      .poll(() => keybrake.stdout(), { timeout: 10_000 })
      .toMatch(/npm run -s keybrake -- (?:keys|credentials|audit)/);
    await keybrake.stop();
    return keybrake.stdout() + keybrake.stderr();
  }

  test("without any credential: how to add one, as a line that works", async () => {
    await using directory = await temporaryDirectory();
    const secret = join(directory.path, "secret.txt");
    // Put together here, so that no scanner of this repository takes it for a real one.
    writeFileSync(secret, ["sk", "test", "51SecretOfTheStart00000000000000"].join("_"));
    const keybrake = await startKeybrake({ environment: { KEYBRAKE_SANDBOX: "off" } });
    const added = /^ {2}(.* credentials add --vendor stripe --name main < secret\.txt)$/m;
    await expect.poll(() => keybrake.stdout(), { timeout: 10_000 }).toMatch(added);
    const line = added.exec(keybrake.stdout())?.[1] ?? "";
    const { stdout } = await run("sh", ["-c", line.replace("secret.txt", secret)], {
      cwd: ROOT,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], KEYBRAKE_BOOTSTRAP_API_KEY: ADMIN_API_KEY },
    });
    expect(stdout).toContain('added: stripe "main" (test), the default');
    expect(keybrake.stdout()).not.toContain("curl ");
    await keybrake.stop();
  });

  test("with a bootstrap key: its variable, never itself", async () => {
    const text = await said({});
    expect(text).toContain('KEYBRAKE_API_KEY="$KEYBRAKE_BOOTSTRAP_API_KEY" npm run -s keybrake -- keys create');
    expect(text).not.toContain(ADMIN_API_KEY);
  });

  test("open to others, and a mistyped setting: a warning each, without the value", async () => {
    const text = await said({
      KEYBRAKE_HOST: "0.0.0.0",
      KEYBRAKE_STIPE_BASE_URL: "https://value.example",
      KEYBRAKE_TEST_X: "1",
    });
    expect(text).toContain("plain http on all interfaces");
    expect(text).toContain("KEYBRAKE_STIPE_BASE_URL is no setting");
    expect(text).toContain("Did you mean KEYBRAKE_STRIPE_BASE_URL?");
    expect(text).not.toMatch(/value\.example|KEYBRAKE_TEST_X/);
    expect(await said({})).not.toContain("warning:");
  });
});

describe("a start that cannot be", () => {
  test("a second server on the same data directory is refused with a sentence, and harms nothing", async () => {
    await using directory = await temporaryDirectory();
    const first = await startKeybrake({ dataDirectory: directory.path });
    const second = await ended(["serve"], { KEYBRAKE_PORT: "0", KEYBRAKE_DATA_DIR: directory.path });
    expect(second.code).toBe(1);
    expect(second.output).toContain("Another Keybrake is running");
    expect(second.output).not.toContain("    at ");
    expect((await first.api("GET", "/vault/keys")).status).toBe(200);
    expect(await first.stop()).toBe(0);
  });

  test("a port in use is said, and nothing is left behind that would hinder the next start", async () => {
    await using directory = await temporaryDirectory();
    await using other = await temporaryDirectory();
    const first = await startKeybrake({ dataDirectory: other.path });
    const environment = { KEYBRAKE_PORT: String(first.port), KEYBRAKE_DATA_DIR: directory.path };
    const second = await ended(["serve"], environment);
    expect(second.code).toBe(1);
    expect(second.output).toContain(`Port ${first.port} on 127.0.0.1 is in use`);
    await first.stop();
    const third = await startKeybrake({ dataDirectory: directory.path });
    expect(await third.stop()).toBe(0);
  });

  test.each([
    ["a port that is none", { KEYBRAKE_PORT: "none" }, "KEYBRAKE_PORT"],
    ["a short master key", { KEYBRAKE_MASTER_KEY: "short" }, "KEYBRAKE_MASTER_KEY"],
    ["plain http to another machine", { KEYBRAKE_STRIPE_BASE_URL: "http://example.com" }, "plain http"],
    ["a database that this version has not", { KEYBRAKE_DATABASE_URL: "postgres://x" }, "KEYBRAKE_DATABASE_URL"],
    ["a sandbox word that is none", { KEYBRAKE_SANDBOX: "maybe" }, "KEYBRAKE_SANDBOX"],
    ["an address that is not here", { KEYBRAKE_HOST: "203.0.113.9" }, "KEYBRAKE_HOST"],
    ["a data directory below a file", { KEYBRAKE_DATA_DIR: join(CLI, "data") }, "KEYBRAKE_DATA_DIR"],
    ["rates that are not there", { KEYBRAKE_RATES_FILE: "/nowhere/rates.csv" }, "KEYBRAKE_RATES_FILE"],
  ])("%s is named, with exit status other than 0 and no stack", async (_what, environment, says) => {
    await using directory = await temporaryDirectory();
    const data = join(directory.path, "data");
    const { code, output } = await ended(["serve"], { KEYBRAKE_PORT: "0", KEYBRAKE_DATA_DIR: data, ...environment });
    expect(code).toBeGreaterThan(0);
    expect(output).toContain(says);
    expect(output).not.toContain("    at ");
    if (!["KEYBRAKE_RATES_FILE", "KEYBRAKE_HOST"].includes(says))
      expect(existsSync(join(data, "journal.sqlite"))).toBe(false);
  });

  test("another master key than the one that sealed: calls are refused, and the right one opens everything again", async () => {
    await using directory = await temporaryDirectory();
    const right = "11".repeat(32);
    const first = await startKeybrake({
      dataDirectory: directory.path,
      environment: { KEYBRAKE_MASTER_KEY: right, KEYBRAKE_SANDBOX: "on" },
    });
    const key = await first.api("POST", "/vault/keys", {
      vendor: "stripe",
      total_usd_cap: 50,
      allowed_endpoints: ["**"],
      expires_in: "1h",
    });
    const token = String(key.body["vault_key"]);
    await first.stop();
    const balance = async (url: string): Promise<[number, string]> => {
      const answer = await fetch(`${url}/stripe/v1/balance`, { headers: { authorization: `Bearer ${token}` } });
      return [answer.status, await answer.text()];
    };
    for (const [masterKey, status, says] of [
      ["22".repeat(32), 503, "another master key"],
      [right, 200, '"object": "balance"'],
    ] as const) {
      const again = await startKeybrake({
        dataDirectory: directory.path,
        environment: { KEYBRAKE_MASTER_KEY: masterKey, KEYBRAKE_SANDBOX: "on" },
      });
      const [got, text] = await balance(again.url);
      expect([got, text]).toEqual([status, expect.stringContaining(says)]);
      await again.stop();
    }
  });
});

describe("the demo", () => {
  test("tells the whole story in plain lines where there is no terminal", async () => {
    const { code, output } = await ended(["demo"], {});
    expect(code).toBe(0);
    expect(output).not.toContain("\u001b");
    for (const expected of [
      "429 spend_cap_exceeded",
      "($485.00 so far)",
      "payment_intents.create",
      "401 vault_key_revoked",
      "$500.00",
      "$15.00",
    ])
      expect(output).toContain(expected);
  });

  test.each([
    ["^C", (demo: string) => `${demo} > out & until grep -q charges out; do sleep 0.02; done; kill -INT $!; wait`],
    ["a reader that goes away", (demo: string) => `${demo} | head -3`],
  ])("%s leaves nothing behind", async (_what, script) => {
    await using directory = await temporaryDirectory();
    // With job control, or the shell would let what runs in the background ignore a ^C.
    await run("bash", ["-c", `set -m; touch out; ${script(`"${process.execPath}" "${CLI}" demo`)}; true`], {
      cwd: directory.path,
      env: { PATH: process.env["PATH"], TMPDIR: directory.path },
    });
    expect(readdirSync(directory.path)).toEqual(["out"]);
  });
});
