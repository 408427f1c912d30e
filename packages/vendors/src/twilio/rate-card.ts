// Twilio's list prices that a dated source states, for keys that have no better ones: the built-in card. Upper bounds: the
// dearest of sender types and networks. Small on purpose: what no source states is absent, and a call that needs it is refused
// (`price_unknown`) until a price file or Twilio's Pricing API says it.
//
// Not here, because no dated source was found: MMS network fees (so no MMS to the United States is priced), Canada and every
// other country, Verify, Lookup, WhatsApp.

import { builtInPriceCard } from "@keybrake/core";
import type { PriceCard } from "@keybrake/core";

/**
 * Units, and the qualifiers that an estimate asks with:
 *
 * | operation | unit | qualifiers |
 * |---|---|---|
 * | `messages.create` | `sms_segment`, `mms` | country |
 * | `messages.create` | `carrier_fee_segment`, `carrier_fee_mms`: added, for countries that have one | country |
 * | `calls.create` | `minute` | digits of the number called, then country |
 */
export const RATE_CARD: PriceCard = builtInPriceCard([
  {
    source:
      "https://www.twilio.com/en-us/sms/pricing/us ('current as of October 2026'), as read on 2026-11-09 for " +
      "https://github.com/api-evangelist/posts, 2026-11-12, 'Twilio API Pricing'",
    as_of: "2026-11-09",
    note: "Long code, toll-free and short code cost the same to send.",
    prices: {
      "messages.create": { sms_segment: { US: "0.0083" }, mms: { US: "0.022" } },
    },
  },
  {
    source:
      "https://www.budgetforge.dev/tools/twilio-sms-pricing-2026, updated 2026-07-05: $0.0025 to $0.0062 a segment",
    as_of: "2026-07-05",
    note: "The dearest network. A third party's page.",
    prices: {
      "messages.create": { carrier_fee_segment: { US: "0.0062" } },
    },
  },
  {
    source:
      "https://www.usesherlock.ai/blog/hidden-costs-twilio-voice-ai-stack (2026): $0.014 a minute to U.S. numbers",
    as_of: "2026-01-01",
    note:
      "A third party's page of 2026 without a day, so taken as of the first. Alaska costs more (Twilio's own specification " +
      "shows six times as much), Hawaii may: neither is priced here.",
    prices: {
      "calls.create": { minute: { US: "0.014", "1808": null, "1907": null } },
    },
  },
]);
