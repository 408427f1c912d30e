/**
 * The fake Stripe without sockets, and generated requests to it: objects over their whole life, by calls of the key, by customers who
 * pay with the client secret, by banks, and by the clock, over all operations of it that move money.
 */
import { convertToUsd, instant, invariant, parseEcbCsv } from "@keybrake/core";
import type { Direction, Pricing, Vendor, VendorRequest } from "@keybrake/core";
import { stripe } from "@keybrake/vendors";
import { seededRandom } from "../../../packages/sandbox/src/shared/random.ts";
import { Engine } from "../../../packages/sandbox/src/stripe/engine.ts";
import { Dice, Shelf } from "./dice.ts";
import { answerOf, arrivedOf, NOON, type Generator } from "./driver.ts";
import { encodeJson, encodeRack, FORM, type Pairs } from "./encode.ts";
import { credentialFor, Teller, type Fake, type Outcome, type Wanted } from "./teller.ts";

const KEY = "sk_test_estimates";
const PUBLISHABLE = "pk_test_estimates";
const CONNECTED = "acct_estimates1";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const ON_INTENTS = {
  updateIntent: 3,
  confirm: 4,
  capture: 4,
  increment: 2,
  cancelIntent: 1,
  refund: 2,
  payOutside: 1,
  lookAtIntent: 1,
};

/** Made-up rates of three days, with every kind of minor unit among them. The day of the last is the day they are used on. */
const RATES = parseEcbCsv(
  "Date,USD,JPY,GBP,HUF,ISK,TWD,KWD,UGX\n" +
    "2026-11-25,1.25,150.37,0.8613,391.13,142.3,36.77,0.3571,4371.9\n" +
    "2026-11-24,1.21,149.2,0.8577,389.2,141.9,36.5,0.3553,4355.1\n" +
    "2026-11-23,1.23,151.1,0.8650,394.7,143.0,37.1,0.3602,4402.7\n",
);

function fakeStripe(
  vendor: Vendor,
  seed: number,
  clock: { now: number },
): { readonly fake: Fake; readonly engine: Engine } {
  const engine = new Engine({
    now: () => clock.now,
    ids: seededRandom(seed, 1),
    requestIds: seededRandom(seed, 3),
    secretKeys: [KEY],
    publishableKey: PUBLISHABLE,
    gullible: false,
    echoSecretInErrors: false,
    plantedSecret: "estimates",
    objectsMax: 1_000_000,
    eventsMax: 10,
    idempotencyKeysMax: 2_000,
    movementsMax: 10_000_000,
  });
  const rateDay = instant(NOON);
  const convert: Pricing["convert"] = (amount) => convertToUsd(RATES, amount, rateDay);
  const toUsd = (minor: bigint, currency: string): bigint => {
    const conversion = convert({ minor, currency });
    invariant(conversion.kind === "converted", `the fake vendor moved ${currency}, which has no rate here`);
    return conversion.referenceMicroUsd;
  };
  const total = (byCurrency: ReadonlyMap<string, bigint>): bigint => {
    let sum = 0n;
    for (const [currency, minor] of byCurrency) sum += toUsd(minor, currency);
    return sum;
  };
  const fake: Fake = {
    vendor,
    credential: credentialFor(vendor, rateDay, null),
    accounts: [CONNECTED],
    pricing: () => ({
      now: instant(clock.now),
      convert,
      price: () => ({ kind: "none", why: "Nothing has a price here." }),
    }),
    send: (request, order) =>
      answerOf(
        engine,
        arrivedOf(request, order, { authorization: `Bearer ${KEY}`, ...Object.fromEntries(request.headers) }),
      ),
    movedBy: (order) =>
      engine.truth
        .moneyBy(order)
        .filter(({ when }) => when !== "at_later_call")
        .map(({ direction, currency: unit, amountMinor: amount }) => ({ direction, unit, amount })),
    movedInAll: () =>
      new Map<Direction, bigint>([
        ["collected", total(engine.truth.collectedMinor)],
        ["paid_out", total(engine.truth.paidOutMinor)],
      ]),
    toUsd: ({ unit, amount }) => toUsd(amount, unit),
    // What was put on an invoice is counted where it was put there, and what is then collected in one sum again: never less.
    // The old alias for refunds answers with the charge.
    // A refund of a charge that was only authorised says that it succeeds, and gives nothing back: nothing had been taken.
    tellsExactly: ({ operation }, meter) =>
      !/^(?:invoice|quotes|subscriptions|customers|credit_notes|charges\.refund$)/.test(operation.name) &&
      !(meter.kind === "object" && isOfAuthorization(engine, meter.id)),
  };
  return { fake, engine };
}

function isOfAuthorization(engine: Engine, id: string): boolean {
  return engine.worlds().some((world) => {
    const refund = world.refunds.find(id);
    return refund !== undefined && refund.balance_transaction === null && refund.status !== "requires_action";
  });
}

// ------------------------------------------------------------------------------------------------------------------- parts

interface Thing {
  readonly id: string;
  readonly account: string | null;
  readonly currency: string;
  readonly amount: number;
  readonly secret: string;
  readonly customer: string;
  readonly status: string;
}

