/**
 * The program that drives the vendors' Go SDKs, built from tests/sdk-drivers/go into a cache directory: exact versions by go.mod, every
 * module by its sum in go.sum. Never touches a Go installation; modules and build results stay where Go keeps its own.
 *
 *   node tools/go.ts        prints the path of the program, building it first if need be
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

const SOURCES = fileURLToPath(new URL("../tests/sdk-drivers/go", import.meta.url));
const FILES: readonly string[] = ["go.mod", "go.sum", "main.go"];
/** Three SDKs of thousands of generated files; measured here on two busy cores: 48 seconds. */
const BUILD_TIMEOUT_MS = 600_000;

/** Path of the built program, cached under a hash of its sources. */
export async function goDriver(): Promise<string> {
  const cache = join(homedir(), ".cache", "keybrake", `sdk-driver-go-${await hashOf(SOURCES, FILES)}`);
  const program = join(cache, "driver");
  if (!(await isExecutable(program))) await build(cache);
  return program;
}

/** Twelve hex digits that change with any of the files, or with the kind of machine. */
export async function hashOf(folder: string, files: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const file of files) hash.update(`\n${file}\n`).update(await readFile(join(folder, file)));
  return hash.digest("hex").slice(0, 12);
}

/** In a directory of its own, then renamed: two builds at once both end with one whole program. */
async function build(cache: string): Promise<void> {
  process.stderr.write("Building the driver of the Go SDKs (once, about a minute) ...\n");
  await mkdir(dirname(cache), { recursive: true });
  const fresh = await mkdtemp(`${cache}.new-`);
  try {
    // Without the optimiser a third of the time; the SDKs wait for the network anyway.
    const quick = ["-gcflags=all=-N -l", "-buildvcs=false"];
    await run("go", ["build", "-mod=readonly", ...quick, "-o", join(fresh, "driver"), "."], {
      cwd: SOURCES,
      timeout: BUILD_TIMEOUT_MS,
    });
    await putInPlace(fresh, cache, () => isExecutable(join(cache, "driver")));
  } catch (error) {
    const why = error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error);
    throw new Error(
      `The tests need Go 1.23 or newer, and building with it failed (${why}). ` +
        'Run "apt-get install -y golang-go" (macOS: "brew install go"); where "go version" still says less than 1.23, install a newer Go.',
      { cause: error },
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

if (import.meta.main) process.stdout.write(`${await goDriver()}\n`);
