/** Records as the wire shows them. Never a secret, a token or its hash; money as decimal text, times as RFC 3339. */
import {
  areRatesTooOld,
  convertToUsd,
  formatInstant,
  formatUsd,
  isTooOld,
  keyStatus,
  minorUnitDigits,
  publicCode,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  type ApiKey,
  type AuditRow,
  type Ceilings,
  type Credential,
  type Instant,
  type KeyView,
  type MicroUsd,
  type Operation,
  type Rate,
  type RateTable,
  type Vendor,
} from "@keybrake/core";
import type { PriceBook } from "./handler.ts";
import type {
  ApiKeyAnswer,
  AuditRowAnswer,
  CeilingsAnswer,
  CredentialAnswer,
  CurrencyRateAnswer,
  KeyAnswer,
  ListedPriceAnswer,
  OperationAnswer,
  RatesInUseAnswer,
} from "./wire.ts";

export interface KeyAnswerContext {
  readonly now: Instant;
  /** This Keybrake's public address, without a slash at its end. */
  readonly baseUrl: string;
  readonly credentials: readonly Credential[];
  readonly vendors: readonly Vendor[];
}

export function keyAnswer({ key, budgets }: KeyView, context: KeyAnswerContext): KeyAnswer {
  const credential = context.credentials.find((each) => each.id === key.credentialId);
  return {
    key_id: key.id,
    base_url: `${context.baseUrl}/${key.vendor}`,
    expires_at: formatInstant(key.expiresAt),
    status: keyStatus(key, context.now),
    vendor: key.vendor,
    credential: { id: key.credentialId, name: credential?.name ?? null },
    livemode: key.livemode,
    sandbox: key.sandbox,
    agent_run_label: key.label,
    temporal:
      key.temporal === null
        ? null
        : { namespace: key.temporal.namespace, workflow_id: key.temporal.workflowId, run_id: key.temporal.runId },
    allowed_endpoints: key.allowedEndpoints,
    budgets: budgets.map(({ cap, settled, held, remaining, resetsAt }) => ({
      window: cap.window,
      limit_usd: formatUsd(cap.limit),
      settled_usd: formatUsd(settled),
      held_usd: formatUsd(held),
      remaining_usd: formatUsd(remaining),
      resets_at: timeOrNull(resetsAt),
      directions: cap.directions,
      time_zone: cap.timeZone,
    })),
    per_call_usd_cap: usdOrNull(key.perCallCap),
    uncapped: key.uncapped,
    rate_limit: key.rateLimit === null ? null : { calls: key.rateLimit.calls, per: key.rateLimit.per },
    on_decline: key.onDecline,
    accounts: key.accounts,
    constraints: key.constraints,
    allow_unbounded: Object.fromEntries(
      Object.entries(key.allowUnbounded).map(([name, { maxPerCall }]) => [
        name,
        { max_usd_per_call: formatUsd(maxPerCall) },
      ]),
    ),
    account_sid: context.vendors.find((vendor) => vendor.id === key.vendor)?.standInAccount(key) ?? null,
    created_at: formatInstant(key.createdAt),
    revoked_at: timeOrNull(key.revokedAt),
    issued_by: key.issuedBy,
  };
}

export function credentialAnswer(credential: Credential): CredentialAnswer {
  return {
    id: credential.id,
    vendor: credential.vendor,
    name: credential.name,
    livemode: credential.livemode,
    sandbox: credential.sandbox,
    account_id: credential.accountId,
    default: credential.isDefault,
    created_at: formatInstant(credential.createdAt),
    rotated_at: timeOrNull(credential.rotatedAt),
    removed_at: timeOrNull(credential.removedAt),
  };
}

export function apiKeyAnswer(apiKey: ApiKey): ApiKeyAnswer {
  return {
    id: apiKey.id,
    name: apiKey.name,
    scopes: apiKey.scopes,
    ceilings: apiKey.ceilings === null ? null : ceilingsAnswer(apiKey.ceilings),
    status: apiKey.revokedAt === null ? "active" : "revoked",
    created_at: formatInstant(apiKey.createdAt),
    revoked_at: timeOrNull(apiKey.revokedAt),
  };
}

function ceilingsAnswer(ceilings: Ceilings): CeilingsAnswer {
  return {
    ...(ceilings.vendors === undefined ? {} : { vendors: ceilings.vendors }),
    ...(ceilings.credentials === undefined ? {} : { credentials: ceilings.credentials }),
    ...(ceilings.labelPrefix === undefined ? {} : { agent_run_label_prefix: ceilings.labelPrefix }),
    ...(ceilings.allowedEndpoints === undefined ? {} : { allowed_endpoints: ceilings.allowedEndpoints }),
    ...(ceilings.dailyCap === undefined ? {} : { daily_usd_cap: formatUsd(ceilings.dailyCap) }),
    ...(ceilings.totalCap === undefined ? {} : { total_usd_cap: formatUsd(ceilings.totalCap) }),
    ...(ceilings.perCallCap === undefined ? {} : { per_call_usd_cap: formatUsd(ceilings.perCallCap) }),
    ...(ceilings.expiresInMs === undefined ? {} : { expires_in: formatDuration(ceilings.expiresInMs) }),
  };
}

export function operationAnswers(vendor: Vendor): readonly OperationAnswer[] {
  return vendor.operations.operations.map((operation) => ({
    operation: operation.name,
    vendor: vendor.id,
    method: operation.method,
    ...hostOf(vendor, operation),
    path: operation.path,
    class: operation.class,
    directions: operation.directions,
    reason: operation.reason ?? null,
  }));
}

