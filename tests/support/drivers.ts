/**
 * The vendors' official SDKs in four languages, as they are, behind one protocol: a process per language that reads one instruction a
 * line and answers one result a line, in turn, and stays alive, so that a JVM's start is paid once. The programs are in
 * tests/sdk-drivers/<language>; they send the same requests in every language, so answers and bytes can be compared.
 *
 *   await using go = await startDriver("go");
 *   const result = await go.run({ vendor: "stripe", base_url, key, scenario: "create" });
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { goDriver } from "../../tools/go.ts";
import { javaDriver } from "../../tools/java.ts";
import { pythonWithPackages } from "../../tools/python.ts";

export type Language = "node" | "python" | "go" | "java";
export type DrivenVendor = "stripe" | "twilio" | "resend";

/**
 * What an SDK is told to do.
 *
 * - `create`: $10 by pm_card_visa, a message of one segment to a US number, a mail to one. `refused`, `revoked` and `timeout` are the
 *   same call under a name that says what the test expects of it.
 * - `list`: all pages of two: customers; messages and then Verify services, whose links are absolute; mails.
 * - `not_found`, `server_error`: one PaymentIntent, message or mail is read, `target` if given; the test sees to the answer.
 * - `delete`: the customer, message or domain `target`.
 * - `upload`, `download` (quote `target`), `v2` (event destinations, all pages), `v2_write` (a meter event): Stripe.
 * - `lookup`, `verify` (service `target`): Twilio. `batch` (three mails): Resend.
 */
export type Scenario =
  | "create"
  | "list"
  | "not_found"
  | "server_error"
  | "refused"
  | "revoked"
  | "timeout"
  | "delete"
  | "upload"
  | "download"
  | "v2"
  | "v2_write"
  | "lookup"
  | "verify"
  | "batch";

export interface Instruction {
  readonly vendor: DrivenVendor;
  /** Without a trailing slash; Stripe's is a root, because not every SDK can carry a path. */
  readonly base_url: string;
  readonly key: string;
  /** Twilio's user name. */
  readonly account_sid?: string;
  readonly scenario: Scenario;
  /** The object that is read, deleted or used, by the vendor's id. */
  readonly target?: string;
  /** How long the SDK itself waits. Absent: its default. */
  readonly timeout_ms?: number;
  /** How often a Stripe SDK tries again. Absent: its default. */
  readonly retries?: number;
}

/** What a program in that language can read of an error. */
export interface DriverError {
  /** The SDK's own class, as the language writes it; `{ error }` for resend-node, which returns errors instead of throwing them. */
  readonly class: string;
  readonly code: string | number | null;
  readonly status: number | null;
  readonly message: string;
  /** The class of the error inside the error, where the SDK says it (stripe-go). */
  readonly inner?: string;
  /** Whatever else the SDK shows: the vendor's error object for Stripe, `details` for Twilio. */
  readonly details?: unknown;
}

export interface DriverResult {
  readonly id: string;
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: DriverError;
  /** From before the SDK was called until it had answered. */
  readonly ms: number;
}

export interface Driver extends AsyncDisposable {
  readonly language: Language;
  /** `verify.twilio.com:443`: where the SDK wanted to go over TLS and was not let. Only Python, Go and twilio-node can be seen doing so. */
  readonly strayed: readonly string[];
  /** One call after the other; throws when the driver does not know the scenario or has ended. */
  run(instruction: Instruction): Promise<DriverResult>;
}

/** Every language and the vendors whose SDK it drives. resend-java has its base URL in a constant. */
export const DRIVEN: Readonly<Record<Language, readonly DrivenVendor[]>> = {
  node: ["stripe", "twilio", "resend"],
  python: ["stripe", "twilio", "resend"],
  go: ["stripe", "twilio", "resend"],
  java: ["stripe", "twilio"],
};

interface Command {
  readonly program: string;
  readonly parameters: readonly string[];
}

const NODE_PROGRAM = fileURLToPath(new URL("../sdk-drivers/node/driver.ts", import.meta.url));
const PYTHON_PROGRAM = fileURLToPath(new URL("../sdk-drivers/python/driver.py", import.meta.url));

