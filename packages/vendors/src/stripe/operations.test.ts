import { describe, expect, it } from "vitest";
import { coverageOf, coverageProblem } from "../../../../tools/published/published.ts";
import { publishedStripe } from "../../../../tools/published/stripe.ts";
import { operations } from "./operations.ts";

const all = operations.operations;
const published = publishedStripe();

/** The first word of a name's last part: `report_payment` reports, `create_from_calculation` creates. */
const VERBS: ReadonlySet<string> = new Set(
  `accept acknowledge activate add advance apply approve archive attach cancel capture close collect complete confirm create credit
   deactivate deauthorize decline delete deliver detach disable disconnect enable expire fail finalize find fund increment list mark
   migrate pause pay ping post present preview process redact refresh refund reject release remove report resume retrieve return
   reverse search send set ship submit subscribe succeed timeout unarchive uninstall unreject unsubscribe update validate verify
   void reactivate respond`.split(/\s+/),
);

const METHODS_OF_VERB: Readonly<Record<string, readonly string[]>> = {
  list: ["GET"],
  retrieve: ["GET"],
  search: ["GET"],
  find: ["GET"],
  preview: ["GET"],
  // apps.secrets.delete is a POST.
  delete: ["DELETE", "POST"],
  // Subscriptions are cancelled with DELETE.
  cancel: ["DELETE", "POST"],
};

const segmentsOf = (path: string): string[] =>
  path
    .slice(1)
    .split("/")
    .map((segment) => (segment.startsWith("{") ? "x_1" : segment));

describe("Stripe's published operations", () => {
  it("are read from the package and from the document, and not from nowhere", () => {
    const from = (source: string): number => published.filter((one) => one.source.split("+").includes(source)).length;
    expect(from("spec")).toBe(594);
    expect(from("npm")).toBeGreaterThanOrEqual(650);
    expect(published.filter(({ source }) => source === "spec").length).toBeGreaterThan(0);
    expect(published.filter(({ path }) => path.startsWith("/v2/")).length).toBeGreaterThan(80);
    for (const { method, path } of published) {
      expect(["GET", "POST", "DELETE"]).toContain(method);
      expect(path).toMatch(/^\/(?:v1|v2|oauth)(?:\/(?:[a-z0-9_]+|\{\}))+$/);
    }
  });

  it("all have a class, and the table has no others", () => {
    expect(coverageProblem("stripe", coverageOf(operations, published))).toBeNull();
  });

  it("are named in a sentence when the table lacks them, or when it has them elsewhere", () => {
    const planted = { method: "POST", path: "/v1/moons/{}/buy", source: "npm" };
    expect(coverageProblem("stripe", coverageOf(operations, [...published, planted]))).toBe(
      "1 published operations of stripe have no class: POST /v1/moons/{}/buy.",
    );
    const without = published.filter(({ path }) => path !== "/v1/topups/{}/cancel");
    expect(coverageProblem("stripe", coverageOf(operations, without))).toBe(
      "1 operations of the table of stripe are not published: POST /v1/topups/{}/cancel.",
    );
    const moved = published.map((one) => (one.path === "/v1/files" ? { ...one, host: "elsewhere" } : one));
    expect(coverageOf(operations, moved).missing).toEqual([
      "GET /v1/files host:elsewhere",
      "POST /v1/files host:elsewhere",
    ]);
  });
});

