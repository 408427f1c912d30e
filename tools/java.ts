/**
 * The program that drives the vendors' Java SDKs, built from tests/sdk-drivers/java into a cache directory: Maven copies the libraries
 * in the exact versions of pom.xml, javac compiles the one source file. Never touches a Java installation; Maven keeps its own cache.
 *
 *   node tools/java.ts        prints the directory with `classes/` and `lib/`, building it first if need be
 */
import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hashOf } from "./go.ts";
import { putInPlace } from "./temporal.ts";

const run = promisify(execFile);

const SOURCES = fileURLToPath(new URL("../tests/sdk-drivers/java", import.meta.url));
const PROGRAM = join("src", "Driver.java");
const FILES: readonly string[] = ["pom.xml", PROGRAM];
/** 35 MB over a slow line; measured here: 6 seconds, javac another 3. */
const BUILD_TIMEOUT_MS = 600_000;

/** The directory of the built program: `java -cp <it>/classes:<it>/lib/* Driver`, cached under a hash of its sources. */
export async function javaDriver(): Promise<string> {
  const cache = join(homedir(), ".cache", "keybrake", `sdk-driver-java-${await hashOf(SOURCES, FILES)}`);
  if (!(await isWhole(cache))) await build(cache);
  return cache;
}

/** The class is compiled last, against all of the libraries. */
async function isWhole(cache: string): Promise<boolean> {
  return access(join(cache, "classes", "Driver.class")).then(
    () => true,
    () => false,
  );
}

/** In a directory of its own, then renamed: two builds at once both end with one whole program. */
async function build(cache: string): Promise<void> {
  process.stderr.write("Building the driver of the Java SDKs (once, about 35 MB) ...\n");
  await mkdir(dirname(cache), { recursive: true });
  const fresh = await mkdtemp(`${cache}.new-`);
  try {
    const lib = join(fresh, "lib");
    const where = ["--strict-checksums", "--file", join(SOURCES, "pom.xml"), `-DoutputDirectory=${lib}`];
    const copy = ["dependency:copy-dependencies", "-DincludeScope=runtime"];
    await run("mvn", ["--quiet", "--batch-mode", ...where, ...copy], { timeout: BUILD_TIMEOUT_MS });
    const javac = ["--release", "17", "-proc:none", "-cp", join(lib, "*"), "-d", join(fresh, "classes")];
    await run("javac", [...javac, join(SOURCES, PROGRAM)], { timeout: BUILD_TIMEOUT_MS });
    await putInPlace(fresh, cache, () => isWhole(cache));
  } catch (error) {
    const why = error instanceof Error ? (error.message.trim().split("\n").at(-1) ?? "") : String(error);
    throw new Error(
      `The tests need a JDK 17 or newer with Maven, and building with them failed (${why}). ` +
        'Run "apt-get install -y default-jdk-headless maven" (macOS: "brew install openjdk maven").',
      { cause: error },
    );
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

if (import.meta.main) process.stdout.write(`${await javaDriver()}\n`);
