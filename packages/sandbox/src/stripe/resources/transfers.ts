// Money between the platform and connected accounts: transfers and their reversals, application fees and their refunds. A
// destination charge (`transfer_data[destination]`) sends on what it collects. The sandbox never says "insufficient balance".

import { checkCurrency } from "../currency.ts";
import { invalidParameter, missingParameter, noSuchObject, refusedByState } from "../errors.ts";
import { nested, textOf } from "../../shared/json.ts";
import type { ApplicationFee, Charge, PlainObject, Transfer } from "../objects.ts";
import { template } from "../objects.ts";
import { positiveInteger } from "../params.ts";
import type { Origin } from "../shelf.ts";
import type { MovedWhen } from "../truth.ts";
import type { Call, Handler, World } from "../world.ts";
import { equalTo, list, found, metadata, textOr } from "./shared.ts";

// Transfers -----------------------------------------------------------------------------------------------------------

interface Sending {
  readonly amount: number;
  readonly currency: string;
  readonly destination: string;
  readonly charge: string | null;
  readonly when: MovedWhen;
  readonly given: Partial<Transfer>;
}

function send(world: World, origin: Origin, sending: Sending): Transfer {
  const { amount, currency, destination, charge, when, given } = sending;
  const id = world.newId("tr_1");
  const transfer = {
    ...template("transfer"),
    id,
    object: "transfer",
    amount,
    amount_reversed: 0,
    balance_transaction: null,
    created: world.seconds(),
    currency,
    description: null,
    destination,
    destination_payment: null,
    metadata: {},
    reversals: { object: "list", data: [], has_more: false, url: `/v1/transfers/${id}/reversals` },
    reversed: false,
    source_transaction: charge,
    transfer_group: null,
    ...given,
  } as Transfer;
  const facts = { kind: "transfer", direction: "paid_out", when, amount, currency, objectId: id } as const;
  transfer.balance_transaction = world.move(origin, { ...facts, chargeId: charge, paymentIntentId: null }, 0, null);
  world.transfers.add(transfer, origin);
  world.emit(origin, "transfer.created", transfer);
  return transfer;
}

const create: Handler = (call) => {
  const { params, world, origin } = call;
  const source = params.text("source_transaction");
  const charge = source === undefined ? undefined : world.charges.find(source);
  if (source !== undefined && charge === undefined) throw noSuchObject("charge", source, "source_transaction", 400);
  const amount = positiveInteger(params, "amount") ?? charge?.amount;
  if (amount === undefined) throw missingParameter("amount");
  const currency = checkCurrency(params.requiredText("currency"));
  const destination = params.requiredText("destination");
  const given = {
    description: textOr(params, "description", null),
    metadata: metadata(params),
    transfer_group: textOr(params, "transfer_group", null),
  };
  return send(world, origin, { amount, currency, destination, charge: source ?? null, when: "at_once", given });
};

/** What has been sent on of each charge so far. */
const sent = new WeakMap<Charge, number>();

/** What a destination charge collects goes on to the connected account: all of it, or what `transfer_data[amount]` says. */
export function sendOn(world: World, origin: Origin, charge: Charge, collected: number, when: MovedWhen): void {
  const data = nested(charge, "transfer_data");
  const destination = textOf(data.destination);
  if (destination === "") return;
  const asked = Number(textOf(data.amount));
  const before = sent.get(charge) ?? 0;
  const amount = asked > 0 ? Math.min(asked - before, collected) : collected;
  if (amount <= 0) return;
  sent.set(charge, before + amount);
  const { currency, id } = charge;
  const transfer = send(world, origin, { amount, currency, destination, charge: id, when, given: {} });
  charge.transfer = transfer.id;
}

const update: Handler = (call, [id = ""]) => {
  const transfer = requireTransfer(call, id);
  transfer.metadata = metadata(call.params, transfer.metadata);
  transfer.description = textOr(call.params, "description", transfer.description ?? null);
  return transfer;
};

