/** `keybrake serve`: the server in the foreground, until SIGTERM or SIGINT. */
import { dirname } from "node:path";
import type { RunningServer } from "@keybrake/server";
import type { Command } from "commander";
import { createClient } from "@keybrake/client";
import { isLoopback } from "../connection.ts";
import { chargeCurl, EXAMPLE_ALLOWED_ENDPOINTS, EXAMPLE_VENDOR } from "../example-request.ts";
import { again } from "../invocation.ts";
import { UserProblem } from "../problems.ts";
import { unknownSettings } from "../settings.ts";
import { paint, remark, say, warn } from "../terminal.ts";
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
    const config = readConfig(process.env);
    server = await startServer(config, VERSION);
    const vendorIds = server.vendors.map((vendor) => vendor.id);
    for (const sentence of unknownSettings(process.env, vendorIds)) warn(sentence);
    if (!isLoopback(config.host)) warn(openToOthers(config.host));
  } catch (problem) {
    // What was mistyped may be why it did not start.
    for (const sentence of unknownSettings(process.env, null)) warn(sentence);
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
        const why = problem instanceof Error && "publicMessage" in problem ? problem.publicMessage : problem;
        remark(`Stopping went wrong: ${String(why)}`);
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  await greet(server);
}

function openToOthers(host: string): string {
  const where = host === "0.0.0.0" || host === "::" ? "on all interfaces" : `on ${host}`;
  return `KEYBRAKE_HOST=${host}: this is plain http ${where}, and keys travel unencrypted. Put TLS in front of it.`;
}

/** What a newcomer needs next, on stdout. */
async function greet(server: RunningServer): Promise<void> {
  const sandboxed = server.sandboxes.includes(EXAMPLE_VENDOR);
  say(`${paint("bold", `Keybrake ${VERSION}`)} listens on ${server.url}`);
  if (server.sandboxes.length > 0)
    say(
      `${paint("cyan", "sandbox")}   a pretend ${server.sandboxes.join(", ")} answers where there is no real credential yet: no real money moves`,
    );
  say(`API       ${server.url}/openapi.json`);
  say(`rates     European Central Bank, ${server.ratesAsOf}`);
  if (server.adminApiKey === null)
    say("API key   the one in KEYBRAKE_BOOTSTRAP_API_KEY (admin); commands elsewhere take it as KEYBRAKE_API_KEY");
  else {
    say(`API key   ${server.adminApiKey.token}`);
    say(`          (admin; kept in ${server.adminApiKey.path})`);
  }
  say();
  await sayNext(server, sandboxed);
}

/** One thing to do now: try it, add a credential, or issue a key. */
async function sayNext(server: RunningServer, sandboxed: boolean): Promise<void> {
  const token = server.adminApiKey?.token ?? null;
  if (!sandboxed && !(await server.store.listCredentials()).some((each) => !each.sandbox)) {
    say("No call can be made before there is a credential. Add the first one; its secret is read from stdin:");
    say();
    say(`  ${inOtherShell(server, `credentials add --vendor ${EXAMPLE_VENDOR} --name main < secret.txt`)}`);
  } else if (token === null) {
    const allow = EXAMPLE_ALLOWED_ENDPOINTS.map((each) => `'${each}'`).join(" ");
    const wanted = `--vendor ${EXAMPLE_VENDOR} --total-cap ${QUICK_START_CAP_USD} --expires-in 8h --allow ${allow}`;
    say("Issue a vault key:");
    say();
    say(`  ${inOtherShell(server, `keys create ${wanted}`)}`);
  } else if (sandboxed) {
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
    say(`Paste it until the cap refuses it; then: ${again("audit list")}`);
  } else {
    say("Issue a vault key:");
    say();
    say(
      `  curl ${server.url}/vault/keys -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' ` +
        `-d '${JSON.stringify({ vendor: EXAMPLE_VENDOR, total_usd_cap: 50, allowed_endpoints: EXAMPLE_ALLOWED_ENDPOINTS, expires_in: "8h" })}'`,
    );
  }
}

/** A line for another shell, with what it must be told there: what has its default is found without. */
function inOtherShell(server: RunningServer, words: string): string {
  const { url, adminApiKey } = server;
  const told = [
    url === "http://127.0.0.1:4747" ? "" : `KEYBRAKE_URL=${url} `,
    adminApiKey === null ? 'KEYBRAKE_API_KEY="$KEYBRAKE_BOOTSTRAP_API_KEY" ' : "",
    adminApiKey === null || process.env["KEYBRAKE_DATA_DIR"] === undefined
      ? ""
      : `KEYBRAKE_DATA_DIR='${dirname(adminApiKey.path)}' `,
  ];
  return told.join("") + again(words);
}
