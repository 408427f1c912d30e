/** `keybrake serve`: the server in the foreground, until SIGTERM or SIGINT. */
import type { RunningServer } from "@keybrake/server";
import type { Command } from "commander";
import { createClient } from "@keybrake/client";
import { chargeCurl, EXAMPLE_ALLOWED_ENDPOINTS, EXAMPLE_VENDOR } from "../example-request.ts";
import { UserProblem } from "../problems.ts";
import { paint, remark, say } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** What the pasted line may spend: five pastes of ten dollars, then the cap. */
const QUICK_START_CAP_USD = "50";
const QUICK_START_CHARGE = { amount: 1000, currency: "usd", description: "quick start" } as const;

export function serveCommand(program: Command): void {
  program
    .command("serve")
    .description("start Keybrake in the foreground (settings: KEYBRAKE_* in the environment)")
    .action(async () => {
      await serve();
    });
}

async function serve(): Promise<void> {
  // Whatever is written from here on, databases and their logs included, is for the owner alone.
  process.umask(0o077);
  const { ConfigProblems, readConfig, startServer } = await import("@keybrake/server");
  let server: RunningServer;
  try {
    server = await startServer(readConfig(process.env), VERSION);
  } catch (problem) {
    if (problem instanceof ConfigProblems) throw new UserProblem(problem.message, 2);
    throw problem;
  }
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) process.exit(1);
    stopping = true;
    remark(`${signal}: finishing the calls on their way. Again to leave at once.`);
    server.stop().then(
      () => process.exit(0),
      (problem: unknown) => {
        remark(`Stopping went wrong: ${String(problem)}`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  await greet(server);
}

/** What a newcomer needs next, on stdout. */
async function greet(server: RunningServer): Promise<void> {
  const sandboxed = server.sandboxes.length > 0;
  say(`${paint("bold", `Keybrake ${VERSION}`)} listens on ${server.url}`);
  if (sandboxed)
    say(
      `${paint("cyan", "sandbox")}: no real credential yet, so a pretend ${server.sandboxes.join(", ")} answers and no real money moves`,
    );
  say(`API       ${server.url}/openapi.json`);
  say(`rates     European Central Bank, ${server.ratesAsOf}`);
  if (server.adminApiKey === null) return;

  const { token, path } = server.adminApiKey;
  say(`API key   ${token}`);
  say(`          (admin; kept in ${path})`);
  say();
  if (sandboxed) {
    const client = createClient({ baseUrl: server.url, apiKey: token });
    const key = await client.issueKey({
      vendor: EXAMPLE_VENDOR,
      total_usd_cap: QUICK_START_CAP_USD,
      allowed_endpoints: EXAMPLE_ALLOWED_ENDPOINTS,
      expires_in: "8h",
      agent_run_label: "quick-start",
    });
    say(`Charge $10 in the sandbox, with a vault key that may spend $${QUICK_START_CAP_USD} (${key.key_id}):`);
    say();
    say(`  ${chargeCurl(server.url, key.vault_key, QUICK_START_CHARGE)}`);
    say();
    say("Paste it until the cap refuses it; then: npm run -s keybrake -- audit list");
  } else {
    say("Issue a vault key:");
    say();
    say(
      `  curl ${server.url}/vault/keys -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' ` +
        `-d '${JSON.stringify({ vendor: EXAMPLE_VENDOR, total_usd_cap: 50, allowed_endpoints: EXAMPLE_ALLOWED_ENDPOINTS, expires_in: "8h" })}'`,
    );
  }
}
