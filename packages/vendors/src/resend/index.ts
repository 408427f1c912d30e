/** Resend, as the vendor port wants it: each member is one file beside this one. */
import { HOUR_MS } from "@keybrake/core";
import type { Operation, Vendor } from "@keybrake/core";
import { destination, MAIN_HOST } from "./addresses.ts";
import { authorization, checkSecret } from "./authenticate.ts";
import { isOwnError, renderRefusal } from "./errors.ts";
import { estimate } from "./estimate.ts";
import { meter } from "./meter.ts";
import { operations } from "./operations.ts";
import { parameterNames } from "./parameter-names.ts";
import { constrained, readParameters } from "./parameters.ts";
import { checkReach } from "./policy.ts";
import { RATE_CARD } from "./rate-card.ts";

export const resend: Vendor = {
  id: "resend",
  displayName: "Resend",
  mainHost: MAIN_HOST,
  rootPaths: [],
  operations,
  rateCard: RATE_CARD,
  // resend.com/docs/dashboard/emails/idempotency-keys (read 2026-11-25): up to 256 characters. A batch that was accepted in another mode
  // may not be the same request to Resend, so here it is none either.
  idempotency: {
    header: "idempotency-key",
    keyLengthMax: 256,
    scopeHeaders: ["x-batch-validation"],
    rememberedMs,
  },
  // Resend takes "max 40MB per email, after Base64 encoding of the attachments" (resend.com/docs/api-reference/emails/send-email, read
  // 2026-11-25). Keybrake reads all of a body before it lets it go, and serves nobody else meanwhile: the worst 40 MB (one escape after
  // the other) took 0.3 s to read and judge, the worst 10 MiB 0.1 s, and a fingerprint for its idempotency key as long again (measured
  // 2026-11-25). Larger attachments go by their `path`, a URL that Resend fetches.
  bodyBytesMax: 10 * 1024 * 1024,
  authorization,
  checkSecret,
  standInAccount: () => null,
  address: (asked) => asked,
  destination,
  ownLinkMark: null,
  ownLink: () => null,
  readParameters,
  constrained,
  parameterNames,
  checkReach,
  turnOf,
  estimate,
  meter,
  // No read says what a mail cost.
  followUp: () => null,
  isOwnError,
  hidesServerErrors: false,
  renderRefusal,
};

/** On two operations, for 24 hours. The npm package would send a key with inbox mails too, of which nothing is documented. */
function rememberedMs({ name }: Operation): number | null {
  return name === "emails.send" || name === "emails.batch.send" ? 23 * HOUR_MS : null;
}

/**
 * What a broadcast or a draft reaches is looked up before it is sent. Whoever may change the draft, the segment or who is in it could do
 * so in between: all of these take turns. Contact properties are what a segment's filter goes by; automations and their events add to
 * segments, and go on doing so after their answer, which is one of the reasons why they have no bound. Mails that name their recipients
 * are not among them, nor are suppressions, which only lessen what is counted.
 */
function turnOf({ name, class: operationClass }: Operation): string | null {
  if (operationClass === "read") return null;
  return TURNS.some((resource) => name.startsWith(`${resource}.`)) ? "audience" : null;
}

const TURNS: readonly string[] = [
  "audiences",
  "automations",
  "broadcasts",
  "contact_properties",
  "contacts",
  "events",
  "inboxes",
  "segments",
  "topics",
];
