// The other products with the real client: what each bills, and the shapes that a proxy has to look at.

import type { Twilio } from "twilio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TwilioSandbox } from "./server.ts";
import { startTwilioSandbox } from "./server.ts";
import { FROM, TO, UNTIL_PRICED_MS, ask, bills, clientOf } from "./test-support.ts";

let sandbox: TwilioSandbox;
let client: Twilio;

beforeEach(async () => {
  sandbox = await startTwilioSandbox({ seed: 11 });
  client = clientOf(sandbox);
});

afterEach(async () => {
  await sandbox.close();
});

describe("verify", () => {
  const service = async (): Promise<string> => (await client.verify.v2.services.create({ friendlyName: "login" })).sid;

  test("an attempt is billed late, a success at once and once", async () => {
    const { verifications, verificationChecks } = client.verify.v2.services(await service());
    const { sid } = await verifications.create({ to: TO, channel: "sms" });
    const code = sandbox.codeOf(sid) ?? "";
    expect(code).toMatch(/^\d{6}$/);
    const wrong = code === "000000" ? "000001" : "000000";
    expect((await verificationChecks.create({ to: TO, code: wrong })).status).toBe("pending");
    expect(bills(sandbox)).toMatchObject([{ kind: "verification", state: "pending" }]);
    expect(await verificationChecks.create({ to: TO, code })).toMatchObject({ status: "approved", valid: true });
    await expect(verificationChecks.create({ to: TO, code })).rejects.toMatchObject({ status: 404, code: 20404 });
    expect(bills(sandbox)).toMatchObject([
      { kind: "verification", state: "pending" },
      { kind: "verification_success", state: "billed", microUsd: 48_000n },
    ]);
    sandbox.advanceClock(UNTIL_PRICED_MS);
    const [attempt] = await client.verify.v2.verificationAttempts.list();
    expect(attempt?.price).toEqual({ value: expect.stringMatching(/^0\.00\d+$/), currency: "usd" });
    expect(bills(sandbox)[0]?.state).toBe("billed");
  });

  test("sending again is another attempt of the same verification, five at most", async () => {
    const { verifications } = client.verify.v2.services(await service());
    const first = await verifications.create({ to: TO, channel: "sms" });
    for (const channel of ["sms", "call", "whatsapp", "sna"]) {
      expect((await verifications.create({ to: TO, channel })).sid).toBe(first.sid);
    }
    await expect(verifications.create({ to: TO, channel: "sms" })).rejects.toMatchObject({ code: 60203 });
    expect(bills(sandbox)).toHaveLength(5);
    sandbox.advanceClock(11 * 60_000);
    expect((await verifications.create({ to: TO, channel: "sms" })).sid).not.toBe(first.sid);
  });

  test("approving by hand is a success, canceling is none", async () => {
    const { verifications } = client.verify.v2.services(await service());
    for (const [to, channel] of [
      [TO, "email"],
      ["4155550100", "sms"],
      [TO, "pigeon"],
    ] as const) {
      await expect(verifications.create({ to, channel })).rejects.toMatchObject({ status: 400, code: 60200 });
    }
    const mail = await verifications.create({ to: "a@example.com", channel: "email" });
    const call = await verifications.create({ to: TO, channel: "call" });
    expect(
      (await client.verify.v2.services(mail.serviceSid).verifications(mail.sid).update({ status: "approved" })).status,
    ).toBe("approved");
    expect(
      (await client.verify.v2.services(call.serviceSid).verifications(TO).update({ status: "canceled" })).status,
    ).toBe("canceled");
    expect(bills(sandbox, "verification_success")).toMatchObject([{ objectId: mail.sid }]);
  });

  test("links and next pages are absolute, at the vendor's own host", async () => {
    for (let at = 0; at < 3; at += 1) await service();
    const { json } = await ask(sandbox, "GET", "/verify/v2/Services?PageSize=2");
    expect(json.meta).toMatchObject({ key: "services", page: 0, page_size: 2, previous_page_url: null });
    const next = String((json.meta as Record<string, unknown>).next_page_url);
    expect(next).toMatch(/^https:\/\/verify\.twilio\.com\/v2\/Services\?PageSize=2&Page=1&PageToken=PAVA/);
    const second = await ask(sandbox, "GET", next.replace("https://verify.twilio.com", "/verify"));
    expect(second.json).toMatchObject({ meta: { next_page_url: null, page: 1 } });
    expect(second.json.services).toHaveLength(1);
    expect((await client.verify.v2.services.list({ limit: 1 }))[0]?.links.verifications).toMatch(
      /^https:\/\/verify\.twilio\.com\/v2\/Services\/VA[0-9a-f]{32}\/Verifications$/,
    );
  });
});

