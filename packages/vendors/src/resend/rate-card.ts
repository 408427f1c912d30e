// What Resend charges for a mail, for keys that have no better price: the built-in card. Resend publishes no price per call:
// a plan includes a number of mails a month, and every thousand beyond costs the same. What one mail costs is therefore an
// assumption, and this is it: each mail counts as one of the thousand beyond the plan. Inside the plan it costs less, so the
// sum errs upwards; a bucket of a thousand that is begun is charged in whole, which the last bucket of a month may exceed.

import { builtInPriceCard } from "@keybrake/core";
import type { PriceCard } from "@keybrake/core";

const MAIL = "0.0009";

/** Units: `email`, one recipient of one mail (to, cc and bcc alike), or one contact of a broadcast's segment. */
export const RATE_CARD: PriceCard = builtInPriceCard([
  {
    source: "https://resend.com/changelog/pay-as-you-go-pricing (Pro: $0.90 for 1,000 more)",
    as_of: "2026-11-23",
    note: "Seen unchanged in a third party's copy of the price list of 2026-03-09. Scale costs the same or less.",
    prices: {
      "emails.send": { email: MAIL },
      "emails.batch.send": { email: MAIL },
    },
  },
  {
    source: "https://resend.com/changelog/pay-as-you-go-pricing (Pro: $0.90 for 1,000 more), taken over for broadcasts",
    as_of: "2026-11-23",
    note:
      "Broadcasts are billed by the number of contacts that a team keeps, not by what it sends. So that a cap counts them at " +
      "all, each mail of one counts as much as a single one.",
    prices: {
      "broadcasts.create": { email: MAIL },
      "broadcasts.update": { email: MAIL },
      "broadcasts.send": { email: MAIL },
    },
  },
]);
