/**
 * From a request to a vault key, and from a change to a patch: pure functions that fill in what was left out, refuse what cannot
 * be, and compare the result with the caller's ceilings. They make no token and write nothing.
 */
import {
  applyKeyPatch,
  asBudgetId,
  DAY_MS,
  DIRECTIONS,
  DURATION_MAX_MS,
  formatInstant,
  instant,
  keyStatus,
  parseAllowPattern,
  patternMatches,
  type ApiKeyId,
  type Cap,
  type Ceilings,
  type Constraints,
  type Credential,
  type Direction,
  type Instant,
  type KeyId,
  type KeyPatch,
  type MicroUsd,
  type Operation,
  type Vendor,
  type VaultKey,
  type WindowKind,
} from "@keybrake/core";
import { ceilingProblem, countsAll, isNarrower, namesCredential, type PolicyOfKey } from "./ceilings.ts";
import { badField, isProblem, problem, type Problem } from "./problem.ts";
import { CAPS_MAX, type IssueKeyBody, type PatchKeyBody } from "./schemas.ts";
import { suggest } from "./suggest.ts";

/** Where neither the request nor a ceiling says how long: a working day and the night after it. */
const LIFE_DEFAULT_MS: number = DAY_MS;

export interface DraftContext {
  readonly id: KeyId;
  readonly now: Instant;
  readonly by: ApiKeyId;
  readonly ceilings: Ceilings | null;
  readonly vendors: readonly Vendor[];
  /** Not removed ones, of all vendors. */
  readonly credentials: readonly Credential[];
}

export function draftKey(body: IssueKeyBody, context: DraftContext): PolicyOfKey | Problem {
  const { now } = context;
  const ceilings = context.ceilings ?? {};

  const vendor = vendorOf(body, ceilings, context.vendors);
  if (isProblem(vendor)) return vendor;
  const credential = credentialOf(body, ceilings, vendor, context.credentials);
  if (isProblem(credential)) return credential;
  const caps = capsOf(body, ceilings, context.id);
  if (isProblem(caps)) return caps;
  const expiresAt = expiryOf(body, now, ceilings.expiresInMs ?? LIFE_DEFAULT_MS);
  if (isProblem(expiresAt)) return expiresAt;
  const allowedEndpoints = endpointsOf(body, ceilings, vendor);
  if (isProblem(allowedEndpoints)) return allowedEndpoints;

  const wrong =
    constraintProblem(body.constraints ?? {}, vendor) ?? unboundedProblem(body.allow_unbounded ?? {}, vendor);
  if (wrong !== null) return wrong;

  const uncapped = body.uncapped === true;
  if (uncapped && caps.list.length > caps.filled)
    return badField("uncapped", "The request asks for caps and for no caps; leave out one of the two.");
  if (!uncapped && caps.list.length === 0)
    return badField(
      "caps",
      'The key needs a cap besides the per-call one: daily_usd_cap, total_usd_cap or caps. For none at all say "uncapped": true.',
    );

  const key: PolicyOfKey = {
    id: context.id,
    vendor: vendor.id,
    credentialId: credential.id,
    livemode: credential.livemode,
    sandbox: credential.sandbox,
    label: body.agent_run_label ?? ceilings.labelPrefix ?? null,
    temporal: body.temporal ?? null,
    allowedEndpoints,
    caps: caps.list,
    perCallCap: body.per_call_usd_cap ?? ceilings.perCallCap ?? null,
    uncapped,
    rateLimit: body.rate_limit ?? null,
    onDecline: body.on_decline ?? "keep",
    accounts: body.accounts ?? [],
    constraints: body.constraints ?? {},
    allowUnbounded: Object.fromEntries(
      Object.entries(body.allow_unbounded ?? {}).map(([name, { max_usd_per_call }]) => [
        name,
        { maxPerCall: max_usd_per_call },
      ]),
    ),
    issuedBy: context.by,
    createdAt: now,
    expiresAt,
    revokedAt: null,
  };
  if (context.ceilings === null) return key;
  const { operations } = vendor.operations;
  return ceilingProblem(key, context.ceilings, { operations, credential, fieldOf: caps.fieldOf }) ?? key;
}

