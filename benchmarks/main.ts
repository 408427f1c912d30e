/**
 * `npm run bench`: what enforcement costs, as ratios against a bare pass-through in the same run.
 *
 * Both proxies are pinned to one core, all their threads with it; the load and the vendor have the other. Figures in calls per second
 * depend on the machine; the ratios are what to compare. Every enforced call is held and audited durably before it is forwarded.
 *
 *   npm run bench -- --seconds 10 --rounds 3
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { LoadPlan } from "./load.ts";

const ROOT = join(import.meta.dirname, "..");
const API_KEY = "bench-admin-api-key-0123456789";
const PROXY_CORE = "0";
const LOAD_CORE = "1";
const TICKS_PER_SECOND = 100;

const USAGE = "npm run bench -- [--seconds 1..60 (a measurement; 6)] [--rounds 1..10 (3)]";
const SECONDS = wholeNumber("seconds", 6, 60);
const ROUNDS = wholeNumber("rounds", 3, 10);

function wholeNumber(name: "seconds" | "rounds", byDefault: number, most: number): number {
  let text: string | undefined;
  try {
    const { values } = parseArgs({
      options: { seconds: { type: "string" }, rounds: { type: "string" }, help: { type: "boolean" } },
    });
    if (values.help === true) usage(0);
    text = values[name];
  } catch {
    usage(2);
  }
  const number = Number(text ?? byDefault);
  return Number.isInteger(number) && number >= 1 && number <= most ? number : usage(2);
}

function usage(status: number): never {
  console.error(USAGE);
  process.exit(status);
}

interface LoadResult {
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
}

const children: ChildProcess[] = [];
/** What a process said on stderr: shown only when it ends too early. */
const lastWords = new Map<ChildProcess, string>();
const canPin = spawnSync("taskset", ["-c", "0,1", "true"]).status === 0;

function start(
  core: string,
  script: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): ChildProcess {
  const command = [process.execPath, join(ROOT, script), ...args];
  const pinned = canPin ? ["taskset", "-c", core, ...command] : command;
  const child = spawn(pinned[0] ?? "", pinned.slice(1), {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  child.stderr
    .setEncoding("utf8")
    .on("data", (text: string) => lastWords.set(child, (lastWords.get(child) ?? "") + text));
  children.push(child);
  return child;
}

function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const found = pattern.exec(text);
      if (found?.[1] !== undefined) resolve(found[1]);
    });
    child.once("exit", (code) =>
      reject(new Error(`a process of the benchmark ended early (${code}): ${text}${lastWords.get(child) ?? ""}`)),
    );
  });
}

async function load(plan: Omit<LoadPlan, "path"> & { path?: string }): Promise<LoadResult> {
  const child = start(LOAD_CORE, "benchmarks/load.ts", [JSON.stringify({ path: "/v1/payment_intents", ...plan })]);
  return JSON.parse(await firstMatch(child, /^(\{.*\})$/m)) as LoadResult;
}

/** Seconds of processor time that a process, all its threads, has used so far (Linux). */
function cpuSeconds(child: ChildProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

interface Proxy {
  readonly child: ChildProcess;
  readonly port: number;
}

async function startPassThrough(upstream: number): Promise<Proxy> {
  const child = start(PROXY_CORE, "benchmarks/pass-through.ts", [`http://127.0.0.1:${upstream}`]);
  return { child, port: Number(await firstMatch(child, /"port":(\d+)/)) };
}

async function startKeybrake(upstream: number, directory: string): Promise<Proxy> {
  const child = start(PROXY_CORE, "packages/cli/src/main.ts", ["serve"], {
    KEYBRAKE_PORT: "0",
    KEYBRAKE_DATA_DIR: directory,
    KEYBRAKE_BOOTSTRAP_API_KEY: API_KEY,
    KEYBRAKE_RATES_FEED: "off",
    KEYBRAKE_STRIPE_BASE_URL: `http://127.0.0.1:${upstream}`,
    KEYBRAKE_SANDBOX: "off",
  });
  const port = Number(await firstMatch(child, /http:\/\/127\.0\.0\.1:(\d+)/));
  await control(port, "/vault/credentials", { vendor: "stripe", name: "bench", secret: "sk_test_benchmarkbenchmark" });
  return { child, port };
}

async function control(port: number, path: string, body: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

async function issueKeys(port: number, count: number): Promise<string[]> {
  const keys: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const answer = await control(port, "/vault/keys", {
      vendor: "stripe",
      total_usd_cap: 100_000_000,
      daily_usd_cap: 100_000_000,
      allowed_endpoints: ["POST /v1/payment_intents"],
      expires_in: "8h",
    });
    keys.push(String(answer["vault_key"]));
  }
  return keys;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const row = (cells: readonly string[]): string =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(44) : cell.padStart(14))).join("");

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

