/**
 * What a request must look like, as zod schemas, and what it is once read: money as `MicroUsd`, times as `Instant`, lengths of time
 * as milliseconds. Only the shape is judged here; what a vendor, a credential or a ceiling allows is judged by the routes.
 */
import {
  DIRECTIONS,
  DURATION_MAX_MS,
  isDecimal,
  isTimeZone,
  OPERATION_CLASSES,
  parseAllowPattern,
  parseDuration,
  parseInstant,
  parseUsd,
  RATE_PERS,
  SCOPES,
  type Ceilings,
  type Constraints,
  type Direction,
  type Instant,
  type MicroUsd,
  type OperationClass,
  type Outcome,
  type ParameterRule,
  type RateLimit,
  type Scope,
  type TemporalRun,
  type Verdict,
  type WindowKind,
} from "@keybrake/core";
import { z } from "zod";
import type * as wire from "./wire.ts";

// -------------------------------------------------------------------------------------------------------------- limits

/** More caps than windows times combinations of directions that anybody would tell apart. */
export const CAPS_MAX = 16;
/** Comparing a list with a ceiling costs their product; a hundred patterns name every operation group of the largest vendor. */
const PATTERNS_MAX = 100;
/** Comparing two routes costs the square of their segments. No vendor's path has as many as this. */
const PATTERN_SEGMENTS_MAX = 12;
const LABEL_LENGTH_MAX = 256;
/** Temporal's own limit on ids: https://docs.temporal.io/cloud/limits */
const TEMPORAL_ID_LENGTH_MAX = 1000;
const ACCOUNTS_MAX = 50;
/** A value that a parameter is compared with; the longest id of a vendor has 255. */
const CONSTRAINT_TEXT_MAX = 512;
const CONSTRAINT_LIST_MAX = 200;
/** A second has no more calls for one key than this, so a larger limit is a typing error. */
const RATE_CALLS_MAX = 10_000_000;
const NAME_LENGTH_MAX = 64;
/** Longer than any vendor's secret, shorter than a file pasted by mistake. */
const SECRET_LENGTH_MAX = 1024;
const LIST_MAX = 50;
const PAGE_LIMIT_DEFAULT = 50;
const PAGE_LIMIT_MAX = 500;

// ------------------------------------------------------------------------------------------------------- after reading

export interface CreateApiKeyBody {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly ceilings: Ceilings | null;
}

export interface AddCredentialBody {
  readonly vendor: string;
  readonly name: string;
  readonly secret: string;
  readonly account_id?: string | undefined;
  readonly account_sid?: string | undefined;
  readonly default?: boolean | undefined;
}

interface CapBody {
  readonly window: WindowKind;
  readonly limit_usd: MicroUsd;
  readonly time_zone?: string | undefined;
  readonly directions?: readonly Direction[] | undefined;
}

export interface IssueKeyBody {
  readonly vendor?: string | undefined;
  readonly credential?: string | undefined;
  readonly daily_usd_cap?: MicroUsd | undefined;
  readonly total_usd_cap?: MicroUsd | undefined;
  readonly per_call_usd_cap?: MicroUsd | null | undefined;
  readonly caps?: readonly CapBody[] | undefined;
  readonly time_zone?: string | undefined;
  readonly uncapped?: boolean | undefined;
  readonly allowed_endpoints?: readonly string[] | undefined;
  /** Milliseconds. */
  readonly expires_in?: number | undefined;
  readonly expires_at?: Instant | undefined;
  readonly agent_run_label?: string | null | undefined;
  readonly temporal?: TemporalRun | null | undefined;
  readonly rate_limit?: RateLimit | null | undefined;
  readonly on_decline?: "keep" | "release" | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly constraints?: Constraints | undefined;
  readonly allow_unbounded?: Readonly<Record<string, { readonly max_usd_per_call: MicroUsd }>> | undefined;
}

interface CapPatchBody {
  readonly window: WindowKind;
  readonly limit_usd: MicroUsd;
  readonly directions?: readonly Direction[] | undefined;
}