// --------------------------------------------------------------------------------------------- vendor and credential

function vendorOf(body: IssueKeyBody, ceilings: Ceilings, vendors: readonly Vendor[]): Vendor | Problem {
  const only = ceilings.vendors?.length === 1 ? ceilings.vendors[0] : undefined;
  const asked = body.vendor ?? only;
  const found = vendors.find((each) => each.id === asked);
  if (found !== undefined) return found;
  const known = vendors.map((each) => each.id);
  const message = `${asked === undefined ? "Say which vendor" : `${JSON.stringify(asked)} is no vendor that Keybrake knows; say one of`}: ${known.join(", ")}.`;
  return badField("vendor", message, { known });
}

function credentialOf(
  body: IssueKeyBody,
  ceilings: Ceilings,
  vendor: Vendor,
  all: readonly Credential[],
): Credential | Problem {
  const own = all.filter((each) => each.vendor === vendor.id && each.removedAt === null);
  const allowed = ceilings.credentials;
  const within = allowed === undefined ? own : own.filter((each) => namesCredential(allowed, each));
  const asked = body.credential;

  if (asked !== undefined) {
    const found = own.find((each) => each.id === asked) ?? own.find((each) => each.name === asked);
    if (found !== undefined && within.includes(found)) return found;
    // Whoever may use only some is not told whether others exist.
    if (allowed !== undefined) return credentialBeyond(asked, allowed);
    const names = own.map((each) => each.name);
    return badField(
      "credential",
      `${vendor.displayName} has no credential ${JSON.stringify(asked)}. ${thereAre(names)}`,
      {
        known: names,
      },
    );
  }

  const found =
    within.find((each) => each.isDefault) ?? (allowed !== undefined && within.length === 1 ? within[0] : undefined);
  if (found !== undefined) return found;
  if (own.length === 0)
    return badField(
      "credential",
      `${vendor.displayName} has no credential yet. Add one: POST /vault/credentials, or keybrake credentials add --vendor ${vendor.id} --name main.`,
    );
  if (within.length === 0) return credentialBeyond(null, allowed ?? []);
  const names = within.map((each) => each.name);
  return badField(
    "credential",
    `${vendor.displayName} has no default credential here; name one of: ${names.join(", ")}.`,
    {
      known: names,
    },
  );
}

function credentialBeyond(asked: string | null, allowed: readonly string[]): Problem {
  return problem(
    403,
    "ceiling_exceeded",
    `credential is beyond this API key's ceiling; allowed: ${allowed.join(", ")}.`,
    {
      field: "credential",
      facts: { asked, allowed },
    },
  );
}

function thereAre(names: readonly string[]): string {
  return names.length === 0
    ? "There is none; add one with POST /vault/credentials."
    : `There are: ${names.join(", ")}.`;
}

// --------------------------------------------------------------------------------------------------------------- caps

interface DraftCaps {
  readonly list: readonly Cap[];
  /** How many of them come from a ceiling and not from the request. */
  readonly filled: number;
  readonly fieldOf: (cap: Cap) => string;
}

