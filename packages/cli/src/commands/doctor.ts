/** `keybrake doctor`: is this installation in order? Each check says what to do when it is not. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { createClient, KeybrakeApiError, type Client, type CredentialAnswer } from "@keybrake/client";
import type { Command } from "commander";
import { dataDirectory, findApiKey, isRemote, keybrakeUrl } from "../connection.ts";
import { again } from "../invocation.ts";
import { UserProblem } from "../problems.ts";
import { sentenceOf } from "../sentence.ts";
import { paint, say } from "../terminal.ts";

interface Check {
  readonly what: string;
  readonly ok: boolean;
  /** What was found, and when it is not in order, what to do. */
  readonly detail: string;
}

export function doctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("check this installation")
    .option("--json", "the checks as JSON")
    .action(async (options: { json?: boolean }) => {
      const checks = [nodeCheck(), ...(await serverChecks()), ...(await directoryChecks())];
      if (options.json === true) say(JSON.stringify(checks, null, 2));
      else
        for (const check of checks)
          say(`${check.ok ? paint("green", "ok  ") : paint("red", "FAIL")} ${check.what.padEnd(16)} ${check.detail}`);
      const failed = checks.filter((check) => !check.ok).length;
      if (failed > 0) throw new UserProblem(`${failed} of ${checks.length} checks failed.`);
    });
}

function nodeCheck(): Check {
  const major = Number(process.versions.node.split(".")[0]);
  return {
    what: "node",
    ok: major >= 24,
    detail: major >= 24 ? process.versions.node : `${process.versions.node}; Keybrake needs 24`,
  };
}

/** The data directory here is another server's when the one that is asked is elsewhere; then it is looked at only if it is there. */
async function directoryChecks(): Promise<Check[]> {
  const remote = isRemote();
  if (remote && (await stat(dataDirectory()).catch(() => null)) === null) return [];
  const checks = [await dataCheck(), await auditCheck()];
  return remote
    ? checks.map((check) => ({ ...check, detail: `${check.detail} (on this machine, not of ${keybrakeUrl()})` }))
    : checks;
}

async function dataCheck(): Promise<Check> {
  const directory = dataDirectory();
  const what = "data directory";
  try {
    const { mode } = await stat(directory);
    if ((mode & 0o077) !== 0)
      return { what, ok: false, detail: `others can read ${directory}. Run: chmod 700 ${directory}` };
    const key = await stat(join(directory, "master.key")).catch(() => null);
    if (key !== null && (key.mode & 0o077) !== 0)
      return {
        what,
        ok: false,
        detail: `others can read the master key. Run: chmod 600 ${join(directory, "master.key")}`,
      };
    const where = key === null ? "master key from the environment" : "master.key; back it up apart from the database";
    return { what, ok: true, detail: `${directory} (${where})` };
  } catch {
    return { what, ok: true, detail: `${directory} is not here yet; the first start makes it` };
  }
}

async function serverChecks(): Promise<Check[]> {
  const url = keybrakeUrl();
  const server = await serverCheck(url);
  // What is no Keybrake, or is not ready, is not shown the API key.
  if (!server.ok) return [server];
  const found = findApiKey();
  if (found === null) return [server, { what: "API key", ok: false, detail: "none found. Set KEYBRAKE_API_KEY" }];
  return [server, ...(await apiKeyChecks(createClient({ baseUrl: url, apiKey: found.token }), found.from))];
}

async function serverCheck(url: string): Promise<Check> {
  try {
    const answer = await createClient({ baseUrl: url, apiKey: "", timeoutMs: 5_000 }).getReadiness();
    // Somebody else's JSON has another shape, whatever the type says.
    if (answer?.status === "ready") return { what: "server", ok: true, detail: `${url} is ready` };
    return { what: "server", ok: false, detail: `${url} answers, but not as Keybrake does. Is KEYBRAKE_URL right?` };
  } catch (problem) {
    return { what: "server", ok: false, detail: sentenceOf(problem) };
  }
}

async function apiKeyChecks(client: Client, from: string): Promise<Check[]> {
  const what = "API key";
  try {
    const { data } = await client.listCredentials();
    return [{ what, ok: true, detail: `accepted (from ${from})` }, credentialsCheck(data)];
  } catch (problem) {
    if (problem instanceof KeybrakeApiError && problem.code === "scope_missing")
      return [{ what, ok: true, detail: `accepted (${scopesOf(problem)}, from ${from})` }];
    return [{ what, ok: false, detail: sentenceOf(problem) }];
  }
}

function credentialsCheck(credentials: readonly CredentialAnswer[]): Check {
  const what = "credentials";
  const real = credentials.filter((each) => !each.sandbox);
  const live = real.filter((each) => each.livemode).length;
  if (real.length > 0) return { what, ok: true, detail: `${real.length}, ${live} of them live` };
  if (credentials.length > 0)
    return {
      what,
      ok: true,
      detail: "only the sandbox's, which answers while the sandbox runs: no real money can move",
    };
  return { what, ok: true, detail: `none: no call can be made. Add one: ${again("credentials add --help")}` };
}

/** The refusal of a scope says which ones the key has. */
function scopesOf(problem: KeybrakeApiError): string {
  const scopes = /has the (scopes? [\w, ]+);/.exec(problem.message)?.[1];
  return scopes ?? "without the scope to list credentials";
}

async function auditCheck(): Promise<Check> {
  const what = "audit chain";
  const directory = dataDirectory();
  try {
    await stat(join(directory, "journal.sqlite"));
  } catch {
    return { what, ok: true, detail: "no journal here" };
  }
  const { verifyAudit } = await import("@keybrake/server");
  const result = await verifyAudit(directory, () => {});
  return result.problem === null
    ? { what, ok: true, detail: `whole: ${result.entries} entries` }
    : { what, ok: false, detail: `broken at position ${result.problem.position}: ${result.problem.why}` };
}
