/**
 * What Resend's answer says of money: nothing was sent, or what was accepted, which is what Resend counts; a batch that may be
 * accepted in part says which of its mails were. No answer carries a price, so what was accepted costs what was held for it. It never
 * throws, and what cannot be read leaves the hold in place. Statuses: https://resend.com/docs/api-reference/errors
 */
import { microUsd } from "@keybrake/core";
import type { Estimate, Meter, MeterReading, MoneyEstimate, Pricing, VendorAnswer, VendorCall } from "@keybrake/core";
import { isRecord, readJson } from "../json.ts";
import { isOwnError } from "./errors.ts";
import { recipientsOf } from "./estimate.ts";
import { mailsOf } from "./parameters.ts";

/**
 * Refused before anything was sent: by what the request says (400, 404, 405, 422, 451), by who asks (401, 403), because of the
 * idempotency key (409: another payload, or another call under the same key that is on its way and has its own hold), or by a limit
 * or quota (429).
 */
const DEFINITE_NO: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 409, 422, 429, 451]);

export function meter(call: VendorCall, answer: VendorAnswer, _pricing: Pricing, estimate: Estimate): MeterReading {
  const isSuccess = answer.status >= 200 && answer.status <= 299;
  // Lists are long, name no single object and move nothing.
  const json = isSuccess && !/\.(?:list|search)$/.test(call.operation.name) ? readJson(answer.body) : undefined;
  return {
    meter: estimate.kind === "money" ? ofMoney(call, answer, json, estimate) : { kind: "nothing" },
    // Resend marks no stored answer. What is the same key and the same request is known before it is sent.
    replayed: false,
    vendorRequestId: null,
    vendorObjectId: isRecord(json) ? idOf(json["id"]) : null,
  };
}

function ofMoney(call: VendorCall, answer: VendorAnswer, json: unknown, estimate: MoneyEstimate): Meter {
  const { status } = answer;
  if (status >= 400 && !isOwnError(answer))
    return unknown(`An answer of ${status} came that is no error of the vendor's.`);
  if (DEFINITE_NO.has(status)) return { kind: "definite_no" };
  if (status < 200 || status > 299) return unknown(`The vendor answered ${status}, which does not say what was done.`);
  if (!isRecord(json)) return unknown(`The vendor answered ${status}, and its answer cannot be read.`);
  if (call.operation.name === "emails.batch.send") return ofBatch(call, json, estimate);
  if (call.operation.class === "money" && idOf(json["id"]) === null)
    return unknown(`The vendor answered ${status}, and names nothing that it has made.`);
  return { kind: "spent", moved: estimate.exposure, amount: null };
}

/** `{data: [{id}], errors: [{index, message}]}`; without `errors`, all of them were accepted. */
function ofBatch(call: VendorCall, json: Readonly<Record<string, unknown>>, estimate: MoneyEstimate): Meter {
  const { data, errors = [] } = json;
  const mails = mailsOf(call) ?? [];
  const refused = indexesOf(errors, mails.length);
  if (!Array.isArray(data) || refused === null || data.length + refused.size !== mails.length)
    return unknown("The vendor's answer does not say which mails of the batch it has accepted.");
  const counts = mails.map((mail) => {
    const count = recipientsOf(mail);
    return typeof count === "number" ? count : 0;
  });
  const sum = (of: readonly number[]): bigint => BigInt(of.reduce((total, each) => total + each, 0));
  const all = sum(counts);
  const accepted = sum(counts.filter((_, index) => !refused.has(index)));
  // What is held is a price times all recipients, so this divides without a rest.
  const moved = all === 0n ? 0n : (estimate.exposure * accepted) / all;
  return { kind: "spent", moved: microUsd(moved), amount: null };
}

/** Places in the batch, each once; null for anything else. */
function indexesOf(errors: unknown, length: number): ReadonlySet<number> | null {
  if (!Array.isArray(errors)) return null;
  const indexes = new Set<number>();
  for (const error of errors as readonly unknown[]) {
    const index = isRecord(error) ? error["index"] : null;
    if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || index >= length) return null;
    indexes.add(index);
  }
  return indexes;
}

function unknown(why: string): Meter {
  return { kind: "unknown", why };
}

function idOf(value: unknown): string | null {
  return typeof value === "string" && /^[\x21-\x7e]{1,255}$/.test(value) ? value : null;
}
