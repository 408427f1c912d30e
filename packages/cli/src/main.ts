/**
 * The command `keybrake`: the server and everything that people do with it. Commands that only ask a server load nothing of it.
 */
import { Command, CommanderError } from "commander";
import { KeybrakeApiError } from "@keybrake/client";
import { apiKeysCommand } from "./commands/api-keys.ts";
import { auditCommand } from "./commands/audit.ts";
import { credentialsCommand } from "./commands/credentials.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { keysCommand } from "./commands/keys.ts";
import { serveCommand } from "./commands/serve.ts";
import { keybrakeUrl } from "./connection.ts";
import { UserProblem } from "./problems.ts";
import { paint, remark } from "./terminal.ts";
import { VERSION } from "./version.ts";

const program = new Command("keybrake")
  .description("Vault keys for agents that spend real money: capped, allowlisted, expiring, revocable, audited.")
  .version(VERSION)
  .showHelpAfterError("(keybrake --help shows what there is)")
  .addHelpText(
    "after",
    `
Speaks to KEYBRAKE_URL (default ${keybrakeUrl()}) with KEYBRAKE_API_KEY; on the server's own machine the admin key in its data
directory is found by itself. Secrets are read from stdin or the environment, never from arguments.`,
  )
  .exitOverride();

serveCommand(program);
keysCommand(program);
credentialsCommand(program);
auditCommand(program);
apiKeysCommand(program);
demoCommand(program);
doctorCommand(program);

// A reader that goes away (`| head`) is not a problem of ours.
process.stdout.on("error", (problem: NodeJS.ErrnoException) => process.exit(problem.code === "EPIPE" ? 0 : 1));

try {
  await program.parseAsync();
} catch (problem) {
  process.exitCode = report(problem);
}

function report(problem: unknown): number {
  if (problem instanceof CommanderError) return problem.exitCode === 0 ? 0 : 2;
  const said = (text: string): void => remark(`${paint("red", "keybrake:", process.stderr)} ${text}`);
  if (problem instanceof UserProblem) {
    said(problem.message);
    return problem.status;
  }
  if (problem instanceof KeybrakeApiError) {
    said(problem.message);
    return 1;
  }
  // Faults of the server's start carry a public sentence; anything else is ours and wants its stack.
  if (problem instanceof Error && "publicMessage" in problem) said(String(problem.publicMessage));
  else said(problem instanceof Error ? (problem.stack ?? problem.message) : String(problem));
  return 1;
}
