/**
 * One call on its way through the steps: what came in, and what the steps have found out so far. A refusal at any step makes its
 * audit row from exactly this. Holds no token and no secret, and decides nothing.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type {
  CallFacts,
  CallId,
  KeyId,
  MoneyEstimate,
  OperationMatch,
  Refusal,
  RefusedCall,
  Vendor,
  VaultKey,
} from "@keybrake/core";
import type { Item } from "./bag.ts";
import type { Passage } from "./forward.ts";
import { readHeaders, type RequestHeaders } from "./headers.ts";
import type { Route } from "./match.ts";

export class Call implements Item {
  place = -1;
  readonly id: CallId;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: Route;
  readonly headers: RequestHeaders;
  readonly method: string;
  /** As a row keeps it until the path has been judged: cut, printable, without the query. */
  path: string;
  vendor: Vendor;
  key: VaultKey | null = null;
  match: OperationMatch | null = null;
  idempotencyKey: string | null = null;
  estimate: MoneyEstimate | null = null;
  /** The caller only asks what would happen. */
  readonly dryRun: "no" | "yes" | "unclear";
  /** Set while the call, or a question about it, is with the vendor. */
  passage: Passage | null = null;
  /** Of the request's body, in memory until the call is over. */
  bodyBytes = 0;
  /** The key whose share of calls and memory this one uses. */
  sharesOf: KeyId | null = null;
  /** Its body is a file on its way. */
  streams = false;
  /** Lets the next call of the same turn go on. */
  endTurn: (() => void) | null = null;
  /** The caller holds a live key: only then is it told anything but that it does not. */
  authenticated = false;
  /** True from the durable admission until its ending has been taken. */
  admitted = false;
  readonly #startedAt: number = performance.now();

  constructor(id: CallId, incoming: IncomingMessage, response: ServerResponse, route: Route, rowPathLengthMax: number) {
    this.id = id;
    this.incoming = incoming;
    this.response = response;
    this.route = route;
    this.headers = readHeaders(incoming.rawHeaders);
    this.method = incoming.method ?? "GET";
    this.path = rowPath(route.target, rowPathLengthMax);
    this.vendor = route.vendor;
    const { dryRun } = this.headers;
    this.dryRun = dryRun === null ? "no" : dryRun === "true" ? "yes" : "unclear";
  }

  /** Whole milliseconds since the head of the request was read. */
  latencyMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** Nobody is there any more to be answered. */
  get abandoned(): boolean {
    return this.response.destroyed;
  }

  facts(): CallFacts {
    const { key, match } = this;
    return {
      callId: this.id,
      keyId: key?.id ?? null,
      label: key?.label ?? null,
      temporal: key?.temporal ?? null,
      activityId: null,
      attempt: null,
      vendor: this.vendor.id,
      livemode: key?.livemode ?? null,
      sandbox: key?.sandbox ?? false,
      operation: match?.operation.name ?? null,
      operationClass: match?.operation.class ?? null,
      method: this.method,
      path: this.path,
      idempotencyKey: this.idempotencyKey,
    };
  }

  refusedRow(refusal: Refusal): RefusedCall {
    return {
      call: this.facts(),
      refusal: refusal.code,
      estimate: this.estimate?.exposure ?? null,
      direction: this.estimate?.direction ?? null,
      amount: this.estimate?.amount ?? null,
      latencyMs: this.latencyMs(),
    };
  }
}

function rowPath(target: string, lengthMax: number): string {
  const mark = target.indexOf("?");
  const path = (mark === -1 ? target : target.slice(0, mark)).slice(0, lengthMax);
  return path.replace(/[^\x21-\x7e]/g, "?");
}
