/**
 * The published package, packed and run by `npx` in an empty folder, with whatever Node the machine has of its own: it starts, sells
 * the quick start, and carries nothing that does not belong in it.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryDirectory } from "./support/keybrake.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..");
const CLI = join(ROOT, "packages", "cli");
/** The first run fetches the package's own Node, some 45 MB. */
const NPX_MS_MAX = 300_000;

/** Without the folders that npm put in front of it for this test run. */
function ownPath(): string {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((entry) => !entry.includes("node_modules"))
    .join(delimiter);
}

test(
  "npx of the packed package starts in an empty folder, and its line charges until the cap",
  async () => {
    await using directory = await temporaryDirectory();
    const empty = join(directory.path, "empty");
    await mkdir(empty);
    // As in a fresh checkout: packing builds what it packs, and until then the command says so.
    await rm(join(CLI, "dist"), { recursive: true, force: true });
    await expect(run(join(CLI, "bin", "keybrake.cjs"), ["serve"])).rejects.toMatchObject({
      stderr: expect.stringMatching(/^keybrake: .*npm run build first\.\n$/) as unknown,
    });
    const packed = await run("npm", ["pack", "--json", "--pack-destination", directory.path], { cwd: CLI });
    const [manifest] = JSON.parse(packed.stdout) as { filename: string; files: { path: string }[] }[];
    const files = manifest?.files.map((file) => file.path) ?? [];
    for (const needed of ["bin/keybrake.cjs", "dist/main.js", "dist/THIRD-PARTY-LICENSES.txt", "LICENSE", "README.md"])
      expect(files).toContain(needed);
    expect(files.filter((path) => /\.ts$|\.test\.|\.env|\.sqlite/.test(path))).toEqual([]);

    const environment = { PATH: ownPath(), HOME: process.env["HOME"], KEYBRAKE_PORT: "0", KEYBRAKE_RATES_FEED: "off" };
    const tarball = join(directory.path, manifest?.filename ?? "");
    const npx = ["--yes", "--package", tarball, "keybrake"];
    const version = await run("npx", [...npx, "--version"], { cwd: empty, env: environment });
    expect(version.stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);

    const server = spawn("npx", [...npx, "serve"], {
      cwd: empty,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let said = "";
    for (const stream of [server.stdout, server.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (said += text));
    try {
      await expect.poll(() => said, { timeout: NPX_MS_MAX / 2 }).toContain("Paste it until");
      const line = /^\s+(curl .*)$/m.exec(said)?.[1] ?? "";
      const codes: string[] = [];
      for (let paste = 0; paste < 6; paste += 1) {
        const { stdout } = await run("sh", ["-c", `${line} -s -o /dev/null -w '%{http_code}'`]);
        codes.push(stdout);
      }
      expect(codes).toEqual(["200", "200", "200", "200", "200", "429"]);
      expect(await readdir(empty)).toEqual([".keybrake"]);
      const verified = await run("npx", [...npx, "audit", "verify"], { cwd: empty, env: environment });
      expect(verified.stdout).toContain("head ");
    } finally {
      if (server.pid !== undefined) process.kill(-server.pid, "SIGTERM");
      await once(server, "exit");
    }
  },
  NPX_MS_MAX,
);

test("publint finds nothing to say about the package", async () => {
  const { stdout } = await run("npx", ["publint", CLI, "--strict"], { cwd: ROOT });
  expect(stdout).toContain("All good");
});
