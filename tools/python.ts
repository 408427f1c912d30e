/**
 * A Python with the real `temporalio`, `stripe` and `httpx` for the tests: a virtual environment in a cache directory,
 * exact versions by hash from requirements-tests.txt. Never touches the system's own packages.
 *
 *   node tools/python.ts        prints the path of the interpreter, preparing it first if need be
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { isExecutable, putInPlace } from "./temporal.ts";

const run = promisify(execFile);

const REQUIREMENTS = fileURLToPath(new URL("./requirements-tests.txt", import.meta.url));
/** 20 MB over a slow line; measured here: 6 seconds. */
const INSTALL_TIMEOUT_MS = 300_000;

/** Path of a Python that can import the test packages: KEYBRAKE_PYTHON, or one prepared once and cached. */
export async function pythonWithPackages(): Promise<string> {
  const override = process.env["KEYBRAKE_PYTHON"];
  if (override !== undefined && override !== "") {
    if (await isExecutable(override)) return override;
    throw new Error(`KEYBRAKE_PYTHON names ${override}, which is not an executable file.`);
  }
  const hash = createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .digest("hex")
    .slice(0, 12);
  const cache = join(homedir(), ".cache", "keybrake", `python-${hash}`);
  const python = join(cache, "bin", "python");
  // bin/python is a link to the system's interpreter: where that was removed, this is false and we make a new one.
  if (!(await isExecutable(python))) await install(cache);
  return python;
}

/** In a directory of its own, then renamed. Only bin/python is used after that: scripts keep the old path, it does not. */
async function install(cache: string): Promise<void> {
  process.stderr.write("Preparing a Python with temporalio, stripe and httpx (once, about 20 MB) ...\n");
  await mkdir(dirname(cache), { recursive: true });
  const fresh = await mkdtemp(`${cache}.new-`);
  try {
    await run("python3", ["-m", "venv", "--clear", fresh], { timeout: INSTALL_TIMEOUT_MS });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
    const pinned = ["--require-hashes", "--only-binary", ":all:", "-r", REQUIREMENTS];
    const python = join(fresh, "bin", "python");
    await run(python, [...pip, ...pinned], { timeout: INSTALL_TIMEOUT_MS });
    await run(python, ["-c", "import temporalio.client, stripe, httpx"], { timeout: INSTALL_TIMEOUT_MS });
    await putInPlace(fresh, cache, () => isExecutable(join(cache, "bin", "python")));
  } catch (error) {
    const why = error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error);
    throw new Error(
      `The tests need Python 3.10 or newer with pip and venv, and preparing it failed (${why}). ` +
        'Run "apt-get install -y python3-pip python3-venv" (macOS: "brew install python"), or set KEYBRAKE_PYTHON=/path/to/python.',
      { cause: error },
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

if (import.meta.main) process.stdout.write(`${await pythonWithPackages()}\n`);
