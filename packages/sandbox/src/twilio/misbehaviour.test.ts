// The fault rules of all sandboxes at this one: what the caller hears, and what was billed meanwhile. Nothing is idempotent:
// whoever sends again pays again.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MisbehaviourRule } from "../shared/misbehaviour.ts";
import type { RawAnswer } from "../shared/test-support.ts";
import type { TwilioSandbox } from "./server.ts";
import { startTwilioSandbox } from "./server.ts";
import { FROM, SMS, TO, ask, bills, clientOf, messagesPath } from "./test-support.ts";

let sandbox: TwilioSandbox;

beforeEach(async () => {
  sandbox = await startTwilioSandbox({ seed: 42 });
});

afterEach(async () => {
  await sandbox.close();
});

const send = async (): Promise<RawAnswer> =>
  await ask(sandbox, "POST", messagesPath(sandbox), { body: SMS, signal: AbortSignal.timeout(300) });

describe("an answer that says so", () => {
  test.each<[MisbehaviourRule, number, number, number]>([
    [{ action: "500_after_work" }, 500, 20500, 1],
    [{ action: "500_before_work" }, 500, 20500, 0],
    [{ action: "429" }, 429, 20429, 0],
    [{ action: "409" }, 409, 20409, 0],
  ])("%j: %d with code %d, and %d message billed", async (rule, status, code, billed) => {
    sandbox.misbehave({ ...rule, times: 1 });
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ code, status, more_info: `https://www.twilio.com/docs/errors/${code}` });
    expect(bills(sandbox)).toHaveLength(billed);
    expect((await send()).status).toBe(201);
    expect(bills(sandbox)).toHaveLength(billed + 1);
  });
});

describe("an answer that nobody can use", () => {
  test.each<[MisbehaviourRule, number]>([
    [{ action: "reset_after_work" }, 1],
    [{ action: "reset_before_work" }, 0],
    [{ action: "truncate" }, 1],
    [{ action: "hang_after_work" }, 1],
  ])("%j: none comes, and %d message billed", async (rule, billed) => {
    sandbox.misbehave({ ...rule, times: 1 });
    await expect(send()).rejects.toThrow();
    expect(bills(sandbox)).toHaveLength(billed);
  });

  test.each<[MisbehaviourRule, number, number]>([
    [{ action: "garbage_200" }, 200, 1],
    [{ action: "html_502" }, 502, 1],
    [{ action: "html_502", work: false }, 502, 0],
    [{ action: "redirect" }, 307, 0],
  ])("%j: %d, and %d message billed", async (rule, status, billed) => {
    sandbox.misbehave({ ...rule, times: 1 });
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({});
    expect(bills(sandbox)).toHaveLength(billed);
  });

  test("the secret in an error and in a success, and in XML", async () => {
    const basic = `Basic ${Buffer.from(sandbox.secretKey).toString("base64")}`;
    sandbox.misbehave({ action: "echo_secret", times: 1 });
    expect((await send()).json.message).toContain(basic);
    sandbox.misbehave({ action: "echo_secret", status: 201 });
    const answer = await send();
    expect(answer.headers["x-sandbox-authorization"]).toBe(basic);
    expect(answer.json.sandbox_echo).toBe(basic);
    const xml = await ask(sandbox, "POST", messagesPath(sandbox).replace(".json", ""), { body: SMS });
    expect(xml.body.toString()).toContain(basic);
    expect(bills(sandbox)).toHaveLength(2);
  });
});

test("the real client hears a lost answer as an error, and its second try is billed a second time", async () => {
  const client = clientOf(sandbox);
  sandbox.misbehave({ action: "reset_after_work", times: 1 });
  await expect(client.messages.create({ to: TO, from: FROM, body: "x" })).rejects.toMatchObject({ code: "ECONNRESET" });
  await client.messages.create({ to: TO, from: FROM, body: "x" });
  expect(bills(sandbox).map((bill) => bill.order)).toEqual([1, 2]);
});

test("a rule for one product leaves the others alone", async () => {
  sandbox.misbehave({ action: "500_before_work", match: { path: "/verify/" } });
  expect((await ask(sandbox, "GET", "/verify/v2/Services")).status).toBe(500);
  expect((await send()).status).toBe(201);
});