describe("lookups", () => {
  test("a GET that bills each package it names, once", async () => {
    const number = client.lookups.v2.phoneNumbers(TO);
    await number.fetch();
    await number.fetch({ fields: "validation" });
    expect(bills(sandbox)).toEqual([]);
    const found = await number.fetch({ fields: "line_type_intelligence,caller_name,caller_name" });
    expect(found.lineTypeIntelligence).not.toBeNull();
    expect(found.simSwap).toBeNull();
    expect(bills(sandbox)).toMatchObject([
      { what: "line_type_intelligence", microUsd: 7_500n, state: "billed" },
      { what: "caller_name", microUsd: 9_500n, state: "billed" },
    ]);
    await expect(number.fetch({ fields: "nonsense" })).rejects.toMatchObject({ status: 400 });
  });

  test("a batch bills for each number", async () => {
    const body = JSON.stringify({
      phone_numbers: [
        { phone_number: TO, fields: ["sim_swap"] },
        { phone_number: "no number", fields: ["sim_swap"] },
      ],
    });
    const headers = { "Content-Type": "application/json" };
    const answer = await ask(sandbox, "POST", "/lookups/v2/batch/query", { body, headers });
    expect(answer.json.phone_numbers).toMatchObject([{ valid: true }, { valid: false }]);
    expect(bills(sandbox)).toHaveLength(1);
  });

  test("v1 bills by type", async () => {
    await client.lookups.v1.phoneNumbers(TO).fetch();
    await client.lookups.v1.phoneNumbers(TO).fetch({ type: ["carrier", "caller-name"] });
    expect(bills(sandbox).map((bill) => bill.what)).toEqual(["carrier", "caller-name"]);
  });
});

describe("pricing", () => {
  test("publishes what the sandbox bills by, and a list price that is another", async () => {
    const us = await client.pricing.v2.voice.countries("US").fetch();
    expect(us.outboundPrefixPrices.map((price) => JSON.stringify(price)).join()).toContain(
      '"destinationPrefixes":["1907"],"basePrice":"0.0957","currentPrice":"0.0870"',
    );
    const origins = await client.pricing.v2.voice.numbers("+4915112345678").fetch();
    expect(origins.outboundCallPrices).toHaveLength(2);
    const numbers = await client.pricing.v1.phoneNumbers.countries("US").fetch();
    expect(numbers).toMatchObject({ priceUnit: "USD", isoCountry: "US" });
    expect(JSON.stringify(numbers.phoneNumberPrices)).toContain("1.1000");
    expect((await client.pricing.v1.messaging.countries.list()).map((each) => each.isoCountry)).toContain("JM");
    expect((await ask(sandbox, "GET", "/pricing/v2/Trunking/Countries/DE")).status).toBe(200);
    await expect(client.pricing.v1.messaging.countries("XX").fetch()).rejects.toMatchObject({ code: 20404 });
    expect(bills(sandbox)).toEqual([]);
  });
});

