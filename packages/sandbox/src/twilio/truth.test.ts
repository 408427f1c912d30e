// The auditor audited: whatever is asked in whatever order, the bills, the totals, the usage and the prices on the resources
// are one and the same money.

import { expect, test } from "vitest";
import { seededRandom } from "../shared/random.ts";
import { startTwilioSandbox } from "./server.ts";
import { FROM, TO, bills, clientOf } from "./test-support.ts";

const DAY_MS = 86_400_000;
const DIALS = `<Response><Dial timeLimit="120" record="true">+4915112345678</Dial><Dial>+18763555555</Dial></Response>`;

const microUsdOf = (price: string | null): bigint => {
  if (price === null) return 0n;
  const [whole = "0", decimals = ""] = price.replace("-", "").split(".");
  return BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, "0"));
};

test.each([1, 2, 3])("seed %d: bills, totals, usage and resources agree", async (seed) => {
  await using sandbox = await startTwilioSandbox({ seed });
  const client = clientOf(sandbox);
  const random = seededRandom(seed, 9);
  const one = <T>(choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(random.next() * choices.length)] ?? choices[0];
  const to = (): string => one([TO, "+4915112345678", "+18763555555", "+447700900123"]);
  const messages: string[] = [];
  const calls: string[] = [];
  const service = (await client.verify.v2.services.create({ friendlyName: "x" })).sid;

  const steps: readonly [() => Promise<unknown>, ...(() => Promise<unknown>)[]] = [
    async () =>
      messages.push((await client.messages.create({ to: to(), from: FROM, body: "ж".repeat(one([1, 71, 400])) })).sid),
    async () =>
      calls.push(
        (
          await client.calls.create({
            to: to(),
            from: FROM,
            twiml: DIALS,
            timeLimit: one([59, 61, 7200]),
            record: one([true, false]),
          })
        ).sid,
      ),
    async () => await client.calls(one([calls[0] ?? "", ...calls])).update({ status: "completed" }),
    async () => await client.calls(one([calls[0] ?? "", ...calls])).update({ twiml: DIALS }),
    async () => await client.calls(one([calls[0] ?? "", ...calls])).update({ timeLimit: 60 }),
    async () =>
      await client.verify.v2.services(service).verifications.create({ to: to(), channel: one(["sms", "call"]) }),
    async () =>
      await client.lookups.v2.phoneNumbers(to()).fetch({ fields: one(["sim_swap", "caller_name,line_status"]) }),
    async () => await client.incomingPhoneNumbers.create({ areaCode: "415" }),
    async () => sandbox.advance(one([messages[0] ?? "", ...messages, ...calls]), one(["succeed", "fail"])),
    async () => sandbox.advanceClock(one([0, 1000, 10_000, 600_000, 7_200_000])),
  ];
  for (let round = 0; round < 250; round += 1) {
    // Some are refused, as calls that have ended must be.
    await one(steps)().catch(() => undefined);
    const { billedMicroUsd, pendingMicroUsd } = sandbox.moneyMoved();
    const sum = (state: string): bigint =>
      bills(sandbox).reduce((total, bill) => (bill.state === state ? total + bill.microUsd : total), 0n);
    expect([sum("billed"), sum("pending")]).toEqual([billedMicroUsd, pendingMicroUsd]);
  }

  sandbox.advanceClock(20 * DAY_MS);
  const all = bills(sandbox);
  expect(all.filter((bill) => bill.state === "pending")).toEqual([]);
  expect(all.length).toBeGreaterThan(100);
  for (const bill of all) {
    expect(bill.microUsd).toBe(bill.state === "void" ? 0n : bill.unitMicroUsd * BigInt(bill.units));
    expect(sandbox.billsOf(bill.order)).toContainEqual(bill);
  }
  const usage = await client.usage.records.allTime.list({ category: "totalprice" });
  expect(microUsdOf(String(usage[0]?.price))).toBe(sandbox.moneyMoved().billedMicroUsd);
  const billed = new Map(
    all.filter(({ kind }) => kind === "message" || kind === "call_leg").map((bill) => [bill.objectId, bill.microUsd]),
  );
  for (const resource of [...(await client.messages.list()), ...(await client.calls.list())]) {
    expect([resource.sid, microUsdOf(resource.price)]).toEqual([resource.sid, billed.get(resource.sid)]);
  }
  for (const call of await client.calls.list()) expect(Number(call.duration ?? 0)).toBeLessThanOrEqual(7200);
});
