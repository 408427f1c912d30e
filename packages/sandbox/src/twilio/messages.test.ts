// Messages with the real client: what they cost, when the price is told, and what is refused.

import type { Twilio } from "twilio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TwilioSandbox } from "./server.ts";
import { startTwilioSandbox } from "./server.ts";
import { FROM, TO, UNTIL_PRICED_MS, ask, bills, clientOf, messagesPath } from "./test-support.ts";

const SERVICE = `MG${"a".repeat(32)}`;
const CONTENT = `HX${"a".repeat(32)}`;

let sandbox: TwilioSandbox;
let client: Twilio;

beforeEach(async () => {
  sandbox = await startTwilioSandbox({ seed: 42 });
  client = clientOf(sandbox);
});

afterEach(async () => {
  await sandbox.close();
});

describe("the life of a message", () => {
  test("no price at first, then sent, delivered, and minutes later the price as a negative text", async () => {
    const message = await client.messages.create({ to: TO, from: FROM, body: "hello" });
    expect(message).toMatchObject({
      status: "queued",
      price: null,
      priceUnit: "USD",
      numSegments: "1",
      dateSent: null,
    });
    expect(message.sid).toMatch(/^SM[0-9a-f]{32}$/);
    const [bill] = bills(sandbox);
    expect(bill).toMatchObject({ state: "pending", unit: "segment", units: 1, objectId: message.sid, order: 1 });

    sandbox.advanceClock(1000);
    expect((await client.messages(message.sid).fetch()).status).toBe("sent");
    sandbox.advanceClock(60_000);
    expect(await client.messages(message.sid).fetch()).toMatchObject({ status: "delivered", price: null });
    expect(sandbox.moneyMoved().billedMicroUsd).toBe(0n);

    sandbox.advanceClock(UNTIL_PRICED_MS);
    const priced = await client.messages(message.sid).fetch();
    expect(priced.price).toMatch(/^-0\.00\d{3}$/);
    const microUsd = BigInt(priced.price.replace("-0.", "").padEnd(6, "0"));
    expect(bills(sandbox)).toEqual([{ ...bill, state: "billed", microUsd, billedAt: expect.any(Number) }]);
    expect(sandbox.moneyMoved()).toMatchObject({ billedMicroUsd: microUsd, pendingMicroUsd: 0n });
  });

  test("at most the dearest carrier of the country, and every carrier in its turn", async () => {
    for (let round = 0; round < 40; round += 1)
      await client.messages.create({ to: "+4915112345678", from: FROM, body: "x" });
    const prices = await client.pricing.v1.messaging.countries("DE").fetch();
    const published = prices.outboundSmsPrices.map((each) => JSON.stringify(each));
    const billed = new Set(bills(sandbox).map((bill) => bill.microUsd));
    expect(billed).toEqual(new Set([78_000n, 88_000n]));
    expect(published.join()).toContain('"current_price":"0.0880"');
  });

  test("a message of many parts is billed for each", async () => {
    await client.messages.create({ to: TO, from: FROM, body: "€".repeat(160) });
    expect(bills(sandbox)[0]?.units).toBe(3);
  });

  test("a service has no segments to tell until it has chosen who sends", async () => {
    const message = await client.messages.create({ to: TO, messagingServiceSid: SERVICE, body: "a".repeat(161) });
    expect(message).toMatchObject({ numSegments: "0", from: null, status: "accepted", messagingServiceSid: SERVICE });
    sandbox.advanceClock(UNTIL_PRICED_MS);
    const sent = await client.messages(message.sid).fetch();
    expect(sent.numSegments).toBe("2");
    expect(sent.from).not.toBeNull();
  });

  test("a scheduled message waits, and costs nothing when it is canceled", async () => {
    const sendAt = new Date(sandbox.now() + 3_600_000);
    const scheduled = { to: TO, messagingServiceSid: SERVICE, body: "later", sendAt, scheduleType: "fixed" } as const;
    const [kept, dropped] = [await client.messages.create(scheduled), await client.messages.create(scheduled)];
    expect(kept).toMatchObject({ status: "scheduled", numSegments: "0" });
    expect((await client.messages(dropped.sid).update({ status: "canceled" })).status).toBe("canceled");
    sandbox.advanceClock(UNTIL_PRICED_MS);
    expect((await client.messages(kept.sid).fetch()).status).toBe("scheduled");
    sandbox.advanceClock(3_600_000);
    expect((await client.messages(kept.sid).fetch()).price).not.toBeNull();
    expect((await client.messages(dropped.sid).fetch()).price).toBeNull();
    expect(bills(sandbox).map((bill) => bill.state)).toEqual(["billed", "void"]);
    await expect(client.messages(kept.sid).update({ status: "canceled" })).rejects.toMatchObject({ code: 30409 });
  });

  test("a schedule without a service is dropped: the message is sent now", async () => {
    const sendAt = new Date(sandbox.now() + 3_600_000);
    const { sid } = await client.messages.create({ to: TO, from: FROM, body: "now", sendAt, scheduleType: "fixed" });
    sandbox.advanceClock(UNTIL_PRICED_MS);
    expect((await client.messages(sid).fetch()).price).not.toBeNull();
  });

  test("erasing the text, and deleting the message, leave the bill", async () => {
    const { sid } = await client.messages.create({ to: TO, from: FROM, body: "secret" });
    expect((await client.messages(sid).update({ body: "" })).body).toBe("");
    expect(await client.messages(sid).remove()).toBe(true);
    await expect(client.messages(sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
    sandbox.advanceClock(UNTIL_PRICED_MS);
    expect(sandbox.moneyMoved().billedMicroUsd).toBeGreaterThan(0n);
  });

  test("advance: delivered and priced at once, or failed for a small fee", async () => {
    const good = await client.messages.create({ to: TO, from: FROM, body: "x" });
    const bad = await client.messages.create({ to: TO, from: FROM, body: "x" });
    sandbox.advance(good.sid);
    sandbox.advance(bad.sid, "fail");
    expect(await client.messages(good.sid).fetch()).toMatchObject({ status: "delivered", price: expect.any(String) });
    expect(await client.messages(bad.sid).fetch()).toMatchObject({ status: "failed", price: null, errorCode: 30008 });
    sandbox.advanceClock(UNTIL_PRICED_MS);
    expect(bills(sandbox).map((bill) => [bill.kind, bill.state])).toEqual([
      ["message", "billed"],
      ["message", "void"],
      ["failed_message", "billed"],
    ]);
  });
});

describe("what else a message can be", () => {
  test("MMS is one price, however long the text and however many pictures", async () => {
    const mediaUrl = ["https://example.com/a.png", "https://example.com/b.png"];
    const message = await client.messages.create({ to: TO, from: FROM, body: "x".repeat(500), mediaUrl });
    expect(message.sid).toMatch(/^MM/);
    expect(message).toMatchObject({ numMedia: "2" });
    expect(bills(sandbox)[0]).toMatchObject({ unit: "message", microUsd: 19_000n, category: "mms-outbound" });
  });

  test("SendAsMms makes one of plain text", async () => {
    await client.messages.create({ to: TO, from: FROM, body: "x", sendAsMms: true });
    expect(bills(sandbox)[0]?.category).toBe("mms-outbound");
  });

  test("no pictures where there is no MMS", async () => {
    const mediaUrl = ["https://example.com/a.png"];
    const sent = client.messages.create({ to: "+4915112345678", from: FROM, mediaUrl });
    await expect(sent).rejects.toMatchObject({ code: 21612 });
    expect(bills(sandbox)).toEqual([]);
  });

  test("WhatsApp has its fee, and a template another", async () => {
    await client.messages.create({ to: `whatsapp:${TO}`, from: `whatsapp:${FROM}`, body: "x".repeat(500) });
    await client.messages.create({ to: `whatsapp:${TO}`, from: `whatsapp:${FROM}`, contentSid: CONTENT });
    expect(bills(sandbox).map((bill) => bill.microUsd)).toEqual([5_000n, 17_000n]);
  });

  test("a template by SMS may be long", async () => {
    for (let round = 0; round < 40; round += 1)
      await client.messages.create({ to: TO, from: FROM, contentSid: CONTENT });
    expect(Math.max(...bills(sandbox).map((bill) => bill.units))).toBeGreaterThan(5);
  });

  test("SmartEncoded spares parts", async () => {
    await client.messages.create({ to: TO, from: FROM, body: `${"a".repeat(100)}\u2019`, smartEncoded: true });
    expect(bills(sandbox)[0]?.units).toBe(1);
  });

  test("what carriers add is billed where the sandbox is asked to", async () => {
    await using dearer = await startTwilioSandbox({ seed: 42, carrierFees: true });
    await clientOf(dearer).messages.create({ to: TO, from: FROM, body: "x" });
    await client.messages.create({ to: TO, from: FROM, body: "x" });
    expect(bills(dearer)[0]?.microUsd).toBe((bills(sandbox)[0]?.microUsd ?? 0n) + 3_000n);
  });
});

describe("refused, and not billed", () => {
  test.each([
    ["no number", { to: "hello", from: FROM, body: "x" }, 21211],
    ["no sender", { to: TO, body: "x" }, 21603],
    ["no text", { to: TO, from: FROM }, 21619],
    ["a long text", { to: TO, from: FROM, body: "x".repeat(1601) }, 21617],
    ["an unserved country", { to: "+8613800000000", from: FROM, body: "x" }, 21408],
    ["an island of +1 that has no prices", { to: "+12425550100", from: FROM, body: "x" }, 21408],
    ["a magic number", { to: "+15005550004", from: FROM, body: "x" }, 21610],
    ["a magic sender", { to: TO, from: "+15005550007", body: "x" }, 21606],
    [
      "eleven pictures",
      { to: TO, from: FROM, mediaUrl: Array.from({ length: 11 }, () => "https://example.com/a") },
      21623,
    ],
    [
      "a schedule that is too near",
      { to: TO, messagingServiceSid: SERVICE, body: "x", sendAt: new Date(), scheduleType: "fixed" as const },
      35114,
    ],
    ["two channels", { to: `whatsapp:${TO}`, from: FROM, body: "x" }, 63007],
  ])("%s", async (_name, message, code) => {
    await expect(client.messages.create(message)).rejects.toMatchObject({ status: 400, code });
    expect(bills(sandbox)).toEqual([]);
  });
});

describe("lists", () => {
  test("go from page to page on the same host, the newest first, with the account's real SID", async () => {
    for (let at = 1; at <= 5; at += 1) await client.messages.create({ to: TO, from: FROM, body: `m${at}` });
    const first = await ask(sandbox, "GET", `${messagesPath(sandbox)}?PageSize=2`);
    expect(first.json).toMatchObject({ page: 0, page_size: 2, start: 0, end: 1, previous_page_uri: null });
    expect(first.json.next_page_uri).toMatch(
      new RegExp(`^/2010-04-01/Accounts/${sandbox.accountSid}/Messages\\.json\\?PageSize=2&Page=1&PageToken=PASM`),
    );
    const all = await client.messages.list({ pageSize: 2 });
    expect(all.map((message) => message.body)).toEqual(["m5", "m4", "m3", "m2", "m1"]);
    expect(sandbox.journal().filter((request) => request.method === "GET")).toHaveLength(4);
  });

  test("by receiver and by day", async () => {
    await client.messages.create({ to: TO, from: FROM, body: "one" });
    await client.messages.create({ to: "+14155550101", from: FROM, body: "two" });
    sandbox.advanceClock(3 * 86_400_000);
    await client.messages.create({ to: TO, from: FROM, body: "three" });
    const bodies = async (options: Parameters<typeof client.messages.list>[0]): Promise<string[]> =>
      (await client.messages.list(options)).map((message) => message.body);
    expect(await bodies({ to: TO })).toEqual(["three", "one"]);
    expect(await bodies({ dateSentAfter: new Date(sandbox.now() - 86_400_000) })).toEqual(["three"]);
    expect(await bodies({ to: TO, dateSentBefore: new Date(sandbox.now() - 86_400_000) })).toEqual(["one"]);
  });
});
