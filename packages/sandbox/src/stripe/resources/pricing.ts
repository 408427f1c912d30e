// What a line costs: a unit price of up to twelve decimals times a quantity, rounded half up to whole minor units; exact, in
// integers. The vendor's side of the story: Keybrake's own arithmetic shares nothing with it.

import { checkCurrency } from "../currency.ts";
import { invalidParameter, missingParameter, noSuchObject } from "../errors.ts";
import { isObject, textOf } from "../../shared/json.ts";
import type { Json, JsonObject } from "../../shared/json.ts";
import { Params } from "../params.ts";
import type { Call } from "../world.ts";

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/;
const DECIMALS = 12;

export interface Priced {
  /** Minor units, negative for a credit. */
  readonly amount: number;
  readonly currency: string;
  readonly quantity: number;
  readonly priceId: string | null;
  readonly unitAmountDecimal: string;
  readonly recurring: { readonly interval: string; readonly count: number } | null;
}

/** `price` (or `pricing[price]`), `price_data`, `unit_amount_decimal`, `unit_amount`; times `quantity`. undefined: none of them. */
export function pricedLine(call: Call, params: Params, at: string): Priced | undefined {
  const quantityText = params.text("quantity_decimal") ?? params.text("quantity") ?? "1";
  const quantity = decimal(quantityText, `${at}quantity`);
  if (quantity < 0n) {
    throw invalidParameter("Quantity must not be negative.", "parameter_invalid_integer", `${at}quantity`);
  }
  const unit = unitOf(call, params, at);
  if (unit === undefined) return undefined;
  const amount = roundHalfUp(decimal(unit.decimal, `${at}unit_amount_decimal`) * quantity, 10n ** BigInt(2 * DECIMALS));
  if (amount > 99_999_999n || amount < -99_999_999n) {
    throw invalidParameter("Amount must be no more than $999,999.99", "amount_too_large", `${at}quantity`);
  }
  const { currency, priceId, recurring } = unit;
  const whole = Number(quantityText.split(".")[0]);
  return { amount: Number(amount), currency, quantity: whole, priceId, unitAmountDecimal: unit.decimal, recurring };
}

type Unit = Pick<Priced, "currency" | "priceId" | "recurring"> & { readonly decimal: string };

function unitOf(call: Call, params: Params, at: string): Unit | undefined {
  const priceId = params.text("price") ?? params.map("pricing")?.text("price");
  if (priceId !== undefined) {
    const price = call.world.prices.find(priceId);
    if (price === undefined) throw noSuchObject("price", priceId, `${at}price`, 400);
    if (!price.active) throw invalidParameter(`The price ${priceId} is not active.`, null, `${at}price`);
    const text = textOf(price.unit_amount_decimal);
    return { decimal: text, currency: price.currency, priceId, recurring: recurringOf(price.recurring ?? null) };
  }
  const data = params.get("price_data");
  if (data instanceof Params) {
    const product = data.requiredText("product");
    if (call.world.products.find(product) === undefined) {
      throw noSuchObject("product", product, `${at}price_data[product]`, 400);
    }
    const text = data.text("unit_amount_decimal") ?? data.text("unit_amount");
    if (text === undefined) throw missingParameter(`${at}price_data[unit_amount]`);
    const recurring = data.map("recurring");
    const interval = recurring?.text("interval");
    const count = recurring?.integer("interval_count") ?? 1;
    return {
      decimal: text,
      currency: checkCurrency(data.requiredText("currency")),
      priceId: null,
      recurring: interval === undefined ? null : { interval, count },
    };
  }
  const text = params.text("unit_amount_decimal") ?? params.text("unit_amount");
  if (text === undefined) return undefined;
  return { decimal: text, currency: checkCurrency(params.text("currency") ?? "usd"), priceId: null, recurring: null };
}

function recurringOf(recurring: Json): Priced["recurring"] {
  if (!isObject(recurring)) return null;
  return { interval: textOf(recurring.interval), count: Number(textOf(recurring.interval_count)) };
}

/** The text as an integer of trillionths. */
function decimal(text: string, param: string): bigint {
  const [, sign = "", whole = "", fraction = ""] = DECIMAL.exec(text) ?? [];
  if (whole === "") throw invalidParameter(`Invalid decimal: ${text}`, "parameter_invalid_string", param);
  const value = BigInt(whole + fraction.padEnd(DECIMALS, "0"));
  return sign === "-" ? -value : value;
}

function roundHalfUp(value: bigint, unit: bigint): bigint {
  const size = value < 0n ? -value : value;
  const rounded = (2n * size + unit) / (2n * unit);
  return value < 0n ? -rounded : rounded;
}

export function pricingOf(priced: Priced): JsonObject {
  const { priceId, unitAmountDecimal } = priced;
  if (priceId === null) return { type: "price_details", unit_amount_decimal: unitAmountDecimal };
  const details = { price: priceId, product: null };
  return { price_details: details, type: "price_details", unit_amount_decimal: unitAmountDecimal };
}

/** The end of a billing period that begins at `seconds` (since the epoch, UTC); a month's end stays a month's end. */
export function periodEnd(seconds: number, interval: string, count: number): number {
  if (interval === "day") return seconds + count * 86_400;
  if (interval === "week") return seconds + count * 7 * 86_400;
  const from = new Date(seconds * 1000);
  const months = from.getUTCMonth() + count * (interval === "year" ? 12 : 1);
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const day = Math.min(from.getUTCDate(), lastDay);
  const clock = seconds % 86_400;
  return Date.UTC(from.getUTCFullYear(), months, day) / 1000 + clock;
}
