/**
 * The rules about the code, executed: who may import whom (ARCHITECTURE.md prints the same table), and what must be absent.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** What a package's sources may import besides their own files. `node:` stands for every built-in module. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  vendors: ["@keybrake/core"],
  "store-sqlite": ["@keybrake/core", "node:"],
  gateway: ["@keybrake/core", "node:", "undici"],
  api: ["@keybrake/core", "hono", "zod"],
  client: ["@keybrake/api/contract"],
  sandbox: ["node:"],
  server: [
    "@keybrake/api",
    "@keybrake/core",
    "@keybrake/gateway",
    "@keybrake/sandbox",
    "@keybrake/store-sqlite",
    "@keybrake/vendors",
    "@hono/node-server",
    "node:",
    "pino",
    "yaml",
  ],
  cli: ["@keybrake/client", "@keybrake/server", "cli-table3", "commander", "node:"],
};
/** Only tests import these, so they may import anything. */
const UNRESTRICTED: readonly string[] = ["testing"];

interface Source {
  readonly file: string;
  readonly text: string;
}

function sourcesOf(name: string): Source[] {
  const folder = join(ROOT, "packages", name, "src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(file) && !file.includes("test-support"))
    .map((file) => ({ file: relative(ROOT, join(folder, file)), text: readFileSync(join(folder, file), "utf8") }));
}

/** Every module named by a static or dynamic import or a re-export. */
function importsOf(source: Source): string[] {
  const { module, errors } = parseSync(source.file, source.text);
  expect(errors, source.file).toEqual([]);
  return [
    ...module.staticImports.map((each) => each.moduleRequest.value),
    ...module.staticExports.flatMap((each) => each.entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ...module.dynamicImports.map((each) => source.text.slice(each.moduleRequest.start + 1, each.moduleRequest.end - 1)),
  ];
}

/** The imports of `source` that its package may not make. */
function forbiddenImports(name: string, source: Source): string[] {
  const allowed = MAY_IMPORT[name] ?? [];
  return importsOf(source).filter((wanted) => {
    if (wanted.startsWith("./") || wanted.startsWith("../")) {
      const file = join(source.file, "..", wanted);
      return !file.startsWith(join("packages", name, "src")) && file !== join("packages", name, "package.json");
    }
    return !allowed.some((each) => (each === "node:" ? wanted.startsWith(each) : wanted === each));
  });
}

/** Lines outside comments that match. Block comments are blanked so that line numbers stay. */
function linesWith(source: Source, pattern: RegExp): string[] {
  const code = source.text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/\/\/.*$/gm, "");
  return code
    .split("\n")
    .flatMap((line, index) => (pattern.test(line) ? [`${source.file}:${index + 1}: ${line.trim()}`] : []));
}

const PACKAGES = readdirSync(join(ROOT, "packages"));
const everything = PACKAGES.flatMap((name) => sourcesOf(name).map((source) => ({ name, source })));

describe("who may import whom", () => {
  test("every package has a rule", () => {
    expect(PACKAGES.filter((name) => MAY_IMPORT[name] === undefined && !UNRESTRICTED.includes(name))).toEqual([]);
  });

  test.each(Object.keys(MAY_IMPORT))("%s imports only what the table allows", (name) => {
    const broken = sourcesOf(name).flatMap((source) =>
      forbiddenImports(name, source).map((wanted) => `${source.file} imports ${wanted}`),
    );
    expect(broken).toEqual([]);
  });

  test.each([
    ["core reads a file", "core", 'import { readFileSync } from "node:fs";'],
    ["a vendor talks to the network", "vendors", 'import { request } from "undici";'],
    ["the gateway knows a vendor", "gateway", 'export { vendors } from "@keybrake/vendors";'],
    ["the gateway reaches into another package's files", "gateway", 'import { x } from "../../api/src/app.ts";'],
    ["the API opens the store itself", "api", 'const store = await import("@keybrake/store-sqlite");'],
    ["the product imports the tests' helpers", "server", 'import { MemoryStore } from "@keybrake/testing";'],
  ])("a planted import is found: %s", (_what, name, text) => {
    expect(forbiddenImports(name, { file: `packages/${name}/src/planted.ts`, text })).toHaveLength(1);
  });
});

describe("what must be absent", () => {
  const absent = (where: (name: string, file: string) => boolean, pattern: RegExp): string[] =>
    everything
      .filter(({ name, source }) => where(name, source.file))
      .flatMap(({ source }) => linesWith(source, pattern));

  test("no vendor's name outside vendors and sandbox", () => {
    const elsewhere = (name: string): boolean => !["vendors", "sandbox", "testing"].includes(name);
    // The demo and the start-up line of the command line show a real vendor's request: that is what people paste.
    const isExampleRequest = (file: string): boolean => file.endsWith(join("cli", "src", "example-request.ts"));
    expect(absent((name, file) => elsewhere(name) && !isExampleRequest(file), /stripe|twilio|resend(?!\w)/i)).toEqual(
      [],
    );
  });

  test("only gateway/forward opens a secret", () => {
    const opens = absent((_name, file) => !file.endsWith("secret.ts"), /\.expose\(\)/);
    expect(opens.filter((line) => !line.startsWith(join("packages", "gateway", "src", "forward.ts")))).toEqual([]);
  });

  test("core reads no clock, file, environment or randomness", () => {
    expect(
      absent(
        (name) => name === "core",
        /Date\.now|new Date\(\)|Math\.random|process\.|crypto\.|performance\.|globalThis/,
      ),
    ).toEqual([]);
  });

  test("only server reads configuration", () => {
    // The command line reads where its server is, and secrets that are handed to it; nothing else looks at the environment.
    expect(absent((name) => !["server", "cli"].includes(name), /process\.env/)).toEqual([]);
  });

  test("balances are derived from entries: nothing but the ledger writes them", () => {
    expect(
      absent((name, file) => name === "core" && !file.endsWith("ledger.ts"), /\.(settled|held)\s*(=|\+=|-=)[^=]/),
    ).toEqual([]);
  });

  test("no `any`, no skipped or focused test, no unfinished marks", () => {
    expect(absent(() => true, /\bas any\b|: any\b|TODO|FIXME|@ts-ignore|@ts-nocheck/)).toEqual([]);
    const tests = readdirSync(join(ROOT, "packages"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".test.ts") && !file.includes("node_modules"))
      .map((file) => ({ file, text: readFileSync(join(ROOT, "packages", file), "utf8") }));
    expect(tests.flatMap((source) => linesWith(source, /\b(test|it|describe)\.(skip|only|todo)\b/))).toEqual([]);
  });
});
