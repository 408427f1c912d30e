/** Who asks, and what an API key's scopes let it see. Decides nothing about ceilings (ceilings.ts). */
import {
  asApiKeyId,
  keyStatus,
  readToken,
  type ApiKeyId,
  type Ceilings,
  type Instant,
  type KeyFilter,
  type Scope,
  type Store,
  type VaultKey,
} from "@keybrake/core";
import type { Access } from "./contract.ts";
import { problem, type Problem } from "./problem.ts";

export interface Caller {
  readonly id: ApiKeyId;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly ceilings: Ceilings | null;
}

/** The admin key from the settings: a name that no record has, because there is no record of it. */
export const BOOTSTRAP_ID: ApiKeyId = asApiKeyId("bootstrap");
export const BOOTSTRAP: Caller = { id: BOOTSTRAP_ID, name: "bootstrap", scopes: ["admin"], ceilings: null };

export interface Locksmith {
  readonly store: Store;
  readonly sha256: (text: string) => string;
  /** SHA-256 of the bootstrap key, lower-case hex. */
  readonly bootstrapHash: string | null;
}

/** The API key behind an `Authorization` header, or why it opens nothing. */
export async function findCaller(authorization: string | null, with_: Locksmith): Promise<Caller | Problem> {
  const token = bearerToken(authorization);
  if (token === null) return unauthorized("api_key_missing", "Send an API key as Authorization: Bearer <api key>.");
  const hash = with_.sha256(token);
  if (with_.bootstrapHash !== null && sameHash(hash, with_.bootstrapHash)) return BOOTSTRAP;
  const read = readToken(token);
  if ("problem" in read)
    return unauthorized(
      "api_key_invalid",
      read.problem === "mistyped"
        ? "This looks like a key of Keybrake, but it is cut, changed or extended. Copy it again, whole."
        : "No API key of this Keybrake looks like this.",
    );
  if (read.kind !== "api")
    return unauthorized(
      "vault_key_not_accepted",
      "This is a vault key: it makes calls to its vendor, and here only GET /vault/self. The control API takes API keys.",
    );
  const found = await with_.store.findApiKey(hash);
  if (found === null) return unauthorized("api_key_invalid", "This Keybrake does not know this API key.");
  if (found.revokedAt !== null) return unauthorized("api_key_revoked", "This API key has been revoked.");
  return found;
}

/** The vault key behind an `Authorization` header, or why it opens nothing. The codes are the gateway's. */
export async function findSelf(
  authorization: string | null,
  with_: Pick<Locksmith, "store" | "sha256">,
  now: Instant,
): Promise<VaultKey | Problem> {
  const token = bearerToken(authorization) ?? basicToken(authorization);
  if (token === null)
    return unauthorized("vault_key_invalid", "Send the vault key itself as Authorization: Bearer <vault key>.");
  const read = readToken(token);
  if ("kind" in read && read.kind === "api")
    return unauthorized("vault_key_invalid", "This is an API key; GET /vault/self is asked with a vault key.");
  const key = "problem" in read ? null : await with_.store.findKey(with_.sha256(token));
  if (key === null) return unauthorized("vault_key_invalid", "This Keybrake does not know this vault key.");
  const status = keyStatus(key, now);
  if (status === "revoked") return unauthorized("vault_key_revoked", "This vault key has been revoked.");
  if (status === "expired") return unauthorized("vault_key_expired", "This vault key has expired.");
  return key;
}

// https://www.rfc-editor.org/rfc/rfc6750#section-2.1, the scheme without regard to case: RFC 9110 section 11.1
function bearerToken(authorization: string | null): string | null {
  return /^bearer +([\x21-\x7e]{1,512})$/i.exec(authorization ?? "")?.[1] ?? null;
}

/** Where the key's vendor wants Basic, an agent has it at hand in that form: as user or as password. RFC 7617 section 2. */
function basicToken(authorization: string | null): string | null {
  const encoded = /^basic +([A-Za-z0-9+/]{1,1024}={0,2})$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined || encoded.replace(/=+$/, "").length % 4 === 1) return null;
  const pair = atob(encoded);
  const colon = pair.indexOf(":");
  const candidates = colon === -1 ? [pair] : [pair.slice(colon + 1), pair.slice(0, colon)];
  return candidates.find((each) => "kind" in readToken(each)) ?? null;
}

function unauthorized(code: string, message: string): Problem {
  // https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1: a 401 names a challenge.
  return problem(401, code, message, { headers: { "www-authenticate": 'Bearer realm="keybrake"' } });
}

/** Takes as long for a wrong hash as for the right one. Both are digests, so even their first letters tell nothing of use. */
function sameHash(a: string, b: string): boolean {
  let differs = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) differs |= a.charCodeAt(i) ^ b.charCodeAt(i % b.length);
  return differs === 0;
}

/** Null when the scopes suffice. */
export function scopeProblem(caller: Caller, access: Access & { kind: "api_key" }): Problem | null {
  if (access.scopes.some((scope) => caller.scopes.includes(scope))) return null;
  return problem(
    403,
    "scope_missing",
    `This API key has the ${caller.scopes.length === 1 ? "scope" : "scopes"} ${caller.scopes.join(", ")}; this needs ${access.scopes.join(" or ")}.`,
    { facts: { scopes: caller.scopes, needed: access.scopes } },
  );
}

/** Which keys a caller meets, when it comes by `scope` or, failing that, by `issue`. */
export type Reach =
  | { readonly kind: "all" }
  | { readonly kind: "label_prefix"; readonly prefix: string }
  | { readonly kind: "issued_by"; readonly id: ApiKeyId };

export function reachOf(caller: Caller, scope: "read" | "operate"): Reach {
  if (caller.scopes.includes("admin") || caller.scopes.includes(scope)) return { kind: "all" };
  const prefix = caller.ceilings?.labelPrefix;
  return prefix === undefined ? { kind: "issued_by", id: caller.id } : { kind: "label_prefix", prefix };
}

/** Keys out of reach look as if there were none. */
export function reaches(reach: Reach, key: VaultKey): boolean {
  switch (reach.kind) {
    case "all":
      return true;
    case "label_prefix":
      return key.label !== null && key.label.startsWith(reach.prefix);
    case "issued_by":
      return key.issuedBy === reach.id;
  }
}

/** The filter that finds only what is within reach; null when nothing can be. */
export function filterWithin(reach: Reach, filter: KeyFilter): KeyFilter | null {
  switch (reach.kind) {
    case "all":
      return filter;
    case "issued_by":
      return { ...filter, issuedBy: reach.id };
    case "label_prefix": {
      if (filter.label !== undefined && !filter.label.startsWith(reach.prefix)) return null;
      const asked = filter.labelPrefix ?? "";
      if (asked.startsWith(reach.prefix)) return filter;
      return reach.prefix.startsWith(asked) ? { ...filter, labelPrefix: reach.prefix } : null;
    }
  }
}