export interface PatchKeyBody {
  readonly daily_usd_cap?: MicroUsd | undefined;
  readonly total_usd_cap?: MicroUsd | undefined;
  readonly per_call_usd_cap?: MicroUsd | null | undefined;
  readonly caps?: readonly CapPatchBody[] | undefined;
  readonly allowed_endpoints?: readonly string[] | undefined;
  /** Milliseconds from now. */
  readonly expires_in?: number | undefined;
  readonly expires_at?: Instant | undefined;
  readonly agent_run_label?: string | null | undefined;
  readonly rate_limit?: RateLimit | null | undefined;
  readonly on_decline?: "keep" | "release" | undefined;
}

interface PageQuery {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface KeyListParsed extends PageQuery {
  readonly agent_run_label?: string | undefined;
  readonly agent_run_label_prefix?: string | undefined;
  readonly vendor?: string | undefined;
  readonly status?: "active" | "revoked" | "expired" | undefined;
}

export interface OperationListParsed {
  readonly vendor?: string | undefined;
  readonly class?: OperationClass | undefined;
}

export interface PriceListParsed {
  readonly vendor?: string | undefined;
}

export interface CallListParsed extends PageQuery {
  readonly agent_run_label?: string | undefined;
  readonly agent_run_label_prefix?: string | undefined;
  readonly key_id?: string | undefined;
  readonly vendor?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly outcome?: Outcome | undefined;
  readonly workflow_id?: string | undefined;
  readonly run_id?: string | undefined;
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
}

// -------------------------------------------------------------------------------------------------------------- scalars

/** A reader that says what is wrong in one sentence, or gives the value. */
function reading<T>(read: (text: string) => T | null, problem: string) {
  return (text: string, context: z.RefinementCtx<string>): T => {
    const value = read(text);
    if (value !== null) return value;
    context.addIssue({ code: "custom", message: problem });
    return z.NEVER;
  };
}

const USD =
  'must be dollars as a number or decimal text ("10.50"): not negative, at most six decimals, at most a trillion';
const usd = z
  .union([z.number(), z.string()], { error: USD })
  .transform((value, context): MicroUsd => {
    const amount = parseUsd(value);
    if (amount !== null) return amount;
    context.addIssue({ code: "custom", message: USD });
    return z.NEVER;
  })
  .meta({
    id: "UsdInput",
    description: "Dollars: a number or decimal text, at most six decimals.",
    examples: ["500", 10.5],
  });

const duration = z
  .string()
  .transform(
    reading(
      parseDuration,
      `must be a whole number of s, m, h, d or w ("8h", "45d"), at most ten years (${DURATION_MAX_MS / 86_400_000}d)`,
    ),
  )
  .meta({ id: "Duration", description: "A whole number of s, m, h, d or w.", examples: ["8h", "45d"] });

const instantText = z
  .string()
  .transform(reading(parseInstant, 'must be an RFC 3339 time with an offset ("2026-11-24T09:00:00Z")'))
  .meta({ id: "TimeInput", description: "RFC 3339 with an offset.", format: "date-time" });

// Controls, invisible formatting (which can make a label look like another), line separators.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

function printable(lengthMax: number) {
  return z
    .string()
    .min(1)
    .max(lengthMax)
    .refine((text) => !UNPRINTABLE.test(text), { error: "must have no control or invisible characters" });
}

const label = printable(LABEL_LENGTH_MAX).meta({ id: "Label", description: "Who or what the calls are made for." });
const vendorId = z.string().min(1).max(NAME_LENGTH_MAX);
const opaqueId = z.string().min(1).max(128);

const timeZone = z
  .string()
  .refine(isTimeZone, { error: 'must be an IANA time zone ("UTC", "Europe/Berlin")' })
  .meta({ id: "TimeZone", description: "IANA name.", examples: ["UTC", "Europe/Berlin"] });

const WINDOWS: readonly WindowKind[] = ["hour", "day", "week", "month", "total"];
const window = z.enum(WINDOWS);
const direction = z.enum(DIRECTIONS);
const distinct = (list: readonly unknown[]): boolean => new Set(list).size === list.length;
const directions = z.array(direction).min(1).refine(distinct, { error: "names a direction twice" });
const onDecline = z.enum(["keep", "release"]);

const pattern = z
  .string()
  .superRefine((text, context) => {
    const read = parseAllowPattern(text);
    if (!read.ok) context.addIssue({ code: "custom", message: `is no pattern: ${read.problem.replace(/\.$/, "")}` });
    else if (read.pattern.kind === "route" && read.pattern.segments.length > PATTERN_SEGMENTS_MAX)
      context.addIssue({ code: "custom", message: `has more than ${PATTERN_SEGMENTS_MAX} segments` });
  })
  .meta({
    id: "AllowPattern",
    description: 'A route (`*` one segment, `**` any number), an operation, `x.*`, or "**" for everything.',
    examples: ["POST /v1/payment_intents", "GET /v1/customers/*", "refunds.*"],
  });
const patterns = z.array(pattern).min(1).max(PATTERNS_MAX);

const rateLimit = z
  .strictObject({ calls: z.int().min(1).max(RATE_CALLS_MAX), per: z.enum(RATE_PERS) })
  .meta({ id: "RateLimit" });

const temporalId = printable(TEMPORAL_ID_LENGTH_MAX);
const temporal = z
  .strictObject({ namespace: temporalId.optional(), workflow_id: temporalId, run_id: temporalId })
  .transform(({ namespace, workflow_id, run_id }): TemporalRun => ({
    namespace: namespace ?? "default",
    workflowId: workflow_id,
    runId: run_id,
  }))
  .meta({ id: "TemporalInput", description: "The run behind the key; stands on every row of its calls." });

const account = z.string().regex(/^[!-~]{1,128}$/, { error: "must be an account id: printable ASCII without spaces" });

// ------------------------------------------------------------------------------------------------------------ API keys

const ceilings = z
  .strictObject({
    vendors: z.array(vendorId).min(1).max(LIST_MAX).optional(),
    credentials: z.array(printable(NAME_LENGTH_MAX)).min(1).max(LIST_MAX).optional(),
    agent_run_label_prefix: label.optional(),
    allowed_endpoints: patterns.optional(),
    daily_usd_cap: usd.optional(),
    total_usd_cap: usd.optional(),
    per_call_usd_cap: usd.optional(),
    expires_in: duration.optional(),
  })
  .refine((fields) => Object.values(fields).some((field) => field !== undefined), {
    error: "names no ceiling: name at least one, or leave it out",
  })
  .transform((fields): Ceilings => ({
    ...(fields.vendors === undefined ? {} : { vendors: fields.vendors }),
    ...(fields.credentials === undefined ? {} : { credentials: fields.credentials }),
    ...(fields.agent_run_label_prefix === undefined ? {} : { labelPrefix: fields.agent_run_label_prefix }),
    ...(fields.allowed_endpoints === undefined ? {} : { allowedEndpoints: fields.allowed_endpoints }),
    ...(fields.daily_usd_cap === undefined ? {} : { dailyCap: fields.daily_usd_cap }),
    ...(fields.total_usd_cap === undefined ? {} : { totalCap: fields.total_usd_cap }),
    ...(fields.per_call_usd_cap === undefined ? {} : { perCallCap: fields.per_call_usd_cap }),
    ...(fields.expires_in === undefined ? {} : { expiresInMs: fields.expires_in }),
  }))
  .meta({ id: "CeilingsInput", description: "The most that this API key may hand out. What is absent is no ceiling." });

export const createApiKey: z.ZodType<CreateApiKeyBody, wire.CreateApiKeyRequest> = z
  .strictObject({
    name: printable(NAME_LENGTH_MAX),
    scopes: z.array(z.enum(SCOPES)).min(1).refine(distinct, { error: "names a scope twice" }),
    ceilings: ceilings.nullable().optional(),
  })
  .superRefine((body, context) => {
    if (body.ceilings == null) return;
    const problem = body.scopes.includes("admin")
      ? "cannot bind a key that may do everything: leave out the scope admin or the ceilings"
      : body.scopes.includes("issue")
        ? null
        : "bind what a key issues: add the scope issue, or leave them out";
    if (problem !== null) context.addIssue({ code: "custom", path: ["ceilings"], message: problem });
  })
  .transform((body): CreateApiKeyBody => ({ ...body, ceilings: body.ceilings ?? null }))
  .meta({ id: "CreateApiKeyRequest" });

// --------------------------------------------------------------------------------------------------------- credentials

// Goes into a header, so it must be able to stand in one: https://www.rfc-editor.org/rfc/rfc9110#section-5.5
const secret = z
  .string()
  .min(1)
  .max(SECRET_LENGTH_MAX)
  .regex(/^[\x21-\x7e]*$/, { error: "must be printable ASCII without spaces or line ends" })
  .meta({
    id: "VendorSecret",
    description: "The vendor's real secret. Sealed on arrival, never shown again.",
    writeOnly: true,
  });

export const addCredential: z.ZodType<AddCredentialBody, wire.AddCredentialRequest> = z
  .strictObject({
    vendor: vendorId,
    // Credentials are named by name or by id, so a name must not look like an id.
    name: printable(NAME_LENGTH_MAX).refine((name) => !name.startsWith("cred_"), {
      error: "must not begin with cred_, as ids do",
    }),
    secret,
    account_id: account.optional(),
    account_sid: account.optional(),
    default: z.boolean().optional(),
  })
  .refine((body) => body.account_id === undefined || body.account_sid === undefined, {
    path: ["account_sid"],
    error: "is another word for account_id: give one of the two",
  })
  .meta({ id: "AddCredentialRequest" });

export const patchCredential: z.ZodType<wire.PatchCredentialRequest, wire.PatchCredentialRequest> = z
  .strictObject({
    default: z.literal(true, { error: "must be true: to take the default away, make another credential the default" }),
  })
  .meta({ id: "PatchCredentialRequest" });

export const rotateCredential: z.ZodType<wire.RotateCredentialRequest, wire.RotateCredentialRequest> = z
  .strictObject({ secret })
  .meta({ id: "RotateCredentialRequest" });

// ---------------------------------------------------------------------------------------------------------- vault keys

const oneExpiry = {
  check: (body: { readonly expires_in?: unknown; readonly expires_at?: unknown }): boolean =>
    body.expires_in === undefined || body.expires_at === undefined,
  problem: { path: ["expires_at"], error: "and expires_in say the same thing: give one of the two" },
};

const cap = z
  .strictObject({
    window,
    limit_usd: usd,
    time_zone: timeZone.optional(),
    directions: directions.optional(),
  })
  .meta({
    id: "CapInput",
    description: "A limit per calendar window over the directions it counts, added up, never netted.",
  });

const comparable = z.union([z.string(), z.number()]).transform((value, context): string => {
  const text = String(value);
  if (isDecimal(text)) return text;
  context.addIssue({ code: "custom", message: "must be a number in plain digits, as the parameter has it" });
  return z.NEVER;
});
const word = z.union([z.string().max(CONSTRAINT_TEXT_MAX), z.number(), z.boolean()]).transform(String);
const wordList = z.array(word).min(1).max(CONSTRAINT_LIST_MAX);
const constraintRule = z
  .strictObject({
    max: comparable.optional(),
    min: comparable.optional(),
    in: wordList.optional(),
    equals: word.optional(),
    prefix: z.string().min(1).max(CONSTRAINT_TEXT_MAX).optional(),
    domain_in: z
      .array(z.string().regex(/^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/, { error: 'must be a domain ("example.com")' }))
      .min(1)
      .max(CONSTRAINT_LIST_MAX)
      .optional(),
    optional: z.boolean().optional(),
  })
  .refine((rule) => Object.entries(rule).some(([name, value]) => name !== "optional" && value !== undefined), {
    error: "names no condition: say max, min, in, equals, prefix or domain_in",
  })
  .transform((rule): ParameterRule =>
    Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)),
  )
  .meta({
    id: "ParameterRule",
    description:
      "All conditions must hold for every value of the parameter. An absent parameter is refused unless `optional`.",
  });
