/**
 * Step 8: what the answer, or its absence, says of money. Undoes the content coding for the vendor's meter and believes nothing by
 * itself: what is not whole or cannot be read is handed on as unreadable, and then the hold stays.
 */
import type { Estimate, MeterReading, VendorAnswer } from "@keybrake/core";
import { decodeBody } from "./decode.ts";
import type { AnswerHead } from "./forward.ts";
import type { Limits } from "./limits.ts";

/** `body` null: it is too long to be read. */
export function vendorAnswer(
  head: AnswerHead,
  body: Uint8Array | null,
  limits: Pick<Limits, "decodedBytesMax">,
): VendorAnswer {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < head.headers.length; at += 2) {
    const name = (head.headers[at] ?? "").toLowerCase();
    const value = head.headers[at + 1] ?? "";
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  const decoded = body === null ? null : decodeBody(body, headers.get("content-encoding"), limits.decodedBytesMax);
  return { status: head.status, headers, body: decoded };
}

/** Bytes left, and no whole answer came back. What can move nothing has moved nothing. */
export function lostReading(estimate: Estimate, why: string): MeterReading {
  return {
    meter: estimate.kind === "money" ? { kind: "unknown", why } : { kind: "nothing" },
    replayed: false,
    vendorRequestId: null,
    vendorObjectId: null,
  };
}
