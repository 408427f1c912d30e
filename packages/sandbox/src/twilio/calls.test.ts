// Calls with the real client: minutes, legs, and what goes beside them.

import type { Twilio } from "twilio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TwilioSandbox } from "./server.ts";
import { startTwilioSandbox } from "./server.ts";
import { FROM, TO, bills, clientOf } from "./test-support.ts";

const SAY = "<Response><Say>hello</Say></Response>";
const HOURS_5_MS = 5 * 3_600_000;

let sandbox: TwilioSandbox;
let client: Twilio;

beforeEach(async () => {
  sandbox = await startTwilioSandbox({
    seed: 7,
    documents: {
      "https://example.com/dials": `<Response><Dial>${TO}</Dial></Response>`,
      [`AP${"a".repeat(32)}`]: "<Response><Redirect>https://example.com/dials</Redirect></Response>",
    },
  });
  client = clientOf(sandbox);
});

afterEach(async () => {
  await sandbox.close();
});

const legs = (): readonly (readonly [string, number, bigint, string])[] =>
  bills(sandbox, "call_leg").map(({ what, units, microUsd, state }) => [what, units, microUsd, state] as const);

/** One that would last four hours. */
async function longCall(): Promise<string> {
  for (;;) {
    const { sid } = await client.calls.create({ to: TO, from: FROM, twiml: SAY, timeout: 1 });
    if (bills(sandbox).at(-1)?.units === 240) return sid;
  }
}

describe("a leg", () => {
  test("has no price while it lasts, and one some minutes after it has ended", async () => {
    const call = await client.calls.create({ to: TO, from: FROM, twiml: SAY });
    expect(call).toMatchObject({
      status: "queued",
      price: null,
      priceUnit: "USD",
      duration: null,
      direction: "outbound-api",
    });
    sandbox.advanceClock(HOURS_5_MS);
    const ended = await client.calls(call.sid).fetch();
    const minutes = Math.ceil(Number(ended.duration) / 60);
    expect(ended.status).toBe("completed");
    expect(Number(ended.price)).toBeCloseTo(-0.0125 * minutes, 9);
    expect(legs()).toEqual([
      ["Sandbox Outbound Minute - United States & Canada", minutes, 12_500n * BigInt(minutes), "billed"],
    ]);
  });

  test("never lasts longer than its time limit, some last as long, and without one four hours are the most", async () => {
    for (let round = 0; round < 40; round += 1) {
      await client.calls.create({ to: TO, from: FROM, twiml: SAY, timeLimit: 90 });
      await client.calls.create({ to: TO, from: FROM, twiml: SAY });
    }
    const units = bills(sandbox, "call_leg").map((bill) => bill.units);
    const limited = units.filter((_, at) => at % 2 === 0);
    expect(new Set(limited)).toEqual(new Set([1, 2]));
    expect(Math.max(...units)).toBe(240);
    expect(new Set(units).size).toBeGreaterThan(5);
  });

  test("that is hung up is billed for what it lasted", async () => {
    const sid = await longCall();
    sandbox.advanceClock(30_000);
    expect((await client.calls(sid).fetch()).status).toBe("in-progress");
    await client.calls(sid).update({ status: "completed" });
    sandbox.advanceClock(HOURS_5_MS);
    expect(await client.calls(sid).fetch()).toMatchObject({ status: "completed", price: "-0.01250" });
  });

  test("whose time limit is lowered while it lasts ends at the lower one", async () => {
    const sid = await longCall();
    sandbox.advanceClock(30_000);
    await client.calls(sid).update({ timeLimit: 120 });
    sandbox.advanceClock(HOURS_5_MS);
    expect(await client.calls(sid).fetch()).toMatchObject({ duration: "120", price: "-0.02500" });
  });

  test("that is hung up before it is answered costs nothing", async () => {
    const call = await client.calls.create({ to: TO, from: FROM, twiml: SAY, record: true });
    expect((await client.calls(call.sid).update({ status: "canceled" })).status).toBe("canceled");
    sandbox.advanceClock(HOURS_5_MS);
    expect(bills(sandbox).map((bill) => bill.state)).toEqual(["void", "void"]);
    expect((await client.calls(call.sid).fetch()).price).toBeNull();
  });

  test("advance: ended and priced at once, or not answered", async () => {
    const good = await client.calls.create({ to: TO, from: FROM, twiml: SAY });
    const bad = await client.calls.create({ to: TO, from: FROM, twiml: SAY });
    sandbox.advance(good.sid);
    sandbox.advance(bad.sid, "fail");
    expect(await client.calls(good.sid).fetch()).toMatchObject({ status: "completed", price: expect.any(String) });
    expect(await client.calls(bad.sid).fetch()).toMatchObject({ status: "no-answer", price: null });
    expect(legs().map(([, , , state]) => state)).toEqual(["billed", "void"]);
  });

  test("costs what its destination and its caller say", async () => {
    await client.calls.create({ to: "+4915112345678", from: "+33123456789", twiml: SAY, timeLimit: 60 });
    await client.calls.create({ to: "+4915112345678", from: FROM, twiml: SAY, timeLimit: 60 });
    await client.calls.create({ to: "sip:jo@example.com", from: FROM, twiml: SAY, timeLimit: 60 });
    expect(legs().map(([, , microUsd]) => microUsd)).toEqual([33_000n, 41_000n, 3_500n]);
  });
});

