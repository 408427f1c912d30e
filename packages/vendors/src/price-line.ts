/** What to write into which file where a price is missing: a whole file, so that it can be pasted and then only needs the figure. */
import { ANY_QUALIFIER, formatInstant } from "@keybrake/core";
import type { Instant } from "@keybrake/core";

export function priceLine(vendorId: string, operation: string, unit: string, qualifier: string, now: Instant): string {
  const where = qualifier === ANY_QUALIFIER ? `"..."` : `{"${qualifier}": "..."}`;
  return (
    `Write it into the file ${vendorId}.json in KEYBRAKE_PRICES_DIR, and run "keybrake prices refresh": ` +
    `{"source": "where it says so", "as_of": "${formatInstant(now).slice(0, 10)}", "prices": {"${operation}": {"${unit}": ${where}}}}.`
  );
}
