// Emails and batches: who is let in, what is refused, what is billed, and what an idempotency key remembers.

import { Resend } from "resend";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { raw } from "../shared/test-support.ts";
import type { ResendSandbox } from "./server.ts";
import { startResendSandbox } from "./server.ts";
import { ONE, call, idOf, keyed } from "./test-support.ts";

const HOUR_MS: number = 60 * 60 * 1000;
const START_MS: number = Date.UTC(2026, 10, 25, 12);

let sandbox: ResendSandbox;

beforeEach(async () => {
  sandbox = await startResendSandbox({ seed: 7, now: () => START_MS });
});

afterEach(async () => {
  await sandbox.close();
});

const many = (count: number): readonly string[] => Array.from({ length: count }, (_, at) => `a${at}@example.com`);
const sent = (): number => sandbox.mailsSent().sent;

describe("who is let in", () => {
  test("nobody without a key, and nobody with another", async () => {
    const missing = await call(sandbox, "POST", "/emails", ONE, { key: null });
    expect([missing.status, missing.json]).toEqual([
      401,
      { statusCode: 401, name: "missing_api_key", message: "Missing API key in the authorization header." },
    ]);
    const wrong = await call(sandbox, "POST", "/emails", ONE, { key: "re_other" });
    expect([wrong.status, wrong.json.name]).toEqual([403, "invalid_api_key"]);
    expect(sent()).toBe(0);
  });

  test("nobody without a User-Agent, whose refusal is not in Resend's form", async () => {
    const answer = await raw(sandbox, "POST", "/emails", { body: JSON.stringify(ONE) });
    expect([answer.status, answer.body.toString()]).toEqual([403, "error code: 1010"]);
    expect(sent()).toBe(0);
  });

  test("a key that was made here, as far as its permission goes", async () => {
    const made = await call(sandbox, "POST", "/api-keys", { name: "sender", permission: "sending_access" });
    expect(made.status).toBe(201);
    const key = String(made.json.token);
    expect((await call(sandbox, "POST", "/emails", ONE, { key })).status).toBe(200);
    const reading = await call(sandbox, "GET", "/emails", undefined, { key });
    expect([reading.status, reading.json.name]).toEqual([401, "restricted_api_key"]);
    await call(sandbox, "DELETE", `/api-keys/${idOf(made)}`);
    expect((await call(sandbox, "POST", "/emails", ONE, { key })).json.name).toBe("invalid_api_key");
  });

  test("only verified senders, where senders are checked", async () => {
    await using strict = await startResendSandbox({ verifyDomains: true });
    expect((await call(strict, "POST", "/emails", ONE)).status).toBe(403);
    const domain = await call(strict, "POST", "/domains", { name: "example.com" });
    expect((await call(strict, "POST", "/emails", ONE)).json.name).toBe("validation_error");
    await call(strict, "POST", `/domains/${idOf(domain)}/verify`);
    expect((await call(strict, "POST", "/emails", ONE)).status).toBe(200);
    expect((await call(strict, "POST", "/emails", { ...ONE, from: "x@sub.example.com" })).status).toBe(403);
  });

  test("five requests a second, once that is asked for", async () => {
    sandbox.limitRate(5);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await call(sandbox, "GET", "/emails")).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    const refused = await call(sandbox, "POST", "/emails", ONE);
    expect(refused.json.name).toBe("rate_limit_exceeded");
    expect(refused.headers).toMatchObject({ "ratelimit-limit": "5", "ratelimit-remaining": "0", "retry-after": "1" });
    sandbox.advanceClock(1000);
    expect((await call(sandbox, "POST", "/emails", ONE)).status).toBe(200);
  });
});

