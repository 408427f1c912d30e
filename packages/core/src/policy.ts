/**
 * Policy: what a key may call at all, before any money is counted. `decide` is a function from values to a refusal or null;
 * budgets, expiry and revocation are the ledger's.
 */
import type { VaultKey } from "./key.ts";
import type { Operation, OperationMatch } from "./operation.ts";
import { parseAllowPattern, patternMatches, type AllowPattern } from "./pattern.ts";
import { refusal, type Refusal } from "./refusal.ts";

export interface PolicyQuestion {
  readonly method: string;
  readonly path: string;
  readonly segments: readonly string[];
  /** Null: no published operation of the vendor matches. */
  readonly match: OperationMatch | null;
}

/** Denied by default: what no pattern names, what the vendor's table does not know, what hands out secrets, what has no bound. */
export function decide(
  question: PolicyQuestion,
  allowed: readonly AllowPattern[],
  { allowUnbounded }: Pick<VaultKey, "allowUnbounded">,
): Refusal | null {
  const { method, path, segments, match } = question;
  const operation = match?.operation ?? null;
  if (!allowed.some((pattern) => patternMatches(pattern, { method, segments, operation: operation?.name ?? null })))
    return refusal("endpoint_not_allowed", `${method} ${path} is not on this vault key's list of allowed endpoints.`);
  if (operation === null) return refusal("operation_unknown", `${method} ${path} is no operation that Keybrake knows.`);
  switch (operation.class) {
    case "secret-bearing":
      // What it tells is blanked out on the way back.
      if (operation.redacts !== undefined) return null;
      return refusal("operation_exposes_secret", because(operation.name, operation.reason));
    case "unbounded":
      return Object.hasOwn(allowUnbounded, operation.name) ? null : operationUnbounded(operation);
    case "read":
    case "free":
    case "money":
      return null;
  }
}

/** What has no bound is forwarded only where the key's issuer gave it one. `why` where this very request is what has none. */
export function operationUnbounded({ name, reason }: Operation, why: string | undefined = reason): Refusal {
  return refusal(
    "operation_unbounded",
    `${because(name, why)} A key may call it with a ceiling: allow_unbounded {"${name}": {"max_usd_per_call": ...}}.`,
  );
}

function because(name: string, reason: string | undefined): string {
  return reason === undefined ? `${name} is not forwarded.` : `${name} is not forwarded: ${reason}.`;
}

/** The key's own patterns, parsed. They were checked when the key was issued; one that no longer parses allows nothing. */
export function allowlistOf(key: VaultKey): readonly AllowPattern[] {
  return key.allowedEndpoints.flatMap((text) => {
    const read = parseAllowPattern(text);
    return read.ok ? [read.pattern] : [];
  });
}
