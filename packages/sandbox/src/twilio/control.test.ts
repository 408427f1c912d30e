// The control plane, as a test in another process sees it: JSON, with amounts as decimal strings of micro-USD.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { isObject } from "../shared/json.ts";
import { startTwilioSandbox } from "./server.ts";
import { SMS, TO, UNTIL_PRICED_MS, ask, messagesPath } from "./test-support.ts";

test("bills, the clock, what is brought about at once, codes, faults, and a fresh start", async () => {
  await using sandbox = await startTwilioSandbox({ seed: 9 });
  const control = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const options = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await ask(sandbox, method, `/_sandbox/${path}`, { as: null, ...options })).json;
  };
  const post = async (path: string, body: string): Promise<Record<string, unknown>> =>
    (await ask(sandbox, "POST", path, { body })).json;

  expect(await control("GET", "health")).toMatchObject({ vendor: "twilio", requests: 0 });
  const first = await post(messagesPath(sandbox), SMS);
  const { now } = await control("GET", "clock");
  expect(await control("GET", "moved?totals=1")).toMatchObject({ billedMicroUsd: "0", billCount: 1, whole: true });
  expect(await control("GET", "moved")).toMatchObject({ bills: [{ objectId: first.sid, state: "pending", order: 1 }] });
  const later = await control("POST", "clock", { advance_ms: UNTIL_PRICED_MS });
  expect(Number(later.now)).toBeGreaterThanOrEqual(Number(now) + UNTIL_PRICED_MS);
  const moved = await control("GET", "moved");
  expect(moved).toMatchObject({ pendingMicroUsd: "0", bills: [{ state: "billed", microUsd: moved.billedMicroUsd }] });

  const second = await post(messagesPath(sandbox), SMS);
  expect(await control("POST", "advance", { id: second.sid, outcome: "fail" })).toEqual({ advanced: second.sid });
  expect(await control("GET", "moved?order=2")).toMatchObject({
    bills: [{ kind: "message", state: "void" }, { kind: "failed_message" }],
  });

  const service = await post("/verify/v2/Services", "FriendlyName=x");
  const verification = await post(
    `/verify/v2/Services/${String(service.sid)}/Verifications`,
    `To=${encodeURIComponent(TO)}&Channel=sms`,
  );
  const byTo = await control("GET", `code?to=${encodeURIComponent(TO)}`);
  expect(byTo.code).toMatch(/^\d{6}$/);
  expect(await control("GET", `code?sid=${String(verification.sid)}`)).toEqual(byTo);

  for (const wrong of [{ advance_ms: -1 }, {}]) expect(await control("POST", "clock", wrong)).toHaveProperty("error");
  for (const wrong of [{ id: "SM" }, {}]) expect(await control("POST", "advance", wrong)).toHaveProperty("error");
  expect(await control("GET", "code?sid=VE")).toHaveProperty("error");

  await control("POST", "misbehave", { action: "429", times: 1 });
  expect(await post(messagesPath(sandbox), SMS)).toMatchObject({ code: 20429 });
  await control("POST", "reset");
  expect(await control("GET", "moved")).toMatchObject({ billCount: 0, pendingMicroUsd: "0", requestCount: 0 });
  expect(Number((await control("GET", "clock")).now)).toBeLessThan(Number(later.now));
});

test("without a control plane nobody can ask", async () => {
  await using sandbox = await startTwilioSandbox({ controlPlane: false });
  expect((await ask(sandbox, "GET", "/_sandbox/moved")).status).toBe(404);
});

test("as a process of its own, it says where it is and ends on SIGTERM", async () => {
  const main = join(import.meta.dirname, "..", "main.ts");
  const child = spawn(process.execPath, [main, "--vendor", "twilio", "--seed", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const hello: unknown = JSON.parse(line);
    if (!isObject(hello) || typeof hello.url !== "string" || typeof hello.secretKey !== "string") {
      throw new Error(`not an address: ${line}`);
    }
    expect(hello).toMatchObject({
      sandbox: "twilio",
      secretKey: expect.stringMatching(/^AC[0-9a-f]{32}:[A-Za-z0-9]+$/),
    });
    const Authorization = `Basic ${Buffer.from(hello.secretKey).toString("base64")}`;
    const answer = await fetch(`${hello.url}/pricing/v1/Messaging/Countries/US`, {
      headers: { Authorization },
    });
    expect(answer.status).toBe(200);
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill("SIGKILL");
  }
});
