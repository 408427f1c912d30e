/**
 * The words of the control API as they are on the wire: every request, answer and query, as types only. Nothing here runs, so that
 * a client can be typed by it without carrying the server's libraries. `contract.ts` ties these to routes and schemas.
 * Money in requests is a number or decimal text of dollars, in answers decimal text. Times are RFC 3339, lengths of time "8h".
 */
import type {
  Constraints,
  Direction,
  OperationClass,
  Outcome,
  RatePer,
  Scope,
  Verdict,
  WindowKind,
} from "@keybrake/core";

export type UsdInput = number | string;

// ------------------------------------------------------------------------------------------------------------ API keys

export interface CeilingsInput {
  readonly vendors?: readonly string[] | undefined;
  /** Names or ids. */
  readonly credentials?: readonly string[] | undefined;
  /** Compared letter by letter: end it with a separator, or `team-a` also reaches `team-ab`. */
  readonly agent_run_label_prefix?: string | undefined;
  readonly allowed_endpoints?: readonly string[] | undefined;
  readonly daily_usd_cap?: UsdInput | undefined;
  readonly total_usd_cap?: UsdInput | undefined;
  readonly per_call_usd_cap?: UsdInput | undefined;
  readonly expires_in?: string | undefined;
}

export interface CreateApiKeyRequest {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly ceilings?: CeilingsInput | null | undefined;
}

export interface CeilingsAnswer {
  readonly vendors?: readonly string[] | undefined;
  readonly credentials?: readonly string[] | undefined;
  readonly agent_run_label_prefix?: string | undefined;
  readonly allowed_endpoints?: readonly string[] | undefined;
  readonly daily_usd_cap?: string | undefined;
  readonly total_usd_cap?: string | undefined;
  readonly per_call_usd_cap?: string | undefined;
  readonly expires_in?: string | undefined;
}

export interface ApiKeyAnswer {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly ceilings: CeilingsAnswer | null;
  readonly status: "active" | "revoked";
  /** Null for the bootstrap key, which is a setting and not a record. */
  readonly created_at: string | null;
  readonly revoked_at: string | null;
}

export interface CreatedApiKeyAnswer extends ApiKeyAnswer {
  /** Shown once, here. */
  readonly api_key: string;
}

export interface ApiKeyListAnswer {
  readonly data: readonly ApiKeyAnswer[];
}

// --------------------------------------------------------------------------------------------------------- credentials

export interface AddCredentialRequest {
  readonly vendor: string;
  readonly name: string;
  readonly secret: string;
  readonly account_id?: string | undefined;
  /** Another word for `account_id`. */
  readonly account_sid?: string | undefined;
  /** The first credential of a vendor is its default in any case. */
  readonly default?: boolean | undefined;
}

export interface PatchCredentialRequest {
  readonly default: true;
}

export interface RotateCredentialRequest {
  readonly secret: string;
}

/** Never holds the secret, nor a part of it. */
export interface CredentialAnswer {
  readonly id: string;
  readonly vendor: string;
  readonly name: string;
  readonly livemode: boolean;
  readonly sandbox: boolean;
  readonly account_id: string | null;
  readonly default: boolean;
  readonly created_at: string;
  readonly rotated_at: string | null;
  readonly removed_at: string | null;
}

export interface CredentialListAnswer {
  readonly data: readonly CredentialAnswer[];
}

// ---------------------------------------------------------------------------------------------------------- vault keys

export interface CapInput {
  readonly window: WindowKind;
  readonly limit_usd: UsdInput;
  /** IANA name; the key's `time_zone` when absent. */
  readonly time_zone?: string | undefined;
  /** All directions when absent. */
  readonly directions?: readonly Direction[] | undefined;
}

/** All that is named must hold, for every value that the parameter has. */
export interface ParameterRuleInput {
  readonly max?: number | string | undefined;
  readonly min?: number | string | undefined;
  readonly in?: readonly (string | number | boolean)[] | undefined;
  readonly equals?: string | number | boolean | undefined;
  readonly prefix?: string | undefined;
  /** Exact, case-insensitive. */
  readonly domain_in?: readonly string[] | undefined;
  /** True: it may be absent. */
  readonly optional?: boolean | undefined;
}

export interface TemporalInput {
  readonly namespace?: string | undefined;
  readonly workflow_id: string;
  readonly run_id: string;
}

export interface RateLimitWire {
  readonly calls: number;
  readonly per: RatePer;
}