const directory = mkdtempSync(join(tmpdir(), "keybrake-bench-"));
try {
  if (!canPin)
    console.log(
      "taskset is not here, so nothing is pinned to a core: read the ratios with care (apt-get install util-linux)",
    );
  const fast = Number(await firstMatch(start(LOAD_CORE, "benchmarks/upstream.ts", []), /"port":(\d+)/));
  const slow = Number(await firstMatch(start(LOAD_CORE, "benchmarks/upstream.ts", ["--delay", "60"]), /"port":(\d+)/));

  const bare = await startPassThrough(fast);
  const enforced = await startKeybrake(fast, join(directory, "fast"));
  const hot = await issueKeys(enforced.port, 1);
  const many = await issueKeys(enforced.port, 200);

  const measure = async (proxy: Proxy, tokens: readonly string[]): Promise<LoadResult & { microsPerCall: number }> => {
    const before = cpuSeconds(proxy.child);
    const result = await load({ port: proxy.port, tokens, connections: 64, seconds: SECONDS, rate: 0 });
    return { ...result, microsPerCall: ((cpuSeconds(proxy.child) - before) / result.calls) * 1e6 };
  };
  await measure(bare, hot);
  await measure(enforced, hot);

  const rounds: Record<"bare" | "hot" | "many", Awaited<ReturnType<typeof measure>>>[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rounds.push({
      bare: await measure(bare, hot),
      hot: await measure(enforced, hot),
      many: await measure(enforced, many),
    });
  const of = (which: "bare" | "hot" | "many", what: "callsPerSecond" | "microsPerCall"): number =>
    median(rounds.map((round) => round[which][what]));

  console.log(`\nThroughput, one core for the proxy, 64 connections, median of ${ROUNDS} rounds of ${SECONDS} s`);
  console.log(row(["", "calls/s", "ratio to bare", "CPU µs a call"]));
  for (const [name, which] of [
    ["bare pass-through (node:http + undici)", "bare"],
    ["enforced, one hot key", "hot"],
    ["enforced, 200 keys", "many"],
  ] as const)
    console.log(
      row([
        name,
        of(which, "callsPerSecond").toFixed(0),
        (of(which, "callsPerSecond") / of("bare", "callsPerSecond")).toFixed(2),
        of(which, "microsPerCall").toFixed(1),
      ]),
    );
  console.log(
    row(["one hot key against 200 keys", "", (of("hot", "callsPerSecond") / of("many", "callsPerSecond")).toFixed(2)]),
  );
  const failed = rounds.reduce((sum, round) => sum + round.bare.failed + round.hot.failed + round.many.failed, 0);
  console.log(`calls that did not answer 200: ${failed}`);
  console.log("target (DESIGN): enforced >= 0.80 of bare; one hot key >= 0.90 of many\n");

  await stop(bare.child);
  await stop(enforced.child);

  const slowBare = await startPassThrough(slow);
  const slowEnforced = await startKeybrake(slow, join(directory, "slow"));
  const key = await issueKeys(slowEnforced.port, 1);
  const paced = (proxy: Proxy): Promise<LoadResult> =>
    load({ port: proxy.port, tokens: key, connections: 100, seconds: SECONDS, rate: 500 });
  await paced(slowBare);
  await paced(slowEnforced);
  const latencies: Record<"through" | "held", LoadResult>[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    latencies.push({ through: await paced(slowBare), held: await paced(slowEnforced) });
  const latency = (which: "through" | "held", what: "p50" | "p99"): number =>
    median(latencies.map((round) => round[which][what]));
  const added = (what: "p50" | "p99"): string => {
    const difference = latency("held", what) - latency("through", what);
    return difference < 0 ? "within noise" : difference.toFixed(2);
  };
  console.log(`Latency at 500 calls/s against a vendor that takes 60 ms, median of ${ROUNDS} rounds of ${SECONDS} s`);
  console.log(row(["", "p50 ms", "p99 ms"]));
  console.log(row(["bare pass-through", latency("through", "p50").toFixed(2), latency("through", "p99").toFixed(2)]));
  console.log(row(["enforced", latency("held", "p50").toFixed(2), latency("held", "p99").toFixed(2)]));
  console.log(row(["added", added("p50"), added("p99")]));
  console.log("target (DESIGN): added p50 < 1 ms, p99 < 5 ms");
} finally {
  for (const child of children) if (child.exitCode === null) child.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
}
