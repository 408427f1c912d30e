/**
 * Estimates are upper bounds: for each vendor a hundred thousand generated requests over all of its money operations, plausible and
 * odd, against a fake vendor that keeps its own truth. What it then moved, at once, by later calls or by its clock, is never more than
 * what the books had settled and held for it; and where an answer tells the price, what was settled is the truth to the last digit.
 */
import { setImmediate as breathe } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Generator } from "./support/estimates/driver.ts";
import { printTables } from "./support/estimates/report.ts";
import { resendGenerator } from "./support/estimates/resend.ts";
import { stripeGenerator } from "./support/estimates/stripe.ts";
import { twilioGenerator } from "./support/estimates/twilio.ts";

const REQUESTS = Number(process.env["KEYBRAKE_TEST_REQUESTS"] ?? 100_000);
/** Replayed by KEYBRAKE_TEST_SEED=<seed>; printed always. */
const SEED = Number(process.env["KEYBRAKE_TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** So many refusals for each request that is sent would mean that the generator, or the estimates, refuse what is ordinary. */
const REFUSED_SHARE_MAX = 0.35;
const TIMEOUT_MS = 1_200_000;

test.each<[string, (seed: number) => Generator]>([
  ["stripe", stripeGenerator],
  ["twilio", twilioGenerator],
  ["resend", resendGenerator],
])(
  `%s: ${REQUESTS.toLocaleString("en")} generated requests never move more than is settled and held for them`,
  async (vendor, make) => {
    const { teller, step, settle } = make(SEED);
    for (let steps = 0; teller.sent < REQUESTS; steps += 1) {
      step();
      if (steps % 2_000 === 0) await breathe();
      if (teller.refused > 20_000 && teller.refused > teller.sent) break;
    }
    settle();
    const rows = teller.finish();
    console.log(printTables(vendor, SEED, teller, rows));
    const violations = [...teller.violations.values()].map(
      ({ rule, operation, count, example }) => `${count} x ${rule} (${operation}): ${example}`,
    );
    expect(violations, `seed ${SEED}`).toEqual([]);
    expect(teller.sent, `seed ${SEED}`).toBeGreaterThanOrEqual(REQUESTS);
    expect(teller.refused / (teller.sent + teller.refused), `seed ${SEED}: share of refusals`).toBeLessThan(
      REFUSED_SHARE_MAX,
    );
  },
  TIMEOUT_MS,
);
