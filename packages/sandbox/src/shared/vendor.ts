// What a fake vendor is to the server in front of it: requests in, answers out, no sockets. `server.ts` does the rest.

import type { IncomingHttpHeaders } from "node:http";

export interface Arrived {
  /** The request's place among all that arrived, from 1. */
  readonly order: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: string;
  /** Lower-case names, as node:http joins them. */
  readonly headers: IncomingHttpHeaders;
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly idempotencyKey: string | null;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  /** Names and values in turn, beside those that every answer has. */
  readonly headers: readonly string[];
  /** JSON, unless `contentType` says otherwise. */
  readonly body: Buffer;
  readonly requestId: string;
  readonly contentType?: string;
}

export interface Admitted {
  readonly kind: "admitted";
  /** Does the work, once. `declineAnyway`: a bank says no, at vendors that ask one. */
  run(how: { readonly declineAnyway: boolean }): Answer;
  /** What the caller hears is something else. `stored`: an idempotency key remembers it in place of the real answer. */
  answerInstead(answer: Answer, stored: boolean): void;
}

/** A request that may now run; or the answer that it has already. */
export type Admission = { readonly kind: "answered"; readonly answer: Answer } | Admitted;

/** The errors that fault rules give in a vendor's place, each in the vendor's own shape. */
export type FaultError =
  | { readonly kind: "rate_limited"; readonly lockTimeout: boolean }
  | { readonly kind: "conflict" }
  | { readonly kind: "internal"; readonly stored: boolean }
  /** Repeats the whole Authorization value in its message. */
  | { readonly kind: "echo"; readonly status: number };

export interface FakeVendor {
  /** Lower-case id of the vendor, for the control plane. */
  readonly id: string;
  /** The header that carries the request's id, and others that every answer has. */
  readonly requestIdHeader: string;
  readonly everyAnswer: readonly string[];
  newRequestId(): string;
  /** Authentication, idempotency, routing: everything before the endpoint begins to execute. */
  admit(request: Arrived, requestId: string): Admission;
  fault(request: Arrived, requestId: string, error: FaultError): Answer;
  reset(): void;
}