export interface IssueKeyRequest {
  /** Filled from the API key's ceiling where that names exactly one. */
  readonly vendor?: string | undefined;
  /** Name or id; the vendor's default when absent. */
  readonly credential?: string | undefined;
  readonly daily_usd_cap?: UsdInput | undefined;
  readonly total_usd_cap?: UsdInput | undefined;
  readonly per_call_usd_cap?: UsdInput | null | undefined;
  readonly caps?: readonly CapInput[] | undefined;
  /** IANA name whose calendar the caps follow; UTC when absent. */
  readonly time_zone?: string | undefined;
  readonly uncapped?: boolean | undefined;
  readonly allowed_endpoints?: readonly string[] | undefined;
  readonly expires_in?: string | undefined;
  readonly expires_at?: string | undefined;
  readonly agent_run_label?: string | null | undefined;
  readonly temporal?: TemporalInput | null | undefined;
  readonly rate_limit?: RateLimitWire | null | undefined;
  readonly on_decline?: "keep" | "release" | undefined;
  readonly accounts?: readonly string[] | undefined;
  /** By operation or pattern, then by parameter. */
  readonly constraints?: Readonly<Record<string, Readonly<Record<string, ParameterRuleInput>>>> | undefined;
  readonly allow_unbounded?: Readonly<Record<string, { readonly max_usd_per_call: UsdInput }>> | undefined;
}

export interface CapPatchInput {
  readonly window: WindowKind;
  readonly limit_usd: UsdInput;
  /** Tells caps of one window apart. */
  readonly directions?: readonly Direction[] | undefined;
}

export interface PatchKeyRequest {
  readonly daily_usd_cap?: UsdInput | undefined;
  readonly total_usd_cap?: UsdInput | undefined;
  /** Null takes the per-call cap away. */
  readonly per_call_usd_cap?: UsdInput | null | undefined;
  readonly caps?: readonly CapPatchInput[] | undefined;
  readonly allowed_endpoints?: readonly string[] | undefined;
  /** Counted from now. */
  readonly expires_in?: string | undefined;
  readonly expires_at?: string | undefined;
  readonly agent_run_label?: string | null | undefined;
  readonly rate_limit?: RateLimitWire | null | undefined;
  readonly on_decline?: "keep" | "release" | undefined;
}

export interface BudgetAnswer {
  readonly window: WindowKind;
  readonly limit_usd: string;
  readonly settled_usd: string;
  readonly held_usd: string;
  readonly remaining_usd: string;
  readonly resets_at: string | null;
  readonly directions: readonly Direction[];
  readonly time_zone: string;
}

export interface KeyAnswer {
  readonly key_id: string;
  readonly base_url: string;
  readonly expires_at: string;
  readonly status: "active" | "revoked" | "expired";
  readonly vendor: string;
  /** `name` is null once the credential has been removed. */
  readonly credential: { readonly id: string; readonly name: string | null };
  readonly livemode: boolean;
  readonly sandbox: boolean;
  readonly agent_run_label: string | null;
  readonly temporal: { readonly namespace: string; readonly workflow_id: string; readonly run_id: string } | null;
  readonly allowed_endpoints: readonly string[];
  readonly budgets: readonly BudgetAnswer[];
  readonly per_call_usd_cap: string | null;
  readonly uncapped: boolean;
  readonly rate_limit: RateLimitWire | null;
  readonly on_decline: "keep" | "release";
  readonly accounts: readonly string[];
  readonly constraints: Constraints;
  readonly allow_unbounded: Readonly<Record<string, { readonly max_usd_per_call: string }>>;
  /** Stands for the vendor's account where its SDK wants one beside the key; null: it wants none. */
  readonly account_sid: string | null;
  readonly created_at: string;
  readonly revoked_at: string | null;
  readonly issued_by: string;
}

export interface IssuedKeyAnswer extends KeyAnswer {
  /** Shown once, here. */
  readonly vault_key: string;
}

export interface RevokedKeyAnswer extends KeyAnswer {
  /** Calls that had left before the revocation and whose answer had not come yet. No further call leaves. */
  readonly in_flight_calls: number;
}

