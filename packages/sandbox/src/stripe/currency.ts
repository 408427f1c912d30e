// What Stripe accepts as an amount: the currencies it knows, their smallest charge, and their traps.
// Source: docs.stripe.com/currencies (minimum charge amounts, special cases). This table is the vendor's side of the story;
// Keybrake's own table is in core and shares nothing with it, so that one mistake cannot hide the other.

import { invalidParameter } from "./errors.ts";

const SUPPORTED: ReadonlySet<string> = new Set(
  (
    "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny " +
    "cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod " +
    "jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio " +
    "nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd " +
    "top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw"
  ).split(" "),
);

const MINIMUM_MINOR: Readonly<Record<string, number>> = {
  usd: 50,
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
};

const ZERO_DECIMAL: ReadonlySet<string> = new Set(
  "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" "),
);
const THREE_DECIMAL: ReadonlySet<string> = new Set("bhd jod kwd omr tnd".split(" "));
/** Written with two decimals for the sake of old integrations, although neither has a minor unit. */
const NO_DECIMALS_WRITTEN_WITH_TWO: ReadonlySet<string> = new Set(["isk", "ugx"]);

/** The API reference: "up to eight digits". */
const AMOUNT_MAX = 99_999_999;

export function checkCurrency(text: string): string {
  const currency = text.toLowerCase();
  if (SUPPORTED.has(currency)) return currency;
  const list = [...SUPPORTED].join(", ");
  throw invalidParameter(
    `Invalid currency: ${text}. Stripe currently supports these currencies: ${list}`,
    null,
    "currency",
  );
}

/** For display only: the text that Stripe puts into its messages. */
export function displayAmount(minor: number, currency: string): string {
  const digits = ZERO_DECIMAL.has(currency) ? 0 : THREE_DECIMAL.has(currency) ? 3 : 2;
  const padded = String(minor).padStart(digits + 1, "0");
  const whole = padded.slice(0, padded.length - digits);
  const text = digits === 0 ? whole : `${whole}.${padded.slice(padded.length - digits)}`;
  return currency === "usd" ? `$${text}` : `${text} ${currency}`;
}

export function checkChargeAmount(amount: number, currency: string, param: string): number {
  if (amount > AMOUNT_MAX) {
    const limit = displayAmount(AMOUNT_MAX, currency);
    throw invalidParameter(`Amount must be no more than ${limit}`, "amount_too_large", param);
  }
  if (NO_DECIMALS_WRITTEN_WITH_TWO.has(currency) && amount % 100 !== 0) {
    const name = currency.toUpperCase();
    throw invalidParameter(
      `Invalid amount: ${name} has no minor unit, so the amount must be divisible by 100.`,
      "invalid_charge_amount_no_decimal_compatible",
      param,
    );
  }
  if (THREE_DECIMAL.has(currency) && amount % 10 !== 0) {
    const message = `Invalid amount: three-decimal currencies must end with 0 (${currency}).`;
    throw invalidParameter(message, "parameter_invalid_integer", param);
  }
  const minimum = MINIMUM_MINOR[currency] ?? 1;
  if (amount < minimum) {
    const limit = displayAmount(minimum, currency);
    throw invalidParameter(`Amount must be at least ${limit} ${currency}`, "amount_too_small", param);
  }
  return amount;
}
