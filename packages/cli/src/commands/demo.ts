/**
 * `keybrake demo`: the whole story in a few seconds, on a server and a sandbox of its own that are gone afterwards. Issues a $500 key,
 * charges invoices until the cap refuses the next one, shows the audit and what is left, revokes the key, shows the 401; then the same
 * brake for what is billed by use.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type Client } from "@keybrake/client";
import type { Command } from "commander";
import {
  charge,
  EXAMPLE_ALLOWED_ENDPOINTS,
  EXAMPLE_USES,
  EXAMPLE_VENDOR,
  type ExampleUse,
} from "../example-request.ts";
import { again } from "../invocation.ts";
import { UserProblem } from "../problems.ts";
import { dollars, paint, progress, say, table, terminalWidth } from "../terminal.ts";
import { VERSION } from "../version.ts";
import { CALL_COLUMNS } from "./audit.ts";
import { showKey } from "./keys.ts";

/** Invoices in cents: eleven fit into $500 (they add up to $485), the twelfth does not. */
const INVOICES = [4900, 1250, 9900, 2000, 7500, 3350, 4900, 1800, 6200, 5200, 1500, 2500] as const;
const CAP_USD = "500";
/** More than enough invoices to meet the cap; a demo that never ends would be a bug. */
const ROUNDS_MAX = 3;
const USES_MAX = 20;
const INDENT = "   ";

export function demoCommand(program: Command): void {
  program
    .command("demo")
    .description("the whole story in a few seconds, in a sandbox that is gone afterwards")
    .action(async () => {
      const directory = mkdtempSync(join(tmpdir(), "keybrake-demo-"));
      // However it ends, also when the reader goes away (`| head`).
      process.once("exit", () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
        process.once(signal, () => process.exit(128 + constants.signals[signal]));
      await demo(directory);
    });
}

async function demo(directory: string): Promise<void> {
  const { readConfig, startServer } = await import("@keybrake/server");
  const environment = {
    KEYBRAKE_DATA_DIR: directory,
    KEYBRAKE_PORT: "0",
    KEYBRAKE_SANDBOX: "on",
    KEYBRAKE_LOG_LEVEL: "error",
    KEYBRAKE_RATES_FEED: "off",
  };
  const server = await startServer(readConfig(environment), VERSION);
  try {
    const client = createClient({ baseUrl: server.url, apiKey: server.adminApiKey?.token ?? "" });
    step(1, `Keybrake runs on ${server.url}, with a ${paint("cyan", "sandbox")} instead of a real ${EXAMPLE_VENDOR}`);

    step(2, `A vault key for one run: $${CAP_USD} in all, three endpoints, eight hours`);
    const key = await client.issueKey({
      vendor: EXAMPLE_VENDOR,
      total_usd_cap: CAP_USD,
      allowed_endpoints: EXAMPLE_ALLOWED_ENDPOINTS,
      expires_in: "8h",
      agent_run_label: "demo/billing",
    });
    say(`   ${key.key_id}`);

    step(3, "The agent charges invoices until the cap refuses one");
    const refused = await chargeUntilRefused(server.url, key.vault_key);
    say(`   ${paint("red", `${refused.status} ${refused.refusal ?? ""}`)}`);
    say(`   ${refused.message}`);

    step(4, "The audit: every call, refused ones too, with its dollars");
    const calls = await client.listCalls({ key_id: key.key_id, limit: 100 });
    const columns = CALL_COLUMNS.filter((column) => !["LABEL", "CALL"].includes(column.title));
    say(indent(table(columns, [...calls.data].reverse(), terminalWidth() - INDENT.length)));

    step(5, "What is left");
    showKey(await client.getKey(key.key_id));

    step(6, "The kill switch: revoke this key, and only this one");
    await client.revokeKey(key.key_id);
    const dead = await charge(
      server.url,
      key.vault_key,
      { amount: 100, currency: "usd", description: "after the revocation" },
      "demo-after",
    );
    if (dead.status !== 401) throw new UserProblem(`The revoked key was answered ${dead.status}.`);
    say(`   ${paint("red", `${dead.status} ${dead.refusal ?? ""}`)}`);
    say(`   ${dead.message}`);

    for (const [index, use] of EXAMPLE_USES.entries()) {
      step(7 + index, `The same brake for ${use.vendor}: ${use.what}, $${use.capUsd} in all`);
      await useUntilRefused(server.url, client, use);
    }
    say();
    say(`That was it. Start your own: ${paint("bold", again("serve"))}`);
  } finally {
    await server.stop();
  }
}

async function useUntilRefused(url: string, client: Client, use: ExampleUse): Promise<void> {
  const key = await client.issueKey({
    vendor: use.vendor,
    total_usd_cap: use.capUsd,
    allowed_endpoints: use.allowedEndpoints,
    expires_in: "1h",
    agent_run_label: `demo/${use.vendor}`,
  });
  for (let sent = 1; sent <= USES_MAX; sent += 1) {
    const answer = await use.send(url, { token: key.vault_key, account: key.account_sid });
    if (answer.refusal === null && answer.status < 300) {
      const [budget] = (await client.getKey(key.key_id)).budgets;
      say(
        `   ${paint("green", "✓")} ${answer.message}  ($${budget?.settled_usd ?? "?"} settled, $${budget?.held_usd ?? "?"} held)`,
      );
      continue;
    }
    say(`   ${paint("red", `${answer.status} ${answer.refusal ?? ""}`)}`);
    say(`   ${answer.message}`);
    return;
  }
  throw new UserProblem(`The cap refused nothing of ${use.vendor}. That should not happen; please report it.`);
}

async function chargeUntilRefused(url: string, vaultKey: string): Promise<Awaited<ReturnType<typeof charge>>> {
  const line = progress(process.stdout);
  let charged = 0;
  for (let round = 1; round <= ROUNDS_MAX; round += 1) {
    for (const [index, amount] of INVOICES.entries()) {
      const invoice = `invoice ${round}-${String(index + 1).padStart(2, "0")}`;
      line.update(`   ${invoice} …`);
      const answer = await charge(
        url,
        vaultKey,
        { amount, currency: "usd", description: invoice },
        `demo-${round}-${index}`,
      );
      const sum = dollars(String(amount / 100));
      if (answer.status !== 200) {
        line.done(`   ${paint("red", "✗")} ${invoice}  ${sum.padStart(8)}`);
        return answer;
      }
      charged += amount;
      line.done(`   ${paint("green", "✓")} ${invoice}  ${sum.padStart(8)}  (${dollars(String(charged / 100))} so far)`);
    }
  }
  throw new UserProblem("The cap refused nothing. That should not happen; please report it.");
}

function step(number: number, what: string): void {
  say();
  say(paint("bold", `${number}. ${what}`));
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => INDENT + line)
    .join("\n");
}
