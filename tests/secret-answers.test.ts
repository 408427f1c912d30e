/**
 * Secrets that vendors hand out in answers: an API key just made, an account's auth token, a webhook's signing secret. For every operation
 * of every vendor whose answer can hold one, a vendor that plants a secret in each such field: it must not reach the caller, the log,
 * the audit or a file. What the table refuses must not even be asked.
 */
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Operation, Vendor } from "@keybrake/core";
import { vendors } from "@keybrake/vendors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  issueKey,
  startKeybrake,
  temporaryDirectory,
  type IssuedKey,
  type Json,
  type KeybrakeProcess,
} from "./support/keybrake.ts";

// Put together here, so that no scanner of this repository takes it for a real one.
const PLANTED = ["whsec", "PlantedPlantedPlanted0123456789abcdef"].join("_");

const SECRETS: Readonly<Record<string, Json>> = {
  stripe: { secret: ["sk", "test", "51SecretAnswersSecretAnswersSecretAnswers00"].join("_") },
  twilio: { secret: "0123456789abcdef0123456789abcdef", account_sid: `AC${"a1".repeat(16)}` },
  resend: { secret: ["re", "SecretAn", "swersSecretAnswersSecret"].join("_") },
};

let asked: string[] = [];
let answer: (compressed: boolean) => { headers: Record<string, string>; body: Buffer } = () => {
  throw new Error("no answer was set");
};
let compressed = false;
const recorder = createServer((request, response) => {
  request.resume().on("end", () => {
    asked.push(`${request.method} ${request.url}`);
    const { headers, body } = answer(compressed);
    response.writeHead(200, headers).end(request.method === "HEAD" ? undefined : body);
  });
});

let keybrake: KeybrakeProcess;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
const keys = new Map<string, IssuedKey & { readonly account_sid: string | null }>();
const seen: [where: string, text: string][] = [];

