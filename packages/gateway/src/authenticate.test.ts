import { createHash, randomBytes } from "node:crypto";
import { formatToken, instant, type TokenKind, type Vendor, type VaultKey } from "@keybrake/core";
import { makeKey, TestClock } from "@keybrake/testing";
import { stripe } from "@keybrake/vendors";
import { describe, expect, test } from "vitest";
import { authenticate, findToken, keyRevoked, type Authenticated } from "./authenticate.ts";
import { createRouter, type Router } from "./match.ts";

/** Two vendors that share a root path, and one that has none. */
const FIRST: Vendor = { ...stripe, id: "first", displayName: "First", rootPaths: ["/v1", "/v2"] };
const SECOND: Vendor = { ...stripe, id: "second", displayName: "Second", rootPaths: ["/v1"] };
const ROOTLESS: Vendor = { ...stripe, id: "rootless", displayName: "Rootless", rootPaths: [] };
const ROUTER: Router = createRouter([FIRST, SECOND, ROOTLESS]);

function token(kind: TokenKind = "vault_test"): string {
  return formatToken(kind, randomBytes(128));
}

function bearer(text: string): string {
  return `Bearer ${text}`;
}

function basic(pair: string): string {
  return `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
}

/** Cut by one character, which the checksum cannot survive. */
function mistyped(text: string): string {
  return text.slice(0, -1);
}

const clock = new TestClock();

/** A store that knows exactly these tokens, and counts what it is asked. */
function storeOf(keys: Readonly<Record<string, VaultKey>>) {
  const byHash = new Map(
    Object.entries(keys).map(([text, key]) => [createHash("sha256").update(text).digest("hex"), key]),
  );
  const asked: string[] = [];
  return {
    asked,
    now: clock.now,
    findKey: (tokenHash: string) => {
      asked.push(tokenHash);
      return Promise.resolve(byHash.get(tokenHash) ?? null);
    },
  };
}

async function ask(
  authorization: string | null,
  url: string,
  keys: Readonly<Record<string, VaultKey>>,
): Promise<Authenticated> {
  const route = ROUTER.route(url);
  if (route === null) throw new Error(`${url} is no vendor's`);
  return authenticate(authorization, route, ROUTER, storeOf(keys));
}

describe("a vault key is found", () => {
  const own = token();
  test.each<[string, string]>([
    ["as a Bearer token", bearer(own)],
    ["whatever the case of the scheme", `bEARER ${own}`],
    ["with more than one space before it", `Bearer   ${own}`],
    ["with white space behind it", `Bearer ${own} \t`],
    ["as the user of Basic", basic(`${own}:`)],
    ["as the user of Basic without a colon", basic(own)],
    ["as the password of Basic", basic(`anything:${own}`)],
    ["behind a vendor's own word", `DeepL-Auth-Key ${own}`],
    ["as user and password both", basic(`${own}:${own}`)],
    ["beside an API key", basic(`${token("api")}:${own}`)],
    ["beside a mistyped one", basic(`${mistyped(token())}:${own}`)],
  ])("%s", (_how, authorization) => {
    expect(findToken(authorization)).toEqual({ kind: "token", token: own });
  });

  test("of a live credential as of a test one", () => {
    const live = token("vault_live");
    expect(findToken(bearer(live))).toEqual({ kind: "token", token: live });
  });
});

describe("what is no vault key is told apart, and never repeated", () => {
  const secret = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";
  const own = token();
  const other = token();
  test.each<[string, string | null, RegExp]>([
    ["no header", null, /has no Authorization header/],
    ["an empty header", "", /neither Bearer nor Basic/],
    ["a scheme alone", "Bearer", /neither Bearer nor Basic/],
    ["another scheme with something else", "Digest username=x", /neither Bearer nor Basic/],
    ["a token without a scheme", own, /neither Bearer nor Basic/],
    ["a tab in place of the space", `Bearer\t${own}`, /neither Bearer nor Basic/],
    ["a scheme and nothing", "Bearer ", /not a vault key/],
    ["the vendor's own secret", bearer(secret), /begins with kblive or kbtest/],
    ["the vendor's own secret as a user", basic(`${secret}:`), /begins with kblive or kbtest/],
    ["an API key of Keybrake", bearer(token("api")), /is an API key of Keybrake/],
    ["a cut token", bearer(mistyped(own)), /mistyped/],
    ["a cut token as user, and a password that is none", basic(`${mistyped(own)}:x`), /mistyped/],
    ["a token with a character more", bearer(`${own}x`), /mistyped/],
    ["a token with a letter changed", bearer(own.replace(/.$/, own.endsWith("0") ? "1" : "0")), /mistyped/],
    ["two tokens behind one scheme", bearer(`${own} ${other}`), /mistyped/],
    ["a token as user and another as password", basic(`${own}:${other}`), /two different vault keys/],
    ["Basic that is no base64", "Basic ####", /not a vault key/],
    ["a password that goes on behind the token", basic(`x:${own}:x`), /mistyped/],
  ])("%s", (_what, authorization, message) => {
    const found = findToken(authorization);
    if (found.kind !== "refused") throw new Error("it was taken for a vault key");
    expect(found.refusal.code).toBe("vault_key_invalid");
    expect(found.refusal.message).toMatch(message);
    for (const hidden of [secret, own, other, mistyped(own)]) expect(found.refusal.message).not.toContain(hidden);
  });

  test("a mistyped one costs no question to the store", async () => {
    const store = storeOf({});
    const route = ROUTER.route("/first/v1/refunds");
    if (route === null) throw new Error("it is the first vendor's");
    await authenticate(bearer(mistyped(token())), route, ROUTER, store);
    expect(store.asked).toEqual([]);
    await authenticate(bearer(token()), route, ROUTER, store);
    expect(store.asked).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });
});