const METHODS = {
  pm_card_visa: 60,
  pm_card_mastercard: 10,
  pm_card_chargeDeclined: 6,
  pm_card_authenticationRequired: 5,
  pm_card_pendingRefund: 4,
  pm_card_refundFail: 3,
  pm_bank_processing: 6,
  pm_sandbox_refundRequiresAction: 5,
  pm_none: 1,
} as const;
const TOKENS = { tok_visa: 20, tok_amex: 5, tok_chargeDeclined: 2, tok_pendingRefund: 1 } as const;
const CURRENCIES = {
  usd: 50,
  eur: 10,
  gbp: 8,
  jpy: 7,
  huf: 4,
  isk: 4,
  kwd: 4,
  ugx: 3,
  twd: 2,
  USD: 3,
  xyz: 0.5,
  brl: 1,
};
const STEP: Readonly<Record<string, number>> = { isk: 100, ugx: 100, kwd: 10 };
const LEAST: Readonly<Record<string, number>> = { huf: 17_500, ugx: 10_000, isk: 10_000 };

export function stripeGenerator(seed: number, vendor: Vendor = stripe): Generator {
  const dice = new Dice(seed);
  const clock = { now: NOON };
  const { fake, engine } = fakeStripe(vendor, seed, clock);
  const teller = new Teller(fake);
  const accounts = [null, CONNECTED];
  const customers = new Map<string | null, string[]>();
  const prices = new Map<string | null, { id: string; currency: string; recurring: boolean }[]>();
  const products = new Map<string | null, string>();
  const shelves = {
    intents: new Shelf<Thing>(128),
    /** The same by how far they are, so that most of what is asked of them can be done. */
    open: new Shelf<Thing>(96),
    capturable: new Shelf<Thing>(48),
    charges: new Shelf<Thing>(96),
    authorized: new Shelf<Thing>(32),
    refunds: new Shelf<Thing>(),
    transfers: new Shelf<Thing>(),
    payouts: new Shelf<Thing>(),
    topups: new Shelf<Thing>(),
    fees: new Shelf<Thing>(),
    items: new Shelf<Thing>(),
    invoices: new Shelf<Thing>(),
    draftInvoices: new Shelf<Thing>(24),
    openInvoices: new Shelf<Thing>(24),
    paidInvoices: new Shelf<Thing>(24),
    creditNotes: new Shelf<Thing>(),
    quotes: new Shelf<Thing>(),
    subscriptions: new Shelf<Thing>(),
    disputes: new Shelf<Thing>(),
    outbound: new Shelf<Thing>(),
  };
  let last: { readonly wanted: Wanted; readonly key: string; readonly booked: { readonly account?: string } } | null =
    null;
  /** The one intent that calls at the same time are about. */
  let focus: Thing | null = null;

  // -------------------------------------------------------------------------------------------------------- preparations

  const straight = (
    method: string,
    path: string,
    pairs: Pairs,
    account: string | null,
    authorization = KEY,
  ): { readonly order: number; readonly status: number; readonly json: Record<string, unknown> } => {
    const body = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString();
    const headers = new Map<string, string>([["authorization", `Bearer ${authorization}`]]);
    if (body !== "") headers.set("content-type", FORM);
    if (account !== null) headers.set("stripe-account", account);
    const request: VendorRequest = { method, path, segments: [], query: "", headers, body: Buffer.from(body) };
    const order = teller.nextOrder();
    const answer = fake.send(request, order);
    const json = JSON.parse(Buffer.from(answer.body).toString()) as Record<string, unknown>;
    return { order, status: answer.status, json };
  };
  const prepare = (path: string, pairs: Pairs, account: string | null): Record<string, unknown> => {
    const { order, status, json } = straight("POST", path, pairs, account);
    invariant(status < 300, `POST ${path}: ${status} ${JSON.stringify(json)}`);
    if (fake.movedBy(order).length > 0) teller.disown(order);
    return json;
  };
  /** Most pay with a card that works, some with one that declines when it is charged, some have none. */
  const newCustomer = (of: string | null): string => {
    const id = String(prepare("/v1/customers", [["name", "A customer"]], of)["id"]);
    // Some owe, or are owed, something from elsewhere already.
    if (dice.chance(0.3)) prepare(`/v1/customers/${id}`, [["balance", String(dice.whole(-5_000, 5_000))]], of);
    const method = dice.weighted({ pm_card_visa: 80, pm_card_chargeCustomerFail: 10, none: 10 });
    if (method === "none") return id;
    const attached = prepare(`/v1/payment_methods/${method}/attach`, [["customer", id]], of)["id"];
    prepare(`/v1/customers/${id}`, [["invoice_settings[default_payment_method]", String(attached)]], of);
    return id;
  };
  for (const account of accounts) {
    customers.set(
      account,
      dice.times(10, () => newCustomer(account)),
    );
    const product = String(prepare("/v1/products", [["name", "A thing"]], account)["id"]);
    products.set(account, product);
    const made: { id: string; currency: string; recurring: boolean }[] = [];
    for (const [currency, unit, value] of [
      ["usd", "unit_amount", "1999"],
      ["usd", "unit_amount_decimal", "0.125"],
      ["eur", "unit_amount", "500"],
      ["jpy", "unit_amount", "300"],
      ["usd", "unit_amount", "0"],
    ] as const)
      for (const recurring of [false, true])
        made.push({
          id: String(
            prepare(
              "/v1/prices",
              [
                ["product", product],
                ["currency", currency],
                [unit, value],
                ...(recurring ? [["recurring[interval]", "month"] as const] : []),
              ],
              account,
            )["id"],
          ),
          currency,
          recurring,
        });
    prices.set(account, made);
  }

  // -------------------------------------------------------------------------------------------------------------- parts

  const account = (): string | null => (dice.chance(0.93) ? null : CONNECTED);
  /** One of ten, who come and go, so that no customer's bills grow too long to say anything. */
  const customerOf = (of: string | null): string => {
    const own = customers.get(of) ?? [];
    const at = dice.whole(0, own.length - 1);
    if (dice.chance(0.05)) own[at] = newCustomer(of);
    return own[at] ?? "";
  };
  const amountIn = (currency: string): number => {
    const step = STEP[currency.toLowerCase()] ?? 1;
    const least = LEAST[currency.toLowerCase()] ?? 1_500;
    const most = dice.weighted({ usual: 90, large: 8, largest: 1, small: 2 });
    const raw = {
      usual: dice.whole(least, least * 40),
      large: dice.whole(least, 9_000_000),
      largest: 99_999_999,
      small: dice.whole(1, 60),
    };
    return dice.chance(0.98) ? Math.max(step, raw[most] - (raw[most] % step)) : raw[most];
  };
  /** Mostly the number; now and then what is none, or none that everybody reads alike. */
  const written = (amount: number): string =>
    dice.chance(0.992)
      ? String(amount)
      : (dice.pick(["", "0", "-100", "10.5", "1e3", "+500", "0500", " 500", "9999999999"]) ?? "");
  const labels = (pairs: [string, string][]): void => {
    if (!dice.chance(0.15)) return;
    pairs.push(["metadata[order id]", dice.pick(["6735", "a&b=c", "grün 🎉", "", "amount=1"] as const)]);
  };
  const words = (pairs: [string, string][]): void => {
    labels(pairs);
    if (dice.chance(0.1)) pairs.push(["description", dice.pick(["Order + more", "100% [x]", "ü"] as const)]);
    if (dice.chance(0.05)) pairs.push(["expand[]", "latest_charge"], ["expand[]", "customer"]);
  };
  /** `customer`: of whom it bills; then what it moves is looked at together with all of that customer's bills. */
  const post = (path: string, pairs: Pairs, of: string | null, customer?: string): Outcome => {
    const wanted: Wanted = {
      method: "POST",
      path,
      headers: of === null ? {} : { "stripe-account": of },
      ...encodeRack(dice.chance(0.1) ? [...pairs].reverse() : pairs, dice),
    };
    const booked = customer === undefined || customer === "" ? {} : { account: `bills of ${customer}` };
    if (!dice.chance(0.05)) return teller.send(wanted, booked);
    const key = dice.word(20);
    last = { wanted, key, booked };
    return teller.send(wanted, { idempotencyKey: key, ...booked });
  };
  const remove = (path: string, { account: of, customer }: Thing): void => {
    const headers: Record<string, string> = of === null ? {} : { "stripe-account": of };
    teller.send({ method: "DELETE", path, headers }, { account: `bills of ${customer}` });
  };
  const get = (path: string, of: string | null, customer = ""): void => {
    const booked = customer === "" ? {} : { account: `bills of ${customer}` };
    teller.send({ method: "GET", path, headers: of === null ? {} : { "stripe-account": of } }, booked);
  };
  const objectOf = (outcome: Outcome): Record<string, unknown> | null => {
    if (outcome.kind !== "sent" || !isRecord(outcome.json)) return null;
    const { json } = outcome;
    if (!isRecord(json["error"])) return json;
    return isRecord(json["error"]["payment_intent"]) ? json["error"]["payment_intent"] : null;
  };
  const thingOf = (json: Record<string, unknown>, of: string | null): Thing => ({
    id: textOf(json["id"]),
    account: of,
    currency: textOf(json["currency"]),
    amount:
      typeof json["amount"] === "number"
        ? json["amount"]
        : typeof json["amount_due"] === "number"
          ? json["amount_due"]
          : 0,
    secret: textOf(json["client_secret"]),
    customer: textOf(json["customer"]),
    status: textOf(json["status"]),
  });
  const keep = (outcome: Outcome, kind: keyof typeof shelves, of: string | null): void => {
    const json = objectOf(outcome);
    if (json === null || typeof json["id"] !== "string") return;
    const thing = thingOf(json, of);
    shelves[kind].put(thing, dice);
    if (kind === "intents" && json["status"] === "requires_capture") shelves.capturable.put(thing, dice);
    if (kind === "intents" && /^requires_(?:payment|conf|act)/.test(textOf(json["status"])))
      shelves.open.put(thing, dice);
    if (kind === "charges" && json["captured"] === false) shelves.authorized.put(thing, dice);
    if (kind === "invoices" && thing.status === "draft") shelves.draftInvoices.put(thing, dice);
    if (kind === "invoices" && thing.status === "open") shelves.openInvoices.put(thing, dice);
    if (kind === "invoices" && thing.status === "paid" && thing.amount > 0) shelves.paidInvoices.put(thing, dice);
    const charge = json["latest_charge"];
    const chargeId = isRecord(charge) ? charge["id"] : charge;
    if (kind === "intents" && typeof chargeId === "string" && json["status"] !== "requires_payment_method")
      shelves.charges.put({ ...thingOf(json, of), id: chargeId }, dice);
  };
  const some = (kind: keyof typeof shelves): Thing | undefined => shelves[kind].any(dice);
  const partOf = (amount: number): number => {
    const part = dice.weighted({ whole: 30, half: 40, one: 5, more: 15, much: 3 });
    return { whole: amount, half: Math.ceil(amount / 2), one: 1, more: Math.floor(amount * 1.15), much: amount * 10 }[
      part
    ];
  };
  const partIn = ({ amount, currency }: Thing): string => {
    const step = STEP[currency] ?? 1;
    const part = partOf(amount);
    return written(Math.max(step, part - (part % step)));
  };

  // ------------------------------------------------------------------------------------------------------------- intents

  const method = (pairs: [string, string][]): void => {
    if (dice.chance(0.9)) pairs.push(["payment_method", dice.weighted(METHODS)]);
    else pairs.push(["payment_method_data[type]", "card"], ["payment_method_data[card][token]", dice.weighted(TOKENS)]);
  };
  const createIntent = (): void => {
    const of = account();
    const currency = dice.weighted(CURRENCIES);
    const pairs: [string, string][] = [];
    if (dice.chance(0.995)) pairs.push(["amount", written(amountIn(currency))]);
    if (dice.chance(0.995)) pairs.push(["currency", currency]);
    if (dice.chance(0.75)) method(pairs);
    if (dice.chance(0.5)) pairs.push(["confirm", dice.pick(["true", "true", "1", "false"] as const)]);
    if (dice.chance(0.4))
      pairs.push(["capture_method", dice.pick(["manual", "manual", "automatic", "automatic_async"] as const)]);
    for (const feature of ["request_overcapture", "request_multicapture", "request_incremental_authorization"])
      if (dice.chance(0.5))
        pairs.push([
          `payment_method_options[card][${feature}]`,
          dice.pick(["if_available", "if_available", "never"] as const),
        ]);
    if (dice.chance(0.2)) pairs.push(["customer", customerOf(of)]);
    const types = dice.weighted({ none: 80, card: 10, automatic: 10 });
    if (types === "card") pairs.push(["payment_method_types[]", "card"]);
    if (types === "automatic") pairs.push(["automatic_payment_methods[enabled]", "true"]);
    if (dice.chance(0.05)) pairs.push(["off_session", "true"]);
    if (dice.chance(0.05)) pairs.push(["return_url", "https://example.com/back?a=1&b=2"]);
    if (dice.chance(0.01)) pairs.push(["transfer_data[destination]", CONNECTED]);
    if (dice.chance(0.01)) pairs.push(["application_fee_amount", "100"]);
    if (dice.chance(0.01)) pairs.push(["amount[]", "100"]);
    words(pairs);
    keep(post("/v1/payment_intents", pairs, of), "intents", of);
  };
  const onIntent = (
    verb: string,
    fill: (intent: Thing, pairs: [string, string][]) => void,
    state: "open" | "capturable" = "open",
  ): void => {
    const intent = focus ?? (dice.chance(0.9) ? shelves[state].take(dice) : some("intents"));
    if (intent === undefined) return;
    const pairs: [string, string][] = [];
    fill(intent, pairs);
    keep(post(`/v1/payment_intents/${intent.id}${verb}`, pairs, intent.account), "intents", intent.account);
  };

  // ------------------------------------------------------------------------------------------------------------- actions

  const actions = {
    createIntent,
    updateIntent: () =>
      onIntent("", (intent, pairs) => {
        const currency = dice.chance(0.1) ? dice.weighted(CURRENCIES) : intent.currency;
        if (dice.chance(0.7)) pairs.push(["amount", dice.chance(0.5) ? partIn(intent) : written(amountIn(currency))]);
        if (currency !== intent.currency) pairs.push(["currency", currency]);
        if (dice.chance(0.3)) method(pairs);
        if (dice.chance(0.1)) pairs.push(["capture_method", dice.pick(["manual", "automatic"] as const)]);
        words(pairs);
      }),
    confirm: () =>
      onIntent("/confirm", (intent, pairs) => {
        if (dice.chance(0.7)) method(pairs);
        if (dice.chance(0.06)) pairs.push(["amount_to_confirm", partIn(intent)]);
        if (dice.chance(0.1)) pairs.push(["capture_method", "manual"]);
        if (dice.chance(0.1)) pairs.push(["payment_method_options[card][request_overcapture]", "if_available"]);
        words(pairs);
      }),
    capture: () =>
      onIntent(
        "/capture",
        (intent, pairs) => {
          if (dice.chance(0.7)) pairs.push(["amount_to_capture", partIn(intent)]);
          if (dice.chance(0.4)) pairs.push(["final_capture", dice.pick(["false", "false", "true"] as const)]);
          words(pairs);
        },
        "capturable",
      ),
    increment: () =>
      onIntent(
        "/increment_authorization",
        (intent, pairs) => {
          const step = STEP[intent.currency] ?? 1;
          const more = Math.floor(intent.amount * (1 + dice.next()));
          pairs.push(["amount", written(more - (more % step))]);
          words(pairs);
        },
        "capturable",
      ),
    cancelIntent: () =>
      onIntent("/cancel", (_intent, pairs) => {
        if (dice.chance(0.3)) pairs.push(["cancellation_reason", "abandoned"]);
      }),
    applyBalance(): void {
      const intent = some("open");
      if (intent === undefined || intent.customer === "" || intent.amount <= 0) return;
      straight(
        "POST",
        `/v1/test_helpers/customers/${intent.customer}/fund_cash_balance`,
        [
          ["amount", String(intent.amount)],
          ["currency", intent.currency],
        ],
        intent.account,
      );
      onIntentOf(intent, "/apply_customer_balance", dice.chance(0.3) ? [["amount", String(intent.amount)]] : []);
    },
    lookAtIntent(): void {
      const intent = some("intents");
      if (intent !== undefined) get(`/v1/payment_intents/${intent.id}`, intent.account);
    },
    /** A browser with the client secret: no call of the key. */
    payOutside(): void {
      const intent = focus ?? some(dice.chance(0.8) ? "open" : "intents");
      if (intent === undefined || intent.secret === "") return;
      const pairs: Pairs = [
        ["client_secret", intent.secret],
        ["payment_method", dice.weighted(METHODS)],
      ];
      const { order } = straight(
        "POST",
        `/v1/payment_intents/${intent.id}/confirm`,
        pairs,
        intent.account,
        PUBLISHABLE,
      );
      teller.attribute(order, intent.id);
    },
    /** The customer authenticates, the bank answers. */
    bank(): void {
      const thing = some(dice.chance(0.7) ? "intents" : "refunds");
      if (thing === undefined) return;
      const outcome = dice.chance(0.75) ? "succeed" : "fail";
      // What has left for the bank comes back, and never reaches the customer.
      const isRefund = /^(?:re|pyr)_/.test(thing.id);
      if (outcome === "fail" && isRefund) teller.excuse(thing.id);
      try {
        engine.advance(thing.id, outcome);
      } catch (problem) {
        // There was nothing to wait for; a decline is thrown too.
        if (!(problem instanceof Error)) throw problem;
        return;
      }
    },

    createCharge(): void {
      const of = account();
      const currency = dice.weighted(CURRENCIES);
      const pairs: [string, string][] = [
        ["amount", written(amountIn(currency))],
        ["currency", currency],
        ["source", dice.weighted(TOKENS)],
      ];
      if (dice.chance(0.3)) pairs.push(["capture", dice.pick(["false", "false", "true"] as const)]);
      words(pairs);
      keep(post("/v1/charges", pairs, of), "charges", of);
    },
    captureCharge(): void {
      const charge = dice.chance(0.85) ? shelves.authorized.take(dice) : some("charges");
      if (charge === undefined) return;
      const pairs: Pairs = dice.chance(0.6) ? [["amount", partIn(charge)]] : [];
      post(`/v1/charges/${charge.id}/capture`, pairs, charge.account);
    },
    lookAtCharge(): void {
      const charge = some("charges");
      if (charge !== undefined) get(`/v1/charges/${charge.id}`, charge.account);
    },

    refund(): void {
      const byIntent = dice.chance(0.4);
      const thing = byIntent ? some("intents") : dice.chance(0.4) ? shelves.charges.take(dice) : some("charges");
      if (thing === undefined) return;
      const pairs: [string, string][] = [[byIntent ? "payment_intent" : "charge", thing.id]];
      if (dice.chance(0.6)) pairs.push(["amount", partIn(thing)]);
      if (dice.chance(0.2)) pairs.push(["reason", "requested_by_customer"]);
      if (dice.chance(0.03)) pairs.push(["refund_application_fee", "false"]);
      if (dice.chance(0.01)) pairs.push(["reverse_transfer", "true"]);
      labels(pairs);
      keep(post("/v1/refunds", pairs, thing.account), "refunds", thing.account);
    },
    oldRefund(): void {
      const charge = some("charges");
      if (charge === undefined) return;
      const pairs: Pairs = dice.chance(0.6) ? [["amount", partIn(charge)]] : [];
      const alias = dice.pick(["refund", "refunds"] as const);
      const outcome = post(`/v1/charges/${charge.id}/${alias}`, pairs, charge.account);
      if (alias === "refunds") keep(outcome, "refunds", charge.account);
    },
    cancelRefund(): void {
      const refund = some("refunds");
      if (refund !== undefined) post(`/v1/refunds/${refund.id}/cancel`, [], refund.account);
    },
    lookAtRefund(): void {
      const refund = some("refunds");
      if (refund !== undefined) get(`/v1/refunds/${refund.id}`, refund.account);
    },

    transfer(): void {
      const currency = dice.weighted(CURRENCIES);
      const pairs: [string, string][] = [
        ["currency", currency],
        ["destination", CONNECTED],
      ];
      const charge = some("charges");
      if (charge !== undefined && dice.chance(0.3)) {
        pairs.push(["source_transaction", charge.id]);
        pairs[0] = ["currency", charge.currency];
        if (dice.chance(0.5)) pairs.push(["amount", partIn(charge)]);
      } else pairs.push(["amount", written(amountIn(currency))]);
      words(pairs);
      keep(post("/v1/transfers", pairs, null), "transfers", null);
    },
    reverseTransfer(): void {
      const transfer = some("transfers");
      if (transfer === undefined) return;
      const pairs: Pairs = dice.chance(0.6) ? [["amount", partIn(transfer)]] : [];
      post(`/v1/transfers/${transfer.id}/reversals`, pairs, transfer.account);
    },
    prepareFee(): void {
      const currency = dice.pick(["usd", "eur", "jpy"] as const);
      const pairs: Pairs = [
        ["amount", String(dice.whole(5_000, 90_000))],
        ["currency", currency],
        ["source", "tok_visa"],
        ["application_fee_amount", String(dice.whole(100, 4_000))],
      ];
      const json = prepare("/v1/charges", pairs, CONNECTED);
      const id = textOf(json["application_fee"]);
      const fee = straight("GET", `/v1/application_fees/${id}`, [], null).json;
      shelves.fees.put(thingOf(fee, null), dice);
    },
    refundFee(): void {
      const fee = some("fees");
      if (fee === undefined) return;
      const pairs: Pairs = dice.chance(0.6) ? [["amount", partIn(fee)]] : [];
      post(`/v1/application_fees/${fee.id}/${dice.pick(["refund", "refunds"] as const)}`, pairs, null);
    },

    payout(): void {
      const of = account();
      const currency = dice.weighted(CURRENCIES);
      const pairs: [string, string][] = [
        ["amount", written(amountIn(currency))],
        ["currency", currency],
      ];
      if (dice.chance(0.1)) pairs.push(["method", dice.pick(["standard", "standard", "instant"] as const)]);
      words(pairs);
      keep(post("/v1/payouts", pairs, of), "payouts", of);
    },
    onPayout(): void {
      const payout = some("payouts");
      if (payout === undefined) return;
      const verb = dice.pick(["cancel", "reverse", "look"] as const);
      if (verb === "look") return get(`/v1/payouts/${payout.id}`, payout.account);
      if (verb === "cancel") excuseCancelled(`/v1/payouts/${payout.id}`, payout, "pending");
      post(`/v1/payouts/${payout.id}/${verb}`, [], payout.account);
    },
    topup(): void {
      const currency = dice.weighted(CURRENCIES);
      const pairs: [string, string][] = [
        ["amount", written(amountIn(currency))],
        ["currency", currency],
      ];
      words(pairs);
      keep(post("/v1/topups", pairs, null), "topups", null);
    },
    onTopup(): void {
      const topup = some("topups");
      if (topup === undefined) return;
      if (dice.chance(0.5)) return get(`/v1/topups/${topup.id}`, topup.account);
      excuseCancelled(`/v1/topups/${topup.id}`, topup, "pending");
      post(`/v1/topups/${topup.id}/cancel`, [], topup.account);
    },

    createItem(): void {
      const of = account();
      const pairs: [string, string][] = [];
      const invoice = dice.chance(0.6) ? some(dice.chance(0.9) ? "draftInvoices" : "invoices") : undefined;
      const where = invoice?.account ?? of;
      const customer = invoice?.customer ?? customerOf(where);
      if (invoice !== undefined) pairs.push(["invoice", invoice.id]);
      pairs.push(["customer", customer]);
      priced(pairs, where, invoice?.currency ?? "usd");
      words(pairs);
      keep(post("/v1/invoiceitems", pairs, where, customer), "items", where);
    },
    onItem(): void {
      const item = some("items");
      if (item === undefined) return;
      const path = `/v1/invoiceitems/${item.id}`;
      if (dice.chance(0.3)) remove(path, item);
      else {
        const pairs: [string, string][] = [];
        if (dice.chance(0.5)) pairs.push(["amount", String(dice.chance(0.1) ? -500 : amountIn(item.currency))]);
        else pairs.push(["quantity", String(dice.whole(0, 20))]);
        words(pairs);
        post(path, pairs, item.account, item.customer);
      }
    },
    createInvoice(): void {
      const of = account();
      const customer = customerOf(of);
      const pairs: [string, string][] = [["customer", customer]];
      if (dice.chance(0.95)) pairs.push(["auto_advance", dice.pick(["true", "false"] as const)]);
      if (dice.chance(0.95)) pairs.push(["pending_invoice_items_behavior", dice.pick(["include", "exclude"] as const)]);
      if (dice.chance(0.2)) pairs.push(["collection_method", "send_invoice"], ["days_until_due", "30"]);
      if (dice.chance(0.2)) pairs.push(["currency", dice.pick(["usd", "eur", "jpy"] as const)]);
      words(pairs);
      keep(post("/v1/invoices", pairs, of, customer), "invoices", of);
    },
    onInvoice(): void {
      const verb = dice.weighted({
        finalize: 6,
        pay: 7,
        send: 2,
        void: 1,
        update: 3,
        look: 3,
        remove: 0.5,
        uncollectible: 0.5,
      });
      const fitting = { finalize: "draftInvoices", update: "draftInvoices", remove: "draftInvoices" } as const;
      const kind = verb in fitting ? "draftInvoices" : dice.chance(0.8) ? "openInvoices" : "draftInvoices";
      const isTaken = dice.chance(0.85);
      const invoice = isTaken ? shelves[kind].take(dice) : some("invoices");
      if (invoice === undefined) return;
      const { account: of } = invoice;
      const path = `/v1/invoices/${invoice.id}`;
      const pairs: [string, string][] = [];
      if (verb === "look") {
        if (isTaken) shelves[kind].put(invoice, dice);
        return get(path, of, invoice.customer);
      }
      if (verb === "remove") return remove(path, invoice);
      if (verb === "uncollectible") return void post(`${path}/mark_uncollectible`, [], of, invoice.customer);
      if ((verb === "finalize" || verb === "update") && dice.chance(0.5))
        pairs.push(["auto_advance", dice.pick(["true", "false"] as const)]);
      if (verb === "update" && dice.chance(0.3)) pairs.push(["collection_method", "charge_automatically"]);
      if (verb === "update") words(pairs);
      if (verb === "pay" && dice.chance(0.5))
        pairs.push([
          "payment_method",
          dice.pick(["pm_card_visa", "pm_card_visa", "pm_card_chargeDeclined", "pm_card_pendingRefund"] as const),
        ]);
      if (verb === "pay" && dice.chance(0.1)) pairs.push(["paid_out_of_band", "true"]);
      keep(post(verb === "update" ? path : `${path}/${verb}`, pairs, of, invoice.customer), "invoices", of);
    },
    creditNote(): void {
      const invoice = some(dice.pick(["paidInvoices", "paidInvoices", "openInvoices", "invoices"] as const));
      if (invoice === undefined) return;
      const amount = Math.max(1, partOf(invoice.amount));
      const pairs: [string, string][] = [
        ["invoice", invoice.id],
        ["amount", written(amount)],
      ];
      const how = dice.pick([
        "refund_amount",
        "refund_amount",
        "credit_amount",
        "out_of_band_amount",
        null,
        "both",
      ] as const);
      if (how === "both") {
        const half = Math.floor(amount / 2);
        pairs.push(["refund_amount", String(half)], ["credit_amount", String(amount - half)]);
      } else if (how !== null) pairs.push([how, String(amount)]);
      labels(pairs);
      keep(post("/v1/credit_notes", pairs, invoice.account, invoice.customer), "creditNotes", invoice.account);
    },
    voidCreditNote(): void {
      const note = some("creditNotes");
      if (note !== undefined) post(`/v1/credit_notes/${note.id}/void`, [], note.account, note.customer);
    },
    customerBalance(): void {
      const of = account();
      const customer = customerOf(of);
      const currency = dice.pick(["usd", "usd", "eur"] as const);
      const amount = dice.chance(0.5) ? amountIn(currency) : -amountIn(currency);
      const pairs: Pairs = [
        ["amount", String(amount)],
        ["currency", currency],
      ];
      post(`/v1/customers/${customer}/balance_transactions`, pairs, of, customer);
    },

    prepareQuote(): void {
      const of = account();
      const own = (prices.get(of) ?? []).filter(({ recurring }) => !recurring);
      const pairs: [string, string][] = [["customer", customerOf(of)]];
      const currency = dice.pick(["usd", "eur", "jpy"] as const);
      const fitting = own.filter((each) => each.currency === currency);
      for (let index = 0; index <= dice.whole(0, 2); index += 1)
        pairs.push(
          [`line_items[${index}][price]`, dice.pick(fitting)?.id ?? ""],
          [`line_items[${index}][quantity]`, String(dice.whole(1, 9))],
        );
      shelves.quotes.put(thingOf(prepare("/v1/quotes", pairs, of), of), dice);
    },
    onQuote(): void {
      const quote = shelves.quotes.take(dice);
      if (quote === undefined) return;
      const verb = (quote.status === "draft") === dice.chance(0.95) ? "finalize" : "accept";
      const outcome = post(`/v1/quotes/${quote.id}/${verb}`, [], quote.account, quote.customer);
      if (verb === "finalize") keep(outcome, "quotes", quote.account);
      else keepInvoice(outcome, quote.account);
    },
    prepareSubscription(): void {
      const recurring = (prices.get(null) ?? []).filter((each) => each.recurring && each.currency === "usd");
      const pairs: Pairs = [
        ["customer", customerOf(null)],
        ["items[0][price]", dice.pick(recurring)?.id ?? ""],
        ["items[0][quantity]", "2"],
      ];
      const { order, status, json } = straight("POST", "/v1/subscriptions", pairs, null);
      teller.disown(order);
      if (status < 300) shelves.subscriptions.put(thingOf(json, null), dice);
    },
    cancelSubscription(): void {
      const subscription = shelves.subscriptions.take(dice);
      if (subscription === undefined) return;
      const query = dice.pick(["", "invoice_now=true", "invoice_now=true&prorate=true", "prorate=false"] as const);
      teller.send(
        { method: "DELETE", path: `/v1/subscriptions/${subscription.id}`, query },
        { account: `bills of ${subscription.customer}` },
      );
    },
    closeDispute(): void {
      const charge = some("charges");
      if (charge === undefined) return;
      try {
        const made = engine.dispute(charge.id, undefined);
        shelves.disputes.put(thingOf(made, charge.account), dice);
      } catch (problem) {
        if (!(problem instanceof Error)) throw problem;
      }
      const dispute = dice.chance(0.8) ? shelves.disputes.take(dice) : some("disputes");
      if (dispute !== undefined) post(`/v1/disputes/${dispute.id}/close`, [], dispute.account);
    },

    outboundPayment(): void {
      const currency = dice.weighted(CURRENCIES);
      const value = amountIn(currency);
      const amount = {
        value: dice.chance(0.95) ? value : dice.pick([String(value), value + 0.5, -value, null] as const),
        currency,
      };
      const body = {
        amount,
        from: { financial_account: "fa_1", currency },
        to: { recipient: CONNECTED, ...(dice.chance(0.3) ? { currency } : {}) },
        ...(dice.chance(0.3) ? { description: "Für Arbeit 🎉", metadata: { amount: "1" } } : {}),
      };
      const path = "/v2/money_management/outbound_payments";
      keep(teller.send({ method: "POST", path, ...encodeJson(body, dice) }), "outbound", null);
    },
    onOutboundPayment(): void {
      const payment = some("outbound");
      if (payment === undefined) return;
      const path = `/v2/money_management/outbound_payments/${payment.id}`;
      if (dice.chance(0.5)) return get(path, null);
      excuseCancelled(path, payment, "processing");
      teller.send({ method: "POST", path: `${path}/cancel`, ...encodeJson({}, dice) });
    },

    /** Two calls on one intent at once, in every order. */
    overlap(): void {
      focus = some(dice.pick(["open", "capturable", "intents"] as const)) ?? null;
      if (focus === null) return;
      const one = dice.weighted(ON_INTENTS);
      const other = dice.weighted(ON_INTENTS);
      teller.overlap(dice.pick(["looked", "admitted", "sent"] as const), actions[one], actions[other]);
      focus = null;
    },
    /** The same call again under the same key, while the first is on its way. */
    twice(): void {
      if (last === null) return;
      const { key, wanted, booked } = last;
      const fresh = `${key.slice(0, 10)}${dice.word(10)}`;
      const repeat = (): void => void teller.send(wanted, { idempotencyKey: fresh, ...booked });
      teller.overlap(dice.pick(["looked", "admitted", "sent"] as const), repeat, repeat);
    },
    again(): void {
      if (last !== null) teller.send(last.wanted, { idempotencyKey: last.key, ...last.booked });
    },
    otherAmount(): void {
      if (last === null) return;
      const pairs: Pairs = [
        ["amount", "777"],
        ["currency", "usd"],
      ];
      teller.send(
        { method: "POST", path: "/v1/payment_intents", ...encodeRack(pairs, dice) },
        { idempotencyKey: last.key },
      );
    },
    moment(): void {
      clock.now += dice.whole(1_000, 300_000);
    },
    wait(): void {
      clock.now += dice.pick([2 * HOUR_MS, 3 * DAY_MS] as const);
      engine.tick();
      teller.checkOpen();
    },
  } satisfies Record<string, () => void>;

  /** What is on its way to a bank, and is called back before it has left. */
  function excuseCancelled(path: string, { id, account: of }: Thing, cancellable: string): void {
    if (straight("GET", path, [], of).json["status"] === cancellable) teller.excuse(id);
  }

  function onIntentOf(intent: Thing, verb: string, pairs: Pairs): void {
    keep(post(`/v1/payment_intents/${intent.id}${verb}`, pairs, intent.account), "intents", intent.account);
  }

  function keepInvoice(outcome: Outcome, of: string | null): void {
    const json = objectOf(outcome);
    const id = json === null ? null : json["invoice"];
    if (typeof id === "string" && json !== null)
      shelves.invoices.put({ ...thingOf(json, of), id, amount: Number(json["amount_total"] ?? 0) }, dice);
  }

  function priced(pairs: [string, string][], of: string | null, currency: string): void {
    const way = dice.weighted({ amount: 50, price: 20, data: 15, decimal: 10, old: 5 });
    const quantity = String(dice.chance(0.9) ? dice.whole(1, 12) : dice.pick([0, 1_000] as const));
    const own = (prices.get(of) ?? []).filter((each) => each.currency === currency && !each.recurring);
    if (way === "amount") {
      pairs.push(
        ["amount", dice.chance(0.1) ? String(-amountIn(currency)) : written(amountIn(currency))],
        ["currency", currency],
      );
    } else if (way === "price" || way === "old") {
      const price = dice.pick(own)?.id ?? "price_none";
      pairs.push([way === "old" ? "price" : "pricing[price]", price], ["quantity", quantity]);
    } else if (way === "data") {
      pairs.push(
        ["price_data[currency]", currency],
        ["price_data[product]", products.get(of) ?? ""],
        dice.chance(0.5)
          ? ["price_data[unit_amount]", String(dice.whole(1, 9_999))]
          : ["price_data[unit_amount_decimal]", "12.345678"],
        ["quantity", quantity],
      );
    } else {
      pairs.push(
        ["unit_amount_decimal", dice.pick(["0.125", "99.999999999999", "1234.5", "0.5"] as const)],
        ["currency", currency],
        ["quantity", quantity],
      );
    }
  }

  const weights: Record<keyof typeof actions, number> = {
    overlap: 3,
    twice: 0.5,
    createIntent: 22,
    updateIntent: 7,
    confirm: 10,
    capture: 9,
    increment: 4,
    cancelIntent: 1.5,
    applyBalance: 0.7,
    lookAtIntent: 2,
    payOutside: 2,
    bank: 4,
    createCharge: 5,
    captureCharge: 2,
    lookAtCharge: 0.5,
    refund: 8,
    oldRefund: 1.5,
    cancelRefund: 0.7,
    lookAtRefund: 0.7,
    transfer: 3,
    reverseTransfer: 2,
    prepareFee: 0.5,
    refundFee: 1,
    payout: 2.5,
    onPayout: 1.5,
    topup: 1.5,
    onTopup: 0.7,
    createItem: 5,
    onItem: 1.5,
    createInvoice: 3.5,
    onInvoice: 8,
    creditNote: 2,
    voidCreditNote: 0.3,
    customerBalance: 1,
    prepareQuote: 0.8,
    onQuote: 1.5,
    prepareSubscription: 0.15,
    cancelSubscription: 0.15,
    closeDispute: 0.5,
    outboundPayment: 2,
    onOutboundPayment: 0.5,
    again: 1.5,
    otherAmount: 0.2,
    moment: 1,
    wait: 0.03,
  };
  return {
    teller,
    step(): void {
      if (dice.chance(0.01)) teller.loseNext();
      actions[dice.weighted(weights)]();
    },
    settle(): void {
      // Half a year: longer than any invoice waits.
      for (let month = 0; month < 6; month += 1) {
        clock.now += 30 * DAY_MS;
        engine.tick();
      }
      teller.checkOpen();
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : isRecord(value) && typeof value["id"] === "string" ? value["id"] : "";
}