describe("an email", () => {
  test("is billed once for each address in to, cc and bcc", async () => {
    const body = { ...ONE, to: many(50), cc: ["c@example.com", "Dora <d@example.com>"], bcc: "e@example.com" };
    const answer = await call(sandbox, "POST", "/emails", body);
    expect(answer.status).toBe(200);
    expect(Object.keys(answer.json)).toEqual(["id"]);
    expect(sandbox.mailsSent()).toMatchObject({
      sent: 53,
      mailings: [{ kind: "email", objectId: idOf(answer), mails: 53, state: "sent", order: 1 }],
    });
    expect(sandbox.mailsSentBy(1)).toBe(53);
    expect((await call(sandbox, "GET", `/emails/${idOf(answer)}`)).json).toMatchObject({
      object: "email",
      to: many(50),
      cc: ["c@example.com", "Dora <d@example.com>"],
      bcc: ["e@example.com"],
      last_event: "delivered",
      created_at: "2026-11-25 12:00:00.000+00",
    });
  });

  test.each([
    ["without a sender", { ...ONE, from: undefined }, 422, "missing_required_field"],
    ["from something that is no address", { ...ONE, from: "Shop" }, 422, "invalid_from_address"],
    ["to nobody", { ...ONE, to: [] }, 422, "missing_required_field"],
    ["to 51 addresses", { ...ONE, to: many(51) }, 422, "validation_error"],
    ["to a number", { ...ONE, to: 7 }, 422, "validation_error"],
    ["to two addresses in one text", { ...ONE, to: "a@example.com, b@example.com" }, 422, "validation_error"],
    ["with a cc that is no address", { ...ONE, cc: ["nobody"] }, 422, "validation_error"],
    ["without a subject", { ...ONE, subject: "" }, 422, "missing_required_field"],
    ["without words", { ...ONE, text: undefined }, 422, "missing_required_field"],
    ["at no time", { ...ONE, scheduled_at: "whenever" }, 422, "validation_error"],
    ["in 31 days", { ...ONE, scheduled_at: "in 31 days" }, 422, "validation_error"],
    ["that is a list", [ONE], 422, "validation_error"],
  ])("%s is refused in Resend's form and bills nothing", async (_, body, status, name) => {
    const answer = await call(sandbox, "POST", "/emails", body);
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({ statusCode: status, name, message: expect.any(String) as string });
    expect(sandbox.mailsSent()).toMatchObject({ sent: 0, scheduled: 0, mailings: [] });
  });

  test("that is not JSON is refused", async () => {
    const options = { headers: { "User-Agent": "test", "Content-Type": "application/json" }, body: "{" };
    expect((await raw(sandbox, "POST", "/emails", options)).json).toMatchObject({ name: "validation_error" });
  });

  test("in one text of several addresses bills each, at a gullible vendor", async () => {
    await using gullible = await startResendSandbox({ gullible: true });
    await call(gullible, "POST", "//emails/", { ...ONE, to: "a@example.com, b@example.com; c@example.com" });
    expect(gullible.mailsSent().sent).toBe(3);
  });

  test("that is scheduled goes out when its time has come, can be moved, and can be taken back", async () => {
    const soon = { ...ONE, to: many(2), scheduled_at: new Date(START_MS + HOUR_MS).toISOString() };
    const [first, second] = [
      await call(sandbox, "POST", "/emails", soon),
      await call(sandbox, "POST", "/emails", soon),
    ];
    expect(sandbox.mailsSent()).toMatchObject({ sent: 0, scheduled: 4 });
    await call(sandbox, "PATCH", `/emails/${idOf(first)}`, { scheduled_at: "in 3 hours" });
    expect((await call(sandbox, "POST", `/emails/${idOf(second)}/cancel`)).status).toBe(200);
    expect((await call(sandbox, "GET", `/emails/${idOf(second)}`)).json.last_event).toBe("canceled");
    sandbox.advanceClock(2 * HOUR_MS);
    expect(sandbox.mailsSent()).toMatchObject({ sent: 0, scheduled: 2 });
    sandbox.advanceClock(2 * HOUR_MS);
    expect(sandbox.mailsSent()).toMatchObject({ sent: 2, scheduled: 0 });
    expect([sandbox.mailsSentBy(1), sandbox.mailsSentBy(2)]).toEqual([2, 0]);
    expect((await call(sandbox, "POST", `/emails/${idOf(first)}/cancel`)).status).toBe(422);
  });

  test("is listed newest first, page by page", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.unshift(idOf(await call(sandbox, "POST", "/emails", ONE)));
    const listed = async (query: string): Promise<unknown> => {
      const { json } = await call(sandbox, "GET", `/emails?${query}`);
      const data = Array.isArray(json.data) ? json.data.map((each: { id: string }) => each.id) : [];
      return { more: json.has_more, ids: data };
    };
    expect(await listed("limit=2")).toEqual({ more: true, ids: ids.slice(0, 2) });
    expect(await listed(`limit=2&after=${ids[1]}`)).toEqual({ more: true, ids: ids.slice(2, 4) });
    expect(await listed(`limit=2&after=${ids[3]}`)).toEqual({ more: false, ids: ids.slice(4) });
    expect(await listed(`limit=2&before=${ids[3]}`)).toEqual({ more: true, ids: ids.slice(1, 3) });
    expect((await call(sandbox, "GET", "/emails?limit=101")).status).toBe(422);
  });

  test.each([
    ["GET", "/emails/none", 404, "not_found"],
    ["GET", "/nothing", 404, "not_found"],
    ["DELETE", "/emails", 405, "method_not_allowed"],
    ["POST", "/emails/", 404, "not_found"],
    ["POST", "//emails", 404, "not_found"],
  ])("is not behind %s %s", async (method, path, status, name) => {
    const answer = await call(sandbox, method, path);
    expect([answer.status, answer.json.name]).toEqual([status, name]);
  });
});

