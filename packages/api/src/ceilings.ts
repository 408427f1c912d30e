/**
 * Ceilings: what an API key that sits beside the agent may hand out. Whoever steals it must not be able to make a bigger vault key
 * than it was meant to make, neither by issuing one nor by changing one. Pure: a whole key is compared with the ceilings, never
 * only the part that a request names, so that no request can lean on what an earlier one left behind.
 *
 * Known limit: ceilings bind one key. Nothing here counts how many keys are issued.
 */
import {
  DIRECTIONS,
  formatUsd,
  parseAllowPattern,
  patternCovers,
  type AllowPattern,
  type Cap,
  type Ceilings,
  type Credential,
  type MicroUsd,
  type PatternOperation,
  type VaultKey,
  type WindowKind,
} from "@keybrake/core";
import { formatDuration } from "./answers.ts";
import { problem, type Problem } from "./problem.ts";

export type PolicyOfKey = Omit<VaultKey, "tokenHash">;

/** What the comparison must know of the world. */
export interface CeilingContext {
  readonly operations: readonly PatternOperation[];
  /** The key's credential; null when it has been removed. */
  readonly credential: Pick<Credential, "id" | "name"> | null;
  /** What the request calls a cap. */
  readonly fieldOf: (cap: Cap) => string;
}

/** Null when all of the key is within all of the ceilings. */
export function ceilingProblem(key: PolicyOfKey, ceilings: Ceilings, context: CeilingContext): Problem | null {
  const { dailyCap, totalCap, perCallCap, labelPrefix, vendors, expiresInMs } = ceilings;
  if (key.uncapped) return beyond("uncapped", true, false, "An API key with ceilings issues no uncapped vault key.");
  if (vendors !== undefined && !vendors.includes(key.vendor)) return beyond("vendor", key.vendor, vendors);
  if (ceilings.credentials !== undefined && !namesCredential(ceilings.credentials, context.credential))
    return beyond("credential", context.credential?.name ?? null, ceilings.credentials);
  if (labelPrefix !== undefined && !(key.label ?? "").startsWith(labelPrefix))
    return beyond("agent_run_label", key.label, `${labelPrefix}*`);

  const endpoint = endpointBeyond(key.allowedEndpoints, ceilings, context.operations);
  if (endpoint !== null) return endpoint;

  for (const cap of key.caps) {
    const highest = highestLimit(cap.window, ceilings);
    if (highest !== null && cap.limit > highest)
      return beyond(context.fieldOf(cap), formatUsd(cap.limit), formatUsd(highest));
  }
  // A cap over some directions leaves the others uncounted; a ceiling stands only where one cap counts all of them.
  if (dailyCap !== undefined && !key.caps.some((cap) => cap.window === "day" && countsAll(cap)))
    return beyond("daily_usd_cap", null, formatUsd(dailyCap), "The vault key has no daily cap over all directions.");
  if (totalCap !== undefined && !key.caps.some((cap) => cap.window === "total" && countsAll(cap)))
    return beyond("total_usd_cap", null, formatUsd(totalCap), "The vault key has no total cap over all directions.");
  if (perCallCap !== undefined && (key.perCallCap === null || key.perCallCap > perCallCap))
    return beyond(
      "per_call_usd_cap",
      key.perCallCap === null ? null : formatUsd(key.perCallCap),
      formatUsd(perCallCap),
    );

  // From the key's first moment, so that many small extensions are one long life.
  if (expiresInMs !== undefined && key.expiresAt - key.createdAt > expiresInMs)
    return beyond(
      "expires_at",
      formatDuration(key.expiresAt - key.createdAt),
      formatDuration(expiresInMs),
      "The vault key would live longer, counted from when it was issued.",
    );

  // No ceiling can name accounts, so an API key with ceilings gives none away.
  if (key.accounts.length > 0) return beyond("accounts", key.accounts, []);
  // What such a call costs, nobody counts: its ceiling is a word of whoever issued the key.
  if (Object.keys(key.allowUnbounded).length > 0) return beyond("allow_unbounded", Object.keys(key.allowUnbounded), []);
  // What is declined can still be paid later: a released hold would let a thief open payments beyond every cap.
  if (key.onDecline === "release" && (dailyCap ?? totalCap ?? perCallCap) !== undefined)
    return beyond("on_decline", "release", "keep");
  return null;
}

/** The highest limit that a cap of this window may have: money that moves in an hour also moves in a day, and in total. */
function highestLimit(window: WindowKind, ceilings: Ceilings): MicroUsd | null {
  const { dailyCap, totalCap } = ceilings;
  const within: MicroUsd[] = [];
  if (dailyCap !== undefined && (window === "hour" || window === "day")) within.push(dailyCap);
  if (totalCap !== undefined) within.push(totalCap);
  return within.reduce<MicroUsd | null>((least, limit) => (least === null || limit < least ? limit : least), null);
}

export function countsAll(cap: Pick<Cap, "directions">): boolean {
  return DIRECTIONS.every((direction) => cap.directions.includes(direction));
}

export function namesCredential(names: readonly string[], credential: Pick<Credential, "id" | "name"> | null): boolean {
  return credential !== null && (names.includes(credential.id) || names.includes(credential.name));
}

function patternsOf(texts: readonly string[]): readonly AllowPattern[] {
  return texts.flatMap((text) => {
    const read = parseAllowPattern(text);
    return read.ok ? [read.pattern] : [];
  });
}

function endpointBeyond(
  asked: readonly string[],
  ceilings: Ceilings,
  operations: readonly PatternOperation[],
): Problem | null {
  if (ceilings.allowedEndpoints === undefined) return null;
  const outer = patternsOf(ceilings.allowedEndpoints);
  for (const [index, text] of asked.entries()) {
    const read = parseAllowPattern(text);
    if (!read.ok || !patternCovers(outer, read.pattern, operations))
      return beyond(`allowed_endpoints[${index}]`, text, ceilings.allowedEndpoints);
  }
  return null;
}

function beyond(field: string, asked: unknown, allowed: unknown, sentence?: string): Problem {
  const message = `${sentence === undefined ? "" : `${sentence} `}${field} is beyond this API key's ceiling: asked ${JSON.stringify(asked)}, allowed ${JSON.stringify(allowed)}.`;
  return problem(403, "ceiling_exceeded", message, { field, facts: { asked, allowed } });
}

/** Whether `after` allows nothing that `before` did not: such a change is always welcome, whoever issued the key. */
export function isNarrower(before: PolicyOfKey, after: PolicyOfKey): boolean {
  if (after.label !== before.label) return false;
  if (after.expiresAt > before.expiresAt) return false;
  if (after.onDecline === "release" && before.onDecline === "keep") return false;
  if (before.perCallCap !== null && (after.perCallCap === null || after.perCallCap > before.perCallCap)) return false;
  if (!isTighter(before.rateLimit, after.rateLimit)) return false;
  for (const cap of before.caps) {
    const now = after.caps.find((each) => each.id === cap.id);
    if (now === undefined || now.limit > cap.limit) return false;
  }
  // By their text, not by what they match: whoever issued the key chose these patterns, and could have chosen some that take
  // seconds to compare. Taking one away is always possible.
  return after.allowedEndpoints.every((text) => before.allowedEndpoints.includes(text));
}

function isTighter(before: VaultKey["rateLimit"], after: VaultKey["rateLimit"]): boolean {
  if (before === null) return true;
  return after !== null && after.per === before.per && after.calls <= before.calls;
}
