/**
 * Estimates are upper bounds: for each vendor a hundred thousand generated requests over all of its money operations, plausible and
 * odd, against a fake vendor that keeps its own truth. What it then moved, at once, by later calls or by its clock, is never more than
 * what the books had settled and held for it; and where an answer tells the price, what was settled is the truth to the last digit.
 */
import { setImmediate as breathe } from "node:timers/promises";
import { microUsd, type Estimate, type Vendor } from "@keybrake/core";
import { resend, stripe, twilio } from "@keybrake/vendors";
import { describe, expect, test } from "vitest";
import type { Generator } from "./support/estimates/driver.ts";
import { printTables } from "./support/estimates/report.ts";
import { resendGenerator } from "./support/estimates/resend.ts";
import { stripeGenerator } from "./support/estimates/stripe.ts";
import type { Teller } from "./support/estimates/teller.ts";
import { twilioGenerator } from "./support/estimates/twilio.ts";

const REQUESTS = Number(process.env["KEYBRAKE_TEST_REQUESTS"] ?? 100_000);
/** Replayed by KEYBRAKE_TEST_SEED=<seed>; printed always. */
const SEED = Number(process.env["KEYBRAKE_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** More refusals than this among all requests would mean that what is ordinary is refused, and little is shown. */
const REFUSED_SHARE_MAX = 0.3;
/** A vendor takes half a minute; a slow machine may take ten times as long. */
const TIMEOUT_MS = 1_200_000;

type MakeGenerator = (seed: number, vendor?: Vendor) => Generator;
const VENDORS: readonly (readonly [Vendor, MakeGenerator])[] = [
  [stripe, stripeGenerator],
  [twilio, twilioGenerator],
  [resend, resendGenerator],
];

async function run({ teller, step, settle }: Generator, requests: number): Promise<readonly string[]> {
  for (let steps = 0; teller.sent < requests && steps < 4 * requests; steps += 1) {
    step();
    // The test runner wants to hear from time to time that somebody is there.
    if (steps % 2_000 === 0) await breathe();
  }
  settle();
  return violationsOf(teller);
}

function violationsOf({ violations }: Teller): readonly string[] {
  return [...violations.values()].map(
    ({ rule, operation, count, example }) => `${count} x ${rule} (${operation}): ${example}`,
  );
}

test.each(VENDORS.map(([vendor, make]) => [vendor.id, make] as const))(
  `%s: ${REQUESTS.toLocaleString("en")} generated requests move no more than is settled and held for them`,
  async (id, make) => {
    const generator = make(SEED);
    await run(generator, REQUESTS);
    const { teller } = generator;
    const rows = teller.finish();
    console.log(printTables(id, SEED, teller, rows));
    expect(violationsOf(teller), `seed ${SEED}`).toEqual([]);
    expect(teller.sent, `seed ${SEED}`).toBeGreaterThanOrEqual(REQUESTS);
    const share = teller.refused / (teller.sent + teller.refused);
    expect(share, `seed ${SEED}: share of refusals`).toBeLessThan(REFUSED_SHARE_MAX);
  },
  TIMEOUT_MS,
);

describe("a mistake in an estimate is found", () => {
  const PLANTED: readonly (readonly [what: string, plant: (estimate: Estimate) => Estimate])[] = [
    ["a thousandth too low", (estimate) => times(estimate, 999n, 1000n)],
    ["nothing at all", (estimate) => (estimate.kind === "money" ? { kind: "nothing" } : estimate)],
    [
      "in another direction",
      (estimate) =>
        estimate.kind === "money"
          ? { ...estimate, direction: estimate.direction === "paid_out" ? "collected" : "paid_out" }
          : estimate,
    ],
  ];
  const cases = VENDORS.flatMap(([vendor, make]) =>
    PLANTED.map(([what, plant]) => [vendor.id, what, vendor, make, plant] as const),
  );
  test.each(cases)("%s: %s", async (_id, _what, vendor, make, plant) => {
    const wrong: Vendor = {
      ...vendor,
      estimate: (call, pricing, lookUps) => plant(vendor.estimate(call, pricing, lookUps)),
    };
    expect(await run(make(SEED, wrong), 1_000), `seed ${SEED}`).not.toEqual([]);
  });

  test.each(VENDORS.map(([vendor, make]) => [vendor.id, vendor, make] as const))(
    "%s: and one in a meter that gives everything back",
    async (_id, vendor, make) => {
      const wrong: Vendor = {
        ...vendor,
        meter: (...asked) => ({ ...vendor.meter(...asked), meter: { kind: "definite_no" } }),
      };
      expect(await run(make(SEED, wrong), 1_000), `seed ${SEED}`).not.toEqual([]);
    },
  );

  function times(estimate: Estimate, by: bigint, of: bigint): Estimate {
    if (estimate.kind !== "money") return estimate;
    return { ...estimate, exposure: microUsd((estimate.exposure * by) / of) };
  }
});
