/**
 * The billing example, both languages, as a user runs it: a real Temporal server, Keybrake as a process of its own, the
 * sandbox as the vendor, workers and starters as processes that know nothing but their environment. Never looks inside
 * any of them: what was charged is asked of the vendor, what was judged is asked of the audit.
 *
 * KEYBRAKE_TEST_SERVER names another program to run instead of the source tree's own (a packed build, for one).
 */
import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import { buffer } from "node:stream/consumers";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStripeSandbox } from "@keybrake/sandbox";
import type { StripeSandbox } from "@keybrake/sandbox";
import { pythonWithPackages } from "../tools/python.ts";
import { freePort, startTemporal } from "../tools/temporal.ts";
import type { TemporalServer } from "../tools/temporal.ts";

const run = promisify(execFile);
const path = (relative: string): string => fileURLToPath(new URL(`../${relative}`, import.meta.url));

const SERVER = process.env["KEYBRAKE_TEST_SERVER"] ?? path("packages/cli/src/main.ts");
const ADMIN_KEY = `admin${randomUUID().replaceAll("-", "")}`;
const READY_TIMEOUT_MS = 60_000;
const RUN_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
/** Invoice names for which the line to the vendor loses answers: the first one, or every one. */
const LOST_ONCE = "lost-once";
const LOST_ALWAYS = "lost-always";

interface Report {
  status: string;
  reason: string | null;
  details: Record<string, unknown> | null;
  key_id: string;
  key_revoked: boolean;
  total_charged_cents: number;
  charged: { invoice_id: string; payment_intent: string; amount_cents: number }[];
  declined: { invoice_id: string; reason: string }[];
  unconfirmed: string[];
  not_charged: string[];
}

/** As the vendor tells it. */
interface PaymentIntent {
  status: string;
  amount_received: number;
  metadata: Record<string, string>;
}

interface AuditRow {
  method: string;
  path: string;
  verdict: string;
  refusal: string | null;
  agent_run_label: string;
  workflow_id: string;
  run_id: string;
  idempotency_key: string | null;
  key_id: string;
}

interface Invoice {
  id: string;
  amount_cents: number;
  currency: string;
  payment_method?: string;
}

interface Running {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
}

interface Language {
  name: string;
  folder: string;
  worker: string;
  starter: string;
}

const LANGUAGES: Language[] = [
  { name: "Python", folder: path("examples/billing-python"), worker: "worker.py", starter: "starter.py" },
  {
    name: "TypeScript",
    folder: path("examples/billing-typescript"),
    worker: "src/worker.ts",
    starter: "src/client.ts",
  },
];

let folder: string;
let python: string;
let temporal: TemporalServer;
let sandbox: StripeSandbox;
let wire: Wire;
let keybrake: string;
let issueKey: string;
const started: Running[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "keybrake-billing-"));
  await mkdir(join(folder, "home"));
  // Each is assigned as it comes, so that what did start is stopped when another did not.
  await Promise.all([
    pythonWithPackages().then((it) => (python = it)),
    startTemporal().then((it) => (temporal = it)),
    startStripeSandbox().then((it) => (sandbox = it)),
  ]);

  wire = await startWire(sandbox.url);

  const port = await freePort();
  keybrake = `http://127.0.0.1:${port}`;
  const server = start(process.execPath, [SERVER, "serve"], folder, {
    KEYBRAKE_PORT: String(port),
    KEYBRAKE_DATA_DIR: join(folder, "data"),
    KEYBRAKE_BOOTSTRAP_API_KEY: ADMIN_KEY,
    KEYBRAKE_RATES_FEED: "off",
    KEYBRAKE_STRIPE_BASE_URL: wire.url,
    KEYBRAKE_SANDBOX: "off",
  });
  await until("Keybrake is ready", READY_TIMEOUT_MS, async () => {
    if (server.child.exitCode !== null) throw new Error(`Keybrake ended before it was ready: ${server.stderr()}`);
    return fetch(`${keybrake}/readyz`).then(
      (answer) => answer.status === 200,
      () => false,
    );
  });
  await control<object>("POST", "/vault/credentials", { vendor: "stripe", name: "sandbox", secret: sandbox.secretKey });
  // What a worker should hold: it can issue keys like the example's, and no bigger ones.
  const made = await control<{ api_key: string }>("POST", "/vault/api-keys", {
    name: "billing worker",
    scopes: ["issue"],
    ceilings: {
      vendors: ["stripe"],
      agent_run_label_prefix: "temporal-billing/",
      allowed_endpoints: ["POST /v1/payment_intents", "GET /v1/customers/*"],
      total_usd_cap: "1000",
      expires_in: "8h",
    },
  });
  issueKey = made.api_key;

  await Promise.all(LANGUAGES.map((language) => startWorker(language)));
});

