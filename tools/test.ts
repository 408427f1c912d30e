/**
 * `npm test`: everything that must hold, in the order in which it fails fastest. Each step is a command that can be run alone.
 * Nothing is skipped: a missing tool is a failure that names the line which installs it.
 */
import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";

const NODE_MAJOR = 24;

const STEPS: readonly (readonly [what: string, command: string, ...args: string[]])[] = [
  ["types", "tsc", "--noEmit"],
  ["lint", "oxlint", "--type-aware", "--deny-warnings"],
  ["format", "oxfmt", "--check", "."],
  ["unused code", "knip"],
  ["unit tests", "vitest", "run", "--project", "unit"],
  ["the package", "node", "tools/build.ts"],
  ["product tests", "vitest", "run", "--project", "product"],
];

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}

const major = Number(process.versions.node.split(".")[0]);
if (major < NODE_MAJOR) {
  console.error(
    `Keybrake needs Node ${NODE_MAJOR}; this is ${process.versions.node}. "npm ci" brings it, and "npm test" uses it.`,
  );
  process.exit(1);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STEPS.some(([what]) => what === name));
if (unknown.length > 0) {
  console.error(`There is no step "${unknown.join('", "')}". The steps: ${STEPS.map(([what]) => what).join(", ")}.`);
  process.exit(2);
}
for (const [what, command, ...args] of STEPS) {
  if (wanted.length > 0 && !wanted.includes(what)) continue;
  const started = performance.now();
  console.log(`\n▸ ${what}: ${[command, ...args].join(" ")}`);
  const status = await run(command, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status !== 0) {
    console.error(`✗ ${what} failed after ${seconds} s. Run it alone: npx ${[command, ...args].join(" ")}`);
    process.exit(status);
  }
  console.log(`✓ ${what} (${seconds} s)`);
}