function capsOf(body: IssueKeyBody, ceilings: Ceilings, keyId: KeyId): DraftCaps | Problem {
  const zone = body.time_zone ?? "UTC";
  const list: Cap[] = [];
  const fields = new Map<Cap, string>();
  const add = (
    field: string,
    window: WindowKind,
    limit: MicroUsd,
    timeZone: string,
    directions: readonly Direction[],
  ): Problem | null => {
    const inOrder = DIRECTIONS.filter((each) => directions.includes(each));
    const same = list.find((each) => each.window === window && sameDirections(each.directions, inOrder));
    if (same !== undefined)
      return badField(
        field,
        `${field} and ${fields.get(same) ?? "another cap"} are caps over the same window and directions; give one.`,
      );
    const cap: Cap = { id: asBudgetId(`${keyId}.${list.length + 1}`), window, limit, timeZone, directions: inOrder };
    list.push(cap);
    fields.set(cap, field);
    return null;
  };

  if (body.daily_usd_cap !== undefined) add("daily_usd_cap", "day", body.daily_usd_cap, zone, DIRECTIONS);
  if (body.total_usd_cap !== undefined) add("total_usd_cap", "total", body.total_usd_cap, zone, DIRECTIONS);
  for (const [index, cap] of (body.caps ?? []).entries()) {
    const wrong = add(`caps[${index}]`, cap.window, cap.limit_usd, cap.time_zone ?? zone, cap.directions ?? DIRECTIONS);
    if (wrong !== null) return wrong;
  }
  const asked = list.length;
  if (asked > CAPS_MAX) return badField("caps", `A vault key has at most ${CAPS_MAX} caps.`);

  // A ceiling is filled in beside whatever narrower caps were asked for, so that no direction goes uncounted.
  const has = (window: WindowKind): boolean => list.some((cap) => cap.window === window && countsAll(cap));
  if (ceilings.dailyCap !== undefined && !has("day")) add("daily_usd_cap", "day", ceilings.dailyCap, zone, DIRECTIONS);
  if (ceilings.totalCap !== undefined && !has("total"))
    add("total_usd_cap", "total", ceilings.totalCap, zone, DIRECTIONS);
  return { list, filled: list.length - asked, fieldOf: (cap) => fields.get(cap) ?? fieldName(cap) };
}

