/**
 * The command `keybrake`: the server and everything that people do with it. Commands that only ask a server load nothing of it.
 */
import { Command, CommanderError } from "commander";
import { apiKeysCommand } from "./commands/api-keys.ts";
import { auditCommand } from "./commands/audit.ts";
import { credentialsCommand } from "./commands/credentials.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { keysCommand } from "./commands/keys.ts";
import { operationsCommand } from "./commands/operations.ts";
import { pricesCommand } from "./commands/prices.ts";
import { serveCommand } from "./commands/serve.ts";
import { again } from "./invocation.ts";
import { UserProblem } from "./problems.ts";
import { sentenceOf } from "./sentence.ts";
import { paint, remark } from "./terminal.ts";
import { VERSION } from "./version.ts";

const program = new Command("keybrake")
  .description("Vault keys for agents that spend real money: capped, allowlisted, expiring, revocable, audited.")
  .version(VERSION)
  .addHelpText(
    "after",
    `
Speaks to KEYBRAKE_URL (http://127.0.0.1:4747 when it is not set) with
KEYBRAKE_API_KEY; on the server's own machine the admin key in its data
directory is found by itself. Secrets are read from stdin or the environment,
never from arguments.`,
  )
  .configureOutput({ outputError: (text, write) => write(withoutArguments(text)) })
  .exitOverride();

serveCommand(program);
keysCommand(program);
credentialsCommand(program);
auditCommand(program);
operationsCommand(program);
pricesCommand(program);
apiKeysCommand(program);
demoCommand(program);
doctorCommand(program);

nameHelp(program, "");

// A reader that goes away (`| head`) is not a problem of ours.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (problem: NodeJS.ErrnoException) => process.exit(problem.code === "EPIPE" ? 0 : 1));

try {
  await program.parseAsync();
} catch (problem) {
  process.exitCode = report(problem);
}

/** A wrong call is answered with where the help for that very command is. */
function nameHelp(command: Command, words: string): void {
  command.showHelpAfterError(`(${again(`${words}--help`)} shows what there is)`);
  for (const each of command.commands) nameHelp(each, `${words}${each.name()} `);
}

/** One argument too many can be a secret: it is counted and not repeated. */
function withoutArguments(text: string): string {
  return text.replace(/^(error: too many arguments.* but got \d+): .*/s, "$1.\n");
}

function report(problem: unknown): number {
  if (problem instanceof CommanderError) return problem.exitCode === 0 ? 0 : 2;
  remark(`${paint("red", "keybrake:", process.stderr)} ${sentenceOf(problem)}`);
  return problem instanceof UserProblem ? problem.status : 1;
}
