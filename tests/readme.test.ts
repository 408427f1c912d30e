/** The README is tested: what it shows is what happens, and what it tells to paste works as it stands. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { FORWARDED_DIFFERENCES } from "@keybrake/gateway";
import { vendors } from "@keybrake/vendors";
import { expect, test } from "vitest";
import { ADMIN_API_KEY, issueKey, startKeybrake, temporaryDirectory } from "./support/keybrake.ts";
import { charge } from "./support/vendor.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** The code blocks of a language, in order. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    (found) => found[1] ?? "",
  );
}

test("the refusal that the README shows is the one that the quick start ends with", async () => {
  await using directory = await temporaryDirectory();
  const keybrake = await startKeybrake({ dataDirectory: directory.path });
  try {
    const key = await issueKey(keybrake, { total_usd_cap: 50 });
    for (let paste = 0; paste < 5; paste += 1)
      expect((await charge(key.base_url, key.vault_key, 1000)).status).toBe(200);
    const refused = await charge(key.base_url, key.vault_key, 1000);
    const shown = JSON.parse(blocks("json")[0] ?? "{}") as { error: Record<string, unknown> };
    expect(refused.body["error"]).toMatchObject(shown.error);
  } finally {
    await keybrake.stop();
  }
});

test("the curl line that issues a vault key works as it stands", async () => {
  await using directory = await temporaryDirectory();
  const keybrake = await startKeybrake({ dataDirectory: directory.path });
  try {
    const line = blocks("sh").find((block) => block.startsWith("curl ")) ?? "";
    const { stdout } = await run("sh", ["-c", line.replace("http://127.0.0.1:4747", keybrake.url)], {
      env: { PATH: process.env["PATH"], KEYBRAKE_API_KEY: ADMIN_API_KEY },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      vault_key: expect.stringMatching(/^kbtest/) as unknown,
      base_url: `${keybrake.url}/stripe`,
      agent_run_label: "billing/2026-11",
      budgets: [
        { window: "day", limit_usd: "200" },
        { window: "total", limit_usd: "500" },
      ],
    });
  } finally {
    await keybrake.stop();
  }
});

test("every setting that the README names is read, and every one that is read is named", () => {
  const sources = ["packages/server/src/config.ts", "packages/cli/src/connection.ts"].map((file) =>
    readFileSync(join(ROOT, file), "utf8"),
  );
  const named = new Set(README.match(/KEYBRAKE_[A-Z_]+/g));
  const read = new Set(
    sources.flatMap((text) => [...text.matchAll(/\b(?:text\(|env\[)"(KEYBRAKE_[A-Z_]+)"/g)].map((found) => found[1])),
  );
  // One a vendor, made from its id.
  for (const { id } of vendors) expect(named.delete(`KEYBRAKE_${id.toUpperCase()}_BASE_URL`), id).toBe(true);
  expect(named).toEqual(read);
});

test("every refusal code that the README names exists, and every one that exists is named", () => {
  const source = readFileSync(join(ROOT, "packages", "core", "src", "refusal.ts"), "utf8");
  const codes = [...(/export type RefusalCode =([\s\S]*?);/.exec(source)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(
    (found) => found[1],
  );
  const table = README.slice(README.indexOf("## When it says no"), README.indexOf("## Settings"));
  const named = new Set([...table.matchAll(/`([a-z]+(?:_[a-z]+)*)`/g)].map((found) => found[1]));
  // Two forms of one word; and one for a feature that is not there yet.
  const public_ = codes.filter((code) => code !== "outcome_unknown_timeout" && code !== "run_closed");
  for (const code of public_) expect(named, code).toContain(code);
});

test("the README's table of what the vendor receives is the list that the code keeps", () => {
  const section = README.slice(README.indexOf("## What the vendor receives"), README.indexOf("## When it says no"));
  const rows = [...section.matchAll(/^\| `(.+?)` \| (.+) \|$/gm)].map(([, header, what]) => ({
    header,
    what: what?.replaceAll("`", ""),
  }));
  expect(rows).toEqual(FORWARDED_DIFFERENCES);
});
