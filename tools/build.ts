/**
 * `npm run build`: the one publishable package, packages/cli/dist. Our own code and its libraries become a few files; the workers,
 * migrations and data stand beside them. Licences of the libraries inside are collected into one file.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";

const ROOT = join(import.meta.dirname, "..");
const CLI = join(ROOT, "packages", "cli");
const DIST = join(CLI, "dist");

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST, { recursive: true });

const workers = readdirSync(join(ROOT, "packages", "store-sqlite", "src")).filter((file) =>
  file.endsWith("-worker.ts"),
);
const bundle = await rolldown({
  input: Object.fromEntries([
    ["main", join(CLI, "src", "main.ts")],
    ...workers.map((file) => [file.replace(/\.ts$/, ""), join(ROOT, "packages", "store-sqlite", "src", file)]),
  ]),
  platform: "node",
  external: [/^node:/],
});
const { output } = await bundle.write({
  dir: DIST,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
  sourcemap: false,
  minify: false,
});
await bundle.close();

cpSync(join(ROOT, "packages", "store-sqlite", "src", "migrations"), join(DIST, "migrations"), { recursive: true });
cpSync(join(ROOT, "packages", "vendors", "data"), join(DIST, "data"), { recursive: true });
cpSync(join(ROOT, "LICENSE"), join(CLI, "LICENSE"));
cpSync(join(ROOT, "README.md"), join(CLI, "README.md"));

const libraries = new Map<string, string>();
for (const chunk of output) {
  if (chunk.type !== "chunk") continue;
  for (const module of Object.keys(chunk.modules)) {
    const found = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(module);
    if (found?.[1] !== undefined && found[2] !== undefined) libraries.set(found[2], found[1]);
  }
}
const notices = [...libraries]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, folder]) => {
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
      version: string;
      license: string;
    };
    const file = readdirSync(folder).find((each) => /^licen[sc]e/i.test(each));
    const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
writeFileSync(join(DIST, "THIRD-PARTY-LICENSES.txt"), notices.join(`\n${"-".repeat(80)}\n\n`));

if (!existsSync(join(DIST, "main.js"))) throw new Error("the bundle has no main.js");
console.log(`built ${join("packages", "cli", "dist")}: ${output.length} files, ${libraries.size} libraries inside`);