const constraints = z
  .record(pattern, z.record(z.string().min(1).max(CONSTRAINT_TEXT_MAX), constraintRule))
  .refine((record) => Object.keys(record).length <= PATTERNS_MAX, { error: `has more than ${PATTERNS_MAX} entries` })
  .meta({
    id: "Constraints",
    description: "By operation or pattern, then by parameter.",
    examples: [{ "payment_intents.create": { amount: { max: 50000 }, currency: { in: ["usd", "eur"] } } }],
  });
const allowUnbounded = z.record(z.string().min(1), z.strictObject({ max_usd_per_call: usd })).meta({
  id: "AllowUnbounded",
  description: "By operation: what one call of an operation without a bound of its own is counted as.",
  examples: [{ "studio.executions.create": { max_usd_per_call: "2.00" } }],
});

export const issueKey: z.ZodType<IssueKeyBody, wire.IssueKeyRequest> = z
  .strictObject({
    vendor: vendorId.optional().meta({ description: "Required, unless the API key's ceiling names exactly one." }),
    credential: printable(NAME_LENGTH_MAX)
      .optional()
      .meta({ description: "Name or id; the vendor's default when absent." }),
    daily_usd_cap: usd.optional(),
    total_usd_cap: usd.optional(),
    per_call_usd_cap: usd.nullable().optional(),
    caps: z.array(cap).max(CAPS_MAX).optional(),
    time_zone: timeZone.optional().meta({ description: "The calendar of every cap that names none; UTC when absent." }),
    uncapped: z.boolean().optional().meta({ description: "Must be true for a key without any cap." }),
    allowed_endpoints: patterns
      .optional()
      .meta({ description: "Required, unless the API key's ceiling has a list to fill it from." }),
    expires_in: duration.optional(),
    expires_at: instantText.optional(),
    agent_run_label: label.nullable().optional(),
    temporal: temporal.nullable().optional(),
    rate_limit: rateLimit.nullable().optional(),
    on_decline: onDecline.optional(),
    accounts: z
      .array(account)
      .max(ACCOUNTS_MAX)
      .refine(distinct, { error: "names an account twice" })
      .optional()
      .meta({ description: "Vendor accounts (connected accounts, sub-accounts) that requests of this key may name." }),
    constraints: constraints.optional(),
    allow_unbounded: allowUnbounded.optional(),
  })
  .refine(oneExpiry.check, oneExpiry.problem)
  .meta({ id: "IssueKeyRequest" });

