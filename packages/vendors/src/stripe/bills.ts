/**
 * Stripe's bills as far as money goes: an invoice, its lines and items, a price, a credit note, read out of JSON that may be anything.
 * Null means that it is not such an object or that its numbers cannot be trusted. It never throws and never fills in a guess that could
 * make an amount smaller.
 */
import { isRecord } from "../json.ts";
import { larger, readCurrency, readId, readMinor, readSignedMinor } from "./objects.ts";

export interface Invoice {
  readonly id: string;
  readonly currency: string;
  readonly isDraft: boolean;
  /** Paid through Stripe so far. */
  readonly paid: bigint;
  /** Everything that it may still collect as it stands. */
  readonly remaining: bigint;
  readonly total: bigint;
  /** Nothing more can be collected, whatever happens. */
  readonly final: boolean;
  /** What is added to it is taxed, by rates or by calculation. */
  readonly isTaxed: boolean;
  /** Its tax is still to be calculated. */
  readonly waitsForTax: boolean;
}

/** https://docs.stripe.com/api/invoices/object */
export function readInvoice(json: unknown): Invoice | null {
  if (!isRecord(json) || json["object"] !== "invoice") return null;
  const id = readId(json["id"]);
  const currency = readCurrency(json["currency"]);
  const due = readMinor(json["amount_due"]);
  const allPaid = readMinor(json["amount_paid"]);
  const total = readSignedMinor(json["total"]);
  const balance = readSignedMinor(json["starting_balance"] ?? 0);
  // Paid outside of Stripe: only newer API versions tell, and then it moved nothing here.
  const elsewhere = readMinor(json["amount_paid_off_stripe"] ?? 0);
  const open = json["amount_remaining"] === undefined ? undefined : readMinor(json["amount_remaining"]);
  const status = json["status"];
  if (id === null || currency === null || due === null || allPaid === null || total === null) return null;
  if (balance === null || elsewhere === null || open === null) return null;
  const tax = readTax(json);
  if (tax === null) return null;
  const paid = allPaid > elsewhere ? allPaid - elsewhere : 0n;
  const rest = open ?? (due > allPaid ? due - allPaid : 0n);
  const told = { id, currency, paid, total: larger(total, 0n), isDraft: false, ...tax };
  switch (status) {
    case "draft":
      // What the customer owes is added when it is finalised. What is owed to the customer may be used up until then.
      return {
        ...told,
        isDraft: true,
        remaining: larger(larger(due, rest), total + larger(balance, 0n)),
        final: false,
      };
    case "open":
    case "uncollectible":
      return { ...told, remaining: rest, final: false };
    case "paid":
      // Paid, and nothing was: one of the two is wrong, and believing the wrong one would give money back.
      if (allPaid === 0n && due > 0n) return null;
      return { ...told, remaining: 0n, final: true };
    case "void":
    case "deleted":
      return { ...told, remaining: 0n, final: true };
    default:
      return null;
  }
}

function readTax(json: Readonly<Record<string, unknown>>): Pick<Invoice, "isTaxed" | "waitsForTax"> | null {
  const { automatic_tax: automatic = null, default_tax_rates: rates = null } = json;
  if (rates !== null && !Array.isArray(rates)) return null;
  const hasRates = rates !== null && rates.length > 0;
  if (automatic === null) return { isTaxed: hasRates, waitsForTax: false };
  if (!isRecord(automatic)) return null;
  const isCalculated = automatic["enabled"] !== false;
  return { isTaxed: hasRates || isCalculated, waitsForTax: isCalculated && automatic["status"] !== "complete" };
}

/** A draft that was deleted: `{id, object, deleted: true}`. */
export function readDeleted(json: unknown, kind: "invoice" | "invoiceitem"): string | null {
  return isRecord(json) && json["object"] === kind && json["deleted"] === true ? readId(json["id"]) : null;
}

export interface InvoiceItem {
  readonly id: string;
  readonly currency: string;
  /** Below nothing for a credit. */
  readonly amount: bigint;
  /** The draft that it is on; null while it waits for one. */
  readonly invoiceId: string | null;
  /** Decimal text, where it was priced by the unit. */
  readonly unitAmount: string | null;
  readonly isTaxed: boolean;
}

/** https://docs.stripe.com/api/invoiceitems/object */
export function readInvoiceItem(json: unknown): InvoiceItem | null {
  if (!isRecord(json) || json["object"] !== "invoiceitem") return null;
  const invoice = json["invoice"] ?? null;
  const invoiceId = invoice === null ? null : readId(isRecord(invoice) ? invoice["id"] : invoice);
  const line = readPriced(json);
  return line === null || (invoice !== null && invoiceId === null) ? null : { ...line, invoiceId };
}

export type InvoiceLine = Omit<InvoiceItem, "invoiceId">;

/** https://docs.stripe.com/api/invoice-line-item/object */
export function readInvoiceLine(json: unknown): InvoiceLine | null {
  return isRecord(json) && json["object"] === "line_item" ? readPriced(json) : null;
}

function readPriced(json: Readonly<Record<string, unknown>>): InvoiceLine | null {
  const id = readId(json["id"]);
  const currency = readCurrency(json["currency"]);
  const amount = readSignedMinor(json["amount"]);
  if (id === null || currency === null || amount === null) return null;
  const taxed = [json["tax_rates"], json["taxes"], json["tax_amounts"]];
  return { id, currency, amount, unitAmount: unitAmountOf(json), isTaxed: taxed.some(isFull) };
}