describe("a found key", () => {
  const own = token();
  function keyOf(vendor: Vendor, more: Partial<VaultKey> = {}): VaultKey {
    return makeKey(clock.now(), { vendor: vendor.id, ...more });
  }

  test.each<[string, Vendor, string]>([
    ["under its vendor's prefix", ROOTLESS, "/rootless/v1/refunds"],
    ["at a root path of its vendor", FIRST, "/v2/core/accounts"],
    ["at a root path that its vendor shares: the key decides whose it is", SECOND, "/v1/refunds"],
  ])("passes %s", async (_where, vendor, url) => {
    const key = keyOf(vendor);
    expect(await ask(bearer(own), url, { [own]: key })).toEqual({ kind: "key", key, vendor });
  });

  test.each<[string, Vendor, string, RegExp]>([
    ["under another vendor's prefix", SECOND, "/first/v1/refunds", /is for Second \(\/second\), not for First/],
    ["at a root path that its vendor has not", SECOND, "/v2/core/accounts", /is for Second: .* go under \/second/],
    ["at the root when its vendor has none", ROOTLESS, "/v1/refunds", /go under \/rootless/],
    ["of a vendor that is not served", { ...FIRST, id: "gone" }, "/v1/refunds", /does not serve/],
  ])("is refused %s, and its row keeps its label", async (_where, vendor, url, message) => {
    const key = keyOf(vendor);
    const answer = await ask(bearer(own), url, { [own]: key });
    expect(answer).toMatchObject({ kind: "refused", key, refusal: { code: "vault_key_invalid" } });
    expect(answer.kind === "refused" && answer.refusal.message).toMatch(message);
  });

  test("that nobody knows is refused without a key", async () => {
    expect(await ask(bearer(own), "/first/v1/refunds", {})).toMatchObject({
      kind: "refused",
      key: null,
      vendor: FIRST,
      refusal: { code: "vault_key_invalid", message: expect.stringMatching(/not known here/) },
    });
  });

  const now = clock.now();
  test.each<[string, Partial<VaultKey>, string]>([
    ["valid until the next millisecond passes", { expiresAt: instant(now + 1) }, "key"],
    ["expired at this very millisecond is expired", { expiresAt: now }, "vault_key_expired"],
    ["revoked is revoked", { revokedAt: now }, "vault_key_revoked"],
    ["revoked and expired is revoked", { revokedAt: now, expiresAt: now }, "vault_key_revoked"],
  ])("%s", async (_what, more, expected) => {
    const key = keyOf(FIRST, more);
    const answer = await ask(bearer(own), "/v1/refunds", { [own]: key });
    expect(answer.kind === "key" ? "key" : answer.refusal.code).toBe(expected);
    expect(answer.key).toBe(key);
  });

  test("that was revoked says when, if that is known", () => {
    expect(keyRevoked(keyOf(FIRST, { revokedAt: now })).message).toBe(
      "This vault key was revoked at 2026-11-24T09:30:00.000Z.",
    );
    expect(keyRevoked(keyOf(FIRST)).message).toBe("This vault key was revoked.");
  });

  test("is asked for by its hash; the token goes nowhere", async () => {
    const store = storeOf({});
    const route = ROUTER.route("/v1/refunds");
    if (route === null) throw new Error("it is the first vendor's");
    const answer = await authenticate(bearer(own), route, ROUTER, store);
    expect(store.asked).toEqual([createHash("sha256").update(own).digest("hex")]);
    expect(JSON.stringify(answer.kind === "refused" ? answer.refusal : answer)).not.toContain(own);
  });

  test("is not guessed when the store cannot answer: its fault is passed on", async () => {
    const route = ROUTER.route("/v1/refunds");
    if (route === null) throw new Error("it is the first vendor's");
    const broken = { now: clock.now, findKey: () => Promise.reject(new Error("the disk is full")) };
    await expect(authenticate(bearer(own), route, ROUTER, broken)).rejects.toThrow("the disk is full");
  });
});