const capPatch = z
  .strictObject({ window, limit_usd: usd, directions: directions.optional() })
  .meta({ id: "CapPatchInput", description: "A new limit for a cap that the key has." });

export const patchKey: z.ZodType<PatchKeyBody, wire.PatchKeyRequest> = z
  .strictObject({
    daily_usd_cap: usd.optional(),
    total_usd_cap: usd.optional(),
    per_call_usd_cap: usd.nullable().optional(),
    caps: z.array(capPatch).min(1).max(CAPS_MAX).optional(),
    allowed_endpoints: patterns.optional(),
    expires_in: duration.optional(),
    expires_at: instantText.optional(),
    agent_run_label: label.nullable().optional(),
    rate_limit: rateLimit.nullable().optional(),
    on_decline: onDecline.optional(),
  })
  .refine((body) => Object.values(body).some((field) => field !== undefined), { error: "names nothing to change" })
  .refine(oneExpiry.check, oneExpiry.problem)
  .meta({ id: "PatchKeyRequest" });

// -------------------------------------------------------------------------------------------------------------- queries

const pageQuery = {
  limit: z
    .string()
    .transform(
      reading(
        (text) => (/^[1-9]\d{0,2}$/.test(text) && Number(text) <= PAGE_LIMIT_MAX ? Number(text) : null),
        `must be a whole number from 1 to ${PAGE_LIMIT_MAX}`,
      ),
    )
    .default(PAGE_LIMIT_DEFAULT)
    .meta({
      description: `Rows a page, 1 to ${PAGE_LIMIT_MAX}; ${PAGE_LIMIT_DEFAULT} when absent.`,
      type: "integer",
      minimum: 1,
      maximum: PAGE_LIMIT_MAX,
    }),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_.:=+/-]{1,512}$/, { error: "is no cursor that Keybrake gave" })
    .optional()
    .transform((text): string | null => text ?? null)
    .meta({ description: "`next_cursor` of the page before." }),
};