/** Prepares the driver where it has to be built, which takes long only once; `home` is where its SDKs may leave their files. */
async function commandFor(language: Language, home: string): Promise<Command> {
  switch (language) {
    case "node":
      return { program: process.execPath, parameters: [NODE_PROGRAM] };
    case "python":
      return { program: await pythonWithPackages(), parameters: [PYTHON_PROGRAM] };
    case "go":
      return { program: await goDriver(), parameters: [] };
    case "java": {
      const built = await javaDriver();
      const classPath = [join(built, "classes"), join(built, "lib", "*")].join(delimiter);
      // The JVM takes its home from the system's user list, not from HOME. One-off calls are not worth the second compiler.
      const options = [`-Duser.home=${home}`, "-XX:TieredStopAtLevel=1", "-Xmx256m"];
      return { program: "java", parameters: [...options, "-cp", classPath, "Driver"] };
    }
  }
}

interface Wall extends AsyncDisposable {
  readonly url: string;
  readonly strayed: readonly string[];
}

/** The proxy for TLS that leads nowhere: an SDK that follows an absolute link leaves its name here, and nothing leaves the machine. */
async function buildWall(): Promise<Wall> {
  const strayed: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (data: Buffer) => {
      strayed.push(/^CONNECT (\S+)/.exec(data.toString("latin1"))?.[1] ?? "?");
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A listening TCP server has a port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    strayed,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** Enough to see what a driver died of. */
const LAST_WORDS_LENGTH = 4000;

/** Starts the program of that language in an empty home: no SDK finds settings of the machine, none leaves anything behind. */
export async function startDriver(language: Language): Promise<Driver> {
  const home = await mkdtemp(join(tmpdir(), `keybrake-driver-${language}-`));
  const { program, parameters } = await commandFor(language, home);
  const wall = await buildWall();
  const child = spawn(program, parameters, {
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      XDG_CONFIG_HOME: home,
      // twilio-node takes its proxy for TLS from the other name, and sends nothing else there.
      [language === "node" ? "HTTP_PROXY" : "HTTPS_PROXY"]: wall.url,
      PYTHONUTF8: "1",
      PYTHONDONTWRITEBYTECODE: "1",
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const waiting = new Map<string, { answer(line: string): void; fail(problem: Error): void }>();
  let lastWords = "";
  let ended: Error | undefined;
  child.stderr.on("data", (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString("utf8")).slice(-LAST_WORDS_LENGTH);
  });
  const closed = new Promise<void>((resolve) => {
    const end = (why: string): void => {
      ended ??= new Error(`The ${language} driver ${why}: ${lastWords.trim() || "it said nothing"}`);
      for (const each of waiting.values()) each.fail(ended);
      waiting.clear();
      resolve();
    };
    child.once("error", (error) => end(`did not start (${error.message})`));
    child.once("close", (code, signal) => end(`ended with ${signal ?? code}`));
  });
  // A write to a driver that has died is told by its end, not by a broken pipe.
  child.stdin.on("error", () => undefined);
  // A test process that dies first must not leave a driver behind.
  const killAtExit = (): void => void child.kill("SIGKILL");
  process.once("exit", killAtExit);

  createInterface({ input: child.stdout }).on("line", (line) => {
    const id = idOf(line);
    const asked = id === null ? undefined : waiting.get(id);
    if (id === null || asked === undefined) {
      lastWords += `\nnot an answer: ${line}`;
      child.kill("SIGKILL");
      return;
    }
    waiting.delete(id);
    asked.answer(line);
  });

  let asked = 0;
  return {
    language,
    strayed: wall.strayed,
    async run(instruction) {
      if (ended !== undefined) throw ended;
      const id = String(++asked);
      const answered = new Promise<string>((answer, fail) => waiting.set(id, { answer, fail }));
      child.stdin.write(`${JSON.stringify({ id, ...instruction })}\n`);
      return resultOf(await answered);
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await closed;
      process.off("exit", killAtExit);
      await wall[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Null for a line that is no answer, such as something that an SDK prints. */
function idOf(line: string): string | null {
  try {
    const { id } = JSON.parse(line) as { id?: unknown };
    return typeof id === "string" ? id : null;
  } catch {
    return null;
  }
}

function resultOf(line: string): DriverResult {
  const answer = JSON.parse(line) as DriverResult & { readonly fault?: string };
  if (answer.fault !== undefined) throw new Error(`The driver cannot do this: ${answer.fault}`);
  return answer;
}