describe("numbers", () => {
  test("cost a month at once, and every month after that, until they are released", async () => {
    const number = await client.incomingPhoneNumbers.create({ phoneNumber: "+14155551234" });
    expect(sandbox.moneyMoved().billedMicroUsd).toBe(1_100_000n);
    sandbox.advanceClock(61 * 86_400_000);
    expect(bills(sandbox)).toHaveLength(3);
    expect(new Set(bills(sandbox).map((bill) => bill.order))).toEqual(new Set([1]));
    expect(await client.incomingPhoneNumbers(number.sid).remove()).toBe(true);
    sandbox.advanceClock(61 * 86_400_000);
    expect(bills(sandbox)).toHaveLength(3);
  });

  test("by kind and country; what is not sold is refused", async () => {
    await client.incomingPhoneNumbers.tollFree.create({ phoneNumber: "+18885551234" });
    await client.incomingPhoneNumbers.mobile.create({ phoneNumber: "+4915112345678" });
    await client.incomingPhoneNumbers.create({ areaCode: "415" });
    expect(bills(sandbox).map((bill) => bill.microUsd)).toEqual([2_050_000n, 14_500_000n, 1_100_000n]);
    await expect(client.incomingPhoneNumbers.create({ phoneNumber: "+18765551234" })).rejects.toMatchObject({
      status: 400,
    });
    expect(await client.incomingPhoneNumbers.list()).toHaveLength(3);
    expect((await client.incomingPhoneNumbers.tollFree.list()).map((each) => each.phoneNumber)).toEqual([
      "+18885551234",
    ]);
  });
});

describe("accounts", () => {
  test("every answer that can carry a secret does", async () => {
    expect((await client.api.accounts(sandbox.accountSid).fetch()).authToken).toBe(sandbox.authToken);
    const child = await client.api.accounts.create({ friendlyName: "child" });
    expect(child.authToken).toMatch(/^[0-9a-f]{32}$/);
    expect((await client.api.accounts.list()).map((account) => account.authToken)).toEqual([
      child.authToken,
      sandbox.authToken,
    ]);
    expect((await client.newKeys.create({ friendlyName: "k" })).secret).toMatch(/^[0-9a-f]{32}$/);
    expect((await client.newSigningKeys.create()).secret).toMatch(/^[0-9a-f]{32}$/);
    expect((await client.tokens.create()).password).toMatch(/^[0-9a-f]{32}$/);
  });

  test("usage and balance say what was billed, and nothing before it is priced", async () => {
    await client.messages.create({ to: TO, from: FROM, body: "x" });
    expect(await client.usage.records.today.list()).toEqual([]);
    sandbox.advanceClock(UNTIL_PRICED_MS);
    const { billedMicroUsd } = sandbox.moneyMoved();
    const total = `0.${billedMicroUsd.toString().padStart(6, "0").replace(/0+$/, "")}`;
    const read = async (): Promise<unknown> =>
      (await client.usage.records.daily.list({ category: "totalprice" })).map((each) => [
        String(each.price),
        each.priceUnit,
      ]);
    expect(await read()).toEqual([[total, "usd"]]);
    sandbox.advanceClock(86_400_000);
    expect(await client.usage.records.today.list()).toEqual([]);
    expect(await client.usage.records.yesterday.list()).not.toEqual([]);
    await client.lookups.v2.phoneNumbers(TO).fetch({ fields: "caller_name" });
    expect(
      (await client.usage.records.daily.list({ category: "totalprice" })).map((each) => each.startDate.getTime()),
    ).toHaveLength(2);
    expect((await client.balance.fetch()).balance).toMatch(/^99\.98\d+$/);
  });
});

describe("outlines", () => {
  test("messaging services, executions, conversations take what is sent", async () => {
    expect((await client.messaging.v1.services.create({ friendlyName: "s" })).sid).toMatch(/^MG/);
    const flow = `FW${"a".repeat(32)}`;
    const execution = await client.studio.v2.flows(flow).executions.create({ to: TO, from: FROM });
    expect(execution).toMatchObject({ flowSid: flow, status: "active" });
    expect(bills(sandbox)).toEqual([]);
    const { sid } = await client.conversations.v1.conversations.create();
    const conversation = client.conversations.v1.conversations(sid);
    for (const address of [TO, "+4915112345678"]) {
      await conversation.participants.create({
        "messagingBinding.address": address,
        "messagingBinding.proxyAddress": FROM,
      });
    }
    expect(await conversation.messages.create({ body: "x".repeat(161) })).toMatchObject({
      index: 0,
      conversationSid: sid,
    });
    expect(bills(sandbox).map((bill) => [bill.what, bill.units])).toEqual([
      ["+4915112345678", 2],
      [TO, 2],
    ]);
    expect(await conversation.messages.list()).toHaveLength(1);
  });
});