function sameDirections(a: readonly Direction[], b: readonly Direction[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}

/** What a request would call this cap. */
function fieldName(cap: Cap): string {
  if (countsAll(cap) && cap.window === "day") return "daily_usd_cap";
  if (countsAll(cap) && cap.window === "total") return "total_usd_cap";
  return "caps";
}

// -------------------------------------------------------------------------------------------------------------- expiry

function expiryOf(
  body: Pick<IssueKeyBody, "expires_in" | "expires_at">,
  now: Instant,
  lifeMs: number,
): Instant | Problem {
  if (body.expires_at === undefined) return instant(now + (body.expires_in ?? lifeMs));
  if (body.expires_at <= now)
    return badField("expires_at", `${formatInstant(body.expires_at)} has passed; it is ${formatInstant(now)} here.`);
  if (body.expires_at - now > DURATION_MAX_MS) return badField("expires_at", "A vault key lives at most ten years.");
  return body.expires_at;
}

// ----------------------------------------------------------------------------------------------------------- endpoints

function endpointsOf(body: IssueKeyBody, ceilings: Ceilings, vendor: Vendor): readonly string[] | Problem {
  if (body.allowed_endpoints !== undefined)
    return unknownOperation(body.allowed_endpoints, [vendor], "allowed_endpoints") ?? body.allowed_endpoints;
  // A ceiling over several vendors has patterns of the others too.
  const filled = (ceilings.allowedEndpoints ?? []).filter((text) => meetsAny(text, vendor.operations.operations));
  if (filled.length > 0) return filled;
  return badField(
    "allowed_endpoints",
    'The key must name what it may call, for example ["POST /v1/..."], an operation, or ["**"] for everything.',
  );
}

/** A constraint that no request can meet, or that is on a parameter which is called otherwise, would be found out too late. */
function constraintProblem(constraints: Constraints, vendor: Vendor): Problem | null {
  for (const [text, rules] of Object.entries(constraints)) {
    const field = `constraints[${JSON.stringify(text)}]`;
    const matched = vendor.operations.operations.filter((operation) => meetsAny(text, [operation]));
    if (matched.length === 0)
      return (
        unknownOperation([text], [vendor], "constraints") ??
        badField(field, `${JSON.stringify(text)} matches no operation of ${vendor.displayName}.`)
      );
    for (const name of Object.keys(rules))
      for (const operation of matched) {
        const known = vendor.parameterNames(operation);
        if (known?.includes(rootOfParameter(name)) === true) continue;
        if (known === null)
          return badField(
            `${field}.${name}`,
            `${vendor.displayName} does not publish the parameters of ${operation.name}, so nothing can be said about them. Name the operations that have ${JSON.stringify(name)}.`,
          );
        const names = known.length === 0 ? "It has none." : `It has: ${known.join(", ")}.`;
        return badField(`${field}.${name}`, `${operation.name} has no parameter ${JSON.stringify(name)}. ${names}`, {
          known,
        });
      }
  }
  return null;
}

function rootOfParameter(name: string): string {
  const bracket = name.indexOf("[");
  return bracket === -1 ? name : name.slice(0, bracket);
}

/** Only for what can be without a bound: of anything else the ceiling would be taken for a cap. */
function unboundedProblem(ceilings: NonNullable<IssueKeyBody["allow_unbounded"]>, vendor: Vendor): Problem | null {
  for (const name of Object.keys(ceilings)) {
    const field = `allow_unbounded[${JSON.stringify(name)}]`;
    const operation = vendor.operations.byName(name);
    if (name.includes("*"))
      return badField(field, "Each operation has a ceiling of its own: name it, because patterns are not taken here.");
    if (operation === null) {
      const near = suggest(name, vendor.operations.operations);
      return badField(
        field,
        `There is no operation ${JSON.stringify(name)} of ${vendor.displayName}.${near.length === 0 ? "" : ` Did you mean ${near.join(", ")}?`}`,
        { near },
      );
    }
    if (operation.class === "secret-bearing")
      return badField(field, `${name} is of the class "secret-bearing", which no ceiling lets through.`);
    if (operation.class !== "unbounded" && operation.class !== "money")
      return badField(
        field,
        `${name} is of the class "${operation.class}" and needs no ceiling. For a limit on every call say per_call_usd_cap.`,
      );
  }
  return null;
}

/** A pattern of an operation that does not exist is a typing error: it would allow nothing, and nobody would know why. */
export function unknownOperation(texts: readonly string[], vendors: readonly Vendor[], field: string): Problem | null {
  const operations = vendors.flatMap((vendor) => vendor.operations.operations);
  const names = vendors.map((vendor) => vendor.displayName).join(" or ");
  for (const [index, text] of texts.entries()) {
    const read = parseAllowPattern(text);
    if (!read.ok || read.pattern.kind !== "operation" || meetsAny(text, operations)) continue;
    const near = suggest(text, operations);
    return badField(
      `${field}[${index}]`,
      `There is no operation ${JSON.stringify(text)} of ${names}.${near.length === 0 ? "" : ` Did you mean ${near.join(", ")}?`} GET /vault/operations lists them.`,
      { near },
    );
  }
  return null;
}

/** Whether a request of one of these operations can be allowed by the pattern; a template's `{id}` is any segment. */
function meetsAny(text: string, operations: readonly Operation[]): boolean {
  const read = parseAllowPattern(text);
  if (!read.ok) return false;
  const { pattern } = read;
  return operations.some(({ name, method, path }) => {
    const segments = path.slice(1).split("/");
    if (patternMatches(pattern, { method, segments, operation: name })) return true;
    if (pattern.kind !== "route" || segments.length !== pattern.segments.length) return false;
    // A literal of the route may stand where the template has an id.
    const filledIn = segments.map((each, i) => (each.startsWith("{") ? (pattern.segments[i] ?? each) : each));
    return patternMatches(pattern, { method, segments: filledIn, operation: name });
  });
}

// --------------------------------------------------------------------------------------------------------------- patch

export interface PatchContext {
  readonly key: VaultKey;
  readonly now: Instant;
  readonly ceilings: Ceilings | null;
  /** Null when this Keybrake no longer knows the vendor. */
  readonly vendor: Vendor | null;
  /** Null when it has been removed. */
  readonly credential: Credential | null;
}

export function draftPatch(body: PatchKeyBody, context: PatchContext): KeyPatch | Problem {
  const { key, now, ceilings, vendor } = context;
  const status = keyStatus(key, now);
  // A dead key stays dead: what it was revoked for must not come back by a change of its expiry.
  if (status !== "active")
    return problem(409, "key_not_active", `This vault key is ${status}; issue a new one.`, { facts: { status } });

  const caps = patchedCaps(body, key);
  if (isProblem(caps)) return caps;
  const expiresAt =
    body.expires_in === undefined && body.expires_at === undefined ? undefined : expiryOf(body, now, LIFE_DEFAULT_MS);
  if (isProblem(expiresAt)) return expiresAt;
  if (body.allowed_endpoints !== undefined && vendor !== null) {
    const unknown = unknownOperation(body.allowed_endpoints, [vendor], "allowed_endpoints");
    if (unknown !== null) return unknown;
  }
  const patch: KeyPatch = {
    ...(caps === null ? {} : { caps }),
    ...(body.per_call_usd_cap === undefined ? {} : { perCallCap: body.per_call_usd_cap }),
    ...(body.allowed_endpoints === undefined ? {} : { allowedEndpoints: body.allowed_endpoints }),
    ...(body.rate_limit === undefined ? {} : { rateLimit: body.rate_limit }),
    ...(body.on_decline === undefined ? {} : { onDecline: body.on_decline }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(body.agent_run_label === undefined ? {} : { label: body.agent_run_label }),
  };
  if (ceilings === null) return patch;
  const after = applyKeyPatch(key, patch);
  const operations = vendor?.operations.operations ?? [];
  // The ceilings first: they compare with patterns that an administrator wrote. Whoever issued the key chose the other ones, and
  // could have chosen many that are slow to compare.
  const beyond = ceilingProblem(after, ceilings, { operations, credential: context.credential, fieldOf: fieldName });
  return beyond === null || isNarrower(key, after) ? patch : beyond;
}

function patchedCaps(body: PatchKeyBody, key: VaultKey): readonly Cap[] | null | Problem {
  const wanted: { field: string; window: WindowKind; limit: MicroUsd; directions: readonly Direction[] | null }[] = [];
  if (body.daily_usd_cap !== undefined)
    wanted.push({ field: "daily_usd_cap", window: "day", limit: body.daily_usd_cap, directions: null });
  if (body.total_usd_cap !== undefined)
    wanted.push({ field: "total_usd_cap", window: "total", limit: body.total_usd_cap, directions: null });
  for (const [index, cap] of (body.caps ?? []).entries())
    wanted.push({
      field: `caps[${index}]`,
      window: cap.window,
      limit: cap.limit_usd,
      directions: cap.directions ?? null,
    });
  if (wanted.length === 0) return null;

  const limits = new Map<Cap, MicroUsd>();
  for (const { field, window, limit, directions } of wanted) {
    const cap = capNamed(key.caps, window, directions);
    if (cap === null)
      return badField(
        field,
        `This vault key has no ${window} cap${directions === null ? "" : ` over ${directions.join(", ")}`}. Caps can be raised and lowered, not added: issue a new key.`,
        { caps: key.caps.map((each) => ({ window: each.window, directions: each.directions })) },
      );
    if (limits.has(cap)) return badField(field, `The ${window} cap is named twice.`);
    limits.set(cap, limit);
  }
  return key.caps.map((cap) => ({ ...cap, limit: limits.get(cap) ?? cap.limit }));
}

/** Without directions: the cap over all of them, or the only cap of that window. */
function capNamed(caps: readonly Cap[], window: WindowKind, directions: readonly Direction[] | null): Cap | null {
  const ofWindow = caps.filter((cap) => cap.window === window);
  if (directions !== null) return ofWindow.find((cap) => sameDirections(cap.directions, directions)) ?? null;
  return ofWindow.find(countsAll) ?? (ofWindow.length === 1 ? (ofWindow[0] ?? null) : null);
}
