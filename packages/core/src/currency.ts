// How many decimals an amount of a currency has: minor units as payment processors count them, which is not what ISO 4217
// says and not what Intl says (for ISK, UGX, HUF, IDR and others Intl is off by a factor of 100). A currency that is not
// in this table is unknown, and nobody may assume two decimals for it.
//
// Source: docs.stripe.com/currencies (presentment currencies, zero-decimal, three-decimal, special cases). The decimals were
// compiled on 2026-11-23; the list of two-decimal codes may lack the newest, and then refuses them.

const ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"; // docs.stripe.com/currencies#zero-decimal

// ISO gives these none, the processor keeps two that must be 00: 5 ISK is written 500. docs.stripe.com/currencies#special-cases
const TWO_DECIMAL_ALWAYS_00 = "isk ugx";

// The card networks do two decimals, so the third must be 0. docs.stripe.com/currencies#three-decimal
const THREE_DECIMAL = "bhd jod kwd omr tnd";

const TWO_DECIMAL = `
  aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk
  dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd kes kgs khr kyd kzt lak lbp lkr
  lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub
  sar sbd scr sek sgd shp sle sll sos srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs wst xcd xcg yer zar zmw`;

const DIGITS: ReadonlyMap<string, 0 | 2 | 3> = new Map([
  ...entries(ZERO_DECIMAL, 0),
  ...entries(TWO_DECIMAL_ALWAYS_00, 2),
  ...entries(THREE_DECIMAL, 3),
  ...entries(TWO_DECIMAL, 2),
]);

const ALWAYS_00: ReadonlySet<string> = new Set(TWO_DECIMAL_ALWAYS_00.split(" "));

function entries(codes: string, digits: 0 | 2 | 3): [string, 0 | 2 | 3][] {
  return codes
    .trim()
    .split(/\s+/)
    .map((code) => [code, digits]);
}

/** Every currency whose minor units are known, lower-case, sorted. */
export const CURRENCIES: readonly string[] = [...DIGITS.keys()].sort();

/** Decimals of an amount in this currency (lower-case ISO code): 0, 2 or 3; undefined for a currency we do not know. */
export function minorUnitDigits(currency: string): 0 | 2 | 3 | undefined {
  return DIGITS.get(currency);
}

/** Why no processor would take this amount of minor units, as a sentence; null when there is nothing to say against it. */
export function currencyProblem(currency: string, minor: bigint): string | null {
  const digits = minorUnitDigits(currency);
  if (digits === undefined) return `The currency ${quoted(currency)} is not one that Keybrake knows.`;
  if (ALWAYS_00.has(currency) && minor % 100n !== 0n) {
    return `Amounts in ${currency} have two decimals that must be 00 (5 ${currency} is written 500), and ${minor} does not end in 00.`;
  }
  if (digits === 3 && minor % 10n !== 0n) {
    return `Amounts in ${currency} have three decimals of which the last must be 0, and ${minor} does not end in 0.`;
  }
  return null;
}

function quoted(currency: string): string {
  return JSON.stringify(currency.slice(0, 12));
}