function isFull(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
}

/** Newer API versions have it in `pricing`, older ones beside the amount. */
function unitAmountOf(json: Readonly<Record<string, unknown>>): string | null {
  const { pricing, unit_amount: whole } = json;
  const decimal = isRecord(pricing) ? pricing["unit_amount_decimal"] : json["unit_amount_decimal"];
  if (typeof decimal === "string") return decimal;
  return typeof whole === "number" && Number.isSafeInteger(whole) ? String(whole) : null;
}

/** A whole list of items or lines; null when it is none, has more than one page, or one of its elements cannot be read. */
export function readWhole<T>(json: unknown, read: (element: unknown) => T | null): readonly T[] | null {
  if (!isRecord(json) || json["object"] !== "list" || json["has_more"] !== false) return null;
  const data: unknown = json["data"];
  if (!Array.isArray(data)) return null;
  const elements: readonly unknown[] = data;
  const found: T[] = [];
  for (const element of elements) {
    const one = read(element);
    if (one === null) return null;
    found.push(one);
  }
  return found;
}

export interface Price {
  readonly id: string;
  readonly currency: string;
  /** Decimal text, at most twelve decimals, in minor units; null: no unit has one price (tiers, or the buyer's choice). */
  readonly unitAmount: string | null;
  /** Units are packed before they are priced, and a part of a pack may count as a whole one. */
  readonly isPacked: boolean;
}

/** https://docs.stripe.com/api/prices/object */
export function readPrice(json: unknown): Price | null {
  if (!isRecord(json) || json["object"] !== "price") return null;
  const id = readId(json["id"]);
  const currency = readCurrency(json["currency"]);
  if (id === null || currency === null) return null;
  const isPlain = json["billing_scheme"] === "per_unit" && (json["custom_unit_amount"] ?? null) === null;
  return {
    id,
    currency,
    unitAmount: isPlain ? unitAmountOf(json) : null,
    isPacked: (json["transform_quantity"] ?? null) !== null,
  };
}

export interface CreditNote {
  readonly id: string;
  readonly invoiceId: string;
  readonly currency: string;
  /** Given back or no longer collected: all of it but what was given back outside of Stripe. */
  readonly given: bigint;
  readonly amount: bigint;
}

/** https://docs.stripe.com/api/credit_notes/object */
export function readCreditNote(json: unknown): CreditNote | null {
  if (!isRecord(json) || json["object"] !== "credit_note") return null;
  const id = readId(json["id"]);
  const invoice = json["invoice"];
  const invoiceId = readId(isRecord(invoice) ? invoice["id"] : invoice);
  const currency = readCurrency(json["currency"]);
  const amount = readMinor(json["amount"]);
  const elsewhere = readMinor(json["out_of_band_amount"] ?? 0);
  if (id === null || invoiceId === null || currency === null || amount === null || elsewhere === null) return null;
  return { id, invoiceId, currency, amount, given: amount > elsewhere ? amount - elsewhere : 0n };
}

export interface BalanceTransaction {
  readonly id: string;
  readonly currency: string;
  /** Above nothing it is a debt of the customer's, below it is credit. */
  readonly amount: bigint;
}

/** https://docs.stripe.com/api/customer_balance_transactions/object */
export function readBalanceTransaction(json: unknown): BalanceTransaction | null {
  if (!isRecord(json) || json["object"] !== "customer_balance_transaction") return null;
  const id = readId(json["id"]);
  const currency = readCurrency(json["currency"]);
  const amount = readSignedMinor(json["amount"]);
  return id === null || currency === null || amount === null ? null : { id, currency, amount };
}

/** What a customer owes beyond invoices, which the next invoice of that currency collects too. */
export interface Debts {
  readonly id: string;
  /** Above nothing. */
  readonly byCurrency: ReadonlyMap<string, bigint>;
  /** In the customer's own currency, where the vendor does not say which that is. */
  readonly unnamed: bigint;
}

/**
 * `balance` is above nothing for a debt, `invoice_credit_balance` of each currency below it: docs.stripe.com/api/customers/object
 * Who was deleted owes nothing that could be collected.
 */
export function readDebts(json: unknown): Debts | null {
  if (!isRecord(json) || json["object"] !== "customer") return null;
  const id = readId(json["id"]);
  if (id === null) return null;
  if (json["deleted"] === true) return { id, byCurrency: new Map(), unnamed: 0n };
  const balance = readSignedMinor(json["balance"] ?? json["account_balance"]);
  const credits = json["invoice_credit_balance"] ?? {};
  if (balance === null || !isRecord(credits)) return null;
  const byCurrency = new Map<string, bigint>();
  for (const [name, value] of Object.entries(credits)) {
    const currency = readCurrency(name);
    const credit = readSignedMinor(value);
    if (currency === null || credit === null) return null;
    if (credit < 0n) byCurrency.set(currency, -credit);
  }
  const own = readCurrency(json["currency"]);
  if (balance <= 0n || own === null) return { id, byCurrency, unnamed: larger(balance, 0n) };
  byCurrency.set(own, larger(balance, byCurrency.get(own) ?? 0n));
  return { id, byCurrency, unnamed: 0n };
}

export function debtIn({ byCurrency, unnamed }: Debts, currency: string): bigint {
  return larger(byCurrency.get(currency) ?? 0n, unnamed);
}
