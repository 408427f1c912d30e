// What surrounds every operation: who may ask, what answers where nothing is, XML, accounts, and a vendor that believes anything.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TwilioSandbox } from "./server.ts";
import { TWILIO_SANDBOX_SECRET_KEY, startTwilioSandbox } from "./server.ts";
import { FROM, SMS, TO, ask, bills, clientOf, messagesPath } from "./test-support.ts";

let sandbox: TwilioSandbox;

beforeEach(async () => {
  sandbox = await startTwilioSandbox({ seed: 3 });
});

afterEach(async () => {
  await sandbox.close();
});

describe("authentication", () => {
  test.each([
    ["nobody", null],
    ["a wrong token", `${TWILIO_SANDBOX_SECRET_KEY}x`],
    ["an account that is none", `AC${"0".repeat(32)}:x`],
    ["no colon", "AC"],
  ])("%s is answered 401 in Twilio's shape, and nothing is done", async (_name, as) => {
    const answer = await ask(sandbox, "POST", messagesPath(sandbox), { as, body: SMS });
    expect(answer.status).toBe(401);
    expect(answer.json).toEqual({
      code: 20003,
      message: "Authenticate",
      more_info: "https://www.twilio.com/docs/errors/20003",
      status: 401,
    });
    expect(answer.headers["twilio-request-id"]).toMatch(/^RQ[0-9a-f]{32}$/);
    expect(bills(sandbox)).toEqual([]);
  });

  test("a key and its secret stand for the account until the key is deleted", async () => {
    const client = clientOf(sandbox);
    const { sid, secret } = await client.newKeys.create();
    const withKey = clientOf(sandbox, sid, secret, sandbox.accountSid);
    expect((await withKey.messages.create({ to: TO, from: FROM, body: "x" })).accountSid).toBe(sandbox.accountSid);
    expect((await client.keys.list()).map((key) => key.sid)).toEqual([sid]);
    await client.keys(sid).remove();
    await expect(withKey.messages.list()).rejects.toMatchObject({ status: 401, code: 20003 });
  });

  test("an account acts for its sub-accounts, and nobody for a stranger", async () => {
    const client = clientOf(sandbox);
    const [one, other] = [await client.api.accounts.create(), await client.api.accounts.create()];
    const message = await client.api.accounts(one.sid).messages.create({ to: TO, from: FROM, body: "x" });
    expect(message.accountSid).toBe(one.sid);
    expect(bills(sandbox)).toMatchObject([{ account: one.sid }]);
    const child = clientOf(sandbox, one.sid, one.authToken);
    expect(await child.messages.list()).toHaveLength(1);
    expect(await client.messages.list()).toHaveLength(0);
    await expect(client.messages(message.sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
    for (const sid of [other.sid, sandbox.accountSid]) {
      await expect(child.api.accounts(sid).messages.list()).rejects.toMatchObject({ status: 404, code: 20404 });
    }
    await client.api.accounts(one.sid).update({ status: "suspended" });
    await expect(child.messages.list()).rejects.toMatchObject({ status: 403, code: 20005 });
    await client.api.accounts(one.sid).update({ status: "active" });
    expect(await child.messages.list()).toHaveLength(1);
  });

  test("a secret of the test's own choosing", async () => {
    const secretKey = `AC${"1".repeat(32)}:other`;
    await using other = await startTwilioSandbox({ secretKey });
    expect((await ask(other, "GET", messagesPath(other))).status).toBe(200);
    expect((await ask(other, "GET", messagesPath(other), { as: TWILIO_SANDBOX_SECRET_KEY })).status).toBe(401);
    await expect(startTwilioSandbox({ secretKey: "sk_test_1" })).rejects.toThrow(TypeError);
  });
});

describe("where nothing is", () => {
  test.each([
    ["GET", "/2010-04-01/Nothing.json", 404, 20404],
    ["GET", "/verify/v2/Nothing", 404, 20404],
    ["GET", "/nothing/v1/Services", 404, 20404],
    ["GET", "/", 404, 20404],
    ["DELETE", "/verify/v2/Services", 405, 20004],
    ["GET", "/verify/v2//Services", 404, 20404],
    ["GET", "/verify/v2/Services/%zz", 400, 20001],
  ])("%s %s: %d", async (method, path, status, code) => {
    const answer = await ask(sandbox, method, path);
    expect([answer.status, answer.json.code, answer.json.status]).toEqual([status, code, status]);
  });
});

describe("XML, where the path does not end in .json", () => {
  const path = (): string => messagesPath(sandbox).replace(".json", "");

  test("of one thing, of a list, of an error", async () => {
    const made = await ask(sandbox, "POST", path(), { body: `${SMS}&Body=a%26b` });
    expect(made.status).toBe(201);
    expect(made.headers["content-type"]).toBe("application/xml");
    expect(made.body.toString()).toMatch(
      /<TwilioResponse><Message><Body>a&amp;b<\/Body>.*<Price\/>.*<Sid>SM[0-9a-f]{32}<\/Sid>/,
    );
    const list = await ask(sandbox, "GET", path());
    expect(list.body.toString()).toMatch(/<TwilioResponse><Messages>.*<Message><Body>/);
    const wrong = await ask(sandbox, "POST", path(), { body: "To=x" });
    expect(wrong.body.toString()).toContain("<TwilioResponse><RestException><Code>21603</Code>");
    expect(bills(sandbox)).toHaveLength(1);
  });
});

describe("a name that is given twice", () => {
  test("counts as it is read: the last of body and query, and all of a list", async () => {
    const body = "To=%2B14155550100&To=%2B4915112345678&From=%2B14155550199&Body=x";
    await ask(sandbox, "POST", messagesPath(sandbox), { body });
    await ask(sandbox, "POST", `${messagesPath(sandbox)}?MediaUrl=https%3A%2F%2Fexample.com`, { body: SMS });
    expect(bills(sandbox).map((bill) => bill.what)).toEqual([expect.stringMatching(/^DE /), "US MMS"]);
  });
});

describe("gullible", () => {
  test.each([
    ["POST", (path: string) => path.replace("/Messages", "/Calls/../Messages"), SMS],
    ["POST", (path: string) => path.replace("/Messages", "//Messages"), SMS],
    ["POST", (path: string) => path.replace("/Messages", "%2fMessages"), SMS],
    ["POST", (path: string) => path, "to=%2B14155550100&FROM=%2B14155550199&body=x"],
  ])("%s of what a careful vendor refuses does its harm", async (method, change, body) => {
    await using gullible = await startTwilioSandbox({ gullible: true });
    expect((await ask(gullible, method, change(messagesPath(gullible)), { body })).status).toBe(201);
    expect((await ask(sandbox, method, change(messagesPath(sandbox)), { body })).status).toBeGreaterThan(399);
    expect([bills(gullible).length, bills(sandbox).length]).toEqual([1, 0]);
  });

  test("a method that is overridden", async () => {
    await using gullible = await startTwilioSandbox({ gullible: true });
    const { sid } = await clientOf(gullible).messages.create({ to: TO, from: FROM, body: "x" });
    const path = messagesPath(gullible).replace(".json", `/${sid}.json`);
    expect((await ask(gullible, "POST", path, { body: "_method=delete" })).status).toBe(204);
    expect((await ask(gullible, "GET", path)).status).toBe(404);
  });
});

test("the same seed gives the same world", async () => {
  const run = async (): Promise<unknown> => {
    await using seeded = await startTwilioSandbox({ seed: 5, now: () => 1_795_000_000_000 });
    const client = clientOf(seeded);
    for (let at = 0; at < 5; at += 1) {
      await client.messages.create({ to: TO, from: FROM, body: "x" });
      await client.calls.create({ to: TO, from: FROM, twiml: "<Response/>" });
    }
    return bills(seeded);
  };
  expect(await run()).toEqual(await run());
});

test("beyond the limits details are dropped, and the totals stay exact", async () => {
  await using small = await startTwilioSandbox({ limits: { objectsPerKind: 3, bills: 2 } });
  const client = clientOf(small);
  for (let at = 0; at < 5; at += 1) await client.lookups.v2.phoneNumbers(TO).fetch({ fields: "caller_name" });
  for (let at = 0; at < 5; at += 1) await client.messages.create({ to: TO, from: FROM, body: "x" });
  expect(await client.messages.list()).toHaveLength(3);
  expect(small.moneyMoved()).toMatchObject({ billedMicroUsd: 47_500n, whole: false });
  expect(bills(small)).toHaveLength(2);
});
