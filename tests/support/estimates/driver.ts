/** What the generators of the three vendors share: a fake vendor's engine driven by hand, and the shape of a generator. */
import type { VendorRequest } from "@keybrake/core";
import type { Arrived, FakeVendor } from "../../../packages/sandbox/src/shared/vendor.ts";
import type { FakeAnswer, Teller } from "./teller.ts";

/** A Wednesday, noon; milliseconds since the epoch. */
export const NOON: number = Date.UTC(2026, 10, 25, 12);

export interface Generator {
  readonly teller: Teller;
  /** One choice: usually one request, sometimes what customers, banks and the clock do. */
  readonly step: () => void;
  /** The clock goes so far on that everything has ended and has its price. */
  readonly settle: () => void;
}

export function arrivedOf(request: VendorRequest, order: number, headers: Readonly<Record<string, string>>): Arrived {
  return {
    order,
    method: request.method,
    path: request.path,
    query: request.query,
    headers,
    contentType: headers["content-type"],
    authorization: headers["authorization"],
    idempotencyKey: headers["idempotency-key"] ?? null,
    body: Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength),
  };
}

export function answerOf(engine: FakeVendor, arrived: Arrived): FakeAnswer {
  const requestId = engine.newRequestId();
  const admission = engine.admit(arrived, requestId);
  const answer = admission.kind === "answered" ? admission.answer : admission.run({ declineAnyway: false });
  const headers = new Map<string, string>([
    ["content-type", answer.contentType ?? "application/json"],
    [engine.requestIdHeader.toLowerCase(), answer.requestId],
  ]);
  for (let index = 0; index + 1 < answer.headers.length; index += 2)
    headers.set((answer.headers[index] ?? "").toLowerCase(), answer.headers[index + 1] ?? "");
  return { status: answer.status, headers, body: answer.body };
}