describe("Stripe's operations", () => {
  it.each(all.map((operation) => [operation.name, operation] as const))(
    "%s is named after what its route does",
    (name, operation) => {
      const parts = name.split(".");
      const last = parts.at(-1) ?? "";
      expect(VERBS.has(last.split("_")[0] ?? ""), last).toBe(true);
      expect(METHODS_OF_VERB[last] ?? ["POST"]).toContain(operation.method);
      const literals = operation.path
        .replace(/^\/v1\//, "/")
        .slice(1)
        .split("/")
        .filter((segment) => !segment.startsWith("{"));
      expect(parts.slice(0, -1)).toEqual(literals.at(-1) === last ? literals.slice(0, -1) : literals);
      expect(operations.byName(name)).toBe(operation);
    },
  );

  it.each(all.map((operation) => [operation.name, operation] as const))(
    "%s is matched by its own path and by no other",
    (name, { method, path }) => {
      const segments = segmentsOf(path);
      expect(operations.match(method, segments)?.operation.name).toBe(name);
      expect(operations.match(method, [...segments, "more"])?.operation.name).not.toBe(name);
      expect(operations.match("PUT", segments)).toBeNull();
    },
  );

  it("keep the names and classes that vault keys of the first version name", () => {
    const first = `
      balance.retrieve read, charges.list read, charges.search read, charges.create money, charges.retrieve read,
      charges.update free, charges.capture money, customers.list read, customers.search read, customers.create free,
      customers.retrieve read, customers.update free, customers.delete free, customers.payment_methods.list read,
      customers.payment_methods.retrieve read, events.list read, events.retrieve read, payment_intents.list read,
      payment_intents.search read, payment_intents.create money, payment_intents.retrieve read, payment_intents.update money,
      payment_intents.cancel free, payment_intents.capture money, payment_intents.confirm money,
      payment_intents.increment_authorization money, payment_methods.list read, payment_methods.create free,
      payment_methods.retrieve read, payment_methods.update free, payment_methods.attach free, payment_methods.detach free,
      prices.list read, prices.search read, prices.create free, prices.retrieve read, prices.update free, products.list read,
      products.search read, products.create free, products.retrieve read, products.update free, products.delete free,
      refunds.list read, refunds.create money, refunds.retrieve read, refunds.update free, refunds.cancel free`;
    const lines = first.split(",").map((line) => line.trim());
    expect(lines).toHaveLength(48);
    expect(lines.map((line) => line.split(" ")[0] ?? "").map((name) => classOf(name))).toEqual(lines);
  });

  it("take a search for a search and not for an object called so", () => {
    expect(operations.match("GET", ["v1", "payment_intents", "search"])?.operation.name).toBe("payment_intents.search");
    expect(operations.match("GET", ["v1", "credit_notes", "preview"])?.operation.name).toBe("credit_notes.preview");
    expect(operations.match("POST", ["v1", "invoices", "create_preview"])?.operation.name).toBe(
      "invoices.create_preview",
    );
  });

  it("do not include what nobody publishes", () => {
    for (const line of [
      "GET /v1/balance/history/a/b",
      "POST /v1/balance",
      "DELETE /v1/payment_intents/pi_1",
      "POST /v3/charges",
      "GET /oauth/token",
      "GET /oauth/authorize",
      "POST /v2/money_management/outbound_transfers",
    ]) {
      const [method = "", path = ""] = line.split(" ");
      expect(operations.match(method, path.slice(1).split("/")), line).toBeNull();
    }
  });
});

function classOf(name: string): string {
  const operation = operations.byName(name);
  return operation === null ? `${name} is not in the table` : `${name} ${operation.class}`;
}

/** `unbounded usage`, `secret-bearing`, `money collected+paid_out` */
function judged(name: string): string {
  const operation = operations.byName(name);
  if (operation === null) return `${name} is not in the table`;
  return [operation.class, operation.directions.join("+")].filter((word) => word !== "").join(" ");
}

/** What operations do, how they are judged for it, and their names. */
const JUDGED: readonly (readonly [what: string, judged: string, names: string])[] = [
  [
    "takes from customers",
    "money collected",
    "charges.create payment_intents.create payment_intents.update payment_intents.increment_authorization invoices.pay",
  ],
  [
    "takes from customers what was agreed before",
    "money collected",
    `charges.capture payment_intents.confirm payment_intents.capture payment_intents.apply_customer_balance
     payment_intents.verify_microdeposits quotes.accept`,
  ],
  [
    "lets customers pay later",
    "money collected",
    `invoices.create invoices.update invoices.send invoices.finalize quotes.finalize subscriptions.cancel
     terminal.readers.process_payment_intent terminal.readers.confirm_payment_intent terminal.readers.collect_payment_method`,
  ],
  [
    "takes away what made an invoice smaller",
    "money collected",
    "credit_notes.void invoiceitems.delete invoices.remove_lines",
  ],
  [
    "brings money into the balance",
    "money collected",
    `topups.create payouts.reverse transfers.reversals.create treasury.inbound_transfers.create
     treasury.debit_reversals.create v2.money_management.inbound_transfers.create`,
  ],
  [
    "gives back",
    "money paid_out",
    `refunds.create credit_notes.create application_fees.refunds.create terminal.readers.refund_payment disputes.close
     treasury.credit_reversals.create`,
  ],
  [
    "sends money away",
    "money paid_out",
    `payouts.create transfers.create treasury.outbound_payments.create treasury.outbound_transfers.create climate.orders.create
     issuing.authorizations.approve v2.money_management.outbound_payments.create v2.money_management.payout_intents.create
     v2.money_management.payout_intents.update v2.money_management.payout_intents.confirm
     v2.money_management.payout_intents.refresh_fx_quote`,
  ],
  ["gives credit away", "money paid_out", "billing.credit_grants.create billing.credit_grants.update"],
  [
    "makes a debt or gives credit",
    "money collected+paid_out",
    `customers.balance_transactions.create invoiceitems.create invoiceitems.update invoices.add_lines invoices.update_lines
     invoices.lines.update`,
  ],
  [
    "collects without end",
    "unbounded collected",
    `subscriptions.create subscriptions.update subscriptions.resume subscription_items.create subscription_schedules.create
     payment_links.create checkout.sessions.create billing.meter_events.create v2.billing.meter_events.create
     v2.billing.meter_event_stream.create`,
  ],
  [
    "is billed by use",
    "unbounded usage",
    `identity.verification_sessions.create tax.calculations.create radar.payment_evaluations.create
     financial_connections.accounts.refresh three_d_secure.authentications.create disputes.update`,
  ],
  [
    "makes a card spendable",
    "unbounded paid_out",
    "issuing.cards.update issuing.cardholders.update issuing.tokens.update",
  ],
  [
    "gives money back to where it was",
    "free",
    "payouts.cancel topups.cancel payment_intents.cancel treasury.outbound_payments.cancel climate.orders.cancel",
  ],
  [
    "hands out a credential",
    "secret-bearing",
    `ephemeral_keys.create account_links.create account_sessions.create accounts.login_links.create customer_sessions.create
     billing_portal.sessions.create terminal.connection_tokens.create apps.secrets.find apps.secrets.create apps.installs.create
     webhook_endpoints.create tokens.create oauth.token.create v2.core.account_links.create v2.core.account_tokens.create
     v2.core.event_destinations.create v2.billing.meter_event_session.create`,
  ],
  ["escapes the proxy", "secret-bearing", "forwarding.requests.create v2.commerce.product_catalog.imports.create"],
  [
    "redirects money",
    "secret-bearing",
    `accounts.update accounts.external_accounts.create accounts.external_accounts.update accounts.external_accounts.delete
     accounts.bank_accounts.create external_accounts.update balance_settings.update v2.core.accounts.update
     treasury.financial_accounts.update v2.core.vault.us_bank_accounts.create v2.core.vault.gb_bank_accounts.create
     v2.money_management.outbound_setup_intents.create`,
  ],
];

/** Two ways to the same thing, of which the SDKs know one. */
const ALIASES: readonly (readonly [alias: string, original: string])[] = [
  ["charges.refund", "refunds.create"],
  ["charges.refunds.create", "refunds.create"],
  ["charges.refunds.update", "refunds.update"],
  ["charges.dispute.update", "disputes.update"],
  ["charges.dispute.close", "disputes.close"],
  ["application_fees.refund", "application_fees.refunds.create"],
  ["customers.subscriptions.create", "subscriptions.create"],
  ["customers.subscriptions.update", "subscriptions.update"],
  ["customers.subscriptions.cancel", "subscriptions.cancel"],
  ["customers.subscriptions.discount.delete", "subscriptions.discount.delete"],
  ["customers.cards.create", "customers.sources.create"],
  ["customers.bank_accounts.create", "customers.sources.create"],
  ["accounts.bank_accounts.create", "accounts.external_accounts.create"],
  ["accounts.bank_accounts.update", "accounts.external_accounts.update"],
  ["accounts.bank_accounts.delete", "accounts.external_accounts.delete"],
  ["link_account_sessions.create", "financial_connections.sessions.create"],
  ["linked_accounts.refresh", "financial_connections.accounts.refresh"],
  ["v2.billing.meter_event_adjustments.create", "billing.meter_event_adjustments.create"],
];

describe("the classes of Stripe's operations", () => {
  it("only read with GET, and let no GET do more than read but the one that hands out secrets", () => {
    for (const operation of all) if (operation.class === "read") expect(operation.method, operation.name).toBe("GET");
    expect(all.filter(({ method, class: is }) => method === "GET" && is !== "read").map(({ name }) => name)).toEqual([
      "apps.secrets.find",
    ]);
  });

  it("name a direction exactly where money can move, and call what Stripe bills `usage`", () => {
    for (const { name, class: is, directions } of all) {
      expect(directions.length > 0, name).toBe(is === "money" || is === "unbounded");
      expect(new Set(directions).size, name).toBe(directions.length);
      // No API of Stripe's publishes what a use costs, so nothing bounds it.
      if (directions.includes("usage")) expect(is, name).toBe("unbounded");
    }
  });

  it("say why, wherever they refuse by default", () => {
    for (const { name, class: is, reason } of all)
      if (is === "unbounded" || is === "secret-bearing") expect(reason ?? "", name).toMatch(/\w/);
  });

  it.each(JUDGED)("what %s is %s", (_what, expected, names) => {
    for (const name of names.trim().split(/\s+/)) expect(judged(name), name).toBe(expected);
  });

  it("that can move a bounded amount are all named above, so that none gets in or out unseen", () => {
    const named = JUDGED.filter(([, expected]) => expected.startsWith("money")).flatMap(([, , names]) =>
      names.trim().split(/\s+/),
    );
    const money = all.filter(({ class: is }) => is === "money").map(({ name }) => name);
    expect([...named, ...ALIASES.map(([alias]) => alias).filter((alias) => money.includes(alias))].sort()).toEqual(
      money.sort(),
    );
  });

  it.each(ALIASES)("the alias %s is judged like %s", (alias, original) => {
    expect(judged(original)).not.toContain("not in the table");
    expect(judged(alias)).toBe(judged(original));
  });

  it("free what only reports, and what exists in test mode only", () => {
    const only = all.filter(
      ({ name, method }) => method !== "GET" && /(?:^|\.)(?:test_helpers|payment_records)\./.test(name),
    );
    expect(only.length).toBeGreaterThan(40);
    for (const operation of only) expect(operation.class, operation.name).toBe("free");
  });

  it("blank out the secrets of what may pass", () => {
    const redacted = (name: string): readonly string[] => operations.byName(name)?.redacts ?? [];
    for (const verb of ["list", "retrieve", "create", "update"]) {
      expect(redacted(`issuing.cards.${verb}`)).toEqual(["number", "cvc"]);
      expect(redacted(`terminal.configurations.${verb}`)).toEqual(["password"]);
    }
    for (const verb of ["list", "retrieve", "update"]) {
      expect(redacted(`webhook_endpoints.${verb}`)).toEqual(["secret"]);
      expect(redacted(`v2.core.event_destinations.${verb}`)).toEqual(["signing_secret"]);
    }
    expect(redacted("apps.secrets.list")).toEqual(["payload"]);
    expect(redacted("apps.installs.retrieve")).toEqual(["auth_code"]);
    // What a payment's client secret can pay is held when the payment is created; its SDKs need it.
    for (const { name, redacts = [] } of all) expect(redacts, name).not.toContain("client_secret");
  });
});

describe("the hosts of Stripe's operations", () => {
  it("are others than the main one for files, Connect and the stream of meter events", () => {
    const elsewhere = all.filter(({ host }) => host !== undefined).map(({ name, host }) => `${name} ${host ?? ""}`);
    expect(new Set(elsewhere)).toEqual(
      new Set([
        "files.create files",
        "quotes.pdf.retrieve files",
        "oauth.token.create connect",
        "oauth.deauthorize connect",
        "v2.billing.meter_event_stream.create meter-events",
      ]),
    );
  });

  it("get the body of an upload as it comes, and no other", () => {
    expect(all.filter(({ streamsBody }) => streamsBody === true).map(({ name }) => name)).toEqual(["files.create"]);
  });
});
