// Every operation the sandbox serves, found by method and path. What is not here answers 404 in Stripe's words.

import parameters from "./fixtures/parameters-2026-08-26.json" with { type: "json" };
import { invalidParameter } from "./errors.ts";
import type { Params } from "./params.ts";
import { account } from "./resources/account.ts";
import { catalog } from "./resources/catalog.ts";
import { charges } from "./resources/charges.ts";
import { creditNotes } from "./resources/credit-notes.ts";
import { customers } from "./resources/customers.ts";
import { disputes } from "./resources/disputes.ts";
import { invoiceItems } from "./resources/invoice-items.ts";
import { invoices } from "./resources/invoices.ts";
import { paymentIntents } from "./resources/payment-intents.ts";
import { paymentMethods } from "./resources/payment-methods.ts";
import { payouts } from "./resources/payouts.ts";
import { quotes } from "./resources/quotes.ts";
import { refunds } from "./resources/refunds.ts";
import { secrets } from "./resources/secrets.ts";
import { subscriptions } from "./resources/subscriptions.ts";
import { transfers } from "./resources/transfers.ts";
import type { Handler } from "./world.ts";

export interface Route {
  /** "POST payment_intents/{id}/confirm": the method and the path below /v1, each id written as one star. */
  readonly pattern: string;
  readonly handler: Handler;
  readonly accepts: ReadonlySet<string>;
}

interface Node {
  readonly words: Map<string, Node>;
  id?: Node;
  readonly routes: Map<string, Route>;
}

const newNode = (): Node => ({ words: new Map(), routes: new Map() });
const root = newNode();

// Published names only, so this is the published description's shape and nothing else.
const ACCEPTED = parameters as Readonly<Record<string, readonly string[]>>;

/** Names that older API versions take (before 2025-03-31), and that some callers still send. */
const OLDER: Readonly<Record<string, readonly string[]>> = {
  "POST invoiceitems": ["price", "unit_amount"],
  "POST invoiceitems/*": ["price", "unit_amount"],
  "GET invoiceitems": ["pending"],
};

const TABLES = [
  paymentIntents,
  charges,
  refunds,
  customers,
  paymentMethods,
  catalog,
  account,
  transfers,
  payouts,
  invoiceItems,
  invoices,
  creditNotes,
  quotes,
  subscriptions,
  disputes,
  secrets,
];

for (const table of TABLES) {
  for (const [pattern, handler] of Object.entries(table)) {
    const [method = "", path = ""] = pattern.split(" ");
    let node = root;
    for (const word of path.split("/")) node = word === "*" ? (node.id ??= newNode()) : child(node, word);
    node.routes.set(method, { pattern, handler, accepts: acceptedBy(pattern) });
  }
}

function acceptedBy(pattern: string): ReadonlySet<string> {
  return new Set([...(ACCEPTED[pattern] ?? []), ...(OLDER[pattern] ?? []), "expand"]);
}

function child(node: Node, word: string): Node {
  const known = node.words.get(word);
  if (known !== undefined) return known;
  const made = newNode();
  node.words.set(word, made);
  return made;
}

/** `segments` are those below /v1. Words win over ids, so `payment_intents/search` is never an intent called "search". */
export function findRoute(
  method: string,
  segments: readonly string[],
): { readonly route: Route; readonly ids: readonly string[] } | undefined {
  let node = root;
  const ids: string[] = [];
  for (const segment of segments) {
    const word = node.words.get(segment);
    if (word !== undefined) {
      node = word;
      continue;
    }
    if (node.id === undefined || segment === "") return undefined;
    ids.push(segment);
    node = node.id;
  }
  const route = node.routes.get(method);
  return route === undefined ? undefined : { route, ids };
}

/** Stripe refuses names it does not know. */
export function checkNames(route: Route, params: Params): void {
  for (const name of params.names()) {
    if (!route.accepts.has(name))
      throw invalidParameter(`Received unknown parameter: ${name}`, "parameter_unknown", name);
  }
}

/** Whether this request asks a bank for money now: what a forced decline can decline. */
export function isAttempt(pattern: string, params: Params): boolean {
  if (pattern === "POST payment_intents") return params.get("confirm") === "true";
  return (
    pattern === "POST charges" ||
    pattern === "POST payment_intents/*/confirm" ||
    pattern === "POST payment_intents/*/increment_authorization" ||
    pattern === "POST invoices/*/pay" ||
    pattern === "POST subscriptions"
  );
}