beforeAll(async () => {
  recorder.listen(0, "127.0.0.1");
  await once(recorder, "listening");
  const url = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`;
  directory = await temporaryDirectory();
  const environment: Record<string, string> = {
    KEYBRAKE_SANDBOX: "off",
    KEYBRAKE_RATES_FEED: "off",
    KEYBRAKE_LOG_LEVEL: "trace",
  };
  for (const { id } of vendors) environment[`KEYBRAKE_${id.toUpperCase()}_BASE_URL`] = url;
  keybrake = await startKeybrake({ dataDirectory: directory.path, environment });
  for (const { id, operations } of vendors) {
    const added = await keybrake.api("POST", "/vault/credentials", { vendor: id, name: "main", ...SECRETS[id] });
    expect(added.status, JSON.stringify(added.body)).toBe(201);
    const unbounded = operations.operations.filter((each) => each.class === "unbounded" && each.redacts !== undefined);
    const issued = await issueKey(keybrake, {
      vendor: id,
      total_usd_cap: 1_000_000,
      allow_unbounded: Object.fromEntries(unbounded.map(({ name }) => [name, { max_usd_per_call: 1 }])),
    });
    keys.set(id, issued as IssuedKey & { account_sid: string | null });
  }
});

afterAll(async () => {
  await keybrake.stop();
  await directory[Symbol.asyncDispose]();
  recorder.closeAllConnections();
  recorder.close();
});

/** As deep and as odd as answers are: alone, in lists, in objects, under an escaped name, and as a whole object. */
function planted(fields: readonly string[]): string {
  const one = Object.fromEntries(fields.map((field) => [field, PLANTED]));
  const deep = Object.fromEntries(fields.map((field) => [field, { inner: [PLANTED, { more: PLANTED }] }]));
  const escaped = fields.map(
    (field) => `"\\u${field.charCodeAt(0).toString(16).padStart(4, "0")}${field.slice(1)}":"${PLANTED}"`,
  );
  return `{"id":"x_1", "sid":"XX1", "object":"thing",${JSON.stringify(one).slice(1, -1)},"data":[${JSON.stringify(one)},${JSON.stringify(deep)}],"last":{${escaped.join(",")}}}`;
}

function target(operation: Operation, key: { readonly account_sid: string | null }): string {
  return operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    name === "AccountSid" || (name === "Sid" && /\/Accounts\/\{Sid\}/.test(operation.path))
      ? (key.account_sid ?? "x1")
      : "x1",
  );
}

async function ask(vendor: Vendor, operation: Operation): Promise<Response> {
  const key = keys.get(vendor.id);
  if (key === undefined) throw new Error("no key was issued");
  const hasBody = operation.method !== "GET" && operation.method !== "DELETE";
  const json = vendor.id === "resend" || operation.path.startsWith("/v2/");
  const response = await fetch(`${keybrake.url}/${vendor.id}${target(operation, key)}`, {
    method: operation.method,
    headers: {
      authorization:
        key.account_sid === null
          ? `Bearer ${key.vault_key}`
          : `Basic ${Buffer.from(`${key.account_sid}:${key.vault_key}`).toString("base64")}`,
      "user-agent": "test",
      ...(hasBody ? { "content-type": json ? "application/json" : "application/x-www-form-urlencoded" } : {}),
    },
    ...(hasBody ? { body: json ? "{}" : "" } : {}),
    redirect: "manual",
  });
  const text = await response.text();
  seen.push([`${vendor.id} ${operation.name}`, `${JSON.stringify([...response.headers])}\n${text}`]);
  return new Response(response.status === 204 ? null : text, { status: response.status, headers: response.headers });
}

describe.each(vendors.map((vendor) => [vendor.id, vendor] as const))("%s", (_id, vendor) => {
  const { operations } = vendor.operations;
  const refused = operations.filter((each) => each.class === "secret-bearing" && each.redacts === undefined);
  const blanked = operations.filter((each) => each.redacts !== undefined);

  test("has operations that hand out secrets", () => {
    expect(refused.length).toBeGreaterThan(0);
    expect(blanked.length).toBeGreaterThan(0);
  });

  test("what would hand out a secret is not even asked for", async () => {
    asked = [];
    answer = () => ({
      headers: { "content-type": "application/json" },
      body: Buffer.from(planted(["secret", "token"])),
    });
    for (const operation of refused) {
      const response = await ask(vendor, operation);
      expect([response.status, response.headers.get("keybrake-refusal")], operation.name).toEqual([
        403,
        "operation_exposes_secret",
      ]);
    }
    expect(asked).toEqual([]);
  });

  test.each([false, true])("a planted secret is blanked out, compressed: %s", async (isCompressed) => {
    compressed = isCompressed;
    let passed = 0;
    for (const operation of blanked) {
      asked = [];
      const body = planted(operation.redacts ?? []);
      answer = (zip) => ({
        headers: { "content-type": "application/json", ...(zip ? { "content-encoding": "gzip" } : {}) },
        body: zip ? gzipSync(body) : Buffer.from(body),
      });
      const response = await ask(vendor, operation);
      const text = await response.text();
      if (asked.length > 0) {
        passed += 1;
        expect(text, operation.name).toContain("[redacted]");
        expect(JSON.parse(text), operation.name).toMatchObject({ id: "x_1", sid: "XX1" });
      }
      expect(text.includes(PLANTED), operation.name).toBe(false);
    }
    // A few want parameters that this test does not give; most are answered.
    expect(passed / blanked.length).toBeGreaterThan(0.6);
  });

  test("an answer in which it cannot be found does not pass", async () => {
    compressed = false;
    const reads = blanked.filter((each) => each.method === "GET");
    for (const [type, body] of [
      ["application/xml", `<a><auth_token>${PLANTED}</auth_token></a>`],
      ["application/json", `{"auth_token":"${PLANTED}"`],
      ["text/html", `<p>${PLANTED}</p>`],
      ["application/json", `{"x":"${"x".repeat(5 * 1024 * 1024)}","secret":"${PLANTED}"}`],
    ] as const) {
      answer = () => ({ headers: { "content-type": type }, body: Buffer.from(body) });
      for (const operation of reads.slice(0, 3)) {
        const response = await ask(vendor, operation);
        expect([response.status, response.headers.get("keybrake-refusal")], `${operation.name} ${type}`).toEqual([
          502,
          "vendor_answer_unusable",
        ]);
      }
    }
  });
});

test("the planted secret is in no answer, log line, audit row or file", async () => {
  const rows = await keybrake.api("GET", "/audit/calls?limit=500");
  seen.push(["the audit", JSON.stringify(rows.body)]);
  await keybrake.kill();
  seen.push(["the log", keybrake.stdout() + keybrake.stderr()]);
  for (const file of readdirSync(keybrake.dataDirectory, { recursive: true, encoding: "utf8" }))
    seen.push([file, readFileSync(join(keybrake.dataDirectory, file)).toString("latin1")]);
  expect(seen.length).toBeGreaterThan(100);
  const forms = [
    PLANTED,
    PLANTED.slice(6),
    Buffer.from(PLANTED).toString("base64"),
    Buffer.from(PLANTED).toString("hex"),
  ];
  for (const [where, text] of seen) for (const form of forms) expect(text.includes(form), where).toBe(false);
});
