/** `keybrake doctor`: is this installation in order? Each check says what to do when it is not. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@keybrake/client";
import type { Command } from "commander";
import { apiKey, dataDirectory, keybrakeUrl } from "../connection.ts";
import { UserProblem } from "../problems.ts";
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
      const checks = [nodeCheck(), await dataCheck(), ...(await serverChecks()), await auditCheck()];
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
  let ready: Response;
  try {
    ready = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
  } catch {
    return [
      {
        what: "server",
        ok: false,
        detail: `nothing answers on ${url}. Start it: keybrake serve (or set KEYBRAKE_URL)`,
      },
    ];
  }
  const server: Check = {
    what: "server",
    ok: ready.ok,
    detail: ready.ok ? `${url} is ready` : `${url}: ${await ready.text()}`,
  };
  const key = apiKey();
  if (key === null) return [server, { what: "API key", ok: false, detail: "none found. Set KEYBRAKE_API_KEY" }];
  try {
    const credentials = (await createClient({ baseUrl: url, apiKey: key }).listCredentials()).data;
    const real = credentials.filter((each) => !each.sandbox);
    const live = real.filter((each) => each.livemode).length;
    return [
      server,
      { what: "API key", ok: true, detail: "accepted" },
      {
        what: "credentials",
        ok: true,
        detail:
          real.length === 0 ? "none but the sandbox's: no real money can move" : `${real.length}, ${live} of them live`,
      },
    ];
  } catch (problem) {
    return [
      server,
      { what: "API key", ok: false, detail: problem instanceof Error ? problem.message : String(problem) },
    ];
  }
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
