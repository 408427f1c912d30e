import type { VaultKey } from "@keybrake/core";
import { asKeyId } from "@keybrake/core";
import { describe, expect, it } from "vitest";
import { address, destination, ownLink, standInAccount } from "./addresses.ts";
import { operations } from "./operations.ts";
import { ACCOUNT, credentialOf, keyOf, SUB_ACCOUNT } from "./test-support.ts";

const STAND_IN = standInAccount(keyOf());

/** The path that goes upstream, or the code of the refusal. */
function sent(path: string, key: VaultKey = keyOf(), accountId: string | null = ACCOUNT): string {
  const segments = path.slice(1).split("/").map(decodeURIComponent);
  const found = address({ path, segments }, key, credentialOf({ accountId }));
  if ("code" in found) return found.code;
  expect(found.path.slice(1).split("/").map(decodeURIComponent)).toEqual(found.segments);
  return found.path;
}

describe("the account that a key shows", () => {
  it("has the form of one, is the same every time and another for every key", () => {
    expect(STAND_IN).toMatch(/^AC[0-9a-f]{32}$/);
    expect(standInAccount(keyOf())).toBe(STAND_IN);
    expect(standInAccount({ id: asKeyId("key_01k9zq8r6n3v5x7y9a1c3e5g7k") })).not.toBe(STAND_IN);
    expect(STAND_IN).not.toBe(ACCOUNT);
  });
});

describe("an address", () => {
  it("has the real account in the place of the key's", () => {
    const real = `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`;
    expect(sent(`/2010-04-01/Accounts/${STAND_IN}/Messages.json`)).toBe(real);
    expect(sent(real)).toBe(real);
    expect(sent(`/2010-04-01/Accounts/${STAND_IN}.json`)).toBe(`/2010-04-01/Accounts/${ACCOUNT}.json`);
    expect(sent("/verify/v2/Services")).toBe("/verify/v2/Services");
  });

  it("has a sub-account only where the key names it", () => {
    const path = `/2010-04-01/Accounts/${SUB_ACCOUNT}/Messages.json`;
    expect(sent(path)).toBe("parameter_not_allowed");
    expect(sent(path, keyOf({ accounts: [SUB_ACCOUNT] }))).toBe(path);
    expect(sent(`/2010-04-01/Accounts/${ACCOUNT}/Usage/${SUB_ACCOUNT}.json`)).toBe("parameter_not_allowed");
    expect(sent(`/trusthub/v1/${SUB_ACCOUNT}`)).toBe("parameter_not_allowed");
    expect(sent(path.replace("AC", "ac"))).toBe("parameter_not_allowed");
  });

  it("of a credential without an account takes no account at all", () => {
    expect(sent(`/2010-04-01/Accounts/${STAND_IN}/Messages.json`, keyOf(), null)).toBe("parameter_not_allowed");
  });

  it("keeps the spelling of everything else", () => {
    expect(sent(`/2010-04-01/Accounts/${STAND_IN}/SIP/Domains/a%20b.json`)).toBe(
      `/2010-04-01/Accounts/${ACCOUNT}/SIP/Domains/a%20b.json`,
    );
    expect(sent(`/2010-04-01/Accounts/${STAND_IN}.%20.json`)).toBe(`/2010-04-01/Accounts/${ACCOUNT}.%20.json`);
  });

  it("without .json would be answered in XML, and is refused with what to do", () => {
    const path = `/2010-04-01/Accounts/${ACCOUNT}/Messages`;
    const found = address({ path, segments: path.slice(1).split("/") }, keyOf(), credentialOf());
    expect(found).toMatchObject({ code: "operation_unknown" });
    expect("message" in found ? found.message : "").toContain("Add .json to the path.");
    for (const operation of operations.operations)
      if (operation.path.startsWith("/2010-04-01/")) expect(operation.path).toMatch(/\.json$/);
  });
});

describe("a path goes to", () => {
  it.each([
    [
      `/2010-04-01/Accounts/${ACCOUNT}/Calls.json`,
      "https://api.twilio.com",
      `/2010-04-01/Accounts/${ACCOUNT}/Calls.json`,
    ],
    ["/verify/v2/Services", "https://verify.twilio.com", "/v2/Services"],
    ["/flex-api/v1/Channels", "https://flex-api.twilio.com", "/v1/Channels"],
    ["/preview/HostedNumbers/X", "https://preview.twilio.com", "/HostedNumbers/X"],
  ])("%s", (path, baseUrl, upstream) => {
    expect(destination(path)).toEqual({ baseUrl, path: upstream });
  });

  it("one of Twilio's hosts, whatever operation it is of", () => {
    for (const operation of operations.operations)
      expect(destination(operation.path).baseUrl).toMatch(/^https:\/\/[a-z-]+\.twilio\.com$/);
  });
});

describe("a link in an answer", () => {
  it.each([
    ["https://verify.twilio.com/v2/Services?PageSize=50&Page=1", "/verify/v2/Services?PageSize=50&Page=1"],
    [`https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT}/Calls.json`, `/2010-04-01/Accounts/${ACCOUNT}/Calls.json`],
    ["https://preview.twilio.com/wireless/Sims", "/preview/wireless/Sims"],
    ["https://verify.dublin.ie1.twilio.com/v2/Services?Page=1", "/verify/v2/Services?Page=1"],
    ["https://flex-api.sao-paulo.br1.twilio.com/v1/Channels", "/flex-api/v1/Channels"],
    ["https://verify.us1.twilio.com/v2/Services", "/verify/v2/Services"],
    [`https://api.sydney.au1.twilio.com/2010-04-01/Accounts/${ACCOUNT}.json`, `/2010-04-01/Accounts/${ACCOUNT}.json`],
  ])("%s stays here", (url, path) => {
    expect(ownLink(url)).toBe(path);
  });

  it.each([
    "https://www.twilio.com.evil.example/v2/Services",
    "https://evil.example/verify.twilio.com/v2",
    "http://verify.twilio.com/v2/Services",
    "https://verify.twilio.com:8443/v2/Services",
    "https://user@verify.twilio.com/v2/Services",
    "https://api.twilio.com/cowbell.mp3",
    "https://api.dublin.ie1.twilio.com/cowbell.mp3",
    "https://verify.a.dublin.ie1.twilio.com/v2/Services",
    "https://verify.dublin.twilio.com/v2/Services",
    "https://verify.evil.example.twilio.com/v2/Services",
    "https://verify.dublin.ie1.twilio.com.evil.example/v2/Services",
    "https://verify.dublin.ie1xtwilio.com/v2/Services",
    'https://verify.twilio.com/v2/"><script>',
  ])("%s is none of its own", (url) => {
    expect(ownLink(url)).toBeNull();
  });
});