const reverse: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const transfer = requireTransfer(call, id);
  const remaining = transfer.amount - transfer.amount_reversed;
  const asked = positiveInteger(params, "amount");
  if (remaining === 0) {
    throw refusedByState(`Transfer ${id} is already fully reversed.`, "transfer_already_reversed", null);
  }
  if (asked !== undefined && asked > remaining) {
    throw refusedByState(
      `Reversal amount (${asked}) is greater than unreversed amount (${remaining}).`,
      null,
      "amount",
    );
  }
  const description = textOr(params, "description", null);
  return takeBack(world, origin, transfer, asked ?? remaining, { metadata: metadata(params), description });
};

function takeBack(
  world: World,
  origin: Origin,
  transfer: Transfer,
  amount: number,
  given: Partial<PlainObject>,
): PlainObject {
  const { currency } = transfer;
  const id = world.newId("trr_1");
  const reversal: PlainObject = {
    ...template("transfer_reversal"),
    id,
    object: "transfer_reversal",
    amount,
    balance_transaction: null,
    created: world.seconds(),
    currency,
    destination_payment_refund: null,
    metadata: {},
    source_refund: null,
    transfer: transfer.id,
    ...given,
  };
  const facts = { kind: "transfer_reversal", direction: "collected", amount, currency, objectId: id } as const;
  const chargeId = transfer.source_transaction;
  reversal.balance_transaction = world.move(origin, { ...facts, chargeId: null, paymentIntentId: null }, 0, chargeId);
  world.transferReversals.add(reversal, origin);
  transfer.amount_reversed += amount;
  transfer.reversed = transfer.amount_reversed === transfer.amount;
  world.emit(origin, "transfer.reversed", transfer);
  return reversal;
}

/** What a refund with `reverse_transfer` would take back from; refused before anything has moved. */
export function transferOf(world: World, charge: Charge): Transfer {
  const transfer = world.transfers.find(textOf(charge.transfer));
  if (transfer !== undefined) return transfer;
  const message = "Cannot reverse transfer on refund because the charge does not have an associated transfer.";
  throw invalidParameter(message, null, "reverse_transfer");
}

/** Takes back from the connected account, in proportion to what is refunded. */
export function reverseForRefund(
  world: World,
  origin: Origin,
  charge: Charge,
  transfer: Transfer,
  refund: { readonly id: string; readonly amount: number },
): void {
  const share = Math.floor((transfer.amount * refund.amount) / charge.amount_captured);
  const amount = Math.min(share, transfer.amount - transfer.amount_reversed);
  if (amount > 0) takeBack(world, origin, transfer, amount, { source_refund: refund.id });
}

function requireTransfer(call: Call, id: string): Transfer {
  const transfer = call.world.transfers.find(id);
  if (transfer === undefined) throw noSuchObject("transfer", id, "transfer");
  return transfer;
}

// Application fees ----------------------------------------------------------------------------------------------------

/**
 * A charge with `application_fee_amount` leaves a fee with the platform. No money of its own moves: it is a part of what was
 * collected, which the charge has counted already.
 */
export function addFee(world: World, origin: Origin, charge: Charge): void {
  const amount = Number(textOf(charge.application_fee_amount));
  if (!(amount > 0) || textOf(charge.application_fee) !== "") return;
  const account = world.account ?? textOf(nested(charge, "transfer_data").destination);
  const platform = world.platform ?? world;
  const id = platform.newId("fee_1");
  const fee = {
    ...template("application_fee"),
    id,
    object: "application_fee",
    account,
    amount,
    amount_refunded: 0,
    application: "ca_KeybrakeSandbox",
    balance_transaction: null,
    charge: charge.id,
    created: world.seconds(),
    currency: charge.currency,
    fee_source: { charge: charge.id, type: "charge" },
    originating_transaction: null,
    refunded: false,
    refunds: { object: "list", data: [], has_more: false, url: `/v1/application_fees/${id}/refunds` },
  } as ApplicationFee;
  platform.applicationFees.add(fee, origin);
  platform.emit(origin, "application_fee.created", fee);
  charge.application_fee = id;
}