describe("a batch", () => {
  test("is billed for all recipients of all its emails, in one request", async () => {
    const batch = [ONE, { ...ONE, to: many(3), cc: many(2) }];
    const answer = await call(sandbox, "POST", "/emails/batch", batch);
    expect(answer.json.data).toHaveLength(2);
    expect(answer.json).not.toHaveProperty("errors");
    expect(sandbox.mailsSent()).toMatchObject({ sent: 6, mailings: [{ mails: 1 }, { mails: 5 }] });
    expect(sandbox.mailsSentBy(1)).toBe(6);
  });

  test("with one wrong email sends none; a permissive one sends the others and says which was wrong", async () => {
    const batch = [ONE, { ...ONE, to: "nobody" }, ONE];
    expect((await call(sandbox, "POST", "/emails/batch", batch)).status).toBe(422);
    expect(sent()).toBe(0);
    const permissive = { headers: { "x-batch-validation": "permissive" } };
    const answer = await call(sandbox, "POST", "/emails/batch", batch, permissive);
    expect(answer.json.data).toHaveLength(2);
    expect(answer.json.errors).toEqual([{ index: 1, message: expect.stringContaining("`to`") as string }]);
    expect(sent()).toBe(2);
  });

  test.each([
    ["an object", ONE],
    ["empty", []],
    ["of 101 emails", Array.from({ length: 101 }, () => ONE)],
  ])("that is %s is refused", async (_, body) => {
    expect((await call(sandbox, "POST", "/emails/batch", body)).status).toBeGreaterThanOrEqual(400);
    expect(sent()).toBe(0);
  });
});

