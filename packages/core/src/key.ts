/** The records that the control plane keeps: vault keys, credentials, API keys. Plain data, no behaviour but small readings of it. */
import type { Constraints } from "./constraints.ts";
import type { ApiKeyId, BudgetId, CredentialId, KeyId } from "./ids.ts";
import type { MicroUsd } from "./money.ts";
import type { Direction } from "./operation.ts";
import type { Instant } from "./time.ts";
import type { WindowKind } from "./windows.ts";

/** One cap of a key: `limit` micro-USD per calendar window, over the directions it counts (added up, never netted). */
export interface Cap {
  readonly id: BudgetId;
  readonly window: WindowKind;
  readonly limit: MicroUsd;
  /** IANA zone whose calendar gives the window its edges. */
  readonly timeZone: string;
  readonly directions: readonly Direction[];
}

export interface RateLimit {
  /** Calls admitted at most in each calendar second, minute, hour or day (UTC), or over the key's whole life. */
  readonly calls: number;
  readonly per: RatePer;
}

export const RATE_PERS = ["second", "minute", "hour", "day", "total"] as const;
export type RatePer = (typeof RATE_PERS)[number];

export interface TemporalRun {
  readonly namespace: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** What the agent holds is a token; this is what the token stands for. The token itself is never stored, only its SHA-256. */
export interface VaultKey {
  readonly id: KeyId;
  /** SHA-256 of the token, lower-case hex. */
  readonly tokenHash: string;
  readonly vendor: string;
  readonly credentialId: CredentialId;
  readonly livemode: boolean;
  /** True when the credential is the built-in sandbox's: no real vendor is ever called. */
  readonly sandbox: boolean;
  readonly label: string | null;
  readonly temporal: TemporalRun | null;
  /** Allowlist patterns as written (pattern.ts); never empty. */
  readonly allowedEndpoints: readonly string[];
  readonly caps: readonly Cap[];
  readonly perCallCap: MicroUsd | null;
  /** True only when the issuer said so; otherwise `caps` has at least one entry. */
  readonly uncapped: boolean;
  readonly rateLimit: RateLimit | null;
  /** What a declined but still payable object does to its hold. */
  readonly onDecline: "keep" | "release";
  /** Vendor accounts that requests of this key may name (connected accounts); empty: none. */
  readonly accounts: readonly string[];
  readonly constraints: Constraints;
  /** By operation name: what one call of an unbounded operation is counted as, and may cost at most. */
  readonly allowUnbounded: Readonly<Record<string, { readonly maxPerCall: MicroUsd }>>;
  readonly issuedBy: ApiKeyId;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly revokedAt: Instant | null;
}

export type KeyStatus = "active" | "revoked" | "expired";

export function keyStatus(key: VaultKey, now: Instant): KeyStatus {
  if (key.revokedAt !== null) return "revoked";
  return now >= key.expiresAt ? "expired" : "active";
}

/** A credential without its secret. The sealed secret is kept apart, so that removing a credential erases it. */
export interface Credential {
  readonly id: CredentialId;
  readonly vendor: string;
  readonly name: string;
  readonly livemode: boolean;
  readonly sandbox: boolean;
  /** The vendor's account id, where the vendor's authentication needs one. */
  readonly accountId: string | null;
  readonly isDefault: boolean;
  readonly createdAt: Instant;
  readonly rotatedAt: Instant | null;
  readonly removedAt: Instant | null;
}

export type Scope = "issue" | "read" | "operate" | "admin";
export const SCOPES: readonly Scope[] = ["issue", "read", "operate", "admin"];

/** The most that an `issue` key may hand out. A missing field is no ceiling. */
export interface Ceilings {
  readonly vendors?: readonly string[];
  /** Names or ids of credentials. */
  readonly credentials?: readonly string[];
  readonly labelPrefix?: string;
  readonly allowedEndpoints?: readonly string[];
  readonly dailyCap?: MicroUsd;
  readonly totalCap?: MicroUsd;
  readonly perCallCap?: MicroUsd;
  /** Longest life of a key, milliseconds. */
  readonly expiresInMs?: number;
}

export interface ApiKey {
  readonly id: ApiKeyId;
  readonly name: string;
  /** SHA-256 of the token, lower-case hex. */
  readonly tokenHash: string;
  readonly scopes: readonly Scope[];
  readonly ceilings: Ceilings | null;
  readonly createdAt: Instant;
  readonly revokedAt: Instant | null;
}