describe("more legs", () => {
  const children = async (sid: string): Promise<readonly (string | null)[]> =>
    (await client.calls.list({ parentCallSid: sid })).map((call) => call.to);

  test("a document that dials is a leg more for each <Dial>, on the bill of the request that made the call", async () => {
    const twiml = `<Response><Dial timeLimit="60"><Number>+18763555555</Number></Dial><Dial timeLimit="60">+4915112345678</Dial></Response>`;
    for (let round = 0; round < 20; round += 1) await client.calls.create({ to: TO, from: FROM, twiml });
    sandbox.advanceClock(HOURS_5_MS);
    const whole = bills(sandbox).filter((bill) => bill.order === 1 || bill.what.includes("Germany"));
    expect(whole.length).toBeGreaterThan(1);
    const byOrder = Map.groupBy(bills(sandbox), (bill) => bill.order);
    const full = [...byOrder.values()].find((each) => each.length === 3);
    expect(full?.map((bill) => bill.what)).toEqual([
      "Sandbox Outbound Minute - United States & Canada",
      "Sandbox Outbound Minute - Jamaica - Mobile",
      "Sandbox Outbound Minute - Germany - Mobile",
    ]);
    expect(await children(full?.[0]?.objectId ?? "")).toEqual(["+4915112345678", "+18763555555"]);
    for (const bill of bills(sandbox)) expect(bill.state).toBe("billed");
  });

  test("a leg that is not dialled yet is nobody's to see, and dies with its parent", async () => {
    const twiml = `<Response><Dial>${TO}</Dial></Response>`;
    const call = await client.calls.create({ to: TO, from: FROM, twiml });
    expect(await children(call.sid)).toEqual([]);
    await client.calls(call.sid).update({ status: "completed" });
    sandbox.advanceClock(HOURS_5_MS);
    expect(await children(call.sid)).toEqual([]);
    expect(new Set(bills(sandbox).map((bill) => bill.state))).toEqual(new Set(["void"]));
  });

  test.each([
    ["a URL", { url: "https://example.com/dials" }, true],
    ["an application that redirects", { applicationSid: `AP${"a".repeat(32)}` }, true],
    ["a URL that nobody laid out", { url: "https://example.com/other" }, false],
  ])("%s", async (_name, document, dials) => {
    for (let round = 0; round < 5; round += 1) await client.calls.create({ to: TO, from: FROM, ...document });
    expect(bills(sandbox, "call_leg").length > 5).toBe(dials);
  });

  test("a live call can be given a document that dials, on the bill of the request that gave it", async () => {
    const calls = [];
    for (let round = 0; round < 10; round += 1)
      calls.push(await client.calls.create({ to: TO, from: FROM, twiml: SAY, timeout: 1 }));
    const before = sandbox.requestCount();
    sandbox.advanceClock(2000);
    for (const { sid } of calls) {
      const call = await client.calls(sid).fetch();
      if (call.status !== "in-progress") continue;
      await client.calls(sid).update({ twiml: "<Response><Dial>+18763555555</Dial></Response>" });
    }
    const dialled = bills(sandbox).filter((bill) => bill.what.includes("Jamaica"));
    expect(dialled.length).toBeGreaterThan(0);
    for (const bill of dialled) expect(bill.order).toBeGreaterThan(before);
    sandbox.advanceClock(2 * HOURS_5_MS);
    expect(new Set(bills(sandbox).map((bill) => bill.state))).toEqual(new Set(["billed"]));
    await expect(client.calls(calls[0]?.sid ?? "").update({ twiml: SAY })).rejects.toMatchObject({ code: 21220 });
  });

  test("each participant of a conference is a leg", async () => {
    const room = client.conferences("room");
    const one = await room.participants.create({ to: TO, from: FROM, timeLimit: 60 });
    await client
      .conferences(one.conferenceSid)
      .participants.create({ to: "+4915112345678", from: FROM, timeLimit: 60 });
    expect(legs().map(([, , microUsd]) => microUsd)).toEqual([12_500n, 41_000n]);
    expect(await client.conferences(one.conferenceSid).participants.list()).toHaveLength(2);
    expect((await client.conferences.list()).map((conference) => conference.friendlyName)).toEqual(["room"]);
    expect(await client.conferences(one.conferenceSid).participants(one.callSid).remove()).toBe(true);
  });
});

