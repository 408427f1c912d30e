/**
 * The real secret, planted as a canary, is looked for in everything that leaves Keybrake or stays on its disk: answers of the gateway
 * and of the control API, log lines at the finest level, audit rows, the command line's output, and every file, byte by byte. The vendor
 * of this test repeats the secret wherever it can.
 */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ADMIN_API_KEY, issueKey } from "./support/keybrake.ts";
import { call, charge, startWorld } from "./support/vendor.ts";

const run = promisify(execFile);
const CLI = join(import.meta.dirname, "..", "packages", "cli", "src", "main.ts");
// Put together here, so that no scanner of this repository takes it for a real one.
const CANARY = ["sk", "test", "51CanaryCanaryCanaryCanaryCanaryCanary0123456789"].join("_");
const ROTATED = ["sk", "test", "51SecondCanarySecondCanarySecondCanary9876543210"].join("_");

/** The forms in which a secret could come back. */
function formsOf(secret: string): string[] {
  const basic = Buffer.from(`${secret}:`).toString("base64");
  return [secret, secret.slice(8), Buffer.from(secret).toString("base64"), basic, Buffer.from(secret).toString("hex")];
}

test("the real secret appears in no response, log line, error, audit row, database file or export", async () => {
  const seen: [where: string, text: string][] = [];
  await using world = await startWorld(
    { secretKey: CANARY, otherSecretKeys: [ROTATED], echoSecretInErrors: true, compress: true },
    { environment: { KEYBRAKE_LOG_LEVEL: "trace" } },
  );
  const { sandbox, keybrake } = world;
  const key = await issueKey(keybrake, { total_usd_cap: 1000 });
  const { base_url: url, vault_key: token } = key;
  const note = (where: string, answer: { headers: Headers; text: string }): void => {
    seen.push([where, `${JSON.stringify([...answer.headers])}\n${answer.text}`]);
  };

  note("a success", await charge(url, token, 100));
  note("an error", await call(url, token, "GET", "/v1/customers/cus_none"));
  note("a decline", await charge(url, token, 100, { form: { payment_method: "pm_card_chargeDeclined" } }));
  for (const split of [false, true])
    for (const gzip of [false, true])
      for (const status of [200, 400, 500]) {
        if (gzip) sandbox.misbehave({ action: "gzip", times: 1 });
        sandbox.misbehave({ action: "echo_secret", split, status, times: 1 });
        note(`an echo with ${status}, split ${split}, gzip ${gzip}`, await charge(url, token, 100));
        sandbox.clearMisbehaviour();
      }
  for (const action of ["redirect", "html_502", "truncate", "garbage_200", "reset_after_work"] as const) {
    sandbox.misbehave({ action, times: 1 });
    note(action, await charge(url, token, 100));
  }
  // A look-up whose answer repeats the secret.
  sandbox.misbehave({ action: "echo_secret", status: 400, times: 1 });
  note("a look-up", await call(url, token, "POST", "/v1/payment_intents/pi_none/confirm", {}));

  const { body } = await keybrake.api<{ data: { id: string }[] }>("GET", "/vault/credentials");
  const credential = String(body.data[0]?.id);
  await keybrake.api("POST", `/vault/credentials/${credential}/rotate`, { secret: ROTATED });
  note("after the rotation", await charge(url, token, 100));
  for (const [method, path, request] of [
    ["GET", "/vault/credentials"],
    ["GET", "/vault/keys"],
    ["GET", `/vault/keys/${key.key_id}`],
    ["GET", "/vault/api-keys"],
    ["GET", "/audit/calls?limit=500"],
    ["GET", "/openapi.json"],
    ["POST", "/vault/credentials", { vendor: "stripe", name: "again", secret: `${CANARY}\n` }],
    ["POST", "/vault/credentials", { vendor: "stripe", name: "again", secret: CANARY, surplus: CANARY }],
    ["POST", "/vault/credentials", { vendor: "stripe", name: CANARY.repeat(30), secret: CANARY }],
  ] as const)
    seen.push([`${method} ${path}`, JSON.stringify((await keybrake.api(method, path, request)).body)]);

  const environment = {
    PATH: process.env["PATH"],
    KEYBRAKE_URL: keybrake.url,
    KEYBRAKE_API_KEY: ADMIN_API_KEY,
    KEYBRAKE_DATA_DIR: keybrake.dataDirectory,
  };
  for (const args of [
    ["audit", "list", "--json", "--limit", "500"],
    ["audit", "list"],
    ["credentials", "list", "--json"],
    ["keys", "show", key.key_id],
    ["audit", "verify"],
    ["doctor"],
  ]) {
    const { stdout, stderr } = await run(process.execPath, [CLI, ...args], { env: environment });
    seen.push([`keybrake ${args.join(" ")}`, stdout + stderr]);
  }
  // The files as a kill leaves them, write-ahead logs included, and as a clean end leaves them.
  const files = (when: string): void => {
    for (const file of readdirSync(keybrake.dataDirectory, { recursive: true, encoding: "utf8" })) {
      const path = join(keybrake.dataDirectory, file);
      seen.push([`${file}, ${when}`, readFileSync(path).toString("latin1")]);
    }
  };
  await keybrake.kill();
  files("after kill -9");
  seen.push(["the log", keybrake.stdout() + keybrake.stderr()]);
  const again = await world.restart();
  note("after the restart", await charge(again.url + "/stripe", token, 100));
  await again.stop();
  files("after the end");
  seen.push(["the second log", again.stdout() + again.stderr()]);

  // The canary works: the vendor did receive it, and what it echoed was blanked out.
  const received = sandbox
    .journal()
    .map((request) => request.rawHeaders.join("\n"))
    .join("\n");
  expect(received).toContain(CANARY);
  expect(received).toContain(ROTATED);
  expect(seen.filter(([, text]) => text.includes("[redacted]")).length).toBeGreaterThan(5);
  expect(seen.length).toBeGreaterThan(40);

  const needles = [CANARY, ROTATED].flatMap(formsOf);
  for (const [where, text] of seen) for (const needle of needles) expect(text.includes(needle), where).toBe(false);
  // Vault keys and API keys are kept as hashes only.
  for (const [where, text] of seen)
    for (const needle of [key.vault_key, ADMIN_API_KEY]) expect(text.includes(needle), where).toBe(false);
});
