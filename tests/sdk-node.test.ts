/**
 * stripe-node as it is, through Keybrake: a program changes host and key, and neither the vendor nor the program can tell the
 * difference, except where the documents say so. What is refused is raised once, as the SDK's own typed error.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startStripeSandbox, type StripeSandbox } from "@keybrake/sandbox";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCuttingLine, type CuttingLine } from "./support/cutting-line.ts";
import { issueKey } from "./support/keybrake.ts";
import {
  expectedOf,
  FINAL_CODES,
  PROVOKED,
  RENDERED_CALL_ID,
  startRefuser,
  type Act,
  type Refuser,
  type Said,
} from "./support/refusals.ts";
import {
  ACCOUNT,
  checkAskedAgain,
  checkBooks,
  checkLostOnTheNearSide,
  checkNeverTwice,
  checkRaisedOnce,
  checkRetriedSafely,
  checkSame,
  MISFORTUNES,
  SAME_VENDOR,
  type Caller,
  type Session,
  type Step,
} from "./support/sdk-checks.ts";
import { startWorld, type World } from "./support/vendor.ts";
import { withoutChance } from "./support/wire.ts";

let world: World;
let direct: StripeSandbox;
let refuser: Refuser;
let line: CuttingLine;
let configuration: string;

beforeAll(async () => {
  // The SDK keeps a telemetry id there; it shall not write into the home of whoever runs the tests.
  configuration = await mkdtemp(join(tmpdir(), "keybrake-sdk-node-"));
  process.env["XDG_CONFIG_HOME"] = configuration;
  [world, direct, refuser] = await Promise.all([
    startWorld(SAME_VENDOR),
    startStripeSandbox(SAME_VENDOR),
    startRefuser(),
  ]);
  line = await startCuttingLine(world.keybrake.port);
});
afterAll(async () => {
  await line[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
  await direct.close();
  await refuser[Symbol.asyncDispose]();
  await rm(configuration, { recursive: true, force: true });
});

/** As the README says it. */
function client(key: string, port: number, config: Stripe.StripeConfig = {}): Stripe {
  return new Stripe(key, { host: "127.0.0.1", port, protocol: "http", ...config });
}

function saidBy(problem: unknown): Said {
  if (!(problem instanceof Stripe.errors.StripeError)) throw problem;
  return {
    error: problem.type.replace(/^Stripe/, ""),
    status: problem.statusCode ?? null,
    code: problem.code ?? null,
    message: problem.message,
    requestId: problem.requestId ?? null,
  };
}

// ------------------------------------------------------------------------------------------------------------ the session

const PAYS = { currency: "usd", payment_method: "pm_card_visa", payment_method_types: ["card"] } as const;

