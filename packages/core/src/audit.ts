/**
 * The audit: one row a call, derived from the journal's entries, and the hash chain that makes an edit of the journal visible.
 * The chain is over flushes: each links to the one before, so that one hash stands for everything up to it.
 */
import type { CallAdmitted, CallCorrected, CallEnded, CallFacts, CallRefused, MinorAmount } from "./entry.ts";
import type { CallId } from "./ids.ts";
import { microUsd, ZERO_USD, type MicroUsd } from "./money.ts";
import type { Direction } from "./operation.ts";
import { refusalStatus, type RefusalCode } from "./refusal.ts";
import type { Instant } from "./time.ts";

export type Verdict = "allowed" | "refused";
export type Outcome = "settled" | "released" | "held" | "unknown" | "needs_review" | "none";

export interface AuditRow {
  readonly call: CallFacts;
  readonly at: Instant;
  readonly verdict: Verdict;
  readonly refusal: RefusalCode | null;
  /** `held` until the answer is in. */
  readonly outcome: Outcome;
  /** True from admission until the answer (or the finding that none will come). */
  readonly inFlight: boolean;
  readonly why: string | null;
  readonly estimate: MicroUsd | null;
  /** What this call has settled so far; a replay and a refusal cost nothing. */
  readonly cost: MicroUsd;
  /** What this call still holds. */
  readonly held: MicroUsd;
  readonly amount: MinorAmount | null;
  /** The vendor's own fee, where an answer told it; no part of the cost. */
  readonly fee: MinorAmount | null;
  readonly rateDate: string | null;
  readonly direction: Direction | null;
  /** The vendor's; of a refused call, what its caller was answered. Null while, or because, there is no answer. */
  readonly httpStatus: number | null;
  readonly vendorRequestId: string | null;
  readonly vendorObjectId: string | null;
  readonly replayed: boolean;
  readonly replayOf: CallId | null;
  readonly latencyMs: number | null;
  readonly upstreamMs: number | null;
}

export function rowOfRefused(entry: CallRefused): AuditRow {
  return {
    ...emptyRow(entry.call, entry.at),
    verdict: "refused",
    refusal: entry.refusal,
    outcome: "none",
    estimate: entry.estimate,
    direction: entry.direction,
    amount: entry.amount,
    httpStatus: refusalStatus(entry.refusal),
    latencyMs: entry.latencyMs,
  };
}

export function rowOfAdmitted(entry: CallAdmitted): AuditRow {
  return {
    ...emptyRow(entry.call, entry.at),
    outcome: entry.hold === null ? "none" : "held",
    inFlight: true,
    estimate: entry.estimate,
    held: entry.hold ?? ZERO_USD,
    amount: entry.amount,
    rateDate: entry.rateDate,
    direction: entry.direction,
    vendorObjectId: entry.objectId,
    replayOf: entry.coveredBy,
  };
}

/** The row of the call that ended. The effects are applied by `rowAfterEffect`, also to the rows of other calls. */
export function rowAfterEnded(row: AuditRow, entry: CallEnded): AuditRow {
  return {
    ...row,
    inFlight: false,
    outcome: entry.outcome,
    why: entry.why,
    amount: entry.amount ?? row.amount,
    fee: entry.fee ?? row.fee,
    httpStatus: entry.httpStatus,
    vendorRequestId: entry.vendorRequestId,
    vendorObjectId: entry.vendorObjectId ?? row.vendorObjectId,
    replayed: entry.replayed,
    replayOf: entry.replayed ? row.replayOf : null,
    latencyMs: entry.latencyMs,
    upstreamMs: entry.upstreamMs,
  };
}

export function rowAfterEffect(row: AuditRow, effect: (CallEnded | CallCorrected)["effects"][number]): AuditRow {
  return {
    ...row,
    outcome: effect.outcome,
    cost: microUsd(row.cost + effect.settled),
    held: microUsd(row.held + effect.held),
    vendorObjectId: row.vendorObjectId ?? effect.objectId,
  };
}

function emptyRow(call: CallFacts, at: Instant): AuditRow {
  return {
    call,
    at,
    verdict: "allowed",
    refusal: null,
    outcome: "none",
    inFlight: false,
    why: null,
    estimate: null,
    cost: ZERO_USD,
    held: ZERO_USD,
    amount: null,
    fee: null,
    rateDate: null,
    direction: null,
    httpStatus: null,
    vendorRequestId: null,
    vendorObjectId: null,
    replayed: false,
    replayOf: null,
    latencyMs: null,
    upstreamMs: null,
  };
}

/** The hash before the first flush. */
export const CHAIN_START: string = "0".repeat(64);

/** SHA-256 of a text, lower-case hex; passed in, because core has no digest of its own. */
export type Digest = (text: string) => string;

/**
 * The hash of one flush. Position and time are under the hash too, so that rows can be neither moved nor re-dated.
 * `body` is the flush's entries as stored, byte for byte.
 */
export function chainHash(digest: Digest, previous: string, position: number, at: Instant, body: string): string {
  return digest(`${previous}\n${position}\n${at}\n${body}`);
}
