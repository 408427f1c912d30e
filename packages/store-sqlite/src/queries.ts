/**
 * Listings: newest first, under conditions, page by page. Picks the index itself, because SQLite does not know how rare a value is:
 * every condition that has an index is counted up to a bound, and the rarest one leads.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  budgetStanding,
  formatCursor,
  readCursor,
  type AuditRow,
  type CallFilter,
  type Instant,
  type KeyFilter,
  type KeyView,
  type Page,
  type PageRequest,
  type VaultKey,
} from "@keybrake/core";
import { CALL_COLUMNS, readRecord } from "./rows.ts";
import { keyFromJson, type Tables } from "./tables.ts";

/** One more than this many rows are never counted: fewer are sorted at once, more are found soon by walking newest first. */
const COUNTED_MAX = 2_000;
/** Rows of one page, whoever asks. */
const PAGE_ROWS_MAX = 1_000;
/** Prepared statements kept; there are some hundreds of combinations at most. */
const STATEMENTS_MAX = 500;

interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
  /** Null: only checked on rows that other conditions find. */
  readonly index: string | null;
  /** Rows under this condition lie in the index newest first. */
  readonly ordered: boolean;
}

export interface Statement {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

export class Queries {
  readonly #database: DatabaseSync;
  readonly #tables: Tables;
  readonly #statements: Map<string, StatementSync> = new Map();

  constructor(database: DatabaseSync, tables: Tables) {
    this.#database = database;
    this.#tables = tables;
  }

  calls(filter: CallFilter, page: PageRequest): Page<AuditRow> {
    const statement = this.callsStatement(filter, page);
    if (statement === null) return { rows: [], nextCursor: null };
    const records = this.#prepare(statement.sql)
      .all(...statement.values)
      .map(readRecord);
    return pageOf(records, page, ({ row }) => row);
  }

  /** Null when the times of the filter enclose no row. */
  callsStatement(filter: CallFilter, page: PageRequest): Statement | null {
    const before = this.#seqRange(filter, page);
    if (before === null) return null;
    return this.#statement("calls", CALL_COLUMNS, callConditions(filter), before, page);
  }

  keys(filter: KeyFilter, page: PageRequest, now: Instant): Page<KeyView> {
    const range = { from: 0, before: page.cursor === null ? null : readCursor(page.cursor) };
    const { sql, values } = this.#statement("keys", "seq, record", keyConditions(filter, now), range, page);
    const found = this.#prepare(sql)
      .all(...values)
      .map((row) => ({ seq: Number(row["seq"]), key: keyFromJson(row["record"]) }));
    return pageOf(found, page, ({ key }) => ({ key, budgets: this.#budgets(key, now) }));
  }

  #budgets(key: VaultKey, now: Instant): KeyView["budgets"] {
    return this.#tables.budgets(key).map((budget) => budgetStanding(budget, now));
  }

  /** Time and seq grow together, so a span of time is a span of seq. */
  #seqRange(filter: CallFilter, page: PageRequest): { from: number; before: number | null } | null {
    const cursor = page.cursor === null ? null : readCursor(page.cursor);
    const until = filter.to === undefined ? null : this.#firstSeqAt(filter.to);
    const from = filter.from === undefined ? 0 : this.#firstSeqAt(filter.from);
    if (from === null) return null;
    const before = cursor === null ? until : until === null ? cursor : Math.min(cursor, until);
    return { from, before };
  }

  #firstSeqAt(at: Instant): number | null {
    const row = this.#prepare(
      "SELECT seq FROM calls INDEXED BY calls_by_at WHERE at >= ? ORDER BY at, seq LIMIT 1",
    ).get(at);
    return row === undefined ? null : Number(row["seq"]);
  }