export const keyListQuery: z.ZodType<KeyListParsed> = z.strictObject({
  agent_run_label: label.optional(),
  agent_run_label_prefix: label.optional(),
  vendor: vendorId.optional(),
  status: z.enum(["active", "revoked", "expired"]).optional(),
  ...pageQuery,
});

export const operationListQuery: z.ZodType<OperationListParsed> = z.strictObject({
  vendor: vendorId.optional(),
  class: z.enum(OPERATION_CLASSES).optional(),
});

export const priceListQuery: z.ZodType<PriceListParsed> = z.strictObject({ vendor: vendorId.optional() });

const OUTCOMES: readonly Outcome[] = ["settled", "released", "held", "unknown", "needs_review", "none"];
export const callListQuery: z.ZodType<CallListParsed> = z.strictObject({
  agent_run_label: label.optional(),
  agent_run_label_prefix: label.optional(),
  key_id: opaqueId.optional(),
  vendor: vendorId.optional(),
  verdict: z.enum(["allowed", "refused"]).optional(),
  outcome: z.enum(OUTCOMES).optional(),
  workflow_id: temporalId.optional(),
  run_id: temporalId.optional(),
  from: instantText.optional().meta({ description: "Inclusive." }),
  to: instantText.optional().meta({ description: "Exclusive." }),
  ...pageQuery,
});

