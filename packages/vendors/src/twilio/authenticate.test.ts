import { describe, expect, it } from "vitest";
import { authorization, checkSecret } from "./authenticate.ts";
import { ACCOUNT, credentialOf, SUB_ACCOUNT } from "./test-support.ts";

// Put together here, so that no scanner of this repository takes them for real ones.
const TOKEN = "0a1B".repeat(8);
const API_KEY = `SK${"3".repeat(32)}`;

function userAndToken(secret: string): string {
  const [, header = ""] = authorization(secret, credentialOf()).headers;
  return atob(header.replace("Basic ", ""));
}

describe("authorization", () => {
  it("is the account and its token, or an API key and its secret", () => {
    expect(userAndToken(TOKEN)).toBe(`${ACCOUNT}:${TOKEN}`);
    expect(userAndToken(`${ACCOUNT}:${TOKEN}`)).toBe(`${ACCOUNT}:${TOKEN}`);
    expect(userAndToken(`${API_KEY}:${TOKEN}`)).toBe(`${API_KEY}:${TOKEN}`);
  });

  it.each([
    ["the token itself", (token: string) => `{"auth_token":"${token}"}`],
    ["the whole header", (token: string) => `Basic ${btoa(`${ACCOUNT}:${token}`)}`],
    ["the header cut short of its padding", (token: string) => btoa(`${ACCOUNT}:${token}`).replace(/=+$/, "")],
    ["its base64", (token: string) => btoa(token)],
    ["its base64 for addresses", (token: string) => Buffer.from(token).toString("base64url")],
  ])("has a needle for %s", (_, echo) => {
    // Every length modulo three, because base64 ends differently for each.
    for (const token of [TOKEN, `${TOKEN}a`, `${TOKEN}ab`])
      expect(authorization(token, credentialOf()).needles.some((needle) => echo(token).includes(needle))).toBe(true);
  });

  it("never has a needle that every answer holds, such as the account", () => {
    for (const needle of authorization(`${ACCOUNT}:${TOKEN}`, credentialOf()).needles)
      expect(`{"account_sid":"${ACCOUNT}"}`).not.toContain(needle);
  });
});

describe("checkSecret", () => {
  it.each([
    ["an auth token beside its account", TOKEN, ACCOUNT],
    ["an account and its auth token", `${ACCOUNT}:${TOKEN}`, null],
    ["the same with the account once more", `${ACCOUNT}:${TOKEN}`, ACCOUNT],
    ["an API key beside its account", `${API_KEY}:${TOKEN}`, ACCOUNT],
  ])("takes %s, and does not know whether it is live", (_, secret, account) => {
    expect(checkSecret(secret, account)).toEqual({ livemode: null, problem: null, accountId: ACCOUNT });
  });

  it.each([
    ["nothing", "", ACCOUNT],
    ["an auth token without its account", TOKEN, null],
    ["an API key without its account", `${API_KEY}:${TOKEN}`, null],
    ["an API key's id alone", API_KEY.slice(0, 10), ACCOUNT],
    ["another account beside it", `${ACCOUNT}:${TOKEN}`, SUB_ACCOUNT],
    ["an account that is none", TOKEN, "AC123"],
    ["a service before the colon", `MG${"1".repeat(32)}:${TOKEN}`, ACCOUNT],
    ["two colons", `${ACCOUNT}:${TOKEN}:${TOKEN}`, ACCOUNT],
    ["a line break behind it", `${TOKEN}\n`, ACCOUNT],
    ["a blank inside", `${TOKEN} ${TOKEN}`, ACCOUNT],
    ["one of our own tokens", `kb_${TOKEN}`, ACCOUNT],
  ])("has a sentence against %s that does not contain it", (_, secret, account) => {
    const { livemode, problem, accountId } = checkSecret(secret, account);
    expect(livemode).toBeNull();
    expect(accountId).toBeUndefined();
    expect(problem).toMatch(/[.)]$|\.$/);
    if (secret !== "") expect(problem).not.toContain(secret.trim());
    expect(problem).not.toContain(TOKEN);
  });
});
