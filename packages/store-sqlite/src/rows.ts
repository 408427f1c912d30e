/** How a call's audit row is laid out in the table `calls`, and back. One list of columns, so that writing and reading cannot drift apart. */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import {
  asCallId,
  asKeyId,
  instant,
  invariant,
  microUsd,
  type AuditRow,
  type Direction,
  type MicroUsd,
  type OperationClass,
  type Outcome,
  type RefusalCode,
  type Slot,
  type Verdict,
} from "@keybrake/core";

/** A row and what the ledger must know of its hold. */
export interface CallRecord {
  row: AuditRow;
  readonly seq: number;
  /** Null when the call never had a hold. */
  readonly slots: readonly Slot[] | null;
  /** The caller's idempotency key stands for this call. */
  readonly remembered: boolean;
}

/** Known when the call is admitted or refused, and never changed. */
const FIXED_COLUMNS: readonly string[] = [
  "seq",
  "call_id",
  "at",
  "key_id",
  "label",
  "namespace",
  "workflow_id",
  "run_id",
  "activity_id",
  "attempt",
  "vendor",
  "livemode",
  "sandbox",
  "operation",
  "operation_class",
  "method",
  "path",
  "idempotency_key",
  "verdict",
  "refusal",
  "estimate",
  "rate_date",
  "direction",
  "slots",
  "remembered",
];

/** What answers and later facts change. */
const CHANGING_COLUMNS: readonly string[] = [
  "outcome",
  "in_flight",
  "why",
  "cost",
  "held",
  "amount_minor",
  "amount_currency",
  "fee_minor",
  "fee_currency",
  "http_status",
  "vendor_request_id",
  "vendor_object_id",
  "replayed",
  "replay_of",
  "latency_ms",
  "upstream_ms",
];

const ALL_COLUMNS: readonly string[] = [...FIXED_COLUMNS, ...CHANGING_COLUMNS];

/** A second row for a call would be a mistake of ours; the first stands. */
export const INSERT_CALL: string = `INSERT OR IGNORE INTO calls (${ALL_COLUMNS.join(", ")}) VALUES (${ALL_COLUMNS.map(() => "?").join(", ")})`;
export const UPDATE_CALL: string = `UPDATE calls SET ${CHANGING_COLUMNS.map((name) => `${name} = ?`).join(", ")} WHERE seq = ?`;
export const CALL_COLUMNS: string = ALL_COLUMNS.join(", ");

export function insertValues(record: CallRecord): SQLInputValue[] {
  const { row, seq, slots, remembered } = record;
  const { call } = row;
  return [
    seq,
    call.callId,
    row.at,
    call.keyId,
    call.label,
    call.temporal?.namespace ?? null,
    call.temporal?.workflowId ?? null,
    call.temporal?.runId ?? null,
    call.activityId,
    call.attempt,
    call.vendor,
    call.livemode === null ? null : Number(call.livemode),
    Number(call.sandbox),
    call.operation,
    call.operationClass,
    call.method,
    call.path,
    call.idempotencyKey,
    row.verdict,
    row.refusal,
    row.estimate,
    row.rateDate,
    row.direction,
    slots === null ? null : JSON.stringify(slots),
    Number(remembered),
    ...changingValues(row),
  ];
}

export function updateValues(record: CallRecord): SQLInputValue[] {
  return [...changingValues(record.row), record.seq];
}

function changingValues(row: AuditRow): SQLInputValue[] {
  return [
    row.outcome,
    Number(row.inFlight),
    row.why,
    row.cost,
    row.held,
    row.amount === null ? null : row.amount.minor.toString(),
    row.amount?.currency ?? null,
    row.fee === null ? null : row.fee.minor.toString(),
    row.fee?.currency ?? null,
    row.httpStatus,
    row.vendorRequestId,
    row.vendorObjectId,
    Number(row.replayed),
    row.replayOf,
    row.latencyMs,
    row.upstreamMs,
  ];
}

type Stored = Record<string, SQLOutputValue>;

/* oxlint-disable typescript/no-unsafe-type-assertion -- the words were written by insertValues from values of these very types */
/** Of a statement that reads integers as bigints. */
export function readRecord(stored: Stored): CallRecord {
  const workflowId = text(stored, "workflow_id");
  const minor = text(stored, "amount_minor");
  const fee = text(stored, "fee_minor");
  const replayOf = text(stored, "replay_of");
  const keyId = text(stored, "key_id");
  const slots = text(stored, "slots");
  const row: AuditRow = {
    call: {
      callId: asCallId(text(stored, "call_id") ?? ""),
      keyId: keyId === null ? null : asKeyId(keyId),
      label: text(stored, "label"),
      temporal:
        workflowId === null
          ? null
          : { namespace: text(stored, "namespace") ?? "", workflowId, runId: text(stored, "run_id") ?? "" },
      activityId: text(stored, "activity_id"),
      attempt: number(stored, "attempt"),
      vendor: text(stored, "vendor"),
      livemode: number(stored, "livemode") === null ? null : flag(stored, "livemode"),
      sandbox: flag(stored, "sandbox"),
      operation: text(stored, "operation"),
      operationClass: text(stored, "operation_class") as OperationClass | null,
      method: text(stored, "method") ?? "",
      path: text(stored, "path") ?? "",
      idempotencyKey: text(stored, "idempotency_key"),
    },
    at: instant(number(stored, "at") ?? 0),
    verdict: text(stored, "verdict") as Verdict,
    refusal: text(stored, "refusal") as RefusalCode | null,
    outcome: text(stored, "outcome") as Outcome,
    inFlight: flag(stored, "in_flight"),
    why: text(stored, "why"),
    estimate: stored["estimate"] === null ? null : money(stored, "estimate"),
    cost: money(stored, "cost"),
    held: money(stored, "held"),
    amount: minor === null ? null : { minor: BigInt(minor), currency: text(stored, "amount_currency") ?? "" },
    fee: fee === null ? null : { minor: BigInt(fee), currency: text(stored, "fee_currency") ?? "" },
    rateDate: text(stored, "rate_date"),
    direction: text(stored, "direction") as Direction | null,
    httpStatus: number(stored, "http_status"),
    vendorRequestId: text(stored, "vendor_request_id"),
    vendorObjectId: text(stored, "vendor_object_id"),
    replayed: flag(stored, "replayed"),
    replayOf: replayOf === null ? null : asCallId(replayOf),
    latencyMs: number(stored, "latency_ms"),
    upstreamMs: number(stored, "upstream_ms"),
  };
  return {
    row,
    seq: number(stored, "seq") ?? 0,
    slots: slots === null ? null : (JSON.parse(slots) as readonly Slot[]),
    remembered: flag(stored, "remembered"),
  };
}
/* oxlint-enable typescript/no-unsafe-type-assertion */

export function text(stored: Stored, column: string): string | null {
  const value = stored[column];
  return typeof value === "string" ? value : null;
}

export function number(stored: Stored, column: string): number | null {
  const value = stored[column];
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : null;
}

export function flag(stored: Stored, column: string): boolean {
  return number(stored, column) === 1;
}

export function money(stored: Stored, column: string): MicroUsd {
  const value = stored[column];
  invariant(typeof value === "bigint", `${column} was read as a bigint`);
  return microUsd(value);
}