/** What an agent does in a day, step by step. Every answer is kept whole, with its status and headers. */
async function workADay(stripe: Stripe): Promise<Step[]> {
  const steps: Step[] = [];
  const keep = (step: string, answer: unknown): void => {
    steps.push([step, JSON.parse(withoutChance(JSON.stringify(answer))) as unknown]);
  };
  const ask = async <T>(step: string, asked: Promise<Stripe.Response<T>>): Promise<T> => {
    const answer = await asked;
    const { statusCode, headers } = answer.lastResponse;
    keep(step, { statusCode, headers: ofTheVendor(headers), answer });
    return answer;
  };
  const fail = async (step: string, asked: Promise<unknown>): Promise<void> => {
    try {
      keep(step, await asked);
    } catch (problem) {
      if (!(problem instanceof Stripe.errors.StripeError)) throw problem;
      const { decline_code: declineCode, param, payment_intent: intent, rawType } = problem;
      keep(step, { ...saidBy(problem), declineCode, param, intent, rawType });
    }
  };

  for (const name of ["Ada", "Bo & Co", "Zoë", "D=1", "名前", "F", "G"])
    await ask(`customer ${name}`, stripe.customers.create({ name, email: "same@example.com", metadata: { name } }));
  const customers: Stripe.Customer[] = [];
  for await (const customer of stripe.customers.list({ limit: 3, email: "same@example.com" })) customers.push(customer);
  keep("all customers, page by page", customers);
  expect(customers).toHaveLength(7);
  const [last, other] = customers;
  if (last === undefined || other === undefined) throw new Error("there are customers");
  keep(
    "search, page by page",
    await stripe.customers
      .search({ query: "email:'same@example.com' AND -name:'F'", limit: 2 })
      .autoPagingToArray({ limit: 100 }),
  );
  await ask("update", stripe.customers.update(last.id, { description: "a + b", metadata: { name: "", more: "100%" } }));
  await ask("delete", stripe.customers.del(other.id));
  await ask("retrieve what was deleted", stripe.customers.retrieve(other.id));

  const method = await ask(
    "a payment method",
    stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" } }),
  );
  await ask("attach", stripe.paymentMethods.attach(method.id, { customer: last.id }));
  await ask("methods of a customer", stripe.customers.listPaymentMethods(last.id, { type: "card" }));

  const product = await ask("product", stripe.products.create({ name: "Hours", metadata: { unit: "h" } }));
  const price = await ask("price", stripe.prices.create({ product: product.id, currency: "usd", unit_amount: 1250 }));
  await ask("expand", stripe.prices.retrieve(price.id, { expand: ["product"] }));
  await ask("prices", stripe.prices.list({ product: product.id, active: true }));

  const paid = await ask(
    "charge at once",
    stripe.paymentIntents.create({
      ...PAYS,
      amount: 2500,
      customer: last.id,
      payment_method: method.id,
      confirm: true,
      description: "Invoice №1",
    }),
  );
  await ask(
    "expand twice",
    stripe.paymentIntents.retrieve(paid.id, { expand: ["latest_charge.balance_transaction", "customer"] }),
  );
  const charge = typeof paid.latest_charge === "string" ? paid.latest_charge : "";
  await ask("refund a part", stripe.refunds.create({ payment_intent: paid.id, amount: 700 }));
  await ask("refund the rest", stripe.refunds.create({ charge, reason: "requested_by_customer" }));
  await ask("refunds", stripe.refunds.list({ payment_intent: paid.id, limit: 1 }));

  const later = await ask("intent", stripe.paymentIntents.create({ amount: 1900, currency: "usd" }));
  await ask("raise", stripe.paymentIntents.update(later.id, { amount: 2000, metadata: { raised: "yes" } }));
  await ask("confirm", stripe.paymentIntents.confirm(later.id, { payment_method: "pm_card_mastercard" }));

  const manual = await ask(
    "authorise",
    stripe.paymentIntents.create({
      ...PAYS,
      amount: 3000,
      confirm: true,
      capture_method: "manual",
      payment_method_options: { card: { request_incremental_authorization: "if_available" } },
    }),
  );
  await ask("increment", stripe.paymentIntents.incrementAuthorization(manual.id, { amount: 4500 }));
  await ask("capture a part", stripe.paymentIntents.capture(manual.id, { amount_to_capture: 4000 }));

  const dropped = await ask(
    "authorise again",
    stripe.paymentIntents.create({ ...PAYS, amount: 800, confirm: true, capture_method: "manual" }),
  );
  await ask("cancel", stripe.paymentIntents.cancel(dropped.id, { cancellation_reason: "abandoned" }));

  const once = { idempotencyKey: "invoice 42/once" };
  const first = await ask("once", stripe.paymentIntents.create({ ...PAYS, amount: 1000, confirm: true }, once));
  const again = await ask("and again", stripe.paymentIntents.create({ ...PAYS, amount: 1000, confirm: true }, once));
  expect(again.id).toBe(first.id);
  await fail("the key of another call", stripe.paymentIntents.create({ ...PAYS, amount: 1001, confirm: true }, once));

  const account = { stripeAccount: ACCOUNT };
  const theirs = await ask("of an account", stripe.paymentIntents.create({ ...PAYS, amount: 1200 }, account));
  await ask("confirm theirs", stripe.paymentIntents.confirm(theirs.id, {}, account));

  await fail("404", stripe.customers.retrieve("cus_none"));
  await fail(
    "402",
    stripe.paymentIntents.create({ ...PAYS, amount: 600, confirm: true, payment_method: "pm_card_chargeDeclined" }),
  );
  await fail("400", stripe.paymentIntents.create({ ...PAYS, amount: 3 }));
  await fail("a state that does not allow it", stripe.paymentIntents.capture(paid.id));

  await ask("balance", stripe.balance.retrieve());
  const events = await stripe.events
    .list({ limit: 5, types: ["payment_intent.*", "refund.created"] })
    .autoPagingToArray({
      limit: 25,
    });
  keep("events, page by page", events);
  await ask("one event", stripe.events.retrieve(events[0]?.id ?? ""));
  keep("raw", await stripe.rawRequest("GET", "/v1/payment_intents?limit=1&expand[]=data.latest_charge"));
  await fail("delete a product in use", stripe.products.del(product.id));
  return steps;
}

/** Without those of the connection, and those that Keybrake adds: the same headers, in any order. */
function ofTheVendor(headers: Readonly<Record<string, string>>): Record<string, string> {
  const ofTheHop = new Set(["connection", "date", "keep-alive", "keybrake-call-id"]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheHop.has(name)));
}

