// Every way to go wrong, and what the mails did meanwhile.

import { gunzipSync } from "node:zlib";
import { Resend } from "resend";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RawAnswer } from "../shared/test-support.ts";
import type { ResendSandbox } from "./server.ts";
import { startResendSandbox } from "./server.ts";
import { ONE, call, keyed } from "./test-support.ts";

let sandbox: ResendSandbox;

beforeEach(async () => {
  sandbox = await startResendSandbox({ seed: 42 });
});

afterEach(async () => {
  await sandbox.close();
});

const send = async (signal?: AbortSignal): Promise<RawAnswer> =>
  await call(sandbox, "POST", "/emails", ONE, { ...keyed("k"), ...(signal === undefined ? {} : { signal }) });
const sent = (): number => sandbox.mailsSent().sent;

describe("lost answers", () => {
  test("reset_before_work: the connection breaks, nothing was sent, the key is free", async () => {
    sandbox.misbehave({ action: "reset_before_work", times: 1 });
    await expect(send()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(sent()).toBe(0);
    expect((await send()).status).toBe(200);
    expect(sent()).toBe(1);
  });

  test.each(["reset_after_work", "truncate"] as const)(
    "%s: the mail went out, and the key knows it",
    async (action) => {
      sandbox.misbehave({ action, times: 1 });
      await expect(send()).rejects.toMatchObject({ code: "ECONNRESET" });
      expect(sent()).toBe(1);
      expect((await send()).status).toBe(200);
      expect(sent()).toBe(1);
    },
  );

  test("hang_after_work: no answer ever, the mail went out", async () => {
    sandbox.misbehave({ action: "hang_after_work", times: 1 });
    await expect(send(AbortSignal.timeout(100))).rejects.toMatchObject({ name: "AbortError" });
    expect(sent()).toBe(1);
  });
});

describe("wrong answers", () => {
  test("500_after_work: the mail went out, and the key gives its answer afterwards", async () => {
    sandbox.misbehave({ action: "500_after_work", times: 1 });
    expect((await send()).json).toMatchObject({ statusCode: 500, name: "internal_server_error" });
    expect(sent()).toBe(1);
    expect((await send()).status).toBe(200);
    expect(sent()).toBe(1);
  });

  test("500_before_work: nothing was sent, the key is free", async () => {
    sandbox.misbehave({ action: "500_before_work", times: 1 });
    expect((await send()).status).toBe(500);
    expect(sent()).toBe(0);
    expect((await send()).status).toBe(200);
    expect(sent()).toBe(1);
  });

  test("garbage_200: a success that nobody can read, the mail went out", async () => {
    sandbox.misbehave({ action: "garbage_200", times: 1 });
    const answer = await send();
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
    expect(() => JSON.parse(answer.body.toString()) as unknown).toThrow(SyntaxError);
    expect(sent()).toBe(1);
  });

  test("html_502: a page from something in between, with the work done or not", async () => {
    sandbox.misbehave({ action: "html_502", times: 1 });
    expect((await send()).headers["content-type"]).toBe("text/html");
    expect(sent()).toBe(1);
    sandbox.misbehave({ action: "html_502", work: false, times: 1 });
    expect((await call(sandbox, "POST", "/emails", ONE)).status).toBe(502);
    expect(sent()).toBe(1);
  });

  test.each([
    ["429", 429, "rate_limit_exceeded"],
    ["409", 409, "concurrent_idempotent_requests"],
  ] as const)("%s: in Resend's words, nothing was sent", async (action, status, name) => {
    sandbox.misbehave({ action, times: 1 });
    expect((await send()).json).toEqual({ statusCode: status, name, message: expect.any(String) as string });
    expect(sent()).toBe(0);
  });

  test("redirect: nothing was sent, and a follower is seen", async () => {
    sandbox.misbehave({ action: "redirect", times: 1 });
    const answer = await send();
    expect([answer.status, answer.headers.location]).toEqual([307, `${sandbox.url}/_sandbox/elsewhere`]);
    expect(sent()).toBe(0);
  });

  test.each([200, 403])("echo_secret with %d: the key in the body and in a header", async (status) => {
    sandbox.misbehave({ action: "echo_secret", status, times: 1 });
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.body.toString()).toContain(sandbox.secretKey);
    expect(answer.headers["x-sandbox-authorization"]).toContain(sandbox.secretKey);
  });

  test("gzip: compressed though nobody asked", async () => {
    sandbox.misbehave({ action: "gzip", times: 1 });
    const answer = await send();
    expect(JSON.parse(gunzipSync(answer.body).toString())).toHaveProperty("id");
  });
});

test("the real SDK never throws: what went wrong stands in its error", async () => {
  const resend = new Resend(sandbox.secretKey, { baseUrl: sandbox.url });
  const expected = [
    ["500_after_work", "internal_server_error"],
    ["reset_after_work", "application_error"],
    ["garbage_200", "application_error"],
    ["html_502", "application_error"],
    ["429", "rate_limit_exceeded"],
  ] as const;
  for (const [action, name] of expected) {
    sandbox.misbehave({ action, times: 1 });
    expect((await resend.emails.send(ONE)).error?.name, action).toBe(name);
  }
  expect(sent()).toBe(4);
});
