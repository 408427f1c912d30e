/** Keybrake as users run it: a child process on a port of its own, spoken to over HTTP. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");
const START_MS_MAX = 20_000;

export const ADMIN_API_KEY = "test-admin-api-key-0123456789abcdef";

export interface Json {
  readonly [name: string]: unknown;
}

interface Answer<Body = Json> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface KeybrakeProcess {
  readonly url: string;
  readonly port: number;
  readonly dataDirectory: string;
  readonly process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** The control API as the bootstrap admin, or with another API key. */
  api<Body = Json>(method: string, path: string, body?: unknown, apiKey?: string): Promise<Answer<Body>>;
  /** SIGTERM and wait. */
  stop(): Promise<number | null>;
  /** SIGKILL and wait. */
  kill(): Promise<void>;
}

export interface KeybrakeOptions {
  readonly dataDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds until /readyz must answer 200. */
  readonly startMsMax?: number;
}

export async function temporaryDirectory(): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "keybrake-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export async function startKeybrake(options: KeybrakeOptions = {}): Promise<KeybrakeProcess> {
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), "keybrake-test-")));
  const child = spawn(process.execPath, [join(ROOT, "packages", "cli", "src", "main.ts"), "serve"], {
    cwd: ROOT,
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      KEYBRAKE_PORT: "0",
      KEYBRAKE_DATA_DIR: dataDirectory,
      KEYBRAKE_BOOTSTRAP_API_KEY: ADMIN_API_KEY,
      KEYBRAKE_RATES_FEED: "off",
      ...options.environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  // One that nobody named is nobody's to look into afterwards.
  if (options.dataDirectory === undefined) void exited.then(() => rm(dataDirectory, { recursive: true, force: true }));

  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`Keybrake did not start: ${why}\n${stdout}\n${stderr}`));
    const timer = setTimeout(() => fail("timeout"), options.startMsMax ?? START_MS_MAX);
    child.stdout.on("data", () => {
      const found = /https?:\/\/[^\s/]+:\d+/.exec(stdout);
      if (found === null) return;
      clearTimeout(timer);
      resolve(found[0]);
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(`it exited with ${code}`);
    });
  });
  const ready = await fetch(`${url}/readyz`);
  if (ready.status !== 200) throw new Error(`/readyz answered ${ready.status}: ${await ready.text()}`);

  return {
    url,
    port: Number(new URL(url).port),
    dataDirectory,
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    async api<Body = Json>(
      method: string,
      path: string,
      body?: unknown,
      apiKey: string = ADMIN_API_KEY,
    ): Promise<Answer<Body>> {
      const answer = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body };
    },
    async stop() {
      child.kill("SIGTERM");
      return await exited;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

export interface IssuedKey {
  readonly key_id: string;
  readonly vault_key: string;
  readonly base_url: string;
  readonly expires_at: string;
  readonly budgets: readonly BudgetAnswer[];
}

export interface BudgetAnswer {
  readonly window: string;
  readonly limit_usd: string;
  readonly settled_usd: string;
  readonly held_usd: string;
  readonly remaining_usd: string;
}

/** A key for the tests' vendor; everything can be overridden. */
export async function issueKey(keybrake: KeybrakeProcess, fields: Json = {}): Promise<IssuedKey> {
  const { status, body } = await keybrake.api<IssuedKey>("POST", "/vault/keys", {
    vendor: "stripe",
    total_usd_cap: 500,
    allowed_endpoints: ["**"],
    expires_in: "8h",
    ...fields,
  });
  if (status !== 201) throw new Error(`issuing a key answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

export async function addCredential(keybrake: KeybrakeProcess, secret: string, name: string = "main"): Promise<string> {
  const { status, body } = await keybrake.api("POST", "/vault/credentials", { vendor: "stripe", name, secret });
  if (status !== 201) throw new Error(`adding a credential answered ${status}: ${JSON.stringify(body)}`);
  return String(body["id"]);
}