afterAll(async () => {
  await Promise.all(started.map((running) => stop(running.child)));
  await temporal?.stop();
  await wire?.close();
  await sandbox?.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each(LANGUAGES)("the billing example in $name", (language) => {
  test("a run within its budget charges every invoice once, and every call is in the audit under its run", async () => {
    const invoices = invoicesOf("green", 4);
    const customer = await vendor<{ id: string }>("POST", "/v1/customers", { name: "Ada" });
    const billing = await bill(language, { budget: "100", invoices, more: ["--customer", customer.id] });

    expect(billing.report).toMatchObject({ status: "completed", total_charged_cents: 4_000, key_revoked: true });
    expect(await chargedAtVendor(invoices)).toEqual({ count: 4, cents: 4_000 });

    const rows = await auditRows(billing.workflowId);
    expect(rows).toHaveLength(5);
    expect(rows.filter((row) => row.method === "GET" && row.path.startsWith("/v1/customers/"))).toHaveLength(1);
    for (const row of rows) {
      expect(row).toMatchObject({
        verdict: "allowed",
        agent_run_label: `temporal-billing/${billing.workflowId}`,
        workflow_id: billing.workflowId,
        run_id: billing.runId,
        key_id: billing.report.key_id,
      });
    }
    const key = await control<{ status: string }>("GET", `/vault/keys/${billing.report.key_id}`);
    expect(key.status).toBe("revoked");
  });

  test("a duplicated invoice list is stopped at the budget, and the run asks for a person", async () => {
    const invoices = invoicesOf("duplicated", 4);
    const billing = await bill(language, { budget: "50", invoices, more: ["--repeat", "3"] });

    expect(await chargedAtVendor(invoices)).toEqual({ count: 5, cents: 5_000 });
    expect(billing.report).toMatchObject({
      status: "needs_review",
      reason: "spend_cap_exceeded",
      total_charged_cents: 5_000,
      unconfirmed: [],
      key_revoked: true,
    });
    expect(billing.report.charged).toHaveLength(5);
    expect(billing.report.not_charged).toHaveLength(7);
    const { limit, settled, held, asked } = billing.report.details ?? {};
    expect([Number(limit), Number(settled) + Number(held), Number(asked)]).toEqual([50, 50, 10]);

    // Refused once: neither the SDK nor Temporal tried again.
    const refused = (await auditRows(billing.workflowId)).filter((row) => row.verdict === "refused");
    expect(refused.map((row) => row.refusal)).toEqual(["spend_cap_exceeded"]);
  });

  test("a declined card is reported, and the invoices after it are charged", async () => {
    const invoices = invoicesOf("declined", 3);
    const [, second] = invoices;
    if (second !== undefined) second.payment_method = "pm_card_chargeDeclined";
    const { report } = await bill(language, { budget: "100", invoices });

    expect(report).toMatchObject({ status: "completed", total_charged_cents: 2_000 });
    expect(report.declined.map((result) => result.invoice_id)).toEqual([second?.id]);
    expect(await chargedAtVendor(invoices)).toEqual({ count: 2, cents: 2_000 });
  });

  test("a charge whose answer is lost on the way is asked for again under the same key, and happens once", async () => {
    const invoices = invoicesOf(LOST_ONCE, 1);
    const billing = await bill(language, { budget: "100", invoices });

    expect(billing.report).toMatchObject({ status: "completed", total_charged_cents: 1_000, unconfirmed: [] });
    expect(await chargedAtVendor(invoices)).toEqual({ count: 1, cents: 1_000 });
    const keys = (await auditRows(billing.workflowId)).map((row) => row.idempotency_key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  test("a charge whose answers are all lost is never called uncharged: the run stops and asks for a person", async () => {
    const invoices = [...invoicesOf(LOST_ALWAYS, 1), ...invoicesOf("after", 1)];
    const { report } = await bill(language, { budget: "100", invoices });

    expect(report).toMatchObject({ status: "needs_review", total_charged_cents: 0, key_revoked: true });
    expect(report.unconfirmed).toEqual([invoices[0]?.id]);
    expect(report.not_charged).toEqual([invoices[1]?.id]);
    expect(await chargedAtVendor(invoices)).toEqual({ count: 1, cents: 1_000 });
  });

  test("after `temporal workflow cancel` the vault key is dead", async () => {
    const invoices = invoicesOf("cancelled", 3);
    const billing = await startBilling(language, { budget: "100", invoices, more: ["--seconds-between", "3600"] });
    await until("the first invoice is charged", RUN_TIMEOUT_MS, async () => {
      return (await chargedAtVendor(invoices)).count === 1;
    });
    const history = await decodedHistory(billing.workflowId);
    // The plain pattern leaves the vault key in history (the README says so): that is where a thief would find it.
    const vaultKey = /"vault_key":"([A-Za-z0-9_]+)"/.exec(history)?.[1];
    if (vaultKey === undefined) throw new Error("no vault key in the workflow's history");
    // The worker's own secrets and the vendor's must not be there.
    for (const secret of [sandbox.secretKey, issueKey, ADMIN_KEY]) expect(history).not.toContain(secret);
    expect(await statusWith(vaultKey)).not.toBe(401);

    await run(temporal.cli, ["workflow", "cancel", "--workflow-id", billing.workflowId, ...cliFlags()]);
    const ended = await billing.ended;

    expect(ended).not.toBe(0);
    expect(await workflowStatus(billing.workflowId)).toContain("CANCELED");
    expect(await statusWith(vaultKey)).toBe(401);
    expect(await chargedAtVendor(invoices)).toEqual({ count: 1, cents: 1_000 });
  });
});

// The vendor, asked directly.

async function vendor<T>(method: string, at: string, form?: Record<string, string>): Promise<T> {
  const answer = await fetch(`${sandbox.url}${at}`, {
    method,
    headers: { authorization: `Bearer ${sandbox.secretKey}` },
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  });
  return json(answer);
}

async function chargedAtVendor(invoices: Invoice[]): Promise<{ count: number; cents: number }> {
  const ids = new Set(invoices.map((invoice) => invoice.id));
  const { data } = await vendor<{ data: PaymentIntent[] }>("GET", "/v1/payment_intents?limit=100");
  const ours = data.filter((it) => it.status === "succeeded" && ids.has(it.metadata["invoice"] ?? ""));
  return { count: ours.length, cents: ours.reduce((sum, it) => sum + it.amount_received, 0) };
}

/** The line between Keybrake and the vendor. It loses answers, after the work was done, for invoices named so. */
interface Wire {
  url: string;
  close(): Promise<void>;
}

async function startWire(upstream: string): Promise<Wire> {
  const lost = new Set<string>();
  const server: Server = createServer((asked, answer) => {
    carry(asked).then(
      ({ reply, body, loses }) => {
        if (loses) return answer.destroy();
        answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
        return answer.end(body);
      },
      () => answer.destroy(),
    );
  });
  const carry = async (asked: IncomingMessage): Promise<{ reply: IncomingMessage; body: Buffer; loses: boolean }> => {
    const sent = await buffer(asked);
    const { method, rawHeaders } = asked;
    const forwarded = request(new URL(asked.url ?? "/", upstream), { method, headers: rawHeaders, agent: false });
    forwarded.end(sent);
    const [reply]: IncomingMessage[] = await once(forwarded, "response");
    if (reply === undefined) throw new Error("a response event carries the response");
    const body = await buffer(reply);
    const invoice = new URLSearchParams(sent.toString("utf8")).get("metadata[invoice]") ?? "";
    const loses = invoice.startsWith(LOST_ALWAYS) || (invoice.startsWith(LOST_ONCE) && !lost.has(invoice));
    lost.add(invoice);
    return { reply, body, loses };
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A listening TCP server has a port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

// Keybrake, through its front doors.

async function control<T>(method: string, at: string, body?: object): Promise<T> {
  const answer = await fetch(`${keybrake}${at}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return json(answer);
}

async function auditRows(workflowId: string): Promise<AuditRow[]> {
  const at = `/audit/calls?limit=100&workflow_id=${encodeURIComponent(workflowId)}`;
  const { data } = await control<{ data: AuditRow[] }>("GET", at);
  return data;
}

/** The HTTP status of an allowlisted call with this vault key. */
async function statusWith(vaultKey: string): Promise<number> {
  const answer = await fetch(`${keybrake}/stripe/v1/customers/cus_nobody`, {
    headers: { authorization: `Bearer ${vaultKey}` },
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function json<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${text}`);
  const parsed: T = JSON.parse(text); // the shape is the server's promise; the assertions check what matters of it
  return parsed;
}

// The example's processes.

function start(command: string, args: string[], cwd: string, env: Record<string, string>): Running {
  const child = spawn(command, args, {
    cwd,
    // Nothing else of the tester's environment: no keys, no Temporal profile, no SDK settings.
    env: { PATH: process.env["PATH"] ?? "", HOME: join(folder, "home"), PYTHONDONTWRITEBYTECODE: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString("utf8")));
  const running = { child, stdout: () => output.stdout, stderr: () => output.stderr };
  started.push(running);
  return running;
}

function startExample(language: Language, file: string, args: string[]): Running {
  return start(language.name === "Python" ? python : process.execPath, [file, ...args], language.folder, {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    KEYBRAKE_URL: keybrake,
    KEYBRAKE_API_KEY: issueKey,
  });
}

async function startWorker(language: Language): Promise<void> {
  const worker = startExample(language, language.worker, []);
  await until(`the ${language.name} worker polls`, READY_TIMEOUT_MS, () => {
    if (worker.child.exitCode !== null) throw new Error(`the worker ended before it polled: ${worker.stderr()}`);
    return worker.stdout().includes("Worker polls");
  });
}

interface Options {
  budget: string;
  invoices: Invoice[];
  more?: string[];
}

interface Billing extends Running {
  workflowId: string;
  runId: string;
  /** The starter's exit code, once it has said all it had to say. */
  ended: Promise<number | null>;
}

async function startBilling(language: Language, { budget, invoices, more = [] }: Options): Promise<Billing> {
  const workflowId = `billing/${randomUUID()}`; // with a slash: an id is the user's to choose
  const file = join(folder, `${randomUUID()}.json`);
  await writeFile(file, JSON.stringify(invoices));
  const args = ["--workflow-id", workflowId, "--budget", budget, "--invoices", file, ...more];
  const starter = startExample(language, language.starter, args);
  const ended = new Promise<number | null>((resolve) => {
    starter.child.once("close", resolve);
  });
  const runId = await until("the run has started", RUN_TIMEOUT_MS, () => {
    const found = /\(run ([0-9a-f-]{36})\)/.exec(starter.stderr())?.[1];
    if (found === undefined && starter.child.exitCode !== null) throw new Error(`no start: ${starter.stderr()}`);
    return found ?? false;
  });
  return { ...starter, workflowId, runId, ended };
}

async function bill(
  language: Language,
  options: Options,
): Promise<{ workflowId: string; runId: string; report: Report }> {
  const billing = await startBilling(language, options);
  const code = await billing.ended;
  if (code !== 0) throw new Error(`the starter ended with ${code}: ${billing.stderr()}`);
  return { workflowId: billing.workflowId, runId: billing.runId, report: JSON.parse(billing.stdout()) };
}

function invoicesOf(name: string, count: number): Invoice[] {
  const batch = randomUUID().slice(0, 8);
  return Array.from({ length: count }, (_, at) => ({
    id: `${name}-${batch}-${at + 1}`,
    amount_cents: 1_000,
    currency: "usd",
  }));
}

// Temporal, by its CLI.

function cliFlags(): string[] {
  return ["--address", temporal.address, "--namespace", temporal.namespace, "--disable-config-file"];
}

async function workflowStatus(workflowId: string): Promise<string> {
  const args = ["workflow", "describe", "--workflow-id", workflowId, "-o", "json", ...cliFlags()];
  const { stdout } = await run(temporal.cli, args);
  return JSON.parse(stdout).workflowExecutionInfo.status;
}

/** History as text with every payload decoded: in the CLI's JSON they are base64, where a search finds nothing. */
async function decodedHistory(workflowId: string): Promise<string> {
  const args = ["workflow", "show", "--workflow-id", workflowId, "-o", "json", ...cliFlags()];
  const { stdout } = await run(temporal.cli, args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.replaceAll(/"data":\s*"([A-Za-z0-9+/=]*)"/g, (_, data: string) =>
    Buffer.from(data, "base64").toString("utf8"),
  );
}

// Waiting.

async function until<T>(what: string, limitMs: number, ask: () => T | false | Promise<T | false>): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await ask();
    if (found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs / 1000} s in vain until ${what}`);
    await delay(POLL_MS);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(timer);
}
