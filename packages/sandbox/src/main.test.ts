// The sandbox as another process: one line says where it is, and /_sandbox says what moved.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { isObject } from "./shared/json.ts";

test("a standalone sandbox prints its address, counts what moved, obeys the control plane, and ends on SIGTERM", async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), "--port", "0", "--seed", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, "line")) as [string];
    const hello: unknown = JSON.parse(line);
    if (!isObject(hello) || typeof hello.url !== "string" || typeof hello.secretKey !== "string")
      throw new Error(`not an address: ${line}`);
    const { url, secretKey } = hello;

    const call = async (method: string, path: string, body?: string): Promise<unknown> => {
      const headers = {
        Authorization: `Bearer ${secretKey}`,
        "Content-Type": "application/x-www-form-urlencoded",
      };
      const response = await fetch(`${url}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body }),
      });
      return await response.json();
    };
    await call("POST", "/v1/payment_intents", "amount=1000&currency=usd&payment_method=pm_card_visa&confirm=true");
    expect(await call("GET", "/_sandbox/moved")).toMatchObject({
      collectedMinor: { usd: "1000" },
      chargeCount: 1,
      charges: [{ amountMinor: "1000" }],
    });
    expect(await call("GET", "/_sandbox/moved?totals=1")).not.toHaveProperty("charges");
    expect(await call("GET", "/_sandbox/requests")).toMatchObject({
      requests: [{ method: "POST", path: "/v1/payment_intents" }],
    });
    expect(await call("GET", "/_sandbox/requests?since=1")).toMatchObject({ requests: [] });

    const rule = { action: "429", times: 1, match: { pathPattern: "^/v1/bal" } };
    expect(await call("POST", "/_sandbox/misbehave", JSON.stringify(rule))).toEqual({ added: 1 });
    expect(await call("GET", "/v1/balance")).toHaveProperty("error");
    expect(await call("POST", "/_sandbox/misbehave", '{"action": "nonsense"}')).toHaveProperty("error");

    const bank = await call(
      "POST",
      "/v1/payment_intents",
      "amount=500&currency=usd&payment_method=pm_bank_processing&confirm=true",
    );
    const id = isObject(bank) ? bank.id : null;
    expect(await call("POST", "/_sandbox/advance", JSON.stringify({ id }))).toMatchObject({ status: "succeeded" });
    expect(await call("GET", "/_sandbox/moved")).toMatchObject({ collectedMinor: { usd: "1500" } });
    await call("POST", "/_sandbox/reset");
    expect(await call("GET", "/_sandbox/moved")).toMatchObject({ collectedMinor: {}, requestCount: 0 });

    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  } finally {
    child.kill("SIGKILL");
  }
});

test("a standalone sandbox of another vendor counts mails, lets time pass, and limits the rate when told to", async () => {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [main, "--vendor", "resend", "--seed", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const hello: unknown = JSON.parse(line);
    if (!isObject(hello) || typeof hello.url !== "string" || typeof hello.secretKey !== "string")
      throw new Error(`not an address: ${line}`);
    expect(hello.sandbox).toBe("resend");
    const { url, secretKey } = hello;
    const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
      const headers = { Authorization: `Bearer ${secretKey}`, "Content-Type": "application/json" };
      const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return await (await fetch(`${url}${path}`, init)).json();
    };

    const mail = { from: "a@example.com", to: ["b@example.com", "c@example.com"], subject: "s", text: "t" };
    await call("POST", "/emails", { ...mail, scheduled_at: "in 1 hour" });
    expect(await call("GET", "/_sandbox/sent?totals=1")).toMatchObject({ sent: 0, scheduled: 2, requestCount: 1 });
    await call("POST", "/_sandbox/clock", { advance_ms: 3_600_000 });
    expect(await call("GET", "/_sandbox/sent")).toMatchObject({ sent: 2, mailings: [{ mails: 2, state: "sent" }] });
    expect(await call("GET", "/_sandbox/sent?order=1")).toEqual({ mails: 2 });
    expect(await call("POST", "/_sandbox/clock", { advance_ms: -1 })).toHaveProperty("error");

    await call("POST", "/_sandbox/rate_limit", { per_second: 0 });
    expect(await call("GET", "/emails")).toMatchObject({ name: "rate_limit_exceeded" });
    await call("POST", "/_sandbox/rate_limit", { per_second: null });

    const inbox = await call("POST", "/inboxes", { email_address: "help@example.com" });
    const received = { inbox_id: isObject(inbox) ? inbox.id : null, from: "x@example.com", to: [], subject: "?" };
    expect(await call("POST", "/_sandbox/receive", received)).toHaveProperty("threadId");
    expect(await call("POST", "/_sandbox/receive", { ...received, inbox_id: "none" })).toHaveProperty("error");
  } finally {
    child.kill("SIGKILL");
  }
});