// -------------------------------------------------------------------------------------------------------------- answers

const usdText = z
  .string()
  .regex(/^-?\d+(\.\d{1,6})?$/)
  .meta({ id: "Usd", description: "Decimal text of dollars, exact to the micro-dollar." });
const time = z.string().meta({ id: "Time", description: "RFC 3339 in UTC with milliseconds.", format: "date-time" });
const text = z.string();
const rateAnswer = z.strictObject({ calls: z.int(), per: z.enum(RATE_PERS) }).meta({ id: "RateLimitAnswer" });

const apiKeyFields = {
  id: text,
  name: text,
  scopes: z.array(z.enum(SCOPES)),
  ceilings: z
    .strictObject({
      vendors: z.array(text).optional(),
      credentials: z.array(text).optional(),
      agent_run_label_prefix: text.optional(),
      allowed_endpoints: z.array(text).optional(),
      daily_usd_cap: usdText.optional(),
      total_usd_cap: usdText.optional(),
      per_call_usd_cap: usdText.optional(),
      expires_in: text.optional(),
    })
    .meta({ id: "Ceilings" })
    .nullable(),
  status: z.enum(["active", "revoked"]),
  created_at: time.nullable().meta({ description: "Null for the bootstrap key, which is a setting and not a record." }),
  revoked_at: time.nullable(),
};
export const apiKeyAnswer: z.ZodType<wire.ApiKeyAnswer> = z.strictObject(apiKeyFields).meta({ id: "ApiKey" });
export const createdApiKeyAnswer: z.ZodType<wire.CreatedApiKeyAnswer> = z
  .strictObject({ ...apiKeyFields, api_key: text.meta({ description: "Shown once, here." }) })
  .meta({ id: "CreatedApiKey" });
export const apiKeyListAnswer: z.ZodType<wire.ApiKeyListAnswer> = z
  .strictObject({ data: z.array(apiKeyAnswer) })
  .meta({ id: "ApiKeyList" });

export const credentialAnswer: z.ZodType<wire.CredentialAnswer> = z
  .strictObject({
    id: text,
    vendor: text,
    name: text,
    livemode: z.boolean(),
    sandbox: z.boolean(),
    account_id: text.nullable(),
    default: z.boolean(),
    created_at: time,
    rotated_at: time.nullable(),
    removed_at: time.nullable(),
  })
  .meta({ id: "Credential", description: "Never holds the secret, nor a part of it." });