describe("the same session, with and without Keybrake", () => {
  let keyId: string;
  let plain: Session;
  let through: Session;

  beforeAll(async () => {
    const key = await issueKey(world.keybrake, { total_usd_cap: 100_000, accounts: [ACCOUNT] });
    keyId = key.key_id;
    plain = { steps: await workADay(client(direct.secretKey, direct.port)), received: direct.journal() };
    const steps = await workADay(client(key.vault_key, world.keybrake.port));
    through = { steps, received: world.sandbox.journal() };
  });

  test("the vendor receives the same bytes and the program the same answers, but for the documented differences", () => {
    checkSame(plain, through);
  });

  test("the session was worth comparing: pages, expansions, replays and errors were in it", () => {
    const lines = plain.received.map((request) => `${request.method} ${request.path}`);
    expect(lines.filter((each) => each.includes("starting_after")).length).toBeGreaterThanOrEqual(4);
    expect(lines.filter((each) => each.includes("page=")).length).toBeGreaterThanOrEqual(2);
    const answers = new Map(plain.steps);
    expect(answers.get("402")).toMatchObject({ error: "CardError", status: 402, code: "card_declined" });
    expect(answers.get("404")).toMatchObject({ error: "InvalidRequestError", status: 404, code: "resource_missing" });
    expect(answers.get("400")).toMatchObject({ status: 400, code: "amount_too_small" });
    expect(answers.get("the key of another call")).toMatchObject({ error: "IdempotencyError", status: 400 });
    expect(answers.get("and again")).toMatchObject({ headers: { "idempotent-replayed": "true" } });
    expect(answers.get("increment")).toMatchObject({ answer: { amount: 4500, amount_capturable: 4500 } });
    expect(answers.get("expand twice")).toMatchObject({
      answer: { latest_charge: { balance_transaction: { object: "balance_transaction" } } },
    });
  });

  test("the books have one row a call, and exactly what was moved", () => checkBooks(world, keyId, through));
});

// --------------------------------------------------------------------------------------------------------------- refusals

/** The settings under which everything is tried, and how often the SDK asks again then. */
const SETTINGS = [
  ["with the SDK's own retries", {}, 2],
  ["with maxNetworkRetries 3", { maxNetworkRetries: 3 }, 3],
] as const;

const ACTS: Readonly<Record<Act, (stripe: Stripe, idempotencyKey: string | undefined) => Promise<unknown>>> = {
  "charge $10": (stripe, idempotencyKey) =>
    stripe.paymentIntents.create(
      { ...PAYS, amount: 1000, confirm: true },
      idempotencyKey === undefined ? {} : { idempotencyKey },
    ),
  "charge in a currency without a rate": (stripe) =>
    stripe.paymentIntents.create({ ...PAYS, amount: 1000, currency: "kwd", confirm: true }),
  "charge and send a part on": (stripe) =>
    stripe.paymentIntents.create({ ...PAYS, amount: 1000, transfer_data: { destination: "acct_1" } }),
  "confirm a PaymentIntent that is not there": (stripe) => stripe.paymentIntents.confirm("pi_none"),
  "create a customer with a megabyte of metadata": (stripe) =>
    stripe.customers.create({ metadata: { note: "x".repeat(1_100_000) } }),
  "create a subscription": (stripe) =>
    stripe.subscriptions.create({ customer: "cus_1", items: [{ price: "price_1" }] }),
  "create a webhook endpoint": (stripe) =>
    stripe.webhookEndpoints.create({ url: "https://example.com/hook", enabled_events: ["charge.failed"] }),
  "read the balance": (stripe) => stripe.balance.retrieve(),
  "retrieve a customer whose id has a slash": (stripe) => stripe.customers.retrieve("cus_1/sources"),
};

function callerWith(config: Stripe.StripeConfig): Caller {
  return async (there, token, act, options = {}) => {
    try {
      await ACTS[act](client(token, options.port ?? there.keybrake.port, config), options.idempotencyKey);
      return null;
    } catch (problem) {
      return saidBy(problem);
    }
  };
}

describe.each(SETTINGS)("%s", (_what, config, retries) => {
  const caller = callerWith(config);

  test.each(PROVOKED.map((each) => [each.what, each.code, each] as const))(
    "%s is raised once, as %s",
    (_case, _code, provoked) => checkRaisedOnce(world, provoked, caller),
  );

  test.each(FINAL_CODES)("%s, as the vendor's form renders it, is asked once", async (code) => {
    const asked = refuser.says(code);
    let said: Said | null = null;
    try {
      await ACTS["charge $10"](client("kbtest", refuser.port, config), undefined);
    } catch (problem) {
      said = saidBy(problem);
    }
    expect(said).toMatchObject({ ...expectedOf(code), requestId: RENDERED_CALL_ID });
    expect(asked.count()).toBe(1);
  });

  test.each(MISFORTUNES.map((each) => [each.what, each] as const))(
    "%s: one call never charges twice",
    (_case, misfortune) => checkNeverTwice(world, misfortune, caller),
  );

  test("an answer that got lost is learned under the same idempotency key, without paying again", () =>
    checkAskedAgain(world, caller, `asked again, ${retries}`));

  test("an answer lost between Keybrake and the SDK is replayed to its retry, at no cost", () =>
    checkLostOnTheNearSide(world, line, caller));
});

test("the SDK asks once more after a closed connection even when told never to, and that costs nothing either", () =>
  checkLostOnTheNearSide(world, line, callerWith({ maxNetworkRetries: 0 })));

describe("a vendor that is not there", () => {
  test.concurrent.each(SETTINGS)(
    "%s: each attempt is refused as safe, and the first one after it is back pays once",
    async (_what, config, retries) => {
      await using lonely = await startWorld();
      await checkRetriedSafely(lonely, callerWith(config), retries);
    },
  );
});
