import { priceOf } from "@keybrake/core";
import { expect, test } from "vitest";
import { RATE_CARD } from "./rate-card.ts";

// https://resend.com/changelog/pay-as-you-go-pricing: $0.90 for 1,000 mails beyond the plan.
test("a thousand mails are held at ninety cents", () => {
  const price = priceOf(RATE_CARD, "emails.send", "email", []);
  expect((price?.each ?? 0n) * 1_000n).toBe(900_000n);
  expect(priceOf(RATE_CARD, "emails.batch.send", "email", [])?.each).toBe(price?.each);
});
