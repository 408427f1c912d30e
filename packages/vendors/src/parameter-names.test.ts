import type { Operation, OperationTable } from "@keybrake/core";
import { invariant } from "@keybrake/core";
import { describe, expect, it } from "vitest";
import { parameterNamesOf } from "./parameter-names.ts";
import { operations as resend } from "./resend/operations.ts";
import { parameterNames as ofResend } from "./resend/parameter-names.ts";
import { PARAMETER_TABLE as RESEND_TABLE } from "./resend/parameter-table.ts";
import { operations as stripe } from "./stripe/operations.ts";
import { parameterNames as ofStripe } from "./stripe/parameter-names.ts";
import { PARAMETER_TABLE as STRIPE_TABLE } from "./stripe/parameter-table.ts";
import { operations as twilio } from "./twilio/operations.ts";
import { parameterNames as ofTwilio } from "./twilio/parameter-names.ts";
import { PARAMETER_TABLE as TWILIO_TABLE } from "./twilio/parameter-table.ts";

interface Vendor {
  readonly table: string;
  readonly operations: OperationTable;
  readonly names: (operation: Operation) => readonly string[] | null;
  /** Operations of which nothing is published; a smaller number is good news. */
  readonly unknown: number;
}

const VENDORS: Readonly<Record<string, Vendor>> = {
  stripe: { table: STRIPE_TABLE, operations: stripe, names: ofStripe, unknown: 1 },
  twilio: { table: TWILIO_TABLE, operations: twilio, names: ofTwilio, unknown: 9 },
  resend: { table: RESEND_TABLE, operations: resend, names: ofResend, unknown: 39 },
};

const vendorOf = (name: string): Vendor => {
  const vendor = VENDORS[name];
  invariant(vendor !== undefined, `no vendor ${name}`);
  return vendor;
};

describe.each(Object.entries(VENDORS))("the names of %s's parameters", (_, { table, operations, names, unknown }) => {
  const lines = table.split("\n").filter((line) => line !== "");

  it("stand at operations that there are, once each", () => {
    const known = lines.map((line) => line.split(" ")[0] ?? "");
    expect(known.filter((name) => operations.byName(name) === null)).toEqual([]);
    expect(new Set(known).size).toBe(known.length);
    expect(operations.operations.length - known.length).toBeLessThanOrEqual(unknown);
  });

  it("are roots without brackets, sorted, none twice", () => {
    for (const line of lines) {
      const [, ...found] = line.split(" ");
      expect(found, line).toEqual([...new Set(found)].sort());
      for (const name of found) expect(name, line).toMatch(/^[A-Za-z][A-Za-z0-9_.-]*[<>]?$/);
    }
  });

  it("are known of everything that moves money, path and all", () => {
    for (const operation of operations.operations.filter((each) => each.class === "money")) {
      const found = names(operation);
      expect(found, operation.name).not.toBeNull();
      for (const [, inPath = ""] of operation.path.matchAll(/\{(\w+)\}/g)) expect(found).toContain(inPath);
    }
  });
});

it.each<[string, string, readonly string[]]>([
  ["stripe", "payment_intents.create", ["amount", "currency", "customer", "expand"]],
  ["stripe", "payment_intents.confirm", ["intent", "payment_method"]],
  ["stripe", "charges.refund", ["charge", "amount"]],
  ["stripe", "transfers.create", ["destination", "amount"]],
  ["stripe", "customers.list", ["limit", "starting_after"]],
  ["stripe", "subscriptions.pause", ["subscription", "bill_for"]],
  ["stripe", "v2.money_management.outbound_payments.create", ["amount", "from", "to"]],
  ["stripe", "v2.core.events.list", ["limit", "page"]],
  ["stripe", "oauth.deauthorize", ["client_id", "stripe_user_id"]],
  ["twilio", "messages.create", ["To", "From", "Body", "MediaUrl"]],
  ["twilio", "messages.list", ["To", "DateSent>", "PageSize"]],
  ["twilio", "calls.create", ["To", "TimeLimit", "Twiml"]],
  ["twilio", "verify.verifications.create", ["To", "Channel"]],
  ["resend", "emails.send", ["from", "to", "subject", "cc", "bcc"]],
  ["resend", "emails.batch.send", ["from", "to", "subject"]],
  ["resend", "broadcasts.create", ["segment_id", "send"]],
  ["resend", "emails.list", ["limit"]],
])("%s: %s has %s", (vendor, name, expected) => {
  const { operations, names } = vendorOf(vendor);
  const operation = operations.byName(name);
  invariant(operation !== null, `no operation ${name}`);
  const found = names(operation);
  for (const each of expected) expect(found).toContain(each);
  expect(found).not.toContain("surprise");
});

it("an operation without a line is not known, and one without names has none", () => {
  const names = parameterNamesOf("\na.list\nb.list limit\n");
  const named = (name: string): Operation => ({ name, method: "GET", path: "/x/{id}", class: "read", directions: [] });
  expect(names(named("a.list"))).toEqual(["id"]);
  expect(names(named("b.list"))).toEqual(["id", "limit"]);
  expect(names(named("c.list"))).toBeNull();
});