describe("an idempotency key", () => {
  test("gives the same answer again, sends once, and shows no sign of it", async () => {
    const first = await call(sandbox, "POST", "/emails", ONE, keyed("k"));
    const again = await call(sandbox, "POST", "/emails", { ...ONE, text: "Hi" }, keyed("k"));
    expect(again.body.equals(first.body)).toBe(true);
    expect(Object.keys(again.headers)).toEqual(Object.keys(first.headers));
    const { subject, text, from, to } = ONE;
    expect((await call(sandbox, "POST", "/emails", { text, subject, to, from }, keyed("k"))).json).toEqual(first.json);
    expect(sent()).toBe(1);
  });

  test("belongs to its payload, and to its endpoint", async () => {
    await call(sandbox, "POST", "/emails", ONE, keyed("k"));
    const other = await call(sandbox, "POST", "/emails", { ...ONE, subject: "Other" }, keyed("k"));
    expect([other.status, other.json.name]).toEqual([409, "invalid_idempotent_request"]);
    expect((await call(sandbox, "POST", "/emails/batch", [ONE], keyed("k"))).status).toBe(409);
    expect(sent()).toBe(1);
  });

  test("works on a batch, and not where Resend has none", async () => {
    for (let i = 0; i < 2; i += 1) await call(sandbox, "POST", "/emails/batch", [ONE, ONE], keyed("k"));
    expect(sent()).toBe(2);
    const [first, second] = [
      await call(sandbox, "POST", "/segments", { name: "all" }, keyed("s")),
      await call(sandbox, "POST", "/segments", { name: "all" }, keyed("s")),
    ];
    expect(idOf(second)).not.toBe(idOf(first));
  });

  test("in use is a conflict", async () => {
    sandbox.misbehave({ action: "delay", ms: 50, times: 1 });
    const arrived = Promise.withResolvers<void>();
    const stop = sandbox.onRequest(() => arrived.resolve());
    const slow = call(sandbox, "POST", "/emails", ONE, keyed("k"));
    await arrived.promise;
    stop();
    const meanwhile = await call(sandbox, "POST", "/emails", ONE, keyed("k"));
    expect([meanwhile.status, meanwhile.json.name]).toEqual([409, "concurrent_idempotent_requests"]);
    expect((await slow).status).toBe(200);
    expect(sent()).toBe(1);
  });

  test("is forgotten after 24 hours, not before", async () => {
    const first = await call(sandbox, "POST", "/emails", ONE, keyed("k"));
    sandbox.advanceClock(24 * HOUR_MS - 1);
    expect((await call(sandbox, "POST", "/emails", ONE, keyed("k"))).json).toEqual(first.json);
    sandbox.advanceClock(1);
    expect((await call(sandbox, "POST", "/emails", ONE, keyed("k"))).json).not.toEqual(first.json);
    expect(sent()).toBe(2);
  });

  test("of a refused request is free", async () => {
    expect((await call(sandbox, "POST", "/emails", { ...ONE, to: [] }, keyed("k"))).status).toBe(422);
    expect((await call(sandbox, "POST", "/emails", ONE, keyed("k"))).status).toBe(200);
  });

  test.each([
    ["", 400],
    ["k".repeat(257), 400],
    ["k".repeat(256), 200],
  ])("%j is valid or not", async (key, status) => {
    const answer = await call(sandbox, "POST", "/emails", ONE, keyed(key));
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.json.name).toBe("invalid_idempotency_key");
  });
});

test("the real SDK sends, batches, reads, moves and cancels", async () => {
  const resend = new Resend(sandbox.secretKey, { baseUrl: sandbox.url });
  const mail = {
    from: ONE.from,
    to: ["a@example.com", "b@example.com"],
    cc: "c@example.com",
    subject: "Hi",
    html: "<p>",
  };
  const one = await resend.emails.send(mail, { idempotencyKey: "k" });
  expect(one.error).toBeNull();
  const again = await resend.emails.send(mail, { idempotencyKey: "k" });
  expect(again.data?.id).toBe(one.data?.id);
  const mixed = await resend.batch.send([mail, { ...mail, to: "nobody" }], { batchValidation: "permissive" });
  expect(mixed.data?.errors).toEqual([{ index: 1, message: expect.any(String) as string }]);
  const strict = await resend.batch.send([mail, { ...mail, to: "nobody" }]);
  expect(strict.error).toMatchObject({ name: "validation_error", statusCode: 422 });
  const later = await resend.emails.send({ ...mail, scheduledAt: "in 1 hour" });
  const id = later.data?.id ?? "";
  expect((await resend.emails.update({ id, scheduledAt: "in 2 hours" })).error).toBeNull();
  expect((await resend.emails.cancel(id)).data).toEqual({ object: "email", id });
  expect((await resend.emails.get(id)).data).toMatchObject({ id, last_event: "canceled" });
  expect((await resend.emails.list()).data?.data).toHaveLength(3);
  expect(sandbox.mailsSent()).toMatchObject({ sent: 6, scheduled: 0 });
  const stranger = new Resend("re_other", { baseUrl: sandbox.url });
  expect((await stranger.emails.send(mail)).error).toMatchObject({ name: "invalid_api_key", statusCode: 403 });
});