  #statement(
    table: "calls" | "keys",
    columns: string,
    conditions: readonly Condition[],
    range: { readonly from: number; readonly before: number | null },
    page: PageRequest,
  ): Statement {
    const leading = this.#leading(table, conditions);
    const where = conditions.map(({ sql }) => sql);
    const values = conditions.flatMap((condition) => condition.values);
    if (range.from > 0) {
      where.push("seq >= ?");
      values.push(range.from);
    }
    if (range.before !== null) {
      where.push("seq < ?");
      values.push(range.before);
    }
    const indexed = leading === null ? "NOT INDEXED" : `INDEXED BY ${leading}`;
    const condition = where.length === 0 ? "" : `WHERE ${where.join(" AND ")} `;
    return {
      sql: `SELECT ${columns} FROM ${table} ${indexed} ${condition}ORDER BY seq DESC LIMIT ?`,
      values: [...values, Math.min(page.limit, PAGE_ROWS_MAX) + 1],
    };
  }

  /** The index to walk; null is the table itself, newest first. */
  #leading(table: string, conditions: readonly Condition[]): string | null {
    const candidates = conditions.filter((condition) => condition.index !== null);
    const [only] = candidates;
    if (only === undefined) return null;
    if (candidates.length === 1 && only.ordered) return only.index;
    let rarest: { index: string | null; count: number } | null = null;
    for (const { sql, values, index } of candidates) {
      const counted = this.#prepare(
        `SELECT count(*) AS counted FROM (SELECT 1 FROM ${table} INDEXED BY ${index} WHERE ${sql} LIMIT ${COUNTED_MAX + 1})`,
      ).get(...values);
      const count = Number(counted?.["counted"] ?? 0);
      if (count <= COUNTED_MAX && (rarest === null || count < rarest.count)) rarest = { index, count };
    }
    if (rarest !== null) return rarest.index;
    return candidates.find((condition) => condition.ordered)?.index ?? null;
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    if (this.#statements.size >= STATEMENTS_MAX) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }
}

function pageOf<Found extends { seq: number }, Row>(
  found: readonly Found[],
  page: PageRequest,
  row: (found: Found) => Row,
): Page<Row> {
  const limit = Math.min(page.limit, PAGE_ROWS_MAX);
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(row),
    nextCursor: found.length > limit && last !== undefined ? formatCursor(last.seq) : null,
  };
}

/** In the order in which they lead when all are common: the usually rarer first. */
function callConditions(filter: CallFilter): Condition[] {
  const { labelPrefix } = filter;
  return [
    ...equal("run_id", filter.runId, "calls_by_run"),
    ...equal("workflow_id", filter.workflowId, "calls_by_workflow"),
    ...equal("key_id", filter.keyId, "calls_by_key"),
    ...equal("label", filter.label, "calls_by_label"),
    ...equal("outcome", filter.outcome, "calls_by_outcome"),
    ...equal("verdict", filter.verdict, "calls_by_verdict"),
    ...equal("vendor", filter.vendor, "calls_by_vendor"),
    ...prefix("label", labelPrefix, "calls_by_label"),
  ];
}

function keyConditions(filter: KeyFilter, now: Instant): Condition[] {
  return [
    ...equal("label", filter.label, "keys_by_label"),
    ...equal("issued_by", filter.issuedBy, "keys_by_issuer"),
    ...equal("vendor", filter.vendor, "keys_by_vendor"),
    ...prefix("label", filter.labelPrefix, "keys_by_label"),
    ...status(filter.status, now),
  ];
}

function equal(column: string, value: string | undefined, index: string): Condition[] {
  return value === undefined ? [] : [{ sql: `${column} = ?`, values: [value], index, ordered: true }];
}

function prefix(column: string, value: string | undefined, index: string): Condition[] {
  if (value === undefined || value === "") return [];
  const end = afterPrefix(value);
  if (end === null) return [{ sql: `${column} >= ?`, values: [value], index, ordered: false }];
  return [{ sql: `${column} >= ? AND ${column} < ?`, values: [value, end], index, ordered: false }];
}

const LAST_CODE_POINT = 0x10ffff;

/** The first text, as SQLite orders text (by code point), that comes after everything with this prefix; null when nothing does. */
function afterPrefix(value: string): string | null {
  const points = Array.from(value, (character) => character.codePointAt(0) ?? 0);
  while (points.at(-1) === LAST_CODE_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return null;
  // Half a surrogate pair is no text.
  const next = last + 1 === 0xd800 ? 0xe000 : last + 1;
  return String.fromCodePoint(...points, next);
}

function status(value: KeyFilter["status"], now: Instant): Condition[] {
  switch (value) {
    case undefined:
      return [];
    case "revoked":
      return [{ sql: "revoked_at IS NOT NULL", values: [], index: "keys_revoked", ordered: false }];
    case "expired":
      return [
        { sql: "revoked_at IS NULL AND expires_at <= ?", values: [now], index: "keys_unrevoked", ordered: false },
      ];
    case "active":
      return [{ sql: "revoked_at IS NULL AND expires_at > ?", values: [now], index: "keys_unrevoked", ordered: false }];
  }
}
