/**
 * Secrets come in by stdin or the environment, never by arguments: those are in the shell's history and in every process list.
 */
import { UserProblem } from "./problems.ts";

/** Longest secret that makes sense; anything longer is a wrong file. */
const SECRET_LENGTH_MAX = 4096;

export async function readSecret(options: { environmentName: string; what: string }): Promise<string> {
  const given = process.env[options.environmentName];
  if (given !== undefined && given !== "") return given.trim();
  if (process.stdin.isTTY) return await askHidden(`${options.what}: `);
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > SECRET_LENGTH_MAX)
      throw new UserProblem(`What came on stdin is too long for ${options.what}.`, 2);
  }
  const secret = text.trim();
  if (secret === "")
    throw new UserProblem(`Give ${options.what} on stdin, or in the environment as ${options.environmentName}.`, 2);
  return secret;
}

/** Asks on the terminal without showing what is typed. */
function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  return new Promise((resolve, reject) => {
    stderr.write(question);
    stdin.setRawMode(true).resume().setEncoding("utf8");
    let typed = "";
    const finish = (result: () => void): void => {
      stdin.off("data", onData).setRawMode(false).pause();
      stderr.write("\n");
      result();
    };
    const onData = (chunk: string): void => {
      for (const character of chunk) {
        if (character === "\r" || character === "\n") return finish(() => resolve(typed.trim()));
        if (character === "\u0003" || character === "\u0004")
          return finish(() => reject(new UserProblem("Cancelled.")));
        if (character === "\u007f") typed = typed.slice(0, -1);
        else if (typed.length < SECRET_LENGTH_MAX) typed += character;
      }
    };
    stdin.on("data", onData);
  });
}