export interface KeyListQuery {
  readonly agent_run_label?: string | undefined;
  readonly agent_run_label_prefix?: string | undefined;
  readonly vendor?: string | undefined;
  readonly status?: "active" | "revoked" | "expired" | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface KeyListAnswer {
  readonly data: readonly KeyAnswer[];
  readonly next_cursor: string | null;
}

// ---------------------------------------------------------------------------------------------------------- operations

export interface OperationListQuery {
  readonly vendor?: string | undefined;
  readonly class?: OperationClass | undefined;
}

export interface OperationAnswer {
  readonly operation: string;
  readonly vendor: string;
  readonly method: string;
  /** The vendor's host, where it is not its main one. */
  readonly host?: string;
  readonly path: string;
  readonly class: OperationClass;
  readonly directions: readonly Direction[];
  readonly reason: string | null;
}

export interface OperationListAnswer {
  readonly data: readonly OperationAnswer[];
}

// -------------------------------------------------------------------------------------------------------------- prices

export interface PriceListQuery {
  readonly vendor?: string | undefined;
}

export interface ListedPriceAnswer {
  readonly vendor: string;
  readonly operation: string;
  readonly unit: string;
  /** What the price is for: a country, first digits of a number, a word of the vendor's; "*" for all others. */
  readonly qualifier: string;
  /** For one unit; null where the source says that there is none. */
  readonly usd: string | null;
  readonly source: string;
  readonly as_of: string;
  /** The operator's file comes before everything; the card that came with this version comes last. */
  readonly from: "file" | "card";
  readonly too_old: boolean;
}

export interface RatesInUseAnswer {
  /** Day of the newest rates. */
  readonly as_of: string;
  readonly source: string;
  readonly from: "file" | "feed" | "built_in";
  /** When the feed was last read; null: not since the start. */
  readonly fetched_at: string | null;
  /** Then money in other currencies than usd is refused. */
  readonly too_old: boolean;
}

export interface CurrencyRateAnswer {
  readonly currency: string;
  /** At the reference rate, rounded up. */
  readonly usd_per_unit: string;
  /** With the margin for the table's age: what is held. Null: not priced, because the table is too old or too short. */
  readonly worst_case_usd_per_unit: string | null;
  /** Decimals of an amount in minor units. */
  readonly minor_units: number;
}

export interface PriceListAnswer {
  readonly data: readonly ListedPriceAnswer[];
  readonly rates: RatesInUseAnswer & { readonly currencies: readonly CurrencyRateAnswer[] };
}

export interface RefreshedPricesAnswer {
  readonly prices_files: number;
  /** Answers of vendors' own price lists that will be asked for again. */
  readonly live_prices_forgotten: number;
  readonly rates: RatesInUseAnswer & {
    readonly feed: "off" | "updated" | "unchanged" | "failed";
    /** Why the feed failed. */
    readonly why: string | null;
  };
}

// --------------------------------------------------------------------------------------------------------------- audit

export interface CallListQuery {
  readonly agent_run_label?: string | undefined;
  readonly agent_run_label_prefix?: string | undefined;
  readonly key_id?: string | undefined;
  readonly vendor?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly outcome?: Outcome | undefined;
  readonly workflow_id?: string | undefined;
  readonly run_id?: string | undefined;
  /** Inclusive. */
  readonly from?: string | undefined;
  /** Exclusive. */
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface AuditRowAnswer {
  readonly call_id: string;
  readonly time: string;
  readonly key_id: string | null;
  readonly agent_run_label: string | null;
  readonly workflow_id: string | null;
  readonly run_id: string | null;
  readonly activity_id: string | null;
  readonly attempt: number | null;
  readonly vendor: string | null;
  readonly operation: string | null;
  readonly method: string;
  /** The vendor's, without Keybrake's prefix. */
  readonly path: string;
  readonly verdict: Verdict;
  /** The code of the refusal. */
  readonly refusal: string | null;
  readonly outcome: Outcome;
  readonly estimate_usd: string | null;
  /** Null while nobody knows what it cost. */
  readonly cost_usd: string | null;
  /** Minor units of `currency`, as the vendor counts them. */
  readonly amount: number | null;
  readonly currency: string | null;
  /** The vendor's own fee in minor units of `fee_currency`, where an answer told it; no part of `cost_usd`. */
  readonly fee: number | null;
  readonly fee_currency: string | null;
  readonly direction: Direction | null;
  readonly http_status: number | null;
  readonly vendor_request_id: string | null;
  readonly vendor_object_id: string | null;
  readonly idempotency_key: string | null;
  readonly replayed: boolean;
  readonly latency_ms: number | null;
  readonly upstream_ms: number | null;
  readonly livemode: boolean | null;
  readonly sandbox: boolean;
  readonly why: string | null;
  readonly held_usd: string;
  readonly rate_date: string | null;
  readonly replay_of: string | null;
}

export interface CallListAnswer {
  readonly data: readonly AuditRowAnswer[];
  readonly next_cursor: string | null;
}

// -------------------------------------------------------------------------------------------------------------- health

export interface HealthAnswer {
  readonly status: "ok";
  readonly version: string;
}

export interface ReadinessAnswer {
  readonly status: "ready";
  readonly version: string;
  /** Calls that a crash left on their way and that the last start kept as unknown. */
  readonly recovered_unknown: number;
}

// -------------------------------------------------------------------------------------------------------------- errors

/** Every error of the control API. `code` is for programs, `message` says what to do next. */
export interface ErrorAnswer {
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** The part of the request that is wrong: `caps[0].limit_usd`. */
    readonly field?: string;
    readonly [fact: string]: unknown;
  };
}