export const credentialListAnswer: z.ZodType<wire.CredentialListAnswer> = z
  .strictObject({ data: z.array(credentialAnswer) })
  .meta({ id: "CredentialList" });

const budget = z
  .strictObject({
    window,
    limit_usd: usdText,
    settled_usd: usdText,
    held_usd: usdText,
    remaining_usd: usdText,
    resets_at: time.nullable().meta({ description: "Null: the window never ends." }),
    directions: z.array(direction),
    time_zone: text,
  })
  .meta({ id: "Budget" });

const keyFields = {
  key_id: text,
  base_url: text.meta({ description: "What the vendor's SDK takes as its base address." }),
  expires_at: time,
  status: z.enum(["active", "revoked", "expired"]),
  vendor: text,
  credential: z.strictObject({ id: text, name: text.nullable() }),
  livemode: z.boolean(),
  sandbox: z.boolean(),
  agent_run_label: text.nullable(),
  temporal: z.strictObject({ namespace: text, workflow_id: text, run_id: text }).nullable(),
  allowed_endpoints: z.array(text),
  budgets: z.array(budget),
  per_call_usd_cap: usdText.nullable(),
  uncapped: z.boolean(),
  rate_limit: rateAnswer.nullable(),
  on_decline: onDecline,
  accounts: z.array(text),
  constraints: z.record(text, z.record(text, z.looseObject({}))),
  allow_unbounded: z.record(text, z.strictObject({ max_usd_per_call: usdText })),
  account_sid: text.nullable().meta({
    description: "Stands for the vendor's account where its SDK wants one beside the key; null: it wants none.",
  }),
  created_at: time,
  revoked_at: time.nullable(),
  issued_by: text,
};
export const keyAnswer: z.ZodType<wire.KeyAnswer> = z.strictObject(keyFields).meta({ id: "VaultKey" });
export const issuedKeyAnswer: z.ZodType<wire.IssuedKeyAnswer> = z
  .strictObject({ ...keyFields, vault_key: text.meta({ description: "Shown once, here." }) })
  .meta({ id: "IssuedVaultKey" });
export const revokedKeyAnswer: z.ZodType<wire.RevokedKeyAnswer> = z
  .strictObject({
    ...keyFields,
    in_flight_calls: z.int().meta({ description: "Calls that had left before and whose answer had not come yet." }),
  })
  .meta({ id: "RevokedVaultKey" });
const nextCursor = text.nullable().meta({ description: "Null on the last page." });
export const keyListAnswer: z.ZodType<wire.KeyListAnswer> = z
  .strictObject({ data: z.array(keyAnswer), next_cursor: nextCursor })
  .meta({ id: "VaultKeyList" });

export const operationListAnswer: z.ZodType<wire.OperationListAnswer> = z
  .strictObject({
    data: z.array(
      z
        .strictObject({
          operation: text,
          vendor: text,
          method: text,
          host: text.exactOptional().meta({ description: "The vendor's host, where it is not its main one." }),
          path: text,
          class: z.enum(OPERATION_CLASSES),
          directions: z.array(direction),
          reason: text.nullable(),
        })
        .meta({ id: "Operation" }),
    ),
  })
  .meta({ id: "OperationList" });

const listedPrice = z
  .strictObject({
    vendor: text,
    operation: text,
    unit: text,
    qualifier: text.meta({ description: 'A country, first digits of a number, a word; "*" for all others.' }),
    usd: usdText.nullable().meta({ description: "For one unit; null where the source says that there is none." }),
    source: text,
    as_of: text,
    from: z.enum(["file", "card"]),
    too_old: z.boolean(),
  })
  .meta({ id: "Price" });
const ratesInUse = {
  as_of: text.meta({ description: "Day of the newest rates." }),
  source: text,
  from: z.enum(["file", "feed", "built_in"]),
  fetched_at: time.nullable().meta({ description: "When the feed was last read; null: not since the start." }),
  too_old: z.boolean().meta({ description: "Then money in other currencies than usd is refused." }),
};
const currencyRate = z
  .strictObject({
    currency: text,
    usd_per_unit: text.meta({ description: "At the reference rate, rounded up." }),
    worst_case_usd_per_unit: text.nullable().meta({
      description: "With the margin for the table's age: what is held. Null: the table is too old or too short.",
    }),
    minor_units: z.int().meta({ description: "Decimals of an amount in minor units." }),
  })
  .meta({ id: "CurrencyRate" });
