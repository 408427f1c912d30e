/** What people are told of a problem, in the words of the command line. */
import { KeybrakeApiError } from "@keybrake/client";
import { dataDirectory, findApiKey } from "./connection.ts";
import { withRealCommands } from "./invocation.ts";
import { inOptionWords } from "./options.ts";
import { UserProblem } from "./problems.ts";
import { printable } from "./terminal.ts";

/** A sentence; what is nobody's fault but ours comes with its stack. */
export function sentenceOf(problem: unknown): string {
  return withRealCommands(told(problem)).split("\n").map(printable).join("\n");
}

function told(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  if (problem instanceof UserProblem) return problem.message;
  if (problem instanceof KeybrakeApiError) return apiSentence(problem);
  // Faults of the server's start carry a public sentence.
  if ("publicMessage" in problem) return String(problem.publicMessage);
  if ("syscall" in problem) return systemSentence(problem.message, String(problem.syscall));
  return problem.stack ?? problem.message;
}

function apiSentence(problem: KeybrakeApiError): string {
  const sentence = inOptionWords(problem.message);
  const isAboutKey = problem.status === 401 || problem.code === "api_key_malformed";
  const found = isAboutKey ? findApiKey() : null;
  return found === null ? sentence : `${sentence} (The API key came from ${found.from}.)`;
}

/** What the operating system refused: `EROFS: read-only file system, mkdir '/x'`. */
function systemSentence(message: string, systemCall: string): string {
  const check = /^(?:listen|bind|getaddrinfo|connect)$/.test(systemCall)
    ? "Check KEYBRAKE_HOST and KEYBRAKE_PORT."
    : `Check the data directory, ${dataDirectory()} (KEYBRAKE_DATA_DIR).`;
  return `${message}. ${check}`;
}