const refundFee: Handler = (call, [id = ""]) => {
  const { params, world, origin } = call;
  const fee = requireFee(call, id);
  const remaining = fee.amount - fee.amount_refunded;
  const asked = positiveInteger(params, "amount");
  if (remaining === 0) throw refusedByState(`Application fee ${id} has already been refunded.`, null, null);
  if (asked !== undefined && asked > remaining) {
    throw refusedByState(
      `Refund amount (${asked}) is greater than the fee that remains (${remaining}).`,
      null,
      "amount",
    );
  }
  return giveFeeBack(world, origin, fee, asked ?? remaining, metadata(params));
};

function giveFeeBack(
  world: World,
  origin: Origin,
  fee: ApplicationFee,
  amount: number,
  labels: { readonly [key: string]: string },
): PlainObject {
  const { currency } = fee;
  const id = world.newId("fr_1");
  const facts = { kind: "application_fee_refund", direction: "paid_out", amount, currency, objectId: id } as const;
  const refund: PlainObject = {
    ...template("fee_refund"),
    id,
    object: "fee_refund",
    amount,
    balance_transaction: world.move(origin, { ...facts, chargeId: fee.charge, paymentIntentId: null }, 0, null),
    created: world.seconds(),
    currency,
    fee: fee.id,
    metadata: labels,
  };
  world.feeRefunds.add(refund, origin);
  fee.amount_refunded += amount;
  fee.refunded = fee.amount_refunded === fee.amount;
  world.emit(origin, "application_fee.refunded", fee);
  return refund;
}

/** What a refund with `refund_application_fee` would give back; refused before anything has moved. */
export function feeOf(world: World, charge: Charge): ApplicationFee {
  const fee = (world.platform ?? world).applicationFees.find(textOf(charge.application_fee));
  if (fee !== undefined) return fee;
  const message = "Cannot refund application fee because the charge does not have one.";
  throw invalidParameter(message, null, "refund_application_fee");
}

/** Gives the fee back too, in proportion to what is refunded. */
export function refundFeeOf(world: World, origin: Origin, charge: Charge, fee: ApplicationFee, refunded: number): void {
  const share = Math.floor((fee.amount * refunded) / charge.amount_captured);
  const amount = Math.min(share, fee.amount - fee.amount_refunded);
  if (amount > 0) giveFeeBack(world.platform ?? world, origin, fee, amount, {});
}

function requireFee(call: Call, id: string): ApplicationFee {
  const fee = call.world.applicationFees.find(id);
  if (fee === undefined) throw noSuchObject("application_fee", id, "id");
  return fee;
}

export const transfers: Readonly<Record<string, Handler>> = {
  "POST transfers": create,
  "GET transfers": (call) =>
    list(call, call.world.transfers, "/v1/transfers", equalTo(call.params, "destination", "transfer_group")),
  "GET transfers/*": (call, [id = ""]) => requireTransfer(call, id),
  "POST transfers/*": update,
  "POST transfers/*/reversals": reverse,
  "GET transfers/*/reversals": (call, [id = ""]) => {
    const transfer = requireTransfer(call, id);
    const url = `/v1/transfers/${id}/reversals`;
    return list(call, call.world.transferReversals, url, (reversal) => reversal.transfer === transfer.id);
  },
  "GET transfers/*/reversals/*": (call, [id = "", reversalId = ""]) =>
    found(call.world.transferReversals, reversalId, "id", (reversal) => reversal.transfer === id),
  "GET application_fees": (call) =>
    list(call, call.world.applicationFees, "/v1/application_fees", equalTo(call.params, "charge")),
  "GET application_fees/*": (call, [id = ""]) => requireFee(call, id),
  // The old alias answers with the fee.
  "POST application_fees/*/refund": (call, [id = ""]) => {
    refundFee(call, [id]);
    return requireFee(call, id);
  },
  "POST application_fees/*/refunds": refundFee,
  "GET application_fees/*/refunds": (call, [id = ""]) => {
    const fee = requireFee(call, id);
    const url = `/v1/application_fees/${id}/refunds`;
    return list(call, call.world.feeRefunds, url, (refund) => refund.fee === fee.id);
  },
  "GET application_fees/*/refunds/*": (call, [id = "", refundId = ""]) =>
    found(call.world.feeRefunds, refundId, "id", (refund) => refund.fee === id),
};
