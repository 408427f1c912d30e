/**
 * Step 1: who is calling. The vault key comes as a Bearer token, or as user or password of Basic, because that is where SDKs put
 * an API key. Tells a mistyped key from an unknown one without asking the store; never keeps, logs or repeats a token.
 */
import { hash } from "node:crypto";
import {
  formatInstant,
  keyStatus,
  readToken,
  refusal,
  type Refusal,
  type Store,
  type Vendor,
  type VaultKey,
} from "@keybrake/core";
import type { Route, Router } from "./match.ts";

export type Authenticated =
  | { readonly kind: "key"; readonly key: VaultKey; readonly vendor: Vendor }
  /** `key`, where one was found, so that the refusal's row carries its label. */
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly key: VaultKey | null; readonly vendor: Vendor };

export async function authenticate(
  authorization: string | null,
  route: Route,
  router: Router,
  store: Pick<Store, "findKey" | "now">,
): Promise<Authenticated> {
  const found = findToken(authorization);
  if (found.kind === "refused") return { ...found, key: null, vendor: route.vendor };
  const key = await store.findKey(hash("sha256", found.token, "hex"));
  if (key === null) return no("This vault key is not known here.", route.vendor, null);

  const vendor = router.byId(key.vendor);
  if (vendor === null)
    return no("This vault key is for a vendor that this Keybrake does not serve.", route.vendor, key);
  if (route.named && vendor !== route.vendor)
    return no(
      `This vault key is for ${vendor.displayName} (/${vendor.id}), not for ${route.vendor.displayName}.`,
      route.vendor,
      key,
    );
  if (!route.named && !router.mayUseRoot(vendor, route.target))
    return no(`This vault key is for ${vendor.displayName}: its requests go under /${vendor.id}.`, route.vendor, key);

  switch (keyStatus(key, store.now())) {
    case "active":
      return { kind: "key", key, vendor };
    case "revoked":
      return { kind: "refused", refusal: keyRevoked(key), key, vendor };
    case "expired": {
      const refused = refusal("vault_key_expired", `This vault key expired at ${formatInstant(key.expiresAt)}.`);
      return { kind: "refused", refusal: refused, key, vendor };
    }
  }
}

export function keyRevoked(key: VaultKey): Refusal {
  const when = key.revokedAt === null ? "" : ` at ${formatInstant(key.revokedAt)}`;
  return refusal("vault_key_revoked", `This vault key was revoked${when}.`);
}

function no(message: string, vendor: Vendor, key: VaultKey | null): Authenticated {
  return { kind: "refused", refusal: invalid(message), key, vendor };
}

function invalid(message: string): Refusal {
  return refusal("vault_key_invalid", message);
}

type TokenFound =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export function findToken(authorization: string | null): TokenFound {
  if (authorization === null) return { kind: "refused", refusal: invalid("The request has no Authorization header.") };
  const candidates = credentialsIn(authorization);
  if (candidates === null)
    return { kind: "refused", refusal: invalid("The Authorization header is neither Bearer nor Basic.") };

  let token: string | null = null;
  let apiKey = false;
  let mistyped = false;
  for (const text of candidates) {
    const read = readToken(text);
    if ("problem" in read) mistyped ||= read.problem === "mistyped";
    else if (read.kind === "api") apiKey = true;
    else if (token !== null && token !== text)
      return { kind: "refused", refusal: invalid("User and password are two different vault keys.") };
    else token = text;
  }
  if (token !== null) return { kind: "token", token };
  if (apiKey)
    return { kind: "refused", refusal: invalid("This is an API key of Keybrake; calls to a vendor need a vault key.") };
  if (mistyped)
    return { kind: "refused", refusal: invalid("This vault key is mistyped: its checksum or its length is wrong.") };
  return { kind: "refused", refusal: invalid("This is not a vault key. A vault key begins with kblive or kbtest.") };
}

/** The texts that may be the token, by scheme; null for any other scheme. https://www.rfc-editor.org/rfc/rfc7617#section-2 */
function credentialsIn(authorization: string): readonly string[] | null {
  const space = authorization.indexOf(" ");
  if (space === -1) return null;
  const scheme = authorization.slice(0, space).toLowerCase();
  const rest = authorization.slice(space + 1).trim();
  if (scheme === "bearer") return [rest];
  // Some vendors have a word of their own in front of the key, and their SDKs write it whatever the key is.
  if (scheme !== "basic") return "kind" in readToken(rest) ? [rest] : null;
  const pair = Buffer.from(rest, "base64").toString("latin1");
  const colon = pair.indexOf(":");
  return colon === -1 ? [pair] : [pair.slice(0, colon), pair.slice(colon + 1)];
}