describe("beside the minutes", () => {
  test("a recording of a leg that was dialled, by that leg's minutes", async () => {
    const twiml = `<Response><Dial record="record-from-answer" timeLimit="30">+4915112345678</Dial></Response>`;
    while (bills(sandbox, "recording").length === 0) await client.calls.create({ to: TO, from: FROM, twiml });
    const { what, units, order } = bills(sandbox, "recording")[0] ?? {};
    const dialled = bills(sandbox, "call_leg").find((bill) => bill.what.includes("Germany"));
    expect([what, units, order]).toEqual([`recording of ${dialled?.objectId}`, 1, dialled?.order]);
  });

  test("a recording, by its minutes, with a price of its own", async () => {
    const call = await client.calls.create({ to: TO, from: FROM, twiml: SAY, record: true, timeLimit: 60 });
    sandbox.advanceClock(HOURS_5_MS);
    expect(bills(sandbox, "recording")).toMatchObject([{ units: 1, microUsd: 2_400n, state: "billed" }]);
    expect(await client.recordings.list()).toMatchObject([{ callSid: call.sid, price: "-0.00240" }]);
  });

  test("asking whether a machine answers, paying, and a message out of a document", async () => {
    const twiml = `<Response><Pay/><Sms to="+14155550101">hi</Sms></Response>`;
    await client.calls.create({ to: TO, from: FROM, twiml, machineDetection: "Enable", timeLimit: 60 });
    sandbox.advanceClock(HOURS_5_MS);
    expect(bills(sandbox).map((bill) => [bill.kind, bill.state, bill.order])).toEqual([
      ["call_leg", "billed", 1],
      ["machine_detection", "billed", 1],
      ["payment", "billed", 1],
      ["message", "billed", 1],
    ]);
  });
});

describe("refused, and not billed", () => {
  test.each([
    ["no document", { to: TO, from: FROM }, 21205],
    ["no number", { to: "hello", from: FROM, twiml: SAY }, 21211],
    ["an unserved country", { to: "+8613800000000", from: FROM, twiml: SAY }, 21215],
    ["an address that is none", { to: TO, from: FROM, url: "ftp://example.com" }, 21205],
  ])("%s", async (_name, call, code) => {
    // The types of the client ask for a document; the sandbox must hold without them.
    await expect(client.calls.create(call as Parameters<typeof client.calls.create>[0])).rejects.toMatchObject({
      code,
    });
    expect(bills(sandbox)).toEqual([]);
  });
});