/** Only where it is another than the one that the vendor is known by. */
function hostOf(vendor: Vendor, operation: Operation): { readonly host?: string } {
  const { host } = new URL(vendor.destination(operation.path, operation).baseUrl);
  return host === vendor.mainHost ? {} : { host };
}

export function priceAnswers(listed: ReturnType<PriceBook["cards"]>[number], now: Instant): ListedPriceAnswer[] {
  const { vendor, from, card } = listed;
  return [...card.operations].flatMap(([operation, units]) =>
    [...units].flatMap(([unit, prices]) =>
      [...prices.byQualifier].map(([qualifier, price]) => ({
        vendor,
        operation,
        unit,
        qualifier,
        usd: usdOrNull(price),
        source: prices.source,
        as_of: prices.asOf,
        from,
        too_old: isTooOld(prices, now),
      })),
    ),
  );
}

export function ratesAnswer(
  { table, from, fetchedAt }: ReturnType<PriceBook["rates"]>,
  now: Instant,
): RatesInUseAnswer {
  return {
    as_of: table.asOf,
    source: table.source,
    from,
    fetched_at: timeOrNull(fetchedAt),
    too_old: areRatesTooOld(table, now),
  };
}

/** Of so many units the dollars are told, so that those of a small one have more than one digit. */
const UNITS_EXPONENT = 6;

export function currencyAnswers(table: RateTable, now: Instant): CurrencyRateAnswer[] {
  return [...table.rates]
    .flatMap(([currency, rate]) => {
      const digits = minorUnitDigits(currency);
      if (digits === undefined) return [];
      const worst = convertToUsd(table, { minor: 10n ** BigInt(digits + UNITS_EXPONENT), currency }, now);
      return {
        currency,
        usd_per_unit: perUnit(rate),
        worst_case_usd_per_unit:
          worst.kind === "unpriced"
            ? null
            : perUnit({ numerator: worst.worstCaseMicroUsd, denominator: 10n ** BigInt(6 + UNITS_EXPONENT) }),
        minor_units: digits,
      };
    })
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

const RATE_DECIMALS = 10;

/** Decimal text, rounded up. */
function perUnit({ numerator, denominator }: Rate): string {
  const scaled = (numerator * 10n ** BigInt(RATE_DECIMALS) + denominator - 1n) / denominator;
  const text = String(scaled).padStart(RATE_DECIMALS + 1, "0");
  return `${text.slice(0, -RATE_DECIMALS)}.${text.slice(-RATE_DECIMALS)}`.replace(/\.?0+$/, "");
}

/** The names are fixed points of the product, in the order in which tables and exports show them. */
export function auditRowAnswer(row: AuditRow): AuditRowAnswer {
  const { call } = row;
  return {
    call_id: call.callId,
    time: formatInstant(row.at),
    key_id: call.keyId,
    agent_run_label: call.label,
    workflow_id: call.temporal?.workflowId ?? null,
    run_id: call.temporal?.runId ?? null,
    activity_id: call.activityId,
    attempt: call.attempt,
    vendor: call.vendor,
    operation: call.operation,
    method: call.method,
    path: call.path,
    verdict: row.verdict,
    refusal: row.refusal === null ? null : publicCode(row.refusal),
    outcome: row.outcome,
    estimate_usd: usdOrNull(row.estimate),
    cost_usd: costOf(row),
    // Vendors count in 32 bits or little more: far below 2^53.
    amount: row.amount === null ? null : Number(row.amount.minor),
    currency: row.amount?.currency ?? null,
    fee: row.fee === null ? null : Number(row.fee.minor),
    fee_currency: row.fee?.currency ?? null,
    direction: row.direction,
    http_status: row.httpStatus,
    vendor_request_id: row.vendorRequestId,
    vendor_object_id: row.vendorObjectId,
    idempotency_key: call.idempotencyKey,
    replayed: row.replayed,
    latency_ms: row.latencyMs,
    upstream_ms: row.upstreamMs,
    livemode: call.livemode,
    sandbox: call.sandbox,
    why: row.why,
    held_usd: formatUsd(row.held),
    rate_date: row.rateDate,
    replay_of: row.replayOf,
  };
}

/** What is known to have been paid for this call; null while nobody knows. A replay and a refusal cost nothing. */
function costOf(row: AuditRow): string | null {
  if (row.replayed || row.verdict === "refused") return "0";
  switch (row.outcome) {
    case "unknown":
    case "needs_review":
      return null;
    case "none":
    case "released":
    case "held":
    case "settled":
      return formatUsd(row.cost);
  }
}

function usdOrNull(amount: MicroUsd | null): string | null {
  return amount === null ? null : formatUsd(amount);
}

function timeOrNull(at: Instant | null): string | null {
  return at === null ? null : formatInstant(at);
}

const UNITS: readonly (readonly [ms: number, letter: string])[] = [
  [DAY_MS, "d"],
  [HOUR_MS, "h"],
  [MINUTE_MS, "m"],
  [SECOND_MS, "s"],
];

/** A length of time as `parseDuration` reads it, in the largest unit up to days that divides it. */
export function formatDuration(ms: number): string {
  const unit = UNITS.find(([size]) => ms % size === 0);
  return unit === undefined ? `${Math.ceil(ms / SECOND_MS)}s` : `${ms / unit[0]}${unit[1]}`;
}
