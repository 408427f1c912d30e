// Broadcasts and their segments, inboxes, and what answers with secrets, through the real SDK.

import { Resend } from "resend";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ResendSandbox } from "./server.ts";
import { startResendSandbox } from "./server.ts";
import { call } from "./test-support.ts";

const HOUR_MS: number = 60 * 60 * 1000;

let sandbox: ResendSandbox;
let resend: Resend;

beforeEach(async () => {
  sandbox = await startResendSandbox({ seed: 7, now: () => Date.UTC(2026, 10, 25, 12) });
  resend = new Resend(sandbox.secretKey, { baseUrl: sandbox.url });
});

afterEach(async () => {
  await sandbox.close();
});

/** The data of an answer; a refusal fails the test with its words. */
function dataOf<T>(answer: { readonly data: T | null; readonly error: unknown }): T {
  if (answer.data === null) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

async function segmentWith(count: number): Promise<string> {
  const { id } = dataOf(await resend.segments.create({ name: "readers" }));
  for (let at = 0; at < count; at += 1) {
    dataOf(await resend.contacts.create({ email: `reader${at}@example.com`, segments: [{ id }] }));
  }
  return id;
}

const LETTER = { from: "News <news@example.com>", subject: "News", html: "<p>News</p>" };

describe("a broadcast", () => {
  test("is a draft that bills nothing, until it is sent to everybody in its segment who still wants it", async () => {
    const segmentId = await segmentWith(4);
    dataOf(await resend.contacts.update({ email: "reader1@example.com", unsubscribed: true }));
    dataOf(await resend.contacts.create({ email: "elsewhere@example.com" }));
    const { id } = dataOf(await resend.broadcasts.create({ ...LETTER, segmentId }));
    expect(dataOf(await resend.broadcasts.get(id))).toMatchObject({ status: "draft", segment_id: segmentId });
    expect(sandbox.mailsSent().sent).toBe(0);
    dataOf(await resend.broadcasts.send(id));
    expect(sandbox.mailsSent()).toMatchObject({ sent: 3, mailings: [{ kind: "broadcast", objectId: id, mails: 3 }] });
    expect((await resend.broadcasts.send(id)).error).toMatchObject({ statusCode: 422 });
    expect(sandbox.mailsSent().sent).toBe(3);
    expect(dataOf(await resend.broadcasts.list()).data).toMatchObject([{ id, status: "sent" }]);
  });

  test('goes out at once when it is created with "send"', async () => {
    const segmentId = await segmentWith(3);
    const { id } = dataOf(await resend.broadcasts.create({ ...LETTER, segmentId, send: true }));
    expect(sandbox.mailsSent().sent).toBe(3);
    const copy = dataOf(await resend.broadcasts.duplicate(id));
    expect(dataOf(await resend.broadcasts.get(copy.id)).status).toBe("draft");
    expect(sandbox.mailsSent().sent).toBe(3);
  });

  test("that is scheduled goes to those who are there when its time comes", async () => {
    const segmentId = await segmentWith(2);
    const { id } = dataOf(await resend.broadcasts.create({ ...LETTER, segmentId }));
    dataOf(await resend.broadcasts.send(id, { scheduledAt: "in 1 hour" }));
    expect(sandbox.mailsSent()).toMatchObject({ sent: 0, scheduled: 2 });
    dataOf(await resend.contacts.create({ email: "late@example.com", segments: [{ id: segmentId }] }));
    sandbox.advanceClock(2 * HOUR_MS);
    expect(sandbox.mailsSent()).toMatchObject({ sent: 3, scheduled: 0, mailings: [{ mails: 3, state: "sent" }] });
  });

  test("that is taken back in time goes to nobody", async () => {
    const segmentId = await segmentWith(2);
    const { id } = dataOf(
      await resend.broadcasts.create({ ...LETTER, segmentId, send: true, scheduledAt: "in 1 hour" }),
    );
    dataOf(await resend.broadcasts.cancel(id));
    sandbox.advanceClock(2 * HOUR_MS);
    expect(sandbox.mailsSent()).toMatchObject({ sent: 0, scheduled: 0, mailings: [{ state: "cancelled" }] });
    dataOf(await resend.broadcasts.remove(id));
    expect((await resend.broadcasts.get(id)).error).toMatchObject({ name: "not_found" });
  });

  test.each([
    ["to no segment", { ...LETTER }],
    ["to a segment that does not exist", { ...LETTER, segment_id: "none" }],
    ["from nobody", { ...LETTER, segment_id: "none", from: undefined }],
    ["at a time, but not to be sent", { ...LETTER, segment_id: "none", scheduled_at: "in 1 hour" }],
  ])("%s is refused", async (_, body) => {
    expect((await call(sandbox, "POST", "/broadcasts", body)).status).toBeGreaterThanOrEqual(400);
    expect(dataOf(await resend.broadcasts.list()).data).toEqual([]);
  });
});

describe("contacts", () => {
  test("are found by id and by address, once for each address, and leave their segments when they go", async () => {
    const segmentId = await segmentWith(2);
    const again = dataOf(await resend.contacts.create({ email: "READER0@example.com" }));
    const known = dataOf(await resend.contacts.get({ email: "reader0@example.com" }));
    expect(known.id).toBe(again.id);
    expect(dataOf(await resend.contacts.list({ segmentId })).data).toHaveLength(2);
    dataOf(await resend.contacts.segments.remove({ contactId: known.id, segmentId }));
    expect(dataOf(await resend.contacts.list({ segmentId })).data).toHaveLength(1);
    dataOf(await resend.contacts.remove({ email: "reader1@example.com" }));
    expect(dataOf(await resend.contacts.list({ segmentId })).data).toEqual([]);
    dataOf(await resend.contacts.segments.add({ contactId: known.id, segmentId }));
    expect(dataOf(await resend.contacts.segments.list({ contactId: known.id })).data).toMatchObject([
      { id: segmentId },
    ]);
  });

  test("of an audience, as they were once called, are contacts of a segment", async () => {
    const audience = await call(sandbox, "POST", "/audiences", { name: "old" });
    const audienceId = String(audience.json.id);
    expect(audience.json.object).toBe("audience");
    dataOf(await resend.contacts.create({ email: "old@example.com", audienceId }));
    expect(dataOf(await resend.contacts.list({ audienceId })).data).toMatchObject([{ email: "old@example.com" }]);
    expect((await call(sandbox, "GET", `/audiences/${audienceId}`)).json).toMatchObject({ name: "old" });
  });
});

describe("what answers with secrets", () => {
  test("a new key's token, a webhook's signing secret, and the logs, which repeat both", async () => {
    const key = dataOf(await resend.apiKeys.create({ name: "new" }));
    expect(key.token).toMatch(/^re_sandbox_\w{32}$/);
    expect(JSON.stringify(dataOf(await resend.apiKeys.list()))).not.toContain(key.token);
    expect((await new Resend(key.token, { baseUrl: sandbox.url }).domains.list()).error).toBeNull();

    const made = dataOf(await resend.webhooks.create({ endpoint: "https://example.com", events: ["email.sent"] }));
    expect(made.signing_secret).toMatch(/^whsec_\w{32}$/);
    expect(dataOf(await resend.webhooks.get(made.id)).signing_secret).toBe(made.signing_secret);
    expect(JSON.stringify(dataOf(await resend.webhooks.list()))).not.toContain("whsec_");
    const rotated = await call(sandbox, "POST", `/webhooks/${made.id}/signing-secret/rotate`);
    expect(rotated.json.signing_secret).not.toBe(made.signing_secret);

    const logs = dataOf(await resend.logs.list({ limit: 100 }));
    const bodies: string[] = [];
    for (const { id } of logs.data) bodies.push(JSON.stringify(dataOf(await resend.logs.get(id)).response_body));
    expect(bodies.join("\n")).toContain(key.token);
    expect(bodies.join("\n")).toContain(made.signing_secret);
  });

  test("domains are added, verified and removed", async () => {
    const domain = dataOf(await resend.domains.create({ name: "Example.com" }));
    expect(domain).toMatchObject({ name: "example.com", status: "not_started", region: "us-east-1" });
    dataOf(await resend.domains.verify(domain.id));
    expect(dataOf(await resend.domains.get(domain.id)).status).toBe("verified");
    dataOf(await resend.domains.remove(domain.id));
    expect(dataOf(await resend.domains.list()).data).toEqual([]);
  });
});

describe("an inbox", () => {
  test("sends drafts, replies and forwards, each billed by its recipients", async () => {
    const { id: inboxId } = dataOf(await resend.inboxes.create({ emailAddress: "help@example.com" }));
    const to = ["a@example.com", "b@example.com"];
    const draft = dataOf(await resend.inboxes.drafts.create({ inboxId, to, cc: "c@example.com", text: "Hi" }));
    expect(sandbox.mailsSent().sent).toBe(0);
    expect(dataOf(await resend.inboxes.drafts.get({ inboxId, draftId: draft.id })).to).toEqual(to);
    dataOf(await resend.inboxes.drafts.send({ emailAddress: "help@example.com", draftId: draft.id }));
    expect(sandbox.mailsSent().sent).toBe(3);

    const mail = {
      from: "x@example.com",
      to: ["help@example.com", "y@example.com"],
      cc: ["z@example.com"],
      subject: "?",
    };
    const { threadId, emailId } = sandbox.receive(inboxId, mail);
    dataOf(await resend.inboxes.threads.emails.reply({ inboxId, threadId, emailId, text: "!" }));
    expect(sandbox.mailsSent().sent).toBe(4);
    dataOf(await resend.inboxes.threads.emails.reply({ inboxId, threadId, emailId, text: "!", replyAll: true }));
    expect(sandbox.mailsSent().sent).toBe(7);
    dataOf(await resend.inboxes.threads.emails.forward({ inboxId, threadId, emailId, to, bcc: "w@example.com" }));
    expect(sandbox.mailsSent().sent).toBe(10);
  });
});