export const priceListAnswer: z.ZodType<wire.PriceListAnswer> = z
  .strictObject({
    data: z.array(listedPrice),
    rates: z.strictObject({ ...ratesInUse, currencies: z.array(currencyRate) }),
  })
  .meta({ id: "PriceList" });
export const refreshedPricesAnswer: z.ZodType<wire.RefreshedPricesAnswer> = z
  .strictObject({
    prices_files: z.int(),
    live_prices_forgotten: z.int().meta({ description: "Vendors' own prices that will be asked for again." }),
    rates: z.strictObject({
      ...ratesInUse,
      feed: z.enum(["off", "updated", "unchanged", "failed"]),
      why: text.nullable().meta({ description: "Why the feed failed." }),
    }),
  })
  .meta({ id: "RefreshedPrices" });

export const auditRowAnswer: z.ZodType<wire.AuditRowAnswer> = z
  .strictObject({
    call_id: text,
    time,
    key_id: text.nullable(),
    agent_run_label: text.nullable(),
    workflow_id: text.nullable(),
    run_id: text.nullable(),
    activity_id: text.nullable(),
    attempt: z.int().nullable(),
    vendor: text.nullable(),
    operation: text.nullable(),
    method: text,
    path: text.meta({ description: "The vendor's, without Keybrake's prefix and without the query." }),
    verdict: z.enum(["allowed", "refused"]),
    refusal: text.nullable().meta({ description: "The code of the refusal." }),
    outcome: z.enum(OUTCOMES),
    estimate_usd: usdText.nullable(),
    cost_usd: usdText.nullable().meta({ description: "Null while nobody knows what it cost." }),
    amount: z.int().nullable().meta({ description: "Minor units of `currency`, as the vendor counts them." }),
    currency: text.nullable(),
    fee: z
      .int()
      .nullable()
      .meta({ description: "The vendor's own fee in minor units of `fee_currency`, where an answer told it." }),
    fee_currency: text.nullable(),
    direction: direction.nullable(),
    http_status: z.int().nullable(),
    vendor_request_id: text.nullable(),
    vendor_object_id: text.nullable(),
    idempotency_key: text.nullable(),
    replayed: z.boolean(),
    latency_ms: z.number().nullable(),
    upstream_ms: z.number().nullable(),
    livemode: z.boolean().nullable(),
    sandbox: z.boolean(),
    why: text.nullable().meta({ description: "Why the outcome is unknown, or why nothing was sent." }),
    held_usd: usdText,
    rate_date: text.nullable().meta({ description: "Date of the exchange rate behind the estimate." }),
    replay_of: text.nullable(),
  })
  .meta({ id: "Call" });
export const callListAnswer: z.ZodType<wire.CallListAnswer> = z
  .strictObject({ data: z.array(auditRowAnswer), next_cursor: nextCursor })
  .meta({ id: "CallList" });

export const healthAnswer: z.ZodType<wire.HealthAnswer> = z
  .strictObject({ status: z.literal("ok"), version: text })
  .meta({ id: "Health" });
export const readinessAnswer: z.ZodType<wire.ReadinessAnswer> = z
  .strictObject({ status: z.literal("ready"), version: text, recovered_unknown: z.int() })
  .meta({ id: "Readiness" });
export const openApiAnswer: z.ZodType = z.looseObject({}).meta({ id: "OpenApiDocument" });
export const errorAnswer: z.ZodType<wire.ErrorAnswer> = z
  .strictObject({
    error: z.looseObject({
      code: text.meta({ description: "For programs." }),
      message: text.meta({ description: "For people: what is wrong, and what to do next." }),
      field: text.exactOptional().meta({ description: "The part of the request that is wrong." }),
    }),
  })
  .meta({ id: "Error" });
